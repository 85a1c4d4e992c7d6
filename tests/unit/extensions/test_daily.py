# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source ``daily``: its times, and what a restart does."""

from __future__ import annotations

import asyncio
import re
import runpy
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.run_in_collection import ROOT

FOLDER = ROOT / "extensions" / "eda" / "plugins" / "event_source"
SOURCE: dict[str, Any] = runpy.run_path(str(FOLDER / "daily.py"))
DOCUMENTED = yaml.safe_load((FOLDER / "daily.yaml").read_text())["DOCUMENTATION"]["options"]
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


def options(**given: Any) -> Any:
    """Return the parsed options."""
    return SOURCE["parse_options"]({"at": "03:30", **given})


@given(MOMENTS, st.integers(0, 23), st.integers(0, 59), st.sampled_from(ZONES))
def test_times(now: datetime, hour: int, minute: int, zone: str) -> None:
    """The last time is not after now, the next one is, and both are one day of the zone apart."""
    chosen = options(at=f"{hour:02}:{minute:02}", time_zone=zone)
    last, following = SOURCE["last_due"](chosen, now), SOURCE["next_due"](chosen, now)
    assert last <= now < following
    assert timedelta(hours=22) < following - last < timedelta(hours=26)
    assert following == SOURCE["last_due"](chosen, following)
    days = [due.astimezone(chosen.zone).date() for due in (last, following)]
    assert days[1] - days[0] == timedelta(days=1)


def test_a_time_in_shanghai() -> None:
    """It is the evening before in UTC."""
    due = SOURCE["last_due"](options(time_zone="Asia/Shanghai"), datetime(2026, 1, 5, 12, tzinfo=UTC))
    assert due == datetime(2026, 1, 4, 19, 30, tzinfo=UTC)
    event = SOURCE["make_event"](options(time_zone="Asia/Shanghai", name="drift"), due)
    assert event["daily"] == {"name": "drift", "date": "2026-01-05", "due_at": "2026-01-04T19:30:00Z"}


def test_the_same_event_has_the_same_id() -> None:
    due = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)
    ids = {SOURCE["make_event"](options(name=name), at)["meta"]["uuid"] for name in "ab" for at in (due, due)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": 210},
        {"at": "24:00"},
        {"at": ""},
        {"time_zone": "Asia/Atlantis"},
        {"catch_up": "x"},
        {"catch_up": 1},
        {"every": 1},
    ],
    ids=str,
)
def test_wrong_options(wrong: dict[str, Any]) -> None:
    """The message names the option or the value."""
    [(name, value)] = wrong.items()
    with pytest.raises(ValueError, match=f"{name}|{value!r}"):
        options(**wrong)


def test_the_documentation_names_the_options() -> None:
    parsed = options(**{name: option.get("default", "03:30") for name, option in DOCUMENTED.items()})
    assert parsed.catch_up == timedelta(seconds=DOCUMENTED["catch_up"]["default"])
    assert parsed.name == DOCUMENTED["name"]["default"]


class Stopped(Exception):
    """The engine was killed."""


def run(folder: Path, **given: Any) -> list[str]:
    """Run the source until it has nothing to send, and return the times of its events."""
    sent: list[str] = []

    class Queue:
        async def put(self, event: dict[str, Any]) -> None:
            sent.append(event["daily"]["due_at"])

    async def go() -> None:
        feedback: asyncio.Queue[Any] = asyncio.Queue()
        for _count in range(3):
            feedback.put_nowait({})
        args = {"state_file": str(folder / "state"), "eda_feedback_queue": feedback, **given}
        task = asyncio.ensure_future(SOURCE["main"](Queue(), args))
        _done, pending = await asyncio.wait({task}, timeout=0.3)
        if pending:
            task.cancel()
        else:
            task.result()

    asyncio.run(go())
    return sent


def at(moment: datetime) -> str:
    """Return the time of day."""
    return moment.strftime("%H:%M")


def test_a_restart_neither_skips_nor_repeats(tmp_path: Path) -> None:
    """A first start waits for the next time. A time that passed meanwhile is caught up with, once."""
    due = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)
    assert run(tmp_path, at=at(due)) == []
    SOURCE["write_state"](tmp_path / "state", due - timedelta(days=3))
    assert run(tmp_path, at=at(due)) == [due.strftime("%Y-%m-%dT%H:%M:%SZ")]
    assert run(tmp_path, at=at(due)) == []
    assert [file.name for file in tmp_path.iterdir()] == ["state"]


def test_an_old_time_is_not_caught_up_with(tmp_path: Path) -> None:
    due = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)
    SOURCE["write_state"](tmp_path / "state", due - timedelta(days=3))
    assert run(tmp_path, at=at(due), catch_up=300) == []
    assert SOURCE["read_state"](tmp_path / "state") == due


def test_an_event_that_was_not_accepted_comes_again(tmp_path: Path) -> None:
    """The state is written after the feedback."""
    due = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)
    SOURCE["write_state"](tmp_path / "state", due - timedelta(days=1))
    silent: asyncio.Queue[Any] | None = None

    async def go() -> list[Any]:
        nonlocal silent
        silent = asyncio.Queue()
        queue: asyncio.Queue[Any] = asyncio.Queue()
        args = {"at": at(due), "state_file": str(tmp_path / "state"), "eda_feedback_queue": silent}
        task = asyncio.ensure_future(SOURCE["main"](queue, args))
        await asyncio.wait({task}, timeout=0.3)
        task.cancel()
        return [queue.get_nowait() for _count in range(queue.qsize())]

    first, second = asyncio.run(go()), asyncio.run(go())
    assert first == second
    assert len(first) == 1


def test_a_file_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("[]")
    with pytest.raises(ValueError, match="is not a state file"):
        run(tmp_path, at="03:30")


def command(*arguments: str) -> tuple[int, str, str]:
    """Run the file itself, and return its exit status, its output and its errors."""
    command = [sys.executable, str(FOLDER / "daily.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No option is given. Option 'at' is required.\nUsage: python daily.py OPTION="),
        (["03:30"], "Argument '03:30' has no '='.\nUsage: python daily.py OPTION="),
        (["at=3"], "The option 'at' of jst.retailcloud.daily is '3'."),
        (["at=03:30", "state_file=/nowhere/daily.json"], "[Errno 2] No such file or directory"),
    ],
)
def test_the_command_shows_errors_without_a_traceback(arguments: list[str], message: str) -> None:
    status, output, errors = command(*arguments)
    assert (status, output) == (2, "")
    assert errors.startswith(message)
    assert "Traceback" not in errors


def test_the_help_lists_the_options() -> None:
    status, output, errors = command("--help")
    assert (status, errors) == (0, "")
    listed = dict(re.findall(r"^  (\w+)(?: \(default (.+)\))?$", output, re.MULTILINE))
    # Feedback is what ansible-rulebook alone has.
    assert set(listed) == set(DOCUMENTED) - {"feedback"}
    assert {name: str(DOCUMENTED[name].get("default") or "") for name in listed} == listed
