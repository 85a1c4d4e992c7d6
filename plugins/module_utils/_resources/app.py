# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Apps (reference 1.1)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._api.errors import JstError, PermissionDeniedError
from .._api.hints import Hint
from .._core.errors import InvalidOptionError, NotFoundError
from .._core.field_types import TEXT, Choice, FieldType, FreeText, Integer, NumberSet, as_list, as_records
from .._core.fields import ON_CREATE, RESOURCE_ID, Field, ListOperation, OperationRef, Parent, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.record_list import RecordList
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wording import capitalize_first, name_words
from .user import User

# Responses hold the name of the business domain (1.6.2). The reference lists it next to each code (1.1.1).
BIZ_CODE = Choice(
    ("JST", "NEW_RETAIL", "MINI_APP", "SUPPLY", "MESSAGE"),
    spellings={
        "聚石塔": "JST",
        "线下零售": "NEW_RETAIL",
        "轻应用云": "MINI_APP",
        "供应链": "SUPPLY",
        "消息业务": "MESSAGE",
    },
)
SERVICE_TYPE = Choice(
    ("GeneralApplication", "StoreApplication", "TaoHuDongApplication"),
    # The titles next to the codes (1.1.5).
    spellings={
        "其他云应用": "GeneralApplication",
        "电商云应用": "StoreApplication",
        "小程序云应用": "TaoHuDongApplication",
    },
)


class StateType(Choice):
    """The type of an app.

    The reference documents the words of responses for two of the four types (1.1.2, 1.1.5). For the others, every
    likely spelling is understood. A documented word does not exclude the other types.
    """

    DOCUMENTED = ("stateless", "stateful")

    def is_comparable(self, wanted: Any, current: Any) -> bool:
        return current is not None and (wanted in self.DOCUMENTED or current not in self.DOCUMENTED)


STATE_TYPE = StateType(
    {"stateless": 1, "stateful": 2, "daemonset": 3, "cron_job": 5},
    spellings={"daemon": "daemonset", "cron": "cron_job", "job": "cron_job"},
)


ROLE = Choice(("Owner", "PE", "Dev", "Test"))


class UserRoles(RecordList):
    """The roles of users. Roles with an unknown name, and roles that follow from another role, are not compared.

    Responses may show an owner in further roles (1.1.5). Nothing shows whether somebody gave them, so they stay.
    """

    def equals(self, wanted: Any, current: Any) -> bool:
        if current is None:
            return True
        owners = {item["user_id"] for item in wanted if item["role_name"] == "Owner"}
        unclear = {item["user_id"] for item in current if item["role_name"] is None}
        named = {self._key_of(item) for item in wanted}
        counted = [
            item
            for item in current
            if self._key_of(item) in named or (item["role_name"] is not None and item["user_id"] not in owners)
        ]
        seen = {self._key_of(item) for item in counted}
        expected = [item for item in wanted if self._key_of(item) in seen or item["user_id"] not in unclear]
        return super().equals(expected, counted)


USER_ROLES = UserRoles(
    members=(
        ("role_name", "RoleName", ROLE),
        ("user_id", "UserId", TEXT),
        ("user_type", "UserType", Choice(("TAOBAO", "DING_TALK"), spellings={"DINGDING_TALK": "DING_TALK"})),
    ),
    key=("user_id", "role_name"),
    required=("role_name", "user_id", "user_type"),
    extra_shown=("real_name",),
)


class Middleware(FieldType):
    """The middleware of an app: the code and the name of each."""

    def deserialize(self, raw: Any) -> list[dict[str, Any]] | None:
        records = as_records(raw)
        if records is None:
            return None
        return [
            {"code": Integer().deserialize(item.get("code")), "name": TEXT.deserialize(item.get("name"))}
            for item in records
        ]


class MiddlewareIds(NumberSet):
    """The ids of middleware. Responses hold them as its codes."""

    def deserialize(self, raw: Any) -> Any:
        codes = [item["code"] for item in Middleware().deserialize(raw) or ()]
        return None if as_list(raw) is None or None in codes else super().deserialize(codes)


