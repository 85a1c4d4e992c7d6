# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role release and its playbooks: verified releases, and what becomes of those that go wrong."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, ONLINE, Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import deployment
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.conformance.role_examples import Example, changes, example
from tests.tools.running_emulator import access

OLD, NEW, OTHER = (f"registry.example.com/shop:{tag}" for tag in ("1.0", "1.1", "1.2"))
QUICK: dict[str, Any] = {
    "release_environment": "production",
    "release_wait_interval": 0.2,
    "release_verify_interval": 1,
    "release_verify_timeout": 2,
    "release_soak": 0,
}
# Looking after new instances for a while is a third of what a release costs: for tests that are about it.
SOAKED = {"release_soak": 1}
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


def play(account: Account, playbook: str, *options: str, in_process: bool = True, **variables: Any) -> Run:
    """Run a playbook of the collection over one host."""
    inventory = account.folder / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {"shop": variables}}}))
    arguments = ["-i", str(inventory), f"{COLLECTION}.{playbook}", *options]
    records, output = run_playbook(account.address, account.folder, arguments, in_process=in_process)
    facts = [record.result.get("ansible_facts", {}) for record in records]
    results = [known["release_result"] for known in facts if "release_result" in known]
    return Run(records, output, results[-1] if results else {})


def release(account: Account, image: str, *options: str, **variables: Any) -> Run:
    """Release an image."""
    return play(account, "release", *options, **{**QUICK, "release_images": [image], **variables})


def baseline(account: Account) -> Any:
    """What the service says that the environment runs, but for the day since when, which a way back may change."""
    told = account.call("DescribeAppEnvDeployBaseline", AppId=APP_ID, EnvId=ENVIRONMENT_ID)
    return {name: value for name, value in told.items() if name != "create_time"}


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
    return len([record for record in done.records if record.task.endswith("Wait until the new instances are healthy")])


def until(reached: Callable[[], bool]) -> None:
    """Wait for something that is to happen within half a minute."""
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def told(done: Run) -> str:
    """The message that the host fails with, which Ansible shows."""
    message = str(done.result["message"])
    assert message in done.output
    return message


# Releases that go well


@pytest.mark.parametrize(
    ("answers", "strategy", "partitions", "each", "writes"),
    [
        ("canonical", "all_at_once", 3, False, ["DeployApp"]),
        ("canonical", "batches", 2, False, ["DeployApp"]),
        ("canonical", "batches", 5, True, ["DeployApp", *["ResumeDeploy"] * 4]),
        ("canonical", "canary", 5, False, ["DeployApp", "ResumeDeploy"]),
        ("sample", "canary", 2, False, ["DeployApp", "ResumeDeploy"]),
    ],
)
def test_a_release_that_goes_well(
    answers: str, strategy: str, partitions: int, each: bool, writes: list[str], emulators: Emulators, tmp_path: Path
) -> None:
    account = Account(emulators.fresh(answers), tmp_path, replicas=5)
    how = {"release_strategy": strategy, "release_partitions": partitions, "release_verify_each_batch": each, **SOAKED}
    done = release(account, NEW, **how)
    assert not done.failed, done.output
    assert done.writes == writes
    assert (done.result["status"], done.result["changed"]) == ("released", True)
    assert done.result["message"] == (
        f"Releasing image {NEW} to environment production of app shop. Nothing runs there."
    )
    assert done.result["message"] in done.output.partition("Deploy until the order pauses")[0]
    assert verified(done) == len(writes)
    [order] = account.orders()
    assert (order["result"], int(order["total_partitions"])) == (1, 1 if strategy == "all_at_once" else partitions)
    assert versions(account) == ["1.1"] * 5
    again = release(account, NEW, **how)
    assert (again.failed, again.changed, again.writes) == (False, False, []), again.output
    assert again.result["status"] == "unchanged"
    # The service shows no list of Secrets, so nothing is said of them.
    unchanged = f"Environment production runs image {NEW} already, with its documents as they are stored now."
    assert unchanged in again.output


# Releases that go wrong


