# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: previous_release
short_description: Find the release that playbook rollback deploys
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the content that the release before the present one deployed. The present release is the newest unfinished
    release. Without one, it is the newest release that was closed or failed after it had reached instances, or else the
    last successful release.
  - A present release that is itself a rollback is not rolled back. When that rollback is unfinished, closed or failed,
    its own content is returned.
positional: _input
options:
  _input:
    description: The history, as P(jst.retailcloud.release_history#filter) returns it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what playbook rollback would deploy
  ansible.builtin.debug:
    msg: "{{ orders.deploy_orders | jst.retailcloud.release_history(count=10) | jst.retailcloud.previous_release }}"
"""

RETURN = r"""
_value:
  description: The target of the rollback.
  type: dict
  contains:
    content:
      description: The content to deploy. Empty when the content is unknown or there is nothing to do.
      type: dict
    rollback_of:
      description:
        - The id of the deploy order that is rolled back.
        - Null when the history has no release, or when the present release is a successful rollback.
      type: int
    was_rolled_back:
      description: The id of the deploy order that the present release rolled back, when the present release is a
        successful rollback.
      type: int
    present:
      description: The present release, null when the history has none.
      type: dict
    remarks:
      description: Sentences about newer releases that were closed or failed before they reached an instance.
      type: list
      elements: str
    unfinished:
      description: The present release when it is unfinished and not a rollback. Null otherwise.
      type: dict
    earlier:
      description: The release whose content is deployed again, null when there is none.
      type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import History
from ansible_collections.jst.retailcloud.plugins.plugin_utils.rollback_target import (
    previous_release as find_previous_release,
)


def previous_release(history: Mapping[str, Any]) -> dict[str, Any]:
    """Return the target of a rollback; the arguments are documented above."""
    return find_previous_release(History.from_dict(history))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"previous_release": previous_release}
