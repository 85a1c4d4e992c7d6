# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a response with the reference: wrappers, keys, types, and members that are unknown or missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_contract import (
    INTEGERS,
    LISTS_AS_TEXTS,
    MESSAGE_KEYS,
    NUMBERS,
    SAMPLES_WITH_SMALL_LETTERS,
    SAMPLES_WITH_TEXT_NUMBERS,
    SAMPLES_WITH_WRAPPER,
    TEXTS_WITH_NUMBERS,
    Member,
    contract,
)

# Keys of an envelope in addition to those of the table.
_ENVELOPE_KEYS = ("code", "requestid", "success", "data", "result", *MESSAGE_KEYS)
_SIGNS_OF_ENVELOPE = frozenset(["code", "requestid", "success"])
_INNER_ENVELOPE_KEYS = ("data", "code", "name", "message")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
_INTEGER = re.compile(r"-?\d+")
TIME_FORMS = {
    "plain": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    "minute": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ"),
    "second": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
    "zulu": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
}
# A name of a member. A key of any other form may be data of the account.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,47}")
UNSHOWN_KEY = "<key>"
_SHOWN_MEMBERS = 4
_SHOWN_CHARACTERS = 40


class Finding(NamedTuple):
    """A difference between a response and the reference, or a call without a response.

    kind: ``credentials``, ``denied``, ``failed``, ``wrapper``, ``keys``, ``missing``, ``unknown``, ``type``, ``paging``
        or ``slow``; of the controller also ``controller``, ``network``, ``clock`` and ``record``; of a note ``value``.
    text: sentences without values of the account.
    members: the members that it is about.
    detail: what the service said, which may name objects of the account.
    """

    kind: str
    text: str
    members: tuple[str, ...] = ()
    detail: str = ""


@dataclass
class Form:
    """The form of one response, without any value of it but undocumented ones of enumerations.

    wrapper: the key of the wrapper, None without one.
    is_layered: whether the payload is in a second envelope.
    code, success, message, request_id: what the envelope holds: ``absent``, or a word for the value.
    keys, numbers, booleans, texts, times: how often each form of them occurs.
    nulls, empty_texts, empty_lists: how many members have such a value.
    seen: member -> how many objects have it; objects: member -> how many there are.
    unlisted: member -> its values that the enumeration in the reference does not list.
    valueless: the members with null that a response or record may not lack.
    """

    wrapper: str | None = None
    is_layered: bool = False
    code: str = "absent"
    success: str = "absent"
    message: str = "absent"
    request_id: bool = False
    keys: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    booleans: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    nulls: int = 0
    empty_texts: int = 0
    empty_lists: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    objects: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, str] = field(default_factory=dict)
    mistyped: dict[str, str] = field(default_factory=dict)
    textual: set[str] = field(default_factory=set)
    numeric: set[str] = field(default_factory=set)
    unlisted: dict[str, set[str]] = field(default_factory=dict)
    valueless: set[str] = field(default_factory=set)


