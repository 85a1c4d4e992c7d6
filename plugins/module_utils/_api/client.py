# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The client: one call, or all records of a listing, with everything between them and the wire taken care of."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Callable, Mapping

from . import answers
from .answers import Answer
from .errors import ApiError, ConfigError, StoppedError, ThrottledError
from .gate import WIDTH, Gate
from .operations import Operation, operation
from .pages import Listing, Made
from .parameters import Parcel, pack
from .retries import CLOCK_CODES, EXPIRED_TOKEN, Retries
from .transport import Transport

if TYPE_CHECKING:
    from types import TracebackType

    from .credentials import Settings
    from .http_response import HttpResponse

__all__ = ["Answer", "Client"]

PAGE_SIZE = 50

MAX_WALKS = 3
"""How often a list is read whose records move meanwhile."""

_FROM_ONE = re.compile("[1-9][0-9]{0,8}")


class Client:
    """Calls the API with the given settings. Close it, or use it as a context manager.

    :param width: how many requests may be on their way at once, fewer while the service throttles.
    :param sleep: how to pass the time between tries.
    :param monotonic: the clock that deadlines are read on.
    :param abandoned: whether nobody waits for the results any more. Checked before each request.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        width: int = WIDTH,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        abandoned: Callable[[], bool] = lambda: False,
    ) -> None:
        self.settings = settings
        self._sleep = sleep
        self._monotonic = monotonic
        self._transport = Transport(settings, monotonic)
        self._gate = Gate(width)
        self._abandoned = abandoned
        self._closed = False
        # Whether a list has shown that this service counts lists, and not their pages.
        self._counts_lists = False

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def sent(self) -> int:
        """How many HTTP requests were sent so far, retries included."""
        return self._transport.sent

    @property
    def clock_offset(self) -> float:
        """Seconds by which the gateway's clock was found to be ahead, 0.0 as long as it accepts this machine's time."""
        return self._transport.clock_offset

    def close(self) -> None:
        """Close the pooled connections. Nothing is sent afterwards, also by threads that still use the client.

        Requests on their way are not waited for.
        """
        self._closed = True
        self._transport.close()

    def call(self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None) -> Answer:
        """Call one operation.

        :param params: API names to text, number, boolean, list or list of mappings; None and empty lists are left out.
        :param deadline: value of :func:`time.monotonic` that no further try starts after.
        :raises ConfigError: for an unknown action or parameter, for keys or CA certificates that cannot be had, and
            where requests is not installed; nothing was sent then.
        :raises StoppedError: when the client is closed, or nobody waits for the result any more; nothing was sent then.
        :raises ApiError: one of its subclasses. With ``unknown_outcome`` a write may have been carried out: it is never
            sent again here.
        """
        entry = operation(action)
        return self._call(entry, pack(entry, params), deadline)

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """Encode the parameters of a call without sending it.

        :raises ConfigError: for an unknown action or parameter, and for a value that has no form on the wire.
        """
        pack(operation(action), params)

    def records(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        deadline: float | None = None,
        thorough: bool = True,
    ) -> list[dict[str, Any]]:
        """All records of a listing, every page of it; records that moved over a page edge meanwhile come once.

        Parameters and errors as for :meth:`call`; the page number is not one to give. A list of which anything shows
        that records are missing is an error of the service: what does not stand in it may exist.

        :param thorough: whether a first page is no end of the list even if it is counted in full: what is wanted of a
            list as a whole would be missing without a sign.
        """
        return self.select(action, params, lambda record: record, deadline=deadline, thorough=thorough)

    def select(
        self,
        action: str,
        params: Mapping[str, Any] | None,
        make: Callable[[dict[str, Any]], Made | None],
        *,
        deadline: float | None = None,
        observe: Callable[[Answer], None] = lambda answer: None,
        thorough: bool = False,
    ) -> list[Made]:
        """What ``make`` makes of the records of a listing, without those of which it makes None.

        What it takes in memory grows with what is wanted, and not with the listing. Otherwise as :meth:`records`.

        :param observe: gets each page, for what it tells besides its records; called from several threads.
        """
        entry = operation(action)
        given = dict(params or {})
        if entry.page_parameter is None:
            answer = self.call(action, given, deadline=deadline)
            records = _records(entry, answer)
            if (answer.total_count or 0) > len(records):  # there are no pages to ask for the others
                raise answers.incomplete(entry, f"{len(records)} of {answer.total_count} records came")
            return [made for made in map(make, records) if made is not None]
        if given.get(entry.page_parameter) is not None:
            raise ConfigError(f"{entry.page_parameter} of {action} cannot be given where all pages are read")
        size = given.setdefault("PageSize", PAGE_SIZE)
        if not _FROM_ONE.fullmatch(str(size)):
            raise ConfigError(f"PageSize of {action} must be a whole number from 1 on")

        def fetch(number: int) -> Answer:
            answer = self.call(action, {**given, str(entry.page_parameter): number}, deadline=deadline)
            observe(answer)
            return answer

        for _walk in range(MAX_WALKS):
            doubts = None if self._counts_lists else thorough
            listing = Listing(fetch, lambda answer: _records(entry, answer), make, int(size), doubts).read()
            self._counts_lists = self._counts_lists or listing.counts_lists
            if not listing.moved:
                break
        if listing.flaw:
            raise answers.incomplete(entry, listing.flaw)
        return listing.made

    def _call(self, entry: Operation, parcel: Parcel, deadline: float | None) -> Answer:
        start = self._monotonic()
        limit = start + self.settings.retry_timeout
        retries = Retries(entry.reads, limit if deadline is None else min(limit, deadline), self._monotonic)
        corrected: set[str] = set()
        attempt = ticket = 0
        pause: float | None = 0.0
        while True:
            attempt += 1
            reply: HttpResponse | None = None
            try:
                with self._gate as ticket:
                    if self._closed or self._abandoned():
                        raise StoppedError(f"{entry.name} was not sent, since the task was stopped.")
                    reply = self._transport.send(entry, parcel, attempt, pause or 0.0)
                answer = answers.read(entry, reply)
                self._gate.answered()
                return answer
            except ApiError as error:
                if isinstance(error, ThrottledError):
                    self._gate.throttled(ticket)
                pause = 0.0 if self._correct(error, reply, corrected) else retries.pause(error)
                if pause is None:
                    error.attempts = attempt
                    if isinstance(error, ThrottledError):
                        error.message += f" (tried {attempt} times in {self._monotonic() - start:.0f} s)"
                    raise
            self._sleep(pause)

    def _correct(self, error: ApiError, reply: HttpResponse | None, corrected: set[str]) -> bool:
        """Put right, once in a call each, the two faults of a request that are ours to put right."""
        if error.code in corrected or reply is None:
            return False
        corrected.add(error.code)
        if error.code in CLOCK_CODES and reply.skew is not None:
            self._transport.clock_offset = reply.skew
            return True
        if not error.code.startswith(EXPIRED_TOKEN) or reply.keys is None:
            return False
        return self.settings.source.renew(reply.keys)


def _records(entry: Operation, answer: Answer) -> list[dict[str, Any]]:
    """The list inside a payload, wherever the operation keeps it.

    :raises ConfigError: for an operation whose payload has none.
    """
    data = answer.data
    if entry.records_at and isinstance(data, dict):
        data = data.get(entry.records_at)
    if data is None:
        return []
    if isinstance(data, dict) and not (entry.page_parameter or entry.records_at):
        raise ConfigError(f"{entry.name} does not list records")
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise answers.odd(entry, answer.request_id, "no list of records")
    return data