@pytest.mark.parametrize(("kind", "batch"), [("fail", 1), ("fail", 2), ("crash", 2), ("pending", 1)])
def test_a_failed_release_is_rolled_back(kind: str, batch: int, emulators: Emulators, tmp_path: Path) -> None:
    """Crash loops and pods without a node last until the service gives up; what ran before is back in the end."""
    account = prepared(emulators, tmp_path, **(bad_batch(kind, batch) if batch > 1 else {}))
    before = baseline(account)
    image = NEW if batch > 1 else f"{NEW}-{kind}"
    done = release(account, image, release_description="as in [jst:0123456789ab]")
    assert done.failed, done.output
    assert done.writes == ["DeployApp", *["ResumeDeploy"] * (batch - 1), "DeployApp"]
    assert done.result["status"] == "rolled_back", done.result
    assert baseline(account) == before
    assert versions(account) == ["1.0"] * 4
    assert {instance["status"] for instance in account.instances()} == {"Normal"}
    old, failed, back = account.orders()
    assert (old["result"], failed["result"], back["result"]) == (1, 2, 1)
    message = told(done)
    assert f"failed: Deploy order {failed['deploy_order_id']} (" in message
    assert message.count(f"batch {batch} of 2") == 1
    assert message.count("release_result.pods") == 1
    assert "failed_pods" not in message
    assert f"Rolled back to image {OLD}." in message
    report = "\n".join(done.result["pods"])
    assert "Failed, failed" not in report
    # The task that fails the host shows the message, the report before it shows the rest.
    [shown] = [record for record in done.records if record.task.endswith("Show the report")]
    assert shown.result["msg"].keys() == done.result.keys() - {"message"}
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
    _dummy, failed, back = account.orders()
    message = told(done)
    assert "THE ROLLBACK FAILED TOO" in message
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
    done = release(account, NEW, "-vvvvv", **SOAKED, release_probes=probes, release_on_failure=on_failure)
    assert (done.failed, done.result["status"]) == (True, status or "rolled_back"), done.output
    assert "http://127.0.0.1:9/health: " in told(done)
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


def crash(world: dict[str, Any], instance: dict[str, Any]) -> None:
    """Let an instance restart again and again, without a word of it in its state."""
    instance.update(broken=True, created_at=time.time())


def warn(world: dict[str, Any], instance: dict[str, Any]) -> None:
    """Let a pod have an event."""
    event = {"env_id": instance["env_id"], "pod_name": instance["app_instance_id"], "happened_at": time.time()}
    probe = {"level": "Warning", "reason": "Unhealthy", "message": "Liveness probe failed"}
    world["events"].append({**event, **probe, "event_id": 1000})


@pytest.mark.parametrize(
    ("change", "unseen", "message"),
    [(crash, 0, "was restarted"), (warn, 2, "Unhealthy: Liveness probe failed")],
    ids=["restarts", "events"],
)
def test_what_happens_while_it_has_to_stay_well(
    change: Callable[[dict[str, Any], dict[str, Any]], None],
    unseen: int,
    message: str,
    emulators: Emulators,
    tmp_path: Path,
) -> None:
    """A canary that was left in its pause goes wrong while the next run looks after it."""
    account = prepared(emulators, tmp_path)
    left = release(account, NEW, release_on_failure="keep", release_probes=[{"url": "http://127.0.0.1:9"}])
    assert left.result["status"] == "kept"
    state = control(account.address, "state")
    del state["credentials"]
    new = next(one for one in state["instances"] if one["deploy_order_id"] == left.result["deploy_order_id"])
    change(state, new)
    file = tmp_path / "left.yml"
    file.write_text(yaml.safe_dump(state))
    account.address = emulators.fresh("canonical", "--world", str(file))
    if unseen:
        account.fault("business", "DescribePodEvents", count=unseen)
    done = release(account, NEW, release_soak=2)
    assert (done.failed, done.result["status"]) == (True, "rolled_back"), done.output
    assert done.writes == ["CloseDeployOrder", "DeployApp"]
    assert message in told(done)
    assert new["app_instance_id"] in told(done)
    assert versions(account) == ["1.0"] * 4


def test_a_report_holds_no_secrets_and_has_an_end(emulators: Emulators, tmp_path: Path) -> None:
    log = [*["x" * 5000] * 500, 'password="Canary-1" token: Canary-2', "Authorization: Bearer Canary-3", "the end"]
    account = prepared(emulators, tmp_path, monitoring={"failing_log": log})
    done = release(
        account, f"{NEW}-fail", "-vvvvv", release_partitions=1, release_report_lines=4, release_report_pods=2
    )
    assert done.failed
    report = done.result["pods"]
    assert len("\n".join(report)) < 5000
    assert [line for line in report if "the end" in line]
    assert "Canary" not in "\n".join(report)
    assert len([line for line in report if line.startswith("pod ")]) == 2


