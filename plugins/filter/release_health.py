# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_health
short_description: Evaluate whether a release is healthy
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the problems of the new instances, the probes and the metrics of role P(jst.retailcloud.release#role).
positional: _input, instances, pods
options:
  _input:
    description: The variables of the role, C(given) of P(jst.retailcloud.role_variables#lookup).
    type: dict
    required: true
  instances:
    description: The instances of the environment, as M(jst.retailcloud.jst_app_instance_info) returns them.
    type: list
    elements: dict
    required: true
  pods:
    description: The pods of the deploy order, as M(jst.retailcloud.jst_pod_info) returns them.
    type: list
    elements: dict
    required: true
  baseline:
    description: C(restarts) and C(warnings) of an earlier call. Newer restarts and warnings count as problems.
    type: dict
    default: {}
  probed:
    description: Results of C(ansible.builtin.uri), in the order of C(probes).
    type: list
    elements: dict
    default: []
  measured:
    description: Results of M(jst.retailcloud.jst_metric_info) for C(series).
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show the problems of the new instances
  ansible.builtin.debug:
    var: "({'metrics': [], 'probes': []} | jst.retailcloud.release_health(found.app_instances, order.pods)).unhealthy"
"""

RETURN = r"""
_value:
  description: The state of the release. Problems are sentences without a full stop.
  type: dict
  contains:
    names:
      description: The names of the new instances. The names of all instances when the service does not show the pods of
        the order.
      type: list
      elements: str
    restarts:
      description: The number of restarts of each new instance.
      type: dict
    unhealthy:
      description: The new instances that are not running normally or no longer exist.
      type: list
      elements: str
    restarted:
      description: The new instances that were restarted too often since O(baseline).
      type: list
      elements: str
    warnings:
      description: The events of the new instances whose level is not normal.
      type: list
      elements: str
    new_warnings:
      description: The warnings that O(baseline) does not have.
      type: list
      elements: str
    series:
      description: The metrics to read. Each element is a list of two values, a metric and the name of a new instance.
        The name is null for a metric of the whole deploy order.
      type: list
      elements: list
    failed_probes:
      description: The probes that failed.
      type: list
      elements: str
    exceeded_metrics:
      description: The metrics that are out of bounds or have no values.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_health import (
    exceeded_metrics,
    failed_probes,
    instance_health,
    metric_series,
)


def release_health(
    variables: Mapping[str, Any],
    instances: Sequence[Mapping[str, Any]],
    pods: Sequence[Mapping[str, Any]],
    baseline: Mapping[str, Any] | None = None,
    probed: Sequence[Mapping[str, Any]] = (),
    measured: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the state of a release; the arguments are documented above."""
    health = instance_health(instances, pods, baseline or {}, int(variables.get("max_restarts") or 0))
    return {
        **health,
        "series": metric_series(variables.get("metrics") or (), health["names"]),
        "failed_probes": failed_probes(variables.get("probes") or (), probed),
        "exceeded_metrics": exceeded_metrics(measured),
    }


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"release_health": release_health}
