# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One list for all tasks of a run, and what others do to the account while the run lasts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.bulk_worlds import apps, name
from tests.conformance.module_cases import OWNER, deployment
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook, run_tasks, task
from tests.tools.running_emulator import emulator

# Told to run in the worker, tasks run by Ansible: nothing else has an index.
OTHERS = 230
PAGES = 5
"""Pages of the list of apps in an account of the others and of those that the tests add."""

APP: dict[str, Any] = {
    "biz_code": "JST",
    "language": "Java",
    "operating_system": "Linux",
    "service_type": "GeneralApplication",
    "user_roles": OWNER,
}
RAW: dict[str, Any] = {
    "BizCode": "JST",
    "Language": "Java",
    "OperatingSystem": "Linux",
    "ServiceType": "GeneralApplication",
    "UserRoles": [{"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}],
}
DESCRIPTION: dict[str, Any] = {
    **{f"application_{option}": value for option, value in APP.items()},
    "application_group": {"name": "storefronts"},
    "application_deploy_configs": [{"name": "web", "env_type": "online", "deployment": deployment()}],
    "application_environments": [
        {
            "name": "production",
            "env_type": "online",
            "region": "cn-zhangjiakou",
            "replicas": 2,
            "deploy_config": "web",
            "cluster": "emu-online",
            "release": {},
        }
    ],
    "release_environment": "production",
    "release_images": ["{{ __test_image }}"],
    "__test_image": deployment()["spec"]["template"]["spec"]["containers"][0]["image"],
    "scale_environment": "production",
    "scale_replicas": 2,
    "teardown_confirm": "{{ inventory_hostname }}",
}
ANOTHER_KEY = {"access_key_id": "another-key", "access_key_secret": "canary-secret"}
TITLES, KNOWN = ("apple", "Apple"), "birch"

# What each playbook is run with. In check mode, teardown reads what it would delete, by the title alone. Drift also
# compares the account with the inventory.
PLAYBOOKS: dict[str, list[str]] = {
    "fleet": [],
    "bring_up": [],
    "drift": [],
    "release": [],
    "scale": [],
    "teardown": ["--check"],
}


@pytest.fixture
def account(tmp_path: Path) -> Iterator[str]:
    """Start an emulator with so many apps that their list has pages; gives its address."""
    file = tmp_path / "world.yml"
    others = [{**app, "user_roles": OWNER} for app in apps(OTHERS)]
    file.write_text(json.dumps({"apps": others, "credentials": [ANOTHER_KEY]}))
    with ExitStack() as stack:
        options = ("--world", str(file), "--time-scale", "120")
        yield stack.enter_context(emulator(*options, log=tmp_path / "emulator.log"))


def play(
    account: str, folder: Path, playbook: str, hosts: Mapping[str, Mapping[str, Any]], *options: str
) -> list[Recorded]:
    """Run a playbook over hosts, all at once."""
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"jst_apps": {"hosts": hosts}}))
    arguments = ["-i", str(inventory), f"{COLLECTION}.{playbook}", "--forks", "50", *options]
    records, output = run_playbook(account, folder, arguments)
    assert not [record for record in records if record.result["failed"]], output
    return records


def calls(records: Sequence[Recorded]) -> Counter[str]:
    """Count the calls of tasks by their operations."""
    return Counter(call["action"] for record in records for call in record.calls)


def run_mixed(account: str, folder: Path, tasks: Sequence[Mapping[str, Any]]) -> dict[str, Recorded]:
    """Run tasks that succeed on one host, and return their records by name."""
    records = {record.task: record for record in run_tasks(account, folder, tasks, in_process=True)}
    assert not [record.result for record in records.values() if record.result["failed"]]
    return records


def raw(action: str, **parameters: Any) -> dict[str, Any]:
    """Return a task that calls an operation, as another user of the account does while the run lasts."""
    return task(action, "jst_api", {"action": action, "parameters": parameters}, register=action)


def test_every_playbook_reads_the_list_once(account: str, tmp_path: Path) -> None:
    """Apps that are known by their titles take the calls of one that is known by its id; the list is read once."""
    records = play(account, tmp_path, "fleet", dict.fromkeys((*TITLES, KNOWN), DESCRIPTION))
    [known] = [record.result["application"]["app"]["app_id"] for record in records if record.host == KNOWN]
    ids = {f"{role}_app_id": known for role in ("application", "release", "scale")}
    # The known one is the first, and reads the lists of clusters and groups.
    hosts = {KNOWN: {**DESCRIPTION, **ids}, **dict.fromkeys(TITLES, DESCRIPTION)}
    for playbook, options in PLAYBOOKS.items():
        # One at a time, so that each call is that of a host.
        records = play(account, tmp_path, playbook, hosts, *options, "--forks", "1")
        assert not [record for record in records if record.writes], playbook
        counts = {host: calls([record for record in records if record.host == host]) for host in hosts}
        assert sum(count["ListApp"] for count in counts.values()) == PAGES * (2 if playbook == "drift" else 1), playbook
        for title in TITLES:
            assert set(counts[title] - counts[KNOWN]) <= {"ListApp"}, playbook


