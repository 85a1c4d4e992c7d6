# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report needs of an account: what all hosts describe, and the resources that no host describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_failures import read_failure
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import (
    ACCOUNT_TYPES,
    ACCOUNTS,
    DATABASES,
    DriftOptions,
    Json,
    Name,
    ResourceType,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_unmanaged import add_unmanaged, read_listed


def described(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> Json:
    """Return the resources of the account that the descriptions of all hosts name.

    :returns: ``names`` by type; ``biz_codes`` and ``instances``, which are needed to list the resources;
        ``access_hosts``, one host for each way of access; ``unclear``, the hosts whose descriptions cannot be read.
    """
    names_by_type: dict[str, set[str]] = {kind.option: set() for kind in ACCOUNT_TYPES.values()}
    lists: dict[str, set[str]] = {"biz_codes": set(), "instances": set()}
    access_hosts: dict[tuple[str, ...], str] = {}
    unclear: list[Json] = []
    for host in hosts:
        try:
            variables = hostvars[host]
            access = (variables.get(f"jst_{name}") for name in ("endpoint", "profile", "access_key_id"))
            access_hosts.setdefault(tuple(str(value or "") for value in access), host)
            names_by_type["apps"].add(str(variables.get("application_title") or host))
            biz_code, group = variables.get("application_biz_code"), variables.get("application_group")
            if biz_code:
                lists["biz_codes"].add(str(biz_code))
            if group:
                names_by_type["app_groups"].add(f"{biz_code}/{group['name']}")
            for kind in (DATABASES, ACCOUNTS):
                for item in variables.get(f"application_{kind.option}") or []:
                    lists["instances"].add(str(item["instance_id"]))
                    names_by_type[kind.option].add("/".join(kind.name_of(item)))
        except Exception as error:
            # A template in the description can raise anything.
            names_by_type["apps"].add(host)
            unclear.append(read_failure(f"description of host {host}", {"msg": " ".join(str(error).split())}))
    return {
        "names": {option: sorted(names) for option, names in names_by_type.items()},
        **{name: sorted(values) for name, values in lists.items()},
        "access_hosts": sorted(access_hosts.values()),
        "unclear": unclear,
    }


def split_name(kind: ResourceType, name: str) -> Name:
    """Return the parts of a name that ``described`` joined. Only the last part can hold the separator."""
    return tuple(name.split("/", len(kind.name) - 1))


def account_findings(names: Mapping[str, Any], accounts: Iterable[Mapping[str, Any]], options: DriftOptions) -> Json:
    """Return the unmanaged resources of the accounts.

    :param names: option -> the names that any host describes.
    :param accounts: for each way of access, plural -> the result of the info module.
    """
    record: Json = {"unmanaged": [], "ignored": 0, "not_read": []}
    resources: dict[str, list[tuple[Name, Any]]] = {plural: [] for plural in ACCOUNT_TYPES}
    for found in accounts:
        for plural, kind in ACCOUNT_TYPES.items():
            resources[plural] += [
                (kind.name_of(item), kind.id_of(item)) for item in read_listed(record, found, plural, kind)
            ]
    for plural, kind in ACCOUNT_TYPES.items():
        known = [split_name(kind, name) for name in names[kind.option]]
        add_unmanaged(record, kind, resources[plural], known, options)
    return record
