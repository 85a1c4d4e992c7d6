# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: what counts as a difference, and that each makes exactly one deploy order whatever happens meanwhile."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, HERE, Account, release
from tests.conformance.barriers import barrier
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import deployment
from tests.conformance.playbook_runner import Recorded, control, run_playbook, run_tasks_with_output, task

OLD, NEW, OTHER = (f"registry.example.com/shop:{tag}" for tag in ("1.0", "1.1", "1.2"))
BAD = "registry.example.com/shop:fail"
URL = "https://packets.emulator.example/shop-9.jar"
MARK = r"content=\{[^ ]+\} \[jst:[0-9a-f]{12} config:[0-9a-f]{12} ports:8080\]"


def by_name(records: list[Recorded]) -> dict[str, Recorded]:
    """The records by the names of their tasks; all of them have gone well."""
    for record in records:
        assert not record.result["failed"], f"{record.task}: {record.result}"
    return {record.task: record for record in records}


def asked(record: Recorded) -> dict[str, Any]:
    """What a task asked the service to deploy."""
    [parameters] = [call["params"] for call in record.calls if call["action"] == "DeployApp"]
    return dict(parameters)


def changes(done: dict[str, Recorded]) -> dict[str, bool]:
    """Which tasks changed something."""
    return {name: record.result["changed"] for name, record in done.items()}


def two_containers() -> dict[str, Any]:
    """A Deployment with two containers and one that prepares them."""
    document = deployment()
    pod = document["spec"]["template"]["spec"]
    pod["containers"].append({"name": "proxy", "image": "registry.example.com/proxy:1.0"})
    pod["initContainers"] = [{"name": "schema", "image": "registry.example.com/schema:1.0"}]
    return document


# What counts as a difference


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_the_baseline_tells_a_package_or_one_image(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(answers), tmp_path)
    tasks = []
    for name, options in (
        ("image", {"images": [OLD]}),
        ("package", {"packet_id": 2001}),
        ("another package", {"packet_id": 2002}),
        ("address", {"packet_url": URL}),
        ("image after all", {"images": [OLD]}),
        ("another image", {"images": [NEW]}),
        ("those of the deploy config", {}),
        ("those of the deploy config by name", {"images": [OLD]}),
    ):
        tasks += [release(name, **options), release(f"{name} again", **options)]
    done = by_name(account.run_tasks(*tasks))
    for name, changed in changes(done).items():
        assert changed is (not name.endswith(("again", "by name"))), name
        assert (done[name].result["deploy_order"] is not None) is changed
        assert done[name].writes == ["DeployApp"] * changed
    assert asked(done["package"])["DeployPacketId"] == 2001
    assert asked(done["address"])["DeployPacketUrl"] == URL
    assert asked(done["another image"])["ContainerImageList"] == [NEW]
    assert "ContainerImageList" not in asked(done["those of the deploy config"])
    diff = done["another package"].result["diff"]
    assert yaml.safe_load(diff["before"]) == {"deploy_config_id": DEPLOY_CONFIG_ID, "packet_id": 2001}
    assert yaml.safe_load(diff["after"]) == {"deploy_config_id": DEPLOY_CONFIG_ID, "packet_id": 2002}


def test_what_the_baseline_does_not_tell_is_told_by_the_mark(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path, document=two_containers())
    proxy, other_proxy = "registry.example.com/proxy:2.0", "registry.example.com/proxy:2.1"
    tasks = []
    for name, options in (
        ("two images", {"images": [NEW, proxy], "description": "Spring"}),
        ("another second image", {"images": [NEW, other_proxy]}),
        ("an init image", {"images": [NEW, other_proxy], "init_images": ["registry.example.com/schema:2.0"]}),
        ("a package for two containers", {"packet_id": 2001, "images": [NEW, other_proxy]}),
        ("all as in the deploy config", {}),
    ):
        tasks += [release(name, **options), release(f"{name} again", **options)]
    scaled = task("scaled", "jst_scale", {**HERE, "replicas": 3, "wait_interval": 0.5})
    done = by_name(account.run_tasks(*tasks, scaled, release("after a scaling again")))
    for name, changed in changes(done).items():
        assert changed is not name.endswith("again"), name
    descriptions = [asked(done[name])["Description"] for name in changes(done) if "DeployApp" in done[name].writes]
    assert re.fullmatch(f"Spring {MARK}", descriptions[0])
    assert all(re.fullmatch(MARK, text) for text in descriptions[1:])
    assert len(set(descriptions)) == len(descriptions)
    assert asked(done["an init image"])["InitContainerImageList"] == ["registry.example.com/schema:2.0"]
    assert done["two images"].result["deploy_order"]["description"] == descriptions[0]


