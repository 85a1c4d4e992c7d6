# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Calls of any operation, for operations without a resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Collection, Sequence

from .._api.errors import MASK, ApiError
from .._api.operations import OPERATIONS, Operation, get_operation
from .._api.parameters import encode_params
from .._api.redaction import is_secret_name
from .errors import InvalidOptionError
from .manifest import encoded_secret
from .option_redaction import mask, redact_value
from .run_context import RunContext
from .secret_detection import has_secret_document, is_secret_document

OPTIONS: dict[str, dict[str, Any]] = {
    "action": {"type": "str", "required": True},
    "parameters": {"type": "dict", "default": {}},
    "all_pages": {"type": "bool", "default": False},
}

# The endings of parameters that identify a resource. No secret has such a name.
IDENTIFYING_SUFFIXES = ("Id", "Name", "Title")


def redact_response(value: Any) -> Any:
    """Return a response without secrets: members with secret names, and Kubernetes Secrets anywhere."""
    if isinstance(value, Mapping):
        if is_secret_document(value):
            return MASK
        return {
            name: _mask_all(item) if is_secret_name(name) else redact_response(item) for name, item in value.items()
        }
    if isinstance(value, list):
        return [redact_response(item) for item in value]
    return MASK if isinstance(value, str) and has_secret_document(value) else value


def _mask_all(value: Any) -> Any:
    """Return a copy of a value with a mask in place of every scalar."""
    if isinstance(value, Mapping):
        return {name: _mask_all(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_mask_all(item) for item in value]
    return value if value is None else MASK


def redact_call(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a call without the secrets in its parameters, for results and logs.

    A parameter is secret by its name. A parameter of no operation is masked, because it may be a misspelt secret.
    """
    parameters = options.get("parameters")
    if not isinstance(parameters, Mapping):
        return {**options, "parameters": mask(parameters)} if "parameters" in options else dict(options)
    operation = OPERATIONS.get(str(options.get("action")))
    operations = [operation] if operation else list(OPERATIONS.values())
    shown = {name: _redact_parameter(str(name), value, operations) for name, value in parameters.items()}
    return {**options, "parameters": shown}


def _redact_parameter(name: str, value: Any, operations: Sequence[Operation]) -> Any:
    matching = [operation for operation in operations if name in operation.parameters]
    if not matching or is_secret_name(name):
        return mask(value)
    members = {member for operation in matching for member in operation.lists.get(name, ())}
    return _redact_members(redact_value(name, value), members)


def _redact_members(value: Any, members: Collection[str]) -> Any:
    """Return a list of records with the members masked that no record of the parameter can have."""
    if isinstance(value, (list, tuple)):
        return [_redact_members(item, members) for item in value]
    if isinstance(value, Mapping):
        return {
            name: item if name in members and not is_secret_name(name) else mask(item) for name, item in value.items()
        }
    return value


def _is_identifying(operation: Operation, name: str, value: Any) -> bool:
    """Return whether a message about a call shows the parameter."""
    return name in operation.parameters and name.endswith(IDENTIFYING_SUFFIXES) and isinstance(value, (str, int))


def _as_secret(name: str, value: Any) -> Any:
    """Return the value of a parameter, as a secret with its parts when the parameter is secret."""
    if isinstance(value, list):
        return [_as_secret(name, item) for item in value]
    return encoded_secret(value) if isinstance(value, str) and is_secret_name(name) else value


def call_operation(ctx: RunContext) -> dict[str, Any]:
    """Call an operation, or read all pages of a list. In check mode, call only operations that change nothing.

    :returns: the members of the module's result.
    :raises JstError: for an unknown operation or parameter, before anything is sent, and when the call fails.
    """
    operation = get_operation(ctx.options["action"])
    parameters = {name: _as_secret(name, value) for name, value in ctx.options["parameters"].items()}
    described = [f"{name} {value!r}" for name, value in parameters.items() if _is_identifying(operation, name, value)]
    ctx.activity = " ".join(["call", operation.name, *(["with", ", ".join(described)] if described else [])])
    result: dict[str, Any] = {
        "changed": not operation.is_read,
        "response": None,
        "request_id": None,
        "total_count": None,
    }
    if ctx.options["all_pages"]:
        if not operation.is_read:
            raise InvalidOptionError(f"Option all_pages is for lists, and {operation.name} changes something.")
        return {**result, "response": redact_response(ctx.client.list_all(operation.name, parameters))}
    if ctx.check_mode and not operation.is_read:
        encode_params(operation, parameters)
        return result
    try:
        response = ctx.client.call(operation.name, parameters)
    except ApiError as error:
        ctx.may_have_written = error.unknown_outcome and not operation.is_read
        raise
    return {
        **result,
        "response": redact_response(response.data),
        "request_id": response.request_id,
        "total_count": response.total_count,
    }
