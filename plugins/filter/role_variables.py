# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: role_variables
short_description: Validate the variables of a role
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Validates variables against the argument specification of a role, as C(ansible.builtin.validate_argument_spec) does.
  - An optional variable that is null, an empty string or an empty list counts as omitted. AWX sends these values for
    survey questions without an answer.
  - A variable that identifies a resource is rejected when it is null, empty or blank.
  - The roles of this collection use this filter.
positional: _input
options:
  _input:
    description: All variables whose names begin with the name of the role, and their values.
    type: dict
    required: true
  role:
    description: The name of the role.
    type: str
    required: true
  options:
    description: The options of an entry point in the argument specification of the role.
    type: dict
    required: true
  identifying:
    description:
      - Optional variables that identify a resource. C(variable.member) names a member of a list or dictionary.
      - Required variables, required members and elements of lists of strings always identify a resource.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Validate the variables
  ansible.builtin.set_fact:
    __shop_checked: "{{ values | jst.retailcloud.role_variables('shop', options) }}"
  vars:
    values: {shop_title: orders, shop_batches: ""}
    options: {shop_title: {type: str, required: true}, shop_batches: {type: int}}
"""

RETURN = r"""
_value:
  description: The valid values and the errors.
  type: dict
  contains:
    given:
      description: The variables without their prefix, converted to the types of the specification. Defaults are filled
        in.
      type: dict
    problems:
      description: One sentence for each error.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import check


def role_variables(
    values: Mapping[str, Any],
    role: str,
    options: Mapping[str, Mapping[str, Any]],
    identifying: Sequence[str] = (),
) -> dict[str, Any]:
    """Validate the variables of a role; the options are documented above."""
    return check(role, values, options, identifying)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"role_variables": role_variables}
