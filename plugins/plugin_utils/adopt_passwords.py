# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find keys in texts that look as if they held a password, and mask their values. A value is never returned."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
_LINE = re.compile(rf"([ \t]*(?:-[ \t]+)?[\"']?({_KEY})[\"']?[ \t]*[:=][ \t]*)(.*)", re.IGNORECASE)
_NAME_LINE = re.compile(rf"[ \t]*(?:-[ \t]+)?name:[ \t]*[\"']?{_KEY}[\"']?[ \t]*", re.IGNORECASE)
_VALUE_LINE = re.compile(r"([ \t]*value:[ \t]*)(.*)")
_SHOWN = re.compile(r"(?:[\"']?\{\{|!vault\b|#|\Z)")

MASK = "********"


def password_keys(text: str) -> list[str]:
    """Return the keys of a document whose names are those of passwords and that have a value."""
    found = {match for pattern in (_ASSIGNED, _VARIABLE) for match in pattern.findall(text)}
    return sorted(key for key in found if not _HARMLESS.fullmatch(key))


def documents_with_passwords(files: Mapping[str, bytes], suffix: str) -> dict[str, list[str]]:
    """Return path -> keys for each document that may hold a password.

    :param files: path -> content.
    :param suffix: the ending of the names of documents.
    """
    found = {path: password_keys(content.decode()) for path, content in files.items() if path.endswith(suffix)}
    return {path: keys for path, keys in sorted(found.items()) if keys}


def mask_passwords(text: str) -> str:
    """Return a text with a mask in the place of each value that :func:`password_keys` would name."""
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
