# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a release counts as healthy."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_health import (
    exceeded_metrics,
    failed_probes,
    instance_health,
    metric_series,
)


def instance(name: str, status: str | None = "Normal", restarts: int | None = 0) -> dict[str, Any]:
    """An instance as the info module returns it."""
    return {"instance": name, "status": status, "restart_count": restarts}


def pod(name: str | None, code: str = "StartAppInstance", events: list[Any] | None = None) -> dict[str, Any]:
    """A pod of a deploy order as the info module returns it."""
    return {"instance": name, "steps": [{"code": code}], "events": events}


def test_only_the_new_instances_count() -> None:
    found = instance_health(
        [instance("a", "Failed"), instance("b", None), instance("c")],
        [pod("a", "StopAppInstance"), pod("b"), pod("c"), pod("d"), pod(None)],
        {},
        0,
    )
    assert found["names"] == ["b", "c", "d"]
    assert found["unhealthy"] == ["instance b is in an unknown state", "instance d has gone"]


def test_all_instances_count_where_the_order_shows_no_pods() -> None:
    found = instance_health([instance("a", "Failed"), instance("b")], [pod(None)], {}, 0)
    assert (found["names"], found["unhealthy"]) == (["a", "b"], ["instance a is Failed"])


def test_restarts_and_events_since_the_baseline() -> None:
    event = {"type": "Warning", "reason": "Unhealthy", "message": "Probe\nfailed", "count": None}
    normal = {"type": "Normal", "reason": "Pulled", "message": "", "count": 1}
    before = instance_health([instance("a", restarts=3)], [pod("a", events=[event])], {}, 0)
    assert before["restarts"] == {"a": 3}
    assert before["warnings"] == ["a: Unhealthy: Probe failed (1)"]
    events = [event, normal, {**event, "count": 2}]
    after = instance_health(
        [instance("a", restarts=5), instance("b", restarts=None)], [pod("a", events=events)], before, 1
    )
    assert after["restarted"] == ["instance a was restarted 2 times"]
    assert after["new_warnings"] == ["a: Unhealthy: Probe failed (2)"]
    assert instance_health([instance("a", restarts=5)], [], before, 2)["restarted"] == []


def test_probes() -> None:
    url = "http://shop"
    probes: list[dict[str, Any]] = [
        {"url": url},
        {"url": url, "status_code": [204]},
        {"url": url, "contains": "well"},
        {"url": url},
    ]
    results: list[dict[str, Any]] = [
        {"item": 0, "status": 200},
        {"item": 1, "status": 200},
        {"item": 2, "status": 200, "content": "ill"},
        {"item": 3, "status": -1, "msg": "Connection refused"},
    ]
    failed = [f"{url} responded with 200", f"{url} responded without well", f"{url}: Connection refused"]
    assert failed_probes(probes, results) == failed


@pytest.mark.parametrize(
    ("bound", "exceeded"),
    [
        ({"max": 2}, []),
        ({"max": 1.9}, ["pod.cpu of a is 2.0 (mean of 3 values)"]),
        ({"min": 2.1}, ["pod.cpu of a is 2.0 (mean of 3 values)"]),
        ({"max": 2, "aggregate": "max"}, ["pod.cpu of a is 4 (max of 3 values)"]),
        ({"min": 1, "aggregate": "min"}, ["pod.cpu of a is 0 (min of 3 values)"]),
        ({"max": 1, "aggregate": "last"}, ["pod.cpu of a is 2 (last of 3 values)"]),
    ],
)
def test_metrics(bound: dict[str, Any], exceeded: list[str]) -> None:
    points = [{"value": value} for value in (4, 0, 2)]
    [series] = metric_series([{"metric": "pod.cpu", **bound}], ["a"])
    assert exceeded_metrics([{"item": series, "metrics": [{"points": points}]}]) == exceeded


def test_metrics_of_the_order_and_of_each_instance() -> None:
    pods, order = {"metric": "pod.cpu", "max": 1}, {"metric": "deployment.cpu", "max": 1}
    series = metric_series([pods, order], ["a", "b"])
    assert series == [(order, None), (pods, "a"), (pods, "b")]
    assert exceeded_metrics([{"item": series[0], "metrics": []}]) == ["deployment.cpu has no values"]
