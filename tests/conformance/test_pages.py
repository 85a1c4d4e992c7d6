# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists are complete: whatever their length, whatever the service counts, whatever moves meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from tests.conformance.bulk_worlds import APP, CLUSTER, ENVIRONMENT, ORDER, POD, RDS, World, apps, bulk_world, name
from tests.conformance.coverage_recorder import recorder
from tests.conformance.module_cases import APP as NEW_APP
from tests.conformance.playbook_runner import Recorded, control, run_tasks, task
from tests.tools.declarations import declaration
from tests.tools.module_texts import MODULES
from tests.tools.running_emulator import emulator

PAGE = 50
PLACE = {"app_id": APP, "environment_id": ENVIRONMENT}
DAY = {"start_time": "2026-01-05T00:00:00Z", "end_time": "2026-01-06T00:00:00Z"}


@dataclass(frozen=True)
class Listed:
    """A list that a module shows.

    :param module: the module.
    :param operation: by which it reads the list.
    :param key: of the result.
    :param member: of each thing, whose text ends with its name.
    :param kind: the start of their names.
    :param options: for the module.
    :param parents: whether other things belong to these, so that there is one at least.
    """

    module: str
    operation: str
    key: str
    member: str
    kind: str
    options: dict[str, Any] = field(default_factory=dict)
    parents: bool = False


# The ids of what lists belong to.
PARENTS = {"app_id": APP, "environment_id": ENVIRONMENT, "cluster_id": CLUSTER, "instance_id": RDS}

# What a list has in another way than ``list_of`` takes from the declaration.
DIFFERENT: Mapping[str, Mapping[str, Any]] = {
    "jst_app_info": {"parents": True},
    "jst_app_group_info": {"member": "name", "options": {"biz_code": "JST"}},
    "jst_app_instance_info": {"kind": POD},
    "jst_cluster_info": {"options": {"env_type": "online"}, "parents": True},
    "jst_cluster_node_info": {"member": "instance_id"},
    "jst_deploy_config_info": {"member": "name", "parents": True},
    "jst_deploy_order_info": {"member": "name", "options": PLACE, "parents": True},
    "jst_environment_info": {"parents": True},
    "jst_event_info": {"member": "message", "options": {**PLACE, "pod_name": POD, **DAY}},
    "jst_pod_info": {"member": "instance", "kind": POD, "options": {"deploy_order_id": ORDER}},
    "jst_rds_backup_info": {"member": "backup_id"},
    "jst_resource_alloc_info": {"member": "environment_id", "kind": "", "options": {"app_id": APP}},
    "jst_slb_ap_info": {"member": "name"},
    "jst_user_info": {"member": "user_id"},
}

# The service gives these whole, or they are no lists.
UNPAGED = {"jst_metric_info", "jst_rds_account_info", "jst_rds_db_info"}


def list_of(module: str) -> Listed:
    """Return the list of a reading module.

    It is read by the operation of its resource, within the parents of the resource. The last member of the key has the
    name, which starts with that of the resource (``bulk_worlds.py``).
    """
    info: Info = declaration(module)
    resource = info.resource
    usual = {
        "member": resource.key[-1] if resource.key else "name",
        "kind": resource.name.replace("_", "-"),
        "options": {reference.target: PARENTS[reference.target] for reference in resource.scope},
    }
    return Listed(module, resource.list_op.action, resource.plural, **{**usual, **DIFFERENT.get(module, {})})


LISTS = (
    *(list_of(module) for module in MODULES if module.endswith("_info") and module not in UNPAGED),
    Listed(
        "jst_cluster_node_info",
        "ListAvailableClusterNode",
        "cluster_nodes",
        "instance_id",
        "spare",
        {"cluster_id": CLUSTER, "available": True},
    ),
)

