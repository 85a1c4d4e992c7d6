# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report of a failed release shows of its pods."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.failure_report import report, suspects


def pod(name: str, result: str | None = "failed", **further: Any) -> dict[str, Any]:
    """A pod as the info module returns it."""
    return {"instance": name, "result": result, "events": None, "container_logs": None, **further}


def test_unhealthy_instances_come_first() -> None:
    instances = [
        {"instance": name, "status": status} for name, status in [("a", "Normal"), ("b", "Failed"), ("old", "")]
    ]
    assert suspects([{"instance": None}, {"instance": "f"}], ["a", "b"], instances) == ["b", "f", "a"]


@pytest.mark.parametrize(
    ("status", "result", "said"),
    [("Failed", "failed", "Failed"), ("Normal", "failed", "Normal, failed"), (None, None, "no status, no result")],
)
def test_a_state_is_said_once(status: str | None, result: str | None, said: str) -> None:
    assert report([pod("a", result)], [{"instance": "a", "status": status}], 5) == [f"pod a: {said}"]
    assert report([pod("a", result)], [], 5) == [f"pod a: gone, {result or 'no result'}"]


def test_the_last_events_and_lines() -> None:
    events = [{"type": "Warning", "reason": str(number), "message": "x\ny"} for number in range(3)]
    logs = [{"container": "web", "content": "1\n2\n3"}, {"code": "StartAppInstance", "log": "4"}]
    lines = report([pod("a", events=events, container_logs=logs)], [], 2)
    assert lines[1:] == [
        "  Warning 1: x y",
        "  Warning 2: x y",
        "  web | 2",
        "  web | 3",
        "  StartAppInstance | 4",
    ]


@pytest.mark.parametrize(
    "line", ['password="Canary"', "token: Canary", "Authorization: Bearer Canary", "ACCESS_KEY_ID=Canary&x"]
)
def test_secrets_are_masked_before_a_line_is_cut(line: str) -> None:
    for margin in (0, 280):
        [_pod, shown] = report([pod("a", log_steps=[{"log": "x" * margin + " " + line}])], [], 2)
        assert "Can" not in shown
        assert len(shown) <= 300