def test_a_baseline_without_a_body_says_nothing(emulators: Emulators, tmp_path: Path) -> None:
    """All that the reference shows of it is a status line: then the last order tells what runs."""
    account = Account(emulators.fresh(), tmp_path)
    account.fault("empty", "DescribeAppEnvDeployBaseline", count=100)
    listed = task("listed", "jst_environment_info", {"app": HERE["app"], "baseline": True})
    tasks = [release(f"{image[-3:]}{turn}", images=[image]) for image in (OLD, NEW) for turn in ("", " again")]
    done = by_name(account.run_tasks(*tasks, release("by name"), release("by name again"), listed))
    changed = [name for name, has_changed in changes(done).items() if has_changed]
    assert changed == ["1.0", "1.1", "by name"]
    assert done["listed"].result["environments"][0]["baseline"] is None


def test_how_to_deploy_is_passed_on_and_not_compared(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    how = {
        "name": "spring",
        "description": "Frühling, 春",
        "partitions": 1,
        "pause_type": "none",
        "arms": True,
        "update_strategy": "online_new_then_offline_old",
    }
    done = by_name(account.run_tasks(release("first", images=[NEW], **how), release("again", images=[NEW])))
    parameters = asked(done["first"])
    assert re.fullmatch(f"Frühling, 春 {MARK}", parameters.pop("Description"))
    assert parameters == {
        "EnvId": ENVIRONMENT_ID,
        "Name": "spring",
        "TotalPartitions": 1,
        "PauseType": "none",
        "ArmsFlag": True,
        "UpdateStrategyType": "online_new_then_offline_old",
        "ContainerImageList": [NEW],
    }
    assert done["first"].result["deploy_order"]["name"] == "spring"
    assert changes(done) == {"first": True, "again": False}


def test_a_switched_deploy_config_is_deployed(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.config("other", deployment(OLD))
    switch = task(
        "switch", "jst_environment", {"app": "shop", "name": "production", "deploy_config": "other"}, diff=True
    )
    done = by_name(account.run_tasks(release("first"), switch, release("switched"), release("again")))
    assert changes(done) == {"first": True, "switch": True, "switched": True, "again": False}
    assert done["switched"].result["deploy_order"]["deploy_config_id"] == DEPLOY_CONFIG_ID + 1


def test_a_new_image_in_the_deploy_config_is_deployed(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    options = {"app": "shop", "name": "web", "env_type": "online", "deployment": deployment(NEW)}
    config = task("config", "jst_deploy_config", options)
    done = by_name(account.run_tasks(release("first"), config, release("changed"), release("again")))
    assert changes(done) == {"first": True, "config": True, "changed": True, "again": False}


def test_force_deploys_what_runs_already(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    done = by_name(
        account.run_tasks(
            release("first", images=[OLD]),
            release("again", images=[OLD]),
            {**release("forced, check", images=[OLD], force=True), "check_mode": True},
            release("forced", images=[OLD], force=True),
        )
    )
    assert changes(done) == {"first": True, "again": False, "forced, check": True, "forced": True}
    first, second = account.orders()
    diff = done["forced"].result["diff"]
    assert done["forced, check"].result["diff"] == diff
    assert f"deploy_order: deploy order {first['deploy_order_id']} ('{first['name']}')" in diff["before"]
    assert f"deploy_order: a new one ('{second['name']}'), which releases the same again" in diff["after"]
    assert done["again"].result["diff"]["before"] == done["again"].result["diff"]["after"]
    assert [order["name"] for order in account.orders()] == [asked(done["first"])["Name"]] * 2


def test_an_environment_that_was_taken_offline_is_deployed_again(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OLD)
    account.call("OfflineAppEnvironment", AppId=APP_ID, EnvId=ENVIRONMENT_ID)
    done = account.run("jst_deployment", **HERE, images=[OLD])
    assert done.result["changed"] is True, done.result
    assert [instance["version"] for instance in account.instances()] == ["1.0", "1.0"]


# Orders that were not finished or came to nothing


def test_a_failed_order_fails_the_task_and_tells_of_its_pods(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OLD)
    failed = account.run("jst_deployment", **HERE, images=[BAD])
    assert failed.result["failed"]
    order = failed.result["deploy_order"]
    assert (order["status"], order["result"]) == ("finished", "failed")
    assert float(order["failure_rate"]) > 0
    [pod] = order["failed_pods"]
    assert "Fatal: could not start" in pod["log"]
    assert "Warning Failed: Container did not start" in pod["events"]
    message = failed.result["msg"]
    assert f"Deploy order {order['deploy_order_id']} ({order['name']!r}) ended as failed" in message
    assert pod["instance"] in message
    assert failed.result["error"]["hint"] in message


def test_after_an_interrupted_order_what_the_baseline_names_is_deployed(emulators: Emulators, tmp_path: Path) -> None:
    """A closed order leaves some instances with the new image, of which the baseline tells nothing."""
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OLD)
    interrupted = account.deployed(NEW, PauseType="first")
    account.call("CloseDeployOrder", DeployOrderId=interrupted)
    assert {instance["version"] for instance in account.instances()} == {"1.0", "1.1"}
    done = by_name(
        account.run_tasks(
            {**release("back, check", images=[OLD]), "check_mode": True},
            release("back", images=[OLD]),
            release("back again", images=[OLD]),
        )
    )
    assert changes(done) == {"back, check": True, "back": True, "back again": False}
    assert {instance["version"] for instance in account.instances()} == {"1.0"}
    for name in ("back, check", "back"):
        before = yaml.safe_load(done[name].result["diff"]["before"])
        assert before["interrupted"] == f"deploy order {interrupted} ('by hand')"
    assert "interrupted" not in done["back again"].result["diff"]["before"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize("image", [NEW, OLD], ids=["another image", "what the baseline names"])
def test_another_unfinished_order_is_named(image: str, check: bool, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OLD)
    order = account.deployed(OTHER, PauseType="first")
    failed = account.run("jst_deployment", check=check, **HERE, images=[image])
    assert failed.result["failed"]
    for text in (f"deploy order {order} ('by hand')", "paused, batch 1 of 2", "on_unfinished"):
        assert text in failed.result["msg"]
    assert failed.writes == []


def test_an_unfinished_scaling_is_in_the_way_too(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OLD)
    control(account.address, "clock", {"scale": 0})
    account.call("ScaleApp", EnvId=ENVIRONMENT_ID, Replicas=4)
    same, failed = account.run_tasks(release("same", images=[OLD]), release("another", images=[NEW]))
    control(account.address, "clock", {"scale": 120})
    assert same.result["changed"] is False, same.result
    assert "unfinished deploy order" in failed.result["msg"]
    assert failed.writes == []


def test_another_unfinished_order_is_closed_if_wanted(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OLD)
    order = account.deployed(OTHER, PauseType="first")
    preview, done = account.run_tasks(
        {**release("check", images=[NEW], on_unfinished="close"), "check_mode": True},
        release("real", images=[NEW], on_unfinished="close"),
    )
    assert preview.result["changed"] is True, preview.result
    assert preview.writes == []
    assert done.result["changed"] is True, done.result
    assert done.writes == ["CloseDeployOrder", "DeployApp"]
    assert preview.result["diff"] == done.result["diff"]
    assert account.order(order)["result"] == 4
    assert {instance["version"] for instance in account.instances()} == {"1.1"}


def test_an_order_that_finished_before_it_could_be_closed(emulators: Emulators, tmp_path: Path) -> None:
    """What was refused because the world has moved on is planned again."""
    account = Account(emulators.fresh(), tmp_path)
    account.deploy(OTHER, Description="so that nothing more has to be asked of it")
    control(account.address, "clock", {"scale": 0})
    account.fault("delay", "ListDeployOrders", seconds=2)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(account.run, "jst_deployment", **HERE, images=[NEW], on_unfinished="close")
        while not [call for call in control(account.address, "calls") if call["action"] == "ListDeployOrders"]:
            time.sleep(0.05)
        control(account.address, "clock", {"advance_s": 600, "scale": 120})
        done = running.result()
    assert done.result["changed"] is True, done.result
    assert done.writes == ["CloseDeployOrder", "DeployApp"]
    assert [order["result"] for order in account.orders()] == [1, 1]


@pytest.mark.parametrize(("image", "orders"), [(NEW, 2), (OTHER, 1)], ids=["another image", "the same image"])
def test_another_unfinished_order_is_waited_for_if_wanted(
    image: str, orders: int, emulators: Emulators, tmp_path: Path
) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deploy(OTHER)
    done = account.run("jst_deployment", **HERE, images=[image], on_unfinished="wait")
    assert not done.result["failed"], done.result
    assert done.result["changed"] is (orders == 2)
    assert [order["result"] for order in account.orders()] == [1] * orders


def test_waiting_for_an_order_that_pauses_comes_to_an_end(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    order = account.deployed(OTHER, PauseType="first")
    options = {**HERE, "images": [NEW], "on_unfinished": "wait", "wait_timeout": 1}
    preview, failed = account.run_tasks(
        task("check", "jst_deployment", options, check_mode=True), task("real", "jst_deployment", options)
    )
    assert preview.result["changed"] is True, preview.result
    assert failed.result["failed"]
    assert f"Gave up waiting for deploy order {order} ('by hand') to finish" in failed.result["msg"]
    assert "last seen: paused, batch 1 of 2" in failed.result["msg"]
    assert failed.result["deploy_order"]["deploy_order_id"] == order
    assert failed.writes == []


def test_the_order_of_a_run_that_was_cut_off_is_joined(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    control(account.address, "clock", {"scale": 10})
    cut_off, preview, joined, again = account.run_tasks(
        release("cut off", images=[NEW], wait=False),
        {**release("joined, check", images=[NEW]), "check_mode": True},
        release("joined", images=[NEW]),
        release("again", images=[NEW]),
    )
    control(account.address, "clock", {"scale": 120})
    assert cut_off.result["deploy_order"]["status"] in ("waiting", "running")
    order = joined.result["deploy_order"]
    assert order["deploy_order_id"] == cut_off.result["deploy_order"]["deploy_order_id"]
    assert (order["status"], order["result"]) == ("finished", "succeeded")
    for record in (preview, joined, again):
        assert record.result["changed"] is False, record.result
        assert record.writes == []
    assert preview.result["deploy_order"]["deploy_order_id"] == order["deploy_order_id"]
    assert again.result["deploy_order"] is None


def test_an_order_that_pauses_is_done(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path, replicas=3)
    first, each = account.run_tasks(
        release("first", images=[OLD], partitions=3, pause_type="first"),
        release("each", images=[NEW], partitions=3, pause_type="each", on_unfinished="close"),
    )
    for record, pause_type in ((first, "first"), (each, "each")):
        order = record.result["deploy_order"]
        assert (order["status"], order["result"], order["pause_type"]) == ("paused", "undecided", pause_type)
        assert (order["current_partition"], order["partitions"]) == (1, 3)


def test_without_waiting_the_id_is_told(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    control(account.address, "clock", {"scale": 0})
    done = account.run("jst_deployment", **HERE, images=[NEW], wait=False)
    control(account.address, "clock", {"scale": 120})
    assert done.result["changed"] is True, done.result
    assert done.result["deploy_order"]["deploy_order_id"] == account.orders()[0]["deploy_order_id"]
    assert done.result["deploy_order"]["status"] == "waiting"


def test_the_operator_sees_how_far_an_order_is(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    control(account.address, "clock", {"scale": 20})
    playbook = tmp_path / "progress.yml"
    tasks = [release("first", images=[NEW], wait_interval=0.1)]
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    _dummy, output = run_playbook(account.address, tmp_path, [str(playbook)])
    control(account.address, "clock", {"scale": 120})
    subject = "app shop, environment production: release by deploy order 60001"
    assert f"[localhost] {subject}: running, batch 1 of 2, instances 0 of 2" in output


def test_progress_shows_names_where_they_are_known_without_a_call(emulators: Emulators, tmp_path: Path) -> None:
    """The environment is read by its id, with its name. A given id of an order shows the id of the environment."""
    account = Account(emulators.fresh(), tmp_path)
    control(account.address, "clock", {"scale": 20})
    ids = {"app_id": APP_ID, "environment_id": ENVIRONMENT_ID, "images": [NEW], "pause_type": "first"}
    waiting = {"wait_interval": 0.1}
    records, output = run_tasks_with_output(
        account.address,
        account.folder,
        [
            task("release", "jst_deployment", {**ids, **waiting}),
            task("by id", "jst_deploy_order", {"deploy_order_id": 60001, "state": "resumed", **waiting}),
            task("scale", "jst_scale", {**HERE, "replicas": 4, **waiting}),
        ],
    )
    control(account.address, "clock", {"scale": 120})
    assert [record.result["failed"] for record in records] == [False] * 3, output
    lines = [line.partition("] ")[2] for line in output.splitlines() if line.startswith("[localhost] ")]
    assert {line.rpartition(": ")[0] for line in lines} == {
        "app 10001, environment production: release by deploy order 60001",
        "environment 20001: deploy order 60001",
        "app shop, environment production: scaling by deploy order 60002",
    }
    assert [call["action"] for call in records[1].calls if call["action"].startswith("List")] == []


# Refusals


@pytest.mark.parametrize(("code", "reason"), [("102000", "no release credential"), ("102001", "still under review")])
def test_a_release_that_is_not_admitted(code: str, reason: str, emulators: Emulators, tmp_path: Path) -> None:
    world = tmp_path / "world.yml"
    world.write_text(f"settings: {{admission_refusals: [{{app: shop, environment: production, code: '{code}'}}]}}\n")
    account = Account(emulators.fresh("canonical", "--world", str(world)), tmp_path)
    refused = account.run("jst_deployment", **HERE, images=[NEW])
    assert refused.result["failed"]
    assert "Could not deploy to environment 'production': the deployment is not admitted" in refused.result["msg"]
    assert reason in refused.result["msg"]
    assert refused.result["error"]["code"] == code
    assert refused.writes == ["DeployApp"]
    assert account.orders() == []


def test_an_environment_that_is_not_there(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    by_number, by_its_name, preview = account.run_tasks(
        task("id", "jst_deployment", {"app": "shop", "environment_id": 20099}),
        task("name", "jst_deployment", {"app": "shop", "environment": "nowhere"}),
        task("check", "jst_deployment", {"app": "shop", "environment": "nowhere"}, check_mode=True),
    )
    assert by_number.result["failed"]
    assert "20099" in by_number.result["msg"]
    assert by_number.result["error"]["action"] == "DescribeAppEnvironmentDetail"
    assert by_its_name.result["msg"] == "There is no environment 'nowhere' in app 'shop', only 'production'."
    assert preview.result["changed"] is True, preview.result
    assert re.fullmatch(r"\[jst:[0-9a-f]{12}\]", preview.result["deploy_order"]["description"])
    assert "nowhere" in preview.result["warnings"][0]


def test_a_baseline_that_cannot_be_told(emulators: Emulators, tmp_path: Path) -> None:
    """Before the first release it is taken for an empty one; afterwards the mark of the last order tells."""
    account = Account(emulators.fresh(), tmp_path)
    account.fault("business", "DescribeAppEnvDeployBaseline", count=100)
    first, again, other = account.run_tasks(
        release("first", images=[NEW]), release("again", images=[NEW]), release("other", images=[OTHER])
    )
    assert [record.result["changed"] for record in (first, again, other)] == [True, False, True]
    assert len(account.orders()) == 2


# Exactly one order


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "garbage", "bad_gateway"])
def test_a_lost_answer_makes_exactly_one_order(kind: str, emulators: Emulators, tmp_path: Path) -> None:
    """An older order of the same content is not taken for it."""
    account = Account(emulators.fresh(), tmp_path)
    account.run("jst_deployment", **HERE, images=[NEW])
    account.fault(kind, "DeployApp")
    done = account.run("jst_deployment", **HERE, images=[NEW], force=True)
    assert done.result["changed"] is True, done.result
    _dummy, order = account.orders()
    assert done.result["deploy_order"]["deploy_order_id"] == order["deploy_order_id"]
    assert done.result["deploy_order"]["status"] == "finished"


def test_a_lost_answer_and_a_list_that_lags_behind(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.fault("drop_after", "DeployApp")
    account.fault("stale_read", "ListDeployOrders", after=2, count=2)
    done = account.run("jst_deployment", **HERE, images=[NEW])
    assert done.result["changed"] is True, done.result
    assert len(account.orders()) == 1


def test_a_lost_answer_after_another_order_was_closed(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    account.deployed(OTHER, PauseType="first")
    account.fault("drop_after", "CloseDeployOrder")
    account.fault("drop_before", "DeployApp")
    done = account.run("jst_deployment", **HERE, images=[NEW], on_unfinished="close")
    assert done.result["changed"] is True, done.result
    assert [order["result"] for order in account.orders()] == [4, 1]


@pytest.mark.parametrize("images", [(OLD, NEW), (NEW, NEW)], ids=["different", "the same"])
def test_two_runs_at_once(images: tuple[str, str], emulators: Emulators, tmp_path: Path) -> None:
    """Both see an environment without orders; the service takes one of them."""
    account = Account(emulators.fresh(), tmp_path)
    control(account.address, "clock", {"scale": 5})

    def one(number: int) -> Recorded:
        folder = tmp_path / str(number)
        folder.mkdir()
        beside = Account.__new__(Account)
        beside.address, beside.folder = account.address, folder
        return beside.run("jst_deployment", **HERE, images=[images[number]], read_timeout=100)

    with barrier(account.address, "DeployApp", 2, hold="before"), ThreadPoolExecutor() as pool:
        records = list(pool.map(one, range(2)))
    control(account.address, "clock", {"scale": 120})
    calls = [call for call in control(account.address, "calls") if call["action"] == "DeployApp"]
    assert [call["outcome"] for call in calls] == ["ok", "refused"]
    [order] = account.orders()
    assert order["result"] == 1
    winner, loser = sorted(records, key=lambda record: record.result["changed"], reverse=True)
    assert winner.result["changed"] is True, winner.result
    assert winner.result["deploy_order"]["deploy_order_id"] == order["deploy_order_id"]
    assert loser.result["changed"] is False
    if images[0] == images[1]:
        assert loser.result["deploy_order"]["deploy_order_id"] == order["deploy_order_id"], loser.result
        assert loser.result["deploy_order"]["result"] == "succeeded"
    else:
        assert loser.result["failed"]
        assert f"unfinished deploy order {order['deploy_order_id']} ({order['name']!r})" in loser.result["msg"]
