# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Users of the account (reference 2.1)."""

from __future__ import annotations

from .._core.field_types import Choice
from .._core.fields import ListOperation, computed
from .._core.info import Info
from .._core.reading import ReadOnlyResource

USER_TYPE = Choice(("TAOBAO", "DING_TALK"), spellings={"DINGDING_TALK": "DING_TALK"})


class User(ReadOnlyResource):
    """A user of the account, who can have roles in apps."""

    name = "user"
    plural = "users"
    label = "user"
    fields = (computed("user_id"), computed("user_type", USER_TYPE), computed("real_name"))
    list_op = ListOperation("ListUsers")


class UserInfo(Info):
    """List users."""

    resource = User()
    filters = ("user_id", "user_type", "real_name")
