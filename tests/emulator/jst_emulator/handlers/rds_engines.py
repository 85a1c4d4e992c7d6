# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database engines of RDS: supported operations, character sets and privileges (reference 7.1 to 7.5)."""

from __future__ import annotations

_MYSQL, _SQL_SERVER, _OTHERS = ("MySQL", "MariaDB"), ("SQLServer",), ("PostgreSQL", "PPAS")
#: Operations that exclude PostgreSQL, PPAS and the cluster edition of SQL Server (reference 7.1 to 7.3).
_NOT_FOR_CLUSTERS = ("DescribeDatabases", "DeleteRdsAccount", "DescribeRdsAccounts")
_CHARACTER_SETS = {
    _MYSQL: ("utf8", "gbk", "latin1", "utf8mb4"),
    _SQL_SERVER: (
        "Chinese_PRC_CI_AS",
        "Chinese_PRC_CS_AS",
        "SQL_Latin1_General_CP1_CI_AS",
        "SQL_Latin1_General_CP1_CS_AS",
        "Chinese_PRC_BIN",
    ),
}
#: Privileges with their details. The reference shows those of ReadOnly on MySQL; the others are the engines' own.
_PRIVILEGES = {
    _MYSQL: {
        "ReadOnly": "SELECT,LOCK TABLES,SHOW VIEW",
        "ReadWrite": "SELECT,INSERT,UPDATE,DELETE,CREATE,DROP,REFERENCES,INDEX,ALTER,CREATE TEMPORARY TABLES,"
        "LOCK TABLES,EXECUTE,CREATE VIEW,SHOW VIEW,CREATE ROUTINE,ALTER ROUTINE,EVENT,TRIGGER",
        "DDLOnly": "CREATE,DROP,INDEX,ALTER,CREATE TEMPORARY TABLES,LOCK TABLES,CREATE VIEW,SHOW VIEW,"
        "CREATE ROUTINE,ALTER ROUTINE",
        "DMLOnly": "SELECT,INSERT,UPDATE,DELETE,CREATE TEMPORARY TABLES,LOCK TABLES,EXECUTE,SHOW VIEW,EVENT,TRIGGER",
    },
    _OTHERS: {
        "ReadOnly": "SELECT",
        "ReadWrite": "SELECT,INSERT,UPDATE,DELETE",
    },
    _SQL_SERVER: {
        "ReadOnly": "db_datareader",
        "ReadWrite": "db_datareader,db_datawriter",
        "DBOwner": "db_owner",
    },
}
#: Reserved names of accounts: the reference does not list them; every engine or the service reserves these.
RESERVED_NAMES = frozenset({"admin", "administrator", "aurora", "guest", "mysql", "public", "root", "sa", "sysadmin"})


def is_supported(engine: str, edition: str, operation_name: str, *, barred_everywhere: bool) -> bool:
    """Return whether an instance supports an operation; the reference excludes some engines from some operations.

    :param barred_everywhere: whether all operations exclude these engines.
    """
    if barred_everywhere:
        return engine not in _OTHERS and edition != "cluster"
    if engine in _OTHERS:
        return operation_name not in (*_NOT_FOR_CLUSTERS, "DeleteDatabase")
    return edition != "cluster" or operation_name not in _NOT_FOR_CLUSTERS


def character_sets(engine: str) -> tuple[str, ...]:
    """Return the character sets of an engine: all of them where the reference lists none."""
    known = [name for sets in _CHARACTER_SETS.values() for name in sets]
    return next((sets for engines, sets in _CHARACTER_SETS.items() if engine in engines), tuple(known))


def privileges(engine: str) -> dict[str, str]:
    """Return the privileges of an engine with their details."""
    return next(known for engines, known in _PRIVILEGES.items() if engine in engines)


def privilege_detail(engine: str, privilege: str) -> str | None:
    """Return the details of a privilege; None when the engine does not have it."""
    return privileges(engine).get(privilege)
