# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control side under ``/_emulator/``: look at the emulator, disturb it, start it over.

Nothing is signed there; :mod:`jst_emulator.web.guard` says who is served. The page for people is
at ``/_emulator/`` itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from jst_emulator import __version__
from jst_emulator.call_filter import LARGEST, DescriptionError, is_of
from jst_emulator.clock import END_OF_TIME
from jst_emulator.emulator import Emulator
from jst_emulator.encoding import JSON_TYPE, JsonError, from_json, printable, to_printable_json
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
        Rule(f"{PREFIX}savepoints", methods=["GET"], endpoint="save_points"),
        Rule(f"{PREFIX}savepoints/<name>", methods=["POST"], endpoint="save"),
        Rule(f"{PREFIX}savepoints/<name>", methods=["DELETE"], endpoint="forget"),
        Rule(f"{PREFIX}savepoints/<name>/restore", methods=["POST"], endpoint="restore"),
    ]
)
#: What the clock takes, and up to which number.
_MOST = {"advance_s": LARGEST, "scale": 10**6, "step_s": 10**6}
_LONGEST_NAME = 100
#: Digits of numbers in a query; Python itself reads some thousand of them.
_MOST_DIGITS = 18


class Control:
    """Serves the control side of one emulator; every endpoint is a method of its name."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Response:
        """Serve one request; errors are JSON objects with ``error`` as well."""
        try:
            guard.admit(request)
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
        """The page for people, and its files."""
        return files.served(name)

    def overview(self, request: Request) -> Any:
        """What the page shows; ``?find=`` takes only apps with that in their titles."""
        return overview.overview(self._emulator, request.args.get("find", ""))

    def catalogue(self, request: Request) -> Any:
        """The kinds of faults with their options, and the operations."""
        return overview.catalogue()

    def health(self, request: Request) -> Any:
        """That it runs, its version, the shape of answers and how many operations it has."""
        return {
            "status": "ok",
            "version": __version__,
            "answers": self._emulator.settings.answers,
            "operations": len(self._emulator.handlers),
        }

    def reset(self, request: Request) -> Any:
        """Start over: world, clock, call log, faults, barriers, nonces. Save points stay."""
        self._emulator.reset()
        return {"status": "ok"}

    def state(self, request: Request) -> Any:
        """The whole world as it is now."""
        self._emulator.world.advance()
        return self._emulator.world.snapshot()

    def calls(self, request: Request) -> Any:
        """The call log, or what is newer than ``?since=<seq>``."""
        since = request.args.get("since", "0")
        if not since.isdecimal() or len(since) > _MOST_DIGITS:
            raise BadRequest(f"since is {since!r}, not a number")
        return self._emulator.call_log.since(int(since))

    def clear_calls(self, request: Request) -> Any:
        """Empty the call log."""
        self._emulator.call_log.clear()
        return {"status": "ok"}

    def faults(self, request: Request) -> Any:
        """All faults with what they have struck."""
        return self._emulator.faults.show()

    def arm_fault(self, request: Request) -> Any:
        """Arm one fault, or each of a list."""
        try:
            return [fault.as_dict() for fault in self._emulator.faults.arm(_body(request))]
        except DescriptionError as error:
            raise BadRequest(str(error)) from error

    def clear_faults(self, request: Request) -> Any:
        """Disarm all."""
        self._emulator.faults.clear()
        return {"status": "ok"}

    def barriers(self, request: Request) -> Any:
        """All barriers: who waits at them, how many rounds met there, and how many opened by themselves."""
        return self._emulator.barriers.show()

    def put_up_barrier(self, request: Request) -> Any:
        """Put up one barrier, or each of a list."""
        try:
            return [barrier.as_dict() for barrier in self._emulator.barriers.put_up(_body(request))]
        except DescriptionError as error:
            raise BadRequest(str(error)) from error

    def take_down_barriers(self, request: Request) -> Any:
        """Take all barriers down, and let everybody who waits at one go on."""
        self._emulator.barriers.take_down()
        return {"status": "ok"}

    def deliveries(self, request: Request) -> Any:
        """The requests that a ``late_delivery`` keeps back."""
        return self._emulator.deliveries.show()

    def deliver(self, request: Request) -> Any:
        """Execute all of them now; returns what they were."""
        return self._emulator.deliveries.flush()

    def readings(self, request: Request) -> Any:
        """The readings of the reference that hold now, by name."""
        return asdict(self._emulator.readings)

    def choose_readings(self, request: Request) -> Any:
        """Choose other readings, until the next reset: an object of names and choices.

        The seed under ``random`` stands for a whole combination, over which the other choices are laid.
        """
        try:
            self._emulator.set_readings(_body(request))
        except WorldFileError as error:
            raise BadRequest(str(error)) from error
        return self.readings(request)

    def clock(self, request: Request) -> Any:
        """The virtual time and its speed."""
        clock = self._emulator.clock
        return {"now": clock.now(), "iso": clock.iso(), "scale": clock.scale, "step_s": clock.step}

    def set_clock(self, request: Request) -> Any:
        """Push the clock forward (``advance_s``), change its speed (``scale``) or what every call to the API takes
        (``step_s``), or several of these. With a speed of 0 only calls let time pass, the same on every machine.
        """
        body = _body(request)
        if not isinstance(body, dict) or not body or body.keys() - _MOST.keys():
            raise BadRequest(f"the clock takes an object with {' or '.join(_MOST)}")
        for name, value in body.items():
            if not is_of(float, value) or not 0 <= value <= _MOST[name]:
                raise BadRequest(f"{name} is {value!r}, not a number from 0 to {_MOST[name]}")
        if self._emulator.clock.now() + body.get("advance_s", 0) > END_OF_TIME:
            raise BadRequest(f"advance_s is {body['advance_s']!r}, which leads beyond the year 9998")
        if "scale" in body:
            self._emulator.clock.rescale(body["scale"])
        self._emulator.clock.step = body.get("step_s", self._emulator.clock.step)
        self._emulator.clock.advance(body.get("advance_s", 0))
        self._emulator.world.advance()
        self._emulator.deliveries.catch_up(self._emulator.clock.now())
        return self.clock(request)

    def save_points(self, request: Request) -> Any:
        """The save points, and the virtual time of each."""
        points = self._emulator.save_points
        return [{"name": name, "iso": self._emulator.clock.iso(point.time.now)} for name, point in points.items()]

    def save(self, request: Request, name: str) -> Any:
        """Keep the world as it is under a name: everything in it, the ids to come, and the time."""
        if printable(name) != name or len(name) > _LONGEST_NAME:
            raise BadRequest(f"a name has up to {_LONGEST_NAME} characters, no control characters and no bidi marks")
        self._emulator.world.advance()
        self._emulator.save(name)
        return {"status": "ok"}

    def restore(self, request: Request, name: str) -> Any:
        """Back to a save point; call log, faults, barriers and nonces stay as they are."""
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


def _body(request: Request) -> Any:
    try:
        return from_json(request.get_data())
    except JsonError as error:
        raise BadRequest(str(error)) from None


def _respond(status: int, content: Any) -> Response:
    return Response(to_printable_json(content), status, content_type=JSON_TYPE, headers=files.HEADERS)
