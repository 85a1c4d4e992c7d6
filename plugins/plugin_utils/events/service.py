# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service as the source reads it: page walks, its time, and credentials that change meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError, PermissionDeniedError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import Operation
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.pace import CallLimit, Clock


def is_refusal(error: ApiError) -> bool:
    """Return whether the service rejects one reading, so that others may still work.

    A missing permission concerns all readings of a kind, and a failure that may pass concerns the service.
    """
    return error.is_rejection and not error.transient and not isinstance(error, PermissionDeniedError)


class Service:
    """Read the service.

    :param access: the access options.
    :ivar has_responded: whether a call of this object succeeded.
    :ivar before_reading: is called before each reading, in the thread of the source.
    """

    def __init__(self, access: Mapping[str, Any], clock: Clock, calls_per_minute: int) -> None:
        self._access = access
        self._clock = clock
        self._limit = CallLimit(calls_per_minute, clock)
        # The time of the service by its last response, and when that came.
        self._confirmed: tuple[float, float] | None = None
        self.has_responded = False
        self.before_reading: Callable[[], None] = lambda: None
        self.settings = resolve_settings(access)
        self._client = self._new_client()

    def now(self) -> float:
        """Return the time of the service in epoch seconds: the date of its last response, and what passed since.

        The clock of this machine counts until the service has responded. It may be set at any moment later, so only
        its monotonic time is used then.
        """
        if self._confirmed is None:
            return self._clock.now()
        at, came = self._confirmed
        return at + self._clock.monotonic() - came

    def close(self) -> None:
        """Send nothing any more."""
        self._client.close()

    def renew(self) -> None:
        """Read the access options, the environment and the profile again, since credentials may have changed there."""
        self._client.close()
        self.settings = resolve_settings(self._access)
        self._client = self._new_client()

    def context(self) -> RunContext:
        """Return a context for the readings of the modules."""
        self.before_reading()
        return RunContext(self._client, {}, sleep=self._sleep)

    def walk(self, action: str, parameters: Mapping[str, Any], visit: Callable[[dict[str, Any]], None]) -> None:
        """Call a function for each record of a list, page by page. Long lists are not held in memory.

        The list may change meanwhile, so a record may be visited twice.

        :raises ApiError: when the list cannot be read to its end. Records may have been visited before.
        """

        def visit_record(record: dict[str, Any]) -> bool:
            visit(record)
            return True

        self.before_reading()
        self._client.list_mapped(action, parameters, visit_record, thorough=True)
        self.has_responded = True

    def call(self, action: str, parameters: Mapping[str, Any]) -> Any:
        """Return the data of the response to a call."""
        self.before_reading()
        data = self._client.call(action, parameters).data
        self.has_responded = True
        return data

    def _new_client(self) -> Client:
        return Client(
            self.settings,
            sleep=self._sleep,
            monotonic=self._clock.monotonic,
            is_abandoned=self._limit.take,
            on_response=self._observe,
        )

    def _sleep(self, seconds: float) -> None:
        self._clock.wait(seconds)

    def _observe(self, operation: Operation, response: HttpResponse, seconds: float) -> None:
        # Whatever stands before the service may respond with another date when the service does not.
        if response.skew is not None and response.status == HTTPStatus.OK:
            self._confirmed = (self._clock.now() + response.skew, self._clock.monotonic())
