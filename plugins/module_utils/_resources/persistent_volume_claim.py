# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Persistent volume claims of an environment (reference 1.5)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from .._api.errors import BusinessError, PermissionDeniedError
from .._core.errors import FailedStateError
from .._core.fields import Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.quantities import parse_size
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .._core.wording import capitalize_first, join_known, name_words, status_words
from .app import APP
from .cluster import Cluster
from .environment import ENVIRONMENT
from .volume_fields import ACCESS_MODE, CAPACITY, STORAGE_CLASS

# Final statuses, in words. The reference documents Bound alone (1.5.2).
FAILED = {"Lost": "has lost its volume", "Failed": "has failed"}
# Status of an unclaimed volume -> what to do about it.
ADVICE = {
    "Available": "Its storage class may bind a claim only when an instance uses it. In this case, set wait=false, "
    "and release the app that mounts the claim.",
    "Released": "A released volume is not given to another claim: delete the volume and create it again.",
}


@dataclass
class VolumeMemo:
    """The volumes that the claim can bind, ``None`` until they are read. A run reads them once."""

    volumes: list[Mapping[str, Any]] | None = None


class PersistentVolumeClaim(Resource):
    """A claim. Operations take its name and not its id. No field of it can change."""

    name = "persistent_volume_claim"
    plural = "persistent_volume_claims"
    label = "persistent volume claim"
    scope = (APP, ENVIRONMENT)
    key = ("name",)
    fields = (
        Field("name", param="Name", required=True, immutable=True),
        CAPACITY,
        ACCESS_MODE,
        STORAGE_CLASS,
        computed("status"),
        computed("volume_name"),
        computed("create_time", Timestamp()),
    )
    list_op = ListOperation("ListPersistentVolumeClaim", {"AppId": "app_id", "EnvId": "environment_id"})
    create_op = OperationRef("CreatePersistentVolumeClaim", {"AppId": "app_id", "EnvId": "environment_id"})
    delete_op = OperationRef(
        "DeletePersistentVolumeClaim",
        {"AppId": "app_id", "EnvId": "environment_id", "PersistentVolumeClaimName": "name"},
    )
    supports_wait = True
    reports_progress = True

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the options, and whether a later step of the same run binds the claim."""
        given = super().desired_state(options)
        return {**given, "binds_later": True} if options.get("binds_later") else given

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the claim. One that the run waits for comes with the volumes that it can bind."""
        state = super().find(ctx, scope, given)
        awaited = ctx.state == "present" and ctx.wait and not ctx.check_mode and not given.get("binds_later")
        if state is None or not awaited or state["status"] in (None, "Bound", *FAILED):
            return state
        memo = ctx.memo(VolumeMemo)
        if memo.volumes is None:
            memo.volumes = self.list_volumes(ctx, scope, state["storage_class"]) or []
        return {**state, "volumes": memo.volumes}

    def differences(self, given: State, current: State) -> list[str]:
        """Return the names of differing fields. A bound claim may show the larger capacity of its volume."""
        names = super().differences(given, current)
        if "capacity" in names and current.get("status") == "Bound":
            with suppress(ValueError):
                if parse_size(current["capacity"]) >= parse_size(given["capacity"]):
                    names.remove("capacity")
        return names

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Warn when no volume is available. The claim stays unbound unless the storage class creates volumes."""
        if plan.before is not None or plan.after is None:
            return
        volumes = self.list_volumes(ctx, scope, given["storage_class"])
        if volumes is None:
            return
        if not volumes:
            ctx.warn(
                f"No persistent volume of the cluster has the storage class {given['storage_class']!r} now. "
                f"{capitalize_first(self.describe(given))} stays unbound until a volume has it, or until the class "
                "creates a volume."
            )
        elif "Available" not in [volume.get("status") for volume in volumes]:
            ctx.warn(f"{capitalize_first(self.describe(given))} stays unbound: {volumes_text(volumes)}")

    def list_volumes(
        self, ctx: RunContext, scope: Mapping[str, Any], storage_class: str | None
    ) -> list[Mapping[str, Any]] | None:
        """Return the volumes of a storage class in the cluster of the environment, ``None`` when they are unknown."""
        try:
            cluster = self.find_cluster_id(ctx, scope)
            if cluster is None:
                return None
            place = {"ClusterInstanceId": cluster}
            volumes = ctx.client.list_all("ListPersistentVolume", place, deadline=ctx.deadline)
        except (BusinessError, PermissionDeniedError):
            return None
        return [volume for volume in volumes if volume.get("storage_class") == storage_class]

    def find_cluster_id(self, ctx: RunContext, scope: Mapping[str, Any]) -> str | None:
        """Return the id of the cluster of the environment, ``None`` when it is unknown.

        The description of a whole app holds the cluster before the environment exists.
        """
        if scope.get("environment_id") is None:
            cluster = ctx.options.get("cluster")
            return None if cluster is None else str(Cluster().resolve(ctx, cluster, scope))
        place = {"AppEnvId": scope["environment_id"]}
        clusters = ctx.client.list_mapped(
            "ListAppResourceAllocs", place, lambda item: item.get("cluster_id"), deadline=ctx.deadline
        )
        return clusters[0] if clusters else None

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the claim is bound, or at once when a later step of the run binds it.

        :raises FailedStateError: when it has failed or lost its volume.
        """
        if state["status"] in FAILED:
            raise FailedStateError(f"{capitalize_first(self.describe(state))} {FAILED[state['status']]}.", state)
        if state["status"] == "Bound" or given.get("binds_later"):
            return None
        status = status_words(state["status"])
        volumes = state.get("volumes")
        return join_known(", ", status, volumes_text(volumes).rstrip(".") if volumes else None)


def volumes_text(volumes: Sequence[Mapping[str, Any]]) -> str:
    """Return the statuses of the volumes that a claim can bind, in words, and what to do."""
    statuses = [volume.get("status") for volume in volumes]
    words = (
        f"{name_words('persistent volume', volume.get('name'))} of its storage class has {status_words(status)}"
        for volume, status in zip(volumes, statuses)
    )
    advice = next((text for status, text in ADVICE.items() if status in statuses), "")
    return f"{join_known(', ', *words)}. {advice}".rstrip()


class PersistentVolumeClaimInfo(Info):
    """List the claims of an environment."""

    resource = PersistentVolumeClaim()
    filters = ("name", "status", "storage_class")
