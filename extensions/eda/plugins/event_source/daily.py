# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source ``jst.retailcloud.daily`` for ansible-rulebook. ``daily.yaml`` next to this file documents it.

Run the file itself to print events: ``python daily.py at=03:30``.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

USAGE = "Usage: python daily.py OPTION=VALUE ..., such as at=03:30. --help lists the options."
HELP = """\
Usage: python daily.py OPTION=VALUE ...

Prints the events that the event source jst.retailcloud.daily sends to ansible-rulebook, each as a
line of JSON, until it is stopped. Errors go to the standard error.

  python daily.py at=03:30 time_zone=Asia/Shanghai

Options, which daily.yaml beside this file documents:
  at
      The time of day, HH:MM on a 24-hour clock. Required.
  time_zone (default UTC)
      The time zone of at, a name of the IANA database such as Asia/Shanghai.
  name (default daily)
      The name of the schedule. It is a member of the event.
  state_file
      The file that remembers the last event, so that a restart neither skips a day nor repeats one.
  catch_up (default 21600)
      The number of seconds after its time within which an event is still emitted, at least 120.
"""

UUIDS = uuid.UUID("5f5c7f0e-3c3c-4a7e-9a44-8f6f3d0d2b55")
TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
# A clock that is set forward is noticed after this many seconds.
LONGEST_SLEEP = 60.0
CATCH_UP = 21600
# How long an event without feedback has to be accepted.
ACCEPTANCE_DELAY = 10.0


class Options(NamedTuple):
    """Options of the source, validated."""

    hour: int
    minute: int
    zone: tzinfo
    name: str
    state_file: Path | None
    catch_up: timedelta


def parse_options(args: Mapping[str, Any]) -> Options:
    """Return the options from the arguments of the source.

    :raises ValueError: an option is missing, unknown or wrong.
    """
    known = {"at", "time_zone", "name", "state_file", "catch_up", "feedback", "eda_feedback_queue"}
    unknown = sorted(set(args) - known)
    if unknown:
        raise ValueError(f"jst.retailcloud.daily has no option {', '.join(unknown)}.")
    at = TIME.fullmatch(str(args.get("at", "")))
    if at is None:
        raise ValueError(
            f"The option 'at' of jst.retailcloud.daily is {args.get('at')!r}. Give a time such as '03:30', in quotes."
        )
    name_of_zone = str(args.get("time_zone") or "UTC")
    try:
        zone: tzinfo = timezone.utc if name_of_zone == "UTC" else ZoneInfo(name_of_zone)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"The time zone {name_of_zone!r} is not known here. Install tzdata, or give another name."
        ) from None
    try:
        catch_up = timedelta(seconds=int(args.get("catch_up", CATCH_UP)))
    except (TypeError, ValueError, OverflowError):
        catch_up = timedelta()
    if catch_up < timedelta(seconds=2 * LONGEST_SLEEP):
        value = args["catch_up"]
        raise ValueError(f"The option 'catch_up' of jst.retailcloud.daily is {value!r}, not a number of at least 120.")
    file = args.get("state_file")
    path = Path(os.path.expandvars(str(file))).expanduser() if file else None
    return Options(int(at["hour"]), int(at["minute"]), zone, str(args.get("name") or "daily"), path, catch_up)


def last_due(options: Options, now: datetime) -> datetime:
    """Return the latest time of the schedule that is not after ``now``, in UTC."""
    today = now.astimezone(options.zone).date()
    for days in range(3):
        day = today - timedelta(days=days)
        local = datetime(day.year, day.month, day.day, options.hour, options.minute, tzinfo=options.zone)
        due = local.astimezone(timezone.utc)
        if due <= now:
            return due
    raise AssertionError("a day has a time of the schedule")


def next_due(options: Options, now: datetime) -> datetime:
    """Return the first time of the schedule that is after ``now``, in UTC."""
    # Days of a time zone have 23 to 25 hours; the steps are shorter than the shortest.
    moment = now
    while last_due(options, moment) <= now:
        moment += timedelta(hours=12)
    return last_due(options, moment)


def make_event(options: Options, due: datetime) -> dict[str, Any]:
    """Return the event of a time of the schedule."""
    moment = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    date = due.astimezone(options.zone).date().isoformat()
    identity = str(uuid.uuid5(UUIDS, f"{options.name} {moment}"))
    return {"daily": {"name": options.name, "date": date, "due_at": moment}, "meta": {"uuid": identity}}


def read_state(file: Path) -> datetime | None:
    """Return the time of the last event, ``None`` before the first.

    :raises ValueError: the file is none of this source.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        return datetime.strptime(json.loads(text)["due_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"{file} is not a state file of jst.retailcloud.daily. Name another file, or delete it."
        ) from None


def write_state(file: Path, due: datetime) -> None:
    """Write the time of the last event, so that a stop at any moment leaves the old file or the new one."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump({"due_at": due.strftime("%Y-%m-%dT%H:%M:%SZ")}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Emit an event at each time of the schedule, until the task is cancelled."""
    options = parse_options(args)
    feedback = args.get("eda_feedback_queue")
    now = datetime.now(timezone.utc)
    last = read_state(options.state_file) if options.state_file else None
    if last is None:
        last = last_due(options, now)
        if options.state_file:
            write_state(options.state_file, last)
    while True:
        now = datetime.now(timezone.utc)
        due = last_due(options, now)
        if due > last:
            if now - due <= options.catch_up:
                await queue.put(make_event(options, due))
                if feedback is not None:
                    await feedback.get()
                elif options.state_file:
                    await asyncio.sleep(ACCEPTANCE_DELAY)
            last = due
            if options.state_file:
                write_state(options.state_file, last)
        wait = (next_due(options, now) - datetime.now(timezone.utc)).total_seconds()
        await asyncio.sleep(min(max(wait, 0.0), LONGEST_SLEEP))


class Printer:
    """Queue that prints what is put into it."""

    async def put(self, event: dict[str, Any]) -> None:
        """Print an event."""
        print(json.dumps(event), flush=True)


def print_events(arguments: list[str]) -> int:
    """Print events until the source is stopped or cannot work, and return the exit status."""
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return 0
    if not arguments:
        print(f"No option is given. Option 'at' is required.\n{USAGE}", file=sys.stderr)
        return 2
    malformed = [argument for argument in arguments if "=" not in argument]
    if malformed:
        print(f"Argument {malformed[0]!r} has no '='.\n{USAGE}", file=sys.stderr)
        return 2
    # Not an asyncio.Queue, which would keep the events.
    printer: Any = Printer()
    try:
        asyncio.run(main(printer, dict(argument.split("=", 1) for argument in arguments)))
    except KeyboardInterrupt:
        return 130
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(print_events(sys.argv[1:]))
