# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: given
short_description: Return the value of a variable, or a default when the variable is not given
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - A variable counts as not given when it is undefined, omitted by C(omit), null, an empty string or an empty list.
  - Leaves out omitted entries of lists and omitted members of dictionaries.
  - Roles P(jst.retailcloud.application#role) and P(jst.retailcloud.teardown#role) and playbook C(awx) use this lookup.
options:
  _terms:
    description: The name of the variable.
    type: list
    elements: str
    required: true
  default:
    description: The value to return when the variable is not given.
    type: raw
    default: ""
"""

EXAMPLES = r"""
- name: Print the environments
  ansible.builtin.debug:
    msg: "{{ lookup('jst.retailcloud.given', 'application_environments', default=[]) }}"
"""

RETURN = r"""
_raw:
  description: One element, the value.
  type: list
  elements: raw
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import is_empty
from ansible_collections.jst.retailcloud.plugins.plugin_utils.variable_values import OMITTED, VariableValues


class LookupModule(LookupBase):
    """The lookup that is documented above."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[Any]:
        """Return the value of the variable."""
        self.set_options(var_options=variables, direct=options)
        values = VariableValues(self._templar, variables or {})
        found = [values.value(name) for name in terms]
        return [self.get_option("default") if value is OMITTED or is_empty(value) else value for value in found]
