# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_report
short_description: Report the failed pods of a release
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the last events and log lines of pods for the report of role P(jst.retailcloud.release#role).
  - Values that look like secrets are masked, and long lines are cut.
positional: _input, instances
options:
  _input:
    description: Results of M(jst.retailcloud.jst_pod_info) with events and logs.
    type: list
    elements: dict
    required: true
  instances:
    description: The instances of the environment, as M(jst.retailcloud.jst_app_instance_info) returns them.
    type: list
    elements: dict
    required: true
  failed:
    description: The pods of the deploy order that failed or did not finish.
    type: list
    elements: dict
    default: []
  started:
    description: The pods of the deploy order, as M(jst.retailcloud.jst_pod_info) returns them.
    type: list
    elements: dict
    default: []
  lines:
    description: The number of lines to show of each log, and the number of events to show of each pod.
    type: int
    default: 20
"""

EXAMPLES = r"""
- name: Show the events and logs of the failed pods
  ansible.builtin.debug:
    var: ([logs] | jst.retailcloud.release_report(found.app_instances, lines=5)).lines
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    suspects:
      description: The names of the pods to report. Pods of unhealthy instances come first.
      type: list
      elements: str
    lines:
      description: The lines of the report.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.failure_report import report, suspects
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_health import started_instances


def release_report(
    results: Sequence[Mapping[str, Any]],
    instances: Sequence[Mapping[str, Any]],
    failed: Sequence[Mapping[str, Any]] = (),
    started: Sequence[Mapping[str, Any]] = (),
    lines: int = 20,
) -> dict[str, Any]:
    """Return the report; the arguments are documented above."""
    pods = [pod for result in results for pod in result.get("pods") or ()]
    return {
        "suspects": suspects(failed, started_instances(started), instances),
        "lines": report(pods, instances, max(int(lines), 1)),
    }


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"release_report": release_report}
