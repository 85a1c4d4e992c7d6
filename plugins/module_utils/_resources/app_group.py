# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""App groups (reference 1.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Mapping

from .._api.errors import JstError
from .._core.errors import AmbiguousNameError, IncompleteDataError, InvalidOptionError, NotFoundError
from .._core.eventual_consistency import read_or_absent
from .._core.field_types import Ids, NumberSet
from .._core.fields import RESOURCE_ID, Field, ListOperation, OperationRef, Predicate, State
from .._core.info import Info
from .._core.membership import Membership
from .._core.names import PlannedRef
from .._core.plan import Plan
from .._core.reading import ListQuery
from .._core.run_context import RunContext
from .._core.wording import capitalize_first
from .app import BIZ_CODE, App


class AppGroup(Membership):
    """An app group. Apps join and leave by its business domain and name, and its id is for the deletion alone."""

    name = "app_group"
    plural = "app_groups"
    label = "app group"
    id_field = tiebreak_id = "app_group_id"
    key = ("name", "biz_code")
    shares_names = True
    fields = (
        Field("app_group_id", RESOURCE_ID, response_path="id", aliases=("group_id",)),
        Field("biz_code", BIZ_CODE, "BizCode", response_path="biz_name", required=True, immutable=True),
        Field("name", param="Name", required=True, immutable=True),
        Field("app_ids", Ids(), option="apps", refers_to=App(), may_be_planned=True, id_type=NumberSet()),
    )
    list_is_partial = True
    list_op = ListOperation("ListAppGroup", {}, {"BizCode": "biz_code"})
    create_op = OperationRef("CreateAppGroup", returns={"app_group_id": "app_group_id"})
    delete_op = OperationRef("DeleteAppGroup", {"GroupId": "app_group_id", "Force": "force"})
    members = "app_ids"
    purge = "purge_apps"
    member_parameter = "AppId"
    add_op = OperationRef("BindGroup", {"BizCode": "biz_code", "Name": "name"})
    remove_op = OperationRef("UnbindGroup", {"BizCode": "biz_code", "Name": "name"})
    own_update_ops = (add_op, remove_op)
    unblocked_by = ("jst_app_group", "jst_app")
    extra_options = {"purge_apps": {"type": "bool", "default": False}, "force": {"type": "bool", "default": False}}

    def run_query(self, ctx: RunContext, query: ListQuery) -> Iterator[State]:
        """Yield the groups of one business domain, or of all: the operation lists one at a time (reference 1.6.2)."""
        domain = query.extra_params.get("BizCode", query.filters.get("biz_code"))
        for code in [domain] if domain else BIZ_CODE.words:
            filters = {**query.filters, "biz_code": code}
            # Records spell the domain in their own way. It is the requested one.
            predicate = self._predicate_for(code, query.predicate)
            for state in super().run_query(ctx, replace(query, filters=filters, predicate=predicate)):
                yield {**state, "biz_code": code}

    def _predicate_for(self, code: str, predicate: Predicate | None) -> Predicate | None:
        """Return a predicate that gets each group with the code of the business domain."""
        return predicate and (lambda state: predicate({**state, "biz_code": code}))

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the group. Option ``biz_code`` limits the search for an id to one business domain.

        :raises AmbiguousNameError: when apps have to join one of two groups of the same name: the service takes the
            name of the group, not its id. The run that created one of them may be about to remove it.
        """
        resource_id = given.get("app_group_id")
        if resource_id is None:
            return super().find(ctx, scope, given)
        group = self.read(ctx, {**scope, "biz_code": given.get("biz_code")}, resource_id)
        if group and group.get("duplicates") and ctx.state != "absent" and given.get("app_ids"):
            name = f"{group['name']}/{group['biz_code']}"
            raise AmbiguousNameError(self.label, name, group["duplicates"], self.id_field)
        return group

    def find_known(self, ctx: RunContext, scope: Mapping[str, Any], key: Mapping[str, Any]) -> State | None:
        """Return the group of a name that an earlier list of the run showed. Its members are read by the name.

        So they do not show whether it still has the id. Without members, they do not even show that it exists.
        """
        known = super().find_known(ctx, scope, key)
        if known is None or not known["app_ids"]:
            return None
        ctx.shared_names.assume(self, key, known["app_group_id"])
        return known

    def read(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> State | None:
        """Return the group with an id and its members, ``None`` when the business domain in scope has no such group."""
        groups = list(self.list_states(ctx, {}, {"biz_code": scope.get("biz_code")}))
        group = next((group for group in groups if group["app_group_id"] == resource_id), None)
        if group is None:
            return None
        same = [item["app_group_id"] for item in groups if all(item[name] == group[name] for name in self.key)]
        # The list of members takes the name of the group, which two groups can share.
        return self.with_details(ctx, {}, group) if len(same) == 1 else {**group, "app_ids": None, "duplicates": same}

    def with_details(self, ctx: RunContext, scope: Mapping[str, Any], listed: State) -> State | None:
        """Return the group with its members, ``None`` when it was deleted after it was listed."""
        place = {"BizCode": listed["biz_code"], "Name": listed["name"]}
        key = {name: listed[name] for name in self.key}
        members = read_or_absent(
            ctx,
            lambda: ctx.client.list_all("ListAppGroupMapping", place, deadline=ctx.deadline),
            lambda: any(self.matches(group, key) for group in self.list_states(ctx, scope, key)),
            IncompleteDataError(self.label, listed["name"], ["members"]),
        )
        return (
            None
            if members is None
            else {**listed, "app_ids": Ids().deserialize([member.get("app_id") for member in members])}
        )

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error for an app that does not exist, or that is of another business domain than the group."""
        if ctx.state == "absent":
            return None
        joining, _dummy = self.member_changes(given, plan.before)
        domain = (plan.after or {}).get("biz_code")
        for resource_id in (member for member in joining if not isinstance(member, PlannedRef)):
            app = App().read(ctx, {}, resource_id)
            if app is None:
                return NotFoundError("app", resource_id)
            if None not in (app["biz_code"], domain) and app["biz_code"] != domain:
                return InvalidOptionError(
                    f"{capitalize_first(App().describe(app))} is of the business domain {app['biz_code']}, "
                    f"and {self.describe(plan.after or {})} is of {domain}."
                )
        return None


class AppGroupInfo(Info):
    """List app groups."""

    resource = AppGroup()
    filters = ("app_group_id", "name")
    request_filters = (Field("biz_code", BIZ_CODE, "BizCode", required=True),)
    details = True