# Refusals


def test_several_images_need_a_note_or_a_word_of_what_ran_before(emulators: Emulators, tmp_path: Path) -> None:
    """The baseline tells one of two images. What the role has released tells them all, also as a text with commas."""
    document = deployment()
    document["spec"]["template"]["spec"]["containers"].append({"name": "proxy", "image": "registry/proxy:1.0"})
    account = Account(emulators.fresh(), tmp_path, document=document)
    account.deployed(OLD, ContainerImageList=[OLD, "registry/proxy:1.0"])
    images = {"release_images": [NEW, "registry/proxy:1.1"]}
    refused = release(account, NEW, **images)
    assert refused.failed
    assert "environment production runs, which has 2 images, so a failed release could not be rolled back" in " ".join(
        refused.output.split()
    )
    assert refused.writes == []
    previous = {"images": [OLD, "registry/proxy:1.0"]}
    assert not release(account, NEW, release_images=f"{NEW}, registry/proxy:1.1", release_previous=previous).failed
    failed = release(account, NEW, release_images=[f"{NEW}-fail", "registry/proxy:1.2"])
    assert failed.result["status"] == "rolled_back", failed.output
    state = control(account.address, "state")["environments"][0]
    assert state["baseline"]["images"] == images["release_images"]


def test_packages(emulators: Emulators, tmp_path: Path) -> None:
    """Packages are released and come back as images do; an address with a signature is not written down."""
    account = Account(emulators.fresh(), tmp_path)
    url = "https://packets.emulator.example/shop-9.jar?Signature=Canary"
    assert not play(account, "release", **QUICK, release_packet_id=2001).failed
    assert not play(account, "release", **QUICK, release_packet_url=url).failed
    assert not play(account, "release", **QUICK, release_packet_id=2002).failed
    assert ["content=" in order["description"] for order in account.orders()] == [True, False, True]
    refused = play(account, "rollback", **QUICK)
    assert "Only releases of this collection write into their" in refused.output
    probes = [{"url": "http://127.0.0.1:9"}]
    failed = play(account, "release", **QUICK, release_packet_id=2003, release_probes=probes)
    assert failed.result["status"] == "rolled_back", failed.output
    assert baseline(account)["packet_id"] == 2002
    assert release(account, NEW, release_probes=probes).result["status"] == "rolled_back"
    assert baseline(account)["packet_id"] == 2002


@pytest.mark.parametrize(("code", "reason"), [("102000", "no release credential"), ("102001", "still under review")])
def test_a_release_that_is_not_admitted(code: str, reason: str, emulators: Emulators, tmp_path: Path) -> None:
    settings = {"admission_refusals": [{"app": "shop", "environment": "production", "code": code}]}
    account = Account(emulators.fresh("canonical", *world(tmp_path, **settings)), tmp_path)
    done = release(account, NEW)
    assert (done.failed, done.result["status"]) == (True, "not_begun"), done.output
    assert reason in told(done)
    assert done.writes == ["DeployApp"]
    assert account.orders() == []


MISSPELT: dict[str, tuple[dict[str, Any], str]] = {
    "environment": ({"app": "shop", "environment": "prodution"}, "There is no environment 'prodution' in app "),
    "app": ({"app": "shp", "environment": "production"}, "There is no app 'shp'"),
    "title": ({"environment": "production"}, "There is no app 'shp'"),
    "environment-of-id": ({"app_id": APP_ID, "environment": "prodution"}, "no environment 'prodution' in app 10001"),
    "app-beside-id": ({"app": "shp", "environment_id": ENVIRONMENT_ID}, "There is no app 'shp'"),
}


