# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Calling an operation as it is, for what no resource covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Collection, Sequence

from .._api.errors import MASK
from .._api.operations import OPERATIONS, Operation, get_operation
from .._api.parameters import encode_params
from .._api.redaction import is_secret_name
from .errors import InvalidOptionError
from .manifest import encoded_secret
from .option_redaction import mask_value, redact_value
from .run_context import RunContext
from .secret_detection import has_secret_document, is_secret_document

OPTIONS: dict[str, dict[str, Any]] = {
    "action": {"type": "str", "required": True},
    "parameters": {"type": "dict", "default": {}},
    "all_pages": {"type": "bool", "default": False},
}

# How the names of parameters end that tell one thing from another. No secret has such a name.
IDENTIFYING_SUFFIXES = ("Id", "Name", "Title")


def redact_response(value: Any) -> Any:
    """Return an answer without its secrets: members by their names, and documents of kind Secret wherever they are."""
    if isinstance(value, Mapping):
        if is_secret_document(value):
            return MASK
        return {
            name: _mask_values(item) if is_secret_name(name) else redact_response(item) for name, item in value.items()
        }
    if isinstance(value, list):
        return [redact_response(item) for item in value]
    return MASK if isinstance(value, str) and has_secret_document(value) else value


def _mask_values(value: Any) -> Any:
    """A mask for every value; how many there are stays to be seen."""
    if isinstance(value, Mapping):
        return {name: _mask_values(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_mask_values(item) for item in value]
    return value if value is None else MASK


def redact_call(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a call without the secrets in its parameters, for what is shown and logged.

    A parameter is secret by its name, and hidden when no operation has one of that name: it may be a misspelt secret.
    """
    parameters = options.get("parameters")
    if not isinstance(parameters, Mapping):
        return {**options, "parameters": mask_value(parameters)} if "parameters" in options else dict(options)
    operation = OPERATIONS.get(str(options.get("action")))
    operations = [operation] if operation else list(OPERATIONS.values())
    shown = {name: _redact_parameter(str(name), value, operations) for name, value in parameters.items()}
    return {**options, "parameters": shown}


def _redact_parameter(name: str, value: Any, operations: Sequence[Operation]) -> Any:
    matching = [operation for operation in operations if name in operation.parameters]
    if not matching or is_secret_name(name):
        return mask_value(value)
    members = {member for operation in matching for member in operation.lists.get(name, ())}
    return _redact_members(redact_value(name, value), members)


def _redact_members(value: Any, members: Collection[str]) -> Any:
    """A list of records with what no record of the parameter can have hidden."""
    if isinstance(value, (list, tuple)):
        return [_redact_members(item, members) for item in value]
    if isinstance(value, Mapping):
        return {
            name: item if name in members and not is_secret_name(name) else mask_value(item)
            for name, item in value.items()
        }
    return value


def _is_identifying(operation: Operation, name: str, value: Any) -> bool:
    """Whether a parameter tells in a message which thing a call is about."""
    return name in operation.parameters and name.endswith(IDENTIFYING_SUFFIXES) and isinstance(value, (str, int))


def _as_secret(name: str, value: Any) -> Any:
    """The value of a parameter, if it is secret, with what stands inside it."""
    if isinstance(value, list):
        return [_as_secret(name, item) for item in value]
    return encoded_secret(value) if isinstance(value, str) and is_secret_name(name) else value


def call_operation(ctx: RunContext) -> dict[str, Any]:
    """One call, or all pages of a list; in check mode only when it changes nothing.

    :returns: the members of the module's result.
    :raises JstError: for an unknown operation or parameter, before anything is sent, and when the call fails.
    """
    operation = get_operation(ctx.options["action"])
    parameters = {name: _as_secret(name, value) for name, value in ctx.options["parameters"].items()}
    described = [f"{name} {value!r}" for name, value in parameters.items() if _is_identifying(operation, name, value)]
    ctx.activity = " ".join(["call", operation.name, *(["with", ", ".join(described)] if described else [])])
    result: dict[str, Any] = {"changed": not operation.is_read, "answer": None, "request_id": None, "total_count": None}
    if ctx.options["all_pages"]:
        if not operation.is_read:
            raise InvalidOptionError(f"Option all_pages is for lists, and {operation.name} changes something.")
        return {**result, "answer": redact_response(ctx.client.list_all(operation.name, parameters))}
    if ctx.check_mode and not operation.is_read:
        encode_params(operation, parameters)
        return result
    response = ctx.client.call(operation.name, parameters)
    return {
        **result,
        "answer": redact_response(response.data),
        "request_id": response.request_id,
        "total_count": response.total_count,
    }
