# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives every module through its lifecycle and holds it to what all of them promise.

The call log of the emulator shows that check mode and repetitions send no write.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.coverage_recorder import API
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import MODULE_CASES, ModuleCase
from tests.conformance.playbook_runner import COLLECTION, WAITING, Recorded, run_tasks, run_tasks_with_output, task
from tests.tools.module_texts import read as documented

CHECKED: dict[str, Any] = {"check_mode": True, "diff": True}
REAL: dict[str, Any] = {"check_mode": False, "diff": True}

# Secrets that the rows use; none of them may come out anywhere.
CANARIES = ("canary-secret", "Canary-Password")


def lifecycle_steps(case: ModuleCase) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """(name, module, options, keywords) of each task of a lifecycle."""
    waiting = WAITING if case.module in WAITS else {}
    create = {**case.key, **case.create, **waiting}
    change = {**create, **case.change}
    absent = {**case.key, "state": "absent", **(case.absent or {}), **waiting}
    tasks = []
    if case.absent is not None:
        tasks += [
            ("absent at first, check", case.module, absent, CHECKED),
            ("absent at first", case.module, absent, REAL),
        ]
    tasks += [("create, check", case.module, create, CHECKED), ("create", case.module, create, REAL)]
    if not case.act:
        tasks += [
            ("create again", case.module, create, REAL),
            ("create again, check", case.module, create, CHECKED),
        ]
    if case.change:
        tasks += [
            ("change, check", case.module, change, CHECKED),
            ("change", case.module, change, REAL),
            ("change again", case.module, change, REAL),
        ]
    if case.info is not None:
        tasks.append(("info", f"{case.module}_info", case.info, REAL))
    tasks += [(f"fixed {name}", case.module, {**change, name: value}, REAL) for name, value in case.fixed.items()]
    if case.absent is not None:
        tasks += [
            ("absent, check", case.module, absent, CHECKED),
            ("absent", case.module, absent, REAL),
            ("absent again", case.module, absent, REAL),
            ("absent again, check", case.module, absent, CHECKED),
        ]
    return tasks


MODULES = Path(__file__).parents[2] / "plugins" / "modules"
WAITS = {
    case.module for case in MODULE_CASES if "- jst.retailcloud.wait\n" in (MODULES / f"{case.module}.py").read_text()
}

# What two runs cannot have in common: moments, and the text of where an error was raised.
MOMENTS = {
    "create_time",
    "start_time",
    "end_time",
    "elapsed_seconds",
    "exception",
    "_ansible_no_log",
    "_ansible_parsed",
}


# What Ansible says of a task that runs as an ordinary module, because it was told so.
OUTSIDE = "runs in a process of its own: variable jst_in_process"


def outside(case: ModuleCase) -> set[str]:
    """The steps of a lifecycle that show what there is to compare between the paths: one of each kind of outcome.

    Something new with a secret, a preview with all options there are, nothing to do, a refusal, a look, a thing gone.
    What a module does is the same on both paths; how it is told and answers is not, and an interpreter takes long.
    """
    names = [name for name, _module, _options, _keywords in lifecycle_steps(case)]
    refused = [name for name in names if name.startswith("fixed")][:1]
    preview = "change, check" if case.change else "create, check"
    return {"create", "create again", preview, "info", "absent", *refused} & set(names)


@pytest.mark.parametrize("case", MODULE_CASES, ids=lambda case: case.module)
def test_lifecycle(case: ModuleCase, emulators: Emulators, tmp_path: Path) -> None:
    """Nothing, created, changed, deleted; each previewed before and repeated after; on both paths, to the last key."""
    in_process, in_interpreter = (
        run_lifecycle(case, emulators.fresh(), tmp_path, steps) for steps in (set(), outside(case))
    )
    order = sorted if case.at_once else list
    for one, other in zip(in_process, in_interpreter, strict=True):
        assert timeless(one.result) == timeless(other.result), one.task
        assert order(one.writes) == order(other.writes), one.task


