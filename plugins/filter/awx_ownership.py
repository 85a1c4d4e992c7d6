# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: awx_ownership
short_description: Tell which objects of an AWX playbook awx has made
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Compares the definitions of one type of object with the objects of this type that an AWX has.
  - An object belongs to playbook C(awx) when its description is the defined one, or one of O(descriptions). It also
    belongs to it when its content is the defined one, if a list of the API returns the whole content.
  - Any other object with the name of a definition is foreign.
  - The playbook C(awx) uses this filter before it writes.
positional: _input, variable, existing
options:
  _input:
    description: The definitions, in the form of C(infra.aap_configuration).
    type: list
    elements: dict
    required: true
  variable:
    description: The name of the variable with the definitions, such as V(controller_projects).
    type: str
    required: true
  existing:
    description: The objects of this type in the organization, as the API lists them. Notifications are compared with
      those of all organizations.
    type: list
    elements: dict
    required: true
  descriptions:
    description: The descriptions that earlier versions of the playbook wrote.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Show the projects that the playbook would overwrite
  ansible.builtin.debug:
    msg: >-
      {{ controller_projects
         | jst.retailcloud.awx_ownership('controller_projects', query('awx.awx.controller_api', 'projects'))
         | selectattr('is_foreign') | map(attribute='label') }}
"""

RETURN = r"""
_value:
  description: One element for each definition.
  type: list
  elements: dict
  contains:
    label:
      description: The type and the name, such as V(project JST).
      type: str
    ids:
      description: The ids of the objects with this name. Empty when there is none.
      type: list
      elements: int
    is_foreign:
      description: Whether one of them is foreign.
      type: bool
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.awx_ownership import compare


def awx_ownership(
    definitions: Sequence[Mapping[str, Any]],
    variable: str,
    existing: Sequence[Mapping[str, Any]],
    descriptions: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Return what each definition has in the AWX; the arguments are documented above."""
    return list(compare(definitions, variable, existing, descriptions))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"awx_ownership": awx_ownership}
