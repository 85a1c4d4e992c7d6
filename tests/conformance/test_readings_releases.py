# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases, scalings and claims where the service is another one than the emulator is by default.

No release that nobody asked for, and no rollback of a good one, under any reading of the reference.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, ENVIRONMENT_ID, HERE, ONLINE, Account, release
from tests.conformance.barriers import barrier
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import OWNER, WHOLE_CONFIG, WHOLE_ENVIRONMENT, deployment
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook, task
from tests.conformance.test_release import Run, play
from tests.conformance.test_release import release as release_by_role

OLD, NEW, OTHER = (f"registry.example.com/shop:{tag}" for tag in ("1.0", "1.1", "1.2"))
PROXY = "registry.example.com/proxy:1.0"
VOLUME = {
    "ClusterInstanceId": ONLINE,
    "Name": "media",
    "Capacity": "1Gi",
    "AccessModes": "ReadWriteOnce",
    "StorageClass": "media",
    "ReclaimPolicy": "Retain",
    "NFSVersion": "4.0",
    "MountTargetDomain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com",
}
CLAIM = {"name": "media", "capacity": "1Gi", "access_mode": "ReadWriteOnce", "storage_class": "media"}
# What a release that is not needed costs where the environment is given by its name.
NO_CHANGE_CALLS = 7
NOT_KNOWN = "It is not known whether environment 'production' runs the requested content."


def two_containers() -> dict[str, Any]:
    """A Deployment with two containers."""
    document = deployment()
    document["spec"]["template"]["spec"]["containers"].append({"name": "proxy", "image": PROXY})
    return document


def account_under(
    emulators: Emulators, folder: Path, document: dict[str, Any] | None = None, /, **readings: str
) -> Account:
    """An account of a service that reads the reference in this way."""
    address = emulators.fresh()
    control(address, "readings", readings)
    return Account(address, folder, document=document)


def actions(record: Recorded) -> list[str]:
    """The operations that a task called."""
    return [call["action"] for call in record.calls]


def seen(*records: Recorded) -> list[tuple[bool, list[str]]]:
    """Whether each task changed something, and what it wrote; none has failed."""
    for record in records:
        assert not record.result["failed"], f"{record.task}: {record.result}"
    return [(record.result["changed"], record.writes) for record in records]


# An order has finished before its result is decided


def until_called(account: Account, action: str) -> None:
    """Wait until a task calls an operation twice in a row, as one that waits does."""
    for _dummy in range(1000):
        if [call["action"] for call in control(account.address, "calls")][-2:] == [action] * 2:
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody waits for {action}")


@contextmanager
def undecided(account: Account, order: int) -> Iterator[None]:
    """Stop the time when an order has finished and its result is not decided."""
    for _dummy in range(1000):
        shown = account.order(order)
        if shown["status"] == 3:
            break
        account.advance(0.5)
    assert (shown["status"], shown["result"]) == (3, 0)
    yield
    control(account.address, "clock", {"scale": 120})


def begun(account: Account, image: str = NEW) -> int:
    """Begin a release while no time passes, as a run that is cut off does; gives the id of its order."""
    control(account.address, "clock", {"scale": 0})
    (record,) = account.run_tasks(release("begun", images=[image], wait=False))
    return int(record.result["deploy_order"]["deploy_order_id"])


def test_an_order_without_a_result_is_waited_for(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, order_result="later")
    order = begun(account)
    with undecided(account, order):
        late, steered, check, other = account.run_tasks(
            release("late", images=[NEW], wait_timeout=1),
            task("steered", "jst_deploy_order", {"deploy_order_id": order, "state": "finished", "wait_timeout": 1}),
            {**release("check", images=[NEW]), "check_mode": True},
            {**release("other", images=[OTHER]), "check_mode": True},
        )
    for record in (late, steered):
        assert record.result["failed"]
        assert "last seen: finished, but the service has not returned its result yet" in record.result["msg"]
        assert record.writes == []
    assert seen(check, other) == [(False, []), (True, [])]
    assert check.result["deploy_order"]["deploy_order_id"] == order
    done = account.run_tasks(release("joined", images=[NEW]), release("again", images=[NEW]))
    assert seen(*done) == [(False, [])] * 2