class App(Resource):
    """An app. Its title is unique, and its only natural key (reference 1.1.1)."""

    name = "app"
    plural = "apps"
    label = "app"
    id_field = "app_id"
    key = ("title",)
    shares_names = True
    unknown_id_hint = Hint(
        "Option app_id (variable application_app_id of a host) names an app that no longer exists, or never did. "
        "Without the option, the run finds the app by its title or creates the app.",
        "选项 app_id（主机变量 application_app_id）指定的应用已不存在，或从未存在。"
        "去掉该选项后，运行时会按标题查找应用，找不到则创建。",
    )
    fields = (
        Field("app_id", RESOURCE_ID),
        Field("title", param="Title", required=True, immutable=True),
        Field("biz_code", BIZ_CODE, "BizCode", response_path="biz_name", required=True, immutable=True),
        Field(
            "state_type", STATE_TYPE, "StateType", response_path="app_state_type", immutable=True, default="stateless"
        ),
        Field("language", Choice(("Java", "PHP", "C#", "Python")), "Language", required=True),
        Field("operating_system", Choice(("Linux", "Windows")), "OperatingSystem", required=True),
        Field("service_type", SERVICE_TYPE, "ServiceType", required=True),
        Field("biz_title", FreeText(), "BizTitle"),
        Field("description", FreeText(), "Description"),
        # The reference does not say whether an update extends or replaces the roles. Its table requires them in each.
        Field("user_roles", USER_ROLES, "UserRoles", required=True, always_send=True),
        Field("namespace", param="Namespace", response_path="", immutable=True, write_only=ON_CREATE),
        Field(
            "group",
            param="GroupName",
            response_path="",
            immutable=True,
            write_only=ON_CREATE,
            advice="Use jst_app_group to put an app into a group.",
        ),
        # Only the vendor's SDK documents that middleware can be read.
        Field(
            "middleware_ids",
            MiddlewareIds(),
            "MiddleWareIdList",
            response_path="middleware",
            immutable=True,
            write_only=ON_CREATE,
        ),
        computed("middleware", Middleware()),
        computed("deploy_type"),
    )
    list_op = ListOperation("ListApp")
    list_is_partial = True
    describe_op = OperationRef("DescribeAppDetail", {"AppId": "app_id"})
    create_op = OperationRef("CreateApp", returns={"app_id": "app_id"})
    update_op = OperationRef("UpdateApp", {"AppId": "app_id"})
    delete_op = OperationRef("DeleteAppDetail", {"AppId": "app_id", "Force": "force"})
    unblocked_by = ("jst_environment", "jst_app_group")
    extra_options = {"force": {"type": "bool", "default": False}}

    def state_from(self, record: Mapping[str, Any], scope: Mapping[str, Any]) -> State:
        """Return the state of a record. The list and the details hold the middleware under different names."""
        middleware = record.get("middle_ware_info_list", record.get("middle_ware_list"))
        return super().state_from({**record, "middleware": middleware}, scope)

    def plan_update(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """Warn of the further roles of an owner, which stay. An owner shown in every role has them as the owner."""
        desired, shown = given.get("user_roles") or (), current.get("user_roles") or ()
        app = capitalize_first(self.describe(current))
        for owner in [item["user_id"] for item in desired if item["role_name"] == "Owner"]:
            named, present = (
                {item["role_name"] for item in roles if item["user_id"] == owner} for roles in (desired, shown)
            )
            further = sorted(role for role in present - named if role)
            if further and not present.issuperset(ROLE.words):
                ctx.warn(
                    f"{app} shows its owner {owner!r} as {' and '.join(further)} too. "
                    "That may follow from being the owner, so it is kept."
                )
        return super().plan_update(ctx, scope, given, current)

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject roles of users that the account does not have, or has with another type (reference 1.1.1, 2.1)."""
        if ctx.state == "absent":
            return
        before = {role["user_id"] for role in (plan.before or {}).get("user_roles") or ()}
        desired = {role["user_id"]: role["user_type"] for role in given.get("user_roles", ())}
        new = {user: user_type for user, user_type in desired.items() if user not in before}
        if not new:
            return
        ctx.activity = f"find the users of {self.describe(plan.after or {})}"
        try:
            users = self._user_types(ctx, list(new))
        except PermissionDeniedError:  # The service makes the check.
            return
        for user, user_type in new.items():
            if users[user] not in (None, user_type):
                raise InvalidOptionError(f"User {user!r} is of type {users[user]}, but user_roles gives {user_type}.")

    def _user_types(self, ctx: RunContext, users: Sequence[str]) -> dict[str, str | None]:
        """Return the type of each user.

        :raises NotFoundError: for the first user that does not exist.
        """
        types: dict[str, str | None] = {}

        def is_missing(user: State) -> bool:
            return user["user_id"] in users and user["user_id"] not in types

        while len(types) < len(users):
            # A search for the missing users alone reads on where the list seems to end too early.
            found = {
                user["user_id"]: user["user_type"]
                for user in list(User().list_states(ctx, {}, {}, predicate=is_missing))
            }
            if not found:
                missing = next(user for user in users if user not in types)
                hint = Hint(
                    "List the users of the account with jst_user_info.", "可以用 jst_user_info 列出账号中的用户。"
                )
                raise NotFoundError("user", missing, hint)
            types.update(found)
        return types

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error for the deletion of an app with environments, and for a group that does not exist."""
        if plan.before is None:
            return self._missing_group(ctx, given)
        if ctx.state != "absent" or ctx.options["force"]:
            return None
        names = ctx.client.list_mapped(
            "ListAppEnvironment",
            {"AppId": plan.before["app_id"]},
            lambda record: name_words("environment", record.get("env_name"), record.get("env_id")),
            deadline=ctx.deadline,
        )
        if not names:
            return None
        return InvalidOptionError(
            f"{capitalize_first(self.describe(plan.before))} still has {', '.join(names)}.",
            hint=Hint(
                "Delete these environments first, or set force=true, which deletes everything that belongs to the app.",
                "请先删除这些环境，或设置 force=true；后者会删除该应用下的所有资源。",
            ),
        )

    def _missing_group(self, ctx: RunContext, given: State) -> JstError | None:
        if given.get("group") is None:
            return None
        place = {"BizCode": given["biz_code"]}
        groups = ctx.client.list_all("ListAppGroup", place, deadline=ctx.deadline)
        names = [str(group["name"]) for group in groups if group.get("name")]
        return None if given["group"] in names else NotFoundError("app group", given["group"], names=names)


class AppInfo(Info):
    """List apps. The list lacks the user roles."""

    resource = App()
    filters = ("app_id", "title", "biz_code", "state_type")
    details = True


APP = Parent("app", "app_id", App(), response_names=("app_id",))
