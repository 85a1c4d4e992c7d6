# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The specification of every operation, read from ``api_spec.json``.

Parameters, their rules, response fields and sample responses restate the reference of version 2018-03-13. HTTP method,
placement of parameters and a few further parameters and fields are those of the vendor's SDK.
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
    """A request parameter and its rules; a repeated parameter has ``item`` or ``members``."""

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
        """Return a parameter from its entry in the specification."""
        values = dict(entry)
        values["members"] = tuple(cls.read(member) for member in entry.get("members", ()))
        for name in ("enum", "conflicts_with"):
            values[name] = tuple(entry.get(name, ()))
        if "pattern" in entry:
            values["pattern"] = re.compile(entry["pattern"])
        if entry["name"] in PAGING_NAMES:
            # The reference states the minimum for some operations only; no list has a page 0.
            values.setdefault("min", 1)
        return cls(**values)


@dataclass(frozen=True)
class Operation:
    """An operation: how it is called, which parameters it has, and what its responses hold.

    ``fields`` is the tree of the response table: a type name, a dict of members, or a list with the tree of its items.
    The list is empty when the reference does not name the members.
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
        """Return an operation from its entry in the specification."""
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
    def is_read(self) -> bool:
        """Whether the operation changes nothing."""
        return is_read(self.name)

    @cached_property
    def secret_parameters(self) -> frozenset[str]:
        """Names of the parameters whose values must never be shown."""
        return frozenset(parameter.name for parameter in self.parameters.values() if parameter.secret)

    def in_body(self, parameter: str) -> bool:
        """Return whether the vendor's SDK sends *parameter* in the form body and not in the query."""
        return self.placement == "body" or parameter in self.body


def is_read(action: str) -> bool:
    """Return whether *action* changes nothing, by its name; the HTTP method does not say so."""
    return action.startswith(_READ_PREFIXES)


def _load() -> tuple[str, dict[str, Operation]]:
    document = json.loads(files(__package__).joinpath("api_spec.json").read_text(encoding="utf-8"))
    return document["version"], {name: Operation.read(name, entry) for name, entry in document["operations"].items()}


#: The API version and its documented operations by name.
VERSION, OPERATIONS = _load()
