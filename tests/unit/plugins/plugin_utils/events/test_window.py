# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every record is new once, and sent in order: in any reading, repeated, late, moved between pages, over kills."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event, Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.outbox import Outbox
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change, StateFile
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import Window, floor_minute

LENGTH = 600
START = 1_000_020.0


class Record(NamedTuple):
    """A record of a service: when it happened, and when lists begin to show it."""

    key: str
    at: float
    visible_at: float


class KillError(Exception):
    """Ends a reading."""


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    """Return records that appear up to a window late, some at the same time."""
    lateness = st.sampled_from([0, LENGTH]) | st.integers(0, LENGTH)
    times = draw(st.lists(st.tuples(st.integers(-900, 5000), lateness), max_size=40))
    return [Record(str(number), START + at, START + at + late) for number, (at, late) in enumerate(times)]


PLACE = Place(1, "shop", 2, "production", "online", "shop")


class Reader:
    """Reads a list as a watch does, and sends what is new at the end of each round.

    :ivar sent: the records that were accepted, and the rounds in which that was.
    :ivar kills: the numbers of further records until each kill.
    """

    def __init__(self, path: str, kills: list[int]) -> None:
        self._path = path
        self.kills = kills
        self.sent: list[tuple[int, Record]] = []
        self._round = 0
        self._known: dict[str, Record] = {}
        self._start()

    def _start(self) -> None:
        self._state = StateFile(self._path)
        self._state.open(lambda seconds: False)
        self._outbox = Outbox(self._state, self._send, lambda: 0.0)

    def restart(self) -> None:
        """Begin anew after a kill."""
        self._state.close()
        self._start()

    def close(self) -> None:
        """Release the state."""
        self._state.close()

    def _send(self, body: dict[str, Any], changes: list[Change]) -> None:
        self.sent.append((self._round, self._known[body["key"]]))
        if self.kills:
            self.kills[-1] -= 1
            if self.kills[-1] < 0:
                self.kills.pop()
                raise KillError
        self._state.commit(changes)

    def read(self, listed: list[Record], now: float) -> None:
        """Read a list once."""
        self._round += 1
        window = Window(self._outbox, "list", LENGTH)
        for record in listed:
            self._known[record.key] = record
            # The service shows minutes.
            at = floor_minute(record.at)
            if window.is_unseen(record.key, at, START):
                event = Event("event", "recorded", record.key, at, PLACE, number=int(record.key))
                self._outbox.hold(event, {"key": record.key}, [window.seen(record.key, at)])
        self._outbox.commit(window.advance(START, now))
        self._outbox.flush()


def pages(listed: list[Record], chance: random.Random) -> list[Record]:
    """Return a list as it is read page by page while it changes: in any order, with repeated records."""
    shown = chance.sample(listed, len(listed))
    return shown + chance.choices(shown, k=len(shown) // 2) if shown else []


@settings(deadline=None, max_examples=60)
@given(
    happened=records(),
    gaps=st.lists(st.integers(1, LENGTH // 2), min_size=1, max_size=30),
    kills=st.lists(st.integers(0, 10), max_size=4),
    chance=st.randoms(use_true_random=False),
)
def test_every_record_comes_once_over_any_readings(
    tmp_path_factory: pytest.TempPathFactory,
    happened: list[Record],
    gaps: list[int],
    kills: list[int],
    chance: random.Random,
) -> None:
    reader = Reader(str(tmp_path_factory.mktemp("window") / "state.json"), list(kills))
    killed, now = 0, START
    for gap in [*gaps, 7000]:
        while True:
            listed = pages([record for record in happened if record.visible_at <= now], chance)
            try:
                reader.read(listed, now)
                break
            except KillError:
                killed += 1
                reader.restart()
        now += gap
    reader.kills.clear()
    # The last reading comes after a long pause, and misses nothing of it.
    reader.read(pages(happened, chance), now)
    reader.close()
    sent = [record.key for _round, record in reader.sent]
    expected = {record.key for record in happened if floor_minute(record.at) >= START}
    assert set(sent) == expected
    # Each kill repeats the one record that it left unrecorded.
    assert len(sent) - len(expected) == killed
    for (earlier_round, earlier), (later_round, later) in pairwise(reader.sent):
        in_order = (floor_minute(earlier.at), int(earlier.key)) <= (floor_minute(later.at), int(later.key))
        assert in_order or earlier_round < later_round


@settings(deadline=None)
@given(times=st.lists(st.integers(0, 100_000), min_size=1))
def test_memory_holds_what_the_window_holds(times: list[int]) -> None:
    state = StateFile(None)
    window = Window(state, "list", LENGTH)
    for number, at in enumerate(sorted(times)):
        moment = floor_minute(START + at)
        if window.is_unseen(str(number), moment, START):
            state.commit([window.seen(str(number), moment)])
        state.commit(window.advance(START, START + at))
        kept = state.items("seen list")
        assert all(kept_at >= START + at - LENGTH - 60 for kept_at in kept.values())


def test_the_start_of_a_reading_never_goes_back() -> None:
    state = StateFile(None)
    window = Window(state, "list", LENGTH)
    since = []
    for now in (START, START + 7200, START + 3600, START - 7200, START + 7200 + 600):
        state.commit(window.advance(START, now))
        since.append(window.since(START) - START)
    assert since == [0, 6600, 6600, 6600, 7200]


def test_a_record_without_a_time_comes_once() -> None:
    state = StateFile(None)
    window = Window(state, "list", LENGTH)
    assert window.is_unseen("a", None, START)
    state.commit([window.seen("a", None)])
    state.commit(window.advance(START, START + 10**6))
    assert not window.is_unseen("a", None, START)


def test_a_forgotten_list_begins_anew() -> None:
    state = StateFile(None)
    window = Window(state, "list", LENGTH)
    state.commit([window.seen("a", START)])
    state.commit(window.advance(START, START))
    known = window.is_new
    state.commit(window.forget())
    assert (known, window.is_new) == (False, True)
    assert state.sections("") == []
