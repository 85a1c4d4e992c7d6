# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The apps and environments that the source watches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_names import assign_names
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import ENV_TYPES, Options
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.service import Service

MIN_REFRESH = 60.0
"""Seconds between two readings that unknown environments cause."""

MAX_LAG = 180.0
"""Seconds for which an unknown environment may be a new one that lists do not show yet."""


class Places:
    """The environments of the account, read again from time to time, and when an unknown one appears.

    :ivar unknown_apps: the entries of option ``apps`` that name no app.
    """

    def __init__(self, service: Service, options: Options) -> None:
        self._service = service
        self._options = options
        self._places: dict[int, Place] = {}
        # Environments that the options do not select, and when they appeared.
        self._foreign: dict[int, float] = {}
        self._read_at: float | None = None
        self.unknown_apps: list[str] = []

    def __iter__(self) -> Iterator[Place]:
        """Yield the environments that the options select."""
        return iter(list(self._places.values()))

    def apps(self) -> list[int]:
        """Return the ids of the apps that have a selected environment."""
        return list(dict.fromkeys(place.app_id for place in self._places.values()))

    def refresh(self, now: float) -> bool:
        """Read apps and environments if the last reading is too old, and return whether they were read."""
        if self._read_at is not None and 0 <= now - self._read_at < self._options.refresh_interval:
            return False
        self._read(now)
        return True

    def find(self, environment_id: int, now: float) -> Place | None:
        """Return a selected environment. None for any other, and for a new one that lists do not show yet."""
        known = self._places.get(environment_id)
        if known is not None:
            return known
        appeared = self._foreign.setdefault(environment_id, now)
        is_due = self._read_at is None or not 0 <= now - self._read_at < MIN_REFRESH
        if is_due and 0 <= now - appeared < MAX_LAG:
            self._read(now)
        return self._places.get(environment_id)

    def _read(self, now: float) -> None:
        ctx = self._service.context()
        apps = [app for app in App().list_states(ctx, {}, {}) if app["app_id"] is not None and app["title"]]
        wanted = set(self._options.apps)
        chosen = [app for app in apps if not wanted or wanted & {app["title"], str(app["app_id"])}]
        self.unknown_apps = sorted(wanted - {name for app in chosen for name in (app["title"], str(app["app_id"]))})
        hosts = host_names({app["app_id"]: app["title"] for app in apps}, self._options.hosts)
        places: dict[int, Place] = {}
        for app in chosen:
            for environment in Environment().list_states(ctx, {"app_id": app["app_id"]}, {}):
                if environment["environment_id"] is not None and self._is_chosen(environment):
                    places[environment["environment_id"]] = _place(app, environment, hosts[app["app_id"]])
        self._places, self._read_at = places, now
        self._foreign = {number: at for number, at in self._foreign.items() if number not in places}

    def _is_chosen(self, environment: State) -> bool:
        wanted, env_types = self._options.environments, self._options.env_types
        names = {environment["name"], str(environment["environment_id"])}
        is_type = environment["env_type"] in env_types or set(env_types) == set(ENV_TYPES)
        return is_type and (not wanted or bool(names & set(wanted)))


def _place(app: Mapping[str, Any], environment: State, host: str) -> Place:
    return Place(
        app_id=app["app_id"],
        title=app["title"],
        environment_id=environment["environment_id"],
        environment=environment["name"],
        env_type=environment["env_type"],
        host=host,
        deploy_config_id=environment["deploy_config_id"],
    )


def host_names(titles: Mapping[int, str], names: Mapping[str, str]) -> dict[int, str]:
    """Return id -> inventory host of each app: the name that adopting the account gives it.

    A host is a pattern for Ansible, so a title such as ``all`` or ``a,b`` must not become one.

    :param titles: id -> title of every app of the account, since no two apps may share a host.
    :param names: title or id -> name, by the options.
    """
    given = {number: names.get(str(number)) or names.get(title) for number, title in titles.items()}
    known = {str(number): name for number, name in given.items() if name}
    hosts = assign_names([(str(number), titles[number]) for number in sorted(titles)], known)
    return {int(number): host for number, host in hosts.items()}
