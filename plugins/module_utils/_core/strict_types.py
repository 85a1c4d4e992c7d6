# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Strict types for argument specifications.

ansible-core turns every value into a text: the list ``["shop"]`` becomes the name ``['shop']``, ``on`` becomes
``True``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Callable, Iterator

from ansible.module_utils.common.validation import check_type_path

from .._api.number_parsing import to_float, to_int
from .mapping_texts import repeated_keys, to_mapping
from .yaml_reader import key_words

Converter = Callable[[Any], Any]


def to_text(value: Any) -> str:
    """Return the text of a value.

    :param value: a text, a date, or a number, such as a title of digits.
    :raises ValueError: for any other type, including booleans.
    """
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is a boolean: put it in quotes if it is meant as a string")
    if isinstance(value, (str, int, float, datetime.date)):
        return value if isinstance(value, str) else str(value)
    raise ValueError(
        "the value is null" if value is None else f"a value of type {type(value).__name__} is not a string"
    )


def to_path(value: Any) -> str:
    """Return a path with the home directory and environment variables in place of ``~`` and ``$NAME``.

    :raises ValueError: for a value that is not a text; see :func:`to_text`.
    """
    return str(check_type_path(to_text(value)))


def _named_type(name: str, convert: Converter) -> Converter:
    """Return a type for a specification. Messages of ansible-core show its name."""

    def check(value: Any) -> Any:
        return convert(value)

    check.__name__ = name
    return check


def _element_type(name: str, convert: Converter) -> Converter:
    """Return a type for items of a list: ansible-core splits the text ``1, 2`` at the comma."""
    return _named_type(name, lambda value: convert(value.strip(" ") if isinstance(value, str) else value))


_NUMBERS: Mapping[str, Converter] = {"int": to_int, "float": to_float}
_TEXTS: Mapping[str, Converter] = {"str": to_text, "path": to_path}
_TYPES = {name: _named_type(name, convert) for name, convert in {**_NUMBERS, **_TEXTS}.items()}
_ELEMENTS = {
    **{name: _TYPES[name] for name in _TEXTS},
    **{name: _element_type(name, convert) for name, convert in _NUMBERS.items()},
}


def with_strict_types(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of an argument specification with strict types for numbers, texts and paths.

    A number has one of the forms in ``_api.number_parsing``. ansible-core accepts a function as a type. Its message
    names the option with its place, and quotes the function's error.
    """
    strict: dict[str, Any] = {}
    for name, option in spec.items():
        strict[name] = dict(option)
        for key, types in (("type", _TYPES), ("elements", _ELEMENTS)):
            if option.get(key) in types:
                strict[name][key] = types[option[key]]
        if option.get("options"):
            strict[name]["options"] = with_strict_types(option["options"])
    return strict


def shape_faults(spec: Mapping[str, Any], values: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield a sentence for each value that is not the mapping, the list of mappings or the list that an option takes.

    ansible-core raises an unhandled error for some of them, and its messages do not locate the others. It cuts a text
    at its commas where an option takes a list, and uses the last value of a key that occurs twice in a text.

    :param place: the prefix of option names.
    """
    for name, option in spec.items():
        given = next((key for key in (name, *option.get("aliases", ())) if values.get(key) is not None), name)
        value, path = values.get(given), f"{place}{given}"
        cut = _cut_text_words(option, value)
        if cut:
            yield f"{path} has to be {cut}."
        if value is None or "dict" not in (option.get("type"), option.get("elements")):
            continue
        if option["type"] == "dict":
            entries = [(path, value)]
        elif isinstance(value, (list, tuple)):
            entries = [(f"{path}[{number}]", entry) for number, entry in enumerate(value)]
        else:
            yield f"{path} has to be a list of mappings, and is {_type_words(value)}."
            continue
        for where, entry in entries:
            mapping = to_mapping(entry)
            if mapping is None:
                yield f"{where} has to be a mapping, and is {_type_words(entry)}."
                continue
            yield from (f"{where} has {key_words(key)} twice in one mapping." for key in repeated_keys(entry))
            yield from shape_faults(option.get("options") or {}, mapping, f"{where}.")


def _cut_text_words(option: Mapping[str, Any], value: Any) -> str:
    """Return what a list has to be, when a text is given that has commas inside its entries; empty otherwise."""
    if option.get("type") != "list" or not isinstance(value, str):
        return ""
    if option.get("elements") == "raw" and value.strip():
        return (
            "a list of documents, and is a string, which would be cut at its commas. "
            "Write the string as an entry of a list"
        )
    if option.get("elements") != "dict" and value.lstrip().startswith(("[", "{")):
        return (
            "a list, and is a string that contains a list. On a command line, write it as JSON: "
            """-e '{"NAME": ["a", "b"]}'"""
        )
    return ""


def _type_words(value: Any) -> str:
    shapes = ((bool, "a boolean"), (str, "a string"), (Mapping, "a mapping"), ((list, tuple), "a list"))
    return "null" if value is None else next((word for kind, word in shapes if isinstance(value, kind)), "a number")
