#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_api
short_description: Call any operation of the service
version_added: 1.0.0
description:
  - Calls one operation of the C(retailcloud) API by its name. Use this module for operations that no other module
    covers.
  - Requests are signed, retried and paged as in every other module. All responses are returned in the same format,
    without the outer object and with keys in snake case.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
attributes:
  check_mode:
    support: partial
    details: In check mode, the module calls operations that read. For other operations, it only checks the names of the
      parameters.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: The module sends a call in every run. It reports a change for each operation that is not a read
      operation.
notes:
  - The module does not repeat a write whose response was lost. The task fails, and C(error.hint) states that the write
    may have succeeded.
options:
  action:
    description:
      - The name of the operation, such as V(ListUsers).
      - An unknown name is rejected. The error lists similar names.
    type: str
    required: true
  parameters:
    description:
      - The parameters, under the names of the API.
      - A list is given as a list of values or dictionaries, under the name without C(.N).
      - Parameters that the operation does not have are rejected.
      - Values of secret parameters, such as C(AccountPassword), appear in no result and no log. Values of unknown
        parameters are also hidden, since their names may be misspelt names of secrets.
      - Secrets in responses are masked.
    type: dict
    default: {}
  all_pages:
    description:
      - Whether to read all pages of a list. The page number must then be omitted.
      - Only for operations that return lists.
    type: bool
    default: false
seealso:
  - name: API of retailcloud
    description: The operations and their parameters.
    link: https://api.aliyun.com/document/retailcloud/2018-03-13/overview
"""

EXAMPLES = r"""
- name: List all users
  jst.retailcloud.jst_api:
    action: ListUsers
    all_pages: true
  register: users

- name: Show the names of the users
  ansible.builtin.debug:
    msg: "{{ users.response | map(attribute='real_name') | join(', ') }}"

- name: Read the first ten applications
  jst.retailcloud.jst_api:
    action: ListApp
    parameters:
      PageNumber: 1
      PageSize: 10
  register: apps

- name: Create an application in every run
  jst.retailcloud.jst_api:
    action: CreateApp
    parameters:
      Title: made-by-call
      BizCode: JST
      Language: Java
      OperatingSystem: Linux
      ServiceType: GeneralApplication
      UserRoles:
        - RoleName: Owner
          UserId: "1001"
          UserType: TAOBAO
  when: apps.total_count == 0
"""

RETURN = r"""
response:
  description:
    - The response of the operation without its outer object. Keys are in snake case, and values are unchanged.
    - A dictionary or a list, depending on the operation. With O(all_pages=true), the records of all pages.
    - Null when the operation returns no content. Null in check mode for an operation that would change something.
  returned: success
  type: raw
  sample:
    - user_id: "1001"
      user_type: TAOBAO
      real_name: 张三
request_id:
  description: The id of the request. Null with O(all_pages=true), and in check mode when no request was sent.
  returned: success
  type: str
  sample: 8BE0B4A0-12B7-485E-95B4-618E2BBD6438
total_count:
  description: The number of records that the service reports. Null when the service does not report it, or no request
    was sent.
  returned: success
  type: int
  sample: 3
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_api


def main() -> None:
    """Run the module."""
    run_api()


if __name__ == "__main__":
    main()
