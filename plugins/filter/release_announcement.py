# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_announcement
short_description: Describe what a release, a rollback or a restart deploys
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns sentences that describe the content of a release, its target and the live state of the target. Package
    addresses are shown without user, password and query.
positional: _input, place
options:
  _input:
    description: The content to deploy, as options of M(jst.retailcloud.jst_deployment).
    type: dict
    required: true
  place:
    description: The description of the app and the environment. When omitted, only the content is returned.
    type: str
  running:
    description: The live state. Empty when nothing runs. Null when it is not completely known.
    type: dict
  last:
    description: The last successful release, as P(jst.retailcloud.release_history#filter) returns it.
    type: dict
  mixture:
    description: Sentences on what the instances may run, as P(jst.retailcloud.rollback_target#filter) returns them.
    type: str
    default: ""
  previous:
    description: The target of a rollback, as P(jst.retailcloud.previous_release#filter) returns it.
    type: dict
  restart:
    description: Whether the current content is released again.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Announce a release
  ansible.builtin.debug:
    msg: "{{ {'images': ['shop:1.1']} | jst.retailcloud.release_announcement('environment production', running={}) }}"
"""

RETURN = r"""
_value:
  description: The sentences. Without O(place), only the description of the content.
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
