# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_announcement
short_description: Say what a release, a rollback or a restart deploys
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns in sentences what a release deploys, where, and what runs there. Addresses of packages come without user,
    password and query.
positional: _input, place
options:
  _input:
    description: What to deploy, by the options of M(jst.retailcloud.jst_deployment).
    type: dict
    required: true
  place:
    description: The app and the environment in words. Without it, only what is deployed is returned.
    type: str
  running:
    description: What runs. Empty when nothing runs, null when that is not known in full.
    type: dict
  last:
    description: The last release that succeeded, as P(jst.retailcloud.release_history#filter) returns it.
    type: dict
  mixture:
    description: What the instances may run in sentences, as P(jst.retailcloud.rollback_target#filter) returns it.
    type: str
    default: ""
  previous:
    description: The target of a rollback, as P(jst.retailcloud.previous_release#filter) returns it.
    type: dict
  restart:
    description: Whether what runs is released once more.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Say what a release deploys
  ansible.builtin.debug:
    msg: "{{ {'images': ['shop:1.1']} | jst.retailcloud.release_announcement('environment production', running={}) }}"
"""

RETURN = r"""
_value:
  description: The sentences, or without O(place) the content in words.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_announcement import announcement, released_text


def release_announcement(
    content: Mapping[str, Any],
    place: str | None = None,
    running: Mapping[str, Any] | None = None,
    last: Mapping[str, Any] | None = None,
    previous: Mapping[str, Any] | None = None,
    restart: bool = False,
    mixture: str = "",
) -> str:
    """Return the sentences; the arguments are documented above."""
    if place is None:
        return released_text(content)
    return announcement(content, place, running, last, previous, is_restart=restart, mixture=mixture)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"release_announcement": release_announcement}
