# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Accounts of an RDS instance and their privileges (reference 7.2 to 7.4, 7.8, 7.9)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._api.errors import JstError
from .._api.hints import Hint
from .._core.errors import ImmutableDifferenceError, NotFoundError
from .._core.field_types import TEXT, Boolean, Choice, Secret, as_records
from .._core.fields import BY_OPTION, Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.record_list import RecordList
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wait import wait_until
from .._core.wording import capitalize_first, join_known, status_words
from .rds_fields import ACCOUNT_NAME, INSTANCE, PRIVILEGE

PASSWORD = Secret(
    r"(?:(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])|(?=.*[A-Z])(?=.*[a-z])(?=.*[!@#$&%^*()_+=-])"
    r"|(?=.*[A-Z])(?=.*[0-9])(?=.*[!@#$&%^*()_+=-])|(?=.*[a-z])(?=.*[0-9])(?=.*[!@#$&%^*()_+=-]))"
    r"[A-Za-z0-9!@#$&%^*()_+=-]{8,32}",
    "8 to 32 characters from at least three of these classes: upper-case letters, lower-case letters, digits, "
    "special characters (! @ # $ & % ^ * ( ) _ + - =)",
)
PRIVILEGES = RecordList(
    members=(("database", "DbName", TEXT), ("privilege", "AccountPrivilege", PRIVILEGE)),
    key=("database",),
    required=("database", "privilege"),
    response_names={
        "database": "db_name",
        "privilege": "account_privilege",
        "privilege_detail": "account_privilege_detail",
    },
    extra_shown=("privilege_detail",),
)

GRANT = OperationRef("GrantDbToAccount", {"DbInstanceId": "instance_id", "AccountName": "name"})
RESET = OperationRef(
    "ResetAccountPassword", {"DbInstanceId": "instance_id", "AccountName": "name", "AccountPassword": "password"}
)


