# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Progress lines for the operator while a task waits.

A module in a process of its own cannot show them: Ansible reads its output after it has ended. In the worker process
there is a listener.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any, Callable, Iterator

_BREAKS = "\n\t"

_listeners: list[Callable[[str], None]] = []


def printable(text: str, kept: str = _BREAKS) -> str:
    """Return a text for a terminal: control characters and direction marks are escaped.

    Names and messages come from others, and a terminal would execute control sequences in them.

    :param kept: the control characters that stay, line breaks and tabs unless given.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in kept else one.encode("unicode_escape").decode() for one in text)


def printable_texts(value: Any) -> Any:
    """Return a copy of a value whose texts are for one line of a terminal each, at every level; see :func:`printable`.

    A name with a line break cannot pose as another line.
    """
    if isinstance(value, Mapping):
        return {name: printable_texts(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_texts(item) for item in value]
    return printable(value, kept="\t") if isinstance(value, str) else value


def notify(line: str) -> None:
    """Pass a line to all listeners."""
    for listener in _listeners:
        listener(line)


@contextmanager
def listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Add a listener for the duration of the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
