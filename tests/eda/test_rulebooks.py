# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks of the collection, against the emulator."""

from __future__ import annotations

import json
import re
import signal
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.playbook_runner import control
from tests.eda.conftest import FIRST, REGISTRY, SECOND, Account, Receiver, Start
from tests.eda.rulebook import PATIENCE, Rulebook, write_events

BAD = f"{REGISTRY}/order-service:1.6.0-crash"


def is_watching(account: Account, action: str) -> bool:
    """Whether the source has made its first round."""
    return any(call["action"] == action for call in control(account.address, "calls"))


def wait_for_source(rulebook: Rulebook, account: Account, action: str) -> None:
    """Wait until the source has made its first round."""
    rulebook.until(lambda: is_watching(account, action), "the first round of the source")


def has_notice(receiver: Receiver, *words: str) -> bool:
    """Whether a notice has all words."""
    return any(all(word in text for word in words) for text in receiver.texts)


def runs_of(rulebook: Rulebook, play: str) -> int:
    """Return how often a play began. What ansible-rulebook repeats of a failed run does not count."""
    return sum(line.startswith(f"PLAY [{play}]") for line in rulebook.printed().split("ERROR - ")[0].splitlines())


def test_a_failed_release_is_rolled_back(account: Account, receiver: Receiver, start: Start, tmp_path: Path) -> None:
    """The rulebook alone rolls the app back, and no other app."""
    rulebook = start("failed_release")
    wait_for_source(rulebook, account, "ListDeployOrders")
    before = account.state()
    proof = tmp_path / "executed"
    trap = "{% raw %}{{ lookup('ansible.builtin.pipe', 'touch PROOF') }}{% endraw %}".replace("PROOF", str(proof))
    told = account.play(
        "jst.retailcloud.release",
        "--limit=order-service",
        variables={
            "release_environment": "production",
            "release_images": [BAD],
            "release_name": trap,
            "release_description": trap,
            "release_on_failure": "keep",
            "release_wait_interval": 0.5,
        },
    )
    assert "failed=1" in told, told
    # The rulebook may have rolled back already.
    deployed = next(params for action, params in account.writes() if action == "DeployApp")

    rulebook.until(lambda: has_notice(receiver, "order-service", "rolled the app back"), "the report of the rollback")
    assert has_notice(receiver, "order-service", "environment production", "failed in batch 1 of 2")
    assert has_notice(receiver, "order-service", "environment production", "rolling the app back")
    assert not has_notice(receiver, "no rollback")
    assert account.images("order-service") == {SECOND}
    writes = account.writes()[1:]
    after = account.state()
    orders = {order["deploy_order_id"] for order in before["orders"]}
    fresh = [order for order in after["orders"] if order["deploy_order_id"] not in orders]
    assert {order["env_id"] for order in fresh} == {account.ids["order-service", "production"]}
    assert f'"rollback_of":{fresh[0]["deploy_order_id"]}' in fresh[1]["description"]
    # A rollback is a canary, as every release of the role.
    assert [action for action, _params in writes] == ["DeployApp", "ResumeDeploy"]
    assert writes[0][1]["EnvId"] == deployed["EnvId"] == account.ids["order-service", "production"]
    assert writes[1][1]["DeployOrderId"] == fresh[1]["deploy_order_id"]
    assert not proof.exists()
    assert "secret-of-the-hook" not in rulebook.printed()
    assert runs_of(rulebook, "Roll the apps back") == 1


def failed_order(account: Account, number: int, app: str = "order-service", host: str = "") -> dict[str, Any]:
    """Return the event of a failed deploy order. The host of the app has its title unless told otherwise."""
    [app_id] = [one["app_id"] for one in account.state()["apps"] if one["title"] == app]
    return {
        "jst": {
            "kind": "deploy_order",
            "type": "failed",
            "time": "2026-01-05T00:00:00Z",
            "app": {"app_id": app_id, "title": app},
            "environment": {
                "environment_id": account.ids[app, "production"],
                "name": "production",
                "env_type": "online",
            },
            "deploy_order": {
                "deploy_order_id": number,
                "name": "storm",
                "description": None,
                "current_partition": 1,
                "partitions": 2,
            },
        },
        "meta": {"uuid": str(uuid.uuid4()), "hosts": [host or app]},
    }


def reported(receiver: Receiver, words: str) -> set[int]:
    """Return the deploy orders of the notices that have these words."""
    return {int(re.findall(r"deploy order (\d+)", text)[0]) for text in receiver.texts if words in text}


def test_a_storm_of_failures_starts_one_rollback(
    account: Account, receiver: Receiver, start: Start, replay: Path, tmp_path: Path
) -> None:
    """Failed orders of an environment are one rollback, and each is reported. So is an app without a host."""
    storm, elsewhere = set(range(70000, 70004)), 80000
    events = [failed_order(account, number) for number in storm]
    events.insert(2, failed_order(account, elsewhere, "storefront", host="shop-front"))
    # A kill may let an event come twice.
    events.append(events[-1])
    write_events(tmp_path / "events", events)
    # Eleven playbooks run, most of them one after the other.
    patience = 3 * PATIENCE
    settings = {"REPLAY": str(tmp_path / "events"), "EDA_SHUTDOWN_DELAY": str(patience)}
    rulebook = start("failed_release", sources=replay, environ=settings)
    rulebook.wait(patience)
    assert reported(receiver, "failed in batch 1 of 2.") == {*storm, elsewhere}
    [rolled_back] = reported(receiver, "rolling the app back")
    further = "most once in 30 minutes"
    assert reported(receiver, further) == storm - {rolled_back}
    assert reported(receiver, "Group jst_apps of the inventory has no host named shop-front.") == {elsewhere}
    # What failed and what is done about it: two for each.
    assert len(receiver.texts) == 2 * 5
    deployed = [params["EnvId"] for action, params in account.writes() if action == "DeployApp"]
    assert deployed == [account.ids["order-service", "production"]]
    assert account.images("order-service") == {FIRST}


