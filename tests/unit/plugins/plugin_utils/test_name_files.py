# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files in which the tasks of a run share names: what is in them, and who waits for whom."""

from __future__ import annotations

import fcntl
import os
import random
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.name_files import NameFiles

KEY = "0" * 32
# Names that meet in the file: of one beginning, of other cases, with what separates lines and members.
ODD_NAMES = ("", "a", "A", "a\t", "a\n", 'a"', "a\\", "ab", "\ud800", "店", "\x00", "1", "a\t1\n", "-")
NAMES = st.sampled_from(ODD_NAMES) | st.text(max_size=4)
IDS = st.integers(0, 2**63) | st.text(max_size=4)

Lists = dict[str, set[Any]]


@pytest.fixture
def files(tmp_path: Path) -> NameFiles:
    """Return files that must be usable."""
    return NameFiles(tmp_path, 1, pytest.fail)


def in_child(action: Callable[[], Any]) -> int:
    """Run an action in a fork, and return its process id. It exits with 0 when the action returns."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """Wait for a child, and return its exit code; negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def replaced(new: list[Any], old: list[Any]) -> list[Any]:
    return new


def edited(old: list[Any], new: int, gone: set[int]) -> list[Any]:
    return [*(one for one in old if one not in gone), new]


def shown(files: NameFiles, name: str) -> set[Any]:
    """Return the ids of a name, each of which the list has too."""
    ids = files.ids_of(KEY, name)
    assert len(ids) == len(set(ids))
    assert all(files.has_id(KEY, resource_id) for resource_id in ids)
    return set(ids)


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    listed=st.lists(st.tuples(NAMES, IDS), max_size=40),
    changes=st.lists(st.tuples(NAMES, st.lists(IDS, max_size=3)), max_size=20),
    others=st.lists(NAMES, max_size=10),
)
def test_what_is_found_is_what_was_stored(
    listed: list[tuple[str, Any]],
    changes: list[tuple[str, list[Any]]],
    others: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    files = NameFiles(tmp_path_factory.mktemp("run"), 1, pytest.fail)
    expected: Lists = {}
    for name, resource_id in listed:
        expected.setdefault(name, set()).add(resource_id)
    files.publish(KEY, listed)
    for name, ids in changes:
        files.change(KEY, name, partial(replaced, ids))
        expected[name] = set(ids)
    for name in [*expected, *others]:
        assert shown(files, name) == expected.get(name, set())


def test_changes_of_several_processes(files: NameFiles) -> None:
    """Each process adds to and removes from names of all: none of the changes is lost."""
    processes, rounds = 4, 60
    names = [f"app-{number}" for number in range(10)]
    files.publish(KEY, [(name, -1) for name in names])

    def changes(process: int) -> Iterator[tuple[str, int, set[int]]]:
        """Yield names, each with an id to add and ids to remove that the same process has added."""
        chosen, added = random.Random(process), dict[str, set[int]]()
        for number in range(process * rounds, (process + 1) * rounds):
            name = chosen.choice(names)
            gone = set() if chosen.random() < 0.7 else added.get(name, set())
            added[name] = added.get(name, set()) - gone | {number}
            yield name, number, gone

    def write(process: int) -> None:
        for name, new, gone in changes(process):
            files.change(KEY, name, partial(edited, new=new, gone=gone))
            assert new in files.ids_of(KEY, name)

    children = [in_child(partial(write, process)) for process in range(processes)]
    assert [ended(child) for child in children] == [0] * processes
    expected: Lists = {name: {-1} for name in names}
    for process in range(processes):
        for name, new, gone in changes(process):
            expected[name] = set(edited([*expected[name]], new, gone))
    assert {name: shown(files, name) for name in names} == expected


def test_a_list_that_nobody_published(files: NameFiles) -> None:
    files.change(KEY, "a", lambda old: [1])
    assert not files.is_known(KEY)
    assert (files.ids_of(KEY, "a"), files.has_id(KEY, 1)) == ([], False)
    files.publish(KEY, [])
    assert files.is_known(KEY)
    assert files.ids_of(KEY, "a") == []
    assert files.ids_of("1" * 32, "a") == []


def test_only_the_owner_can_read_them(files: NameFiles, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with files.reading(KEY):
            files.publish(KEY, [("a", 1)])
        files.change(KEY, "b", lambda old: [2])
    finally:
        os.umask(before)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    assert len([*tmp_path.iterdir()]) == 3  # the list, and the locks for its reading and its changes


def test_a_directory_that_cannot_be_used(tmp_path: Path) -> None:
    """Nothing fails: the list stays unknown, and a message says why."""
    reports: list[str] = []
    files = NameFiles(tmp_path / "missing", 1, reports.append)
    with files.reading(KEY):
        files.publish(KEY, [("a", 1)])
    assert files.ids_of(KEY, "a") == []
    assert len(reports) == 2
    assert all("cannot be used" in report and "No such file" in report for report in reports)


def test_a_disk_that_is_full(files: NameFiles, tmp_path: Path) -> None:
    """Half a list is never published, a list that cannot be changed stays, and nothing is left behind."""
    files.publish(KEY, [("a", 1)])
    reports: list[str] = []

    def write() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        small = NameFiles(tmp_path, 1, reports.append)
        small.publish("1" * 32, [("a" * 100, 1)])
        small.change(KEY, "a" * 100, lambda old: [2])
        assert len(reports) == 2

    assert ended(in_child(write)) == 0
    assert not files.is_known("1" * 32)
    assert (files.ids_of(KEY, "a"), files.ids_of(KEY, "a" * 100)) == ([1], [])
    assert not [file.name for file in tmp_path.iterdir() if file.name.count(".") > 1]


@pytest.mark.parametrize("publishes", [True, False])
@pytest.mark.parametrize("killed", [True, False])
def test_others_wait_for_the_one_that_reads(
    publishes: bool, killed: bool, files: NameFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait until it has published, failed or was killed, and continue at the same time."""
    waiting, lock = threading.Semaphore(0), fcntl.flock

    def flock(descriptor: int, operation: int) -> None:
        if operation == fcntl.LOCK_SH:
            waiting.release()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    reads, has_begun = os.pipe()
    may_end, end = os.pipe()

    def read() -> None:
        with files.reading(KEY):
            os.write(has_begun, b"x")
            os.read(may_end, 1)
            if publishes:
                files.publish(KEY, [("a", 1)])
            if killed:
                os.kill(os.getpid(), signal.SIGKILL)

    child = in_child(read)
    os.read(reads, 1)
    meeting, found = threading.Barrier(3), list[list[Any]]()

    def wait() -> None:
        with files.reading(KEY):
            found.append(files.ids_of(KEY, "a"))
            meeting.wait(60)

    threads = [threading.Thread(target=wait, daemon=True) for _dummy in range(2)]
    for thread in threads:
        thread.start()
    assert [waiting.acquire(timeout=60) for _dummy in threads] == [True, True]
    assert found == []
    os.write(end, b"x")
    meeting.wait(60)
    for thread in threads:
        thread.join(60)
    assert ended(child) == (-signal.SIGKILL if killed else 0)
    assert found == [[1] if publishes else []] * 2
    for descriptor in (reads, has_begun, may_end, end):
        os.close(descriptor)


def test_a_known_list_is_waited_for_by_nobody(files: NameFiles) -> None:
    files.publish(KEY, [])
    with files.reading(KEY), files.reading(KEY):
        pass
