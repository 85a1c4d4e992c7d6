# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record what the runs of a test session call, send and return.

Every process of the session appends to a file of its own in one folder; the process that began the session reads them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.tools.module_texts import read as documented

CALL, PARAMETER, VALUE, NOTE = "call", "parameter", "value", "note"

# Of what type the values are that JSON brings, by the type in the documentation.
TYPES: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "dict": (dict,),
    "float": (int, float),
    "int": (int,),
    "list": (list,),
    "raw": (object,),
    "str": (str,),
}

# A moment of whatever operation comes out in one form.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")

# The way past the modules calls whatever it is told to, so its calls prove nothing of them.
API = "jst_api"

# What Ansible and the frame of every module put into a result beside what the module documents.
FRAME = {
    "attempts",
    "changed",
    "deprecations",
    "diff",
    "failed",
    "failed_when_result",
    "invocation",
    "item",
    "warnings",
}


@dataclass
class Observed:
    """Everything that the runs of a session called, sent and returned.

    :ivar calls: (module, operation) of every call that was carried out.
    :ivar parameters: (operation, parameter) of everything that modules sent with such a call; members of lists are
        dotted.
    :ivar values: (module, dotted path of a return value) of every one that was told.
    :ivar notes: figures for the reader of the session.
    """

    calls: set[tuple[str, str]] = field(default_factory=set)
    parameters: set[tuple[str, str]] = field(default_factory=set)
    values: set[tuple[str, str]] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)


class Recorder:
    """Writes each observation of one process to a file, once."""

    def __init__(self) -> None:
        self._file: Path | None = None
        self._known: set[tuple[str, ...]] = set()

    def open(self, folder: Path) -> None:
        """Write to this folder from now on. Earlier observations are dropped."""
        self._file = folder / f"{os.getpid()}.jsonl"

    def record_task(self, action: str, result: Mapping[str, Any], calls: list[dict[str, Any]]) -> None:
        """Record the calls and the result of a task.

        :raises AssertionError: when it returned something that its module does not document, or of another type.
        """
        namespace, _dummy, module = action.rpartition(".")
        if namespace != "jst.retailcloud":
            return
        done = [call for call in calls if call["executed"]]
        self._write(*((CALL, module, call["action"]) for call in done))
        if module != API:
            self._write(*((PARAMETER, call["action"], name) for call in done for name in sent(call["params"])))
        for item in result.get("results", [result]):
            self._write(*((VALUE, module, path) for path in returned(module, item)))

    def note(self, text: str) -> None:
        """Record a figure for the summary."""
        self._write((NOTE, text))

    def _write(self, *things: tuple[str, ...]) -> None:
        fresh = set(things) - self._known
        if self._file is not None and fresh:
            self._known |= fresh
            with self._file.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(thing) + "\n" for thing in sorted(fresh))


recorder = Recorder()


def read_observed(folder: Path) -> Observed:
    """Return what all processes recorded."""
    observed = Observed()
    for file in folder.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            kind, *thing = json.loads(line)
            if kind == NOTE:
                observed.notes.add(thing[0])
            else:
                told = {CALL: observed.calls, PARAMETER: observed.parameters, VALUE: observed.values}[kind]
                told.add((thing[0], thing[1]))
    return observed


def sent(parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the parameters of a call, and of the members of their lists."""
    for name, value in parameters.items():
        yield name
        for item in value if isinstance(value, list) else ():
            yield from (f"{name}.{member}" for member in (item if isinstance(item, dict) else ()))


def returned(module: str, result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the documented return values of a result as dotted paths. Null values do not count.

    :raises AssertionError: when it holds something that is not documented, or is of another type.
    """
    tree = documented(module, "RETURN")
    # A failure that its task does not count as one still has a message.
    forgiven = "failed_when_result" in result and "msg" in result
    if result.get("failed") or result.get("skipped") or forgiven:
        own = {name: result[name] for name in tree if name in result}
    else:
        own = {
            name: result[name] for name in result if name not in FRAME and not name.startswith(("_ansible", "ansible"))
        }
    yield from _walk_result(module, tree, own, "")


def _walk_result(module: str, tree: Mapping[str, Any], members: Mapping[str, Any], prefix: str) -> Iterator[str]:
    unknown = members.keys() - tree.keys()
    assert not unknown, f"{module} returns {prefix}{', '.join(sorted(unknown))} without a word in its documentation"
    for name, value in members.items():
        if value is None:
            continue
        path = f"{prefix}{name}"
        assert is_of(tree[name]["type"], value), f"{module} returns {path} {value!r} which is no {tree[name]['type']}"
        assert not name.endswith("_time") or MOMENT.fullmatch(value), f"{module} returns the moment {path} {value!r}"
        yield path
        inner = tree[name].get("contains")
        for item in (value if isinstance(value, list) else [value]) if inner else ():
            if item is not None:
                yield from _walk_result(module, inner, item, f"{path}.")


def is_of(kind: str, value: Any) -> bool:
    """Return whether a value has a type of the documentation."""
    return isinstance(value, TYPES[kind]) and (kind in ("bool", "raw") or not isinstance(value, bool))


def documented_values(module: str) -> Iterator[str]:
    """Yield the dotted paths of all return values that a module documents."""

    def walk(tree: Mapping[str, Any], prefix: str) -> Iterator[str]:
        for name, described in tree.items():
            yield f"{prefix}{name}"
            yield from walk(described.get("contains") or {}, f"{prefix}{name}.")

    yield from walk(documented(module, "RETURN"), "")
