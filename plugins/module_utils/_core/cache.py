# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A client that caches responses."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Callable, Mapping

if TYPE_CHECKING:
    from .._api.client import ApiResponse, Client
    from .._api.pagination import T
    from .._api.settings import Settings


class CachingClient:
    """A client that caches the responses and errors of another client. Thread-safe."""

    def __init__(self, client: Client | CachingClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._responses: dict[str, Future[Any]] = {}

    @property
    def settings(self) -> Settings:
        """Return the settings of the client."""
        return self._client.settings

    @property
    def clock_offset(self) -> float:
        """Return the clock offset of the client, in seconds."""
        return self._client.clock_offset

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """Call an operation that changes nothing; see :meth:`Client.call`."""
        response: ApiResponse = self._cached(
            ("call", action, params), lambda: self._client.call(action, params, deadline=deadline)
        )
        return response

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """See :meth:`Client.check`."""
        self._client.check(action, params)

    def list_all(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        deadline: float | None = None,
        thorough: bool = True,
    ) -> list[dict[str, Any]]:
        """See :meth:`Client.list_all`."""
        records: list[dict[str, Any]] = self._cached(
            ("thorough records" if thorough else "records", action, params),
            lambda: self._client.list_all(action, params, deadline=deadline, thorough=thorough),
        )
        return records

    def list_mapped(
        self,
        action: str,
        params: Mapping[str, Any] | None,
        make: Callable[[dict[str, Any]], T | None],
        *,
        deadline: float | None = None,
        thorough: bool = False,
    ) -> list[T]:
        """See :meth:`Client.list_mapped`. Unfiltered lists may be very long, so they are not cached."""
        if not params:
            return self._client.list_mapped(action, params, make, deadline=deadline, thorough=thorough)
        wanted: list[T] = []
        for is_thorough in (thorough, True):
            records = self.list_all(action, params, deadline=deadline, thorough=is_thorough)
            wanted = [one for one in map(make, records) if one is not None]
            if wanted or not records or is_thorough:  # otherwise a match may be on an unread page
                break
        return wanted

    def invalidate(self) -> None:
        """Drop all responses, because the state of the service is about to change."""
        with self._lock:
            self._responses.clear()
        if isinstance(self._client, CachingClient):
            self._client.invalidate()

    def _cached(self, request: tuple[str, str, Mapping[str, Any] | None], send: Callable[[], Any]) -> Any:
        key = json.dumps(request, sort_keys=True, default=str)
        with self._lock:
            response = self._responses.get(key)
            first = response is None
            if response is None:
                response = self._responses[key] = Future()
        if first:
            try:
                response.set_result(send())
            except BaseException as error:
                response.set_exception(error)
        return response.result()