def test_runs_are_alone_with_their_list(account: str, tmp_path: Path) -> None:
    """A run begins with a list of its own, as each slice of a job does, and leaves none behind."""
    hosts = {name("app", index): {f"application_{option}": value for option, value in APP.items()} for index in (0, 99)}
    for _dummy in range(2):
        records = play(account, tmp_path, "fleet", hosts, "--check")
        assert calls(records) == Counter(ListApp=PAGES, DescribeAppDetail=2)


def test_accounts_and_regions_have_lists_of_their_own(account: str, tmp_path: Path) -> None:
    """What is visible depends on the key, so tasks with other access options share no list."""
    accesses: list[dict[str, Any]] = [{}, ANOTHER_KEY, {"region": "cn-beijing"}, {"endpoint": f"{account}/"}]
    tasks = [
        task(f"{number} {title}", "jst_app_info", {"title": title, "details": True, **access})
        for title in (name("app", 0), name("app", 99))
        for number, access in enumerate(accesses)
    ]
    done = run_mixed(account, tmp_path, tasks)
    assert [calls([record])["ListApp"] for record in done.values()] == [PAGES, PAGES, PAGES, 0, 0, 0, 0, 0]


def test_the_same_without_the_worker(account: str, tmp_path: Path) -> None:
    """A module in an interpreter of its own reads the list itself."""
    tasks = [task(title, "jst_app", {"title": title, "state": "absent", "force": True}) for title in ("none", "never")]
    tasks += [task(title, "jst_app", {**APP, "title": title}) for title in (name("app", 0), name("app", 120))]
    for in_process, pages in ((False, 4 * PAGES), (True, 2 * PAGES)):
        records = run_tasks(account, tmp_path, [{**one, "check_mode": True} for one in tasks], in_process=in_process)
        assert calls(records)["ListApp"] == pages


def test_what_the_run_changes_itself(account: str, tmp_path: Path) -> None:
    """What a task creates is found by the next without a list; what a task has deleted is looked for."""
    tasks = [
        task("read", "jst_app_group", {"biz_code": "JST", "name": "all", "apps": [name("app", 7)]}),
        task("create", "jst_app", {**APP, "title": "new"}),
        task("again", "jst_app", {**APP, "title": "new"}),
        task("child", "jst_deploy_config_info", {"app": "new"}),
        task("delete", "jst_app", {"title": "new", "state": "absent"}),
        task("anew", "jst_app", {**APP, "title": "new"}),
        task("anew again", "jst_app", {**APP, "title": "new"}),
    ]
    done = run_mixed(account, tmp_path, tasks)
    assert [record.result["changed"] for record in done.values()] == [True, True, False, False, True, True, False]
    assert [calls([done[one]])["ListApp"] for one in ("again", "child", "anew again")] == [0, 0, 0]
    assert done["anew"].result["app"]["app_id"] > done["create"].result["app"]["app_id"]
    assert min(calls([done[one]])["ListApp"] for one in ("create", "anew")) >= PAGES


def test_what_others_change(account: str, tmp_path: Path) -> None:
    """An app that others create, delete or replace after the list was read is found as it is, and never made twice."""
    first, second, third = (name("app", index) for index in (3, 4, 5))
    ids = {title: 10001 + index for title, index in ((first, 3), (second, 4), (third, 5))}
    service = {"k8s_service_id": "web", "environment": "none", "state": "absent"}
    tasks = [
        task("list", "jst_app", {"title": third}, check_mode=True),
        raw("CreateApp", **RAW, Title="others"),
        task("created", "jst_app", {**APP, "title": "others"}),
        task("created, again", "jst_app", {**APP, "title": "others"}),
        raw("DeleteAppDetail", AppId=ids[first], Force=True),
        task("deleted", "jst_app", {"title": first, "state": "absent"}),
        task("deleted, child", "jst_service", {"app": first, **service}),
        raw("DeleteAppDetail", AppId=ids[second], Force=True),
        task("made anew", "jst_app", {**APP, "title": second}),
        raw("DeleteAppDetail", AppId=ids[third], Force=True),
        raw("CreateApp", **RAW, Title=third),
        task("replaced, list", "jst_environment_info", {"app": third}),
        task("replaced, child", "jst_deploy_config", {"app": third, **CONFIG}),
        task("replaced", "jst_app", {**APP, "title": third}),
        task("replaced, found", "jst_app_info", {"title": third, "details": True}),
    ]
    done = run_mixed(account, tmp_path, tasks)
    assert not [record.task for record in done.values() if "created" in record.task and record.writes]
    assert calls([done["created, again"]]) == Counter(DescribeAppDetail=1)
    assert not done["deleted"].result["changed"]
    assert not done["deleted, child"].result["changed"]
    assert done["made anew"].result["changed"]
    replaced = done["replaced"].result["app"]["app_id"]
    assert replaced > ids[third]
    assert not done["replaced"].writes
    assert done["replaced, child"].result["deploy_config"]["app_id"] == replaced
    assert [app["app_id"] for app in done["replaced, found"].result["apps"]] == [replaced]
    titles = Counter(app["title"] for app in control(account, "state")["apps"])
    assert set(titles.values()) == {1}
    assert first not in titles


