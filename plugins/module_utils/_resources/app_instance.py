# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""App instances, that is, the pods of an environment (reference 1.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

from .._core.errors import FailedStateError, InvalidOptionError, NotFoundError
from .._core.field_types import Choice, Integer, MultiChoice
from .._core.fields import Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .._core.wording import capitalize_first, join_known, status_words
from .app import APP
from .environment import ENVIRONMENT
from .pod import DEFAULT_LINES, check_lines, read_container_logs

STATUS = Choice(("Normal", "Starting", "ToBeSchedule", "Pending", "Offlining", "Failed", "Unknown", "Stopped"))
HEALTH = Choice(("RUNNING", "ABNORMAL"))
REBUILD = OperationRef(
    "RebuildAppInstance", {"AppId": "app_id", "EnvId": "environment_id", "AppInstanceId": "instance"}
)


@dataclass
class InstanceMemo:
    """What a run knows of the instances of its environment.

    :ivar before: instance -> state, before the first write of the run.
    :ivar has_changed: whether the instance has changed since then. A rebuild changes it.
    """

    before: dict[str, State] = field(default_factory=dict)
    has_changed: bool = False


class AppInstance(Resource):
    """An app instance. A rebuild is an action and not a state, so every run rebuilds once.

    The reference does not say whether the rebuilt instance keeps its id.
    """

    name = "app_instance"
    plural = "app_instances"
    label = "app instance"
    scope = (APP, ENVIRONMENT)
    key = ("instance",)
    fields = (
        Field("instance", response_path="app_instance_id"),
        computed("status", MultiChoice(STATUS)),
        computed("health", HEALTH),
        computed("version"),
        computed("restart_count", Integer()),
        computed("pod_ip"),
        computed("host_ip"),
        computed("requests"),
        computed("limits"),
        computed("spec"),
        computed("create_time", Timestamp()),
    )
    list_op = ListOperation("ListAppInstance", {"AppId": "app_id", "EnvId": "environment_id"})
    states = ("rebuilt",)
    supports_wait = True

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the instance. After the rebuild, return the new instance if one has replaced it."""
        states = {state["instance"]: state for state in self.list_states(ctx, scope, {})}
        memo = ctx.memo(InstanceMemo)
        if not ctx.writing:
            memo.before = states
            return states.get(given["instance"])
        new = [state for name, state in states.items() if name not in memo.before]
        state = new[0] if new else states.get(given["instance"])
        memo.has_changed = memo.has_changed or state != memo.before.get(given["instance"])
        return state

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan the rebuild. Its result cannot be predicted.

        :raises NotFoundError: when the instance does not exist.
        """
        if current is None and scope["environment_id"] is not None:
            raise NotFoundError(self.label, given["instance"], place=self.place(ctx, scope))
        state = current or {**scope, **given}
        step = Step(REBUILD.action, self.parameters(REBUILD.keys, state), f"rebuild {self.describe(given)}")
        return Plan(state, {**state, "rebuilt": True}, [step])

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether the instance has changed since the rebuild was requested."""
        return ctx.memo(InstanceMemo).has_changed

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the changed instance, or the one that replaces it, has status Normal.

        :raises FailedStateError: when its status is Failed.
        """
        if not ctx.memo(InstanceMemo).has_changed:
            return join_known(": ", state["instance"], "as it was before")
        if state["status"] == "Failed":
            raise FailedStateError(
                f"{capitalize_first(join_known(' ', self.label, state['instance']))} has failed.", state
            )
        if state["status"] == "Normal":
            return None
        return join_known(": ", state["instance"], status_words(state["status"]))

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff. They show the rebuild alone."""
        sides = [
            {"instance": state["instance"], "rebuilt": state.get("rebuilt", False)} if state else {}
            for state in (before, after)
        ]
        return sides[0], sides[1]


class AppInstanceInfo(Info):
    """List the app instances of an environment, optionally with the logs of their containers."""

    resource = AppInstance()
    filters = ("instance", "status")
    optional_details = {"log": "log"}
    extra_options = {"lines": {"type": "int"}}

    def check(self, ctx: RunContext, request_values: State) -> None:
        """Reject option ``lines`` without ``log``, and a number that the service rejects."""
        lines = ctx.options["lines"]
        if lines is None:
            return
        if not ctx.options["log"]:
            raise InvalidOptionError("Option lines needs log: true.")
        check_lines(lines)

    def fetch_detail(self, ctx: RunContext, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """Return the last lines of each container, ``None`` with a warning when the service does not return them."""
        if state["instance"] is None:
            ctx.warn("The service does not show the names of the instances, so their logs cannot be read.")
            return None
        lines = ctx.options["lines"]
        return read_container_logs(ctx, scope, state["instance"], DEFAULT_LINES if lines is None else lines)


def list_running(ctx: RunContext, scope: Mapping[str, Any], expected: int | None = None) -> list[State]:
    """Return the instances of an environment, without those that are going offline.

    :param scope: holds ``app_id`` and ``environment_id``.
    :param expected: the number of instances that needs no further look. Lists of other lengths are read thoroughly.
    """
    place = {parent.target: scope[parent.target] for parent in AppInstance.scope}

    def is_counted(instance: State) -> bool:
        return bool(instance["status"] != "Offlining")

    if expected is not None:
        instances = list(AppInstance().list_states(ctx, place, {}, predicate=is_counted))
        if len(instances) == expected:
            return instances
    return [instance for instance in AppInstance().list_states(ctx, place, {}) if is_counted(instance)]
