# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS databases, accounts, grants and backups."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import MYSQL, SQL_SERVER, DirectAccount


def database(account: DirectAccount, name: str = "shop", instance: str = MYSQL, wait: bool = True) -> None:
    """Make a database, and wait until it is Running unless told otherwise."""
    character_set = "utf8mb4" if instance == MYSQL else "Chinese_PRC_CI_AS"
    account.call("CreateDb", DbInstanceId=instance, DbName=name, CharacterSetName=character_set)
    account.wait(5 if wait else 0)


def user(account: DirectAccount, name: str = "app", instance: str = MYSQL, wait: bool = True) -> None:
    """Make an account, and wait until it is Available unless told otherwise."""
    account.call("CreateAccount", DbInstanceId=instance, AccountName=name, AccountPassword="Secret-1234")
    account.wait(3 if wait else 0)


def databases(account: DirectAccount, instance: str = MYSQL) -> dict[str, dict[str, Any]]:
    """The databases of an instance by name."""
    return {one["DBName"]: one for one in account.call("DescribeDatabases", InstanceId=instance)["Databases"]}


def users(account: DirectAccount, instance: str = MYSQL) -> dict[str, dict[str, Any]]:
    """The accounts of an instance by name."""
    return {one["AccountName"]: one for one in account.call("DescribeRdsAccounts", DbInstanceId=instance)["Accounts"]}


