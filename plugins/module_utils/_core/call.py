# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Calling an operation as it is, for what no resource covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.errors import MASK
from .._api.operations import SECRET_PARAMETERS, operation
from .._api.parameters import pack
from .documents import SHORTEST_SECRET, leaves
from .errors import InvalidOptionError
from .task import Task

OPTIONS: dict[str, dict[str, Any]] = {
    "action": {"type": "str", "required": True},
    "parameters": {"type": "dict", "default": {}},
    "all_pages": {"type": "bool", "default": False},
}

# How the names of parameters end that tell one thing from another. No secret has such a name.
TELLING = ("Id", "Name", "Title")

# Members of answers that hold secrets; the client keeps them for the resources, which compare them (reference 1.3.2).
SECRET_MEMBERS = ("secret_list",)


def concealed(value: Any, secret: bool = False) -> Any:
    """An answer without its secrets.

    :param secret: whether all of it is secret.
    """
    if isinstance(value, Mapping):
        return {name: concealed(item, secret or name in SECRET_MEMBERS) for name, item in value.items()}
    if isinstance(value, list):
        return [concealed(item, secret) for item in value]
    return MASK if secret and value is not None else value


def secrets_of(parameters: Mapping[str, Any]) -> set[str]:
    """The texts among request parameters that must not be shown."""
    hidden = [value for name, value in parameters.items() if name.partition(".")[0] in SECRET_PARAMETERS]
    return {text for text in leaves(hidden) if len(text) >= SHORTEST_SECRET}


def call(task: Task) -> dict[str, Any]:
    """One call, or all pages of a list; in check mode only when it changes nothing.

    :returns: the members of the module's result.
    :raises JstError: for an unknown operation or parameter, before anything is sent, and when the call fails.
    """
    entry = operation(task.options["action"])
    parameters = task.options["parameters"]
    told = [f"{name} {value!r}" for name, value in parameters.items() if name.endswith(TELLING)]
    task.doing = " ".join(["call", entry.name, *(["with", ", ".join(told)] if told else [])])
    result: dict[str, Any] = {"changed": not entry.reads, "answer": None, "request_id": None, "total_count": None}
    if task.options["all_pages"]:
        if not entry.reads:
            raise InvalidOptionError(f"Option all_pages is for lists, and {entry.name} changes something.")
        return {**result, "answer": concealed(task.client.records(entry.name, parameters))}
    if task.check_mode and not entry.reads:
        pack(entry, parameters)
        return result
    answer = task.client.call(entry.name, parameters)
    return {
        **result,
        "answer": concealed(answer.data),
        "request_id": answer.request_id,
        "total_count": answer.total_count,
    }
