# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which the operations that read can be called: which lists show the ids that others need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import BIZ_CODE

BUSINESS_CODES = tuple(BIZ_CODE.words)
"""The business domains."""

MAX_PARENTS = 100
"""How many apps, environments and so on an operation is called for at most, until it shows records."""

Params = Mapping[str, Any]
Record = Mapping[str, Any]


class Probe(NamedTuple):
    """One operation that reads.

    scope: the kind of object that it reads within, ``account`` for none.
    params: parameter -> name of the id of such an object.
    constants: parameters with the same value in each call.
    times: whether it needs a period of time.
    shows: the kind of object that its records show.
    ids: name of an id of such an object -> member of the record, in snake case.
    records: the member of the payload that holds the records, None when the payload is the list, or the record itself.
    all_parents: whether it is called for as many parents as allowed, and not only until it shows records. Others need
        its records.
    """

    action: str
    scope: str = "account"
    params: Mapping[str, str] = {}
    constants: Params = {}
    times: bool = False
    shows: str = ""
    ids: Mapping[str, str] = {}
    records: str | None = None
    all_parents: bool = False


_APP = {"AppId": "app"}
_ENVIRONMENT = {"AppId": "app", "EnvId": "environment"}
_INSTANCE = {**_ENVIRONMENT, "PodName": "instance"}
_ORDER = {"DeployOrderId": "order"}
_POD = {**_ORDER, "AppInstId": "pod"}

PROBES: Sequence[Probe] = (
    Probe("ListUsers"),
    Probe("ListApp", shows="app", ids={"app": "app_id"}),
    Probe("DescribeAppDetail", "app", _APP),
    Probe("ListAppGroup", "domain", {"BizCode": "domain"}, shows="group", ids={"group": "name"}),
    Probe("ListAppGroupMapping", "group", {"BizCode": "domain", "Name": "group"}),
    Probe("ListCluster", shows="cluster", ids={"cluster": "instance_id"}),
    Probe("QueryClusterDetail", "cluster", {"ClusterInstanceId": "cluster"}),
    Probe("ListClusterNode", "cluster", {"ClusterInstanceId": "cluster"}),
    Probe("ListAvailableClusterNode", "cluster", {"ClusterInstanceId": "cluster"}),
    Probe("ListNodeLabels", "cluster", {"ClusterId": "cluster"}),
    Probe("ListNodeLabelBindings", "cluster", {"ClusterId": "cluster"}),
    Probe("ListPersistentVolume", "cluster", {"ClusterInstanceId": "cluster"}),
    Probe("ListDeployConfig", "app", _APP),
    Probe("ListAppEnvironment", "app", _APP, shows="environment", ids={"environment": "env_id"}, all_parents=True),
    Probe("DescribeAppEnvironmentDetail", "environment", _ENVIRONMENT),
    Probe("DescribeAppEnvDeployBaseline", "environment", _ENVIRONMENT),
    Probe("ListAppResourceAllocs", shows="allocation", ids={"allocation": "app_env_id"}),
    Probe("DescribeAppResourceAlloc", "allocation", {"AppEnvId": "allocation"}),
    Probe("ListSlbAPs", "app", _APP, shows="access point", ids={"access point": "slb_ap_id"}),
    Probe("DescribeSlbAPDetail", "access point", {"SlbAPId": "access point"}),
    Probe("ListServices", "app", _APP, shows="service", ids={"service": "service_id"}),
    Probe("DescribeServiceDetail", "service", {"ServiceId": "service"}),
    Probe("ListPersistentVolumeClaim", "environment", _ENVIRONMENT),
    Probe(
        "ListAppInstance",
        "environment",
        _ENVIRONMENT,
        shows="instance",
        ids={"instance": "app_instance_id"},
        all_parents=True,
    ),
    Probe(
        "ListDeployOrders",
        "environment",
        _ENVIRONMENT,
        shows="order",
        ids={"order": "deploy_order_id"},
    ),
    Probe("DescribeDeployOrderDetail", "order", _ORDER),
    Probe("ListPods", "order", _ORDER, shows="pod", ids={"pod": "app_instance_id"}),
    Probe("DescribePodLog", "pod", _POD),
    Probe("DescribePodEvents", "pod", _POD),
    Probe("DescribePodContainerLogList", "instance", _INSTANCE, {"Line": 10}),
    Probe("DescribeEventMonitorList", "instance", _INSTANCE, times=True),
    Probe(
        "DescribeAppMonitorMetric",
        "instance",
        {**_INSTANCE, "DeployOrderId": "order"},
        {"Type": "instance", "Metric": "pod.cpu.usage_rate"},
        times=True,
    ),
    Probe(
        "ListJobHistories",
        "environment",
        _ENVIRONMENT,
        {"Status": "ALL"},
        shows="job run",
        ids={"job run": "pod_list"},
    ),
    Probe("DescribeJobLog", "job run", {**_ENVIRONMENT, "PodName": "job run"}),
    Probe("DescribeDatabases", "database instance", {"InstanceId": "database instance"}, records="databases"),
    Probe("DescribeRdsAccounts", "database instance", {"DbInstanceId": "database instance"}, records="accounts"),
    Probe("GetRdsBackUp", "database instance", {"DbInstanceId": "database instance"}, records="items"),
)
"""All operations that read, each after those that show the ids that it needs."""