def test_a_database_is_creating_then_running_then_deleting_then_gone() -> None:
    account = DirectAccount()
    database(account, wait=False)
    assert databases(account)["shop"]["DBStatus"] == "Creating"
    account.wait(4)
    assert databases(account)["shop"]["DBStatus"] == "Creating"
    assert "is not Running but Creating" in account.error("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    account.wait(1)
    assert databases(account)["shop"] == {
        "DBName": "shop",
        "DBStatus": "Running",
        "DBDescription": "",
        "Engine": "MySQL",
        "CharacterSetName": "utf8mb4",
        "DBInstanceId": MYSQL,
        "Accounts": [],
    }
    account.call("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    assert databases(account)["shop"]["DBStatus"] == "Deleting"
    assert "is not Running but Deleting" in account.error("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    given = {"DbInstanceId": MYSQL, "DbName": "shop", "CharacterSetName": "gbk"}
    assert "exists already" in account.error("CreateDb", **given)
    account.wait(5)
    assert databases(account) == {}
    assert "does not exist" in account.error("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")


def test_database_names_are_unique_in_their_instance() -> None:
    account = DirectAccount()
    database(account, wait=False)
    given = {"DbName": "shop", "CharacterSetName": "gbk"}
    assert account.error("CreateDb", DbInstanceId=MYSQL, **given) == "Database shop exists already."
    database(account, instance=SQL_SERVER)


@pytest.mark.parametrize(
    ("instance", "character_set"), [(MYSQL, "Chinese_PRC_BIN"), (SQL_SERVER, "utf8"), (SQL_SERVER, "utf8mb4")]
)
def test_the_character_set_fits_the_engine(instance: str, character_set: str) -> None:
    given = {"DbInstanceId": instance, "DbName": "shop", "CharacterSetName": character_set}
    assert f"Character set {character_set} does not fit" in DirectAccount().error("CreateDb", **given)


def test_an_account_is_unavailable_then_available() -> None:
    account = DirectAccount()
    user(account, wait=False)
    assert users(account)["app"]["AccountStatus"] == "Unavailable"
    account.wait(2)
    assert users(account)["app"]["AccountStatus"] == "Unavailable"
    account.wait(1)
    assert users(account)["app"] == {
        "AccountStatus": "Available",
        "AccountDescription": "",
        "AccountName": "app",
        "AccountType": "Normal",
        "PrivExceeded": "0",
        "DBInstanceId": MYSQL,
        "DatabasePrivileges": [],
    }


def test_account_names_are_unique_in_their_instance_and_not_reserved() -> None:
    account = DirectAccount()
    user(account)
    given = {"AccountPassword": "Secret-1234", "AccountType": "Super"}
    text = account.error("CreateAccount", DbInstanceId=MYSQL, AccountName="app", **given)
    assert text == "Account app exists already."
    assert "is reserved" in account.error("CreateAccount", DbInstanceId=MYSQL, AccountName="root", **given)
    account.call("CreateAccount", DbInstanceId=SQL_SERVER, AccountName="app", **given)
    assert users(account, SQL_SERVER)["app"]["AccountType"] == "Super"


def test_accounts_are_filtered_by_name() -> None:
    account = DirectAccount()
    user(account, "one")
    user(account, "two")
    found = account.call("DescribeRdsAccounts", DbInstanceId=MYSQL, AccountName="two")["Accounts"]
    assert [one["AccountName"] for one in found] == ["two"]
    assert account.call("DescribeRdsAccounts", DbInstanceId=MYSQL, AccountName="three")["Accounts"] == []


def grant(privilege: str = "ReadOnly", instance: str = MYSQL, **more: Any) -> dict[str, Any]:
    """Parameters of GrantDbToAccount."""
    given = {"DbInstanceId": instance, "DbName": "shop", "AccountName": "app", "AccountPrivilege": privilege}
    return {**given, **more}


def test_a_grant_shows_on_both_sides_and_changes_when_granted_again() -> None:
    account = DirectAccount()
    database(account)
    user(account)
    account.call("GrantDbToAccount", **grant())
    detail = {"AccountPrivilege": "ReadOnly", "AccountPrivilegeDetail": "SELECT,LOCK TABLES,SHOW VIEW"}
    assert users(account)["app"]["DatabasePrivileges"] == [{"DBName": "shop", **detail}]
    assert databases(account)["shop"]["Accounts"] == [{"Account": "app", **detail}]
    account.call("GrantDbToAccount", **grant("DMLOnly"))
    (privilege,) = users(account)["app"]["DatabasePrivileges"]
    assert privilege["AccountPrivilege"] == "DMLOnly"
    assert privilege["AccountPrivilegeDetail"].startswith("SELECT,INSERT,")
    database(account, "second")
    account.call("GrantDbToAccount", **grant("ReadWrite", DbName="second"))
    assert [one["DBName"] for one in users(account)["app"]["DatabasePrivileges"]] == ["shop", "second"]


def test_a_grant_needs_both_sides() -> None:
    account = DirectAccount()
    assert account.error("GrantDbToAccount", **grant()) == "Account app does not exist."
    user(account, wait=False)
    database(account, "other", wait=False)
    assert account.error("GrantDbToAccount", **grant()) == "Account app is not available yet."
    account.wait(3)
    assert account.error("GrantDbToAccount", **grant()) == "Database shop does not exist."
    text = account.error("GrantDbToAccount", **grant(DbName="other"))
    assert text == "Database other is not Running but Creating."


@pytest.mark.parametrize(
    ("instance", "allowed", "barred"),
    [
        (MYSQL, ["ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly"], ["DBOwner"]),
        (SQL_SERVER, ["ReadWrite", "ReadOnly", "DBOwner"], ["DDLOnly", "DMLOnly"]),
    ],
)
def test_privileges_depend_on_the_engine(instance: str, allowed: list[str], barred: list[str]) -> None:
    account = DirectAccount()
    database(account, instance=instance)
    user(account, instance=instance)
    for privilege in allowed:
        account.call("GrantDbToAccount", **grant(privilege, instance))
        (shown,) = users(account, instance)["app"]["DatabasePrivileges"]
        assert shown["AccountPrivilege"] == privilege
        assert shown["AccountPrivilegeDetail"]
    for privilege in barred:
        assert "does not exist for engine" in account.error("GrantDbToAccount", **grant(privilege, instance))


def test_deleting_a_database_drops_its_grants_at_once() -> None:
    account = DirectAccount()
    database(account)
    user(account)
    account.call("GrantDbToAccount", **grant())
    account.call("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    assert users(account)["app"]["DatabasePrivileges"] == []
    account.wait(5)
    database(account)
    assert databases(account)["shop"]["Accounts"] == []


def test_deleting_an_account_takes_its_grants_along() -> None:
    account = DirectAccount()
    database(account)
    user(account)
    account.call("GrantDbToAccount", **grant())
    account.call("DeleteRdsAccount", DbInstanceId=MYSQL, AccountName="app")
    assert (users(account), databases(account)["shop"]["Accounts"]) == ({}, [])
    text = account.error("DeleteRdsAccount", DbInstanceId=MYSQL, AccountName="app")
    assert text == "Account app does not exist."


def test_a_password_is_reset_for_present_accounts() -> None:
    account = DirectAccount()
    given = {"DbInstanceId": MYSQL, "AccountName": "app", "AccountPassword": "Other-5678"}
    assert account.error("ResetAccountPassword", **given) == "Account app does not exist."
    user(account)
    account.call("ResetAccountPassword", **given)
    assert account.world.accounts[MYSQL, "app"].password == "Other-5678"


WRITES: list[tuple[str, dict[str, Any]]] = [
    ("CreateDb", {"DbInstanceId": MYSQL, "DbName": "b", "CharacterSetName": "utf8"}),
    ("DeleteDatabase", {"DBInstanceId": MYSQL, "DBName": "shop"}),
    ("CreateAccount", {"DbInstanceId": MYSQL, "AccountName": "b1", "AccountPassword": "Secret-1234"}),
    ("DeleteRdsAccount", {"DbInstanceId": MYSQL, "AccountName": "app"}),
    ("ResetAccountPassword", {"DbInstanceId": MYSQL, "AccountName": "app", "AccountPassword": "Secret-1234"}),
    ("GrantDbToAccount", grant()),
]
READS: list[tuple[str, dict[str, Any]]] = [
    ("DescribeDatabases", {"InstanceId": MYSQL}),
    ("DescribeRdsAccounts", {"DbInstanceId": MYSQL}),
    ("GetRdsBackUp", {"DbInstanceId": MYSQL}),
]


@pytest.mark.parametrize(("action", "parameters"), WRITES)
def test_three_changes_need_a_running_instance(action: str, parameters: dict[str, Any]) -> None:
    account = DirectAccount()
    database(account)
    user(account)
    account.world.rds_instances[MYSQL].status = "Restarting"
    if action in ("DeleteDatabase", "DeleteRdsAccount", "GrantDbToAccount"):
        assert account.error(action, **parameters) == f"RDS instance {MYSQL} is not running but Restarting."
    else:
        account.call(action, **parameters)


@pytest.mark.parametrize(("action", "parameters"), [*WRITES, *READS])
def test_unknown_instances_are_named(action: str, parameters: dict[str, Any]) -> None:
    asked = {name: "rm-x" if value == MYSQL else value for name, value in parameters.items()}
    assert DirectAccount().error(action, **asked) == "RDS instance rm-x does not exist."


@pytest.mark.parametrize(("engine", "edition"), [("PostgreSQL", ""), ("PPAS", ""), ("SQLServer", "cluster")])
@pytest.mark.parametrize(("action", "parameters"), READS)
def test_engines_that_the_reference_excludes(
    engine: str, edition: str, action: str, parameters: dict[str, Any]
) -> None:
    spec = {"rds_instances": [{"instance_id": MYSQL, "engine": engine, "edition": edition}], "backups": []}
    account = DirectAccount(spec)
    if action == "GetRdsBackUp":
        account.call(action, **parameters)
        return
    kind = f"{engine} {edition}".strip()
    assert account.error(action, **parameters) == f"{action} does not support RDS instance {MYSQL} ({kind})."


@pytest.mark.parametrize(
    ("engine", "edition", "deletes"), [("PostgreSQL", "", False), ("PPAS", "", False), ("SQLServer", "cluster", True)]
)
def test_what_the_reference_does_not_exclude_works_on_every_engine(engine: str, edition: str, deletes: bool) -> None:
    """Only three operations exclude clusters of SQL Server, only one more excludes PostgreSQL and PPAS."""
    spec = {"rds_instances": [{"instance_id": MYSQL, "engine": engine, "edition": edition}], "backups": []}
    account = DirectAccount(spec)
    character_set = "Chinese_PRC_CI_AS" if deletes else "utf8"
    account.call("CreateDb", DbInstanceId=MYSQL, DbName="shop", CharacterSetName=character_set)
    account.call("CreateAccount", DbInstanceId=MYSQL, AccountName="app", AccountPassword="Secret-1234")
    account.wait(10)
    account.call("GrantDbToAccount", **grant())
    account.call("ResetAccountPassword", DbInstanceId=MYSQL, AccountName="app", AccountPassword="Secret-12345")
    if deletes:
        account.call("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    else:
        assert "does not support" in account.error("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    assert "does not support" in account.error("DeleteRdsAccount", DbInstanceId=MYSQL, AccountName="app")


def test_accounts_show_what_nobody_grants_over_the_api() -> None:
    spec = {
        "databases": [{"instance_id": MYSQL, "name": "shop", "character_set": "utf8"}],
        "accounts": [{"instance_id": MYSQL, "name": "app", "privileges": {"shop": "Custom"}, "priv_exceeded": True}],
    }
    (shown,) = DirectAccount(spec).call("DescribeRdsAccounts", DbInstanceId=MYSQL)["Accounts"]
    assert (shown["PrivExceeded"], shown["DatabasePrivileges"]) == (
        "1",
        [{"DBName": "shop", "AccountPrivilege": "Custom"}],
    )


def test_databases_are_deleted_on_primary_instances_only() -> None:
    spec = {
        "rds_instances": [{"instance_id": MYSQL, "engine": "MySQL", "role": "readonly"}],
        "databases": [{"instance_id": MYSQL, "name": "shop", "character_set": "utf8"}],
        "backups": [],
    }
    text = DirectAccount(spec).error("DeleteDatabase", DBInstanceId=MYSQL, DBName="shop")
    assert text == f"RDS instance {MYSQL} is not a primary instance."


def test_backups_are_filtered() -> None:
    account = DirectAccount()

    def found(**filters: Any) -> list[str]:
        return [one["BackupId"] for one in account.call("GetRdsBackUp", DbInstanceId=MYSQL, **filters)["Items"]]

    assert found() == found(BackupType="") == ["900001", "900002"]
    assert found(BackupType="IncrementalBackup") == ["900002"]
    assert found(BackupId="900001") == ["900001"]
    assert found(BackupId="900003") == []
    answer = account.call("GetRdsBackUp", DbInstanceId=MYSQL)
    assert answer["TotalBackupSize"] == sum(one["TotalBackupSize"] for one in answer["Items"])
    assert all(one["TotalBackupSize"] == one["BackupSize"] > 0 for one in answer["Items"])
    assert answer["Items"][0]["BackupStartTime"] == "2026-01-02T04:40:55Z"
    assert answer["Items"][0]["BackupDBNames"] == "sys_info"
