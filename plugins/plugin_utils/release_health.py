# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a release is healthy: its instances, the probes and the metrics of role ``release``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

START = "StartAppInstance"
"""The code of the step that starts an instance. Pods of a deploy order without it stop an instance."""


def started_instances(pods: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of the instances that a deploy order starts, as far as the service shows them.

    :param pods: of the order, as ``jst_pod_info`` returns them.
    """
    started = (
        pod["instance"]
        for pod in pods
        if pod["instance"] is not None and any(step.get("code") == START for step in pod.get("steps") or ())
    )
    return list(dict.fromkeys(started))


def instance_health(
    instances: Sequence[Mapping[str, Any]],
    pods: Sequence[Mapping[str, Any]],
    baseline: Mapping[str, Any],
    max_restarts: int,
) -> dict[str, Any]:
    """Return the state of the new instances. All instances count where the service does not show the pods of the order.

    :param instances: of the environment, as ``jst_app_instance_info`` returns them.
    :param pods: of the deploy order, as ``jst_pod_info`` returns them.
    :param baseline: ``restarts`` and ``warnings`` of an earlier call, empty when there was none.
    :param max_restarts: how many restarts since the baseline are healthy.
    :returns: ``names`` of the new instances; ``restarts``: name -> number; and sentences: ``unhealthy``, ``restarted``,
        ``warnings`` (events that are not normal) and ``new_warnings`` (those that the baseline does not have).
    """
    names = started_instances(pods) or [item["instance"] for item in instances]
    new = {item["instance"]: item for item in instances if item["instance"] in names}
    restarts = {name: item.get("restart_count") or 0 for name, item in new.items()}
    sick = [
        f"instance {name} is {item['status'] or 'in an unknown state'}"
        for name, item in new.items()
        if item["status"] != "Normal"
    ]
    gone = [f"instance {name} has gone" for name in names if name not in new]
    since = {name: count - (baseline.get("restarts") or {}).get(name, 0) for name, count in restarts.items()}
    warnings = list(_warnings(pod for pod in pods if pod["instance"] in names))
    return {
        "names": names,
        "restarts": restarts,
        "unhealthy": sick + gone,
        "restarted": [
            f"instance {name} was restarted {count} times" for name, count in since.items() if count > max_restarts
        ],
        "warnings": warnings,
        "new_warnings": [text for text in warnings if text not in (baseline.get("warnings") or ())],
    }


def _warnings(pods: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each event that is not normal."""
    for pod in pods:
        for event in pod.get("events") or ():
            if event["type"] != "Normal":
                words = [pod["instance"], event.get("reason"), event.get("message")]
                yield f"{': '.join(' '.join(word.split()) for word in words if word)} ({event.get('count') or 1})"


def failed_probes(probes: Sequence[Mapping[str, Any]], results: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each probe that failed.

    :param probes: the variable ``release_probes``.
    :param results: of ``ansible.builtin.uri``, whose ``item`` is the position of the probe.
    """
    failed = []
    for result in results:
        probe, status = probes[result["item"]], result.get("status") or -1
        if status not in (probe.get("status_code") or [200]):
            failed.append(
                f"{probe['url']} responded with {status}"
                if status > 0
                else f"{probe['url']}: {result.get('msg') or 'no response'}"
            )
        elif (probe.get("contains") or "") not in (result.get("content") or ""):
            failed.append(f"{probe['url']} responded without {probe['contains']}")
    return failed


def metric_series(bounds: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[tuple[Mapping[str, Any], Any]]:
    """Return each metric with what it is read of: a new instance by name, or ``None`` for the deploy order."""
    bounds = list(bounds)
    of_order = [(bound, None) for bound in bounds if bound["metric"].startswith("deployment")]
    return [*of_order, *((bound, name) for bound in bounds if bound["metric"].startswith("pod") for name in names)]


def exceeded_metrics(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each metric that is out of its bounds, or has no values.

    :param results: of ``jst_metric_info``, whose ``item`` is an entry of ``metric_series``.
    """
    exceeded = []
    for result in results:
        bound, instance = result["item"]
        name = f"{bound['metric']} of {instance}" if instance else bound["metric"]
        points = [point["value"] for metric in result["metrics"] for point in metric["points"]]
        if not points:
            exceeded.append(f"{name} has no values")
            continue
        aggregate = bound.get("aggregate") or "mean"
        values = {"mean": sum(points) / len(points), "max": max(points), "min": min(points), "last": points[-1]}
        value = values[aggregate]
        if value > bound.get("max", value) or value < bound.get("min", value):
            exceeded.append(f"{name} is {value} ({aggregate} of {len(points)} values)")
    return exceeded
