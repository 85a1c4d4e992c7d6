# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which app a database or an account of an RDS instance belongs to. The service does not say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint
from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import nested_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_describe import Omissions, accept
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_existing import DescribedEntry
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_read import INSTANCE_CHILDREN, ReadAccount
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_yaml import Expression
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import ACCOUNTS, DATABASES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import to_options

UNKNOWN_PASSWORD = "unknown_password"
"""The variable in the place of a password that nobody can read."""

PASSWORD = Expression(f"{{{{ {UNKNOWN_PASSWORD} }}}}")

Key = tuple[str, str]
"""The id of an RDS instance, and the name of a database or an account."""

Instances = Mapping[str, Mapping[str, Sequence[State]]]


@dataclass
class Ownership:
    """Databases and accounts, by the id of the app that they belong to. Those of ``None`` belong to no app."""

    databases: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    accounts: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Existing:
    """What an inventory holds before a run.

    :ivar entries: the databases and accounts in its files.
    :ivar names: titles, ids and hosts of apps that earlier runs have seen.
    :ivar databases: what earlier runs were given.
    """

    entries: Sequence[DescribedEntry] = ()
    names: Collection[str] = ()
    databases: Mapping[str, Collection[str]] = field(default_factory=dict)


NOTHING_EXISTS = Existing()


