# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of role ``application`` that follow its comparison."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    BusinessError,
    ConfigError,
    ConnectionFailedError,
    JstError,
    PermissionDeniedError,
    RequestRejectedError,
    ResponseLostError,
    ServiceFailureError,
    ThrottledError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import ALL_PARTS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_tasks import (
    RECORDS,
    TAGS,
    RunTags,
    is_met_by_every_task,
    tasks_after,
    warnings_left,
)
from tests.tools.run_in_collection import ROOT

FOLDER = ROOT / "roles" / "application" / "tasks" / "parts"
EVERY = RunTags(["all"], [])


def started(*parts: str, tags: RunTags = EVERY, in_one_task: bool = False, **compared: Any) -> list[str]:
    """Return the files that are started in the end, in their order."""
    found = tasks_after({"pending_parts": list(parts), **compared}, tags, in_one_task)
    files = []
    for *_before, name in found["files"]:
        files += [path[-1] for path in found["records"]] if name == "records" else [name]
    assert found["results"] == [f"__application_{name}_done" for name in files]
    return files


def test_every_part_has_a_tag_and_a_file() -> None:
    assert {*TAGS.values()} == {*ALL_PARTS}
    tasks = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))[0] for file in FOLDER.glob("*.yml")}
    for part in ALL_PARTS:
        [file] = started(part)
        assert tasks[file]["register"] == f"__application_{file}_done"
        assert part in [TAGS[tag] for tag in tasks[file]["tags"]]


@pytest.mark.parametrize(
    ("parts", "files"),
    [
        ([], []),
        (["databases"], ["databases"]),
        (["slb_aps"], ["release"]),
        (["release", "services", "deploy_configs"], ["deploy_configs", "release"]),
        (["absent", "release", "environments", "app"], ["app", "environments", "release", "absent"]),
    ],
)
def test_only_what_differs_is_started_in_the_usual_order(parts: list[str], files: list[str]) -> None:
    assert started(*parts) == files


@pytest.mark.parametrize("due", ["release_due", "closed_ports"])
def test_what_is_due_is_named_by_its_own_task_where_others_follow(due: str) -> None:
    found: dict[str, Any] = {due: [{"environment": "production"}]}
    assert started(**found) == []
    assert started("app", **found) == ["app", "release"]


def test_warnings_that_no_task_repeats_are_left_to_the_comparison() -> None:
    warnings = [{"part": part, "warning": part} for part in ("accounts", "services", "release")]
    for parts, left in ((["accounts"], ["services", "release"]), (["slb_aps"], ["accounts"])):
        assert warnings_left({"pending_parts": parts, "part_warnings": warnings}) == left
    assert warnings_left({"msg": "failed"}) == []


def test_what_runs_is_as_compared_without_a_task_for_it() -> None:
    for parts, expected in (([], True), (["app"], True), (["services"], False)):
        assert tasks_after({"pending_parts": parts}, EVERY, False)["runs_as_compared"] is expected
    assert tasks_after({}, EVERY, False)["runs_as_compared"] is False


def test_without_a_comparison_everything_is_started() -> None:
    found = tasks_after({"msg": "no list today"}, EVERY, False)
    assert (found["files"], found["records"]) == ([["all"]], [])
    names = {name.removeprefix("__application_").removesuffix("_done") for name in found["results"]}
    assert names == {file.stem for file in FOLDER.glob("*.yml")} - {"all", "records"}


def test_one_task_for_all_parts() -> None:
    """It has the tags of all parts, so that Ansible skips it with one of them."""
    assert started(in_one_task=True) == ["whole"]
    skipping = RunTags(["all"], ["group"])
    assert started(in_one_task=True, tags=skipping) == ["whole", "rest"]
    assert skipping.rest_parts(True) == [part for part in ALL_PARTS if part != "group"]
    assert EVERY.compared_parts(True) == skipping.compared_parts(True) == []


