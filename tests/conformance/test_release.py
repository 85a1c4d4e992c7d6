# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role release and its playbooks: verified releases, and what becomes of those that go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from account import APP_ID, ENVIRONMENT_ID, Account
from emulators import Emulators
from playing import COLLECTION, Recorded, run

OLD, NEW, OTHER = (f"registry.example.com/shop:{tag}" for tag in ("1.0", "1.1", "1.2"))
QUICK = {
    "release_environment": "production",
    "release_wait_interval": 0.2,
    "release_verify_interval": 1,
    "release_verify_timeout": 2,
    "release_soak": 1,
}
WRITES = ("DeployApp", "ResumeDeploy", "CloseDeployOrder", "ScaleApp")


@dataclass(frozen=True)
class Run:
    """What came of a playbook.

    :ivar result: the fact ``release_result``.
    """

    records: list[Recorded]
    output: str
    result: dict[str, Any]

    @property
    def writes(self) -> list[str]:
        """The names of the writing operations that it called."""
        return [write for record in self.records for write in record.writes]

    @property
    def changed(self) -> bool:
        """Whether anything changed."""
        return any(record.result.get("changed") for record in self.records)

    @property
    def failed(self) -> bool:
        """Whether the host has failed in the end."""
        return " failed=0 " not in self.output.rpartition("PLAY RECAP")[2]


def play(account: Account, playbook: str = "release", *options: str, **variables: Any) -> Run:
    """Run a playbook of the collection over one host."""
    inventory = account.folder / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {"shop": variables}}}))
    arguments = ["-i", str(inventory), f"{COLLECTION}.{playbook}", *options]
    records, output = run(account.address, account.folder, arguments)
    facts = [record.result.get("ansible_facts", {}) for record in records]
    results = [known["release_result"] for known in facts if "release_result" in known]
    return Run(records, output, results[-1] if results else {})


def release(account: Account, image: str, *options: str, **variables: Any) -> Run:
    """Release an image."""
    return play(account, "release", *options, **{**QUICK, "release_images": [image], **variables})


def baseline(account: Account) -> Any:
    """What the service says that the environment runs."""
    return account.hand("DescribeAppEnvDeployBaseline", AppId=APP_ID, EnvId=ENVIRONMENT_ID)


def versions(account: Account) -> list[str]:
    """What the instances run."""
    return sorted(instance["version"] for instance in account.instances())


def world(folder: Path, **settings: Any) -> list[str]:
    """Options for an emulator with other settings."""
    file = folder / "world.yml"
    file.write_text(yaml.safe_dump({"settings": settings}))
    return ["--world", str(file)]


def prepared(emulators: Emulators, folder: Path, replicas: int = 4, **settings: Any) -> Account:
    """An account whose environment runs the old image; the order that did it had a single batch."""
    options = world(folder, **settings) if settings else []
    account = Account(emulators.fresh("canonical", *options), folder, replicas)
    account.deployed(OLD, TotalPartitions=1)
    return account


def bad_batch(kind: str, batch: int, orders: int = 1) -> dict[str, Any]:
    """Settings that let so many orders after that of ``prepared`` go wrong, which does not get to the second batch."""
    assert batch > 1
    return {"deploy_failures": [{"app": "shop", "kind": kind, "batch": batch, "times": 1 + orders}]}


def verified(done: Run) -> int:
    """How often the new instances were looked at."""
    return len([record for record in done.records if record.task.endswith("Wait until the new instances are well")])


def told(done: Run) -> str:
    """The message that the host fails with, which Ansible shows."""
    message = str(done.result["message"])
    assert message in done.output
    return message


# Releases that go well


@pytest.mark.parametrize("answers", ["canonical", "sample"])
@pytest.mark.parametrize(
    ("strategy", "partitions", "each", "writes"),
    [
        ("all_at_once", 3, False, ["DeployApp"]),
        ("batches", 2, False, ["DeployApp"]),
        ("batches", 5, True, ["DeployApp", *["ResumeDeploy"] * 4]),
        ("canary", 2, False, ["DeployApp", "ResumeDeploy"]),
        ("canary", 5, False, ["DeployApp", "ResumeDeploy"]),
        ("canary", 5, True, ["DeployApp", *["ResumeDeploy"] * 4]),
    ],
)
def test_a_release_that_goes_well(
    strategy: str, partitions: int, each: bool, writes: list[str], answers: str, emulators: Emulators, tmp_path: Path
) -> None:
    account = Account(emulators.fresh(answers), tmp_path, replicas=5)
    how = {"release_strategy": strategy, "release_partitions": partitions, "release_verify_each_batch": each}
    done = release(account, NEW, **how)
    assert not done.failed, done.output
    assert done.writes == writes
    assert (done.result["status"], done.result["changed"]) == ("released", True)
    assert verified(done) == len(writes)
    [order] = account.orders()
    assert (order["result"], int(order["total_partitions"])) == (1, 1 if strategy == "all_at_once" else partitions)
    assert versions(account) == ["1.1"] * 5
    again = release(account, NEW, **how)
    assert (again.failed, again.changed, again.writes) == (False, False, []), again.output
    assert again.result["status"] == "unchanged"


