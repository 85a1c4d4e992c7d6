# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Databases of an RDS instance (reference 7.1, 7.5, 7.6)."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.field_types import TEXT, Choice, Text
from .._core.fields import Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.record_list import RecordList
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wait import wait_until
from .._core.wording import status_words
from .rds_fields import DATABASE_NAME, INSTANCE, PRIVILEGE

CHARACTER_SETS = Choice(
    (
        "utf8",
        "gbk",
        "latin1",
        "utf8mb4",
        "Chinese_PRC_CI_AS",
        "Chinese_PRC_CS_AS",
        "SQL_Latin1_General_CP1_CI_AS",
        "SQL_Latin1_General_CP1_CS_AS",
        "Chinese_PRC_BIN",
    )
)
DESCRIPTION = Text(
    r"[A-Za-z一-龥][A-Za-z0-9_一-龥-]{1,255}",
    "2 to 256 letters, digits, underscores and hyphens, starting with a letter",
)
ACCOUNTS = RecordList(
    (("account", "", TEXT), ("privilege", "", PRIVILEGE), ("privilege_detail", "", TEXT)),
    key=("account",),
    required=(),
    response_names={"privilege": "account_privilege", "privilege_detail": "account_privilege_detail"},
)


class RdsDb(Resource):
    """A database. Its name is unique in its instance. No field of it can change."""

    name = "rds_db"
    plural = "rds_dbs"
    label = "database"
    scope = (INSTANCE,)
    key = ("name",)
    fields = (
        Field(
            "name", param="DbName", response_path="db_name", required=True, immutable=True, create_type=DATABASE_NAME
        ),
        Field(
            "character_set",
            CHARACTER_SETS,
            "CharacterSetName",
            response_path="character_set_name",
            required=True,
            immutable=True,
        ),
        Field(
            "description",
            param="DbDescription",
            response_path="db_description",
            immutable=True,
            create_type=DESCRIPTION,
        ),
        computed("status", Choice(("Creating", "Running", "Deleting")), response_path="db_status"),
        computed("engine"),
        computed("accounts", ACCOUNTS),
    )
    list_op = ListOperation("DescribeDatabases", {"InstanceId": "instance_id"})
    create_op = OperationRef("CreateDb", {"DbInstanceId": "instance_id"})
    delete_op = OperationRef("DeleteDatabase", {"DBInstanceId": "instance_id", "DBName": "name"})
    supports_wait = True

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the database. One that is being deleted blocks a new one of its name, so wait until it is gone."""

        def poll() -> tuple[str | None, State | None]:
            state = super(RdsDb, self).find(ctx, scope, given)
            if ctx.state == "present" and state is not None and state["status"] == "Deleting":
                return "status Deleting", state
            return None, state

        if ctx.check_mode or not ctx.wait:
            return poll()[1]
        state: State | None = wait_until(ctx, f"{self.describe(given)} to be gone", poll)
        return state

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan the state. A database that is being deleted needs no second deletion, and counts as absent otherwise."""
        if current is not None and current["status"] == "Deleting":
            return Plan(current, current) if ctx.state == "absent" else self.plan_creation(ctx, scope, given)
        return super().plan(ctx, scope, given, current)

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the database is running."""
        return None if state["status"] == "Running" else status_words(state["status"])


class RdsDbInfo(Info):
    """List databases."""

    resource = RdsDb()
    filters = ("name", "status")