@pytest.mark.parametrize("on_unfinished", ["fail", "close"])
def test_another_order_without_a_result_is_in_nobodys_way(
    on_unfinished: str, emulators: Emulators, tmp_path: Path
) -> None:
    """There is nothing to close of it, and what it left is known a second later."""
    account = account_under(emulators, tmp_path, order_result="later")
    with undecided(account, begun(account)), ThreadPoolExecutor() as pool:
        running = pool.submit(account.run, "jst_deployment", **HERE, images=[OTHER], on_unfinished=on_unfinished)
        until_called(account, "DescribeDeployOrderDetail")
        control(account.address, "clock", {"scale": 120})
    assert seen(running.result()) == [(True, ["DeployApp"])]


def test_a_scaling_without_a_result_is_waited_for(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, order_result="later")
    account.deployed(OLD)
    control(account.address, "clock", {"scale": 0})
    options = {**HERE, "replicas": 3}
    (record,) = account.run_tasks(task("begun", "jst_scale", {**options, "wait": False}))
    with undecided(account, record.result["deploy_order"]["deploy_order_id"]):
        late = account.run("jst_scale", **{**options, "wait_timeout": 1})
    assert "has not returned its result yet" in late.result["msg"]
    assert seen(account.run("jst_scale", **options)) == [(False, [])]


def test_a_release_without_a_result_is_not_rolled_back(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, order_result="later")
    account.deployed(OLD)
    order = begun(account)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(release_by_role, account, NEW, release_wait_timeout=3, release_strategy="all_at_once")
        until_called(account, "DescribeDeployOrderDetail")
        with undecided(account, order):
            done = running.result()
            back = play(account, "rollback", release_environment="production", release_wait_timeout=1)
    assert done.failed
    assert done.writes == back.writes == []
    assert done.result["status"] == "kept", done.result
    assert "has not returned its result. The role does not change the order." in done.result["message"]
    assert back.failed
    assert "the service has not returned its result. Nothing is released." in back.output
    assert release_by_role(account, NEW).result["status"] == "unchanged"
    assert [order["result"] for order in account.orders()] == [1, 1]


# Lists that are out of date


def test_a_scaling_is_not_repeated_while_the_list_lags_behind(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, instances="late")
    account.deployed(OLD)
    control(account.address, "clock", {"scale": 0})
    options = {**HERE, "replicas": 3}
    (record,) = account.run_tasks(task("begun", "jst_scale", {**options, "wait": False}))
    order = record.result["deploy_order"]["deploy_order_id"]
    while account.order(order)["status"] != 3:
        account.advance(0.5)
    assert len(account.instances()) == 2
    with ThreadPoolExecutor() as pool:
        running = pool.submit(account.run, "jst_scale", **options)
        until_called(account, "ListAppInstance")
        control(account.address, "clock", {"scale": 120})
        assert seen(running.result()) == [(False, [])]


def test_a_first_release_where_no_allocation_is_shown(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, environment_allocation="none")
    check = account.run("jst_deployment", check=True, **HERE, images=[NEW])
    assert seen(check) == [(True, [])]
    assert "The service shows no cluster of environment 'production'." in check.result["warnings"][0]
    assert release_by_role(account, NEW, release_strategy="all_at_once").result["status"] == "released"


# What runs, where the baseline does not tell

FORMS = ("all", "normalized", "without_host", "digest", "nothing")


@pytest.mark.parametrize("form", FORMS)
def test_the_mark_of_the_last_order_tells_what_runs(form: str, emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, two_containers(), baseline_images=form)
    first, again, back, by_name, forced = account.run_tasks(
        release("first", images=[NEW, PROXY]),
        release("again", images=[NEW, PROXY]),
        release("back"),
        release("by name", images=[OLD, PROXY]),
        release("forced", images=[OLD, PROXY], force=True),
    )
    assert seen(first, again, back, by_name, forced) == [
        (True, ["DeployApp"]),
        (False, []),
        (True, ["DeployApp"]),
        (False, []),
        (True, ["DeployApp"]),
    ]
    assert not any(record.result.get("warnings") for record in (first, again, back, by_name, forced))
    assert len(again.calls) == len(by_name.calls) == NO_CHANGE_CALLS