@pytest.mark.parametrize("case", MODULE_CASES, ids=lambda case: case.module)
def test_lifecycle_with_sample_responses(case: ModuleCase, emulators: Emulators, tmp_path: Path) -> None:
    """The same, when the service answers as the samples of the reference do. Nothing of that is a matter of Ansible."""
    address = emulators.fresh("sample")
    before = run_tasks(address, tmp_path, preparations(case))
    steps = [task(name, module, options, **keywords) for name, module, options, keywords in lifecycle_steps(case)]
    check_lifecycle(case, before, run_tasks(address, tmp_path, steps))


def timeless(value: Any) -> Any:
    """A result without moments and without the fingerprint of revisions, which are random."""
    if isinstance(value, dict):
        return {name: timeless(item) for name, item in value.items() if name not in MOMENTS}
    if isinstance(value, str):
        return re.sub(" secrets:[0-9a-f]{12}", "", value)
    return [timeless(item) for item in value] if isinstance(value, list) else value


def run_lifecycle(case: ModuleCase, address: str, folder: Path, outside: set[str]) -> list[Recorded]:
    """Drive a module through its lifecycle and check every promise.

    :param outside: the steps that run in an interpreter of their own.
    """
    steps = [
        task(name, module, options, vars={"jst_in_process": name not in outside}, **keywords)
        for name, module, options, keywords in lifecycle_steps(case)
    ]
    before = run_tasks(address, folder, preparations(case))
    records, output = run_tasks_with_output(address, folder, steps, options=["-vvv"])
    told = [line for line in output.splitlines() if line.startswith(f"{COLLECTION}.") and " runs in " in line]
    ways = [line.endswith(OUTSIDE) for line in told]
    assert ways == [record.task in outside for record in records], output
    check_lifecycle(case, before, records)
    return records


def preparations(case: ModuleCase) -> list[dict[str, Any]]:
    """Tasks for what has to be there before."""
    return [
        task(f"prepare {module}", module, {**options, **(WAITING if module in WAITS else {})})
        for module, options in case.prepare
    ]


def check_lifecycle(case: ModuleCase, before: list[Recorded], records: list[Recorded]) -> None:
    """Check every promise.

    :param before: the preparations.
    """
    for record in before:
        assert record.result.get("changed"), f"{record.task}: {record.result}"
    done = {record.task: record for record in records}
    assert_quiet([*before, *records])
    for name in ("create", "change", "absent"):
        if name in done:
            assert_previewed(done[f"{name}, check"], done[name], case.result)
    assert_created(case, done)
    assert_fixed(case, done)
    assert_listed(case, done)


def differing(record: Recorded) -> list[dict[str, Any]]:
    """Return the diffs with two different sides. A module of several resources has one for each."""
    shown = record.result["diff"]
    return [diff for diff in (shown if isinstance(shown, list) else [shown]) if diff["before"] != diff["after"]]


def assert_quiet(records: list[Recorded]) -> None:
    """No secret comes out, nothing fails that should not, and neither check mode nor a repetition writes."""
    for record in records:
        text = json.dumps(record.result)
        assert not [canary for canary in CANARIES if canary in text], f"{record.task} shows a secret"
        assert record.task.startswith("fixed") or not record.result["failed"], f"{record.task}: {record.result}"
        repeated = "again" in record.task or record.task.startswith("absent at first")
        if repeated or ", check" in record.task:
            assert record.writes == [], f"{record.task} wrote {record.writes}"
        if repeated:
            assert record.result["changed"] is False, record.task
            assert not differing(record), record.task


def assert_previewed(preview: Recorded, real: Recorded, result: str) -> None:
    """Check mode says what the real run does, and predicts a result of its shape."""
    assert preview.result["changed"] is True, preview.task
    assert real.result["changed"] is True, real.task
    assert real.writes, real.task
    assert preview.result["diff"] == real.result["diff"], real.task
    assert differing(real), real.task
    predicted, shown = preview.result[result], real.result[result]
    if isinstance(predicted, dict) and isinstance(shown, dict):
        assert predicted.keys() == shown.keys()


def assert_created(case: ModuleCase, done: dict[str, Recorded]) -> None:
    """What was asked for is what is shown, and shown again; what was deleted is shown as nothing."""
    created = done["create"].result[case.result]
    if isinstance(created, dict):
        alike = [name for name in case.create if name in created and name not in case.otherwise]
        for name, value in {**{name: case.create[name] for name in alike}, **case.shown}.items():
            assert_shows(created[name], value, name)
        assert case.absent is None or done["absent"].result[case.result] is None
    if case.lasts and not case.act:
        assert done["create again"].result[case.result] == created


