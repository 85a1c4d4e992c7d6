# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several sections need: finding things or refusing, and the platform's way of writing times and kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from jst_emulator.clock import epoch
from jst_emulator.models.account import Cluster
from jst_emulator.models.apps import App, Environment, Group
from jst_emulator.registry import AlreadyExistsError, BusinessError, InvalidStateError, NotFoundError
from jst_emulator.timestamps import FormattedTime, offset
from jst_emulator.world import World

T = TypeVar("T")
Params = dict[str, Any]

#: Kind of environment by number: as a word, as the kind of cluster, and as it is displayed (reference 1.2.3, 5.2.2).
ENV_WORD = {0: "test", 1: "online"}
CLUSTER_KIND = {0: "TEST", 1: "PRO"}
ENV_TYPE_NAME = {0: "测试", 1: "正式"}


def get_or_raise(table: Mapping[Any, T], key: Any, what: str) -> T:
    """The record of *table* under *key*.

    :raises BusinessError: there is none; *what* is the kind of thing for the message.
    """
    found = table.get(key)
    if found is None:
        raise NotFoundError(f"{what} {key} does not exist.")
    return found


def require(p: Params, name: str) -> Any:
    """The value of a parameter that only the state knows to be necessary."""
    if name not in p:
        raise BusinessError(f"{name} is missing.")
    return p[name]


def app_of(world: World, p: Params) -> App:
    """The app that ``AppId`` names."""
    return get_or_raise(world.apps, require(p, "AppId"), "App")


def environment_of(world: World, p: Params, name: str = "EnvId") -> Environment:
    """The environment that parameter *name* names; when ``AppId`` is given as well, it has to be one of that app."""
    app = app_of(world, p) if "AppId" in p else None
    environment = get_or_raise(world.environments, require(p, name), "Environment")
    if app is not None and environment.app_id != app.app_id:
        raise BusinessError(f"Environment {environment.env_id} does not belong to app {app.app_id}.")
    return environment


def group_of(world: World, biz_code: str, name: str) -> Group:
    """The oldest group of that name in a business domain."""
    for group in world.groups.values():
        if group.biz_code == biz_code and group.name == name:
            return group
    raise NotFoundError(f"Group {name} does not exist in business domain {biz_code}.")


def running_cluster(world: World, cluster_instance_id: Any) -> Cluster:
    """The cluster of that instance id, which has to be running."""
    cluster = get_or_raise(world.clusters, cluster_instance_id, "Cluster")
    if cluster.status != "running":
        raise InvalidStateError(f"Cluster {cluster_instance_id} is not running but {cluster.status}.")
    return cluster


def matching_cluster(world: World, app: App, env_type: int, cluster_instance_id: Any) -> Cluster:
    """The cluster of that instance id, when environments of the app and kind may use it (reference 1.2.1)."""
    cluster = running_cluster(world, cluster_instance_id)
    name, kind = f"Cluster {cluster_instance_id}", CLUSTER_KIND[env_type]
    if cluster.business_code != app.biz_code:
        raise BusinessError(
            f"{name} is of business domain {cluster.business_code}, app {app.app_id} of {app.biz_code}."
        )
    if cluster.env_type != kind:
        raise BusinessError(f"{name} is of kind {cluster.env_type}, the environment needs {kind}.")
    return cluster


def matches_name(world: World, p: Params, parameter: str, name: str) -> bool:
    """Whether the filter *parameter*, when it was sent, finds something of that name."""
    wanted = p.get(parameter)
    match world.settings.readings.name_filters:
        case "exact":
            return not wanted or name == wanted
        case "contains":
            return not wanted or str(wanted).casefold() in name.casefold()
    return True


def check_new_name(world: World, what: str, name: str, others: Iterable[str]) -> None:
    """Refuse a name that one of *others* has, where a reading has names unique that the reference lets repeat."""
    if world.settings.readings.names == "unique" and name in others:
        raise AlreadyExistsError(f"{what} {name} exists already.")


def check_region(world: World, name: str) -> None:
    """Refuse a region in which the account has nothing, where a reading does not take every region."""
    if world.settings.readings.regions == "of_account" and name not in {one.region_id for one in world.vpcs.values()}:
        raise BusinessError(f"Region {name} is not available.")


def require_nonblank(p: Params, *names: str) -> None:
    """Refuse parameters that were sent with nothing in them."""
    for name in names:
        if name in p and not str(p[name]).strip():
            raise BusinessError(f"{name} must not be empty.")


def check_port(p: Params, *names: str) -> None:
    """Refuse port numbers that TCP and UDP do not know."""
    for name in names:
        if name in p and not 1 <= p[name] <= 65535:
            raise BusinessError(f"{name} {p[name]} is not a port number.")


def first_duplicate(values: Iterable[T]) -> T | None:
    """The first value that comes a second time."""
    seen = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _written(form: str, at: float | None) -> str | None:
    return None if at is None else FormattedTime(at, form)


def plain_time(at: float | None) -> str | None:
    """``2020-01-01 00:00:00``: volumes, jobs, metrics."""
    return _written("plain", at)


def minute_time(at: float | None) -> str | None:
    """``2020-01-05T17:03Z``: deploy orders and events."""
    return _written("minute", at)


def second_time(at: float | None) -> str | None:
    """``2019-12-31T10:01:05``: instances and pods."""
    return _written("second", at)


def date(at: float | None) -> str | None:
    """``2022-05-08``: the baseline."""
    return _written("date", at)


def zulu_time(text: str) -> str:
    """``2019-02-03T12:20:00Z``, from a moment in ISO 8601: backups. Any other text stays as it is."""
    try:
        return FormattedTime(epoch(text), "zulu")
    except (ValueError, OverflowError):
        return text


def read_plain_time(text: str, what: str, zone: str) -> float:
    """The epoch seconds of a ``2020-01-01 00:00:00`` text.

    :param zone: the zone of times that name none, by the readings of the reference.
    :raises BusinessError: it is not of that form; *what* names the parameter.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp() - offset(zone)
    except ValueError:
        raise BusinessError(f"{what} must look like 2020-01-01 00:00:00.") from None