@pytest.mark.parametrize("form", ["signed", "nothing"])
def test_the_mark_tells_of_packages_too(form: str, emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, baseline_package=form)
    url = {"packet_url": "https://packets.emulator.example/shop-9.jar"}
    done = account.run_tasks(release("first", **url), release("again", **url), release("id", packet_id=2001))
    assert seen(*done) == [(True, ["DeployApp"]), (False, []), (True, ["DeployApp"])]


@pytest.mark.parametrize("form", FORMS[2:])
def test_what_is_not_known_is_no_reason_for_a_release(form: str, emulators: Emulators, tmp_path: Path) -> None:
    """An order of somebody else has no mark, and the baseline has another form than what was sent."""
    account = account_under(emulators, tmp_path, baseline_images=form)
    account.deployed(NEW)
    unknown, forced, known = account.run_tasks(
        release("unknown", images=[NEW]),
        release("forced", images=[NEW], force=True),
        release("known", images=[NEW]),
    )
    assert seen(unknown, forced, known) == [(False, []), (True, ["DeployApp"]), (False, [])]
    [warning] = unknown.result["warnings"]
    assert warning.startswith(NOT_KNOWN)
    assert "deploy order 60001 ('by hand')" in warning.lower()
    assert "Set force=true to release." in warning
    assert not known.result.get("warnings")


def test_an_unmarked_order_of_several_images(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, two_containers())
    account.deployed(NEW, ContainerImageList=[NEW, PROXY])
    unknown, other = account.run_tasks(release("unknown", images=[NEW, PROXY]), release("other", images=[OTHER, PROXY]))
    assert seen(unknown, other) == [(False, []), (True, ["DeployApp"])]
    assert unknown.result["warnings"][0].startswith(NOT_KNOWN)
    before = yaml.safe_load(other.result["diff"]["before"])
    assert before["images"] == [NEW, "(not shown by the service)"]


@pytest.mark.parametrize("form", ["without_host", "nothing"])
def test_what_a_release_could_not_go_back_to(form: str, emulators: Emulators, tmp_path: Path) -> None:
    """Role release goes back to what it knows for certain, by its own notes or by a mark, and to nothing else."""
    account = account_under(emulators, tmp_path, baseline_images=form)
    account.deployed(OTHER)
    if form == "nothing":
        unknown = release_by_role(account, NEW)
        assert (unknown.failed, unknown.writes, unknown.result["status"]) == (False, [], "unchanged")
        assert unknown.result["message"].startswith(NOT_KNOWN)
        assert "already" not in unknown.output
    refused = release_by_role(account, NEW, release_force=form == "nothing")
    assert refused.failed
    assert refused.writes == []
    assert "could not be rolled back. Set release_previous" in refused.output
    seen(*account.run_tasks(release("of the deploy config", force=True)))
    done = release_by_role(account, "registry.example.com/shop:fail", release_strategy="all_at_once")
    assert done.result["status"] == "rolled_back"
    assert (
        account.call("ListAppInstance", AppId=APP_ID, EnvId=ENVIRONMENT_ID, PageNumber=1, PageSize=9)[0]["version"]
        == "1.0"
    )


# What orders show


@pytest.mark.parametrize("names", ["as_given", "numbered", "cut"])
def test_a_list_without_descriptions(names: str, emulators: Emulators, tmp_path: Path) -> None:
    """One call more describes the last order: its default name shows neither Secrets nor ports."""
    account = account_under(
        emulators, tmp_path, two_containers(), order_description="missing_in_lists", order_names=names
    )
    named = {"images": [NEW, PROXY], "name": "spring"}
    unnamed = {"images": [OTHER, PROXY]}
    done = account.run_tasks(*(release(turn, **options) for options in (named, unnamed) for turn in ("first", "again")))
    assert seen(*done) == [(True, ["DeployApp"]), (False, [])] * 2
    assert [actions(again).count("DescribeDeployOrderDetail") for again in (done[1], done[3])] == [1, 1]


