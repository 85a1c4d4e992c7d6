# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reference says of requests and answers, held against what was sent and what came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jst_emulator.api_spec import OPERATIONS, Operation, Parameter

TYPES: Mapping[str, tuple[type, ...]] = {
    "Boolean": (bool,),
    "Integer": (int,),
    "Long": (int,),
    "Number": (int, float),
    "String": (str,),
}


def request_problems(call: Mapping[str, Any]) -> Iterator[str]:
    """Yield the problems of a request in the call log: names, required parameters, and how it was sent.

    A request that the gateway refused for one of its parameters is wrong too, however that one was.
    """
    operation = OPERATIONS.get(call["action"])
    if operation is None:
        yield f"{call['action']} is no operation"
        return
    sent = call["params"]
    yield from (
        f"{operation.name} has no parameter {name}" for name in sent if name.split(".")[0] not in operation.parameters
    )
    yield from (f"{operation.name} needs {name}" for name in missing(operation.parameters, sent))
    if not call["as_sdk"]:
        yield f"{operation.name} was sent by {call['method']}, {call['placement']}, other than the vendor does"
    if call["outcome"] == "gateway-error" and refers_to_a_parameter(operation, str(call["code"])):
        yield f"{operation.name} was refused with {call['code']}"


def missing(parameters: Mapping[str, Parameter], sent: Mapping[str, Any]) -> Iterator[str]:
    """The parameters that have to be there and are not, those inside of lists included."""
    for name, parameter in parameters.items():
        present = [key for key in sent if key.split(".")[0] == name]
        if parameter.required and not present:
            yield name
        for record in sent.get(name, ()) if parameter.members else ():
            members = {member.name: member for member in parameter.members}
            yield from (f"{name}.{member}" for member in missing(members, record))


def refers_to_a_parameter(operation: Operation, code: str) -> bool:
    """Whether an error code of the gateway is about one of the operation's own parameters."""
    told = re.match(r"(?:Missing|Invalid)(\w+)", code)
    return told is not None and told[1] in operation.parameters


def misfits(tree: Any, value: Any, path: str, *, loose: bool = False) -> Iterator[str]:
    """Where a value is not what a tree of the answer tables says.

    :param tree: a type's name, a mapping of members, or a list with the tree of its items.
    :param loose: whether keys are in snake case, and numbers and booleans may be text and the reverse.
    """
    if isinstance(tree, Mapping):
        if not isinstance(value, Mapping):
            yield f"{path} is no object"
            return
        known = {_plain(name, loose): inner for name, inner in tree.items()}
        for name, member in value.items():
            key = _plain(name, loose)
            if key in known:
                yield from misfits(known[key], member, f"{path}.{name}", loose=loose)
            else:
                yield f"{path}.{name} is in no table"
    elif isinstance(tree, list):
        if not isinstance(value, list):
            yield f"{path} is no list"
            return
        for item in value if tree else ():
            yield from misfits(tree[0], item, f"{path}[]", loose=loose)
    elif not _is_of(tree, value, loose):
        yield f"{path} is {value!r}, and no {tree}"


def _plain(name: str, loose: bool) -> str:
    return name.replace("_", "").lower() if loose else name


def _is_of(kind: str, value: Any, loose: bool) -> bool:
    if loose:
        return isinstance(value, (str, int, float))
    return isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "Boolean")
