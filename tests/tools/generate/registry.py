# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All generators."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

# Each is a module of this package.
NAMES = (
    "action_group",
    "actions",
    "assumptions_page",
    "awx_picture",
    "comparison_page",
    "coverage_page",
    "database_tasks",
    "error_page",
    "event_queries",
    "events_page",
    "performance_page",
    "permissions_page",
    "readings_page",
    "readme_modules",
    "return_values",
    "role_specs",
    "world_page",
)


def stale(*names: str) -> Mapping[Path, str | None]:
    """Return the files that differ from what the named generators would write; None is a file that must not exist."""
    found = {}
    for name in names or NAMES:
        for path, text in import_module(f"{__package__}.{name}").render().items():
            if text != (path.read_text(encoding="utf-8") if path.exists() else None):
                found[path] = text
    return found
