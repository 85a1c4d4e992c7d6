# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of a round are sent in the order of their times, and what was read counts once they were accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events import outbox
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event, Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.outbox import MAX_WAIT, Outbox
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change, StateFile

PLACE = Place(1, "shop", 2, "production", "online", "shop")
SECTIONS, KEYS = ("orders", "pods"), ("1", "2")


class KillError(Exception):
    """Ends the source."""


class Sender:
    """An outbox on a state file, and the names of the events that were accepted.

    :ivar kill_at: the number of the event at which the source is killed.
    :ivar now: the monotonic time.
    """

    def __init__(self, path: Path | None = None, kill_at: int | None = None) -> None:
        self.sent: list[str] = []
        self.kill_at = kill_at
        self.now = 0.0
        self.state = StateFile(None if path is None else str(path))
        self.state.open(lambda seconds: False)
        self.outbox = Outbox(self.state, self._send, lambda: self.now)

    def _send(self, body: dict[str, Any], changes: list[Change]) -> None:
        if self.kill_at == len(self.sent):
            raise KillError
        self.sent.append(body["name"])
        self.state.commit(changes)

    def hold(self, name: str, at: float, *changes: Change, number: int = 0) -> None:
        """Hold an event of this name and time."""
        self.outbox.hold(Event("job", "failed", name, at, PLACE, number=number), {"name": name}, changes)


def content(state: StateFile | Outbox) -> dict[str, dict[str, Any]]:
    """Return everything that a state holds."""
    return {section: state.items(section) for section in state.sections("")}


def test_the_oldest_event_is_sent_first_whatever_its_kind() -> None:
    sender = Sender()
    for name, at in (("newest", 30), ("older", 20), ("same time, found later", 20), ("oldest", 10)):
        sender.hold(name, at)
    assert sender.sent == []
    sender.outbox.flush()
    assert sender.sent == ["oldest", "older", "same time, found later", "newest"]
    sender.outbox.flush()
    assert len(sender.sent) == 4


def test_numbers_order_events_of_the_same_minute() -> None:
    sender = Sender()
    for number in (3, 1, 2):
        sender.hold(str(number), 60, number=number)
    sender.outbox.flush()
    assert sender.sent == ["1", "2", "3"]


def test_an_event_never_precedes_an_earlier_one_of_the_same_object() -> None:
    """A pause has the time at which it was seen, and the end after it that of its minute."""
    sender = Sender()
    sender.hold("paused", 100, Change("orders", "1", ["paused"]))
    sender.hold("finished", 60, Change("orders", "1", None), Change("seen", "1", 60))
    sender.hold("other", 80)
    sender.outbox.flush()
    assert sender.sent == ["other", "paused", "finished"]
    assert content(sender.state) == {"seen": {"1": 60}}


def test_events_do_not_wait_for_a_long_round() -> None:
    sender = Sender()
    sender.hold("first", 10)
    sender.now = MAX_WAIT - 1
    sender.outbox.flush_late()
    assert sender.sent == []
    sender.now = MAX_WAIT
    sender.outbox.flush_late()
    assert sender.sent == ["first"]


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_HELD", 3)
    sender = Sender()
    for number in range(4):
        sender.hold(str(number), -number)
    assert sender.sent == ["2", "1", "0"]


def test_what_is_written_at_once_survives_a_kill(tmp_path: Path) -> None:
    sender = Sender(tmp_path / "state.json", kill_at=0)
    sender.hold("event", 1, Change("orders", "1", 1))
    sender.outbox.commit([Change("pods", "1", "staged"), Change("pods", "2", "staged")])
    sender.outbox.commit_now([Change("pods", "1", "written")])
    assert sender.outbox.items("pods") == {"1": "written", "2": "staged"}
    with pytest.raises(KillError):
        sender.outbox.flush()
    sender.state.close()
    assert content(Sender(tmp_path / "state.json").state) == {"pods": {"1": "written"}}


changes = st.lists(
    st.builds(Change, st.sampled_from(SECTIONS), st.sampled_from(KEYS), st.none() | st.integers(0, 3)), max_size=3
)
steps = st.lists(st.tuples(st.booleans(), st.integers(0, 5), changes), max_size=12)


@settings(deadline=None)
@given(rounds=st.lists(steps, max_size=3), kill_at=st.none() | st.integers(0, 12))
def test_the_state_is_that_of_the_events_that_were_accepted(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[Any]], kill_at: int | None
) -> None:
    """The watches see every change at once, as if each event was sent when it was found.

    After a kill, the file has no change that was found after an event that was not accepted, unless it belongs to an
    event that was.
    """
    path = tmp_path_factory.mktemp("outbox") / "state.json"
    sender, plain = Sender(path, kill_at), StateFile(None)
    written = content(plain)
    of_events: dict[str, list[Change]] = {}
    held: list[str] = []
    is_killed = False
    for found in rounds:
        held.clear()
        written = content(plain)
        for is_event, at, changed in found:
            plain.commit(changed)
            if is_event:
                name = str(len(of_events))
                of_events[name] = changed
                held.append(name)
                sender.hold(name, at, *changed)
            else:
                sender.outbox.commit(changed)
            if not held:
                written = content(plain)
            assert content(sender.outbox) == content(plain)
        try:
            sender.outbox.flush()
        except KillError:
            is_killed = True
            break
    sender.state.close()
    expected = StateFile(None)
    if is_killed:
        expected.commit(
            Change(section, key, value) for section, items in written.items() for key, value in items.items()
        )
        for name in sender.sent:
            if name in held:
                expected.commit(of_events[name])
    after = Sender(path)
    assert content(after.state) == content(expected if is_killed else plain)
    after.state.close()
