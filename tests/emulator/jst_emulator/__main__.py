# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: ``python -m jst_emulator``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import yaml

from jst_emulator import __version__, handlers, world
from jst_emulator.clock import END_OF_TIME, epoch
from jst_emulator.emulator import ANSWERS, LONGEST_URL, MAX_URL_BYTES, Emulator, Settings
from jst_emulator.encoding import printable
from jst_emulator.readings import RANDOM
from jst_emulator.readings.export import LISTINGS, as_options
from jst_emulator.readings.table import DEFAULTS
from jst_emulator.server import serve

_USAGE_ERROR = 2
_HIGHEST_PORT = 65535
#: The largest latency in milliseconds, and the largest number of virtual seconds in a real second.
_LARGEST_NUMBER = 10**6
_MOST_DIGITS = 18
_LINES = "\n"


class _PrintableFormatter(logging.Formatter):
    """Formats log records and escapes control characters and bidi marks, except line breaks.

    Callers can put such characters into names.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, with its traceback."""
        return printable(super().format(record), keep=_LINES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until SIGINT or SIGTERM.

    The first line of output is ``jst-emulator listening on http://HOST:PORT``. A second line names the readings that
    differ from the default.

    :returns: the exit status: 0 after a clean stop, 2 when an argument or the world file is wrong.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.list_readings:
        try:
            print(LISTINGS[options.list_readings](), flush=True)
        except BrokenPipeError:  # The reader stops early, as `head` does.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    handler = logging.StreamHandler()
    handler.setFormatter(_PrintableFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler])
    settings = Settings(
        options.answers,
        options.latency_ms,
        options.time_scale,
        options.start,
        max_url_bytes=options.max_url_bytes,
        readings={**options.readings, **dict(options.reading)},
    )
    try:
        spec = _read_world(options.world) if options.world else None
        emulator = Emulator(settings, handlers.HANDLERS, world.load, spec)
        server = serve(emulator, options.host, options.port)
    except (OSError, ValueError, OverflowError) as error:
        parser.exit(_USAGE_ERROR, f"jst-emulator: {printable(str(error), keep=_LINES)}\n")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    host = f"[{options.host}]" if ":" in options.host else options.host
    greeting = f"jst-emulator listening on http://{host}:{server.port}"
    if emulator.readings != DEFAULTS:
        greeting += f"\njst-emulator readings: {as_options(emulator.readings)}"
    print(greeting, flush=True)
    server.serve_forever()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jst-emulator", description="A Jushita (retailcloud) OpenAPI in one process.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8480, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--world", type=Path, metavar="FILE", help="world to start with, YAML or JSON")
    parser.add_argument(
        "--latency-ms", type=_number, default=0, metavar="N", help="milliseconds every API call takes at least"
    )
    parser.add_argument(
        "--time-scale", type=_number, default=1, metavar="N", help="virtual seconds per real second (default: 1)"
    )
    parser.add_argument(
        "--start",
        type=_moment,
        metavar="MOMENT",
        help="virtual time to start at, ISO 8601, UTC when it names no zone (default: the real time)",
    )
    parser.add_argument(
        "--answers",
        choices=ANSWERS,
        default=ANSWERS[0],
        help="shape of answers: as the reference's tables say, or as its samples show (default: %(default)s)",
    )
    parser.add_argument(
        "--reading",
        type=_reading,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a choice where the reference can be read in several ways; may be repeated (see --list-readings)",
    )
    parser.add_argument(
        "--readings",
        type=_combination,
        default={},
        metavar="random:SEED",
        help="a combination of readings that follows from the seed and is printed at the start; --reading overrides it",
    )
    parser.add_argument(
        "--list-readings",
        nargs="?",
        choices=LISTINGS,
        const="text",
        help="print all readings with their values and exit (default: text)",
    )
    parser.add_argument(
        "--max-url-bytes",
        type=_url_bytes,
        default=MAX_URL_BYTES,
        metavar="N",
        help=f"longest URL that a call may have, up to {LONGEST_URL} (default: %(default)s)",
    )
    parser.add_argument("--version", action="version", version=f"jst-emulator {__version__}")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{port} is not a port")
    return port


def _number(text: str) -> float:
    number = float(text)
    if not 0 <= number <= _LARGEST_NUMBER:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to {_LARGEST_NUMBER}")
    return number


def _url_bytes(text: str) -> int:
    number = int(text)
    if not 0 < number <= LONGEST_URL:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {LONGEST_URL}")
    return number


def _reading(text: str) -> tuple[str, str | int]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not a reading and a choice such as slb_filter=load_balancer")
    return name, int(value) if value.isdecimal() and len(value) < _MOST_DIGITS else value


def _combination(text: str) -> dict[str, str]:
    way, colon, seed = text.partition(":")
    if way != RANDOM or not colon or not seed:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form random:SEED")
    return {RANDOM: seed}


def _moment(text: str) -> float:
    try:
        moment = epoch(text)
        if not 0 <= moment <= END_OF_TIME:
            raise ValueError
        return moment
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment such as 2026-01-05T09:00:00Z") from None


def _read_world(path: Path) -> Any:
    """Return the content of a world file. Python reads JSON a hundred times as fast as YAML, which includes it."""
    try:
        text = path.read_text(encoding="utf-8")
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path} is not YAML: {error}") from error


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """Interrupt ``serve_forever``, which closes the server before it returns."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
