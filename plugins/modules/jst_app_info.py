#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_app_info
short_description: List applications on Jushita
version_added: 1.0.0
description:
  - Lists the applications of the Jushita (JST) cloud that the access key can see.
  - Without a filter all of them are listed, however many there are. Several filters have to fit at the same time.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
options:
  app_id:
    description:
      - Only the application with this id. It is shown in full, as with O(details=true).
      - This costs a single call, where all other filters read the whole list.
    type: int
  title:
    description: Only the application with exactly this title.
    type: str
  biz_code:
    description: Only applications of this business domain.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
  state_type:
    description:
      - Only applications with this kind of workload.
      - How the service reports V(daemonset) and V(cron_job) is not documented. An application whose report cannot be
        understood fits none of them.
    type: str
    choices: [stateless, stateful, daemonset, cron_job]
  details:
    description:
      - Whether to show the user roles too, which the service only tells of one application at a time.
      - This costs one more call for each application that is listed.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_app
  - module: jst.retailcloud.jst_environment_info
"""

EXAMPLES = r"""
- name: List all applications
  jst.retailcloud.jst_app_info:
  register: all_apps

- name: Show their titles
  ansible.builtin.debug:
    msg: "{{ all_apps.apps | map(attribute='title') | list }}"

- name: See who has a role on the shop
  jst.retailcloud.jst_app_info:
    title: shop
    details: true

- name: List the stateless applications of one business domain
  jst.retailcloud.jst_app_info:
    biz_code: JST
    state_type: stateless
"""

RETURN = r"""
apps:
  description: The applications that fit, in the order of the service. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id.
      type: int
      returned: always
      sample: 10001
    title:
      description: The title.
      type: str
      returned: always
      sample: shop
    biz_code:
      description: The business domain.
      type: str
      returned: always
      sample: JST
    state_type:
      description: The kind of workload, null when the service reports one that is not documented.
      type: str
      returned: always
      sample: stateless
    language:
      description: The programming language.
      type: str
      returned: always
      sample: Java
    operating_system:
      description: The operating system.
      type: str
      returned: always
      sample: Linux
    service_type:
      description: The kind of application.
      type: str
      returned: always
      sample: StoreApplication
    biz_title:
      description: The business title.
      type: str
      returned: always
      sample: Spring shop
    description:
      description: The description.
      type: str
      returned: always
      sample: The shop of the spring campaign
    user_roles:
      description:
        - The users that have a role on the application.
        - Null unless O(details=true) or O(app_id) was given.
      type: list
      elements: dict
      returned: always
      sample:
        - role_name: Owner
          user_id: "1001"
          user_type: TAOBAO
          real_name: Zhang San
    deploy_type:
      description: The style of deployment.
      type: str
      returned: always
      sample: ContainerDeployment
    middleware_ids:
      description:
        - The ids of the middleware, ascending.
        - Null where the service does not tell. Only the vendor's SDK knows this value.
      type: list
      elements: int
      returned: always
      sample: [3]
    middleware:
      description:
        - The middleware of the application, each with C(code), which is its id, and C(name).
        - Null where the service does not tell. Only the vendor's SDK knows this value.
      type: list
      elements: dict
      returned: always
      sample:
        - code: 3
          name: redis
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import AppInfo


def main() -> None:
    """Run the module."""
    run_info(AppInfo)


if __name__ == "__main__":
    main()
