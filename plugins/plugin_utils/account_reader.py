# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read everything that an account shows, in the form of the results of the info modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info, list_resources
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import AppInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroupInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstanceInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import ClusterInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNodeInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import DeployOrderInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment_info import EnvironmentInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.job import JobInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.node_label import NodeLabelInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume import PersistentVolumeInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume_claim import (
    PersistentVolumeClaimInfo,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod import PodInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccountInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_backup import RdsBackupInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDbInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.resource_alloc import ResourceAllocInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import ServiceInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.slb_ap import SlbApInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.user import UserInfo
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_survey import BUSINESS_CODES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_order import OrderedClient

MAX_ORDERS_WITH_PODS = 10
"""Deploy orders of an environment whose pods are read: the newest."""

Json = dict[str, Any]


class AccountReader:
    """Read the objects of an account.

    :param database_instances: ids of database instances, which no operation lists.
    :param described_instances: ids of more of them. One that the service rejects is left out.
    :ivar notes: what a recorded account lacks.
    """

    def __init__(
        self, client: OrderedClient, database_instances: Iterable[str], described_instances: Iterable[str] = ()
    ) -> None:
        self._client = client
        self.database_instances = list(database_instances)
        self.described_instances = list(described_instances)
        self.notes: list[str] = []

    def read(self, info: Info, **options: Any) -> list[Json]:
        """Return the resources of an info module with these options."""
        values = {name: option.get("default") for name, option in info.options().items()}
        return list_resources(RunContext(self._client, {**values, **options}, True), info)

    def raw(self, action: str, **params: Any) -> list[Json]:
        """Return the records of a list as the service shows them."""
        return self._client.list_all(action, params)

    def _in_order(self, name: str, resource: Json, id_member: str) -> Json:
        """Return a resource with one of its lists in the order of the service."""
        return {**resource, name: self._client.in_order(name, resource[id_member], resource[name])}

    def users(self) -> list[Json]:
        """Return all users."""
        return self.read(UserInfo())

    def apps(self) -> list[Json]:
        """Return all apps with their user roles."""
        return [self._in_order("user_roles", app, "app_id") for app in self.read(AppInfo(), details=True)]

    def groups(self) -> Iterator[tuple[Json, list[Json]]]:
        """Yield all groups with their memberships. A domain that the account does not have is left out."""
        for code in BUSINESS_CODES:
            try:
                groups = self.read(AppGroupInfo(), biz_code=code)
            except ApiError as error:
                if not error.is_rejection:
                    raise
                continue
            for group in groups:
                yield group, self.raw("ListAppGroupMapping", BizCode=code, Name=group["name"])

    def clusters(self) -> list[Json]:
        """Return all clusters with their details."""
        clusters = self.read(ClusterInfo(), details=True)
        return [self._in_order("vswitch_ids", cluster, "cluster_id") for cluster in clusters]

    def nodes(self, cluster: Json, available: bool) -> list[Json]:
        """Return the nodes of a cluster, or the machines that could become one."""
        return self.read(ClusterNodeInfo(), cluster_id=cluster["cluster_id"], available=available)

    def labels(self, cluster: Json) -> tuple[list[Json], list[Json]]:
        """Return the labels of a cluster, and their bindings as the service shows them."""
        name = cluster["cluster_id"]
        return self.read(NodeLabelInfo(), cluster_id=name), self.raw("ListNodeLabelBindings", ClusterId=name)

    def volumes(self, cluster: Json) -> list[Json]:
        """Return the volumes of a cluster."""
        return self.read(PersistentVolumeInfo(), cluster_id=cluster["cluster_id"])

    def configs(self, app: Json) -> Iterator[tuple[State, Mapping[str, Any]]]:
        """Yield the states of the deploy configs of an app, each with its documents as the service shows them."""
        scope = {"app_id": app["app_id"]}
        for record in self.raw("ListDeployConfig", AppId=app["app_id"]):
            documents = record.get("container_yaml_conf")
            yield DeployConfig().state_from(record, scope), documents if isinstance(documents, Mapping) else {}

    def environments(self, app: Json) -> list[Json]:
        """Return the environments of an app with replicas and baseline."""
        return self.read(EnvironmentInfo(), app_id=app["app_id"], details=True, baseline=True)

    def allocations(self) -> list[Json]:
        """Return the allocations of clusters to environments."""
        return self.read(ResourceAllocInfo())

    def access_points(self, app: Json) -> list[Json]:
        """Return the SLB access points of an app."""
        return self.read(SlbApInfo(), app_id=app["app_id"])

    def services(self, app: Json) -> list[Json]:
        """Return the services of an app."""
        services = self.read(ServiceInfo(), app_id=app["app_id"])
        return [self._in_order("port_mappings", service, "service_id") for service in services]

    def claims(self, place: Mapping[str, Any]) -> list[Json]:
        """Return the claims of an environment."""
        return self.read(PersistentVolumeClaimInfo(), **place)

    def instances(self, place: Mapping[str, Any]) -> list[Json]:
        """Return the instances of an environment."""
        return self.read(AppInstanceInfo(), **place)

    def job_runs(self, place: Mapping[str, Any]) -> list[Json]:
        """Return the job runs of an environment, oldest first. The service lists the newest first."""
        return list(reversed(self.read(JobInfo(), **place)))

    def orders(self, place: Mapping[str, Any]) -> Iterator[tuple[Json, list[Json], bool]]:
        """Yield the deploy orders of an environment, oldest first, with their pods and whether they scale.

        The service lists the newest first. Only the newest have pods. The category comes from a filter, and counts when
        the filter has an effect.
        """
        orders = list(reversed(self.read(DeployOrderInfo(), **place)))
        newest = sorted((int(order["deploy_order_id"]) for order in orders), reverse=True)[:MAX_ORDERS_WITH_PODS]
        scaling = {order["deploy_order_id"] for order in self.read(DeployOrderInfo(), category="scale", **place)}
        if len(scaling) == len(orders) > 0:
            scaling = set()
        for order in orders:
            is_recent = int(order["deploy_order_id"]) in newest
            pods = self.read(PodInfo(), deploy_order_id=order["deploy_order_id"], **place) if is_recent else []
            yield order, pods, order["deploy_order_id"] in scaling
        if len(orders) > MAX_ORDERS_WITH_PODS:
            self.notes.append(
                f"Environment {place['environment_id']} has {len(orders)} deploy orders, of which the newest "
                f"{MAX_ORDERS_WITH_PODS} are recorded with their pods."
            )

    def databases(self, instance: str) -> list[Json]:
        """Return the databases of a database instance."""
        return self.read(RdsDbInfo(), instance_id=instance)

    def accounts(self, instance: str) -> list[Json]:
        """Return the accounts of a database instance."""
        accounts = self.read(RdsAccountInfo(), instance_id=instance)
        return [self._in_order("privileges", account, "name") for account in accounts]

    def backups(self, instance: str) -> list[Json]:
        """Return the backups of a database instance."""
        backups = self.read(RdsBackupInfo(), instance_id=instance)
        return [self._in_order("databases", backup, "backup_id") for backup in backups]
