# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callers of a gateway over a small world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from jst_emulator.emulator import Emulator, Settings
from jst_emulator.testing import APP, HANDLERS, Caller, load


@pytest.fixture
def make_caller() -> Callable[..., Caller]:
    """Makes a caller with an emulator of its own: keyword arguments are Settings, ``spec`` is for the world."""

    def make(spec: Any = None, handlers: Mapping[str, Any] | None = None, **settings: Any) -> Caller:
        return Caller(Emulator(Settings(**settings), HANDLERS if handlers is None else handlers, load, spec))

    return make


@pytest.fixture
def caller(make_caller: Callable[..., Caller]) -> Caller:
    """A caller of a small emulator."""
    return make_caller()


@pytest.fixture
def app() -> dict[str, Any]:
    """Parameters that create an app."""
    return dict(APP)
