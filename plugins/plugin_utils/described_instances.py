# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RDS instances that an inventory describes. The service has no list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._core.inventory_account import HOST_VARIABLE

VARIABLES = ("application_databases", "application_accounts", "database_databases", "database_accounts")
"""Variables of roles application and database whose entries name an RDS instance."""

ACCESS_VARIABLES = ("jst_endpoint", "jst_profile", "jst_config_file", "jst_access_key_id", HOST_VARIABLE)
"""Variables that decide which account the tasks of a host use, without its secrets."""


class DescribedInstances(NamedTuple):
    """What an inventory describes.

    names: ids of RDS instances, in the order of the inventory.
    unclear: sentences on variables of hosts that cannot be read.
    """

    names: list[str]
    unclear: list[str]


def described_instances(hostvars: Mapping[str, Any], hosts: Iterable[str], examined: str) -> DescribedInstances:
    """Return the RDS instances that hosts describe.

    :param examined: the host whose account counts. Hosts with another access are left out.
    """
    names: dict[str, None] = {}
    unclear: list[str] = []
    access = _access(hostvars, examined)
    for host in hosts:
        known = _access(hostvars, host)
        if known is None:
            unclear.append(f"The access variables of host {host} cannot be read. Its RDS instances are not recorded.")
        if known is None or known != access:
            continue
        for variable in VARIABLES:
            try:
                found = hostvars[host].get(variable) or []
                names.update(dict.fromkeys(str(entry["instance_id"]) for entry in found))
            except Exception:
                # A template can raise anything, and its message can show a value.
                unclear.append(
                    f"Variable {variable} of host {host} cannot be read. "
                    "RDS instances that only it names are not recorded."
                )
    return DescribedInstances(list(names), unclear)


def _access(hostvars: Mapping[str, Any], host: str) -> tuple[str, ...] | None:
    """Return which account a host belongs to, None when that cannot be evaluated."""
    try:
        return tuple(str(hostvars[host].get(name) or "") for name in ACCESS_VARIABLES)
    except Exception:
        return None
