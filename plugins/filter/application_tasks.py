# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: application_tasks
short_description: Return the tasks of role application that follow its comparison
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns which tasks of role P(jst.retailcloud.application#role) manage the parts that differ from the description.
positional: _input, run_tags, skip_tags, in_one_task
options:
  _input:
    description:
      - The result of M(jst.retailcloud.jst_application) in check mode.
      - Without C(pending_parts), every part may differ.
    type: dict
    required: true
  run_tags:
    description: The tags of the run, as in C(ansible_run_tags).
    type: list
    elements: str
    required: true
  skip_tags:
    description: The tags that the run skips, as in C(ansible_skip_tags).
    type: list
    elements: str
    required: true
  in_one_task:
    description: Whether one task manages all parts.
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Show which tasks follow a comparison that has found one difference
  ansible.builtin.debug:
    msg: "{{ {'pending_parts': ['databases']} | jst.retailcloud.application_tasks(['all'], [], false) }}"
"""

RETURN = r"""
_value:
  description: The tasks, by the names of their files.
  type: dict
  contains:
    files:
      description: The files to include, in this order. Each entry is a list of a file and all files before it. The file
        itself comes last.
      type: list
      elements: list
    records:
      description: The files that file V(records) includes, in the form of RV(_value.files).
      type: list
      elements: list
    results:
      description: The variables that hold the results of the tasks.
      type: list
      elements: str
    runs_as_compared:
      description: Whether no following task manages what runs. The comparison then shows what runs.
      type: bool
    traffic_parts:
      description: The parts of the task for services, access points and what runs.
      type: list
      elements: str
    rest_parts:
      description: The parts to manage of a task that Ansible skips as a whole, since one of its tags is skipped.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_tasks import RunTags, tasks_after


def application_tasks(
    compared: Mapping[str, Any], run_tags: Sequence[str], skip_tags: Sequence[str], in_one_task: bool
) -> dict[str, Any]:
    """Return the tasks that follow a comparison; the arguments are documented above."""
    return tasks_after(compared, RunTags(run_tags, skip_tags), in_one_task)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"application_tasks": application_tasks}
