# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Encode the parameters of a call as name-value pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Iterator, NamedTuple

from .errors import ConfigError
from .hints import Hint, did_you_mean
from .operations import SECRET_PARAMETERS, Operation
from .signer import encode

MAX_QUERY_CHARS = 6000
"""Characters of parameters in a URL. Gateways accept 8 KB, of which signature version 1.0 and a token need some."""


class EncodedParams(NamedTuple):
    """The pairs of one call in query and form body, and the secret values among them."""

    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"EncodedParams({len(self.query)} in the query, {len(self.form)} in the form)"


def flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one parameter: lists numbered from 1, members joined with a dot, booleans in lower case.

    None and empty lists and mappings are omitted at every depth. An empty text is kept.

    :raises ConfigError: for a value that cannot be encoded.
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
            f"parameter {name} cannot be sent: it holds half a surrogate pair, which is not a character",
            Hint(
                "Convert the source of the value, such as a file in another encoding, to UTF-8.",
                "请把该参数值的来源（例如其他编码的文件）转换为 UTF-8 编码。",
            ),
        ) from None
    return text


def encode_params(operation: Operation, params: Mapping[str, Any] | None) -> EncodedParams:
    """Check the parameters of a call against the catalogue, and encode each for query or form body.

    :raises ConfigError: for an unknown parameter or member, or a list in place of a value and vice versa.
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
    """Move the longest parameters into the form body until the query fits into a URL.

    Gateways of this kind merge query and form body, whatever the documentation of a parameter says. This service has
    not been tried.
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
