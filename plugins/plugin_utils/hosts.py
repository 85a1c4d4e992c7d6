# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory can have for hosts, and how they are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.concurrency_limit import MAX_CONCURRENCY
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    JstError,
    did_you_mean,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.thread_pool import DaemonThreadPool
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    AmbiguousNameError,
    IncompleteDataError,
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import RecordList
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Field, State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.reading import ReadOnlyResource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import Cluster
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_detail import NODE_LOAD, detail
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNode
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import export_app
from ansible_collections.jst.retailcloud.plugins.plugin_utils.host_filters import Facts, Filters

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Host:
    """One host, made of what JSON has.

    :ivar facts: the name of a thing to the thing as its info module returns it.
    :ivar description: the options of ``jst_application``, empty unless they were asked for.
    """

    facts: dict[str, dict[str, Any]]
    description: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """What is to be read.

    :ivar chosen: titles or ids of the clusters or apps to look at, all of them where there are none.
    :ivar details: whether to ask for what only describe calls tell.
    :ivar description: whether to add what ``jst_application`` takes.
    :ivar partial: whether to go on without a cluster or an app that cannot be read.
    """

    filters: Filters
    chosen: Sequence[str] = ()
    details: bool = False
    description: bool = False
    partial: bool = False


@dataclass(frozen=True)
class ReadResult:
    """The hosts that were found, and what was in the way of reading more."""

    hosts: list[Host]
    problems: list[str]


class HostReadError(JstError):
    """Something could not be read.

    :ivar skippable: whether it is about one thing, so that others may still be read.
    """

    def __init__(self, message: str, skippable: bool) -> None:
        super().__init__(message)
        self.skippable = skippable


class HostType(ABC):
    """A kind of host.

    :cvar name: what the option calls it.
    :cvar group: the group that such hosts are in.
    :cvar option: the option that chooses among its parents.
    :cvar parent: what is listed first; the host itself, or what it belongs to.
    :cvar extra_fields: filters beyond the fields of the resources.
    :cvar detail_fields: members that only details tell.
    """

    name = ""
    group = ""
    option = ""
    parent: ReadOnlyResource
    child: ReadOnlyResource | None = None
    extra_fields: Mapping[str, Field] = {}
    detail_fields: tuple[str, ...] = ()

    @property
    def things(self) -> list[str]:
        """The names of the things that facts hold."""
        return [resource.name for resource in (self.parent, self.child) if resource is not None]

    def fields(self) -> dict[str, Field]:
        """The members that filters may name."""
        resources = [resource for resource in (self.parent, self.child) if resource is not None]
        fields = {
            f"{resource.name}.{item.name}": item for resource in resources for item in resource.fields if item.path
        }
        fields.update(self.extra_fields)
        return {name: item for name, item in fields.items() if not isinstance(item.type, RecordList)}

    def check(self, query: Query) -> None:
        """Refuse conditions that nothing could meet.

        :raises InvalidOptionError: when one is about what was not asked for.
        """
        missing = sorted(query.filters.members.intersection(self.detail_fields))
        if missing and not query.details:
            raise InvalidOptionError(f"Only details tell {', '.join(missing)}.", hint="Set details to true.")

    @abstractmethod
    def hosts(self, ctx: RunContext, parent: State, query: Query) -> Iterator[Host]:
        """The hosts that one of the parents stands for, filtered."""

    @abstractmethod
    def title(self, facts: Facts) -> str:
        """The name of a host that has no other."""

    @abstractmethod
    def label(self, facts: Facts) -> str:
        """A host in words for messages, told from every other."""


class ClusterNodes(HostType):
    """Nodes of clusters."""

    name = "cluster_nodes"
    group = "jst_cluster_nodes"
    option = "clusters"
    parent = Cluster()
    child = ClusterNode()
    # The name is told by the list too, as instance_name.
    load = tuple(item for item in NODE_LOAD if item.name not in ("instance_id", "name"))
    extra_fields = {f"cluster_node.{item.name}": item for item in load}
    detail_fields = tuple(extra_fields)

    def hosts(self, ctx: RunContext, parent: State, query: Query) -> Iterator[Host]:
        """One for each node. Details are those of the cluster, which tell the load of its nodes."""
        label = self.parent.describe(parent)
        scope = {"cluster_id": parent["cluster_id"]}
        ctx.activity = f"list the nodes of {label}"
        nodes = [ClusterNode().to_result(node) or {} for node in ClusterNode().list_states(ctx, scope, {})]
        loads: dict[str, dict[str, Any]] = {}
        if query.details and nodes:
            ctx.activity = f"read the details of {label}"
            loads = {load["instance_id"]: load for load in detail(ctx, parent["cluster_id"])["nodes"] or ()}
        cluster = self.parent.to_result(parent) or {}
        for node in nodes:
            if node["instance_id"] is None:
                raise IncompleteDataError(ClusterNode.label, label, ["instance_id"])
            load = loads.get(node["instance_id"], {})
            told = {item.name: load.get(item.name) for item in self.load} if query.details else {}
            facts = {"cluster": cluster, "cluster_node": {**node, **told}}
            if query.filters.matches(facts):
                yield Host(facts)

    def title(self, facts: Facts) -> str:
        """The only name of a node that no other has."""
        return str(facts["cluster_node"]["instance_id"])

    def label(self, facts: Facts) -> str:
        return f"node {facts['cluster_node']['instance_id']} of cluster {facts['cluster']['cluster_id']}"


