# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a running emulator and its lock."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jst_emulator import readings
from jst_emulator.authentication import NonceCache
from jst_emulator.barriers import BarrierRegistry
from jst_emulator.call_log import CallLog
from jst_emulator.clock import ClockState, VirtualClock
from jst_emulator.deliveries import DeliveryQueue
from jst_emulator.faults import FaultRegistry
from jst_emulator.readings.table import Readings
from jst_emulator.registry import Handler

ANSWERS = ("canonical", "sample")
#: The longest URL that the HTTP server can parse, and the default limit, which many web servers have. The limit of the
#: service is not documented.
LONGEST_URL, MAX_URL_BYTES = 65536, 8192


@dataclass(frozen=True)
class Settings:
    """The settings of an emulator.

    :ivar answers: the shape of responses: ``canonical`` or ``sample``.
    :ivar latency_ms: the least time of every API call in milliseconds.
    :ivar time_scale: virtual seconds per real second.
    :ivar start: virtual epoch seconds at the start, None for the real time.
    :ivar readings: values of readings that override those of the world file; a seed under ``random`` stands for a whole
        combination.
    :ivar max_url_bytes: the longest target of a request; longer ones are rejected with HTTP 414.
    """

    answers: str = ANSWERS[0]
    latency_ms: float = 0
    time_scale: float = 1.0
    start: float | None = None
    max_url_bytes: int = MAX_URL_BYTES
    readings: Mapping[str, Any] = field(default_factory=dict)


class SavePoint(NamedTuple):
    """A copy of the world and its time."""

    world: Any
    time: ClockState


class Emulator:
    """The state behind the gateway and the control side; every user holds ``lock``.

    :param handlers: the handlers by operation.
    :param load: returns a new world: ``load(spec, clock)``.
    :param spec: the content of a world file, None for the built-in world.
    :raises ValueError: the world file is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        handlers: Mapping[str, Handler],
        load: Callable[[Any, VirtualClock], Any],
        spec: Any = None,
    ) -> None:
        self.settings = settings
        self.handlers = handlers
        self.lock = threading.RLock()
        self.call_log = CallLog()
        self.faults = FaultRegistry()
        self.barriers = BarrierRegistry(self.lock)
        self.deliveries = DeliveryQueue()
        self.nonces = NonceCache()
        self.save_points: dict[str, SavePoint] = {}
        self._load = load
        self._spec = spec
        self.world_before_last_write: Any = None
        self._start()

    def reset(self) -> None:
        """Reset the emulator: a new world and clock, no faults, barriers and nonces, an empty call log.

        Save points stay, so that a rehearsal can return to one of them.
        """
        self.call_log.clear()
        self.faults.clear()
        self.barriers.take_down()
        self.deliveries.clear()
        self.nonces.clear()
        self._start()

    def remember_world(self) -> None:
        """Store a copy of the world before a write, for the fault ``stale_read``."""
        self.world_before_last_write = self._copy(self.world)

    def save(self, name: str) -> None:
        """Save the world with its ids and its time under a name, and replace a save point of that name."""
        self.save_points[name] = SavePoint(self._copy(self.world), self.clock.state())

    def restore(self, name: str) -> None:
        """Restore the world and the time of a save point.

        Call log, faults, barriers and nonces stay, since they belong to the callers. Late deliveries are dropped, since
        they were sent to another world.

        :raises KeyError: no save point has that name.
        """
        point = self.save_points[name]
        self.clock.resume(point.time)
        self.world = self._copy(point.world)
        self.world.record_traffic()
        self.deliveries.clear()
        self.world_before_last_write = None

    @property
    def readings(self) -> Readings:
        """The current readings, which are a part of the world."""
        current: Readings = self.world.settings.readings
        return current

    def set_readings(self, choices: Mapping[str, Any]) -> None:
        """Choose other readings until the next reset.

        :raises WorldFileError: a reading or a value does not exist.
        """
        self.world.settings.readings = readings.with_choices(self.readings, choices)

    def _copy(self, world: Any) -> Any:
        """Return a copy of a world with the present clock and traffic log, whatever reset has replaced since."""
        return copy.deepcopy(world, {id(world.clock): self.clock, id(world.traffic): self.world.traffic})

    def _start(self) -> None:
        self.clock = VirtualClock(self.settings.time_scale, start=self.settings.start)
        self.world = self._load(copy.deepcopy(self._spec), self.clock)
        self.set_readings(self.settings.readings)
        self.world_before_last_write = None
