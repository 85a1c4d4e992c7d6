# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Parts of messages."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Sequence


def capitalize_first(text: str) -> str:
    """Return a text with a capital first letter. The rest stays as it is."""
    return text[:1].upper() + text[1:]


def join_known(separator: str, *values: Any) -> str:
    """Return the known values as text with a separator between them; empty when none is known."""
    return separator.join(str(value) for value in values if value not in (None, ""))


def name_words(kind: str, name: Any, resource_id: Any = None) -> str:
    """Return a resource in words, such as ``service 'web'``: by its name, or else by its id."""
    return join_known(" ", kind, repr(name) if name not in (None, "") else resource_id)


def count_words(count: int, noun: str) -> str:
    """Return a number of things in words, such as ``1 instance`` or ``2 instances``.

    :param noun: the singular of a noun whose plural ends with ``s``.
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def status_words(status: Any) -> str:
    """Return a status in the words of a wait message."""
    return "no status yet" if status in (None, "") else f"status {status}"


def value_words(value: Any) -> str:
    """Return a value of an option as messages quote it."""
    return "not set" if value is None else repr(_known_parts(value))


def _known_parts(value: Any) -> Any:
    """Return a value without members that are ``None``."""
    if isinstance(value, Mapping):
        return {name: _known_parts(item) for name, item in value.items() if item is not None}
    return [_known_parts(item) for item in value] if isinstance(value, list) else value


def suggest(word: str, words: Sequence[str]) -> str:
    """Return the end of a message, such as ``, did you mean 'a' or 'b'?``; empty when no word is similar."""
    near = difflib.get_close_matches(word, list(words), n=3)
    return f", did you mean {' or '.join(repr(item) for item in near)}?" if near else ""
