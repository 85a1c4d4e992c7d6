# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make live``, with an emulator for the account: it touches only what carries the prefix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.direct_account import MYSQL
from tests.conformance.full_account import full_account, write_world
from tests.conformance.playbook_runner import control
from tests.tools import live
from tests.tools.integration import COLLECTIONS, CONFIG
from tests.tools.running_emulator import emulator

PREFIX = "jst-live"
# What changes by itself when time passes.
MOVING = ("counters", "job_runs", "events")


def environ(address: str, **variables: str) -> dict[str, str]:
    """Return the environment of a run against an emulator."""
    given = {
        "JST_LIVE": "yes",
        "JST_PREFIX": PREFIX,
        "JST_ENDPOINT": address,
        "JST_ACCESS_KEY_ID": "emulator-key-id",
        "JST_ACCESS_KEY_SECRET": "emulator-key-secret",
        "JST_REGION": "cn-zhangjiakou",
        "JST_BIZ_CODE": "JST",
        "JST_WAIT_INTERVAL": "0.2",
        "JST_RDS_INSTANCE_ID": MYSQL,
    }
    return {**given, **variables}


def state(address: str) -> dict[str, Any]:
    """Return the account as it has to stay."""
    shown: dict[str, Any] = control(address, "state")
    for environment in shown["environments"]:
        (environment["baseline"] or {}).pop("jobs_checked_at", None)
    return {table: records for table, records in shown.items() if table not in MOVING}


def other_accounts_things() -> dict[str, Any]:
    """Return a world with apps of others, of which some names resemble the prefix."""
    content = full_account()
    content["apps"][0]["title"] = f"my-{PREFIX}"
    content["apps"][1]["title"] = f"{PREFIX}ly"
    content["apps"].append({**content["apps"][1], "app_id": 19002, "title": f"{PREFIX.replace('-', '_')}_mine"})
    # Labels of which only the key or only the value resembles the prefix.
    content["node_labels"] += [label(content, 99002, "used-for", PREFIX), label(content, 99003, PREFIX, "yes")]
    return content


def label(content: dict[str, Any], number: int, key: str, value: str) -> dict[str, Any]:
    """Return a node label of the first cluster."""
    cluster = content["clusters"][0]["cluster_instance_id"]
    return {
        "label_id": number,
        "cluster_instance_id": cluster,
        "label_key": f"label.jst.com/{key}",
        "label_value": value,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"JST_LIVE": ""}, "Set JST_LIVE=yes"),
        ({"JST_LIVE": "1"}, "Set JST_LIVE=yes"),
        ({"JST_PREFIX": ""}, "Set also: JST_PREFIX."),
        ({"JST_PREFIX": "A"}, "JST_PREFIX must have 3 to 11"),
        ({"JST_ACCESS_KEY_SECRET": "", "JST_REGION": ""}, "Set also: JST_ACCESS_KEY_SECRET, JST_REGION."),
    ],
)
def test_a_run_needs_consent_and_a_prefix(
    changes: dict[str, str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Nobody listens there: a run that called anything would say so.
    assert live.main(["jst_app"], environ("http://127.0.0.1:9", **changes)) == 2
    assert expected in capsys.readouterr().out


def test_a_target_that_lacks_a_variable_is_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert live.main(["jst_slb_ap"], environ("http://127.0.0.1:9")) == 2
    assert "jst_slb_ap needs JST_IMAGE, JST_SLB_ID" in capsys.readouterr().out


def test_targets_leave_everything_else_as_it_was(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    world = write_world(tmp_path, other_accounts_things())
    with emulator("--time-scale", "120", "--world", world, log=tmp_path / "emulator.log") as address:
        before = state(address)
        assert live.main(["jst_app", "jst_rds_db", "jst_slb_ap"], environ(address)) == 0
        writes = [call for call in control(address, "calls") if call["kind"] == "write"]
        assert state(address) == before
    output = capfd.readouterr().out
    assert {call["action"] for call in writes} >= {"CreateApp", "DeleteAppDetail", "CreateDb", "DeleteDatabase"}
    assert "Skipped jst_slb_ap: set JST_IMAGE, JST_SLB_ID." in output
    assert "Nothing is left." in output
    assert "emulator-key-secret" not in output
    assert not list(COLLECTIONS.rglob(CONFIG.name))


def with_leftovers() -> dict[str, Any]:
    """Return the world of others with what a run that was killed leaves behind."""
    content = other_accounts_things()
    app = {**content["apps"][0], "app_id": 19001, "title": PREFIX}
    content["apps"].append(app)
    content["groups"].append({"group_id": 79001, "biz_code": "JST", "name": f"{PREFIX}-other"})
    content["databases"].append({"instance_id": MYSQL, "name": "jst_live", "character_set": "utf8mb4"})
    content["accounts"].append({"instance_id": MYSQL, "name": "jst_live"})
    content["node_labels"].append(label(content, 99001, PREFIX, PREFIX))
    return content


def test_a_run_does_not_start_beside_leftovers_and_removes_them_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = write_world(tmp_path, with_leftovers())
    with emulator("--time-scale", "120", "--world", world, log=tmp_path / "emulator.log") as address:
        assert live.main(["jst_app"], environ(address)) == 2
        assert f"The account has resources with the prefix {PREFIX} already" in capsys.readouterr().out
        assert not [call for call in control(address, "calls") if call["kind"] == "write"]

        control(address, "faults", {"kind": "gateway", "action": "DeleteAppGroup", "code": "Forbidden.RAM"})
        node = next(one["instance_id"] for one in control(address, "state")["ecs"] if one["cluster_instance_id"])
        assert live.main(["--clean"], environ(address, JST_ECS_INSTANCE_IDS=node)) == 1
        output = capsys.readouterr().out
        assert f"Left: group {PREFIX}-other" in output
        assert [line for line in output.splitlines() if line.startswith("Removed")] == [
            f"Removed app {PREFIX}.",
            f"Removed node label label.jst.com/{PREFIX}={PREFIX}.",
            "Removed database account jst_live.",
            "Removed database jst_live.",
        ]

        assert live.main(["--clean"], environ(address)) == 0
        assert state(address) == {
            table: records for table, records in state_of_others(tmp_path).items() if table not in MOVING
        }


def state_of_others(folder: Path) -> dict[str, Any]:
    """Return the state of the account without leftovers."""
    world = write_world(folder, other_accounts_things())
    with emulator("--time-scale", "120", "--world", world, log=folder / "others.log") as address:
        return state(address)
