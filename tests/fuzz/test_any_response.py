# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes for an answer, a module ends well or says what is wrong, and makes nothing a second time over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._api import responses
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from jst_emulator.api_spec import OPERATIONS as API_SPEC
from tests.fuzz.argument_specs import own_options
from tests.fuzz.harness import Harness, Run
from tests.fuzz.populated_account import FULL, absent_options, base_options
from tests.fuzz.strategies import ANYTHING, nested
from tests.tools.module_texts import MODULES

Path = list[str | int]

TASKS = [
    (module, options) for module in MODULES for options in (base_options(module), absent_options(module)) if options
]
# These act on every run, whatever there is.
ACTS = ("jst_app_instance", "jst_deployment", "jst_scale", "jst_application", "jst_api")
REMOVED = object()
CHANGES: list[dict[str, Any]] = [{"remove": True}, {"value": None}, {"value": []}]
MEMBERS = st.one_of(
    st.just(REMOVED), st.sampled_from([None, "", [], {}, 0, -1, True, "x", [None], [[]], [{}], "1e999999999"]), ANYTHING
)


def paths(tree: Any, so_far: Path | None = None) -> Iterator[Path]:
    """Where every member of an answer is, by its table; the first of each list stands for all."""
    here = so_far or []
    yield here
    if isinstance(tree, dict):
        for name, inner in tree.items():
            yield from paths(inner, [*here, name])
    elif isinstance(tree, list):
        for inner in tree[:1]:
            yield from paths(inner, [*here, 0])


def operations_of(harness: Harness, module: str, options: dict[str, Any]) -> list[str]:
    """The reading operations that a task calls."""
    harness.restore(FULL)
    calls = harness.run(module, options).calls
    return sorted({call["action"] for call in calls if call["kind"] == "read"})


def mangled(harness: Harness, task: int, operation: str, path: Path, member: Any, count: int | None) -> Run:
    """Run a task while an operation answers with another member."""
    module, options = TASKS[task]
    harness.restore(FULL)
    change = {"remove": True} if member is REMOVED else {"value": member}
    harness.arm({"kind": "rewrite", "action": operation, "path": path, "count": count, **change})
    return harness.run(module, options)


@pytest.mark.parametrize(
    "task", range(len(TASKS)), ids=[f"{module}-{index}" for index, (module, _o) in enumerate(TASKS)]
)
@given(data=st.data())
def test_no_answer_breaks_a_module_or_makes_it_do_things_twice(
    task: int, data: st.DataObject, populated: Harness
) -> None:
    module, options = TASKS[task]
    operation = data.draw(st.sampled_from(operations_of(populated, module, options)))
    path = data.draw(st.sampled_from(list(paths(API_SPEC[operation].fields))))
    member = data.draw(MEMBERS)
    run = mangled(populated, task, operation, path, member, data.draw(st.sampled_from([1, None])))
    run.judge()
    made = [call["action"] for call in run.writes if call["action"].startswith(("Create", "Add")) and call["executed"]]
    assert module in ACTS or deceives(operation, path, member) or not made, f"{run} made {made}"


@pytest.mark.parametrize(
    "task", range(len(TASKS)), ids=[f"{module}-{index}" for index, (module, _o) in enumerate(TASKS)]
)
def test_no_message_names_what_an_answer_left_out(task: int, populated: Harness) -> None:
    """Each member of each answer is missing once; what is said then has no None in it."""
    module, options = TASKS[task]
    soon = {"wait_timeout": 5} if "wait_timeout" in own_options(module) else {}
    for operation in operations_of(populated, module, options):
        for path in paths(API_SPEC[operation].fields):
            if path:
                populated.restore(FULL)
                populated.arm({"kind": "rewrite", "action": operation, "path": path, "count": None, "remove": True})
                populated.run(module, {**options, **soon}).judge()


def deceives(operation: str, path: Path, member: Any) -> bool:
    """Whether nobody could see that an answer is wrong: another name, another id, or a shorter list.

    Where a list tells its length, one without anything in it does not deceive, nor one that lacks a record.
    """
    if isinstance(member, (str, int, float)):
        return bool(path) and path[-1] not in ("Data", "Result", 0)
    counted = "TotalCount" in API_SPEC[operation].fields
    return not counted or path == ["TotalCount"] or (member is REMOVED and path[-1:] == [0] and path != ["Data", 0])


