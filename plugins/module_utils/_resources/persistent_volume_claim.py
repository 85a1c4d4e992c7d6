# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Claims of an environment to persistent volumes (reference 1.5)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Mapping

from .._api.errors import PermissionDeniedError
from .._core.errors import FailedStateError
from .._core.info import Info
from .._core.plan import Plan
from .._core.quantities import size
from .._core.resource import Field, Listing, Request, Resource, State, computed, sentence
from .._core.task import Task
from .._core.times import Moment
from .._core.words import status_words
from .app import APP
from .cluster import cluster_id
from .environment import ENVIRONMENT
from .volumes import ACCESS_MODE, CAPACITY, STORAGE_CLASS


class PersistentVolumeClaim(Resource):
    """A claim, addressed by its name; its id is of no use. Nothing of it can change."""

    name = "persistent_volume_claim"
    plural = "persistent_volume_claims"
    label = "persistent volume claim"
    scope = (APP, ENVIRONMENT)
    key = ("name",)
    fields = (
        Field("name", wire="Name", required=True, fixed=True),
        CAPACITY,
        ACCESS_MODE,
        STORAGE_CLASS,
        computed("status"),
        computed("volume_name"),
        computed("create_time", Moment()),
    )
    listing = Listing("ListPersistentVolumeClaim", {"AppId": "app_id", "EnvId": "environment_id"})
    creating = Request("CreatePersistentVolumeClaim", {"AppId": "app_id", "EnvId": "environment_id"})
    deleting = Request(
        "DeletePersistentVolumeClaim",
        {"AppId": "app_id", "EnvId": "environment_id", "PersistentVolumeClaimName": "name"},
    )
    waits = True

    def differences(self, given: State, current: State) -> list[str]:
        """A bound claim may show the capacity of its volume, which is at least what was asked for."""
        names = super().differences(given, current)
        if "capacity" in names and current.get("status") == "Bound":
            with suppress(ValueError):
                if size(current["capacity"]) >= size(given["capacity"]):
                    names.remove("capacity")
        return names

    def preflight(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Warn when no volume has the storage class: the claim waits for one, unless the class makes its own."""
        if plan.before is not None or plan.after is None:
            return
        try:
            cluster = self.cluster(task, scope)
            if cluster is None:
                return
            place = {"ClusterInstanceId": cluster}
            volumes = task.client.records("ListPersistentVolume", place, deadline=task.deadline)
        except PermissionDeniedError:
            return
        if given["storage_class"] not in [volume.get("storage_class") for volume in volumes]:
            task.warn(
                f"No persistent volume of cluster {cluster!r} has the storage class {given['storage_class']!r} now. "
                f"{sentence(self.describe(given))} stays unbound until one has, or the class makes its own."
            )

    def cluster(self, task: Task, scope: Mapping[str, Any]) -> str | None:
        """The cluster of the environment, ``None`` when it is not known.

        A description of a whole app knows that of an environment which does not exist yet.
        """
        if scope.get("environment_id") is None:
            wanted = task.options.get("cluster")
            return None if wanted is None else cluster_id(task, wanted, scope)
        place = {"AppEnvId": scope["environment_id"]}
        allocations = task.client.records("ListAppResourceAllocs", place, deadline=task.deadline)
        return next((item["cluster_id"] for item in allocations if item.get("cluster_id")), None)

    def pending(self, given: State, state: State) -> str | None:
        """A claim can be used once it is bound.

        :raises FailedStateError: when it has lost its volume.
        """
        if state["status"] == "Lost":
            raise FailedStateError(f"{sentence(self.describe(state))} has lost its volume.", state)
        return None if state["status"] == "Bound" else status_words(state["status"])


class PersistentVolumeClaimInfo(Info):
    """Lists the claims of an environment."""

    resource = PersistentVolumeClaim()
    filters = ("name", "status", "storage_class")
