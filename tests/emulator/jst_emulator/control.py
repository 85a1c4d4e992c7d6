# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control side under ``/_emulator/``: inspect the emulator, inject faults, reset it.

Requests are not signed; :mod:`jst_emulator.web.guard` decides who may send them. The page for people is ``/_emulator/``
itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from jst_emulator import __version__, autoscaling, releases, rollout, traffic
from jst_emulator.call_filter import LARGEST, DescriptionError, is_of
from jst_emulator.clock import END_OF_TIME
from jst_emulator.emulator import Emulator
from jst_emulator.encoding import JSON_TYPE, JsonError, from_json, printable, to_printable_json
from jst_emulator.timeline import kinds, schedule
from jst_emulator.timeline.schedule import Entry
from jst_emulator.web import files, guard, overview
from jst_emulator.world_file import WorldFileError

PREFIX = "/_emulator/"
_ROUTES = Map(
    [
        Rule(PREFIX, methods=["GET"], endpoint="page"),
        Rule(f"{PREFIX}static/<name>", methods=["GET"], endpoint="page"),
        Rule(f"{PREFIX}overview", methods=["GET"], endpoint="overview"),
        Rule(f"{PREFIX}catalogue", methods=["GET"], endpoint="catalogue"),
        Rule(f"{PREFIX}health", methods=["GET"], endpoint="health"),
        Rule(f"{PREFIX}reset", methods=["POST"], endpoint="reset"),
        Rule(f"{PREFIX}state", methods=["GET"], endpoint="state"),
        Rule(f"{PREFIX}calls", methods=["GET"], endpoint="calls"),
        Rule(f"{PREFIX}calls", methods=["DELETE"], endpoint="clear_calls"),
        Rule(f"{PREFIX}instances", methods=["GET"], endpoint="instances"),
        Rule(f"{PREFIX}instances", methods=["POST"], endpoint="set_instances"),
        Rule(f"{PREFIX}traffic", methods=["GET"], endpoint="traffic"),
        Rule(f"{PREFIX}traffic/changes", methods=["GET"], endpoint="traffic_changes"),
        Rule(f"{PREFIX}faults", methods=["GET"], endpoint="faults"),
        Rule(f"{PREFIX}faults", methods=["POST"], endpoint="arm_fault"),
        Rule(f"{PREFIX}faults", methods=["DELETE"], endpoint="clear_faults"),
        Rule(f"{PREFIX}barriers", methods=["GET"], endpoint="barriers"),
        Rule(f"{PREFIX}barriers", methods=["POST"], endpoint="put_up_barrier"),
        Rule(f"{PREFIX}barriers", methods=["DELETE"], endpoint="take_down_barriers"),
        Rule(f"{PREFIX}deliveries", methods=["GET"], endpoint="deliveries"),
        Rule(f"{PREFIX}deliveries", methods=["POST"], endpoint="deliver"),
        Rule(f"{PREFIX}readings", methods=["GET"], endpoint="readings"),
        Rule(f"{PREFIX}readings", methods=["POST"], endpoint="choose_readings"),
        Rule(f"{PREFIX}clock", methods=["GET"], endpoint="clock"),
        Rule(f"{PREFIX}clock", methods=["POST"], endpoint="set_clock"),
        Rule(f"{PREFIX}timeline", methods=["GET"], endpoint="timeline"),
        Rule(f"{PREFIX}timeline", methods=["POST"], endpoint="add_to_timeline"),
        Rule(f"{PREFIX}timeline", methods=["DELETE"], endpoint="clear_timeline"),
        Rule(f"{PREFIX}timeline/log", methods=["GET"], endpoint="timeline_log"),
        Rule(f"{PREFIX}savepoints", methods=["GET"], endpoint="save_points"),
        Rule(f"{PREFIX}savepoints/<name>", methods=["POST"], endpoint="save"),
        Rule(f"{PREFIX}savepoints/<name>", methods=["DELETE"], endpoint="forget"),
        Rule(f"{PREFIX}savepoints/<name>/restore", methods=["POST"], endpoint="restore"),
    ]
)
#: The settings of the clock with their largest values.
_MOST = {"advance_s": LARGEST, "scale": 10**6, "step_s": 10**6}
_ON_THE_WIRE = "on_the_wire"
_LONGEST_NAME = 100
_MOST_INSTANCES = 1000
#: The longest number in a query; Python itself would parse thousands of digits.
_MOST_DIGITS = 18