CONFIG = {"name": "web", "env_type": "online", "deployment": deployment()}
RENAMED = name("app", 3)
MEETINGS = {
    "itself": task("itself", "jst_app", {**APP, "title": RENAMED}, check_mode=True),
    "itself, listed": task("itself", "jst_app_info", {"title": RENAMED, "details": True}),
    "parent of something new": task("parent", "jst_deploy_config", {**CONFIG, "app": RENAMED}),
    "parent of nothing": task("parent", "jst_deploy_config_info", {"app": RENAMED}),
    "member of a group": task("member", "jst_app_group", {"biz_code": "JST", "name": "all", "apps": [RENAMED]}),
}


@pytest.mark.parametrize("meeting", MEETINGS)
def test_a_title_that_others_change(meeting: str, account: str, tmp_path: Path) -> None:
    """An app that got another title after the list was read no longer has the old one."""
    renamed = {"kind": "rewrite", "value": "renamed", "count": None}
    listed = {"action": "ListApp", "where": {"PageNumber": "1"}, "path": ["Data", 3, "Title"], "after": 1}
    details = {"action": "DescribeAppDetail", "where": {"AppId": "10004"}, "path": ["Result", "Title"]}
    for fault in (listed, details):
        control(account, "faults", {**renamed, **fault})
    tasks = [task("list", "jst_app", {"title": name("app", 9), "state": "absent"}, check_mode=True), MEETINGS[meeting]]
    _dummy, record = run_tasks(account, tmp_path, tasks, in_process=True)
    assert not record.writes
    if meeting == "itself":
        assert record.result["app"]["app_id"] is None
    elif meeting == "itself, listed":
        assert record.result["apps"] == []
    else:
        assert record.result["error"]["code"] == "NotFound", record.result


def test_clusters_of_one_title(account: str, tmp_path: Path) -> None:
    """A title that two resources have is an error, also when the second came after the list was read."""
    app, config = name("app", 0), {**CONFIG, "app": name("app", 0)}
    environment = {"app": app, "env_type": "online", "region": "cn-zhangjiakou", "replicas": 1, "deploy_config": "web"}
    cluster = {
        "BusinessCode": "JST",
        "ClusterEnvType": "PRO",
        "ClusterTitle": "emu-online",
        "ClusterType": "Serverless",
    }
    network = {"RegionId": "cn-zhangjiakou", "VpcId": "vpc-emu-1", "Vswitchids": ["vsw-emu-1"], "KeyPair": "key"}
    tasks = [
        task("config", "jst_deploy_config", config),
        task("first", "jst_environment", {**environment, "name": "first", "cluster": "emu-online"}),
        raw("CreateCluster", **cluster, **network),
        task("second", "jst_environment", {**environment, "name": "second", "cluster": "emu-online"}),
    ]
    done = {record.task: record for record in run_tasks(account, tmp_path, tasks, in_process=True)}
    assert not done["first"].result["failed"]
    assert done["second"].result["failed"]
    assert done["second"].result["error"]["code"] == "AmbiguousName"
    assert not done["second"].writes


def test_the_first_reads_and_the_others_wait(account: str, tmp_path: Path) -> None:
    """Many at once read one list, also while it takes its time and a page of it fails."""
    hosts = {
        name("app", index): {f"application_{option}": value for option, value in APP.items()} for index in range(20)
    }
    control(account, "faults", {"action": "ListApp", "kind": "delay", "seconds": 1.0, "count": 1})
    control(account, "faults", {"action": "ListApp", "kind": "internal_error", "after": 1, "count": 1})
    records = play(account, tmp_path, "fleet", hosts, "--check")
    assert calls(records) == Counter(ListApp=PAGES + 1, DescribeAppDetail=20)


def test_a_list_that_fails_is_not_shared(account: str, tmp_path: Path) -> None:
    """The task that cannot read a page fails, and the next one reads the whole list."""
    tasks = [task(str(index), "jst_app_info", {"title": name("app", index), "details": True}) for index in (60, 1, 62)]
    control(account, "faults", {"action": "ListApp", "kind": "business", "after": 1, "count": 1})
    first, second, third = run_tasks(account, tmp_path, tasks, in_process=True)
    assert [record.result["failed"] for record in (first, second, third)] == [True, False, False]
    assert [calls([record])["ListApp"] for record in (second, third)] == [PAGES, 0]