class Apps(HostType):
    """Apps."""

    name = "apps"
    group = "jst_apps"
    option = "apps"
    parent = App()
    detail_fields = ("app.user_roles",)

    def hosts(self, ctx: RunContext, parent: State, query: Query) -> Iterator[Host]:
        """The app itself."""
        app: State | None = parent
        if query.details or query.description:
            ctx.activity = f"read {self.parent.describe(parent)}"
            app = self.parent.with_details(ctx, {}, parent)
        if app is None:  # deleted since it was listed
            return
        facts = {"app": self.parent.to_result(app) or {}}
        if query.filters.matches(facts):
            yield Host(facts, export_app(ctx, app) if query.description else {})

    def title(self, facts: Facts) -> str:
        return str(facts["app"]["title"])

    def label(self, facts: Facts) -> str:
        return f"app {facts['app']['app_id']}"


class Environments(HostType):
    """Environments of apps."""

    name = "environments"
    group = "jst_environments"
    option = "apps"
    parent = App()
    child = Environment()
    detail_fields = ("environment.replicas", "environment.cluster_id")

    def hosts(self, ctx: RunContext, parent: State, query: Query) -> Iterator[Host]:
        """One for each environment of the app."""
        resource = Environment()
        scope = {"app_id": parent["app_id"]}
        app = self.parent.to_result(parent) or {}
        ctx.activity = f"list the environments of {self.parent.describe(parent)}"
        for listed in list(resource.list_states(ctx, scope, query.filters.server_side(resource.name))):
            state: State | None = listed
            if not query.filters.matches(
                {"app": app, resource.name: resource.to_result(listed) or {}}, partial=query.details
            ):
                continue
            if query.details:
                ctx.activity = f"read {resource.describe(listed)} of {self.parent.describe(parent)}"
                state = resource.with_details(ctx, scope, listed)
            facts = {"app": app, resource.name: resource.to_result(state) or {}}
            if state is not None and query.filters.matches(facts):
                unknown = [name for name in (resource.id_field or "", "name") if state[name] in (None, "")]
                if unknown:
                    raise IncompleteDataError(resource.label, state["name"] or state[resource.id_field or ""], unknown)
                yield Host(facts)

    def title(self, facts: Facts) -> str:
        return f"{facts['app']['title']}.{facts['environment']['name']}"

    def label(self, facts: Facts) -> str:
        return f"environment {facts['environment']['environment_id']} of app {facts['app']['app_id']}"


HOST_TYPES: Mapping[str, HostType] = {
    host_type.name: host_type for host_type in (ClusterNodes(), Apps(), Environments())
}


def read(client: Client, host_type: HostType, query: Query) -> ReadResult:
    """All hosts of a kind that are wanted, in the order of the service.

    :raises JstError: when an option cannot be right or something cannot be read.
    """
    host_type.check(query)
    parents = _attempt(client, lambda ctx: _parents(ctx, host_type, query))

    def work(parent: State) -> list[Host] | HostReadError:
        try:
            return _attempt(client, lambda ctx: list(host_type.hosts(ctx, parent, query)))
        except HostReadError as error:
            if query.partial and error.skippable:
                return error
            raise

    outcomes = _map_parallel(work, parents)
    hosts = [host for outcome in outcomes if isinstance(outcome, list) for host in outcome]
    return ReadResult(hosts, [outcome.message for outcome in outcomes if isinstance(outcome, HostReadError)])


def _attempt(client: Client, work: Callable[[RunContext], R]) -> R:
    """Do something with a task of its own, and say of a failure what was attempted.

    :raises HostReadError: instead of any other error.
    """
    ctx = RunContext(client, {})
    try:
        return work(ctx)
    except JstError as error:
        skippable = isinstance(error, (ApiError, IncompleteDataError)) and not isinstance(error, AuthenticationError)
        raise HostReadError(ctx.failure(error), skippable) from None


def _map_parallel(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """What comes of each, in their order. After a failure nothing more is begun."""
    with DaemonThreadPool(MAX_CONCURRENCY) as pool:
        return pool.map(work, items)


def _parents(ctx: RunContext, host_type: HostType, query: Query) -> list[State]:
    """The clusters or apps to look at."""
    resource = host_type.parent
    ctx.activity = f"list {resource.plural}"
    # What was chosen by name is looked for among all: being filtered out is not the same as not being there.
    asked = {} if query.chosen else query.filters.server_side(resource.name)
    states = list(resource.list_states(ctx, {}, asked))
    if query.chosen:
        states = [_chosen(resource, states, wanted) for wanted in dict.fromkeys(query.chosen)]
        states = [state for number, state in enumerate(states) if state not in states[:number]]
    identity = resource.id_field or ""
    for state in states:
        if state[identity] is None or state["title"] in (None, ""):
            raise IncompleteDataError(resource.label, state["title"] or state[identity], [identity, "title"])
    partial = query.details or query.description or host_type.child is not None
    return [
        state for state in states if query.filters.matches({resource.name: resource.to_result(state) or {}}, partial)
    ]


def _chosen(resource: ReadOnlyResource, states: Sequence[State], wanted: str) -> State:
    """The one state that a title or an id fits.

    :raises NotFoundError: when there is none.
    :raises AmbiguousNameError: when there are several.
    """
    identity = resource.id_field or ""
    fitting = [state for state in states if wanted in (str(state[identity]), state["title"])]
    if not fitting:
        titles = [str(state["title"]) for state in states if state["title"]]
        raise NotFoundError(resource.label, wanted, hint=did_you_mean(wanted, titles))
    if len(fitting) > 1:
        raise AmbiguousNameError(resource.label, wanted, [state[identity] for state in fitting])
    return fitting[0]
