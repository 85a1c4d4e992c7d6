# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Persistent volumes of a cluster, on NAS (reference 6.1)."""

from __future__ import annotations

from typing import Any, Mapping

from .._api.errors import JstError
from .._api.hints import Hint
from .._core.errors import FailedStateError, InvalidOptionError
from .._core.field_types import Choice
from .._core.fields import ON_CREATE, Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .._core.wording import capitalize_first, status_words
from .cluster import CLUSTER
from .volume_fields import ACCESS_MODE, CAPACITY, NAME, STORAGE_CLASS

STATUS = Choice(("Available", "Bound", "Released", "Failed"))


class PersistentVolume(Resource):
    """A volume. Operations take its name and not its id. No field of it can change."""

    name = "persistent_volume"
    plural = "persistent_volumes"
    label = "persistent volume"
    scope = (CLUSTER,)
    key = ("name",)
    fields = (
        Field("name", param="Name", required=True, immutable=True, create_type=NAME),
        CAPACITY,
        ACCESS_MODE,
        STORAGE_CLASS,
        Field("reclaim_policy", Choice(("Retain", "Delete")), "ReclaimPolicy", required=True, immutable=True),
        Field(
            "mount_target_domain",
            param="MountTargetDomain",
            response_path="",
            required=True,
            immutable=True,
            write_only=ON_CREATE,
        ),
        Field(
            "nfs_version",
            Choice(("3", "4.0")),
            "NFSVersion",
            response_path="",
            required=True,
            immutable=True,
            write_only=ON_CREATE,
        ),
        Field("mount_dir", param="MountDir", immutable=True, default="/"),
        computed("status", STATUS),
        computed("claim", response_path="pvc_name"),
        computed("reason"),
        computed("create_time", Timestamp()),
    )
    list_op = ListOperation("ListPersistentVolume", {"ClusterInstanceId": "cluster_id"})
    create_op = OperationRef("CreatePersistentVolume", {"ClusterInstanceId": "cluster_id"})
    delete_op = OperationRef(
        "DeletePersistentVolume", {"ClusterInstanceId": "cluster_id", "PersistentVolumeName": "name"}
    )
    supports_wait = True
    unblocked_by = ("jst_persistent_volume", "jst_persistent_volume_claim", "jst_environment", "jst_app", "jst_cluster")

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject the deletion of a bound volume (reference 6.1.3)."""
        if ctx.state != "absent" or plan.before is None or ctx.may_differ(self.unblocked_by):
            return
        if plan.before["status"] == "Bound":
            claim = plan.before["claim"]
            bound = "bound" if claim is None else f"bound to the claim {claim!r}"
            raise InvalidOptionError(
                f"{capitalize_first(self.describe(plan.before))} is {bound}, and a bound volume cannot be deleted.",
                hint=Hint("Delete the claim first.", "请先删除绑定该存储卷的存储卷声明。"),
            )

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error when another volume of the cluster has the storage class (reference 6.1.1)."""
        if plan.before is not None or scope.get("cluster_id") is None:
            return None
        others = [
            state for state in self.list_states(ctx, scope, {}) if state["storage_class"] == given["storage_class"]
        ]
        if not others:
            return None
        return InvalidOptionError(
            f"{capitalize_first(self.describe(others[0]))} already has storage class {given['storage_class']!r}. Each "
            "volume of a cluster needs a different storage class."
        )

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the volume has a status. Bound and released volumes were available before.

        :raises FailedStateError: when its creation or its reclamation has failed.
        """
        if state["status"] == "Failed":
            reason = (state["reason"] or "the service gives no reason").rstrip(".")
            raise FailedStateError(
                f"{capitalize_first(self.describe(state))} has failed: {reason}.",
                state,
                hint=Hint(
                    "Remove the cause, then delete the volume and create it again.",
                    "请在排除失败原因后，删除该存储卷并重新创建。",
                ),
            )
        return None if state["status"] else status_words(None)


class PersistentVolumeInfo(Info):
    """List the volumes of a cluster."""

    resource = PersistentVolume()
    filters = ("name", "status", "storage_class")
