# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""From the parameters of a call to the name-value pairs that travel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Iterator, NamedTuple

from .errors import ConfigError, did_you_mean
from .operations import SECRET_PARAMETERS, Operation
from .signer import encode

MAX_QUERY_CHARS = 6000
"""Characters of parameters in a URL, of which gateways take 8 KB: signature version 1.0 adds its own, and a token."""


class EncodedParams(NamedTuple):
    """The pairs of one call, by the place they travel in, and the values among them that must not be repeated."""

    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"EncodedParams({len(self.query)} in the query, {len(self.form)} in the form)"


def flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Pairs of one parameter: lists are numbered from 1, members joined with a dot, booleans in lower case.

    None is left out, at every depth, and so are empty lists and mappings; an empty text stays.

    :raises ConfigError: for a value that has no form on the wire.
    """
    if value is None:
        return
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, (str, int, float)):
        yield name, _text(name, value)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate((item for item in value if item is not None), 1):
            yield from flatten(f"{name}.{number}", item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from flatten(f"{name}.{key}", item)
    else:
        raise ConfigError(f"parameter {name} cannot be sent: it is of type {type(value).__name__}")


def _text(name: str, value: Any) -> str:
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ConfigError(
            f"parameter {name} cannot be sent: it holds half a surrogate pair, which is no character",
            "It comes from text that is not UTF-8, such as a file in another encoding.",
        ) from None
    return text


def encode_params(operation: Operation, params: Mapping[str, Any] | None) -> EncodedParams:
    """Check the parameters of a call against the catalogue and put each where it belongs.

    :raises ConfigError: for an unknown parameter or member, and for a list where a value belongs or the reverse.
    """
    given = {name: value for name, value in (params or {}).items() if value is not None}
    query: list[tuple[str, str]] = []
    form: list[tuple[str, str]] = []
    secrets: list[str] = []
    for name, value in given.items():
        _check_value(operation, name, value)
        pairs = list(flatten(name, value))
        (form if name in operation.body else query).extend(pairs)
        if name in SECRET_PARAMETERS:
            secrets += [pair[1] for pair in pairs]
            for item in value if isinstance(value, (list, tuple)) else [value]:
                secrets += getattr(item, "parts", ())
    if operation.method == "POST":
        _move_to_form(query, form)
    return EncodedParams(query, form, tuple(secrets))


def _move_to_form(query: list[tuple[str, str]], form: list[tuple[str, str]]) -> None:
    """Move the longest parameters into the form until the query fits a URL.

    Gateways of this kind merge query and form, whatever a parameter is documented for. This service was not tried.
    """
    lengths: dict[str, int] = {}
    for name, value in query:
        top = name.partition(".")[0]
        lengths[top] = lengths.get(top, 0) + len(encode(name)) + len(encode(value)) + 2
    excess = sum(lengths.values()) - MAX_QUERY_CHARS
    for top in sorted(lengths, key=lambda top: -lengths[top]):
        if excess <= 0:
            break
        excess -= lengths[top]
        form += [pair for pair in query if pair[0].partition(".")[0] == top]
        query[:] = [pair for pair in query if pair[0].partition(".")[0] != top]


def _check_value(operation: Operation, name: str, value: Any) -> None:
    if name not in operation.parameters:
        raise ConfigError(f"{operation.name} has no parameter {name!r}", did_you_mean(name, operation.parameters))
    members = operation.lists.get(name)
    if isinstance(value, Mapping) or isinstance(value, (list, tuple)) != (members is not None):
        wanted = "a single value" if members is None else "a list"
        raise ConfigError(f"parameter {name} of {operation.name} takes {wanted}")
    if members is not None:
        for item in value:
            _check_item(operation, name, item, members)


def _check_item(operation: Operation, name: str, item: Any, members: tuple[str, ...]) -> None:
    if isinstance(item, Mapping) != bool(members):
        wanted = f"mappings with {', '.join(members)}" if members else "plain values"
        raise ConfigError(f"parameter {name} of {operation.name} takes a list of {wanted}")
    for value in item.values() if members else [item]:
        if isinstance(value, (list, tuple, Mapping)):
            raise ConfigError(f"parameter {name} of {operation.name} holds a list or a mapping inside of another")
    for member in item if members else ():
        if member not in members:
            raise ConfigError(f"{name} of {operation.name} has no member {member!r}", did_you_mean(member, members))
