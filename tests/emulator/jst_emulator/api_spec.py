# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reference and the vendor's SDK say about each operation, read from ``api_spec.json``.

Parameters, their rules, the answer's fields and the sample answer restate the reference of version 2018-03-13; method
and placement are those of the vendor's SDK, and so are the few parameters and fields only the SDK knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

_READ_PREFIXES = ("List", "Describe", "Query", "Get")
PAGE_NUMBER_NAMES = ("PageNumber", "PageNum")
PAGE_SIZE_NAME = "PageSize"
PAGING_NAMES = (*PAGE_NUMBER_NAMES, PAGE_SIZE_NAME)


@dataclass(frozen=True)
class Parameter:
    """One request parameter and its rules; ``item`` or ``members`` is set when it is a repeated one."""

    name: str
    type: str
    required: bool = False
    item: str | None = None
    members: tuple[Parameter, ...] = ()
    enum: tuple[str, ...] = ()
    default: int | str | None = None
    min: int | None = None
    max: int | None = None
    length: Mapping[str, int] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None
    encoding: str | None = None
    conflicts_with: tuple[str, ...] = ()
    applies_when: Mapping[str, list[str]] = field(default_factory=dict)
    required_when: Mapping[str, list[str]] = field(default_factory=dict)
    secret: bool = False

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Parameter:
        """Build a parameter from its entry in the facts."""
        values = dict(entry)
        values["members"] = tuple(cls.read(member) for member in entry.get("members", ()))
        for name in ("enum", "conflicts_with"):
            values[name] = tuple(entry.get(name, ()))
        if "pattern" in entry:
            values["pattern"] = re.compile(entry["pattern"])
        if entry["name"] in PAGING_NAMES:
            # The reference says so for some operations only, but no page is numbered 0.
            values.setdefault("min", 1)
        return cls(**values)


@dataclass(frozen=True)
class Operation:
    """One operation: how it is called, what it takes and how it answers.

    ``fields`` is the tree of the answer table: a type name, a dict of members, or a list with the tree of its items
    (empty when the reference does not name the members).
    """

    name: str
    method: str
    placement: str
    body: frozenset[str]
    parameters: Mapping[str, Parameter]
    message_key: str
    payload: str | None
    xml_root: str
    paging: Mapping[str, str] | None
    fields: Mapping[str, Any]
    sample: Mapping[str, Any]

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Operation:
        """Build an operation from its entry in the facts."""
        parameters = [Parameter.read(parameter) for parameter in entry["params"]]
        answer = entry["answer"]
        return cls(
            name=name,
            method=entry["method"],
            placement=entry["placement"],
            body=frozenset(entry.get("body", ())),
            parameters={parameter.name: parameter for parameter in parameters},
            message_key=answer["message_key"],
            payload=answer["payload"],
            xml_root=answer["xml_root"],
            paging=answer.get("paging"),
            fields=entry["fields"],
            sample=entry["sample"],
        )

    @cached_property
    def reads(self) -> bool:
        """Whether the operation only reads."""
        return is_read(self.name)

    @cached_property
    def secret_parameters(self) -> frozenset[str]:
        """Names of the parameters whose values must never be shown."""
        return frozenset(parameter.name for parameter in self.parameters.values() if parameter.secret)

    def in_body(self, parameter: str) -> bool:
        """Whether the vendor's SDK sends *parameter* in the form body rather than in the query."""
        return self.placement == "body" or parameter in self.body


def is_read(action: str) -> bool:
    """Whether *action* only reads: its name tells, its HTTP method does not."""
    return action.startswith(_READ_PREFIXES)


def _load() -> tuple[str, dict[str, Operation]]:
    document = json.loads(files(__package__).joinpath("api_spec.json").read_text(encoding="utf-8"))
    return document["version"], {name: Operation.read(name, entry) for name, entry in document["operations"].items()}


#: The API version and its 82 documented operations by name.
VERSION, OPERATIONS = _load()