def test_an_event_is_kept_over_a_kill_once_it_is_accepted(
    account: Account, receiver: Receiver, start: Start, replay: Path, tmp_path: Path
) -> None:
    """The engine ends the moment it accepts the event. When it starts again, it acts upon it."""
    write_events(tmp_path / "events", [failed_order(account, 70000)])
    environ = {"REPLAY": str(tmp_path / "events")}
    assert start("failed_release", sources=replay, environ={**environ, "KILL": "1"}).wait() == -signal.SIGKILL
    assert not account.writes()
    rulebook = start("failed_release")
    rulebook.until(lambda: account.images("order-service") == {FIRST}, "the rollback")
    assert [action for action, _params in account.writes()].count("DeployApp") == 1


def test_a_crash_loop_is_rebuilt_once(account: Account, receiver: Receiver, start: Start) -> None:
    """The rulebook rebuilds the instance once, and reports the next crash loop of the environment."""
    rulebook = start("crash_loop")
    wait_for_source(rulebook, account, "ListAppInstance")
    place = {"env_id": account.ids["order-service", "production"], "position": 0}
    control(account.address, "timeline", {"kind": "instance_crash_loop", "healed_by_rebuild": False, **place})
    rulebook.until(lambda: has_notice(receiver, "order-service", "rebuilding instance"), "the rebuild")
    control(account.address, "timeline", {"kind": "instance_crash_loop", **place, "position": 1})
    rulebook.until(
        lambda: has_notice(receiver, "order-service", "no rebuild of instance", "6 hours after"), "the report"
    )
    assert sum("restarts again and again" in text for text in receiver.texts) == 2
    assert sum("rebuilding instance" in text for text in receiver.texts) == 1
    assert [action for action, _params in account.writes()] == ["RebuildAppInstance"]


def missed_job(account: Account) -> dict[str, Any]:
    """Return the event of a run that should have started just now."""
    [app_id] = [one["app_id"] for one in account.state()["apps"] if one["title"] == "daily-report"]
    environment_id = account.ids["daily-report", "production"]
    now = control(account.address, "clock")["iso"]
    return {
        "jst": {
            "kind": "job",
            "type": "missed",
            "time": now,
            "app": {"app_id": app_id, "title": "daily-report"},
            "environment": {"environment_id": environment_id, "name": "production", "env_type": "online"},
            "job": {"schedule": "30 2 * * *", "scheduled_time": now},
        },
        "meta": {"uuid": str(uuid.uuid4()), "hosts": ["daily-report"]},
    }


def test_a_missed_job_is_run(account: Account, receiver: Receiver, start: Start, replay: Path, tmp_path: Path) -> None:
    """The job is run once however often it is missed, and its schedule is as before.

    The conformance tests of the source miss a run, in virtual time.
    """
    write_events(tmp_path / "events", [missed_job(account) for _count in range(3)])
    # An hour, in which the temporary schedule is due once, passes in thirty seconds.
    control(account.address, "clock", {"scale": 120})
    settings = {"REPLAY": str(tmp_path / "events"), "EDA_SHUTDOWN_DELAY": str(PATIENCE)}
    rulebook = start("missed_job", sources=replay, environ=settings)
    rulebook.wait()
    assert sorted(text.partition(": ")[2].partition("the job of ")[0] for text in receiver.texts) == ["", "running "]
    assert all("daily-report" in text for text in receiver.texts)
    environment_id = account.ids["daily-report", "production"]
    state = account.state()
    assert [run["env_id"] for run in state["job_runs"]][:1] == [environment_id], rulebook.printed()[-3000:]
    again = ["UpdateDeployConfig", "DeployApp"]
    assert [action for action, _params in account.writes()] == [*again, *again]
    [document] = [yaml.safe_load(one["cron_job"]) for one in state["deploy_configs"] if one["cron_job"]]
    assert document["spec"]["schedule"] == "30 2 * * *"
    assert "annotations" not in document["metadata"]


def test_drift_is_reported(account: Account, receiver: Receiver, start: Start, tmp_path: Path) -> None:
    """A night on which an environment has another number of instances."""
    environment = account.ids["order-service", "production"]
    control(account.address, "instances", {"env_id": environment, "count": 5})
    due = datetime.now(UTC) - timedelta(minutes=2)
    (tmp_path / "nightly_drift.json").write_text('{"due_at": "2026-01-05T00:00:00Z"}')
    at = {"jst_drift_at": due.strftime("%H:%M"), "jst_drift_time_zone": "UTC"}
    rulebook = start("nightly_drift", variables=at)
    rulebook.until(lambda: has_notice(receiver, "Drift: of 3 apps, 1 differ"), "the report")
    assert account.writes() == []
    assert json.loads((tmp_path / "nightly_drift.json").read_text())["due_at"] == due.strftime("%Y-%m-%dT%H:%M:00Z")
