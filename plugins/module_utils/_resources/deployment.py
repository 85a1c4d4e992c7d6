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
from collections.abc import Mapping
from typing import Any

from .._api.errors import BusinessError, JstError
from .._core.documents import is_image
from .._core.errors import InvalidOptionError, Planned
from .._core.plan import Plan
from .._core.resource import IDENTITY, MANNER, PER_CALL, Field, Request, State, dig
from .._core.task import Task
from .._core.values import Choice, Flag, Integer, Kind, Text
from .app import App
from .baseline import Baseline, read_baseline
from .deploy_config import WORKLOADS, DeployConfig, deploy_config_id
from .deploy_order import PAUSE_TYPE
from .rollout import ORDER, Rollout

UPDATE_STRATEGY = Choice(("offline_old_then_online_new", "online_new_then_offline_old"))
AGAIN = "Set force=true to release again with it."
CONTENT = ("packet_id", "packet_url", "images", "init_images")


class Images(Kind):
    """Image addresses, in the order of the containers."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str"}

    def clean(self, value: Any) -> list[str]:
        for image in value:
            if not is_image(image):
                raise ValueError(f"holds {image!r}, which is no address of an image")
        return list(value)


class Deployment(Rollout):
    """What an environment runs."""

    label = "release"
    category = "deploy"
    fields = (
        Field("name", wire="Name", read="", hidden=MANNER),
        Field("description", wire="Description", read="", hidden=MANNER),
        Field("packet_id", Integer(1), "DeployPacketId"),
        Field("packet_url", Text(r"https?://\S+", "an http or https address"), "DeployPacketUrl"),
        Field("images", Images(), "ContainerImageList"),
        Field("init_images", Images(), "InitContainerImageList"),
        Field("partitions", Integer(1), "TotalPartitions", read="", hidden=MANNER),
        Field("pause_type", PAUSE_TYPE, "PauseType", read="", hidden=MANNER),
        Field("arms", Flag(), "ArmsFlag", read="", hidden=PER_CALL, advice=AGAIN),
        Field("update_strategy", UPDATE_STRATEGY, "UpdateStrategyType", read="", hidden=PER_CALL, advice=AGAIN),
    )
    creating = Request("DeployApp", {"EnvId": "environment_id"}, {"deploy_order_id": "deploy_order_id"})
    extra_options = {
        **Rollout.extra_options,
        "partitions": {"type": "int", "default": 2},
        "force": {"type": "bool", "default": False},
    }
    constraints = {"mutually_exclusive": [["packet_id", "packet_url"]]}

    # What runs, and what should run

    def situation(self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """What runs by the word of the baseline, and what should run."""
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        environment = task.read("DescribeAppEnvironmentDetail", place)
        # A task that also gives the environment its deploy configuration knows better than the service yet does.
        config = task.options.get("deploy_config")
        if config is None:
            config = IDENTITY.receive(environment.get("app_schema_id"))
        elif isinstance(config, str) and not isinstance(config, Planned):
            config = deploy_config_id(task, config, {**scope, "env_type": task.options["env_type"]})
        wanted = self.wanted(task, scope, given, config)
        return {"deployed": self.deployed(task, scope), "wanted": wanted}

    def deployed(self, task: Task, scope: Mapping[str, Any]) -> State | None:
        """What runs, None where the service does not tell; how it answers where nothing ever did is not documented."""
        baseline: State | None
        try:
            baseline = read_baseline(task, scope)
        except BusinessError:
            if ORDER.history(task, scope, self.category, ["succeeded"]):
                raise
            baseline = Baseline().receive({}, {})
        if baseline is None:
            return None
        images = None if baseline["image"] is None else [baseline["image"]]
        return {**{name: baseline[name] for name in ("deploy_config_id", "packet_id", "packet_url")}, "images": images}

    def wanted(
        self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any], config: int | Planned | None
    ) -> State:
        """What should run: images that were not given are those of the deploy configuration (reference 5.1.1).

        :param config: its id, or the name of one that has none yet.
        """
        wanted = {"deploy_config_id": config, **content(given)}
        if isinstance(config, int) and not set(wanted) & {"packet_id", "packet_url", "images"}:
            wanted["images"] = images_of(self.workload(task, scope, config) or {})
        return wanted

    def workload(self, task: Task, scope: Mapping[str, Any], config: int) -> State | None:
        """The workload of a deploy configuration, ``None`` when there is no such configuration.

        A task that also describes it, and an environment by its id, knows better than the service yet does.
        """
        described = zip(task.options.get("config_handles", ()), task.options.get("config_workloads", ()))
        own = next((workload for identity, workload in described if identity == config and workload), None)
        return own or DeployConfig().read(task, {"app_id": scope["app_id"]}, config)

    def differs(self, task: Task, given: Mapping[str, Any], current: State) -> bool:
        """Whether something else than the wanted runs, or nothing at all, or who knows what."""
        deployed, wanted = current["deployed"], current["wanted"]
        last = last_finished(current)
        if task.options["force"] or interrupted(last):
            return True
        if deployed is None:  # the last order is all there is to go by
            return last is None or not self.serves(last, given, current)
        known = any(deployed[name] for name in CONTENT[:3])
        moved = deployed["deploy_config_id"] not in (None, wanted["deploy_config_id"])
        other = any(wanted[name] != deployed[name] for name in ("packet_id", "packet_url") if name in wanted)
        if not known or moved or other:
            return True
        images = wanted.get("images") or []
        packaged = bool({"packet_id", "packet_url"} & set(wanted))
        if images and not packaged and deployed["images"] != images[:1]:
            return True
        if len(images) == (0 if packaged else 1) and not wanted.get("init_images"):
            return False
        # The baseline shows a package or one image: the last order tells the rest.
        return last is None or not self.serves(last, given, current)

    def serves(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """By the mark in its description, or the name that goes with the mark."""
        mark = fingerprint(current["wanted"])
        return mark in (order["description"] or "") or order["name"] == name_of(mark)

    # What has to happen

    def preflight(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Refuse what does not fit the app or its deploy configuration (reference 5.1.1).

        :raises InvalidOptionError: naming the option.
        """
        super().preflight(task, scope, given, plan)
        if "update_strategy" in given and scope.get("app_id") is not None:
            check_update_strategy((App().read(task, {}, scope["app_id"]) or {}).get("state_type"))
        # A task that also describes the deploy configuration knows better than the service yet does.
        containers = task.options.get("containers")
        config = (plan.after or {}).get("deployed", {}).get("deploy_config_id")
        if containers is None and {"images", "init_images"} & set(given) and isinstance(config, int):
            read = self.workload(task, scope, config)
            containers = None if read is None else containers_of(read)
        if containers is not None:
            check_images(given, containers)

    def obstacle(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """What is deployed needs a cluster, which only the resource allocation shows (reference 6.3).

        That an environment which does not exist yet will have none, only a description of the whole app knows. One to
        which something was released has had one, and may have it still, although no allocation shows it.
        """
        if plan.before is None:
            has_cluster = task.options.get("cluster", True) is not None
        else:
            place = {"AppEnvId": scope["environment_id"]}
            allocations = task.client.records("ListAppResourceAllocs", place, deadline=task.deadline)
            has_cluster = any(item.get("cluster_id") for item in allocations)
        if has_cluster:
            return None
        if task.check_mode and plan.before is not None and plan.before["orders"]:
            task.warn(
                f"The service shows no cluster of environment {given['environment']!r}. "
                "It rejects the release if there is none."
            )
            return None
        return InvalidOptionError(
            f"Environment {given['environment']!r} has no cluster, so nothing can be released to it.",
            hint="Name a cluster where the environment is created, or allocate one with jst_resource_alloc.",
        )

    def placing(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """A release, with its mark."""
        wanted = current["wanted"] if current else content(given)
        mark = fingerprint(wanted)
        description = f"{given.get('description', '')} {mark}".strip()
        sent = {"name": name_of(mark), **given, "description": description}
        order = {name: sent[name] for name in ("name", "description", "partitions")}
        after = {**(current or scope), "deployed": wanted, "order": order}
        return Plan(current, after, [self.step(scope, sent, f"deploy to environment {given['environment']!r}")])

    def show_difference(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What runs and what will run, by the names of the options."""

        def side(state: State | None) -> dict[str, Any]:
            deployed = (state["deployed"] if state else None) or {}
            shown = {name: deployed[name] for name in ("deploy_config_id", *CONTENT) if deployed.get(name)}
            if "packet_id" in shown:
                shown.pop("packet_url", None)
            return shown

        sides = side(before), side(after)
        last = last_finished(before) if before is not after else None
        if interrupted(last):
            sides[0]["interrupted"] = ORDER.describe(last or {})
        order = (after or {}).get("order") or {}
        if sides[0] == sides[1] and order and "deploy_order_id" not in order:
            # The same is released once more, as with force=true: all that differs is by which order it was.
            sides[0].update({"deploy_order": ORDER.describe(last)} if last else {})
            sides[1]["deploy_order"] = f"a new one ({order['name']!r}), which releases the same again"
        return sides


def last_finished(state: State | None) -> State | None:
    """The order that has finished last."""
    orders = [order for order in (state or {}).get("orders", ()) if order["status"] == "finished"]
    return orders[-1] if orders else None


def interrupted(order: State | None) -> bool:
    """Whether an order ended before all instances were the same: then the baseline tells of some of them only."""
    return order is not None and order["result"] != "succeeded"


def content(given: Mapping[str, Any]) -> State:
    """What the options say to deploy. An empty list is no parameter, and so is one that was not given."""
    return {name: given[name] for name in CONTENT if given.get(name)}


def fingerprint(wanted: Mapping[str, Any]) -> str:
    """A mark for the description of an order, which tells whether an order deploys what is wanted."""
    text = json.dumps({name: value for name, value in wanted.items() if value}, sort_keys=True)
    return f"[jst:{hashlib.sha256(text.encode('utf-8')).hexdigest()[:12]}]"


def name_of(mark: str) -> str:
    """The name of an order that was not given one."""
    return f"ansible-{mark[5:-1]}"


def check_update_strategy(state_type: str | None) -> None:
    """Refuse the option for an app that has no such strategy.

    :param state_type: of the app, ``None`` when it is not known.
    :raises InvalidOptionError: for any other than stateless.
    """
    if state_type not in (None, "stateless"):
        raise InvalidOptionError(
            f"Option update_strategy only applies to stateless apps, and this app is {state_type}."
        )


def check_images(given: Mapping[str, Any], containers: Mapping[str, int]) -> None:
    """See that there is an image for every container (reference 5.1.1).

    :param containers: option -> number of containers that it is for.
    :raises InvalidOptionError: naming the option and both numbers.
    """
    for option, number in containers.items():
        images = given.get(option) or []
        if images and len(images) != number:
            words = "containers" if option == "images" else "initContainers"
            raise InvalidOptionError(
                f"Option {option} has {len(images)} entries, but the workload has {number} {words}.",
                hint="There has to be one for each, in the order of the deploy config.",
            )


def containers_of(config: Mapping[str, Any]) -> dict[str, int] | None:
    """How many containers ``images`` and ``init_images`` are for, ``None`` when no workload is known."""
    if not any(config.get(name) for name in WORKLOADS):
        return None
    return {"images": len(_containers(config, "containers")), "init_images": len(_containers(config, "initContainers"))}


def images_of(config: Mapping[str, Any]) -> list[str]:
    """The images of the containers in the workload of a deploy configuration.

    :raises InvalidOptionError: when a container has none: a release needs one for each.
    """
    containers = _containers(config, "containers")
    without = [str(item.get("name")) for item in containers if item.get("image") is None]
    if without:
        raise InvalidOptionError(
            f"The workload of the deploy config has no image for container {', '.join(without)}.",
            hint="Name one in the document, or give images, one for each container.",
        )
    return [str(item["image"]) for item in containers]


def _containers(config: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """The containers of a section in the workload of a deploy configuration."""
    for name in WORKLOADS:
        document = config.get(name)
        template = dig((document.content if document else None) or {}, "spec")
        for part in ("jobTemplate.spec", "template.spec"):
            template = dig(template or {}, part) or template
        containers = template.get(section) if isinstance(template, Mapping) else None
        if isinstance(containers, list):
            return [item for item in containers if isinstance(item, Mapping)]
    return []
