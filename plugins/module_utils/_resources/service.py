# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Kubernetes services of an environment (reference 3.2)."""

from __future__ import annotations

from .._core.errors import InvalidOptionError
from .._core.field_types import PORT, TEXT, AssignedPort, Boolean, Choice
from .._core.fields import RESOURCE_ID, Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.record_list import RecordList
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import APP
from .environment import ENVIRONMENT

PORT_MAPPINGS = RecordList(
    members=(
        ("name", "Name", TEXT),
        ("protocol", "Protocol", Choice(("TCP", "UDP"))),
        ("port", "Port", PORT),
        ("target_port", "TargetPort", TEXT),
        ("node_port", "NodePort", AssignedPort()),
    ),
    key=("name",),
    required=("name", "port", "target_port"),
    defaults={"protocol": "TCP"},
)


class Service(Resource):
    """A service. No rule makes its name or its Kubernetes name unique."""

    name = "service"
    plural = "services"
    label = "service"
    id_field = tiebreak_id = "service_id"
    scope = (APP, ENVIRONMENT)
    key = ("k8s_service_id",)
    fallback_key = ("name",)
    fields = (
        Field("service_id", RESOURCE_ID),
        Field("k8s_service_id", param="K8sServiceId", required=True, immutable=True),
        Field("name", param="Name", required=True),
        Field("service_type", Choice(("ClusterIP", "NodePort")), "ServiceType", required=True, immutable=True),
        Field("headless", Boolean(), "Headless", immutable=True, only_when=("service_type", ("ClusterIP",))),
        # The reference does not say whether an update replaces the list (3.2.1), so every update sends the whole list.
        Field("port_mappings", PORT_MAPPINGS, "PortMappings", required=True, always_send=True),
        # Only the vendor's SDK documents it.
        computed("cluster_ip"),
    )
    list_op = ListOperation(
        "ListServices", {"AppId": "app_id", "EnvId": "environment_id"}, {"Name": "name", "ServiceType": "service_type"}
    )
    describe_op = OperationRef("DescribeServiceDetail", {"ServiceId": "service_id"})
    create_op = OperationRef("CreateService", {"EnvId": "environment_id"}, {"service_id": "service_id"})
    update_op = OperationRef("ModifyService", {"ServiceId": "service_id"})
    delete_op = OperationRef("DeleteService", {"ServiceId": "service_id"})

    def check_only_when(self, given: State, after: State) -> None:
        """Reject node ports for a service of type ClusterIP, and options that do not apply."""
        super().check_only_when(given, after)
        ports = [item["name"] for item in given.get("port_mappings", ()) if item.get("node_port") is not None]
        if ports and after.get("service_type") == "ClusterIP":
            raise InvalidOptionError(
                f"Option port_mappings gives a node_port for {', '.join(ports)}, which only a service with "
                "service_type=NodePort has."
            )

    def with_live_values(self, given: State, current: State) -> State:
        """Return the desired state with the assigned node ports: an update sends ports whole."""
        assigned = {item["name"]: item.get("node_port") for item in current.get("port_mappings") or ()}
        ports = [{"node_port": assigned.get(item["name"]), **item} for item in given.get("port_mappings", ())]
        return {**given, "port_mappings": ports} if ports else given

    def unsent_fields(self, ctx: RunContext, given: State, current: State, plan: Plan) -> list[Field]:
        """Return the fields neither compared nor sent, without false ones: a boolean that is not shown is false."""
        return [item for item in super().unsent_fields(ctx, given, current, plan) if given[item.name] is not False]

    def check(self, given: State) -> None:
        """Reject an empty list of ports, and a port that is listed twice."""
        if given.get("port_mappings") == []:
            raise InvalidOptionError("Option port_mappings is empty, but a service needs at least one port.")
        seen = set()
        for item in given.get("port_mappings", ()):
            place = (item["port"], item["protocol"])
            if place in seen:
                raise InvalidOptionError(f"Option port_mappings lists port {place[0]} ({place[1]}) twice.")
            seen.add(place)


class ServiceInfo(Info):
    """List the services of an app."""

    resource = Service()
    filters = ("service_id", "k8s_service_id", "name", "service_type")
    optional_parents = ("environment",)
