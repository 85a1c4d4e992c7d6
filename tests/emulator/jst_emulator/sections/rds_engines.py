# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the database engines of RDS know: character sets and privileges (reference 7.4, 7.5)."""

from __future__ import annotations

_MYSQL, _SQL_SERVER = ("MySQL", "MariaDB"), ("SQLServer",)
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
    _SQL_SERVER: {
        "ReadOnly": "db_datareader",
        "ReadWrite": "db_datareader,db_datawriter",
        "DBOwner": "db_owner",
    },
}
#: The reference bars reserved words without listing them; these are barred by every engine or by the service.
RESERVED_NAMES = frozenset({"admin", "administrator", "aurora", "guest", "mysql", "public", "root", "sa", "sysadmin"})


def is_supported(engine: str, edition: str) -> bool:
    """Whether the operations work on such instances; not on PostgreSQL, PPAS and the cluster edition of SQL Server."""
    return engine in _MYSQL or (engine in _SQL_SERVER and edition != "cluster")


def character_sets(engine: str) -> tuple[str, ...]:
    """The character sets of a supported engine."""
    return next(sets for engines, sets in _CHARACTER_SETS.items() if engine in engines)


def privileges(engine: str) -> dict[str, str]:
    """The privileges of a supported engine, with what they mean in detail."""
    return next(known for engines, known in _PRIVILEGES.items() if engine in engines)


def privilege_detail(engine: str, privilege: str) -> str | None:
    """What a privilege means in detail; None when the engine does not know it."""
    return privileges(engine).get(privilege)