def test_a_rollback_where_lists_have_no_descriptions(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, order_description="missing_in_lists", order_names="numbered")
    quick: dict[str, Any] = {"release_strategy": "all_at_once", "release_verify": False}
    for image in (NEW, OTHER):
        assert release_by_role(account, image, **quick).result["status"] == "released"
    back = play(account, "rollback", release_environment="production", **quick)
    assert back.result["status"] == "released", back.output
    [order] = [call["params"] for record in back.records for call in record.calls if call["action"] == "DeployApp"]
    assert order["ContainerImageList"] == [NEW]


# Options and messages


@pytest.mark.parametrize("option", ["images", "init_images"])
def test_an_empty_list_of_images(option: str, emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path)
    whole = {
        **{name: value for name, value in APP_OPTIONS.items()},
        "deploy_configs": [WHOLE_CONFIG],
        "environments": [{**WHOLE_ENVIRONMENT, "release": {option: []}}],
    }
    for record in account.run_tasks(release("one", **{option: []}), task("whole", "jst_application", whole)):
        assert record.result["failed"]
        assert f"Option {option} is an empty list." in record.result["msg"]
        assert record.calls == []


def test_an_environment_is_called_by_its_name(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path)
    account.deployed(OLD)
    account.fault("business", "DeployApp")
    options = {"app_id": APP_ID, "environment_id": ENVIRONMENT_ID, "images": [NEW]}
    (failed,) = account.run_tasks(task("failed", "jst_deployment", options))
    assert "Could not deploy to environment 'production'" in failed.result["msg"]


# Claims

APP_OPTIONS: dict[str, Any] = {
    "title": "shop",
    "biz_code": "JST",
    "language": "Java",
    "service_type": "StoreApplication",
    "user_roles": OWNER,
}


def test_a_claim_that_a_release_binds(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, claim_binding="first_consumer")
    account.call("CreatePersistentVolume", **VOLUME)
    document = deployment()
    pod = document["spec"]["template"]["spec"]
    pod["volumes"] = [{"name": "media", "persistentVolumeClaim": {"claimName": "media"}}]
    environment = {**WHOLE_ENVIRONMENT, "volume_claims": [CLAIM], "services": [], "slb_aps": []}
    hosts = {
        "shop": {
            **{f"application_{name}": value for name, value in APP_OPTIONS.items()},
            "application_deploy_configs": [{"name": "web", "env_type": "online", "deployment": document}],
            "application_environments": [environment],
        }
    }
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts}}))
    arguments = ["-i", str(inventory), f"{COLLECTION}.bring_up"]
    for further in ([], [], ["-e", "application_in_one_task=false"]):
        records, output = run_playbook(account.address, tmp_path, [*arguments, *further])
        assert " failed=0 " in output, output
        writes = [write for record in records for write in record.writes]
        assert ("DeployApp" in writes) is (not further and "CreatePersistentVolumeClaim" in writes)
    assert writes == []
    assert [claim["status"] for claim in control(account.address, "state")["claims"]] == ["Bound"]


def test_a_claim_that_nothing_binds_says_why(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, claim_binding="first_consumer")
    account.call("CreatePersistentVolume", **VOLUME)
    options = {**HERE, **CLAIM, "wait_timeout": 1}
    playbook = tmp_path / "claim.yml"
    tasks = [task("claim", "jst_persistent_volume_claim", options)]
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    (failed,), output = run_playbook(account.address, tmp_path, [str(playbook)])
    reason = (
        "status Pending, persistent volume 'media' of its storage class has status Available. Its storage class may"
    )
    assert (
        f"last seen: {reason} bind a claim only when an instance uses it. In this case, set wait=false"
        in failed.result["msg"]
    )
    assert output.count(f"persistent volume claim 'media': {reason}") == 1


