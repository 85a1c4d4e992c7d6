# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS databases, accounts and backups (reference 7)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers import rds_engines as engines
from jst_emulator.handlers.lookup import get_or_raise
from jst_emulator.handlers.time_formats import zulu_time
from jst_emulator.models.rds import Account, Backup, Database, RdsInstance
from jst_emulator.registry import AlreadyExistsError, BusinessError, InvalidStateError, NotFoundError, Params, operation
from jst_emulator.world import World


@operation("DescribeDatabases")
def describe_databases(world: World, p: Params) -> dict[str, Any]:
    """Return the databases of an instance with the accounts that have access."""
    instance = _supported(world, p["InstanceId"], "DescribeDatabases")
    return {"Databases": [_database_to_response(world, instance, one) for one in _databases(world, instance)]}


@operation("CreateDb")
def create_database(world: World, p: Params) -> None:
    """Create a database; it is Running after a delay."""
    instance = _supported(world, p["DbInstanceId"], "CreateDb")
    if (instance.instance_id, p["DbName"]) in world.databases:
        raise AlreadyExistsError(f"Database {p['DbName']} exists already.")
    if p["CharacterSetName"] not in engines.character_sets(instance.engine):
        raise BusinessError(f"Character set {p['CharacterSetName']} does not fit engine {instance.engine}.")
    world.add(
        Database(
            instance_id=instance.instance_id,
            name=p["DbName"],
            character_set=p["CharacterSetName"],
            description=p.get("DbDescription", ""),
            status="Creating",
            due_at=world.now() + world.settings.durations.database_create,
        )
    )


@operation("DeleteDatabase")
def delete_database(world: World, p: Params) -> None:
    """Delete a database and its grants; it disappears after a delay."""
    instance = _running(_supported(world, p["DBInstanceId"], "DeleteDatabase"))
    if instance.role != "primary":
        raise BusinessError(f"RDS instance {instance.instance_id} is not a primary instance.")
    database = _running_database(world, instance, p["DBName"])
    for account in _accounts(world, instance):
        account.privileges.pop(database.name, None)
    database.status = "Deleting"
    database.due_at = world.now() + world.settings.durations.database_delete


@operation("DescribeRdsAccounts")
def describe_accounts(world: World, p: Params) -> dict[str, Any]:
    """Return the accounts of an instance with their privileges."""
    instance = _supported(world, p["DbInstanceId"], "DescribeRdsAccounts")
    wanted = p.get("AccountName")
    return {
        "Accounts": [
            _account_to_response(instance, one)
            for one in _accounts(world, instance)
            if not wanted or one.name == wanted
        ]
    }


@operation("CreateAccount")
def create_account(world: World, p: Params) -> None:
    """Create an account; it is Available after a delay."""
    instance = _supported(world, p["DbInstanceId"], "CreateAccount")
    if (instance.instance_id, p["AccountName"]) in world.accounts:
        raise AlreadyExistsError(f"Account {p['AccountName']} exists already.")
    if p["AccountName"] in engines.RESERVED_NAMES:
        raise BusinessError(f"Account name {p['AccountName']} is reserved.")
    world.add(
        Account(
            instance_id=instance.instance_id,
            name=p["AccountName"],
            account_type=p.get("AccountType") or "Normal",
            password=p["AccountPassword"],
            status="Unavailable",
            due_at=world.now() + world.settings.durations.account_create,
        )
    )


@operation("DeleteRdsAccount")
def delete_account(world: World, p: Params) -> dict[str, Any]:
    """Delete an account with its grants."""
    instance = _running(_supported(world, p["DbInstanceId"], "DeleteRdsAccount"))
    world.remove(_account(world, instance, p["AccountName"]))
    return {}


@operation("ResetAccountPassword")
def reset_password(world: World, p: Params) -> None:
    """Set a new password for an account."""
    instance = _supported(world, p["DbInstanceId"], "ResetAccountPassword")
    _account(world, instance, p["AccountName"]).password = p["AccountPassword"]


@operation("GrantDbToAccount")
def grant(world: World, p: Params) -> None:
    """Grant an account access to a database; another grant replaces the privilege."""
    instance = _running(_supported(world, p["DbInstanceId"], "GrantDbToAccount"))
    account = _account(world, instance, p["AccountName"])
    if account.status != "Available":
        raise InvalidStateError(f"Account {account.name} is not available yet.")
    database = _running_database(world, instance, p["DbName"])
    privilege = p["AccountPrivilege"]
    if privilege not in engines.privileges(instance.engine):
        raise BusinessError(f"Privilege {privilege} does not exist for engine {instance.engine}.")
    account.privileges[database.name] = privilege


