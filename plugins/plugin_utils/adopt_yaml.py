# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write variables as YAML for people, without a text that Ansible would take for a template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from unicodedata import category

INDENT = "  "
# Words that a YAML 1.1 reader takes for another type.
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"])
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
# Templates begin with one of these, or declare other beginnings.
_TEMPLATE = re.compile(r"\{[{%#]|\A#jinja2:")
# Controls, direction marks and others that nobody sees, lone surrogates, and ends of lines and paragraphs. YAML cannot
# hold or folds some of them, and others make an editor show a text as another.
_ESCAPED_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])
_NO_CHARACTERS = "\ufffe\uffff"
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class Expression(str):
    """A text that Ansible evaluates as a template."""


class Commented(str):
    """A text with a comment in its line.

    :ivar comment: the comment.
    """

    comment: str

    @classmethod
    def of(cls, text: str, comment: str) -> Commented:
        """Return a text with a comment."""
        commented = cls(text)
        commented.comment = comment
        return commented


def is_template(text: str) -> bool:
    """Return whether Ansible would evaluate a text."""
    return bool(_TEMPLATE.search(text))


def write_yaml(variables: Mapping[str, Any]) -> str:
    """Return a mapping as YAML, ending in a line break. Texts that would be templates are ``!unsafe``."""
    return "".join(f"{line}\n" for line in _mapping(variables))


def _mapping(value: Mapping[str, Any]) -> Iterator[str]:
    for name, item in value.items():
        yield from _entry(f"{scalar(name)}:", item)


def _entry(label: str, item: Any) -> Iterator[str]:
    if isinstance(item, Mapping) and item:
        yield label
        yield from (INDENT + line for line in _mapping(item))
    elif isinstance(item, (list, tuple)) and item:
        yield label
        yield from (INDENT + line for line in _sequence(item))
    else:
        yield label if item is None else f"{label} {scalar(item)}"


def _sequence(value: Sequence[Any]) -> Iterator[str]:
    for item in value:
        lines = list(_mapping(item) if isinstance(item, Mapping) and item else [scalar(item)])
        yield f"- {lines[0]}"
        yield from (INDENT + line for line in lines[1:])


def scalar(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, (Mapping, list, tuple)):
        return "{}" if isinstance(value, Mapping) else "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    tag = "!unsafe " if is_template(value) and not isinstance(value, Expression) else ""
    comment = f"  # {value.comment}" if isinstance(value, Commented) else ""
    is_plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _WORDS
    return f"{tag}{value if is_plain else _quoted(value)}{comment}"


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(one: str) -> str:
    """Return a character as it stands between double quotes."""
    if one in _SHORT:
        return _SHORT[one]
    if category(one) in _ESCAPED_CATEGORIES or one in _NO_CHARACTERS:
        return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}"
    return one