# Releases that go wrong


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("kind", ["fail", "crash", "pending"])
def test_a_failed_release_is_rolled_back(kind: str, batch: int, emulators: Emulators, tmp_path: Path) -> None:
    """Crash loops and pods without a node last until the service gives up; what ran before is back in the end."""
    account = prepared(emulators, tmp_path, **(bad_batch(kind, batch) if batch > 1 else {}))
    before = baseline(account)
    image = NEW if batch > 1 else f"{NEW}-{kind}"
    done = release(account, image)
    assert done.failed, done.output
    assert done.writes == ["DeployApp", *["ResumeDeploy"] * (batch - 1), "DeployApp"]
    assert done.result["status"] == "rolled_back", done.result
    assert baseline(account) == before
    assert versions(account) == ["1.0"] * 4
    assert {instance["status"] for instance in account.instances()} == {"Normal"}
    old, failed, back = account.orders()
    assert (old["result"], failed["result"], back["result"]) == (1, 2, 1)
    assert f"deploy order {failed['deploy_order_id']}, batch {batch} of 2" in told(done)
    assert f'What ran before is back: {{"images": ["{OLD}"]}}' in told(done)
    report = "\n".join(done.result["pods"])
    symptom = {"fail": "Failed: Container did not start", "crash": "BackOff", "pending": "FailedScheduling"}[kind]
    assert symptom in report
    assert ("Fatal: could not start" in report) is (kind != "pending")


def test_a_first_release_that_fails_has_nothing_to_go_back_to(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    done = release(account, f"{NEW}-fail")
    assert (done.failed, done.result["status"]) == (True, "closed"), done.output
    assert done.writes == ["DeployApp"]
    assert "Nothing else ran before." in told(done)


def test_a_failed_rollback_is_told(emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path, **bad_batch("fail", 2, orders=2))
    done = release(account, NEW)
    assert (done.failed, done.result["status"]) == (True, "rollback_failed"), done.output
    assert done.writes == ["DeployApp", "ResumeDeploy", "DeployApp"]
    _, failed, back = account.orders()
    message = told(done)
    assert "THE WAY BACK FAILED TOO" in message
    for order in (failed, back):
        assert f"Deploy order {order['deploy_order_id']} " in message
    again = release(account, NEW)
    assert (again.failed, again.result["status"]) == (False, "released"), again.output
    assert versions(account) == ["1.1"] * 4


@pytest.mark.parametrize(
    ("on_failure", "status", "left"), [("close", "closed", (3, 4)), ("keep", "kept", (2, 0)), ("rollback", "", (3, 4))]
)
def test_what_does_not_stay_well_is_not_gone_on_with(
    on_failure: str, status: str, left: tuple[int, int], emulators: Emulators, tmp_path: Path
) -> None:
    """The order pauses after its first batch, and a probe finds nobody at home."""
    account = prepared(emulators, tmp_path)
    probes = [{"url": "http://127.0.0.1:9/health", "headers": {"Authorization": "Canary-Token"}}]
    done = release(account, NEW, "-vvvvv", release_probes=probes, release_on_failure=on_failure)
    assert (done.failed, done.result["status"]) == (True, status or "rolled_back"), done.output
    assert "http://127.0.0.1:9/health answered" in told(done)
    assert "Canary-Token" not in done.output
    failed = account.orders()[1]
    assert (failed["status"], failed["result"]) == left
    assert versions(account) == (["1.0"] * 4 if not status else ["1.0", "1.0", "1.1", "1.1"])


def test_a_release_that_is_not_well_in_the_end_is_rolled_back(emulators: Emulators, tmp_path: Path) -> None:
    """Everything was deployed before the tasks of the user found out; they are told what to look at."""
    account = prepared(emulators, tmp_path)
    before = baseline(account)
    tasks = tmp_path / "verify.yml"
    tasks.write_text(
        yaml.safe_dump(
            [
                {
                    "name": "Look at what the role hands on",
                    "ansible.builtin.assert": {
                        "that": ["jst_release.batch < jst_release.batches", "jst_release.instances | length == 2"],
                        "fail_msg": "Too many {{ jst_release.instances | length }}",
                    },
                }
            ]
        )
    )
    done = release(account, NEW, release_verify_tasks=str(tasks))
    assert (done.failed, done.result["status"]) == (True, "rolled_back"), done.output
    assert done.writes == ["DeployApp", "ResumeDeploy", "DeployApp"]
    assert "batch 2 of 2): Too many 4" in told(done)
    assert baseline(account) == before


def test_metrics_are_held_to_their_bounds(emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    good = [
        {"metric": "pod.cpu.utilization", "max": 0.5, "aggregate": "max"},
        {"metric": "deployment.memory.working_set", "min": 1, "minutes": 1},
    ]
    done = release(account, NEW, release_metrics=good)
    assert not done.failed, done.output
    bad = [{"metric": "pod.memory.utilization", "max": 0.1}]
    done = release(account, OTHER, release_metrics=bad)
    assert (done.failed, done.result["status"]) == (True, "rolled_back"), done.output
    assert "pod.memory.utilization of jck-deployment-shop-" in told(done)
    assert versions(account) == ["1.1"] * 4


# Refusals


@pytest.mark.parametrize(("code", "reason"), [("102000", "no release credential"), ("102001", "still under review")])
def test_a_release_that_is_not_admitted(code: str, reason: str, emulators: Emulators, tmp_path: Path) -> None:
    settings = {"admission_refusals": [{"app": "shop", "environment": "production", "code": code}]}
    account = Account(emulators.fresh("canonical", *world(tmp_path, **settings)), tmp_path)
    done = release(account, NEW)
    assert (done.failed, done.result["status"]) == (True, "not_begun"), done.output
    assert reason in told(done)
    assert done.writes == ["DeployApp"]
    assert account.orders() == []