def assert_fixed(case: ModuleCase, done: dict[str, Recorded]) -> None:
    """What cannot change is refused by name, before anything is written."""
    for name in case.fixed:
        record = done[f"fixed {name}"]
        assert record.result["failed"], f"another {name} was accepted"
        assert name in record.result["msg"]
        assert record.writes == []


def assert_listed(case: ModuleCase, done: dict[str, Recorded]) -> None:
    """The info module shows what the state module showed."""
    if case.info is not None:
        latest = done["change again" if case.change else "create again"].result[case.result]
        assert done["info"].result[case.listed] == (latest if isinstance(latest, list) else [latest])


def assert_shows(shown: Any, asked: Any, name: str) -> None:
    """What was asked for is what is shown; lists of records may show more of each."""
    if isinstance(asked, list) and asked and isinstance(asked[0], dict) and isinstance(shown[0], dict):
        for item in asked:
            assert any(item.items() <= entry.items() for entry in shown), name
    elif name not in ("config_maps", "secrets"):
        assert shown == asked, name


@pytest.mark.parametrize("case", [case for case in MODULE_CASES if not case.act], ids=lambda case: case.module)
def test_calls_of_a_task_with_nothing_to_change(case: ModuleCase, emulators: Emulators, tmp_path: Path) -> None:
    """Given ids, it makes the calls of the budget."""
    address = emulators.fresh()
    waiting = WAITING if case.module in WAITS else {}
    create = {**case.key, **case.create, **waiting}
    tasks = [task("prepare", module, options) for module, options in case.prepare]
    tasks.append(task("create", case.module, create))
    first = run_tasks(address, tmp_path, tasks)
    options = by_ids(case, create, first)
    again, *found = run_tasks(address, tmp_path, [task("again", case.module, options), *info_by_id(case, options)])
    assert again.result["changed"] is False, again.result
    assert len(again.calls) == case.calls, [call["action"] for call in again.calls]
    for record in found:
        (thing,) = record.result[case.listed]
        assert thing == again.result[case.result]


def info_by_id(case: ModuleCase, options: dict[str, Any]) -> list[dict[str, Any]]:
    """A task that finds by its id alone what a task of the module found, if there is such a task."""
    if case.identity is None or case.info is None:
        return []
    described = documented(f"{case.module}_info", "DOCUMENTATION")["options"]
    needed = [name for name, option in described.items() if option.get("required")]
    parents = [name for name in ("app_id", "environment_id") if name in options]
    named = {case.identity[0], *needed, *parents}
    return [task("by id", f"{case.module}_info", {name: options[name] for name in named})]


def by_ids(case: ModuleCase, create: dict[str, Any], records: list[Recorded]) -> dict[str, Any]:
    """The options that create a thing, with ids in place of names as far as the records tell them.

    :param records: of which the last created the thing.
    """
    ids = known_ids(records)
    options = {name: value for name, value in create.items() if name not in ids}
    options.update(ids[name] for name in create if name in ids)
    if case.identity:
        option, member = case.identity
        options = {name: value for name, value in options.items() if name not in case.key}
        options[option] = records[-1].result[case.result][member]
    return options


def known_ids(records: list[Recorded]) -> dict[str, tuple[str, Any]]:
    """Options that take a name or an id, with those that take the id alone and the ids that the records tell."""
    ids: dict[str, tuple[str, Any]] = {"cluster": ("cluster_id", "c000000000000000000000000000000e1")}
    for record in records:
        for result, option, member in (
            ("app", "app", "app_id"),
            ("deploy_config", "deploy_config", "deploy_config_id"),
            ("environment", "environment", "environment_id"),
        ):
            if isinstance(record.result.get(result), dict):
                ids.setdefault(option, (member, record.result[result][member]))
    return {**ids, "apps": ("app_ids", [ids["app"][1]])} if "app" in ids else ids


def test_every_module_has_a_row() -> None:
    """A module without a row cannot be merged."""
    modules = {file.stem for file in MODULES.glob("jst_*.py") if not file.stem.endswith("_info")}
    assert modules == {*(case.module for case in MODULE_CASES), API}
