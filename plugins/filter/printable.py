# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: printable
short_description: Escape the control characters of strings for a terminal
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns a value in which escapes, such as V(\\x1b), replace control characters, line breaks and direction marks. A
    terminal would execute control sequences in names that other users chose.
  - Tabs and the names of members stay unchanged.
positional: _input
options:
  _input:
    description: A string, or a value with strings at any level.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Print the titles of all apps
  ansible.builtin.debug:
    msg: "{{ apps | map(attribute='title') | map('jst.retailcloud.printable') }}"
"""

RETURN = r"""
_value:
  description: The value with escaped strings.
  type: raw
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable_texts


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"printable": printable_texts}
