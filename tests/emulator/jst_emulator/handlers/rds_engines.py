# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the database engines of RDS know: character sets and privileges (reference 7.4, 7.5)."""

from __future__ import annotations

_MYSQL, _SQL_SERVER, _OTHERS = ("MySQL", "MariaDB"), ("SQLServer",), ("PostgreSQL", "PPAS")
#: Not for PostgreSQL, PPAS and the cluster edition of SQL Server (reference 7.1 to 7.3).
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
#: The privileges and what they mean. The reference shows the text for ReadOnly on MySQL; the rest is the engines' own.
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
#: The reference bars reserved words without listing them; these are barred by every engine or by the service.
RESERVED_NAMES = frozenset({"admin", "administrator", "aurora", "guest", "mysql", "public", "root", "sa", "sysadmin"})


def is_supported(engine: str, edition: str, operation_name: str, *, barred_everywhere: bool) -> bool:
    """Whether an operation works on such instances; the reference bars some engines from some operations alone.

    :param barred_everywhere: whether these engines are barred from all operations.
    """
    if barred_everywhere:
        return engine not in _OTHERS and edition != "cluster"
    if engine in _OTHERS:
        return operation_name not in (*_NOT_FOR_CLUSTERS, "DeleteDatabase")
    return edition != "cluster" or operation_name not in _NOT_FOR_CLUSTERS


def character_sets(engine: str) -> tuple[str, ...]:
    """The character sets of an engine; of those that the reference leaves out, all it has."""
    known = [name for sets in _CHARACTER_SETS.values() for name in sets]
    return next((sets for engines, sets in _CHARACTER_SETS.items() if engine in engines), tuple(known))


def privileges(engine: str) -> dict[str, str]:
    """The privileges of an engine, with what they mean in detail."""
    return next(known for engines, known in _PRIVILEGES.items() if engine in engines)


def privilege_detail(engine: str, privilege: str) -> str | None:
    """What a privilege means in detail; None when the engine does not know it."""
    return privileges(engine).get(privilege)
