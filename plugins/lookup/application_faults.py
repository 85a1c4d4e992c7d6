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
  - Validates the variables as lookup P(jst.retailcloud.role_variables#lookup) does.
  - Also rejects duplicate names, environments and groups without a name or an id, and entries that set two mutually
    exclusive options.
  - Role P(jst.retailcloud.teardown#role) uses this lookup.
options: {}
"""

EXAMPLES = r"""
- name: Reject an invalid description
  ansible.builtin.assert:
    that: lookup('jst.retailcloud.application_faults') == ''
    fail_msg: "{{ lookup('jst.retailcloud.application_faults') }}"
"""

RETURN = r"""
_raw:
  description: One element, a string with the error messages. The string is empty when there are none.
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_options import variable_faults


class LookupModule(LookupBase):
    """The lookup that is documented above."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[str]:
        """Return what is wrong with the variables."""
        return [variable_faults(self._templar, variables or {})]