class RdsAccount(Resource):
    """An account. Its name is unique in its instance. No operation reads its password or revokes a privilege."""

    name = "rds_account"
    plural = "rds_accounts"
    label = "account"
    scope = (INSTANCE,)
    key = ("name",)
    fields = (
        Field(
            "name",
            param="AccountName",
            response_path="account_name",
            required=True,
            immutable=True,
            create_type=ACCOUNT_NAME,
        ),
        Field(
            "password",
            PASSWORD,
            "AccountPassword",
            response_path="",
            required=True,
            write_only=BY_OPTION,
            update_default="on_create",
        ),
        Field(
            "type",
            Choice(("Normal", "Super")),
            "AccountType",
            response_path="account_type",
            immutable=True,
            default="Normal",
        ),
        Field("privileges", PRIVILEGES, response_path="database_privileges"),
        computed("status", Choice(("Unavailable", "Available")), response_path="account_status"),
        computed("description", response_path="account_description"),
        computed("privileges_exceeded", Boolean(), response_path="priv_exceeded"),
    )
    list_op = ListOperation("DescribeRdsAccounts", {"DbInstanceId": "instance_id"}, {"AccountName": "name"})
    create_op = OperationRef("CreateAccount", {"DbInstanceId": "instance_id"})
    own_update_ops = (GRANT, RESET)
    delete_op = OperationRef("DeleteRdsAccount", {"DbInstanceId": "instance_id", "AccountName": "name"})
    supports_wait = True
    unblocked_by = ("jst_rds_db",)
    extra_options = {"ignore_extra_privileges": {"type": "bool", "default": False}}

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the account, once it is available if it lacks privileges: a new account does not take them before."""

        def poll() -> tuple[str | None, State | None]:
            state = self.with_privileges(ctx, scope, given, super(RdsAccount, self).find(ctx, scope, given))
            waits = state is not None and ctx.state == "present" and self.missing_privileges(dict(given), state)
            return (self.wait_reason(ctx, dict(given), state) if state is not None and waits else None), state

        if ctx.check_mode:
            return poll()[1]
        state: State | None = wait_until(ctx, f"{self.describe(given)} to take privileges", poll)
        return state

    def with_privileges(
        self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any], state: State | None
    ) -> State | None:
        """Return the account, with privileges from the list of databases when the list of accounts shows none.

        Both lists have members for privileges (reference 7.1, 7.4). The reference does not say that both are filled.
        """
        if state is None or state["privileges"] or not given.get("privileges") or ctx.state != "present":
            return state
        databases = ctx.client.list_all(
            "DescribeDatabases", {"InstanceId": scope["instance_id"]}, deadline=ctx.deadline
        )
        privileges = [
            {**account, "db_name": database.get("db_name")}
            for database in databases
            for account in as_records(database.get("accounts")) or ()
            if account.get("account") == state["name"]
        ]
        return {**state, "privileges": PRIVILEGES.deserialize(privileges)} if privileges else state

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether another run has just created the account, and may not have granted its privileges yet."""
        return current is not None and ctx.step is not None and ctx.step.action == self.create_op.action

    def differences(self, given: State, current: State) -> list[str]:
        """Return the names of differing fields. Extra privileges do not count: no call removes them."""
        names = [name for name in super().differences(given, current) if name != "privileges"]
        return [*names, "privileges"] if self.missing_privileges(given, current) else names

    def missing_privileges(self, given: State, current: State | None) -> list[dict[str, Any]]:
        """Return the privileges to grant. A grant replaces another privilege on the same database."""
        present = {item["database"]: item["privilege"] for item in (current or {}).get("privileges") or ()}
        return [
            item
            for item in given.get("privileges", ())
            if not PRIVILEGE.equals(item["privilege"], present.get(item["database"]))
        ]

    def immutable_error(self, ctx: RunContext, given: State, current: State) -> ImmutableDifferenceError | None:
        """Return also the extra privileges of the account, which no operation revokes."""
        error = super().immutable_error(ctx, given, current)
        databases = [item["database"] for item in given.get("privileges", ())]
        extra = [item for item in current.get("privileges") or () if item["database"] not in databases]
        if not extra or "privileges" not in given or ctx.options["ignore_extra_privileges"]:
            return error
        shown = [PRIVILEGES.to_option(items) for items in (current["privileges"], given["privileges"])]
        listed = ", ".join(join_known(" on ", item["privilege"], item["database"]) for item in extra)
        return ImmutableDifferenceError(
            capitalize_first(self.describe(current)),
            {**(error.differences if error else {}), "privileges": tuple(shown)},
            f"The account has privileges that the task does not list: {listed}. No operation of the service revokes a "
            "privilege.",
            hint=Hint(
                "Add these privileges to the task, set ignore_extra_privileges=true, or delete the account and create "
                "it again.",
                "请把这些权限也写进任务，或设置 ignore_extra_privileges=true，或者删除该账号后重新创建。",
            ),
        )

    def create_steps(self, ctx: RunContext, namespace: State, given: State) -> list[Step]:
        """Return the creation and the grants, with a wait between them: a new account takes no privileges yet."""
        grants = self.grant_steps(namespace, given, None)
        steps = super().create_steps(ctx, namespace, given)
        first = steps[0]
        return [Step(first.action, first.parameters, first.purpose, wait_after=bool(grants)), *grants]

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Return the steps that reset the password and grant privileges. Nothing else can change."""
        resets = [
            Step(RESET.action, self.parameters(RESET.keys, namespace), f"set the password of {self.describe(given)}")
            for name in changed
            if name == "password"
        ]
        return [*resets, *self.grant_steps(namespace, given, current)]

    def grant_steps(self, namespace: State, given: State, current: State | None) -> list[Step]:
        """Return one step for each missing privilege."""
        return [
            Step(
                GRANT.action,
                {**self.parameters(GRANT.keys, namespace), **PRIVILEGES.serialize([item])[0]},
                f"grant {item['privilege']} on {item['database']} to {self.describe(given)}",
            )
            for item in self.missing_privileges(given, current)
        ]

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error for a privilege on a database that neither exists nor is created by the same run."""
        privileges = self.missing_privileges(given, plan.before) if ctx.state == "present" else []
        described = ctx.options.get("described_databases", ())
        wanted = [item["database"] for item in privileges if (scope["instance_id"], item["database"]) not in described]
        if not wanted:
            return None
        place = {"InstanceId": scope["instance_id"]}
        names = ctx.client.list_mapped(
            "DescribeDatabases", place, lambda item: item.get("db_name"), deadline=ctx.deadline
        )
        missing = [name for name in wanted if name not in names]
        return NotFoundError("database", missing[0], names=names) if missing else None

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the account is available."""
        return None if state["status"] == "Available" else status_words(state["status"])


class RdsAccountInfo(Info):
    """List accounts."""

    resource = RdsAccount()
    filters = ("name", "type", "status")