@pytest.mark.parametrize("playbook", ["release", "rollback", "restart", "scale"])
def test_what_does_not_exist_is_refused_in_check_mode_too(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    """No real run makes it, so that check mode and a real run say the same."""
    account = prepared(emulators, tmp_path)
    prefix = "scale" if playbook == "scale" else "release"
    further = {"scale": {"scale_replicas": 6}, "release": {**QUICK, "release_images": [NEW]}}.get(playbook, QUICK)
    hosts: dict[str, Any] = {
        name: {**further, **{f"{prefix}_{option}": value for option, value in place.items()}}
        for name, (place, _message) in MISSPELT.items()
    }
    hosts["title"]["application_title"] = "shp"
    # An id stands in for the name that all hosts have.
    hosts["app-beside-id"].pop("release_environment", None)
    if playbook != "rollback":
        hosts["right"] = {**hosts["environment"], f"{prefix}_environment": "production"}
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts}}))
    for option in ("--check", "--limit=!right"):
        arguments = ["-i", str(inventory), f"{COLLECTION}.{playbook}", "-e", "jst_max_fail_percentage=100", option]
        records, output = run_playbook(account.address, tmp_path, arguments)
        failed = {record.host: record.result["msg"] for record in records if record.result["failed"]}
        assert failed.keys() == MISSPELT.keys(), output
        for name, (_place, message) in MISSPELT.items():
            assert message in failed[name]
        assert [record.task for record in records if record.writes] == []
        assert "A real run is assumed to create it first" not in output
        changed = {record.host for record in records if record.result.get("changed")}
        assert changed == ({"right"} & hosts.keys() if option == "--check" else set()), output


def test_check_mode(emulators: Emulators, tmp_path: Path) -> None:
    """It tells of a release, of one that pauses, and of one that is there."""
    account = prepared(emulators, tmp_path)
    assert release(account, NEW, "--check").changed
    account.deployed(NEW, PauseType="first")
    foreign = release(account, NEW, "--check")
    assert foreign.failed
    assert "unfinished deploy order 60002 ('by hand')" in foreign.output
    account.call("CloseDeployOrder", DeployOrderId=60002)
    assert release(account, NEW, release_on_failure="keep", release_probes=[{"url": "http://127.0.0.1:9"}]).failed
    paused = release(account, NEW, "--check")
    assert (paused.failed, paused.changed, paused.writes) == (False, True, []), paused.output
    assert "Continuing deploy order 60003 of another run: paused, batch 1 of 2." in paused.output
    assert not release(account, NEW).failed
    there = release(account, NEW, "--check")
    assert (there.failed, there.changed) == (False, False), there.output


def test_looks_that_fail(emulators: Emulators, tmp_path: Path) -> None:
    """A look at the instances is repeated; without the pods of the order nothing can be verified."""
    account = prepared(emulators, tmp_path)
    account.fault("business", "ListAppInstance", message="No instances today.")
    done = release(account, NEW)
    assert (done.failed, done.result["status"]) == (False, "released"), done.output
    account.fault("business", "ListPods", message="No pods today.")
    done = release(account, OTHER)
    assert (done.failed, done.result["status"]) == (True, "rolled_back"), done.output
    assert "No pods today." in told(done)
    assert versions(account) == ["1.1"] * 4


# Runs that are cut off, and runs at the same time


@pytest.mark.parametrize("moment", ["running", "paused"])
def test_a_run_that_was_killed_is_gone_on_with(moment: str, emulators: Emulators, tmp_path: Path) -> None:
    """The controller dies in the middle of the first batch, or while it verifies it."""
    account = prepared(emulators, tmp_path)
    if moment == "running":
        control(account.address, "clock", {"scale": 1})
    inventory = tmp_path / "hosts.yml"
    variables = {**QUICK, "release_images": [NEW], "release_soak": 60}
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {"shop": variables}}}))
    command = ["ansible-playbook", "-i", str(inventory), f"{COLLECTION}.release"]
    environment = {**os.environ, **access(account.address)}
    with subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL) as process:
        wanted = {"running": 1, "paused": 2}[moment]
        until(lambda: len(account.orders()) == 2 and account.orders()[1]["status"] == wanted)
        os.killpg(process.pid, signal.SIGKILL)
    control(account.address, "clock", {"scale": 120})
    done = release(account, NEW, **SOAKED)
    assert (done.failed, done.result["status"]) == (False, "released"), done.output
    assert done.writes == ["ResumeDeploy"]
    assert verified(done) == 2
    assert [order["result"] for order in account.orders()] == [1, 1]
    assert versions(account) == ["1.1"] * 4
    again = release(account, NEW)
    assert (again.changed, again.writes) == (False, []), again.output