def test_a_released_volume_is_not_given_to_a_claim(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path)
    account.call("CreatePersistentVolume", **VOLUME)
    absent = {**HERE, "name": "media", "state": "absent"}
    _made, _gone, again = account.run_tasks(
        task("made", "jst_persistent_volume_claim", {**HERE, **CLAIM, "wait_interval": 0.5}),
        task("gone", "jst_persistent_volume_claim", absent),
        task("again", "jst_persistent_volume_claim", {**HERE, **CLAIM, "wait_timeout": 1}),
    )
    words = "persistent volume 'media' of its storage class has status Released. A released volume is not given to"
    assert f"last seen: status Pending, {words} another claim" in again.result["msg"]
    assert f"stays unbound: {words} another claim" in again.result["warnings"][0]


# Teardown


def torn_down(account: Account, **further: Any) -> Run:
    """Run playbook teardown for the app of the account."""
    names = ("name", "env_type", "region", "replicas")
    environment = {**{name: WHOLE_ENVIRONMENT[name] for name in names}, "deploy_config": "web"}
    return play(
        account,
        "teardown",
        **{f"application_{name}": value for name, value in APP_OPTIONS.items()},
        application_deploy_configs=[{"name": "web", "env_type": "online"}],
        application_environments=[environment],
        teardown_confirm="shop",
        **further,
    )


def test_two_teardowns_at_once(emulators: Emulators, tmp_path: Path) -> None:
    """The later run finds that the app is gone, and ends well."""
    account = account_under(emulators, tmp_path)
    account.deployed(OLD)

    def one(number: int) -> Run:
        beside = Account.__new__(Account)
        beside.address, beside.folder = account.address, tmp_path / str(number)
        beside.folder.mkdir()
        return torn_down(beside)

    with barrier(account.address, "OfflineAppEnvironment", 2, hold="before"), ThreadPoolExecutor() as pool:
        runs = list(pool.map(one, range(2)))
    assert [done.failed for done in runs] == [False, False], [done.output for done in runs]
    assert control(account.address, "state")["apps"] == []


def test_a_teardown_where_lists_show_what_was_deleted(emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, list_deletes="late")
    account.call("CreateAppGroup", BizCode="JST", Name="shops")
    account.call("BindGroup", BizCode="JST", Name="shops", AppId=APP_ID)
    control(account.address, "clock", {"scale": 2})
    done = torn_down(account, application_group={"name": "shops"})
    assert not done.failed, done.output
    assert [control(account.address, "state")[kind] for kind in ("apps", "groups")] == [[], []]


@pytest.mark.parametrize(
    "reading",
    [
        {"failed_order_result": "other"},
        {"closed_order_result": "two"},
        {"admission_code": "both"},
        {"admission_code": "neither"},
        {"scaled_replicas": "at_once"},
        {"scaled_replicas": "unchanged"},
        {"instances": "late"},
        {"instances": "starting"},
        {"instances": "lingering"},
        {"waiting_orders": "as_running"},
        {"waiting_orders": "hidden"},
        {"environment_allocation": "none"},
        {"rebuilt_instance": "new_id"},
    ],
    ids=lambda reading: "=".join(next(iter(reading.items()))),
)
def test_nothing_is_done_twice(reading: dict[str, str], emulators: Emulators, tmp_path: Path) -> None:
    account = account_under(emulators, tmp_path, **reading)
    closed = {**HERE, "images": [OTHER], "partitions": 2, "pause_type": "first", "wait_interval": 0.5}
    scaled = {**HERE, "replicas": 3, "wait_interval": 0.5}
    done = account.run_tasks(
        release("first", images=[NEW]),
        release("again", images=[NEW]),
        task("scaled", "jst_scale", scaled),
        task("scaled again", "jst_scale", scaled),
        task("paused", "jst_deployment", closed),
        release("back", images=[NEW], on_unfinished="close"),
        release("back again", images=[NEW]),
    )
    assert seen(*done) == [
        (True, ["DeployApp"]),
        (False, []),
        (True, ["ScaleApp"]),
        (False, []),
        (True, ["DeployApp"]),
        (True, ["CloseDeployOrder", "DeployApp"]),
        (False, []),
    ]
    # What lingers is gone by then.
    control(account.address, "clock", {"advance_s": 3600})
    (instance, *_others) = account.instances()
    rebuilt = account.run("jst_app_instance", **HERE, state="rebuilt", instance=instance["app_instance_id"])
    assert seen(rebuilt) == [(True, ["RebuildAppInstance"])]
