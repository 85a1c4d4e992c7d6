# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollback_target
short_description: Find what to deploy when a release fails
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns what an environment certainly runs, as far as the service shows it. The sources are, in this order, the note
    of the last release, its mark, and the baseline of the environment.
positional: _input, environment
options:
  _input:
    description: The content of the release, as options of M(jst.retailcloud.jst_deployment).
    type: dict
    required: true
  environment:
    description: The environment with its baseline, as M(jst.retailcloud.jst_environment_info) returns it.
    type: dict
    required: true
  history:
    description: The history of the environment, as P(jst.retailcloud.release_history#filter) returns it.
    type: dict
    required: true
  deploy_config:
    description: The deploy config of the environment, as M(jst.retailcloud.jst_deploy_config_info) returns it.
    type: dict
    default: {}
  instances:
    description: The instances of the environment. When omitted, it is unknown whether any instance runs.
    type: list
    elements: dict
  previous:
    description: The content that the environment runs according to the user, which is the variable C(release_previous)
      of the role.
    type: dict
"""

EXAMPLES = r"""
- name: Show what a failed release would deploy
  ansible.builtin.debug:
    msg: "{{ {'images': ['shop:1.1']} | jst.retailcloud.rollback_target(environments.environments[0], history) }}"
"""

RETURN = r"""
_value:
  description: The target of the rollback.
  type: dict
  contains:
    content:
      description: The content to deploy. Empty when no other content runs.
      type: dict
    is_known:
      description: Whether the content to deploy is certain.
      type: bool
    running:
      description: The content that the environment runs. Empty when nothing runs or the content is unknown.
      type: dict
    is_running_known:
      description: Whether RV(_value.running) is certain and complete.
      type: bool
    incomplete:
      description:
        - The releases with other content that are unfinished, or that were closed or failed after the last successful
          release. The newest comes first, as P(jst.retailcloud.release_history#filter) returns them. Some instances may
          run their content.
      type: list
      elements: dict
    mixture:
      description: Sentences on the contents that the instances may run. Empty without RV(_value.incomplete).
      type: str
    containers:
      description: The number of containers in the deploy config.
      type: int
    full:
      description: The content of the release. Images that it does not set come from the deploy config.
      type: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import History
from ansible_collections.jst.retailcloud.plugins.plugin_utils.rollback_target import LiveState, failure_target


def rollback_target(
    desired: Mapping[str, Any],
    environment: Mapping[str, Any],
    history: Mapping[str, Any],
    deploy_config: Mapping[str, Any] | None = None,
    instances: Sequence[Mapping[str, Any]] | None = None,
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the target of a rollback; the arguments are documented above."""
    live = LiveState(History.from_dict(history), environment.get("baseline") or {}, deploy_config or {}, instances)
    return failure_target(live, dict(desired), None if previous is None else dict(previous))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"rollback_target": rollback_target}
