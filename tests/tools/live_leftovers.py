# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources of an account that carry a prefix: find and remove them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError, JstError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_survey import BUSINESS_CODES


@dataclass(frozen=True)
class Thing:
    """A resource, and the call that removes it."""

    kind: str
    name: str
    action: str
    params: Mapping[str, Any] = field(compare=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Leftovers:
    """Find and remove what carries the prefix.

    ECS instances have no name of the prefix: those that the run may add to clusters count when they are nodes.

    :param values: the variables of the targets.
    """

    timeout = 300.0

    def __init__(self, client: Client, values: Mapping[str, Any]) -> None:
        self._client = client
        self._prefix = str(values["resource_prefix"])
        self._machines = set(values.get("jst_ecs_instance_ids") or ())
        self._database_instance = values.get("jst_rds_instance_id")
        self._interval = float(values["jst_wait_interval"])

    def carries_prefix(self, name: Any) -> bool:
        """Return whether a name is the prefix, or begins with it and a separator."""
        return _begins_with(self._prefix, name)

    def carries_database_prefix(self, name: Any) -> bool:
        """Return whether the name of a database or an account begins with the prefix. They have underscores alone."""
        return self.carries_prefix(name) or _begins_with(self._prefix.replace("-", "_"), name)

    def read(self) -> list[Thing]:
        """Return what carries the prefix, in the order in which it can be removed."""
        clusters = self._client.list_all("ListCluster")
        inside = [thing for cluster in clusters for thing in self._in_cluster(str(cluster["instance_id"]))]
        return [
            *self._apps(),
            *self._groups(),
            *inside,
            *self._in_database_instance(),
            *(
                Thing("cluster", one["cluster_title"], "DeleteCluster", {"ClusterInstanceId": one["instance_id"]})
                for one in clusters
                if self.carries_prefix(one.get("cluster_title"))
            ),
        ]

    def remove(self, thing: Thing) -> str | None:
        """Remove a resource; return why that failed, None when it did not."""
        try:
            self._client.call(thing.action, thing.params)
        except JstError as error:
            return error.message
        return None

    def wait_until_gone(self, stuck: Sequence[Thing], deadline: float) -> list[Thing]:
        """Wait until what was removed is gone; return what still carries the prefix.

        :param stuck: what could not be removed, for which nothing is waited.
        :param deadline: value of :func:`time.monotonic`.
        """
        while True:
            left = self.read()
            if set(left) <= set(stuck) or time.monotonic() + self._interval > deadline:
                return left
            time.sleep(self._interval)

    def _apps(self) -> Iterator[Thing]:
        for one in self._client.list_all("ListApp"):
            if self.carries_prefix(one.get("title")):
                yield Thing("app", one["title"], "DeleteAppDetail", {"AppId": one["app_id"], "Force": True})

    def _groups(self) -> Iterator[Thing]:
        for code in BUSINESS_CODES:
            try:
                groups = self._client.list_all("ListAppGroup", {"BizCode": code})
            except ApiError as error:
                if not error.is_rejection:
                    raise
                continue
            for one in groups:
                if self.carries_prefix(one.get("name")):
                    yield Thing("group", one["name"], "DeleteAppGroup", {"GroupId": one["id"], "Force": True})

    def _in_cluster(self, cluster: str) -> Iterator[Thing]:
        for one in self._client.list_all("ListNodeLabels", {"ClusterId": cluster}):
            # Keys begin with a part that is the same for everybody.
            key = str(one.get("label_key") or "").rpartition("/")[2]
            if self.carries_prefix(key) and self.carries_prefix(one.get("label_value")):
                label = {"LabelKey": one["label_key"], "LabelValue": one["label_value"]}
                params = {"ClusterId": cluster, "Force": True, **label}
                yield Thing("node label", "=".join(label.values()), "DeleteNodeLabel", params)
        for one in self._client.list_all("ListPersistentVolume", {"ClusterInstanceId": cluster}):
            if self.carries_prefix(one.get("name")):
                params = {"ClusterInstanceId": cluster, "PersistentVolumeName": one["name"]}
                yield Thing("volume", one["name"], "DeletePersistentVolume", params)
        for one in self._client.list_all("ListClusterNode", {"ClusterInstanceId": cluster}):
            if one.get("instance_id") in self._machines:
                params = {"ClusterInstanceId": cluster, "EcsInstanceIdList": [one["instance_id"]]}
                yield Thing("node", one["instance_id"], "RemoveClusterNode", params)

    def _in_database_instance(self) -> Iterator[Thing]:
        instance = self._database_instance
        if not instance:
            return
        for one in self._client.list_all("DescribeRdsAccounts", {"DbInstanceId": instance}):
            if self.carries_database_prefix(one.get("account_name")):
                params = {"DbInstanceId": instance, "AccountName": one["account_name"]}
                yield Thing("database account", one["account_name"], "DeleteRdsAccount", params)
        for one in self._client.list_all("DescribeDatabases", {"InstanceId": instance}):
            if self.carries_database_prefix(one.get("db_name")):
                params = {"DBInstanceId": instance, "DBName": one["db_name"]}
                yield Thing("database", one["db_name"], "DeleteDatabase", params)


def _begins_with(prefix: str, name: Any) -> bool:
    text = str(name or "")
    return text == prefix or text.startswith((f"{prefix}-", f"{prefix}_"))