# Something new, and something on the second page, as far as that is looked for in a list.
WRITES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("jst_app", {**NEW_APP, "title": "new"}),
    ("jst_app", {"title": name("app", PAGE), "state": "absent"}),
    ("jst_app", {"title": name("app", PAGE), "description": "changed"}),
    ("jst_app_group", {"biz_code": "JST", "name": "new"}),
    ("jst_environment", {"app_id": APP, "name": name("environment", PAGE), "state": "absent"}),
    ("jst_persistent_volume", {"cluster_id": CLUSTER, "name": name("persistent-volume", PAGE), "state": "absent"}),
    ("jst_persistent_volume_claim", {**PLACE, "name": name("persistent-volume-claim", PAGE), "state": "absent"}),
    ("jst_service", {**PLACE, "k8s_service_id": name("service", PAGE), "state": "absent"}),
    ("jst_slb_ap", {**PLACE, "slb_id": "lb-emu-internet-1", "listener_port": 7, "state": "absent"}),
)

Crowd = Callable[..., str]


@pytest.fixture
def inhabited(tmp_path: Path) -> Iterator[Crowd]:
    """Starts an emulator with a world; gives its address."""
    with ExitStack() as stack:

        def start(world: World, answers: str = "canonical") -> str:
            file = tmp_path / "world.yml"
            file.write_text(yaml.safe_dump(world, sort_keys=False))
            options = ("--world", str(file), "--answers", answers, "--time-scale", "0")
            return stack.enter_context(emulator(*options, log=tmp_path / "emulator.log"))

        yield start


def asked(address: str, folder: Path, lists: Sequence[Listed] = LISTS) -> list[Recorded]:
    """What the modules show."""
    return run_tasks(address, folder, [task(each.operation, each.module, each.options) for each in lists])


def expected(listed: Listed, number: int) -> list[Any]:
    """The names that a complete list shows."""
    total = max(number, 1) if listed.parents else number
    if not listed.kind:
        return [ENVIRONMENT + index for index in range(total)]
    return [name(listed.kind, index) for index in range(total)]


def check_complete(record: Recorded, listed: Listed, number: int) -> None:
    """Each thing is shown, and none twice."""
    assert not record.result["failed"], record.result
    shown = sorted(thing[listed.member] for thing in record.result[listed.key])
    assert shown == expected(listed, number), listed.operation


def pages(record: Recorded, operation: str) -> int:
    """How many pages of a list a task read."""
    return [call["action"] for call in record.calls].count(operation)


def test_what_differs_is_said_of_paged_lists() -> None:
    assert {*DIFFERENT} <= {listed.module for listed in LISTS}
    assert {*UNPAGED} <= {*MODULES}


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        (0, "canonical"),
        (1, "canonical"),
        (PAGE, "canonical"),
        (PAGE + 1, "canonical"),
        (PAGE + 1, "sample"),
        (230, "canonical"),
    ],
)
def test_lists_of_any_length(number: int, answers: str, inhabited: Crowd, tmp_path: Path) -> None:
    """Nothing, one thing, a full page, one thing more, and many pages, of every kind of thing."""
    address = inhabited(bulk_world(number), answers)
    for record, listed in zip(asked(address, tmp_path), LISTS, strict=True):
        check_complete(record, listed, number)


@pytest.mark.parametrize("total", [0, 1])
def test_a_count_that_is_too_small(total: int, inhabited: Crowd, tmp_path: Path) -> None:
    """The sample of ListPods counts none of what it shows: the list is complete once a page is empty."""
    number = PAGE + 1
    address = inhabited(bulk_world(number))
    control(address, "faults", {"kind": "wrong_count", "total": total, "count": None})
    for record, listed in zip(asked(address, tmp_path), LISTS, strict=True):
        check_complete(record, listed, number)
        assert {call["outcome"] for call in record.calls if call["action"] == listed.operation} == {"fault:wrong_count"}


@pytest.mark.parametrize(("total", "words"), [(9999, "of 9999 records came"), (-1, "'-1' for the length of a list")])
def test_a_count_that_cannot_be(total: int, words: str, inhabited: Crowd, tmp_path: Path) -> None:
    """Nothing is shown, or said to be missing, by a list of which the service says that it is another."""
    address = inhabited(bulk_world(PAGE + 1))
    control(address, "faults", {"kind": "wrong_count", "total": total, "count": None})
    for record, listed in zip(asked(address, tmp_path), LISTS, strict=True):
        assert listed.key not in record.result, listed.operation
        check_no_list(record, words)
    for record in run_tasks(
        address, tmp_path, [task(f"{module} {options}", module, options) for module, options in WRITES]
    ):
        check_no_list(record, words)
        assert record.writes == []


