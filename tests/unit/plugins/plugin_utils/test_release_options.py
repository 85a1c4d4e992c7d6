# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a deploy order, and the rules on the values of role release's variables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_options import order_options

VALID: dict[str, Any] = {
    "environment": "production",
    "images": ["shop:1.1"],
    "strategy": "canary",
    "partitions": 2,
    "verify_each_batch": False,
    "verify_timeout": 0,
    "verify_interval": 1,
    "soak": 0,
    "soak_interval": 1,
    "max_restarts": 0,
    "metrics": [{"metric": "pod.cpu.utilization", "max": 0.9}, {"metric": "pod.cpu.utilization", "min": 0}],
}


def test_valid_values_have_no_problems() -> None:
    assert order_options(VALID) == {
        "content": {"images": ["shop:1.1"]},
        "partitions": 2,
        "pause_type": "first",
        "problems": [],
    }


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"app": "shop", "app_id": 1}, "Set release_app or release_app_id, not both."),
        ({"environment_id": 1}, "Set release_environment, a name, or release_environment_id."),
        ({"packet_id": 1, "packet_url": "https://x/a"}, "Set release_packet_id or release_packet_url, not both."),
        ({"partitions": 0}, "release_partitions has to be at least 1."),
        ({"soak": -1}, "Seconds and numbers of restarts cannot be negative."),
        ({"verify_timeout": -1}, "Seconds and numbers of restarts cannot be negative."),
        ({"max_restarts": -1}, "Seconds and numbers of restarts cannot be negative."),
        ({"verify_interval": 0}, "release_verify_interval and release_soak_interval have to be at least 1."),
        ({"soak_interval": 0}, "release_verify_interval and release_soak_interval have to be at least 1."),
        ({"metrics": [{"metric": "pod.cpu.utilization"}]}, "Each of release_metrics needs max or min."),
    ],
)
def test_each_broken_rule_is_a_problem(values: dict[str, Any], problem: str) -> None:
    assert order_options({**VALID, **values})["problems"] == [problem]


def test_an_environment_is_required() -> None:
    variables = {name: value for name, value in VALID.items() if name != "environment"}
    assert order_options(variables)["problems"] == ["Set release_environment, a name, or release_environment_id."]