class Control:
    """Serves the control side of an emulator; every endpoint is the method of its name."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Response:
        """Serve a request; errors are JSON objects with ``error`` too."""
        try:
            guard.check_access(request)
            endpoint, arguments = _ROUTES.bind_to_environ(request.environ).match()
            serve: Callable[..., Any] = getattr(self, endpoint)
            with self._emulator.lock:
                served = serve(request, **arguments)
            return served if isinstance(served, Response) else _respond(200, served)
        except RequestRedirect as redirect:
            return redirect.get_response(request.environ)
        except HTTPException as error:
            return _respond(error.code or 500, {"error": error.description})

    def page(self, request: Request, name: str = files.INDEX) -> Response:
        """Return the page for people, or one of its files."""
        return files.served(name)

    def overview(self, request: Request) -> Any:
        """Return the data of the page; ``?find=`` selects apps by a part of their titles."""
        return overview.overview(self._emulator, request.args.get("find", ""))

    def catalogue(self, request: Request) -> Any:
        """Return the fault kinds with their options, and the operations."""
        return overview.catalogue()

    def health(self, request: Request) -> Any:
        """Return status, version, shape of responses and the number of operations."""
        return {
            "status": "ok",
            "version": __version__,
            "answers": self._emulator.settings.answers,
            "operations": len(self._emulator.handlers),
        }

    def reset(self, request: Request) -> Any:
        """Reset world, clock, call log, faults, barriers and nonces. Save points stay."""
        self._emulator.reset()
        return {"status": "ok"}

    def state(self, request: Request) -> Any:
        """Return the whole world."""
        self._emulator.world.advance()
        return self._emulator.world.snapshot()

    def calls(self, request: Request) -> Any:
        """Return the call log, or its entries after ``?since=<seq>``."""
        return self._emulator.call_log.since(_since(request))

    def clear_calls(self, request: Request) -> Any:
        """Clear the call log."""
        self._emulator.call_log.clear()
        return {"status": "ok"}

    def instances(self, request: Request) -> Any:
        """Return all instances with what they run, and what of it differs from the stored deploy configuration."""
        world = self._emulator.world
        world.advance()
        return [releases.show(world, one) for one in world.instances.values()]

    def set_instances(self, request: Request) -> Any:
        """Set the number of instances of an environment as an autoscaler does, and return them."""
        body = _body(request)
        if not isinstance(body, dict) or body.keys() != {"env_id", "count"}:
            raise BadRequest("an autoscaler takes an object with env_id and count")
        env_id, count = body["env_id"], body["count"]
        if not is_of(int, env_id) or not is_of(int, count) or not 0 <= count <= _MOST_INSTANCES:
            raise BadRequest(f"env_id and count are whole numbers, count up to {_MOST_INSTANCES}")
        world = self._emulator.world
        world.advance()
        if env_id not in world.environments:
            raise NotFound(f"there is no environment {env_id}")
        try:
            autoscaling.scale(world, world.environments[env_id], count)
        except autoscaling.AutoscalingError as error:
            raise BadRequest(str(error)) from error
        world.record_traffic(env_id=env_id)
        return [releases.show(world, one) for one in rollout.instances(world, env_id)]

    def traffic(self, request: Request) -> Any:
        """Return every SLB access point and service port with the instances that answer and refuse there."""
        self._emulator.world.advance()
        return [asdict(one) for one in traffic.endpoints(self._emulator.world)]

    def traffic_changes(self, request: Request) -> Any:
        """Return the changes of the traffic, or those after ``?since=<seq>``."""
        self._emulator.world.advance()
        return self._emulator.world.traffic.since(_since(request))

    def faults(self, request: Request) -> Any:
        """Return all faults with the number of calls that they struck."""
        return self._emulator.faults.show()

    def arm_fault(self, request: Request) -> Any:
        """Arm one fault, or each of a list."""
        try:
            return [fault.as_dict() for fault in self._emulator.faults.arm(_body(request), self._emulator.clock.now())]
        except DescriptionError as error:
            raise BadRequest(str(error)) from error

    def clear_faults(self, request: Request) -> Any:
        """Disarm all faults."""
        self._emulator.faults.clear()
        return {"status": "ok"}

    def barriers(self, request: Request) -> Any:
        """Return all barriers with waiting callers, rounds that met and rounds that timed out."""
        return self._emulator.barriers.show()

    def put_up_barrier(self, request: Request) -> Any:
        """Add one barrier, or each of a list."""
        try:
            return [barrier.as_dict() for barrier in self._emulator.barriers.put_up(_body(request))]
        except DescriptionError as error:
            raise BadRequest(str(error)) from error

    def take_down_barriers(self, request: Request) -> Any:
        """Remove all barriers and release their callers."""
        self._emulator.barriers.take_down()
        return {"status": "ok"}

    def deliveries(self, request: Request) -> Any:
        """Return the requests that a ``late_delivery`` holds back."""
        return self._emulator.deliveries.show()

    def deliver(self, request: Request) -> Any:
        """Execute all late deliveries now and return them."""
        return self._emulator.deliveries.flush()

    def readings(self, request: Request) -> Any:
        """Return the current readings by name."""
        return asdict(self._emulator.readings)

    def choose_readings(self, request: Request) -> Any:
        """Choose other readings until the next reset, from an object of names and values.

        A seed under ``random`` chooses a whole combination; the other values override it.
        """
        try:
            self._emulator.set_readings(_body(request))
        except WorldFileError as error:
            raise BadRequest(str(error)) from error
        return self.readings(request)

    def clock(self, request: Request) -> Any:
        """Return the virtual time and its speed."""
        clock = self._emulator.clock
        shown = {"now": clock.now(), "iso": clock.iso(), "scale": clock.scale, "step_s": clock.step}
        return {**shown, "on_the_wire": True} if clock.on_the_wire else shown

    def set_clock(self, request: Request) -> Any:
        """Change the clock: ``advance_s`` moves it forward, ``scale`` sets its speed, ``step_s`` the time that every
        call takes.

        With a speed of 0 only calls take time, so a run is the same on every machine. With ``on_the_wire`` callers see
        this time: ``Date`` of responses follows it, and time stamps of requests are checked by it.
        """
        body = _body(request)
        if not isinstance(body, dict) or not body or body.keys() - {*_MOST, _ON_THE_WIRE}:
            raise BadRequest(f"the clock takes an object with {' or '.join([*_MOST, _ON_THE_WIRE])}")
        on_the_wire = body.pop(_ON_THE_WIRE, self._emulator.clock.on_the_wire)
        if not isinstance(on_the_wire, bool):
            raise BadRequest(f"{_ON_THE_WIRE} is {on_the_wire!r:.100}, neither true nor false")
        for name, value in body.items():
            if not is_of(float, value) or not 0 <= value <= _MOST[name]:
                raise BadRequest(f"{name} is {value!r}, not a number from 0 to {_MOST[name]}")
        if self._emulator.clock.now() + body.get("advance_s", 0) > END_OF_TIME:
            raise BadRequest(f"advance_s is {body['advance_s']!r}, which leads beyond the year 9998")
        if "scale" in body:
            self._emulator.clock.rescale(body["scale"])
        self._emulator.clock.on_the_wire = on_the_wire
        self._emulator.clock.step = body.get("step_s", self._emulator.clock.step)
        self._emulator.clock.advance(body.get("advance_s", 0))
        self._emulator.world.advance()
        self._emulator.deliveries.catch_up(self._emulator.clock.now())
        return self.clock(request)

    def timeline(self, request: Request) -> Any:
        """Return what is planned, the next entry first."""
        world = self._emulator.world
        world.advance()
        return world.timeline.planned(world)

    def add_to_timeline(self, request: Request) -> Any:
        """Add an entry to the timeline, or each of a list; what is due now happens at once.

        All descriptions are checked first. An entry that is due and not possible is an error: those before it have
        happened, and those after it are not added.
        """
        world = self._emulator.world
        world.advance()
        try:
            entries = kinds.parse(world, _body(request))
        except DescriptionError as error:
            raise BadRequest(str(error)) from error
        return [self._add_entry(entry, number, len(entries)) for number, entry in enumerate(entries, start=1)]

    def _add_entry(self, entry: Entry, number: int, count: int) -> Any:
        world = self._emulator.world
        if entry.at > world.now():
            world.timeline.plan(entry)
            return schedule.show(world, entry)
        try:
            return world.timeline.begin(world, entry)
        except schedule.TimelineError as error:
            where = f"entry {number}, after those before it have happened: " if count > 1 else ""
            raise BadRequest(f"{where}{error}") from error

    def clear_timeline(self, request: Request) -> Any:
        """Cancel what is planned; the log stays."""
        self._emulator.world.timeline.clear()
        return {"status": "ok"}

    def timeline_log(self, request: Request) -> Any:
        """Return what happened after ``?since=<seq>``, and how often what happened at all."""
        world = self._emulator.world
        world.advance()
        return {"counts": world.timeline.counts(), "entries": world.timeline.since(_since(request))}

    def save_points(self, request: Request) -> Any:
        """Return the save points with their virtual times."""
        points = self._emulator.save_points
        return [{"name": name, "iso": self._emulator.clock.iso(point.time.now)} for name, point in points.items()]

    def save(self, request: Request, name: str) -> Any:
        """Save the world under a name, with its next ids and its time."""
        if printable(name) != name or len(name) > _LONGEST_NAME:
            raise BadRequest(f"a name has up to {_LONGEST_NAME} characters, no control characters and no bidi marks")
        self._emulator.world.advance()
        self._emulator.save(name)
        return {"status": "ok"}

    def restore(self, request: Request, name: str) -> Any:
        """Restore a save point; call log, faults, barriers and nonces stay."""
        self._known(name)
        self._emulator.restore(name)
        return {"status": "ok"}

    def forget(self, request: Request, name: str) -> Any:
        """Delete a save point."""
        self._known(name)
        del self._emulator.save_points[name]
        return {"status": "ok"}

    def _known(self, name: str) -> None:
        if name not in self._emulator.save_points:
            raise NotFound(f"there is no save point {name!r}")


def _since(request: Request) -> int:
    since = request.args.get("since", "0")
    if not since.isdecimal() or len(since) > _MOST_DIGITS:
        raise BadRequest(f"since is {since!r}, not a number")
    return int(since)


def _body(request: Request) -> Any:
    try:
        return from_json(request.get_data())
    except JsonError as error:
        raise BadRequest(str(error)) from None


def _respond(status: int, content: Any) -> Response:
    return Response(to_printable_json(content), status, content_type=JSON_TYPE, headers=files.HEADERS)
