# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users (reference 2)."""

from __future__ import annotations

from typing import Any

from jst_emulator.registry import Params, operation
from jst_emulator.world import World


@operation("ListUsers")
def list_users(world: World, _p: Params) -> list[dict[str, Any]]:
    """Return all users of the account."""
    return [
        {"UserId": user.user_id, "UserType": user.user_type, "RealName": user.real_name}
        for user in world.users.values()
    ]