def json_type(value: Any) -> str:
    """Return the type of a value in the words of JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names: Mapping[type, str] = {int: "number", float: "number", str: "text", list: "list", dict: "object"}
    return names.get(type(value), "value")


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def field_name(key: Any) -> str:
    """Return the name of a member, or a placeholder for a key that may be data of the account."""
    return str(key) if _NAME.fullmatch(str(key)) else UNSHOWN_KEY


def unwrap(action: str, body: Mapping[str, Any]) -> tuple[str | None, bool, dict[str, Any]]:
    """Return the key of the wrapper, whether there is a second envelope, and the envelope itself."""
    wrapper: str | None = None
    if len(body) == 1:
        ((key, inner),) = body.items()
        if isinstance(inner, dict) and _is_wrapper(action, str(key).lower(), inner):
            wrapper, body = str(key), inner
    outer = {str(key).lower(): value for key, value in body.items()}
    inner = outer.get("data")
    is_layered = (
        isinstance(inner, dict)
        and set(outer) <= set(_INNER_ENVELOPE_KEYS)
        and any(str(key).lower() in _ENVELOPE_KEYS for key in inner)
    )
    return wrapper, is_layered, dict(inner if is_layered and isinstance(inner, dict) else body)


def _is_wrapper(action: str, key: str, inner: Mapping[str, Any]) -> bool:
    """Return whether the only member of a response is a wrapper. A wrapper can have the name of another member."""
    if key not in _ENVELOPE_KEYS:
        return True
    names = {str(name).lower() for name in inner}
    member = contract(action).members.get(key)
    documented = set(member.members) if member is not None else set()
    # A second envelope in Data has a finding of its own.
    return key != "data" and bool(names & _SIGNS_OF_ENVELOPE) and not names & documented


def examine(action: str, body: Mapping[str, Any]) -> Form:
    """Return the form of a response with HTTP 200."""
    wrapper, is_layered, envelope = unwrap(action, body)
    form = Form(wrapper=wrapper, is_layered=is_layered)
    known = contract(action)
    for key, value in envelope.items():
        name = str(key).lower()
        if name == "code":
            form.code = str(value)[:20] if NUMBER.fullmatch(str(value)) else "text"
        elif name == "requestid":
            form.request_id = bool(value)
        elif name == "success":
            form.success = json_type(value)
        elif name in MESSAGE_KEYS:
            form.message = "text" if value else "empty"
        if name in ("code", "requestid", *MESSAGE_KEYS):
            _count_key(form, str(key), "Code")
    payload = {
        key: value for key, value in envelope.items() if str(key).lower() not in ("code", "requestid", *MESSAGE_KEYS)
    }
    _walk_object(form, known, payload, "")
    return form


def _walk_object(form: Form, known: Member, value: Mapping[str, Any], path: str) -> None:
    form.objects[path] += 1
    for key, item in value.items():
        member = known.members.get(str(key).lower())
        if member is None:
            form.unknown[f"{path}{field_name(key)}"] = json_type(item)
            continue
        _count_key(form, str(key), member.name)
        form.seen[f"{path}{member.name}"] += 1
        _walk(form, member, item, f"{path}{member.name}")


def _walk(form: Form, member: Member, value: Any, path: str) -> None:
    if value is None:
        form.nulls += 1
        form.valueless.update([] if member.is_optional or member.name.lower() in MESSAGE_KEYS else [path])
    elif member.is_list:
        if not isinstance(value, list) and not (isinstance(value, str) and path in LISTS_AS_TEXTS):
            form.mistyped[path] = f"{with_article(json_type(value))} instead of a list"
            return
        form.empty_lists += not value
        for item in value if isinstance(value, list) else ():
            _walk(form, member._replace(is_list=False), item, path)
    elif member.type == "Object":
        if isinstance(value, dict):
            _walk_object(form, member, value, f"{path}.")
        else:
            form.mistyped[path] = f"{with_article(json_type(value))} instead of an object"
    else:
        _walk_scalar(form, member, value, path)
        is_listed = value == "" or str(value).strip() in member.choices
        if member.choices and not is_listed and path not in form.mistyped:
            form.unlisted.setdefault(path, set()).add(str(value)[:_SHOWN_CHARACTERS])


def _walk_scalar(form: Form, member: Member, value: Any, path: str) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    text = value.strip() if isinstance(value, str) else None
    if value == "":
        form.empty_texts += 1
    elif member.type in NUMBERS:
        if not is_number and not (text and NUMBER.fullmatch(text)):
            form.mistyped[path] = f"{with_article(json_type(value))} instead of a number"
            return
        if member.type in INTEGERS and not (isinstance(value, int) or (text and _INTEGER.fullmatch(text))):
            what = "decimal number" if is_number else "string with a decimal number"
            form.mistyped[path] = f"a {what} instead of an integer"
            return
        form.numbers["numbers" if is_number else "texts"] += 1
        form.textual.update([] if is_number else [path])
    elif member.type == "Boolean":
        if isinstance(value, bool):
            form.booleans["booleans"] += 1
        elif is_number and value in (0, 1):
            form.booleans["numbers"] += 1
        elif text and text.lower() in ("true", "false", "0", "1"):
            form.booleans["texts"] += 1
        else:
            form.mistyped[path] = f"{with_article(json_type(value))} instead of a boolean"
            return
        form.textual.update([] if isinstance(value, bool) else [path])
    elif is_number:
        form.texts["numbers"] += 1
        form.numeric.add(path)
    elif text is None:
        form.mistyped[path] = f"{with_article(json_type(value))} instead of a string"
    else:
        form.texts.update(["texts"] if NUMBER.fullmatch(text) else [])
        form.times.update(name for name, pattern in TIME_FORMS.items() if pattern.fullmatch(text))


def _count_key(form: Form, key: str, documented: str) -> None:
    """Count whether a key begins with a small or a capital letter, where the table has a capital letter."""
    if documented[:1].isupper():
        form.keys["lower" if key[:1].islower() else "upper"] += 1


def compare(action: str, form: Form) -> list[Finding]:
    """Return the differences between a response and both the table and the sample of its operation."""
    return [*_envelope_findings(action, form), *_type_findings(action, form), *_member_findings(action, form)]


def _envelope_findings(action: str, form: Form) -> Iterator[Finding]:
    has_name = form.wrapper is not None and form.wrapper.lower() in (action.lower(), f"{action}Response".lower())
    if form.wrapper is not None and not (has_name and action in SAMPLES_WITH_WRAPPER):
        where = (
            "The sample response in the reference has a different outer object."
            if action in SAMPLES_WITH_WRAPPER
            else "The reference shows no outer object."
        )
        copes = (
            "The collection can read it."
            if form.wrapper.lower().startswith(action.lower())
            else "The collection does not expect this object."
        )
        name = field_name(form.wrapper)
        words = "an object whose name is unknown" if name == UNSHOWN_KEY else f"an object with the unknown name {name}"
        if form.wrapper.lower().startswith(action.lower()):
            words = f"an object {name}"
        yield Finding("wrapper", f"{action} wraps its response in {words}. {where} {copes}", (name,))
    if form.is_layered:
        yield Finding(
            "wrapper",
            f"{action} has a second outer object inside its response. The reference does not show it. "
            "The collection can read it.",
        )
    if form.keys["lower"] and action not in SAMPLES_WITH_SMALL_LETTERS:
        yield Finding(
            "keys",
            f"{form.keys['lower']} keys in the response of {action} begin with a small letter, and in the reference "
            "with a capital one. The collection reads both.",
        )


def _type_findings(action: str, form: Form) -> Iterator[Finding]:
    for path, what in form.mistyped.items():
        yield Finding("type", f"{path} in the response of {action} is {what}.", (path,))
    if form.textual and action not in SAMPLES_WITH_TEXT_NUMBERS:
        yield Finding(
            "type",
            f"The response of {action} has other types for numbers or booleans than the reference: "
            f"{listed(form.textual)}. The collection can read them.",
            tuple(sorted(form.textual)),
        )
    unexpected = [path for path in form.numeric if not path.startswith(TEXTS_WITH_NUMBERS.get(action, ()) or "?")]
    if unexpected:
        yield Finding(
            "type",
            f"The response of {action} has numbers where the reference has strings: {listed(unexpected)}. "
            "The collection can read them.",
            tuple(sorted(unexpected)),
        )


def _member_findings(action: str, form: Form) -> Iterator[Finding]:
    for path, type_name in form.unknown.items():
        yield Finding(
            "unknown",
            f"The response of {action} has a member that the reference does not have: {path}, "
            f"{with_article(type_name)}.",
            (path,),
        )
    for path, total in sorted(form.objects.items()):
        holder = contract(action)
        for part in path.split(".")[:-1]:
            holder = holder.members[part.lower()]
        for member in holder.members.values():
            place, count = f"{path}{member.name}", form.seen[f"{path}{member.name}"]
            if member.is_optional or count == total or member.name.lower() in MESSAGE_KEYS:
                continue
            extent = "" if count == 0 else f" in {total - count} of {total} records"
            yield Finding(
                "missing",
                f"The response of {action} lacks a member that the reference has: {place}{extent}.",
                (place,),
            )


def value_notes(action: str, unlisted: Mapping[str, set[str]], valueless: set[str]) -> Iterator[Finding]:
    """Yield notes on values that the reference does not list. They are no findings: a service can have newer values.

    :param unlisted: the ``unlisted`` of a form, or of several.
    :param valueless: the ``valueless`` of a form, or of several.
    """
    for path, values in sorted(unlisted.items()):
        yield Finding(
            "value",
            f"{path} in the response of {action} has a value that the reference does not list.",
            (path,),
            f"It is {listed({repr(value) for value in values})}.",
        )
    if valueless:
        text = f"The response of {action} has null for members of the reference: {listed(valueless)}."
        yield Finding("value", text, tuple(sorted(valueless)))


def listed(names: Iterator[str] | set[str] | list[str]) -> str:
    """Return the first of some names as text, with the number of the others."""
    ordered = sorted(names)
    rest = len(ordered) - _SHOWN_MEMBERS
    return ", ".join(ordered[:_SHOWN_MEMBERS]) + (f" and {rest} more" if rest > 0 else "")
