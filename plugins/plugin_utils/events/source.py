# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of the event source: rounds of readings, pauses between them, and failures of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    ConfigError,
    ConnectionFailedError,
    JstError,
    PermissionDeniedError,
    RequestRejectedError,
    StoppedError,
    join_sentences,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.retry_policy import CLOCK_CODES, EXPIRED_TOKEN
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.beginning import (
    beginning_message,
    exposed_databases,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.deploy_orders import DeployOrderWatch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.event_monitor import EventMonitorWatch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.instance_lists import InstanceLists
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.instances import InstanceWatch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.jobs import JobWatch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.notices import LOGGER, Notices
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import TYPES, Options, shortened
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.outbox import Outbox
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.pace import Clock
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.places import Places
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.service import Service
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_content import is_valid
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change, StateFile, StateFileError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import Tools, Watch

SLOWER = 1.5
"""The factor by which the pause grows after a round in which nothing happened."""

KNOWN_SERVICES = "services"
"""The section with the endpoints that have responded."""

CONTINUES = "The source continues, and sends what it missed once the service responds."

WRONG_ENDPOINT = ("CertificateNotTrusted", "NameResolution", "TlsHandshake")
"""Reasons for a failed connection that a wrong endpoint has, unless it was right before."""


class SourceError(Exception):
    """The source cannot work. The message says why, and what to do."""


class Source:
    """Reads the service in rounds until it is stopped.

    :param deliver: hands the body of an event over and returns once it was accepted.
    """

    def __init__(self, options: Options, deliver: Callable[[dict[str, Any]], None], clock: Clock) -> None:
        self._options = options
        self._deliver = deliver
        self._clock = clock
        self._state = StateFile(options.state_file, clock.monotonic, is_valid)
        self._outbox = Outbox(self._state, self._send, clock.monotonic)
        self._notices = Notices()
        self._sent = 0
        self._outage: float | None = None
        self._is_renewed = False
        self._pause = options.interval

    def run(self) -> None:
        """Read until the source is stopped.

        :raises SourceError: for wrong options, a wrong key or a wrong endpoint.
        """
        try:
            try:
                self._state.open(self._clock.wait)
                service = Service(self._options.access, self._clock, self._options.calls_per_minute)
                for warning in service.settings.warnings:
                    self._notices.tell(warning)
                self._run(service)
            finally:
                self._state.close()
        except StoppedError:
            return
        except JstError as error:
            raise _source_error(error) from None

    def _run(self, service: Service) -> None:
        self._service = service
        service.before_reading = self._outbox.flush_late
        self._places = Places(service, self._options)
        self._lists = InstanceLists(service, self._notices)
        watches = self._watches()
        LOGGER.info("%s", beginning_message(self._options, watches, self._state, service.settings.endpoint))
        for warning in exposed_databases(self._options.state_file):
            self._notices.tell(warning)
        try:
            while not self._clock.is_stopped:
                began = self._clock.monotonic()
                self._attempt(watches)
                self._state.flush()
                if self._clock.wait(max(0.0, began + self._pause - self._clock.monotonic())):
                    return
        finally:
            service.close()

    def _watches(self) -> list[Watch]:
        tools = Tools(self._options, self._service, self._places, self._outbox, self._hold, self._notices)
        made: dict[str, Callable[[], Watch]] = {
            "deploy_orders": lambda: DeployOrderWatch(tools),
            "instances": lambda: InstanceWatch(tools, self._lists),
            "jobs": lambda: JobWatch(tools),
            "events": lambda: EventMonitorWatch(tools, self._lists),
        }
        types = self._options.types
        return [make() for name, make in made.items() if name in self._options.watch and types & set(TYPES[name])]

    # Rounds

    def _attempt(self, watches: Iterable[Watch]) -> None:
        """Read once. A failure that passes by itself ends the round only."""
        try:
            self._round(watches)
        except StoppedError:
            if not self._clock.is_stopped:
                raise
        except StateFileError:
            raise
        except (ApiError, ConfigError) as error:
            self._outbox.flush()
            self._begin_outage(error)

    def _round(self, watches: Iterable[Watch]) -> None:
        sent, is_busy = self._sent, False
        self._lists.clear()
        self._places.refresh(self._service.now())
        for name in self._places.unknown_apps:
            self._notices.tell(f"There is no app {shortened(name)!r} yet. Its events are sent once it exists.")
        for watch in watches:
            try:
                is_busy = watch.round() or is_busy
            except ApiError as error:
                if isinstance(error, PermissionDeniedError) and not watch.has_run:
                    self._outbox.flush()
                    raise _source_error(error) from None
                watch.skip_round(error)
        self._outbox.flush()
        self._end_outage()
        is_quiet = sent == self._sent and not is_busy
        self._pause = min(self._options.max_interval, self._pause * SLOWER) if is_quiet else self._options.interval

    def _hold(self, event: Event, changes: Iterable[Change]) -> None:
        """Hold an event until the round was read."""
        self._outbox.hold(event, event.body(self._service.settings.endpoint), changes)

    def _send(self, body: dict[str, Any], changes: list[Change]) -> None:
        """Send an event, and record that after it was accepted.

        Without feedback nothing shows when that is, so the record is held back for the time that it usually takes.
        """
        self._deliver(body)
        self._state.commit(changes, 0.0 if self._options.feedback else self._options.settle_time)
        self._sent += 1

    # Failures

    def _begin_outage(self, error: ApiError | ConfigError) -> None:
        """Report a failure once, until the service responds again.

        :raises JstError: for a failure that does not pass by itself.
        """
        is_rotated = isinstance(error, AuthenticationError) and self._service.has_responded
        if self._is_permanent(error) and (not is_rotated or self._is_renewed):
            raise error
        if is_rotated:
            # The next round shows whether the newest credentials are right.
            self._is_renewed = self._renew()
        if self._outage is None:
            self._outage = self._clock.monotonic()
            LOGGER.warning("The service cannot be read: %s %s", _source_error(error), CONTINUES)
        self._pause = min(max(self._pause * SLOWER, self._options.interval), self._options.max_interval)

    def _end_outage(self) -> None:
        endpoint = self._service.settings.endpoint
        if self._state.get(KNOWN_SERVICES, endpoint) is None:
            self._state.commit([Change(KNOWN_SERVICES, endpoint, True)])
        if self._outage is not None:
            LOGGER.warning("The service responds again, after %d s.", self._clock.monotonic() - self._outage)
            self._outage = None
        self._is_renewed = False

    def _renew(self) -> bool:
        """Read the credentials again, and return whether that was possible."""
        try:
            self._service.renew()
        except ConfigError as error:
            LOGGER.warning("The credentials cannot be read again: %s", error.message)
            return False
        return True

    def _is_permanent(self, error: ApiError | ConfigError) -> bool:
        """Return whether only a person can mend a failure."""
        if isinstance(error, ConfigError):
            # Credentials that were found before may come from a service that does not respond now.
            return not self._service.has_responded
        if isinstance(error, AuthenticationError):
            return not error.code.startswith(EXPIRED_TOKEN) and error.code not in CLOCK_CODES
        if self._service.has_responded or self._state.get(KNOWN_SERVICES, self._service.settings.endpoint):
            return False
        if isinstance(error, ConnectionFailedError):
            return error.code.rpartition(".")[2] in WRONG_ENDPOINT
        return isinstance(error, (PermissionDeniedError, RequestRejectedError)) or error.code in (
            "Redirect",
            "UnexpectedResponse",
        )


def _source_error(error: JstError) -> SourceError:
    message = f"{error.message} ({error.source})" if isinstance(error, ApiError) else error.message
    return SourceError(join_sentences(message, error.hint))