def test_two_releases_at_once(emulators: Emulators, tmp_path: Path) -> None:
    """One wins; the other says what is in its way, and leaves it alone."""
    account = prepared(emulators, tmp_path)

    def one(image: str) -> Run:
        beside = copy.copy(account)
        beside.folder = tmp_path / image.rpartition(":")[2]
        beside.folder.mkdir()
        return release(beside, image, release_soak=5)

    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(one, [NEW, OTHER]))
    winner, loser = sorted(runs, key=lambda done: done.failed)
    assert (winner.failed, winner.result["status"]) == (False, "released"), winner.output
    # It fails before or after it has compared; only then it keeps a result of its own.
    assert (loser.failed, loser.result.get("status", "not_begun")) == (True, "not_begun"), loser.output
    _dummy, order = account.orders()
    assert order["result"] == 1
    assert f"unfinished deploy order {order['deploy_order_id']}" in loser.output
    writes = [call["action"] for call in control(account.address, "calls") if call["outcome"] == "ok"]
    assert [name for name in writes if name in WRITES] == ["DeployApp", "DeployApp", "ResumeDeploy"]


WAVES = Path(__file__).parents[2] / "examples" / "release_in_waves.yml"


@pytest.mark.parametrize(
    ("playbook", "failing", "status"),
    [
        ([f"{COLLECTION}.release", "-e", '{"jst_serial": [2, "100%"]}'], "a", {"a": "rolled_back", "b": "released"}),
        ([str(WAVES)], "a", {"a": "rolled_back"}),
        ([str(WAVES)], "b", {"a": "released", "b": "rolled_back"}),
    ],
)
def test_waves(playbook: list[str], failing: str, status: dict[str, str], emulators: Emulators, tmp_path: Path) -> None:
    """Who is in the same wave as a failure gets to the end; the next wave does not begin."""
    account = prepared(emulators, tmp_path)
    hosts: dict[str, Any] = {}
    for name in ("a", "b", "c"):
        account.call(
            "CreateEnvironment",
            AppId=APP_ID,
            AppSchemaId=DEPLOY_CONFIG_ID,
            EnvName=name,
            EnvType=1,
            Region="cn-zhangjiakou",
            Replicas=2,
            ClusterId=ONLINE,
        )
        account.deployed(OLD, EnvId=ENVIRONMENT_ID + len(hosts) + 1)
        image = f"{NEW}-fail" if name == failing else NEW
        hosts[name] = {**QUICK, "release_app": "shop", "release_environment": name, "release_images": [image]}
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts}}))
    records, output = run_playbook(account.address, tmp_path, ["-i", str(inventory), *playbook])
    results = {
        record.host: record.result["ansible_facts"]["release_result"]["status"]
        for record in records
        if "release_result" in record.result.get("ansible_facts", {})
    }
    assert results == status, output


def test_in_an_interpreter_of_its_own(emulators: Emulators, tmp_path: Path) -> None:
    """The role does not depend on how the modules are run: a batch goes well, and the next one takes all of it back."""
    account = prepared(emulators, tmp_path, **bad_batch("fail", 2))
    before = baseline(account)
    done = release(account, NEW, in_process=False, **SOAKED)
    assert done.result["status"] == "rolled_back", done.output
    assert done.writes == ["DeployApp", "ResumeDeploy", "DeployApp"]
    assert verified(done) == 1
    assert "Failed: Container did not start" in "\n".join(done.result["pods"])
    assert (baseline(account), versions(account)) == (before, ["1.0"] * 4)


def test_an_app_that_cannot_be_released_stops_the_wave_before_it(emulators: Emulators, tmp_path: Path) -> None:
    """An incomplete app stops the others before anything is written, unless the user allows failures."""
    account = prepared(emulators, tmp_path)
    complete = {**QUICK, "release_images": [NEW]}
    incomplete = {name: value for name, value in complete.items() if name != "release_environment"}
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {"shop": complete, "shp": incomplete}}}))
    arguments = ["-i", str(inventory), f"{COLLECTION}.release"]
    for allowed, writes in (("0", []), ("50", ["DeployApp", "ResumeDeploy"])):
        records, output = run_playbook(
            account.address, tmp_path, [*arguments, "-e", f"jst_max_fail_percentage={allowed}"]
        )
        assert {record.host for record in records if record.result["failed"]} == {"shp"}, output
        assert [action for record in records for action in record.writes] == writes, output