@pytest.mark.parametrize(
    ("number", "total"), [(PAGE - 1, None), (PAGE, None), (230, None), (PAGE - 1, 0), (PAGE, 0), (PAGE, 9999)]
)
def test_a_service_that_takes_no_page_numbers(number: int, total: int | None, inhabited: Crowd, tmp_path: Path) -> None:
    """Every page shows the same records: what is counted as well is a list, and so is a short page that is not counted.

    The second is what a service shows that has no page beyond the last one. Anything else is an error.
    """
    address = inhabited(bulk_world(number))
    lists = [listed for listed in LISTS if listed.operation != "ListDeployConfig"]
    arm(address, lists, {"kind": "repeat", "count": None, **({} if total is None else {"total": total})})
    for record, listed in zip(asked(address, tmp_path, lists), lists, strict=True):
        if (total is None and number <= PAGE) or (total == 0 and number < PAGE):
            check_complete(record, listed, number)
        else:
            check_no_list(record, "the list is not complete")


def check_no_list(record: Recorded, words: str) -> None:
    """The task fails over an answer that makes no sense, and says in which way."""
    assert record.result["failed"], record.result
    assert words in record.result["msg"], record.result["msg"]
    assert record.result["error"]["code"] == "MalformedResponse", record.result


@pytest.mark.parametrize("number", [PAGE + 1, 230])
def test_a_thing_that_moves_over_a_page_edge_comes_once(number: int, inhabited: Crowd, tmp_path: Path) -> None:
    """Something new came to the front while the list was read: a page begins with the last thing of the one before."""
    address = inhabited(bulk_world(number))
    # Events have no id: one that moved cannot be told from an equal one, so it comes twice rather than never.
    left_out = ("ListDeployConfig", "DescribeEventMonitorList")
    lists = [listed for listed in LISTS if listed.operation not in left_out]
    arm(address, lists, {"kind": "moved_records", "by": 1, "after": 1, "count": None})
    for record, listed in zip(asked(address, tmp_path, lists), lists, strict=True):
        check_complete(record, listed, number)
        assert "fault:moved_records" in {call["outcome"] for call in record.calls}


def test_a_thing_that_moves_to_a_page_already_read_is_found(inhabited: Crowd, tmp_path: Path) -> None:
    """Something went from the front while the list was read: the list is read again."""
    number = 2 * PAGE + 1
    address = inhabited(bulk_world(number))
    lists = [listed for listed in LISTS if listed.operation != "ListDeployConfig"]
    arm(address, lists, {"kind": "moved_records", "by": -1, "after": 1, "count": 1})
    for record, listed in zip(asked(address, tmp_path, lists), lists, strict=True):
        check_complete(record, listed, number)
        assert pages(record, listed.operation) > 3


def arm(address: str, lists: Sequence[Listed], fault: dict[str, Any]) -> None:
    """Let a fault strike each of the lists."""
    control(address, "faults", [{**fault, "action": listed.operation} for listed in lists])


def test_two_thousand_apps(inhabited: Crowd, tmp_path: Path) -> None:
    """As many calls as there are pages, one to see the end, and one to describe what was looked for."""
    number = 2000
    address = inhabited({"apps": apps(number)})
    last = {"title": name("app", number - 1)}
    listed, found = run_tasks(
        address,
        tmp_path,
        [task("all", "jst_app_info", {}), task("the last", "jst_app", {**last, "description": ""})],
    )
    check_complete(listed, list_of("jst_app_info"), number)
    assert (found.result["changed"], found.result["app"]["title"]) == (False, last["title"]), found.result
    assert len(listed.calls) == number // PAGE + 1
    assert [call["action"] for call in found.calls].count("DescribeAppDetail") == 1
    assert len(found.calls) == len(listed.calls) + 1
    recorder.note(
        f"{number} apps: jst_app_info lists them in {len(listed.calls)} calls, "
        f"jst_app finds the last by its title in {len(found.calls)}"
    )