@pytest.mark.parametrize(
    ("run", "skip", "compared", "rest"),
    [
        (["all"], [], [*TAGS.values()], []),
        (["tagged"], ["group", "absent"], [part for part in TAGS.values() if part not in ("group", "absent")], []),
        (["all"], ["slb_ap"], [part for part in TAGS.values() if part != "slb_aps"], ["services", "release"]),
        (["all"], ["service", "slb_ap", "release"], [*RECORDS, "absent"], []),
        (["all", "mine"], ["service"], [], ["slb_aps", "release"]),
        (["service", "release"], ["release"], [], ["services"]),
        (["mine"], ["release"], [], []),
        (["database"], [], [], []),
    ],
)
def test_tags(run: list[str], skip: list[str], compared: list[str], rest: list[str]) -> None:
    tags = RunTags(run, skip)
    assert (tags.compared_parts(False), tags.rest_parts(False)) == (compared, rest)


def test_the_rest_of_a_task_of_several_tags_comes_last() -> None:
    assert started("services", "absent", tags=RunTags(["all"], ["release"])) == ["absent", "rest"]


def included(lists: list[list[Any]]) -> list[tuple[Any, set[int]]]:
    """Return the entries of the loops of several hosts as Ansible includes them: entry, and hosts."""
    order: list[tuple[Any, set[int]]] = []
    for host, entries in enumerate(lists):
        for entry in entries:
            same = [hosts for known, hosts in order if known == entry]
            if same:
                same[0].add(host)
            else:
                order.append((entry, {host}))
    return order


def test_apps_that_differ_in_other_parts_keep_the_order() -> None:
    """Whichever of them Ansible looks at first. Apps with equal parts share what is included."""
    kinds = [["app", "release"], ["databases", "release"], ["release"], ["databases", "environments", "absent"]]
    for hosts in permutations(kinds, 3):
        found = [tasks_after({"pending_parts": parts}, EVERY, False) for parts in hosts]
        for name in ("files", "records"):
            order = included([one[name] for one in found])
            for host, one in enumerate(found):
                assert [entry for entry, hosts_of in order if host in hosts_of] == one[name]
    for first, second in combinations(kinds[:2], 2):
        both = [tasks_after({"pending_parts": parts}, EVERY, False)["files"] for parts in (first, second)]
        assert included(both) == [(["records"], {0, 1}), (["records", "release"], {0, 1})]


COMMON: dict[str, Any] = {"action": "ListApp"}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionFailedError("", code="ConnectionFailed.ConnectionRefused", **COMMON), True),
        (ResponseLostError("", code="ResponseLost.ReadTimeout", **COMMON), True),
        (AuthenticationError("", code="SignatureDoesNotMatch", http_status=400, **COMMON), True),
        (AuthenticationError("", code="Unknown", http_status=401, **COMMON), True),
        (ThrottledError("", code="Throttling.User", http_status=400, **COMMON), True),
        (ThrottledError("", code="HTTP.429", http_status=429, **COMMON), True),
        (ServiceFailureError("", code="HTTP.503", http_status=503, **COMMON), True),
        (ServiceFailureError("", code="UnexpectedResponse", http_status=200, **COMMON), True),
        (ConfigError("no access key"), True),
        (ServiceFailureError("", code="ServiceUnavailable", http_status=503, transient=True, **COMMON), True),
        (PermissionDeniedError("", code="NoPermission", http_status=403, **COMMON), False),
        (RequestRejectedError("", code="HTTP.404", http_status=404, **COMMON), False),
        (BusinessError("", code="10002", http_status=200, **COMMON), False),
        (InvalidOptionError("unknown"), False),
    ],
)
def test_errors_that_every_task_would_meet(error: JstError, expected: bool) -> None:
    """Those of the connection, the credentials and the whole service, as the client itself tells them apart."""
    if isinstance(error, ApiError):
        assert expected is not (error.is_rejection and not error.transient)
    failed: dict[str, Any] = {"failed": True, "error": error.as_dict()}
    nothing: dict[str, Any] = {"app": None, "databases": []}
    assert is_met_by_every_task(failed) is is_met_by_every_task({**failed, "application": nothing}) is expected
    # The service responded to others before.
    assert is_met_by_every_task({**failed, "application": {"app": None, "databases": [{"name": "orders"}]}}) is False


def test_a_failure_without_an_error_of_the_module() -> None:
    assert is_met_by_every_task({"failed": True, "msg": "MODULE FAILURE"}) is False
