# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read an account, or some of its apps, to describe it: everything that descriptions hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.concurrency_limit import MAX_CONCURRENCY
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    JstError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import did_you_mean
from ansible_collections.jst.retailcloud.plugins.module_utils._api.thread_pool import DaemonThreadPool
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    IncompleteDataError,
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.reading import ReadOnlyResource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import Cluster
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNode
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.node_label import NodeLabel
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume import PersistentVolume
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import AppStates, read_app

T = TypeVar("T")
R = TypeVar("R")

CLUSTER_CHILDREN: dict[str, type[ReadOnlyResource]] = {
    "nodes": ClusterNode,
    "node_labels": NodeLabel,
    "persistent_volumes": PersistentVolume,
}
"""Variable of role ``cluster`` without its prefix -> the resources that it lists."""

INSTANCE_CHILDREN: dict[str, type[ReadOnlyResource]] = {"databases": RdsDb, "accounts": RdsAccount}
"""Option of a description -> the resources of an RDS instance that it lists."""

PROGRESS_LINES = 10
"""How many lines of progress a long list of apps gets."""


@dataclass(frozen=True)
class Failure:
    """Something that could not be read.

    :ivar what: a resource in words.
    :ivar message: the message of the error.
    """

    what: str
    message: str


@dataclass
class ReadAccount:
    """The current state of an account.

    :ivar listed: all apps of the account, as the list shows them.
    :ivar excluded: the apps that were not to be read.
    :ivar attempted: what the run has read or tried to read, in words.
    :ivar apps: the apps to describe.
    :ivar listed_clusters: all clusters of the account; none when they could not be listed.
    :ivar clusters: the clusters to describe, each with the lists of :data:`CLUSTER_CHILDREN`.
    :ivar instances: RDS instance -> the lists of :data:`INSTANCE_CHILDREN`, for those that could be read.
    """

    listed: list[State] = field(default_factory=list)
    apps: list[AppStates] = field(default_factory=list)
    groups: list[State] = field(default_factory=list)
    listed_clusters: list[State] = field(default_factory=list)
    clusters: list[tuple[State, dict[str, list[State]]]] = field(default_factory=list)
    instances: dict[str, dict[str, list[State]]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    excluded: list[State] = field(default_factory=list)
    attempted: set[str] = field(default_factory=set)


def read_account(
    client: Client,
    chosen: Sequence[str],
    excluded: Collection[str],
    instances: Sequence[str],
    notify: Callable[[str], None],
) -> ReadAccount:
    """Return the current state of an account.

    An app, a cluster or an RDS instance that cannot be read is a failure in the result, and does not hide the others.
    Groups belong to the descriptions of apps, which would be wrong without them.

    :param chosen: titles or ids of the apps to read, empty for all.
    :param excluded: titles or ids of apps not to read.
    :param instances: ids of the RDS instances to read. No operation lists them.
    :param notify: takes a line of progress. Threads call it.
    :raises NotFoundError: for a chosen app that does not exist.
    :raises JstError: when apps cannot be listed, groups cannot be read, or credentials are rejected.
    """
    account = ReadAccount(listed=_run(client, lambda ctx: _list(ctx, App())))
    account.excluded = [state for state in account.listed if {str(state["app_id"]), state["title"]} & set(excluded)]
    states = [state for state in choose_apps(account.listed, chosen) if state not in account.excluded]
    _read_apps(client, account, states, notify)
    everything = not chosen
    notify("Reading groups, clusters and RDS instances")
    domains = sorted({str(item.app["biz_code"]) for item in account.apps if item.app["biz_code"]})
    groups = _run(client, lambda ctx: _list_groups(ctx, domains, everything))
    members = _map_parallel(client, groups, _read_members)
    account.groups = [state for state in members if state is not None]
    used = {one.state["cluster_id"] for item in account.apps for one in item.environments}
    account.listed_clusters = _read(client, account, "the list of clusters", lambda ctx: _list(ctx, Cluster())) or []
    account.clusters = _read_all(
        client,
        account,
        [state for state in account.listed_clusters if everything or state["cluster_id"] in used],
        Cluster().describe,
        lambda ctx, state: (state, _read_children(ctx, CLUSTER_CHILDREN, {"cluster_id": state["cluster_id"]})),
    )
    distinct = list(dict.fromkeys(instances))
    account.instances = dict(
        _read_all(
            client,
            account,
            distinct,
            "RDS instance {}".format,
            lambda ctx, identity: (identity, _read_children(ctx, INSTANCE_CHILDREN, {"instance_id": identity})),
        )
    )
    return account


def _read_members(ctx: RunContext, group: State) -> State | None:
    ctx.activity = f"read {AppGroup().describe(group)}"
    return AppGroup().with_details(ctx, {}, group)


def _map_parallel(client: Client, items: Sequence[T], work: Callable[[RunContext, T], R]) -> list[R]:
    """Return the results of a function in the order of the items.

    :raises JstError: the first failure.
    """
    with DaemonThreadPool(MAX_CONCURRENCY) as pool:
        return pool.map(lambda item: _run(client, lambda ctx: work(ctx, item)), items)


def choose_apps(listed: Sequence[State], chosen: Sequence[str]) -> list[State]:
    """Return the apps with these titles or ids, all without any. A title stands for each app that has it.

    :raises NotFoundError: for the first that does not exist.
    """
    if not chosen:
        return list(listed)
    kept: dict[Any, State] = {}
    for wanted in chosen:
        fitting = [state for state in listed if wanted in (str(state["app_id"]), state["title"])]
        if not fitting:
            titles = [str(state["title"]) for state in listed if state["title"]]
            raise NotFoundError(App.label, wanted, hint=did_you_mean(wanted, titles))
        kept.update((state["app_id"], state) for state in fitting)
    return list(kept.values())


def _read_apps(client: Client, account: ReadAccount, states: Sequence[State], notify: Callable[[str], None]) -> None:
    total, lock, done = len(states), threading.Lock(), [0]
    step = max(1, -(-total // PROGRESS_LINES))
    notify(f"Reading {total} of {len(account.listed)} apps")

    def read(ctx: RunContext, state: State) -> AppStates | None:
        ctx.activity = f"read {App().describe(state)}"
        if state["app_id"] is None or not state["title"]:
            raise IncompleteDataError(App.label, state["title"] or state["app_id"], ["app_id", "title"])
        app = App().with_details(ctx, {}, state)
        whole = None if app is None else read_app(ctx, app)
        with lock:
            done[0] += 1
            if done[0] % step == 0 or done[0] == total:
                notify(f"Read {done[0]} of {total} apps")
        return whole

    account.apps = [item for item in _read_all(client, account, states, app_words, read) if item is not None]


def app_words(state: State) -> str:
    """Return an app in words."""
    return f"{App().describe(state)} ({state['app_id']})"


def _list(ctx: RunContext, resource: ReadOnlyResource) -> list[State]:
    ctx.activity = f"list {resource.plural_label}"
    return list(resource.list_states(ctx, {}, {}))


def _list_groups(ctx: RunContext, domains: Collection[str], everything: bool) -> list[State]:
    """Return the groups of the account, or only those of some business domains."""
    ctx.activity = "list app groups"
    if everything:
        return list(AppGroup().list_states(ctx, {}, {}))
    return [state for code in domains for state in AppGroup().list_states(ctx, {}, {"biz_code": code})]


def _read_children(
    ctx: RunContext, kinds: Mapping[str, type[ReadOnlyResource]], scope: Mapping[str, Any]
) -> dict[str, list[State]]:
    children = {}
    for option, kind in kinds.items():
        ctx.activity = f"list the {kind().plural_label} of {next(iter(scope.values()))}"
        listed = list(kind().list_states(ctx, scope, {}))
        found = [kind().with_details(ctx, scope, state) for state in listed]
        children[option] = [state for state in found if state is not None]
    return children


def _run(client: Client, work: Callable[[RunContext], R]) -> R:
    """Call a function with a run context of its own, whose activity is named in an error.

    :raises JstError: with a message that names the activity.
    """
    ctx = RunContext(client, {})
    try:
        return work(ctx)
    except JstError as error:
        error.message, error.hint = ctx.failure_message(error), None
        raise


def _read(client: Client, account: ReadAccount, what: str, work: Callable[[RunContext], R]) -> R | None:
    """Return the result of a function, ``None`` after a failure of the service, which is added to the account.

    :raises JstError: for a failure that would be that of every further call.
    """
    try:
        return _run(client, work)
    except AuthenticationError:
        raise
    except (ApiError, IncompleteDataError, InvalidOptionError) as error:
        account.failures.append(Failure(what, error.message))
        return None


def _read_all(
    client: Client,
    account: ReadAccount,
    items: Sequence[T],
    words: Callable[[T], str],
    work: Callable[[RunContext, T], R],
) -> list[Any]:
    """Return the results of a function in the order of the items, without those that could not be read."""
    failures: dict[int, Failure] = {}

    def read(position: int) -> R | None:
        part = ReadAccount()
        result = _read(client, part, words(items[position]), lambda ctx: work(ctx, items[position]))
        for failure in part.failures:
            failures[position] = failure
        return result

    with DaemonThreadPool(MAX_CONCURRENCY) as pool:
        results = pool.map(read, range(len(items)))
    account.attempted.update(map(words, items))
    account.failures += [failures[position] for position in sorted(failures)]
    return [result for result in results if result is not None]
