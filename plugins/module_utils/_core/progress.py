# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Lines for the operator while a task waits.

A module that runs in a process of its own has nobody to tell: Ansible reads what it prints when it has ended. In the
worker there is a listener.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator

_listeners: list[Callable[[str], None]] = []


def tell(line: str) -> None:
    """Pass a line on to whoever listens."""
    for listener in _listeners:
        listener(line)


@contextmanager
def heard_by(listener: Callable[[str], None]) -> Iterator[None]:
    """Let a listener have the lines for as long as the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
