# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Groups of applications (reference 1.6)."""

from __future__ import annotations

from typing import Any, Mapping

from .._api.errors import BusinessError
from .._core.errors import AmbiguousNameError, NotFoundError, Planned, UntoldError
from .._core.info import Info
from .._core.membership import Membership
from .._core.resource import Field, Listing, Request, State, computed
from .._core.task import Task
from .._core.values import Ids, Integer, whole_number
from .app import BIZ_CODE, App


def app_ids(task: Task, wanted: Any, scope: Mapping[str, Any]) -> list[Any]:
    """The ids of applications given by title or id, in one walk through the list.

    In check mode, titles that no application has come last, for applications that a real run makes first.

    :raises NotFoundError: for the first title that no application has.
    :raises AmbiguousNameError: for the first title that several have.
    """
    titles: dict[str | None, list[int]] = {str(item): [] for item in wanted if whole_number(item) is None}
    untitled = False
    for app in App().records(task, {}, {}, keep=lambda state: state["title"] in (None, *titles)) if titles else ():
        untitled = untitled or app["title"] is None
        if app["title"] is not None and app["app_id"] is None:
            raise UntoldError("app", app["title"], ["app_id"])
        titles.setdefault(app["title"], []).append(app["app_id"])
    titles.pop(None, None)
    planned: list[Planned] = []
    ids = {number for number in map(whole_number, wanted) if number is not None}
    for title, found in titles.items():
        if not found and untitled:
            raise UntoldError("app", title, ["title"])
        if len(found) > 1:
            raise AmbiguousNameError("app", title, found)
        if not found and not task.check_mode:
            raise NotFoundError("app", title)
        if not found:
            task.assume(NotFoundError("app", title))
            planned.append(Planned.of("app", title))
        ids.update(found)
        task.names.update({identity: str(title) for identity in found})
    return [*sorted(ids), *planned]


class AppGroup(Membership):
    """A group and its members. It is addressed by business domain and name, but deleted by its id."""

    name = "app_group"
    plural = "app_groups"
    label = "app group"
    elder = "app_group_id"
    key = ("name", "biz_code")
    fields = (
        computed("app_group_id", Integer(), read="id"),
        Field("biz_code", BIZ_CODE, "BizCode", read="biz_name", required=True, fixed=True),
        Field("name", wire="Name", required=True, fixed=True),
        Field("app_ids", Ids(), option="apps", resolve=app_ids, forthcoming=True),
    )
    thin_listing = True
    listing = Listing("ListAppGroup", {}, {"BizCode": "biz_code"})
    creating = Request("CreateAppGroup", returns={"app_group_id": "app_group_id"})
    deleting = Request("DeleteAppGroup", {"GroupId": "app_group_id", "Force": "force"})
    members = "app_ids"
    purge = "purge_apps"
    member_parameter = "AppId"
    joining = Request("BindGroup", {"BizCode": "biz_code", "Name": "name"})
    leaving = Request("UnbindGroup", {"BizCode": "biz_code", "Name": "name"})
    updating = joining
    extra_options = {
        "purge_apps": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
    }

    def complete(self, task: Task, scope: Mapping[str, Any], listed: State) -> State | None:
        """The group with its members, ``None`` when it was deleted since it was listed."""
        place = {"BizCode": listed["biz_code"], "Name": listed["name"]}
        try:
            members = task.client.select(
                "ListAppGroupMapping", place, lambda record: record.get("app_id"), deadline=task.deadline
            )
        except BusinessError:
            key = self.natural_key(listed)
            if any(self.matches(group, key) for group in self.records(task, scope, key)):
                raise
            return None
        return {**listed, "app_ids": Ids().receive(members)}


class AppGroupInfo(Info):
    """Lists groups."""

    resource = AppGroup()
    filters = ("name",)
    asked = (Field("biz_code", BIZ_CODE, "BizCode", required=True),)
    details = True
