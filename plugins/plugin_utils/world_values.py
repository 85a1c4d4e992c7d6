# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of world files that several tables have."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import parse

Json = dict[str, Any]

SECONDS_TO_GO = 10.0
"""When whatever is in progress ends: the service does not show it."""


def operator_settings(shown: Mapping[str, Any]) -> Json:
    """Return the settings with the user that deploy orders name."""
    user_id = shown.get("user_id") or shown.get("main_user_id")
    return {"operator": {"user_id": user_id, "user_nick": shown.get("user_nick") or ""}} if user_id else {}


def soon() -> float:
    """Return the time at which whatever is in progress ends."""
    return time.time() + SECONDS_TO_GO


def epoch(moment: str | None) -> float:
    """Return a time of a result, in UTC, as epoch seconds. Zero stands for none."""
    return parse(moment).timestamp() if moment else 0.0


def without_query(url: str | None) -> str:
    """Return an address without its query, which can be a signature."""
    return (url or "").partition("?")[0]
