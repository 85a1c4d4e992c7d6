# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about databases and accounts of RDS instances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jst_emulator.readings.declaration import LEFT_OUT, ChangeContext, ResponseChange, Value, reading

_READS = ("DescribeDatabases", "DescribeRdsAccounts")
#: By operation: the member with the records, the one of a record that has the grants, and the value that keeps it.
_PLACES = {
    "DescribeDatabases": ("Databases", "Accounts", "databases"),
    "DescribeRdsAccounts": ("Accounts", "DatabasePrivileges", "accounts"),
}
_OWNER_WORDS = {"custom": "Custom", "read_write": "ReadWrite"}


def _grants(result: Any, choice: Value, context: ChangeContext) -> Any:
    records, grants, keeps = _PLACES[context.operation.name]
    if choice == keeps:
        return result
    return {**result, records: [{**record, grants: []} for record in result[records]]}


def _owner(value: Any, choice: Value, _scene: ChangeContext) -> Any:
    return _OWNER_WORDS[str(choice)] if value == "DBOwner" else value


def _no_detail(_value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return LEFT_OUT


@dataclass(kw_only=True)
class RdsReadings:
    """Databases and accounts."""

    grants: str = reading(
        "10433-10455, 10691-10717",
        {
            "both": "DescribeRdsAccounts and DescribeDatabases show the privileges of accounts in databases.",
            "accounts": "Only DescribeRdsAccounts shows the privileges of accounts in databases.",
            "databases": "Only DescribeDatabases shows the privileges of accounts in databases.",
        },
        change=ResponseChange((), _grants, _READS),
    )
    db_owner: str = reading(
        "10443-10453, 10700-10712, 10838",
        {
            "shown": "The privilege DBOwner comes back as DBOwner.",
            "custom": "The privilege DBOwner comes back as Custom.",
            "read_write": "The privilege DBOwner comes back as ReadWrite.",
        },
        change=ResponseChange(("AccountPrivilege",), _owner, _READS),
    )
    privilege_detail: str = reading(
        "10435-10438, 10498-10502, 10714-10717",
        {
            "shown": "Grants show the details of their privilege.",
            "missing": "Grants do not show the details of their privilege.",
        },
        change=ResponseChange(("AccountPrivilegeDetail",), _no_detail, _READS),
    )
