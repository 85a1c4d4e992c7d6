# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the source beside the event loop of ansible-rulebook, and hand events over."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, Protocol

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError, StoppedError, join_sentences
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.notices import LOGGER
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import FEEDBACK_QUEUE, parse_options
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.pace import Clock
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.source import Source, SourceError

FEEDBACK_WARNING = 300.0
"""Seconds without feedback after which a warning is logged."""

STOP_TIMEOUT = 3.0
"""Seconds that a stopped source gets to release its state file."""

NO_FEEDBACK = (
    "Option feedback is true, but ansible-rulebook passed no feedback queue. Use ansible-rulebook 1.2 or later, with a "
    "persistence id (--persistence-id)."
)


class EventQueue(Protocol):
    """The queue of ansible-rulebook."""

    async def put(self, data: Any) -> None:
        """Put an event, and wait while the queue is full."""


class Delivery:
    """Hands events from the thread of the source over to the queue.

    :param feedback: the queue of accepted events. None counts an event as accepted once it is in the queue.
    """

    def __init__(self, queue: EventQueue, feedback: asyncio.Queue[Any] | None, clock: Clock) -> None:
        self._queue = queue
        self._feedback = feedback
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._running: Future[None] | None = None

    def deliver(self, body: dict[str, Any]) -> None:
        """Put an event into the queue, and return once it was accepted. Called in the thread of the source.

        :raises StoppedError: when the source was stopped before.
        """
        with self._lock:
            if self._clock.is_stopped:
                raise StoppedError("The source was stopped.")
            self._running = asyncio.run_coroutine_threadsafe(self._put(body), self._loop)
        try:
            self._running.result()
        except CancelledError:
            raise StoppedError("The source was stopped.") from None

    def stop(self) -> None:
        """End the delivery that is running, and reject others."""
        self._clock.stop()
        with self._lock:
            if self._running is not None:
                self._running.cancel()

    async def _put(self, body: dict[str, Any]) -> None:
        identity = body["meta"]["uuid"]
        await self._queue.put(body)
        if self._feedback is None:
            return
        accepted = asyncio.ensure_future(self._accepted(self._feedback, identity))
        try:
            done, _pending = await asyncio.wait({accepted}, timeout=FEEDBACK_WARNING)
            if not done:
                LOGGER.warning(
                    "ansible-rulebook has not accepted event %s within %d s. The source waits until it does.",
                    identity,
                    FEEDBACK_WARNING,
                )
            await accepted
        finally:
            accepted.cancel()

    @staticmethod
    async def _accepted(feedback: asyncio.Queue[Any], identity: str) -> None:
        """Return once an event was accepted. Feedback about other events is late, and does not count."""
        while True:
            event = await feedback.get()
            if isinstance(event, Mapping) and event.get("meta", {}).get("uuid") == identity:
                return


async def run(queue: EventQueue, args: Mapping[str, Any], clock: Clock | None = None) -> None:
    """Send events until the task is cancelled.

    :param queue: takes the events.
    :param args: the arguments of the rulebook.
    :raises SourceError: for wrong options, a wrong key or a wrong endpoint.
    """
    clock = clock or Clock()
    try:
        options = parse_options(args)
    except JstError as error:
        raise SourceError(join_sentences(error.message, error.hint)) from None
    feedback = args.get(FEEDBACK_QUEUE)
    if options.feedback and feedback is None:
        raise SourceError(NO_FEEDBACK)
    delivery = Delivery(queue, feedback if options.feedback else None, clock)
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def finish(error: BaseException | None) -> None:
        if ended.done():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def work() -> None:
        error: BaseException | None = None
        try:
            Source(options, delivery.deliver, clock).run()
        except BaseException as raised:
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(finish, error)

    # A request in flight must not keep ansible-rulebook from ending.
    threading.Thread(target=work, name="jst.retailcloud.jst", daemon=True).start()
    try:
        await asyncio.shield(ended)
    finally:
        delivery.stop()
        if not ended.done():
            await asyncio.wait({ended}, timeout=STOP_TIMEOUT)
        if ended.done() and not ended.cancelled():
            ended.exception()
