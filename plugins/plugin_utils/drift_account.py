# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report needs of an account: what all hosts describe, and the resources that no host describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.jst.retailcloud.plugins.plugin_utils.described_instances import ACCESS_VARIABLES
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
from ansible_collections.jst.retailcloud.plugins.plugin_utils.template_faults import fault_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils.variable_values import OmittedError

PLAIN = (bool, int, float, date, Mapping, Sequence, type(None))
"""The types of values in files of variables."""


class HostVariables:
    """The variables of a host that describe resources of the account.

    :param variables: the entry of the host in ``hostvars``.
    :ivar name: the variable that was read last.
    """

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.name = ""

    def value(self, name: str) -> Any:
        """Return the value of a variable, ``None`` when it is undefined or omitted."""
        self.name = name
        try:
            value = self._variables.get(name)
        except OmittedError:
            return None
        return None if self._is_omitted(value) else value

    def entries(self, name: str) -> list[Any]:
        """Return the entries of a list."""
        return [entry for entry in self.value(name) or [] if not self._is_omitted(entry)]

    def fault(self, error: Exception) -> str:
        """Return the words for an error of the variable that was read last, without any value."""
        if isinstance(error, (KeyError, TypeError)) and not isinstance(error, AnsibleError):
            return f"The value of variable '{self.name}' has a wrong type, or an entry without a name."
        return f"The value of variable '{self.name}' cannot be evaluated. {fault_words(error)}"

    def _is_omitted(self, value: Any) -> bool:
        """Return whether a value is what stands for an omitted one: a text before ansible-core 2.19, then an object."""
        if isinstance(value, str):
            return value == self._variables.get("omit")
        return not isinstance(value, PLAIN)


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
        variables = HostVariables(hostvars[host])
        try:
            access = map(variables.value, ACCESS_VARIABLES)
            access_hosts.setdefault(tuple(str(value or "") for value in access), host)
            names_by_type["apps"].add(str(variables.value("application_title") or host))
            biz_code, group = variables.value("application_biz_code"), variables.value("application_group")
            if biz_code:
                lists["biz_codes"].add(str(biz_code))
            if group:
                names_by_type["app_groups"].add(f"{biz_code}/{group['name']}")
            for kind in (DATABASES, ACCOUNTS):
                for item in variables.entries(f"application_{kind.option}"):
                    lists["instances"].add(str(item["instance_id"]))
                    names_by_type[kind.option].add("/".join(kind.name_of(item)))
        except Exception as error:
            # A template in the description can raise anything.
            names_by_type["apps"].add(host)
            unclear.append(read_failure(f"description of host {host}", {"msg": variables.fault(error)}))
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
