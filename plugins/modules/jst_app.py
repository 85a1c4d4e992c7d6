#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_app
short_description: Manage applications on Jushita
version_added: 1.0.0
description:
  - Creates, changes and deletes applications of the Jushita (JST) cloud.
  - An application is found by its O(title), which is unique, or by its O(app_id).
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
attributes:
  idempotent:
    support: partial
    details:
      - The service does not return O(namespace), O(group) and O(middleware_ids). The module sends them on creation and
        does not compare them later.
options:
  state:
    description: Whether the application should exist.
    type: str
    choices: [present, absent]
    default: present
  title:
    description:
      - The title of the application. It is unique and cannot be changed.
      - Required unless O(app_id) is given.
    type: str
  app_id:
    description:
      - The id of an existing application. Use it instead of O(title), or together with O(title).
      - With O(app_id), a task without changes needs a single call.
    type: int
  biz_code:
    description:
      - The business domain. It cannot be changed.
      - Required to create an application.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
  state_type:
    description:
      - The type of workload. It cannot be changed.
      - The service creates a V(stateless) application when this is omitted.
      - The service does not document how it reports V(daemonset) and V(cron_job). When it reports one of them as
        V(stateless), V(stateful) or an unknown type, the module warns and does not compare the type.
    type: str
    choices: [stateless, stateful, daemonset, cron_job]
  language:
    description:
      - The programming language.
      - Required to create an application.
    type: str
    choices: [Java, PHP, "C#", Python]
  operating_system:
    description:
      - The operating system that the application is deployed on.
      - Required to create an application.
    type: str
    choices: [Linux, Windows]
  service_type:
    description:
      - The type of application. V(StoreApplication) is an e-commerce application, V(TaoHuDongApplication) is a mini
        program, and V(GeneralApplication) is any other application.
      - Required to create an application.
    type: str
    choices: [GeneralApplication, StoreApplication, TaoHuDongApplication]
  biz_title:
    description: The business title, which is an alias.
    type: str
  description:
    description: A description.
    type: str
  user_roles:
    description:
      - The complete list of users that have a role on the application. The order does not matter.
      - Users that are not listed lose their role. For a user listed as V(Owner), other roles are not compared, since
        the service may add them to an owner.
      - When the service adds roles on its own, each run sends the list and warns. In this case, add these roles to the
        list.
      - Required to create an application.
    type: list
    elements: dict
    suboptions:
      role_name:
        description: The role.
        type: str
        choices: [Owner, PE, Dev, Test]
        required: true
      user_id:
        description: The id of the user, as M(jst.retailcloud.jst_user_info) lists it.
        type: str
        required: true
      user_type:
        description: The type of account.
        type: str
        choices: [TAOBAO, DING_TALK]
        required: true
  namespace:
    description: The Kubernetes namespace. Only used on creation.
    type: str
  group:
    description: The name of an application group that the new application joins. Only used on creation.
    type: str
  middleware_ids:
    description: The ids of the middleware of the application. Only used on creation.
    type: list
    elements: int
  force:
    description:
      - With O(state=absent), also delete all resources of the application, such as its environments.
      - With V(false), the service rejects the deletion of an application that has environments.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_app_info
  - module: jst.retailcloud.jst_environment
"""

EXAMPLES = r"""
- name: Create the shop
  jst.retailcloud.jst_app:
    title: shop
    biz_code: JST
    language: Java
    operating_system: Linux
    service_type: StoreApplication
    user_roles:
      - role_name: Owner
        user_id: "1001"
        user_type: TAOBAO

- name: Change the description of the shop
  jst.retailcloud.jst_app:
    title: shop
    description: The shop of the spring campaign

- name: Delete the shop and all its resources
  jst.retailcloud.jst_app:
    title: shop
    state: absent
    force: true
"""

RETURN = r"""
app:
  description:
    - The application after the task, or its predicted state in check mode.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    app_id:
      description: The id. Null for an application that check mode would create.
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
      description: The type of workload. Null when the service reports an undocumented type.
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
      description: The type of application.
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
      description: The users that have a role on the application.
      type: list
      elements: dict
      returned: always
      sample:
        - role_name: Owner
          user_id: "1001"
          user_type: TAOBAO
          real_name: Zhang San
    deploy_type:
      description: The deployment type as the service returns it, such as V(ContainerDeployment).
      type: str
      returned: always
      sample: ContainerDeployment
    middleware_ids:
      description:
        - The ids of the middleware, in ascending order.
        - Null when the service does not return it. Only the vendor's SDK documents this value.
      type: list
      elements: int
      returned: always
      sample: [3]
    middleware:
      description:
        - The middleware of the application. Each entry has C(code), which is the id, and C(name).
        - Null when the service does not return it. Only the vendor's SDK documents this value.
      type: list
      elements: dict
      returned: always
      sample:
        - code: 3
          name: redis
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App


def main() -> None:
    """Run the module."""
    run_resource(App)


if __name__ == "__main__":
    main()
