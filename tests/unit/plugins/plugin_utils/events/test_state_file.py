# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file keeps every change that was recorded, whatever moment a kill strikes."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events import state_file
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_content import is_valid
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change, StateFile, StateFileError

VALUES = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2)
CHANGES = st.lists(
    st.builds(Change, st.sampled_from(["orders", "pods \u2028"]), st.sampled_from(["1", "2", "\n"]), VALUES), max_size=3
)


def never(seconds: float) -> bool:
    """Stand for a source that is not stopped, and has no time to wait."""
    return False


def opened(path: Path) -> StateFile:
    """Return an open state file."""
    state = StateFile(str(path))
    state.open(never)
    return state


def content(state: StateFile) -> dict[str, dict[str, Any]]:
    """Return everything that a state holds."""
    return {section: state.items(section) for section in state.sections("")}


@settings(deadline=None)
# The cut is inside a character.
@example(commits=[[Change("orders", "订单", 1)]], cut=7, compacted=False)
@given(commits=st.lists(CHANGES, max_size=6), cut=st.integers(0, 400), compacted=st.booleans())
def test_a_kill_loses_no_more_than_the_line_that_is_being_written(
    tmp_path_factory: pytest.TempPathFactory, commits: list[list[Change]], cut: int, compacted: bool
) -> None:
    path = tmp_path_factory.mktemp("state") / "state.json"
    state = opened(path)
    contents = [content(state)]
    sizes = [path.stat().st_size]
    for changes in commits:
        state.commit(changes)
        if compacted:
            state.compact()
            contents, sizes = [], []
        contents.append(content(state))
        sizes.append(path.stat().st_size)
    state.close()
    whole = path.read_bytes()
    kept = max(sizes[0], len(whole) - cut)
    path.write_bytes(whole[:kept])
    state = opened(path)
    expected = [entry for entry, size in zip(contents, sizes, strict=True) if size <= kept][-1]
    assert content(state) == expected
    # What was cut off does not come back, and what comes next is kept.
    state.commit([Change("orders", "next", 1)])
    state.close()
    state = opened(path)
    assert state.get("orders", "next") == 1
    state.close()


def test_a_kill_may_come_within_a_character(tmp_path: Path) -> None:
    state = opened(tmp_path / "state.json")
    state.commit([Change("orders", "1", "订单")])
    state.commit([Change("orders", "1", "订单\ud800")])
    state.close()
    whole = (tmp_path / "state.json").read_bytes()
    assert opened(tmp_path / "state.json").get("orders", "1") == "订单\ud800"
    (tmp_path / "other.json").write_bytes(whole[:-6])
    assert opened(tmp_path / "other.json").get("orders", "1") == "订单"


def test_a_snapshot_replaces_the_file_when_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_file, "MIN_LINES", 5)
    path = tmp_path / "deep" / "state.json"
    state = opened(path)
    for number in range(100):
        state.commit([Change("orders", "1", number)])
        assert len(path.read_text().splitlines()) <= 1 + 5
    state.close()
    assert opened(path).get("orders", "1") == 99


def test_changes_that_are_held_back_count_at_once_and_are_written_in_order(tmp_path: Path) -> None:
    now = [0.0]
    path = tmp_path / "state.json"
    state = StateFile(str(path), lambda: now[0])
    state.open(never)
    state.commit([Change("orders", "1", "held")], hold=10)
    # What follows may rely on what is held back, so it waits too.
    state.commit([Change("orders", "2", "follows")])
    assert content(state) == {"orders": {"1": "held", "2": "follows"}}
    assert len(path.read_text().splitlines()) == 1
    now[0] = 10.0
    state.flush()
    assert [line.split('"')[3] for line in path.read_text().splitlines()[1:]] == ["1", "2"]
    state.commit([Change("orders", "3", "lost")], hold=10)
    state.close()
    assert content(opened(path)) == {"orders": {"1": "held", "2": "follows"}}


def test_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "state.json"
    opened(path).close()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_two_sources_cannot_share_a_file(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.json")
    with pytest.raises(ConfigError, match="is in use by another event source"):
        opened(tmp_path / "state.json")
    first.close()
    opened(tmp_path / "state.json").close()


def test_a_source_that_is_stopped_does_not_wait_for_the_lock(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.json")
    waits: list[float] = []

    def stop(seconds: float) -> bool:
        waits.append(seconds)
        return True

    with pytest.raises(ConfigError):
        StateFile(str(tmp_path / "state.json")).open(stop)
    assert waits == [1.0]
    first.close()


@pytest.mark.parametrize(
    "text",
    [
        '{"version": true, "sections": {}}\n',
        "[" * 100_000 + "\n",
        *(
            f'{{"version": 1, "sections": {{"{section}": {{"{key}": {value}}}}}}}\n'
            for section, key, value in (
                ("since", "deploy_orders", '"abc"'),
                ("since", "deploy_orders", "NaN"),
                ("since", "deploy_orders", "1e200"),
                ("start", "jobs", "[]"),
                ("missing", "pods of environment 1", "{}"),
                ("pods of environment 1", "pod", '"now"'),
                ("seen deploy_orders", "1", '"abc"'),
                ("deploy orders", "notanumber", "[]"),
                ("deploy orders", "1", "[1]"),
                ("schedules", "1", "1"),
                ("schedules", "1", '{"text": "* * * * *"}'),
                ("schedules", "1", '{"slots": ["a"]}'),
                ("schedules", "1", '{"until": "a"}'),
                ("instances of environment 1", "pod", "1"),
                ("instances of environment 1", "pod", '{"restarts": "a"}'),
            )
        ),
        "",
        "{}",
        "[]",
        '{"version": 2, "sections": {}}\n',
        '{"version": 1, "sections": {"a": 1}}\n',
        "a\n",
        "null\n",
    ],
)
def test_another_file_is_refused_and_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match="is not a state file"):
        StateFile(str(path), is_valid=is_valid).open(never)
    assert path.read_text() == text


def test_a_broken_line_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 1, "sections": {}}) + '\n[["a","b"\n[["a","b",1]]\n')
    with pytest.raises(ConfigError, match="is not a state file"):
        opened(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"state_file .*/file/state.json cannot be used"):
        opened(tmp_path / "file" / "state.json")


@contextmanager
def most_bytes(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("compacts", [False, True])
def test_a_full_disk_is_named_and_leaves_no_part_of_a_line(tmp_path: Path, compacts: bool) -> None:
    now = [0.0]
    path = tmp_path / "state.json"
    state = StateFile(str(path), lambda: now[0])
    state.open(never)
    state.commit([Change("orders", "1", "before")])
    state.commit([Change("orders", "2", "held")], hold=10)
    now[0] = 10.0
    with (
        most_bytes(path.stat().st_size + 10 - 20 * compacts),
        pytest.raises(StateFileError, match=r"state_file .*/state.json cannot be used: File too large"),
    ):
        (state.compact if compacts else state.flush)()
    expected = {"1": "before", "2": "held", "3": "after"}
    state.commit([Change("orders", "3", "after")])
    assert state.items("orders") == expected
    state.close()
    assert opened(path).items("orders") == expected


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    state = StateFile(None)
    state.open(never)
    state.commit([Change("orders", "1", 1)])
    state.compact()
    state.close()
    assert state.get("orders", "1") == 1