@operation("GetRdsBackUp")
def list_backups(world: World, p: Params) -> dict[str, Any]:
    """Return the backup sets of an instance that match the filters."""
    instance = _instance(world, p["DbInstanceId"])
    found = [
        one
        for one in world.backups.values()
        if one.instance_id == instance.instance_id
        and one.backup_id == (p.get("BackupId") or one.backup_id)
        and one.backup_type == (p.get("BackupType") or one.backup_type)
    ]
    return {"Items": [_backup_to_response(one) for one in found], "TotalBackupSize": sum(one.size for one in found)}


def _instance(world: World, instance_id: str) -> RdsInstance:
    return get_or_raise(world.rds_instances, instance_id, "RDS instance")


def _supported(world: World, instance_id: str, operation_name: str) -> RdsInstance:
    """Return the instance of an id, whose engine has to support the operation."""
    instance = _instance(world, instance_id)
    everywhere = world.settings.readings.rds_engines == "everywhere"
    if not engines.is_supported(instance.engine, instance.edition, operation_name, barred_everywhere=everywhere):
        kind = f"{instance.engine} {instance.edition}".strip()
        raise BusinessError(f"{operation_name} does not support RDS instance {instance.instance_id} ({kind}).")
    return instance


def _running(instance: RdsInstance) -> RdsInstance:
    instance_id = instance.instance_id
    if instance.status != "Running":
        raise InvalidStateError(f"RDS instance {instance_id} is not running but {instance.status}.")
    return instance


def _databases(world: World, instance: RdsInstance) -> list[Database]:
    return [one for one in world.databases.values() if one.instance_id == instance.instance_id]


def _accounts(world: World, instance: RdsInstance) -> list[Account]:
    return [one for one in world.accounts.values() if one.instance_id == instance.instance_id]


def _account(world: World, instance: RdsInstance, name: str) -> Account:
    account = world.accounts.get((instance.instance_id, name))
    if account is None:
        raise NotFoundError(f"Account {name} does not exist.")
    return account


def _running_database(world: World, instance: RdsInstance, name: str) -> Database:
    database = world.databases.get((instance.instance_id, name))
    if database is None:
        raise NotFoundError(f"Database {name} does not exist.")
    if database.status != "Running":
        raise InvalidStateError(f"Database {name} is not Running but {database.status}.")
    return database


def _database_to_response(world: World, instance: RdsInstance, database: Database) -> dict[str, Any]:
    accounts = [
        {
            "Account": one.name,
            "AccountPrivilege": one.privileges[database.name],
            "AccountPrivilegeDetail": engines.privilege_detail(instance.engine, one.privileges[database.name]),
        }
        for one in _accounts(world, instance)
        if database.name in one.privileges
    ]
    return {
        "DBName": database.name,
        "DBStatus": database.status,
        "DBDescription": database.description,
        "Engine": instance.engine,
        "CharacterSetName": database.character_set,
        "DBInstanceId": instance.instance_id,
        "Accounts": accounts,
    }


def _account_to_response(instance: RdsInstance, account: Account) -> dict[str, Any]:
    return {
        "AccountStatus": account.status,
        "AccountDescription": account.description,
        "AccountName": account.name,
        "AccountType": account.account_type,
        "PrivExceeded": str(int(account.priv_exceeded)),
        "DBInstanceId": instance.instance_id,
        "DatabasePrivileges": [
            {
                "DBName": name,
                "AccountPrivilege": privilege,
                "AccountPrivilegeDetail": engines.privilege_detail(instance.engine, privilege),
            }
            for name, privilege in account.privileges.items()
        ],
    }


def _backup_to_response(backup: Backup) -> dict[str, Any]:
    return {
        "BackupId": backup.backup_id,
        "DBInstanceId": backup.instance_id,
        "BackupStatus": backup.status,
        "BackupStartTime": zulu_time(backup.started),
        "BackupEndTime": zulu_time(backup.ended),
        "BackupType": backup.backup_type,
        "BackupMode": backup.mode,
        "BackupMethod": backup.method,
        "BackupLocation": "OSS",
        "BackupExtractionStatus": "",
        "BackupScale": "DBInstance",
        "BackupDBNames": ",".join(backup.databases),
        "TotalBackupSize": backup.size,
        "BackupSize": backup.size,
        "HostInstanceID": backup.host_instance_id,
        "StoreStatus": "Disabled",
        "MetaStatus": "",
    }
