# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find keys in texts that look as if they held a password, and mask their values. A value is never returned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

_WORDS = r"(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|(?:access|private|api)[_.-]?key)"
# Kubernetes' own keys, which name a Secret or say how a token is mounted.
_HARMLESS = re.compile(
    r"secret(?:KeyRef|Name|Ref|Namespace)|imagePullSecrets?|automountServiceAccountToken|serviceAccountToken"
    r"|token(?:ExpirationSeconds|Requests?)",
    re.IGNORECASE,
)
# The limits keep a search through a long line short.
_KEY = rf"[\w.-]{{0,80}}{_WORDS}[\w.-]{{0,80}}"
# What follows is a text: no mapping, list, template of Ansible, or reference to the environment.
_VALUE = r"(?![\"']?\s*(?:$|#|\{|\[|!vault|\$[({]|null\b|~))\S"
_ASSIGNED = re.compile(
    rf"^[ \t]*(?:-[ \t]+)?[\"']?({_KEY})[\"']?[ \t]*[:=][ \t]*{_VALUE}", re.IGNORECASE | re.MULTILINE
)
_VARIABLE = re.compile(
    rf"^[ \t]*(?:-[ \t]+)?name:[ \t]*[\"']?({_KEY})[\"']?[ \t]*\r?\n[ \t]*value:[ \t]*{_VALUE}",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(_KEY, re.IGNORECASE)
# A value that is empty, or that is looked up.
_UNKNOWN = re.compile(r"\s*(?:\Z|\{|\[|\$[({]|(?:null|~)\s*\Z)")
_MAY_HOLD = re.compile(_WORDS, re.IGNORECASE)
_LINE = re.compile(rf"([ \t]*(?:-[ \t]+)?[\"']?({_KEY})[\"']?[ \t]*[:=][ \t]*)(.*)", re.IGNORECASE)
_NAME_LINE = re.compile(rf"[ \t]*(?:-[ \t]+)?name:[ \t]*[\"']?{_KEY}[\"']?[ \t]*", re.IGNORECASE)
_VALUE_LINE = re.compile(r"([ \t]*value:[ \t]*)(.*)")
_SHOWN = re.compile(r"(?:[\"']?\{\{|!vault\b|#|\Z)")

_TEMPLATE = re.compile(r"\{\{|\Z")

MASK = "********"
MAX_NESTING = 2
"""How deep to look into documents within texts of documents."""

_BOM = "\ufeff"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def password_keys(text: str) -> list[str]:
    """Return the keys of a document whose names are those of passwords and that have a value.

    They are looked for in the values of the document, and in the lines of texts in it, such as those of a ConfigMap.
    """
    return sorted(_keys(text, MAX_NESTING))


def _keys(text: str, depth: int) -> set[str]:
    found = {match for pattern in (_ASSIGNED, _VARIABLE) for match in pattern.findall(text)}
    for entry in _entries(text):
        if entry.name and not _UNKNOWN.match(entry.value):
            found.add(entry.name)
        elif not entry.name and depth and _MAY_HOLD.search(entry.value):
            found |= _keys(entry.value, depth - 1)
    return {key for key in found if not _HARMLESS.fullmatch(key)}


@dataclass(frozen=True)
class _Entry:
    """A text in a document.

    :ivar name: its key, where that is the name of a password; empty otherwise.
    :ivar place: where it begins and ends.
    """

    name: str
    value: str
    place: tuple[int, int]


def _entries(text: str) -> Iterator[_Entry]:
    """Yield the texts of a YAML document up to its first error. Values with a tag of Ansible are no texts.

    Events of the parser, and not its values: a document that is nested too deep for recursion is no error.
    """
    # Each level: whether it is a mapping, its key, and the entry ``name`` and ``value`` of a variable.
    levels: list[tuple[bool, dict[str, yaml.ScalarEvent]]] = []
    key: list[str | None] = []

    def is_key() -> bool:
        """Return whether the node is the key of a mapping, and go on to the next one."""
        if not key or not levels[-1][0]:
            return False
        is_first = key[-1] is None
        key[-1] = "" if is_first else None
        return is_first

    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                levels.append((isinstance(event, yaml.MappingStartEvent), {}))
                key.append(None)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                variable = levels.pop()[1]
                key.pop()
                is_key()
                if variable.keys() == {"name", "value"} and _NAME.fullmatch(variable["name"].value):
                    yield _entry(variable["name"].value, variable["value"])
            elif isinstance(event, yaml.AliasEvent):
                is_key()
            elif isinstance(event, yaml.ScalarEvent):
                own = (key[-1] if key else None) or ""
                if is_key():
                    key[-1] = event.value
                elif event.tag not in ("!vault", "!vault-encrypted"):
                    if own in ("name", "value"):
                        levels[-1][1][own] = event
                    yield _entry(own if _NAME.fullmatch(own) else "", event)
    except (yaml.YAMLError, ValueError):
        return


def _entry(name: str, event: yaml.ScalarEvent) -> _Entry:
    start, end = event.start_mark, event.end_mark
    return _Entry(name, event.value, (start.index, end.index) if start and end else (0, 0))


def documents_with_passwords(files: Mapping[str, bytes], suffix: str) -> dict[str, list[str]]:
    """Return path -> keys for each document that may hold a password.

    :param files: path -> content.
    :param suffix: the ending of the names of documents.
    """
    found = {path: password_keys(content.decode()) for path, content in files.items() if path.endswith(suffix)}
    return {path: keys for path, keys in sorted(found.items()) if keys}


def mask_passwords(text: str) -> str:
    """Return a text with a mask in the place of each value that :func:`password_keys` would name."""
    if text.startswith(_BOM):
        # The parser does not count it.
        return _BOM + mask_passwords(text.removeprefix(_BOM))
    places = {
        entry.place
        for entry in _entries(text)
        if not _TEMPLATE.match(entry.value)
        and (not _HARMLESS.fullmatch(entry.name) if entry.name else _hides_keys(entry.value))
    }
    # The later ones first, since the earlier ones keep their places then.
    for start, end in sorted(places, reverse=True):
        rest = text[start:end]
        text = text[:start] + MASK + rest[len(rest.rstrip()) :] + text[end:]
    return _mask_lines(text)


def _hides_keys(text: str) -> bool:
    """Return whether a text holds passwords that a search through its lines does not find, such as those of JSON."""
    return bool(_MAY_HOLD.search(text)) and not _keys(text, MAX_NESTING) <= set(
        match for pattern in (_ASSIGNED, _VARIABLE) for match in pattern.findall(text)
    )


def _mask_lines(text: str) -> str:
    lines: list[str] = []
    indent: int | None = None
    before = ""
    for line in text.split("\n"):
        own = len(line) - len(line.lstrip())
        if indent is not None and (own > indent or not line.strip()):
            # A line of the same value.
            continue
        indent = None
        found = _LINE.match(line) or (_VALUE_LINE.match(line) if _NAME_LINE.fullmatch(before) else None)
        before = line
        value = found.group(found.lastindex or 0) if found else ""
        is_harmless = found is not None and found.re is _LINE and _HARMLESS.fullmatch(found.group(2))
        if found is None or is_harmless or _SHOWN.match(value):
            lines.append(line)
        else:
            # The dash of a list entry belongs to the indentation of its keys.
            indent = len(line) - len(line.lstrip(" \t-"))
            lines.append(found.group(1) + MASK)
    return "\n".join(lines)
