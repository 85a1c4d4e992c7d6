# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of hosts of an inventory, and how they are read."""

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
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint, did_you_mean
from ansible_collections.jst.retailcloud.plugins.module_utils._api.thread_pool import DaemonThreadPool
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    AmbiguousNameError,
    IncompleteDataError,
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Field, State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.reading import ReadOnlyResource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.record_list import RecordList
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import Cluster
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_detail import (
    NODE_LOAD,
    read_detail,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNode
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import export_app
from ansible_collections.jst.retailcloud.plugins.plugin_utils.host_filters import Facts, Filters

T = TypeVar("T")
R = TypeVar("R")


# The members that identify the resources of hosts.
ID_FIELDS = {
    **{resource.name: str(resource.id_field) for resource in (App, Environment, Cluster)},
    ClusterNode.name: "instance_id",
}


@dataclass(frozen=True)
class Host:
    """One host, as data that JSON can hold.

    :ivar facts: name of a resource -> the resource as its info module returns it.
    :ivar description: the options of ``jst_application``, empty unless the query has ``description``.
    """

    facts: dict[str, dict[str, Any]]
    description: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """What to read.

    :ivar chosen: titles or ids of the clusters or apps to read, empty for all.
    :ivar details: whether to read members that only describe calls show.
    :ivar description: whether to add the options of ``jst_application``.
    :ivar partial: whether to continue without a cluster or an app that cannot be read.
    """

    filters: Filters
    chosen: Sequence[str] = ()
    details: bool = False
    description: bool = False
    partial: bool = False


@dataclass(frozen=True)
class ReadResult:
    """The hosts, and the problems that kept others from being read."""

    hosts: list[Host]
    problems: list[str]


class HostReadError(JstError):
    """Something could not be read.

    :ivar skippable: whether it concerns only one resource, so that others can still be read.
    """

    def __init__(self, message: str, skippable: bool) -> None:
        super().__init__(message)
        self.skippable = skippable


class HostType(ABC):
    """A type of hosts.

    :cvar name: the value of the option ``hosts``.
    :cvar group: the default group of such hosts.
    :cvar option: the option that chooses among the parents.
    :cvar parent: the resource that is listed first: that of the host itself, or its parent.
    :cvar extra_fields: members for filters in addition to the fields of the resources.
    :cvar detail_fields: members that only details show.
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
        """The names of the resources in the facts."""
        return [resource.name for resource in (self.parent, self.child) if resource is not None]

    def fields(self) -> dict[str, Field]:
        """Return the members that filters may name."""
        resources = [resource for resource in (self.parent, self.child) if resource is not None]
        fields = {
            f"{resource.name}.{item.name}": item for resource in resources for item in resource.fields if item.path
        }
        fields.update(self.extra_fields)
        return {name: item for name, item in fields.items() if not isinstance(item.type, RecordList)}

    def check(self, query: Query) -> None:
        """Reject conditions that no host can match.

        :raises InvalidOptionError: for a condition on details that are not read.
        """
        missing = sorted(query.filters.members.intersection(self.detail_fields))
        if missing and not query.details:
            raise InvalidOptionError(
                f"Only details tell {', '.join(missing)}.",
                hint=Hint("Set details to true.", "请把 details 设为 true。"),
            )

    @abstractmethod
    def hosts(self, ctx: RunContext, parent: State, query: Query) -> Iterator[Host]:
        """Yield the matching hosts of a parent."""

    def ids(self, facts: Facts) -> dict[str, Any]:
        """Return name of a resource -> its id, for the resource of a host and its parents."""
        return {name: facts[name][ID_FIELDS[name]] for name in self.things}

    @abstractmethod
    def title(self, facts: Facts) -> str:
        """Return the default name of a host."""

    @abstractmethod
    def label(self, facts: Facts) -> str:
        """Return a unique name of a host for messages."""


class ClusterNodes(HostType):
    """Nodes of clusters."""

    name = "cluster_nodes"
    group = "jst_cluster_nodes"
    option = "clusters"
    parent = Cluster()
    child = ClusterNode()
    # The list also shows the name, as instance_name.
    load = tuple(item for item in NODE_LOAD if item.name not in ("instance_id", "name"))
    extra_fields = {f"cluster_node.{item.name}": item for item in load}
    detail_fields = tuple(extra_fields)

    def hosts(self, ctx: RunContext, parent: State, query: Query) -> Iterator[Host]:
        """Yield a host for each node. The details of the cluster show the load of its nodes."""
        label = self.parent.describe(parent)
        scope = {"cluster_id": parent["cluster_id"]}
        ctx.activity = f"list the nodes of {label}"
        nodes = [ClusterNode().to_result(node) or {} for node in ClusterNode().list_states(ctx, scope, {})]
        loads: dict[str, dict[str, Any]] = {}
        if query.details and nodes:
            ctx.activity = f"read the details of {label}"
            loads = {load["instance_id"]: load for load in read_detail(ctx, parent["cluster_id"])["nodes"] or ()}
        cluster = self.parent.to_result(parent) or {}
        for node in nodes:
            if node["instance_id"] is None:
                raise IncompleteDataError(ClusterNode.label, label, ["instance_id"])
            load = loads.get(node["instance_id"], {})
            load_facts = {item.name: load.get(item.name) for item in self.load} if query.details else {}
            facts = {"cluster": cluster, "cluster_node": {**node, **load_facts}}
            if query.filters.matches(facts):
                yield Host(facts)

    def title(self, facts: Facts) -> str:
        """Return the instance id, the only unique name of a node."""
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
        """Yield the app itself."""
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
        """Yield a host for each environment of the app."""
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
    """Return the matching hosts of a type, in the order of the service.

    :raises JstError: when an option is invalid, or something cannot be read.
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
    """Call a function with a run context of its own, whose activity is named in an error.

    :raises HostReadError: instead of any other error.
    """
    ctx = RunContext(client, {})
    try:
        return work(ctx)
    except JstError as error:
        skippable = isinstance(error, (ApiError, IncompleteDataError)) and not isinstance(error, AuthenticationError)
        raise HostReadError(ctx.failure_message(error), skippable) from None


def _map_parallel(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Return the results in the order of the items. After an error, no further call starts."""
    with DaemonThreadPool(MAX_CONCURRENCY) as pool:
        return pool.map(work, items)


def _parents(ctx: RunContext, host_type: HostType, query: Query) -> list[State]:
    """Return the clusters or apps to read."""
    resource = host_type.parent
    ctx.activity = f"list {resource.plural_label}"
    # Chosen names are looked up among all, since an app that a filter excludes does exist.
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
    """Return the state with a title or an id.

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
