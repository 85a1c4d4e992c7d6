# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""A pool of threads that never keep a process alive.

``concurrent.futures.ThreadPoolExecutor`` waits for its threads at the end of its ``with`` block, and again at the exit
of the interpreter. A task that a signal or the ``timeout`` of Ansible interrupts must not wait for a call of several
minutes, nor start queued calls.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ALL_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Any, Callable, Collection, Iterable, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

Item = TypeVar("Item")
Result = TypeVar("Result")

SIGNAL_INTERVAL = 1.0
"""Seconds between two chances of a signal handler to run while the main thread waits."""


def wait_interruptibly(futures: Collection[Future[Result]], return_when: str = ALL_COMPLETED) -> set[Future[Result]]:
    """Wait for calls, and return those that have ended.

    Handlers of signals run in the main thread, between two instructions. A signal that reaches the process right before
    that thread blocks, or reaches another thread, does not wake it, so it must not block for longer than an interval.

    :param return_when: ``ALL_COMPLETED`` or ``FIRST_COMPLETED``.
    """
    while True:
        done, running = wait(futures, SIGNAL_INTERVAL, return_when)
        if not running or (done and return_when != ALL_COMPLETED):
            return done


class DaemonThreadPool:
    """Run functions in daemon threads. Use it as a context manager.

    :param max_threads: the highest number of threads, at least 1.
    """

    def __init__(self, max_threads: int) -> None:
        self._max_threads = max_threads
        self._condition = threading.Condition()
        self._jobs: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._threads = 0
        self._idle = 0
        self._closed = False

    def __enter__(self) -> DaemonThreadPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Queue a call of ``work``. The future holds its result or exception.

        :raises RuntimeError: when the machine cannot start a thread, and the pool has none.
        """
        future: Future[Result] = Future()
        with self._condition:
            self._jobs.append((future, lambda: work(*arguments)))
            if self._idle >= len(self._jobs) or self._threads >= self._max_threads:
                self._condition.notify()
            else:
                self._start_thread()
        return future

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return the results in the order of the items. After a failure no further call starts.

        :raises BaseException: the exception of the first failed call, after running calls have ended.
        """

        failures: list[Future[Result]] = []

        def note(future: Future[Result]) -> None:
            # Runs in the thread of the call, before its next call.
            if not future.cancelled() and future.exception():
                failures.append(future)
                self._clear()

        futures: list[Future[Result]] = []
        for item in items:
            if failures:
                break
            futures.append(self.submit(work, item))
            futures[-1].add_done_callback(note)
        wait_interruptibly(futures)
        return [future.result() for future in failures or futures]

    def close(self) -> None:
        """Cancel queued calls, without waiting for running ones."""
        self._clear()
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def _clear(self) -> None:
        """Cancel the queued calls."""
        with self._condition:
            while self._jobs:
                future = self._jobs.popleft()[0]
                future.cancel()
                future.set_running_or_notify_cancel()

    def _start_thread(self) -> None:
        self._threads += 1
        try:
            threading.Thread(target=self._serve, daemon=True).start()
        except RuntimeError:
            self._threads -= 1
            if not self._threads:
                raise

    def _serve(self) -> None:
        while True:
            with self._condition:
                self._idle += 1
                while not self._jobs and not self._closed:
                    self._condition.wait()
                self._idle -= 1
                if self._closed:
                    return
                future, work = self._jobs.popleft()
            try:
                result = work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            # An idle thread must not keep the last result in memory.
            del future, work
