# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Fields that databases and accounts of an RDS instance share (reference 7)."""

from __future__ import annotations

from typing import Any

from .._core.field_types import Choice, Text
from .._core.fields import Parent

INSTANCE = Parent("instance_id", "instance_id")

# Only CreateDb and CreateAccount document the rules for names (7.5, 7.8). Samples of other operations break them.
DATABASE_NAME = Text(
    r"[a-z][a-z0-9_-]{0,62}[a-z0-9]",
    "2 to 64 lower-case letters, digits, underscores and hyphens, starting with a letter and ending with a letter "
    "or digit",
)
ACCOUNT_NAME = Text(
    r"[a-z][a-z0-9_]{0,14}[a-z0-9]",
    "2 to 16 lower-case letters, digits and underscores, starting with a letter and ending with a letter or digit",
)


class Privilege(Choice):
    """A privilege. The words of responses lack ``DBOwner`` and have ``Custom`` in addition (7.1, 7.3, 7.4).

    ``Custom`` therefore equals the desired ``DBOwner``.
    """

    def equals(self, wanted: Any, current: Any) -> bool:
        return bool(wanted == current) or (wanted, current) == ("DBOwner", "Custom")


PRIVILEGE = Privilege(("ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly", "DBOwner"), spellings={"Custom": "Custom"})
