# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that run calls in parallel, start nothing after a failure, and keep no process alive."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.thread_pool import DaemonThreadPool

PATIENCE = 30.0


def test_results_are_in_the_order_of_the_items() -> None:
    with DaemonThreadPool(3) as pool:
        assert pool.map(lambda number: number * 2, range(20)) == [number * 2 for number in range(20)]


def test_a_signal_that_does_not_wake_the_main_thread_is_handled() -> None:
    """As one that arrives right before that thread blocks: here the thread of the call receives it."""
    handled = threading.Event()

    def work(_item: int) -> bool:
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR2)
        return handled.wait(PATIENCE)

    before = signal.signal(signal.SIGUSR2, lambda _number, _frame: handled.set())
    try:
        with DaemonThreadPool(1) as pool:
            assert pool.map(work, [1]) == [True]
    finally:
        signal.signal(signal.SIGUSR2, before)


@pytest.mark.parametrize("width", [1, 3])
def test_no_more_threads_than_its_width(width: int) -> None:
    names = set()
    together = threading.Barrier(width)

    def work(number: int) -> None:
        if number < width:
            together.wait(PATIENCE)
        names.add(threading.current_thread().name)

    with DaemonThreadPool(width) as pool:
        pool.map(work, range(4 * width))
    assert len(names) == width


def test_after_a_failure_nothing_starts_and_what_runs_is_waited_for() -> None:
    ran = []
    failed, released = threading.Event(), threading.Event()

    def work(number: int) -> None:
        ran.append(number)
        if number == 0:
            assert failed.wait(PATIENCE)
            released.set()
        elif number == 1:
            failed.set()
            raise ValueError("one")

    with DaemonThreadPool(2) as pool, pytest.raises(ValueError, match="one"):
        pool.map(work, range(100))
    assert released.is_set()
    assert 99 not in ran


def test_closing_neither_waits_nor_starts_what_is_queued() -> None:
    running, released = threading.Event(), threading.Event()
    ran = []

    def work(number: int) -> None:
        ran.append(number)
        running.set()
        released.wait(PATIENCE)

    with DaemonThreadPool(1) as pool:
        futures = [pool.submit(work, number) for number in range(3)]
        assert running.wait(PATIENCE)
    assert [future.cancelled() for future in futures] == [False, True, True]
    released.set()
    assert futures[0].result(PATIENCE) is None
    assert ran == [0]


def test_a_process_ends_beside_a_call_that_never_does() -> None:
    code = (
        "import threading\n"
        "from ansible_collections.jst.retailcloud.plugins.module_utils._api.thread_pool import DaemonThreadPool\n"
        "running = threading.Event()\n"
        "def work():\n"
        "    running.set()\n"
        "    threading.Event().wait()\n"
        "with DaemonThreadPool(1) as pool:\n"
        "    pool.submit(work)\n"
        "    running.wait()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE, env={"PYTHONPATH": ":".join(sys.path)})


def test_a_machine_without_threads_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with DaemonThreadPool(2) as pool:
        assert pool.submit(int).result(PATIENCE) == 0
        monkeypatch.setattr(threading.Thread, "start", start)
        assert pool.map(int, "123") == [1, 2, 3]
    with DaemonThreadPool(2) as pool, pytest.raises(RuntimeError, match="new thread"):
        pool.submit(int)
