# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: application_faults
short_description: Validate the variables of role application
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Validates the variables as filter P(jst.retailcloud.role_variables#filter) does.
  - Also rejects duplicate names, environments and groups without a name or an id, and entries that set two mutually
    exclusive options.
  - Roles P(jst.retailcloud.application#role) and P(jst.retailcloud.teardown#role) use this filter.
positional: _input
options:
  _input:
    description: All variables whose names begin with C(application_), and their values.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Reject an invalid description
  ansible.builtin.assert:
    that: faults == ''
    fail_msg: "{{ faults }}"
  vars:
    faults: "{{ description | jst.retailcloud.application_faults }}"
    description:
      application_title: shop
      application_biz_code: JST
      application_language: Java
      application_service_type: GeneralApplication
      application_user_roles:
        - {role_name: Owner, user_id: "1001", user_type: TAOBAO}
"""

RETURN = r"""
_value:
  description: The error messages, an empty string when there are none.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_variables import faults


def application_faults(values: Mapping[str, Any]) -> str:
    """Validate the variables of the role; the arguments are documented above."""
    return faults(values)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"application_faults": application_faults}
