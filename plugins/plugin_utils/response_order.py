# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order that lists have in responses. Results of modules are sorted, since such lists have no order for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import ApiResponse, Client
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_survey import PROBES, records_of

T = TypeVar("T")

_PROBES = {probe.action: probe for probe in PROBES}


class KeptOrder(NamedTuple):
    """A list within the records of a response.

    :ivar action: the operation.
    :ivar id_member: the member that identifies a record.
    :ivar list_member: the member that holds the list: records, texts, or one text with commas.
    :ivar keys: member of an item in a result -> member in the response, of those that identify an item.
    """

    action: str
    id_member: str
    list_member: str
    keys: Mapping[str, str] = {}


KEPT: Mapping[str, KeptOrder] = {
    "user_roles": KeptOrder(
        "DescribeAppDetail", "app_id", "user_roles", {"user_id": "user_id", "role_name": "role_name"}
    ),
    "port_mappings": KeptOrder("ListServices", "service_id", "port_mappings", {"name": "name"}),
    "vswitch_ids": KeptOrder("ListCluster", "instance_id", "vswitch_ids"),
    "privileges": KeptOrder("DescribeRdsAccounts", "account_name", "database_privileges", {"database": "db_name"}),
    "databases": KeptOrder("GetRdsBackUp", "backup_id", "backup_db_names"),
}
"""Member of a result -> where its list comes from."""


class OrderedClient(Client):
    """A client that remembers the order of the lists in :data:`KEPT`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._orders: dict[tuple[str, str], list[tuple[str, ...]]] = {}

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """Call one operation, and remember the order of lists in its response."""
        response = super().call(action, params, deadline=deadline)
        for name, kept in KEPT.items():
            for record in records_of(_PROBES[action], response.data) if kept.action == action else ():
                items = record.get(kept.list_member)
                items = items.split(",") if isinstance(items, str) else items
                if isinstance(items, list) and len(items) > 1:
                    identities = [_identity(item, kept.keys.values()) for item in items]
                    self._orders[name, str(record.get(kept.id_member))] = identities
        return response

    def in_order(self, name: str, record_id: Any, items: Sequence[T] | None) -> list[T]:
        """Return a list of a result in the order of the response. Items that the response lacks come last.

        :param name: the member of the result, in :data:`KEPT`.
        :param record_id: the id of the record that has the list.
        """
        order = self._orders.get((name, str(record_id)), [])
        places = {identity: place for place, identity in reversed(list(enumerate(order)))}
        keys = KEPT[name].keys
        return sorted(items or (), key=lambda item: places.get(_identity(item, keys), len(places)))


def _identity(item: Any, keys: Iterable[str]) -> tuple[str, ...]:
    """Return what identifies an item of a list."""
    if isinstance(item, Mapping):
        return tuple(str(item.get(key)) for key in keys)
    return (str(item).strip(),)
