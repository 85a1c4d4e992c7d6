# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The client: sends one call with retries, or reads all records of a list."""

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
"""Readings of a list whose records move between pages meanwhile."""

_POSITIVE_INT = re.compile("[1-9][0-9]{0,8}")


class Client:
    """Call the API with the given settings. Close it, or use it as a context manager.

    :param max_concurrency: the highest number of concurrent requests. Throttling lowers it.
    :param sleep: waits between attempts.
    :param monotonic: the clock of deadlines.
    :param is_abandoned: whether nobody waits for the results any more. Checked before each request.
    :param on_response: receives each response before it is parsed, with the seconds that the request took. A response
        may hold secrets.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        max_concurrency: int = MAX_CONCURRENCY,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        is_abandoned: Callable[[], bool] = lambda: False,
        on_response: Callable[[Operation, HttpResponse, float], None] = lambda operation, response, seconds: None,
    ) -> None:
        self.settings = settings
        self._sleep = sleep
        self._monotonic = monotonic
        self._transport = Transport(settings, monotonic)
        self._limiter = AdaptiveLimiter(max_concurrency)
        self._is_abandoned = is_abandoned
        self._on_response = on_response
        self._closed = False
        # Whether a list has shown that the service counts lists, not pages.
        self._counts_lists = False

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def sent(self) -> int:
        """The number of HTTP requests sent so far, retries included."""
        return self._transport.sent

    @property
    def clock_offset(self) -> float:
        """Seconds by which the gateway's clock is ahead, 0.0 while it accepts the time of this machine."""
        return self._transport.clock_offset

    def close(self) -> None:
        """Close the pooled connections. Nothing is sent afterwards, not by other threads either.

        Requests in flight are not waited for.
        """
        self._closed = True
        self._transport.close()

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """Call one operation.

        :param params: API names to text, number, boolean, list or list of mappings. None and empty lists are omitted.
        :param deadline: value of :func:`time.monotonic` after which no attempt starts.
        :raises ConfigError: for an unknown action or parameter, unavailable credentials or CA certificates, or without
            requests. Nothing was sent.
        :raises StoppedError: when the client is closed, or nobody waits for the result any more. Nothing was sent.
        :raises ApiError: when the call failed. With ``unknown_outcome`` the service may have executed the write, so it
            is not retried.
        """
        operation = get_operation(action)
        return self._call(operation, encode_params(operation, params), deadline)

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """Encode the parameters of a call without sending it.

        :raises ConfigError: for an unknown action or parameter, or a value that cannot be encoded.
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
        """Return all records of a list, from all pages. A record that moves between pages meanwhile is returned once.

        Parameters and errors are those of :meth:`call`, without the page number. A list with any sign of missing
        records is an error, since a record that is not in the list may exist.

        :param thorough: whether to read on after a first page with a matching count, see :class:`Paginator`.
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
        """Return what ``transform`` returns for the records of a list, without None.

        Memory grows with the returned items, not with the length of the list. See :meth:`list_all`.

        :param observe: receives each page, for its data other than the records. Called from several threads.
        """
        operation = get_operation(action)
        given = dict(params or {})
        if operation.page_parameter is None:
            response = self.call(action, given, deadline=deadline)
            records = _records_of(operation, response)
            if (response.total_count or 0) > len(records):  # this operation has no further pages
                raise incomplete_list_error(operation, f"{len(records)} of {response.total_count} records came")
            return [item for item in map(transform, records) if item is not None]
        if given.get(operation.page_parameter) is not None:
            raise ConfigError(f"{operation.page_parameter} of {action} cannot be given where all pages are read")
        size = given.setdefault("PageSize", PAGE_SIZE)
        if not _POSITIVE_INT.fullmatch(str(size)):
            raise ConfigError(f"PageSize of {action} must be a whole number of at least 1")

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
                    sent = self._monotonic()
                    http_response = self._transport.send(operation, encoded, attempt, delay or 0.0)
                    self._on_response(operation, http_response, self._monotonic() - sent)
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
        """Correct the clock or renew the credentials after the matching error, each once per call.

        Return whether to send the call again at once.
        """
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
    """Return the list of records in a payload.

    :raises ConfigError: for an operation without records.
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
