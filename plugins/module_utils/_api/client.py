# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The client: one call, or all records of a listing, with everything between them and the wire taken care of."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Callable, Mapping

from .concurrency_limit import MAX_CONCURRENCY, AdaptiveLimiter
from .errors import ApiError, ConfigError, StoppedError, ThrottledError
from .operations import Operation, get_operation
from .pagination import Paginator, T
from .parameters import EncodedParams, encode_params
from .response_errors import incomplete_list_error, unexpected_payload_error
from .responses import ApiResponse, parse
from .retry_policy import CLOCK_CODES, EXPIRED_TOKEN, RetryPolicy
from .transport import Transport

if TYPE_CHECKING:
    from types import TracebackType

    from .http_response import HttpResponse
    from .settings import Settings

__all__ = ["ApiResponse", "Client"]

PAGE_SIZE = 50

MAX_LIST_READS = 3
"""How often a list is read whose records move meanwhile."""

_POSITIVE_INT = re.compile("[1-9][0-9]{0,8}")


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
        max_concurrency: int = MAX_CONCURRENCY,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        is_abandoned: Callable[[], bool] = lambda: False,
    ) -> None:
        self.settings = settings
        self._sleep = sleep
        self._monotonic = monotonic
        self._transport = Transport(settings, monotonic)
        self._limiter = AdaptiveLimiter(max_concurrency)
        self._is_abandoned = is_abandoned
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

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """Call one operation.

        :param params: API names to text, number, boolean, list or list of mappings; None and empty lists are left out.
        :param deadline: value of :func:`time.monotonic` that no further try starts after.
        :raises ConfigError: for an unknown action or parameter, for keys or CA certificates that cannot be had, and
            where requests is not installed; nothing was sent then.
        :raises StoppedError: when the client is closed, or nobody waits for the result any more; nothing was sent then.
        :raises ApiError: one of its subclasses. With ``unknown_outcome`` a write may have been carried out: it is never
            sent again here.
        """
        operation = get_operation(action)
        return self._call(operation, encode_params(operation, params), deadline)

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """Encode the parameters of a call without sending it.

        :raises ConfigError: for an unknown action or parameter, and for a value that has no form on the wire.
        """
        encode_params(get_operation(action), params)

    def list_all(
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
        return self.list_mapped(action, params, lambda record: record, deadline=deadline, thorough=thorough)

    def list_mapped(
        self,
        action: str,
        params: Mapping[str, Any] | None,
        transform: Callable[[dict[str, Any]], T | None],
        *,
        deadline: float | None = None,
        observe: Callable[[ApiResponse], None] = lambda response: None,
        thorough: bool = False,
    ) -> list[T]:
        """What ``make`` makes of the records of a listing, without those of which it makes None.

        What it takes in memory grows with what is wanted, and not with the listing. Otherwise as :meth:`records`.

        :param observe: gets each page, for what it tells besides its records; called from several threads.
        """
        operation = get_operation(action)
        given = dict(params or {})
        if operation.page_parameter is None:
            response = self.call(action, given, deadline=deadline)
            records = _records_of(operation, response)
            if (response.total_count or 0) > len(records):  # there are no pages to ask for the others
                raise incomplete_list_error(operation, f"{len(records)} of {response.total_count} records came")
            return [item for item in map(transform, records) if item is not None]
        if given.get(operation.page_parameter) is not None:
            raise ConfigError(f"{operation.page_parameter} of {action} cannot be given where all pages are read")
        size = given.setdefault("PageSize", PAGE_SIZE)
        if not _POSITIVE_INT.fullmatch(str(size)):
            raise ConfigError(f"PageSize of {action} must be a whole number from 1 on")

        def fetch(number: int) -> ApiResponse:
            response = self.call(action, {**given, str(operation.page_parameter): number}, deadline=deadline)
            observe(response)
            return response

        for _reading in range(MAX_LIST_READS):
            doubts = None if self._counts_lists else thorough
            paginator = Paginator(
                fetch, lambda response: _records_of(operation, response), transform, int(size), doubts
            ).read_all()
            self._counts_lists = self._counts_lists or paginator.counts_lists
            if not paginator.has_moved:
                break
        if paginator.incomplete_reason:
            raise incomplete_list_error(operation, paginator.incomplete_reason)
        return paginator.items

    def _call(self, operation: Operation, encoded: EncodedParams, deadline: float | None) -> ApiResponse:
        start = self._monotonic()
        limit = start + self.settings.retry_timeout
        policy = RetryPolicy(operation.is_read, limit if deadline is None else min(limit, deadline), self._monotonic)
        fixed: set[str] = set()
        attempt = ticket = 0
        delay: float | None = 0.0
        while True:
            attempt += 1
            http_response: HttpResponse | None = None
            try:
                with self._limiter as ticket:
                    if self._closed or self._is_abandoned():
                        raise StoppedError(f"{operation.name} was not sent, since the task was stopped.")
                    http_response = self._transport.send(operation, encoded, attempt, delay or 0.0)
                response = parse(operation, http_response)
                self._limiter.on_success()
                return response
            except ApiError as error:
                if isinstance(error, ThrottledError):
                    self._limiter.on_throttle(ticket)
                delay = 0.0 if self._fix_request(error, http_response, fixed) else policy.next_delay(error)
                if delay is None:
                    error.attempts = attempt
                    if isinstance(error, ThrottledError):
                        error.message += f" (tried {attempt} times in {self._monotonic() - start:.0f} s)"
                    raise
            self._sleep(delay)

    def _fix_request(self, error: ApiError, http_response: HttpResponse | None, fixed: set[str]) -> bool:
        """Put right, once in a call each, the two faults of a request that are ours to put right."""
        if error.code in fixed or http_response is None:
            return False
        fixed.add(error.code)
        if error.code in CLOCK_CODES and http_response.skew is not None:
            self._transport.clock_offset = http_response.skew
            return True
        if not error.code.startswith(EXPIRED_TOKEN) or http_response.credentials is None:
            return False
        return self.settings.credential_provider.refresh(http_response.credentials)


def _records_of(operation: Operation, response: ApiResponse) -> list[dict[str, Any]]:
    """The list inside a payload, wherever the operation keeps it.

    :raises ConfigError: for an operation whose payload has none.
    """
    data = response.data
    if operation.records_at and isinstance(data, dict):
        data = data.get(operation.records_at)
    if data is None:
        return []
    if isinstance(data, dict) and not (operation.page_parameter or operation.records_at):
        raise ConfigError(f"{operation.name} does not list records")
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise unexpected_payload_error(operation, response.request_id, "no list of records")
    return data
