# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The handlers, one module for each section of the reference; the import of this package fills ``HANDLERS``."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from jst_emulator.registry import HANDLERS

__all__ = ["HANDLERS"]

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