class Survey:
    """The objects of an account, by kind. Each is known by its own id and those of what it belongs to.

    :param database_instances: ids of database instances, which no operation lists.
    :param max_parents: how many objects of a kind an operation is called for at most, None for all.
    """

    def __init__(self, database_instances: Sequence[str] = (), max_parents: int | None = MAX_PARENTS) -> None:
        self.objects: dict[str, list[dict[str, Any]]] = {
            "account": [{}],
            "domain": [{"domain": code} for code in BUSINESS_CODES],
            "database instance": [{"database instance": name} for name in database_instances],
        }
        self._max_parents = max_parents

    def run(self, probe: Probe, call: Callable[[Params], tuple[Any, bool]]) -> Iterator[tuple[Params, Any]]:
        """Call an operation within its objects, until it shows records or fails, and yield parameters and payload.

        :param call: makes one call and returns its payload, and whether it succeeded.
        """
        for known in self.objects.get(probe.scope, [])[: self._max_parents]:
            named = {name: self._id(known, kind) for name, kind in probe.params.items()}
            params = {name: value for name, value in named.items() if value is not None}
            payload, is_ok = call({**params, **probe.constants})
            records = records_of(probe, payload)
            self._add(probe, known, records)
            yield params, payload
            if self._max_parents is not None and (not is_ok or (records and not probe.all_parents)):
                break

    def parents(self, probe: Probe) -> int:
        """Return the number of known objects that an operation can be called for."""
        return len(self.objects.get(probe.scope, ()))

    def _id(self, known: Mapping[str, Any], kind: str) -> Any:
        """Return the id of an object or of what it belongs to, else that of another object in the same environment."""
        if kind in known or "environment" not in known:
            return known.get(kind)
        beside = (other for other in self.objects.get(kind, ()) if other.get("environment") == known["environment"])
        return next((other[kind] for other in beside), None)

    def _add(self, probe: Probe, known: Mapping[str, Any], records: Sequence[Record]) -> None:
        for record in records if probe.shows else ():
            ids = {kind: first_name(record.get(member)) for kind, member in probe.ids.items()}
            # A number with a fraction is no id, whatever the service means by it.
            if all(value and not isinstance(value, float) for value in ids.values()):
                self.objects.setdefault(probe.shows, []).append({**known, **ids})


def records_of(probe: Probe, payload: Any) -> list[Record]:
    """Return the records of a payload. One that is no list is a record itself, unless it is empty."""
    if probe.records and isinstance(payload, dict):
        payload = payload.get(probe.records)
    if isinstance(payload, dict):
        return [payload] if any(value not in (None, "", [], {}) for value in payload.values()) else []
    return [record for record in payload if isinstance(record, dict)] if isinstance(payload, list) else []


def first_name(value: Any) -> Any:
    """Return an id, or the first name of a list of pods, which a sample shows as ``[a, b]``."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str) and value.startswith("["):
        value = value.strip("[] ").split(",")[0].strip()
    if isinstance(value, Mapping):
        value = value.get("pod_name") or value.get("name")
    return value