# Rollback and scaling by hand


def test_rollback_without_a_successful_release(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    never = "Environment production was never released successfully, so there is nothing to roll back to."
    refused = play(account, "rollback", **QUICK)
    assert (refused.failed, refused.writes) == (True, [])
    assert never in refused.output
    assert release(account, f"{NEW}-fail").result["status"] == "closed"
    refused = play(account, "rollback", **QUICK)
    assert (refused.failed, refused.writes) == (True, [])
    assert never in refused.output


def test_a_rollback_of_an_order_that_is_not_the_last(emulators: Emulators, tmp_path: Path) -> None:
    """What failed was mended by a later release, which stays."""
    account = prepared(emulators, tmp_path)
    assert not release(account, NEW).failed
    assert not release(account, OTHER).failed
    former, last = sorted(order["deploy_order_id"] for order in account.orders())[-2:]
    wrong = play(account, "rollback", **QUICK, rollback_failed_order_id="last")
    assert (wrong.failed, wrong.writes) == (True, [])
    assert "rollback_failed_order_id has to be the id of a deploy order" in wrong.output
    past = play(account, "rollback", **QUICK, rollback_failed_order_id=former)
    assert (past.failed, past.changed, past.writes) == (False, False, []), past.output
    assert f"Deploy order {last} is later, so nothing is rolled back." in " ".join(past.output.split())
    done = play(account, "rollback", **QUICK, rollback_failed_order_id=last)
    assert (done.failed, done.writes) == (False, ["DeployApp", "ResumeDeploy"]), done.output


def test_a_rollback_of_an_order_that_was_ended_in_the_middle(emulators: Emulators, tmp_path: Path) -> None:
    """A second run continues the deploy order of the first, and a third has nothing to do."""
    account = prepared(emulators, tmp_path)
    assert not release(account, NEW).failed
    assert not release(account, OTHER).failed
    failed: dict[str, Any] = {"rollback_failed_order_id": max(order["deploy_order_id"] for order in account.orders())}
    left: dict[str, Any] = {"release_on_failure": "keep", "release_probes": [{"url": "http://127.0.0.1:9"}]}
    kept = play(account, "rollback", **QUICK, **left, **failed)
    assert (kept.failed, kept.writes) == (True, ["DeployApp"]), kept.output
    done = play(account, "rollback", **QUICK, **failed)
    assert (done.failed, done.writes) == (False, ["ResumeDeploy"]), done.output
    assert versions(account) == ["1.1"] * 4
    again = play(account, "rollback", **QUICK, **failed)
    assert (again.failed, again.changed, again.writes) == (False, False, []), again.output


def test_rollback(emulators: Emulators, tmp_path: Path) -> None:
    """To what the release before deployed, once, whatever the inventory names; further back only to what is named."""
    account = prepared(emulators, tmp_path)
    assert not release(account, NEW).failed
    unknown = play(account, "rollback", **QUICK)
    assert unknown.failed
    assert "What environment production ran before is not known." in unknown.output
    assert unknown.writes == []
    assert not release(account, OTHER).failed
    preview = play(account, "rollback", "--check", **QUICK)
    assert (preview.changed, preview.writes) == (True, []), preview.output
    assert "A rollback deploys what the release before deployed" not in preview.output
    # The layout of the guide: the inventory names the version that is to be taken back.
    done = play(account, "rollback", **QUICK, release_images=[OTHER], release_init_images="{{ nobody_knows }}")
    assert (done.failed, done.result["status"]) == (False, "released"), done.output
    assert done.writes == ["DeployApp", "ResumeDeploy"]
    assert versions(account) == ["1.1"] * 4
    assert "and not release_images and release_init_images of the inventory" in " ".join(done.output.split())
    again = play(account, "rollback", **QUICK)
    assert (again.failed, again.changed, again.writes) == (False, False, []), again.output
    assert "took back deploy order 60003 already" in again.output
    further = play(account, "rollback", "-e", json.dumps({"release_images": [OLD]}), **QUICK, release_images=[OTHER])
    assert not further.failed, further.output
    assert "of the inventory" not in further.output
    assert versions(account) == ["1.0"] * 4


def test_rollback_of_an_unfinished_release(emulators: Emulators, tmp_path: Path) -> None:
    """A canary that is paused is named, and closed when the user says so; what ran before it is back."""
    account = prepared(emulators, tmp_path)
    left: dict[str, Any] = {"release_on_failure": "keep", "release_probes": [{"url": "http://127.0.0.1:9"}]}
    assert release(account, NEW, **left).result["status"] == "kept"
    unknown = play(account, "rollback", **QUICK)
    assert (unknown.failed, unknown.writes) == (True, []), unknown.output
    named = "Environment production has an unfinished deploy order 60002 (paused, batch 1 of 2, instances 2 of 4)."
    assert f"{named} What ran before is not known." in " ".join(unknown.output.split()), unknown.output
    assert not release(account, NEW).failed
    assert release(account, OTHER, **left).result["status"] == "kept"
    refused = play(account, "rollback", **QUICK)
    assert (refused.failed, refused.writes) == (True, []), refused.output
    assert "unfinished deploy order 60003 (paused, batch 1 of 2, instances 2 of 4)." in " ".join(refused.output.split())
    assert "set release_on_unfinished to close" in refused.output
    done = play(account, "rollback", **QUICK, **left, release_on_unfinished="close")
    assert (done.failed, done.result["status"]) == (True, "kept"), done.output
    assert done.writes == ["CloseDeployOrder", "DeployApp"]
    continued = play(account, "rollback", **QUICK)
    assert (continued.failed, continued.writes) == (False, ["ResumeDeploy"]), continued.output
    assert versions(account) == ["1.1"] * 4
    again = play(account, "rollback", **QUICK)
    assert (again.failed, again.changed, again.writes) == (False, False, []), again.output
    assert "took back deploy order 60003 already" in again.output


def test_rollback_of_a_release_that_was_closed_by_hand(emulators: Emulators, tmp_path: Path) -> None:
    """What some instances run is rolled back. An order that was closed before its first batch has changed nothing."""
    account = prepared(emulators, tmp_path)
    left: dict[str, Any] = {"release_on_failure": "keep", "release_probes": [{"url": "http://127.0.0.1:9"}]}
    assert not release(account, NEW).failed
    assert release(account, OTHER, **left).result["status"] == "kept"
    account.call("CloseDeployOrder", DeployOrderId=60003)
    assert versions(account) == ["1.1", "1.1", "1.2", "1.2"]
    said = (
        "Rolling back deploy order 60003 ('ansible-",
        f", image {OTHER}) of environment production of app shop. This deploys image {NEW}, "
        "the content of deploy order 60002 ('ansible-",
    )
    preview = play(account, "rollback", "--check", **QUICK)
    assert (preview.failed, preview.changed, preview.writes) == (False, True, []), preview.output
    done = play(account, "rollback", **QUICK)
    assert (done.failed, done.result["status"]) == (False, "released"), done.output
    assert versions(account) == ["1.1"] * 4
    for run in (preview, done):
        assert [part for part in said if part not in run.result["message"]] == []
        before_the_write = run.output.partition("Deploy until the order pauses")[0]
        assert run.result["message"] in before_the_write
    assert '"rollback_of":60003' in account.order(60004)["description"]
    control(account.address, "clock", {"scale": 1})
    unstarted = account.deploy(OTHER)
    account.call("CloseDeployOrder", DeployOrderId=unstarted)
    control(account.address, "clock", {"scale": 120})
    again = play(account, "rollback", **QUICK)
    assert (again.failed, again.changed, again.writes) == (False, False, []), again.output
    assert "took back deploy order 60003 already" in again.result["message"]
    assert f"Deploy order {unstarted} ended as " in again.result["message"]
    assert "before it reached an instance, so it does not count." in again.result["message"]


def test_scale(emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    for replicas in (6, 2):
        how: dict[str, Any] = {"scale_environment": "production", "scale_replicas": replicas, "scale_partitions": 2}
        done = play(account, "scale", **how)
        assert (done.failed, done.writes) == (False, ["ScaleApp"]), done.output
        assert len(account.instances()) == replicas
        again = play(account, "scale", **how)
        assert (again.failed, again.changed, again.writes) == (False, False, []), again.output
    how["scale_replicas"] = 3
    assert play(account, "scale", "--skip-tags", "scale", **how).writes == []
    assert play(account, "scale", "--tags", "scale", **how).writes == ["ScaleApp"]
    refused = play(account, "scale", scale_environment="production")
    assert refused.failed
    assert "missing required arguments: scale_replicas" in refused.output


# The example of the README, and mistakes


@pytest.fixture
def releases(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Example:
    """The example of role release."""
    return example("release", emulators, tmp_path, monkeypatch)


def test_the_example_of_the_readme(releases: Example) -> None:
    """Previewed on an empty account, run, and run again; a preview takes nothing for granted that no role makes."""
    foretold, output = releases.run("--check", "-vvvvv")
    assert [record.task for record in foretold if record.writes] == [], output
    assert changes(foretold)[-1][0].endswith("Deploy until the order pauses or has finished"), output
    _dummy, output = releases.run("--check", fails=True, release_environment="prodution")
    assert "There is no app 'hello'" in output
    quick: dict[str, Any] = {
        name: value for name, value in {**QUICK, **SOAKED}.items() if name != "release_environment"
    }
    done, output = releases.run(**quick)
    assert [write for record in done for write in record.writes][-2:] == ["DeployApp", "ResumeDeploy"], output
    releases.settled(**quick)


def test_mistakes(releases: Example) -> None:
    """Mistakes in the variables."""
    host = yaml.safe_load((releases.folder / "inventory" / "host_vars" / "hello" / "app.yml").read_text())
    play_ = releases.folder / releases.playbook
    play_.write_text(play_.read_text().replace("    - role: jst.retailcloud.application\n", ""))
    place = {"release_environment": "production"}
    assert host
    releases.refused(
        {
            "variable": ({**place, "release_partition": 2}, "no variable release_partition"),
            "case": ({**place, "Release_Partitions": 2}, "no variable Release_Partitions"),
            "no-environment": ({"release_images": [NEW]}, "release_environment"),
            "strategy": ({**place, "release_strategy": "blue_green"}, "got: blue_green"),
            "member": ({**place, "release_probes": [{"uri": "http://shop"}]}, "uri"),
            "both": (
                {**place, "release_packet_id": 1, "release_packet_url": "https://shop/a.jar"},
                "Set release_packet_id or release_packet_url, not both.",
            ),
            "no-bound": ({**place, "release_metrics": [{"metric": "pod.cpu.utilization"}]}, "needs max or min"),
            "no-batch": ({**place, "release_partitions": 0}, "has to be at least 1"),
            "negative": ({**place, "release_soak": -1}, "cannot be negative"),
        }
    )


# Progress


def progress(output: str) -> list[str]:
    """The lines that tell how far an order is."""
    return [line for line in output.splitlines() if line.startswith("[shop] ")]


def test_progress(emulators: Emulators, tmp_path: Path) -> None:
    """Ten minutes on the platform: a line for each change, and none while nothing changes."""
    account = prepared(emulators, tmp_path, durations={"order_wait": 60, "batch": 270})
    how = {"release_strategy": "batches"}
    assert progress(release(account, NEW, "--check", **how).output) == []
    done = release(account, NEW, **how)
    assert not done.failed, done.output
    place = "[shop] app shop, environment production: release by deploy order 60002: "
    assert progress(done.output) == [
        f"{place}waiting, batch 0 of 2, instances 0 of 4",
        f"{place}running, batch 1 of 2, instances 0 of 4",
        f"{place}running, batch 2 of 2, instances 2 of 4",
    ]


@pytest.mark.parametrize("no_log", [False, True])
def test_progress_leaves_standard_output_to_the_callback(no_log: bool, emulators: Emulators, tmp_path: Path) -> None:
    """A callback that writes JSON there is parsed by programs. A task with ``no_log`` shows no progress at all."""
    account = prepared(emulators, tmp_path, durations={"order_wait": 60, "batch": 270})
    options = {"app": "shop", "environment": "production", "images": [NEW], "wait_interval": 0.2}
    tasks = [{"name": "release", f"{COLLECTION}.jst_deployment": options, "no_log": no_log}]
    playbook = tmp_path / "release.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    environment = {**os.environ, **access(account.address)}
    done = subprocess.run(
        ["ansible-playbook", str(playbook)], env=environment, capture_output=True, text=True, check=True
    )
    assert "changed: [localhost]" in done.stdout
    assert "instances" not in done.stdout
    assert ("instances 0 of 4" in done.stderr) is not no_log
