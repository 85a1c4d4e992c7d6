# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: application_result
short_description: Summarize what role application did
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the fact that role P(jst.retailcloud.application#role) sets.
positional: _input
options:
  _input:
    description: The results of the tasks with M(jst.retailcloud.jst_application).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the result that a task would return
  ansible.builtin.debug:
    msg: "{{ [{'changed': false, 'steps': [], 'release_due': [], 'application': {'environments': []}}]
             | jst.retailcloud.application_result }}"
"""

RETURN = r"""
_value:
  description: The changes and the releases that are due.
  type: dict
  contains:
    changed:
      description: Whether a task changed anything.
      type: bool
    steps:
      description: The changes, as sentences.
      type: list
      elements: str
    release_due:
      description: The environments that need a release, as M(jst.retailcloud.jst_application) returns them.
      type: list
      elements: dict
    closed_ports:
      description: The services and access points that send requests to a port that no instance opens.
      type: list
      elements: dict
    running:
      description: The name of an environment and its live state, as C(running) of M(jst.retailcloud.jst_application).
      type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_summary import summarize


def application_result(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a summary of results; the arguments are documented above."""
    return summarize(results)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"application_result": application_result}
