# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world: the state of the emulated account."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import yaml

from jst_emulator import releases
from jst_emulator.clock import VirtualClock
from jst_emulator.event_index import EventIndex
from jst_emulator.models import TABLE_OF, TABLES, account, apps, cluster_objects, rds, runtime
from jst_emulator.models.base import Record
from jst_emulator.models.settings import Credential, Settings
from jst_emulator.readings.random_combination import expand_seed
from jst_emulator.timeline.schedule import Timeline
from jst_emulator.traffic import TrafficLog
from jst_emulator.world_file import WorldFileError, parse

DEFAULT_WORLD = Path(__file__).parent / "worlds" / "default.yml"
MASK = "********"
#: How long a world remembers creations and deletions, which is longer than the lag of any list.
_REMEMBERED_SECONDS = 10

R = TypeVar("R", bound=Record)


class World:
    """Tables of records by key, settings, and time.

    :ivar credentials: the key pairs, as dicts with ``access_key_id``, ``access_key_secret``, ``security_token``,
        ``expires``, ``active``, ``deny``.
    :ivar settings: the settings of the world.
    :ivar clock: the clock, which all copies of the world share.
    :ivar traffic: the log of the traffic, which they share too.
    :ivar created: the times of creation of recent records, by table and key.
    :ivar deleted: the times of deletion of recent records, with the records, by table and key.
    :ivar event_index: the events by pod.
    :ivar timeline: what will happen without calls.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.traffic = TrafficLog()
        self.settings = Settings()
        self.credentials: list[dict[str, Any]] = []
        self.counters: dict[str, int] = {}
        self.created: dict[tuple[str, Any], float] = {}
        self.deleted: dict[tuple[str, Any], tuple[float, Record]] = {}
        self.event_index = EventIndex()
        self.timeline = Timeline()
        self.users: dict[str, account.User] = {}
        self.vpcs: dict[str, account.Vpc] = {}
        self.clusters: dict[str, account.Cluster] = {}
        self.ecs: dict[str, account.Ecs] = {}
        self.slbs: dict[str, account.Slb] = {}
        self.certificates: dict[str, account.Certificate] = {}
        self.packets: dict[int, account.Packet] = {}
        self.mount_targets: dict[str, account.MountTarget] = {}
        self.rds_instances: dict[str, rds.RdsInstance] = {}
        self.databases: dict[tuple[str, str], rds.Database] = {}
        self.accounts: dict[tuple[str, str], rds.Account] = {}
        self.backups: dict[tuple[str, str], rds.Backup] = {}
        self.apps: dict[int, apps.App] = {}
        self.groups: dict[int, apps.Group] = {}
        self.group_members: dict[int, apps.GroupMember] = {}
        self.deploy_configs: dict[int, apps.DeployConfig] = {}
        self.environments: dict[int, apps.Environment] = {}
        self.allocations: dict[int, apps.Allocation] = {}
        self.slb_access_points: dict[int, apps.SlbAccessPoint] = {}
        self.services: dict[int, apps.Service] = {}
        self.orders: dict[int, runtime.Order] = {}
        self.pods: dict[tuple[int, str], runtime.Pod] = {}
        self.instances: dict[str, runtime.Instance] = {}
        self.events: dict[int, runtime.Event] = {}
        self.job_runs: dict[tuple[int, str], runtime.JobRun] = {}
        self.volumes: dict[int, cluster_objects.Volume] = {}
        self.claims: dict[int, cluster_objects.Claim] = {}
        self.node_labels: dict[int, cluster_objects.NodeLabel] = {}
        self.node_label_bindings: dict[int, cluster_objects.NodeLabelBinding] = {}
        for name in TABLES:
            vars(self).setdefault(name, {})

    def __deepcopy__(self, memo: dict[int, Any]) -> World:
        twin = World.__new__(World)
        memo[id(self)] = twin
        for shared in (self.clock, self.traffic):
            memo.setdefault(id(shared), shared)
        for name, value in vars(self).items():
            setattr(twin, name, copy.deepcopy(value, memo))
        return twin

    def table(self, cls: type[R]) -> dict[Any, R]:
        """Return the records of a type by key."""
        records: dict[Any, R] = getattr(self, TABLE_OF[cls])
        return records

    def now(self) -> float:
        """Return virtual epoch seconds."""
        return self.clock.now()

    def next_number(self, name: str, first: int = 1) -> int:
        """Return the next number of the counter *name*, which starts with *first*."""
        number = self.counters.get(name, first)
        self.counters[name] = number + 1
        return number

    def add(self, record: R) -> R:
        """Add *record* to its table; a record without an id gets the next one."""
        name = TABLE_OF[type(record)]
        if record.FIRST_ID is not None:
            (key,) = record.KEY
            given = getattr(record, key)
            if not given:
                setattr(record, key, self.next_number(name, record.FIRST_ID))
            else:
                self.counters[name] = max(given + 1, self.counters.get(name, record.FIRST_ID))
        getattr(self, name)[record.key()] = record
        if isinstance(record, runtime.Event):
            self.event_index.add(record)
            self._forget_old_events()
            return record
        self._forget_old()
        place = (name, record.key())
        self.created.pop(place, None)
        self.created[place] = self.now()
        return record

    def remove(self, record: Record) -> None:
        """Remove *record* from its table, if it is there."""
        name, key = TABLE_OF[type(record)], record.key()
        if getattr(self, name).pop(key, None) is not None:
            if isinstance(record, runtime.Event):
                self.event_index.remove(record)
                return
            self._forget_old()
            self.deleted.pop((name, key), None)
            self.deleted[name, key] = (self.now(), copy.copy(record))

    def _forget_old(self) -> None:
        """Forget creations and deletions that no lagging list shows any more; the oldest come first."""
        before = self.now() - _REMEMBERED_SECONDS
        for place in list(takewhile(lambda place: self.created[place] < before, self.created)):
            del self.created[place]
        for place in list(takewhile(lambda place: self.deleted[place][0] < before, self.deleted)):
            del self.deleted[place]

    def _forget_old_events(self) -> None:
        """Remove the events that are kept no longer; the first to arrive come first."""
        kept = self.settings.monitoring.events_kept
        if kept is None:
            return
        before = self.now() - kept
        for event in list(takewhile(lambda event: event.happened_at < before, self.events.values())):
            self.remove(event)

    def advance(self) -> None:
        """Advance everything that takes time, and whatever is planned, to the present of the clock."""
        self.timeline.advance(self, self.now())

    def record_traffic(self, at: float | None = None, env_id: int | None = None) -> None:
        """Log the changes of the traffic at the virtual time *at* (default: now), in one environment or in all."""
        self.traffic.record(self, self.now() if at is None else at, env_id)

    def snapshot(self) -> dict[str, Any]:
        """Return the whole state as plain data in the form of a world file, with secrets masked."""
        state: dict[str, Any] = {name: [_shown(record) for record in getattr(self, name).values()] for name in TABLES}
        state["counters"] = dict(self.counters)
        state["settings"] = asdict(self.settings)
        state["credentials"] = [_shown(Credential(**pair)) for pair in self.credentials]
        return state


@dataclass
class _Counters:
    """The counters of a world file with their next numbers."""

    counters: dict[str, int]


@cache
def _default_world() -> dict[str, Any]:
    """Return the content of the default world file, which callers must not change."""
    content: dict[str, Any] = yaml.safe_load(DEFAULT_WORLD.read_text(encoding="utf-8"))
    return content


def load(spec: dict[str, Any] | None, clock: VirtualClock) -> World:
    """Return a new world.

    :param spec: the content of a world file. Each of its keys replaces that key of ``worlds/default.yml``, but
        ``settings`` update the default ones and ``credentials`` are added.
    :raises WorldFileError: *spec* has unknown keys, wrong types, or references to missing records.
    """
    base = _default_world()
    if spec is not None and not isinstance(spec, dict):
        raise WorldFileError(f"a world file holds a mapping, not {spec!r}")
    given = spec or {}
    known = [*TABLES, "counters", "settings", "credentials"]
    for key in given:
        if key not in known:
            raise WorldFileError(f"unknown key {key!r}; known are {', '.join(known)}")
    world = World(clock)
    world.settings = parse(Settings, _settings(base, given), "settings")
    for origin in (base, given):
        for pair in _records(Credential, origin, "credentials"):
            world.credentials = [old for old in world.credentials if old["access_key_id"] != pair.access_key_id]
            world.credentials.append(asdict(pair))
    for name, cls in TABLES.items():
        for record in _records(cls, given if name in given else base, name):
            if record.key() and record.key() in getattr(world, name):
                raise WorldFileError(f"{name}: {record.key()!r} is there twice")
            world.add(record)
    for name, number in parse(_Counters, {"counters": given.get("counters") or {}}, "world").counters.items():
        world.counters[name] = max(number, world.counters.get(name, 0))
    for name in TABLES:
        for record in getattr(world, name).values():
            _check_references(world, record, f"{name}: {record.key()!r}")
    releases.complete(world)
    world.advance()
    world.record_traffic()
    world.created.clear()
    world.deleted.clear()
    return world


def _settings(base: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    """Return the settings of a world file merged into those of *base*, with a seed of readings expanded."""
    settings = _laid_over(base.get("settings") or {}, given.get("settings") or {})
    if isinstance(settings, dict) and isinstance(settings.get("readings"), dict):
        settings = {**settings, "readings": expand_seed(settings["readings"])}
    return settings


def _laid_over(base: Any, top: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(top, dict)):
        return top
    return {**base, **{key: _laid_over(base.get(key), value) for key, value in top.items()}}


def _records(cls: type, origin: dict[str, Any], name: str) -> list[Any]:
    raw = origin.get(name) or []
    if not isinstance(raw, list):
        raise WorldFileError(f"{name}: expected a list, got {raw!r}")
    return [parse(cls, item, f"{name}[{index}]") for index, item in enumerate(raw)]


def _check_references(world: World, thing: Any, where: str) -> None:
    for field in fields(thing):
        value = getattr(thing, field.name)
        table = field.metadata.get("ref")
        if table and value is not None and value not in getattr(world, table):
            raise WorldFileError(f"{where}: {field.name} {value!r} is not among the {table}")
        for part in value if isinstance(value, list) else []:
            if is_dataclass(part):
                _check_references(world, part, f"{where}.{field.name}")


def _shown(record: Any) -> dict[str, Any]:
    """Return a record as plain data, with the secrets in it and in the records inside of it masked."""
    shown = asdict(record)
    for field in fields(record):
        value = getattr(record, field.name)
        if field.metadata.get("secret") and value:
            shown[field.name] = [MASK] * len(value) if isinstance(value, list) else MASK
        elif is_dataclass(value):
            shown[field.name] = _shown(value)
    return shown
