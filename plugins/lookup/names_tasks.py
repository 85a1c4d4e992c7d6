# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: names_tasks
short_description: Return whether the command line names or lists tasks
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns true in a run with C(--start-at-task), C(--list-tasks) or C(--list-tags). In such a run, Ansible knows only
    imported tasks and no included tasks.
  - Role P(jst.retailcloud.application#role) imports the tasks of its parts in such a run, and includes them in other
    runs.
options: {}
"""

EXAMPLES = r"""
- name: Import tasks that the command line can name, and include them otherwise
  ansible.builtin.import_tasks: "{{ 'parts.yml' if lookup('jst.retailcloud.names_tasks') else 'include_parts.yml' }}"
"""

RETURN = r"""
_raw:
  description: One element, which is true when the command line names or lists tasks.
  type: list
  elements: bool
"""

from typing import Any

from ansible import context
from ansible.plugins.lookup import LookupBase

OPTIONS = ("start_at_task", "listtasks", "listtags")


class LookupModule(LookupBase):
    """The lookup that is documented above."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[bool]:
        """Return whether the command line names or lists tasks."""
        return [any(context.CLIARGS.get(name) for name in OPTIONS)]
