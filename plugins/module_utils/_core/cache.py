# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What several things of one task need to know is asked for once, for as long as nothing is written."""

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
    """A client that remembers answers, errors too. Safe to use from several threads.

    :param client: the one that asks the service.
    """

    def __init__(self, client: Client | CachingClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._responses: dict[str, Future[Any]] = {}

    @property
    def settings(self) -> Settings:
        """Those of the client."""
        return self._client.settings

    @property
    def clock_offset(self) -> float:
        """That of the client."""
        return self._client.clock_offset

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """As the client's, for operations that change nothing."""
        response: ApiResponse = self._cached(
            ("call", action, params), lambda: self._client.call(action, params, deadline=deadline)
        )
        return response

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """As the client's."""
        self._client.check(action, params)

    def list_all(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        deadline: float | None = None,
        thorough: bool = True,
    ) -> list[dict[str, Any]]:
        """As the client's."""
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
        """As the client's. A listing that nothing narrows may be as long as the account is large: it is not kept."""
        if not params:
            return self._client.list_mapped(action, params, make, deadline=deadline, thorough=thorough)
        wanted: list[T] = []
        for is_thorough in (thorough, True):
            records = self.list_all(action, params, deadline=deadline, thorough=is_thorough)
            wanted = [one for one in map(make, records) if one is not None]
            if wanted or not records or is_thorough:  # otherwise what is wanted may be on a page that was not read
                break
        return wanted

    def invalidate(self) -> None:
        """Ask the service again from now on: what it told is about to change."""
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
