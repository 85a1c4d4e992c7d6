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
  - A variable that is omitted by C(omit) counts as undefined. Omitted entries of lists are left out.
  - The roles and playbooks of this collection use this lookup.
options:
  _terms:
    description:
      - The name of the role, then the options of an entry point in the argument specification of the role.
      - The lookup reads the variables whose names begin with the name of the role, and those of the options.
    type: list
    elements: raw
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
- name: Validate the variables shop_title and shop_batches
  ansible.builtin.set_fact:
    __shop_checked: "{{ lookup('jst.retailcloud.role_variables', 'shop', options) }}"
  vars:
    options: {shop_title: {type: str, required: true}, shop_batches: {type: int}}
"""

RETURN = r"""
_raw:
  description: One element, which has the valid values and the errors.
  type: list
  elements: dict
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

from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import check, variables_of
from ansible_collections.jst.retailcloud.plugins.plugin_utils.variable_values import VariableValues


class LookupModule(LookupBase):
    """The lookup that is documented above."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[dict[str, Any]]:
        """Return the valid variables and the errors."""
        self.set_options(var_options=variables, direct=options)
        role, specification = terms
        known = variables or {}
        others = {name.lower() for name in specification}
        names = dict.fromkeys([*variables_of(role, known), *(name for name in known if name.lower() in others)])
        values, problems = VariableValues(self._templar, known).all(names)
        if problems:
            return [{"given": {}, "problems": problems}]
        return [check(role, values, specification, self.get_option("identifying"))]