def instances_of(databases: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the RDS instances that option ``databases`` names."""
    return [name.partition("/")[0] for names in databases.values() for name in names]


def assign(
    account: ReadAccount,
    databases: Mapping[str, Iterable[str]],
    given: Collection[str],
    omissions: Omissions,
    existing: Existing = NOTHING_EXISTS,
) -> Ownership:
    """Return what belongs to which app.

    An account belongs to the app of the databases on which it has privileges, if that is one app. A database belongs
    to the app of the accounts that have privileges on it, in the same way. What this run was given comes first, then
    the files that somebody has changed, then what earlier runs were given.

    :param databases: title or id of an app -> databases and accounts, each as ``instance/name``.
    :param given: the apps that this run was given. Those of earlier runs may no longer exist.
    :param existing: what the inventory holds before the run.
    :raises InvalidOptionError: for an app, a database or an account that was given and never existed.
    """
    instances = account.instances
    known = {kind: _keys(instances, kind) for kind in INSTANCE_CHILDREN}
    owners: dict[str, dict[Key, Any]] = {kind: {} for kind in known}
    ids = {str(app["app_id"]): app["app_id"] for app in account.listed}

    def add_claims() -> None:
        for entry in existing.entries:
            if entry.is_changed and entry.app_id in ids and entry.key in known[entry.option]:
                owners[entry.option].setdefault(entry.key, ids[entry.app_id])

    # Sorting is stable, and False comes first.
    ordered = sorted(databases.items(), key=lambda item: item[0] not in given)
    for wanted, names in ordered:
        if wanted not in given:
            add_claims()
        fitting = [app["app_id"] for app in account.listed if wanted in (str(app["app_id"]), app["title"])]
        if not fitting and wanted in given and wanted in existing.names:
            omissions.remarks.append(
                f"Variable adopt_databases names the app {wanted!r}, which no longer exists. Remove the entry."
            )
        elif len(fitting) != 1 and wanted in given:
            raise InvalidOptionError(
                f"Variable adopt_databases names the app {wanted!r}, and {len(fitting) or 'no'} apps have that title "
                "or id.",
                hint=Hint("Name the app by its id.", "请用 ID 指定该应用。") if fitting else None,
            )
        for name in names if len(fitting) == 1 else ():
            instance, _slash, own = name.partition("/")
            kind = next((kind for kind in known if (instance, own) in known[kind]), None)
            if kind is not None:
                owners[kind].setdefault((instance, own), fitting[0])
            elif wanted in given and instance in instances and name in existing.databases.get(wanted, ()):
                omissions.remarks.append(
                    f"Variable adopt_databases names {name!r} for app {wanted!r}, but this database or account no "
                    "longer exists. Remove the entry."
                )
            elif wanted in given and instance in instances:
                raise InvalidOptionError(
                    f"Variable adopt_databases names {name!r}, which is neither a database nor an account.",
                    hint=Hint(
                        "Write the id of the RDS instance, a slash, and the name.",
                        "格式为：RDS 实例的 ID、斜杠、数据库或账号的名称。",
                    ),
                )
    add_claims()
    links = list(_privileges(instances))
    for kind, other in (("databases", "accounts"), ("accounts", "databases")):
        for key in known[kind]:
            linked = {owners[other].get(pair[other]) for pair in links if pair[kind] == key}
            if key not in owners[kind] and len(linked) == 1 and None not in linked:
                owners[kind][key] = linked.pop()
    ownership = _describe(instances, owners, omissions)
    _carry_over(ownership, existing, ids, instances, omissions)
    return ownership


def _carry_over(
    ownership: Ownership,
    existing: Existing,
    ids: Mapping[str, Any],
    instances: Collection[str],
    omissions: Omissions,
) -> None:
    """Add the entries of files whose RDS instances this run has not read."""
    moved = {(entry.option, entry.key) for entry in existing.entries if entry.app_id}
    for entry in existing.entries:
        if entry.key[0] in instances or (entry.app_id is None and (entry.option, entry.key) in moved):
            continue
        options = dict(entry.options)
        if entry.option == "accounts":
            # The place of the member stays, and a password of somebody is not copied.
            options["password"] = PASSWORD
        into, drift = {
            "databases": (ownership.databases, DATABASES),
            "accounts": (ownership.accounts, ACCOUNTS),
        }[entry.option]
        if entry.app_id is None:
            omissions.unmanaged.append((drift.option, "/".join(entry.key)))
        owner = None if entry.app_id is None else ids.get(entry.app_id, entry.app_id)
        into[owner] = _sorted([*into.get(owner, ()), options])


def _keys(instances: Instances, kind: str) -> list[Key]:
    return [(instance, str(state["name"])) for instance, found in instances.items() for state in found[kind]]


def _privileges(instances: Instances) -> Iterable[Mapping[str, Key]]:
    """Yield each pair of a database and an account that has a privilege on it."""
    for instance, found in instances.items():
        for account in found["accounts"]:
            for item in account["privileges"] or ():
                yield {"databases": (instance, str(item["database"])), "accounts": (instance, str(account["name"]))}
        for database in found["databases"]:
            for item in database["accounts"] or ():
                yield {"databases": (instance, str(database["name"])), "accounts": (instance, str(item["account"]))}


def _describe(instances: Instances, owners: Mapping[str, Mapping[Key, Any]], omissions: Omissions) -> Ownership:
    ownership = Ownership()
    for option, kind, into, drift in (
        ("databases", RdsDb(), ownership.databases, DATABASES),
        ("accounts", RdsAccount(), ownership.accounts, ACCOUNTS),
    ):
        spec = nested_options(kind)
        for instance, state in ((key, one) for key, found in instances.items() for one in found[option]):
            name = (instance, str(state["name"]))
            options = {"instance_id": instance, **to_options(kind, state, spec)}
            hidden = {"password": "Aa1-0000"} if option == "accounts" else {}
            what = f"{kind.label} {'/'.join(name)}"
            notes = Omissions()
            entry = accept(kind, {**options, **hidden}, spec, what, notes)
            owner = owners[option].get(name)
            if isinstance(entry, str):
                omissions.add_resource(drift, name, what, entry)
                continue
            omissions.reasons += notes.reasons
            if hidden:
                entry["password"] = PASSWORD
                entry.update({"ignore_extra_privileges": True} if notes.reasons else {})
            if owner is None:
                omissions.unmanaged.append((drift.option, "/".join(name)))
            into.setdefault(owner, []).append(entry)
    return Ownership(
        *(
            {owner: _sorted(found) for owner, found in each.items()}
            for each in (ownership.databases, ownership.accounts)
        )
    )


def _sorted(entries: Collection[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: (str(entry.get("instance_id")), str(entry.get("name"))))