def body(name: str, path: Path, member: Any) -> bytes:
    """An answer of an operation by its table, with another member."""
    whole = _filled(API_SPEC[name].fields)
    holder: Any = {"": whole}
    for part, inner in zip(["", *path], [*path, None], strict=True):
        if inner is None:
            if member is REMOVED:
                del holder[part]
            else:
                holder[part] = member
        else:
            holder = holder[part]
    return json.dumps(whole if path else (None if member is REMOVED else member)).encode()


def _filled(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {name: 0 if name == "Code" else _filled(inner) for name, inner in tree.items()}
    if isinstance(tree, list):
        return [_filled(inner) for inner in tree]
    return {"Boolean": True, "Integer": 1, "Long": 2, "Number": 1.5}.get(tree, "text")


def understood(name: str, content: bytes) -> None:
    """An answer is understood as data that results can hold, or refused in words."""
    try:
        answer = responses.parse(OPERATIONS[name], HttpResponse(200, content, "host"))
    except ApiError as error:
        assert str(error)
    else:
        json.dumps(answer.data, allow_nan=False)


@pytest.mark.parametrize("name", list(OPERATIONS))
@given(data=st.data())
def test_every_member_of_every_answer_may_be_anything(name: str, data: st.DataObject) -> None:
    for path in paths(API_SPEC[name].fields):
        understood(name, body(name, path, data.draw(MEMBERS)))


@given(st.sampled_from(list(OPERATIONS)), st.data())
def test_bytes_that_broke_off_or_went_bad(name: str, data: st.DataObject) -> None:
    whole = json.dumps({"Code": 0, "Data": ["聚石塔\U0001f469"]}, ensure_ascii=False).encode()
    cut = data.draw(st.integers(0, len(whole)))
    for content in (whole[:cut], whole[:cut] + data.draw(st.binary(max_size=8)) + whole[cut:]):
        understood(name, content)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        json.dumps({"Code": 0, "Result": nested(200, "a")}).encode(),
        b'{"Code":0,"Result":{"a":1e999,"b":NaN,"c":-Infinity}}',
        b'{"Code":0,"TotalCount":1e999,"PageSize":1e999,"Data":[]}',
        b'{"Code":0,"Data":[' + b"9" * 5000 + b"]}",
        b'{"Code":0,"Result":"\\ud800"}',
        b"\xff\xfe",
        b'"text"',
        b"null",
    ],
)
@pytest.mark.parametrize("name", ["ListApp", "CreateApp", "DescribeAppDetail", "DescribeDatabases"])
def test_answers_at_the_edge_of_json(name: str, content: bytes) -> None:
    understood(name, content)


def test_a_list_that_does_not_name_its_things_makes_none_of_them_twice(populated: Harness) -> None:
    """Names and ids, and all that tells two things of a kind apart, are needed to know that a thing is not there."""
    asked = {
        "jst_app": ("ListApp", ["Title", "AppId"]),
        "jst_cluster": ("ListCluster", ["ClusterTitle", "InstanceId"]),
        "jst_deploy_config": ("ListDeployConfig", ["Name", "EnvType", "Id"]),
        "jst_environment": ("ListAppEnvironment", ["EnvName", "EnvId"]),
        "jst_service": ("ListServices", ["K8sServiceId", "ServiceId"]),
        "jst_slb_ap": ("ListSlbAPs", ["SlbId", "ListenerPort", "SlbAPId"]),
        "jst_persistent_volume": ("ListPersistentVolume", ["Name"]),
        "jst_persistent_volume_claim": ("ListPersistentVolumeClaim", ["Name"]),
    }
    for module, (operation, members) in asked.items():
        for member, change, index in product(members, CHANGES, range(3)):
            populated.restore(FULL)
            path = ["Data", index, member]
            populated.arm({"kind": "rewrite", "action": operation, "path": path, "count": None, **change})
            run = populated.run(module, base_options(module))
            run.judge()
            assert not any(call["action"].startswith("Create") for call in run.writes), run
