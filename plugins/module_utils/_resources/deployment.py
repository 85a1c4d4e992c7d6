# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Releases: deploy orders and the baseline they leave (reference 5.1, 1.2.7).

A deploy order does not show what it deploys. The baseline of an environment shows the deploy configuration and one
package or image; what it cannot show, such as further images, is told by a mark in the description of the order, which
can be read back.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Mapping, Sequence

from .._core.errors import InvalidOptionError
from .._core.plan import Plan, Step
from .._core.resource import IDENTITY, Field, Request, Resource, State, dig
from .._core.task import Task
from .._core.values import Choice, Flag, Integer, Kind, Text
from .._core.wait import wait_until
from .app import APP
from .deploy_config import WORKLOADS, DeployConfig
from .deploy_order import CLOSE, PAUSE_TYPE, SCOPE, SUCCEEDED, UNDECIDED, DeployOrder, pending_order, progress
from .environment import ENVIRONMENT

UPDATE_STRATEGY = Choice(("offline_old_then_online_new", "online_new_then_offline_old"))


class Images(Kind):
    """Image addresses, in the order of the containers."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str"}


class Deployment(Resource):
    """What an environment runs. Reaching it takes a deploy order; one that was cut off is picked up, not doubled."""

    name = "deploy_order"
    label = "release"
    scope = (APP, ENVIRONMENT)
    fields = (
        Field("name", wire="Name", read=""),
        Field("description", wire="Description", read=""),
        Field("packet_id", Integer(1), "DeployPacketId"),
        Field("packet_url", Text(r"https?://\S+", "an http or https address"), "DeployPacketUrl"),
        Field("images", Images(), "ContainerImageList"),
        Field("init_images", Images(), "InitContainerImageList", read=""),
        Field("partitions", Integer(1), "TotalPartitions", read=""),
        Field("pause_type", PAUSE_TYPE, "PauseType", read=""),
        Field("arms", Flag(), "ArmsFlag", read=""),
        Field("update_strategy", UPDATE_STRATEGY, "UpdateStrategyType", read=""),
    )
    creating = Request("DeployApp", {"EnvId": "environment_id"}, {"deploy_order_id": "deploy_order_id"})
    updating = creating
    states = ("present",)
    waits = True
    extra_options = {
        "partitions": {"type": "int", "default": 2},
        "force": {"type": "bool", "default": False},
        "on_unfinished": {"type": "str", "choices": ["fail", "wait", "close"], "default": "fail"},
    }
    constraints = {"mutually_exclusive": [["packet_id", "packet_url"]]}

    def __init__(self) -> None:
        # The orders that were there before this task's own, by which a lost answer is told from an older release.
        self._earlier: set[int] = set()

    def describe(self, values: Mapping[str, Any]) -> str:
        """Named after its environment."""
        environment = values.get("environment") or values.get("environment_id")
        return f"{self.label} of environment {environment!r}" if environment else self.label

    # What runs, and what should run

    def find(self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """The baseline, what should run, and the order of this task once there is one."""
        if given.get("deploy_order_id") is not None:
            return {**scope, **given, "order": DeployOrder().read(task, scope, given["deploy_order_id"])}
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        baseline = task.read("DescribeAppEnvDeployBaseline", place)
        environment = task.read("DescribeAppEnvironmentDetail", place)
        deploy_config_id = IDENTITY.receive(environment.get("app_schema_id"))
        state = {
            **scope,
            "deploy_config_id": IDENTITY.receive(baseline.get("schema_id")),
            "packet_id": IDENTITY.receive(baseline.get("packet_id")),
            "packet_url": baseline.get("packet_url") or None,
            "wanted": self.wanted(task, scope, given, deploy_config_id),
            "order": None,
        }
        if task.writing:
            mine = [order for order in self.orders(task, state) if order["deploy_order_id"] not in self._earlier]
            state["order"] = mine[-1] if mine else None
        return state

    def wanted(
        self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any], deploy_config_id: int | None
    ) -> State:
        """What should run: images that were not given are those of the deploy configuration (reference 5.1.1)."""
        names = ("packet_id", "packet_url", "images", "init_images")
        wanted = {"deploy_config_id": deploy_config_id, **{name: given[name] for name in names if name in given}}
        if deploy_config_id is not None and not set(wanted) & {"packet_id", "packet_url", "images"}:
            config = DeployConfig().read(task, {"app_id": scope["app_id"]}, deploy_config_id) or {}
            wanted["images"] = images_of(config)
        return wanted

    def orders(self, task: Task, state: State, results: Sequence[int] = ()) -> list[State]:
        """The orders of the environment that deploy what is wanted, the oldest first."""
        mark = fingerprint(state["wanted"])
        return [order for order in DeployOrder().since(task, state, results) if mark in (order["description"] or "")]

    def differs(self, task: Task, current: State) -> bool:
        """Whether something else than the wanted runs, or nothing at all."""
        wanted = current["wanted"]
        if current["packet_id"] is None and current["packet_url"] is None:
            return True
        if current["deploy_config_id"] not in (None, wanted["deploy_config_id"]):
            return True
        if any(wanted[name] != current[name] for name in ("packet_id", "packet_url") if name in wanted):
            return True
        images = wanted.get("images") or []
        packaged = bool({"packet_id", "packet_url"} & set(wanted))
        if images and not packaged and (current["packet_id"] is not None or current["packet_url"] != images[0]):
            return True
        if len(images) < (1 if packaged else 2) and not wanted.get("init_images"):
            return False
        # The baseline shows a package or one image: the last successful order tells the rest.
        succeeded = DeployOrder().since(task, current, [SUCCEEDED])
        return not succeeded or fingerprint(wanted) not in (succeeded[-1]["description"] or "")

    # What has to happen

    def plan(self, task: Task, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """A deploy order, when what runs is not what was asked for.

        :raises InvalidOptionError: when another order is unfinished and was not to be waited for or closed.
        """
        if current is not None and not task.options["force"] and not self.differs(task, current):
            return Plan(current, current)
        wanted = current["wanted"] if current else {name: given[name] for name in given if self.field(name).path}
        mark = fingerprint(wanted)
        text = given.get("description", "")
        sent = {"name": f"ansible-{mark[5:-1]}", **given, "description": f"{text} {mark}".strip()}
        after = {**(current or scope), **{"packet_id": None, "packet_url": None}, **wanted}
        after["order"] = {"name": sent["name"], "description": sent["description"], "partitions": sent["partitions"]}
        steps = super().creation({**scope, **sent}, sent)
        for order in DeployOrder().since(task, current, [UNDECIDED]) if current else ():
            if mark in (order["description"] or ""):
                return Plan(current, {**current, "order": order} if current else None)
            steps = [*self.clear(task, scope, order), *steps]
        return Plan(current, after, steps)

    def clear(self, task: Task, scope: Mapping[str, Any], order: State) -> list[Step]:
        """The way past another unfinished order, which the service would refuse (reference 5.1.1)."""
        label = f"deploy order {order['deploy_order_id']} ({order['name']!r}, {progress(order)})"
        if task.options["on_unfinished"] == "close":
            return [Step(CLOSE.action, self.parameters(CLOSE.keys, order), f"close {label}")]
        if task.options["on_unfinished"] == "fail":
            raise InvalidOptionError(
                f"The environment has an unfinished deploy order: {label}.",
                hint="Finish or close it, or set on_unfinished to wait or close.",
            )
        if not task.check_mode:

            def look() -> tuple[str | None, State]:
                state = DeployOrder().read(task, scope, order["deploy_order_id"]) or order
                return (None if state["status"] == "finished" else progress(state)), state

            wait_until(task, f"{label} to finish", look)
        return []

    def preflight(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Remember the orders that were there before."""
        if plan.before is not None and not task.check_mode:
            self._earlier = {order["deploy_order_id"] for order in DeployOrder().since(task, plan.before)}

    def reached(self, task: Task, given: State, current: State | None) -> bool:
        """Whether this task's order is there."""
        return current is not None and current["order"] is not None

    def pending(self, given: State, state: State) -> str | None:
        """As for any order; an unchanged environment has none."""
        return pending_order(state)

    # What is shown

    def show(self, state: State | None) -> dict[str, Any] | None:
        """The deploy order, null when none was needed."""
        if state is None or state["order"] is None:
            return None
        return DeployOrder().show({**{name: state.get(name) for name in SCOPE}, **state["order"]})

    def show_difference(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What runs and what will run. A baseline without a package shows its image as the address."""
        names = ("deploy_config_id", "packet_id", "packet_url", "images", "init_images")

        def side(state: State | None) -> dict[str, Any]:
            shown = {name: state[name] for name in names if state and state.get(name) is not None}
            if "packet_id" not in shown and not str(shown.get("packet_url", "http")).startswith("http"):
                shown["images"] = [shown.pop("packet_url")]
            return shown

        return side(before), side(after)


def fingerprint(wanted: Mapping[str, Any]) -> str:
    """A mark for the description of an order, which tells whether an order deploys what is wanted."""
    text = json.dumps({name: value for name, value in wanted.items() if value}, sort_keys=True)
    return f"[jst:{hashlib.sha256(text.encode('utf-8')).hexdigest()[:12]}]"


def images_of(config: Mapping[str, Any]) -> list[str]:
    """The images of the containers in the workload of a deploy configuration."""
    for name in WORKLOADS:
        document = config.get(name)
        template = dig((document.content if document else None) or {}, "spec")
        for part in ("jobTemplate.spec", "template.spec"):
            template = dig(template or {}, part) or template
        containers = (template or {}).get("containers")
        if isinstance(containers, list):
            return [str(item.get("image")) for item in containers if isinstance(item, Mapping)]
    return []
