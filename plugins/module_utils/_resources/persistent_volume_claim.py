# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Claims of an environment to persistent volumes (reference 1.5)."""

from __future__ import annotations

from .._core.errors import FailedStateError
from .._core.info import Info
from .._core.resource import Field, Listing, Request, Resource, State, computed, sentence
from .._core.times import Moment
from .._core.words import status_words
from .app import APP
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
