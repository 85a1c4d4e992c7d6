# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call every operation that reads, and compare each response with the reference."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import PAGE_SIZE, Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    EmptyResponseError,
    JstError,
    PermissionDeniedError,
    join_sentences,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS, Operation
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import Settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import count_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_survey import (
    MAX_PARENTS,
    PROBES,
    Params,
    Probe,
    Survey,
    records_of,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.controller_check import short_key_id
from ansible_collections.jst.retailcloud.plugins.plugin_utils.known_codes import is_known_code
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_check import (
    Finding,
    Form,
    compare,
    examine,
    unwrap,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_contract import (
    SAMPLES_WITH_COUNT_ZERO,
    SAMPLES_WITHOUT_BODY,
    SPLIT_RECORDS,
)

MAX_RETRY_SECONDS = 5.0
"""How long a failed call is repeated: an operation that keeps failing is a finding, and the others follow."""

MAX_READ_SECONDS = 20.0
"""How long a call waits for its response."""

MAX_OPERATION_SECONDS = 60.0
"""The time after which no further call of an operation starts."""

MAX_PAGES = 10
"""How many pages of a list are read for the ids that other operations need."""

MAX_FAILURES = 3
"""After how many failures of one operation it is not called for further objects."""

PROGRESS_SECONDS = 5.0
"""The time after which an operation with many calls gets another line of progress."""

SECONDS_OF_PERIOD = 3600

STATUSES = ("rejected", "denied", "failed", "differs", "slow", "ok", "no records", "not called")
"""What is known of an operation, from the worst to the best."""

REJECTED, DENIED, FAILED, DIFFERS, SLOW, OK, NO_DATA, NOT_CALLED = STATUSES


@dataclass
class Examined:
    """What the calls of one operation showed.

    seconds: the time of the slowest call.
    attempts: how often the call was tried that failed, 0 without a failure.
    scope: the kind of object that the operation is called for.
    parents: for how many of them it was called, and known_parents: how many there are.
    body: the response that the report shows, parsed; it holds values of the account.
    unlisted, valueless: those of the forms of all responses.
    """

    action: str
    status: str = NOT_CALLED
    calls: int = 0
    records: int = 0
    attempts: int = 0
    scope: str = "account"
    parents: int = 0
    known_parents: int = 0
    seconds: float | None = None
    reason: str = ""
    request_id: str | None = None
    findings: list[Finding] = field(default_factory=list)
    form: Form | None = None
    page: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    header_request_id: bool = False
    unlisted: dict[str, set[str]] = field(default_factory=dict)
    valueless: set[str] = field(default_factory=set)

    def add_values(self, form: Form) -> None:
        """Add the values of a response that the reference does not list."""
        for path, values in form.unlisted.items():
            self.unlisted.setdefault(path, set()).update(values)
        self.valueless |= form.valueless

    @property
    def ram_action(self) -> str:
        """The action of a RAM policy that allows the operation."""
        return f"retailcloud:{self.action}"

    @property
    def extent(self) -> str:
        """For what the operation was called, in words; empty when it belongs to the account as a whole."""
        if self.scope == "account" or not self.parents:
            return ""
        known = count_words(self.known_parents, self.scope)
        return known if self.parents == self.known_parents else f"{self.parents} of {known}"


class Examination:
    """Examine an account through a client of its own, one call at a time.

    :param slow_seconds: the time from which a call counts as slow.
    :param notify: takes a line of progress.
    :ivar settings: the settings of its calls, which are repeated for a shorter time than those of a run.
    :ivar has_given_up: whether an operation kept failing.
    """

    def __init__(
        self,
        settings: Settings,
        database_instances: Sequence[str],
        slow_seconds: float,
        notify: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.operations = {name: Examined(name) for name in OPERATIONS if OPERATIONS[name].is_read}
        self.skews: list[float] = []
        self.latencies: list[float] = []
        self.is_rejected = False
        self.has_given_up = False
        self._notify = notify
        self._action = ""
        self._notified = self._started = time.monotonic()
        self._failures = 0
        self._totals: dict[str, int] = {}
        self._has_success = False
        self.settings = settings._replace(
            retry_timeout=min(settings.retry_timeout, MAX_RETRY_SECONDS),
            read_timeout=min(settings.read_timeout, MAX_READ_SECONDS),
        )
        self._slow_seconds = slow_seconds
        self._survey = Survey(database_instances)
        self._last: HttpResponse | None = None
        self._last_seconds = 0.0
        self._client = Client(self.settings, sleep=self._wait_for_retry, on_response=self._observe)

    def run(self) -> None:
        """Call the operations. Failures of calls are findings.

        Nothing is called when the access key is rejected before the first success: all calls would fail alike.
        """
        with self._client:
            for number, probe in enumerate(PROBES, start=1):
                if self.is_rejected:
                    self.operations[probe.action].reason = "the service rejects the calls of this access key"
                else:
                    self._tell(f"{number} of {len(PROBES)}: {probe.action}")
                    self._examine(probe)

    def shorten(self, text: str) -> str:
        """Return a text with the id of the access key as the header shows it. A gateway can name it in a message."""
        key_id = self.settings.credential_provider.get_credentials().access_key_id
        return text.replace(key_id, short_key_id(key_id))

    @property
    def skew(self) -> float | None:
        """Seconds by which the clock of the gateway is ahead, None without a response."""
        return statistics.median(self.skews) if self.skews else None

    def _observe(self, operation: Operation, response: HttpResponse, seconds: float) -> None:
        self._last, self._last_seconds = response, seconds
        self.latencies.append(seconds)
        if response.skew is not None:
            self.skews.append(response.skew)

    def _tell(self, line: str) -> None:
        self._notify(line)
        self._notified = time.monotonic()

    def _wait_for_retry(self, seconds: float) -> None:
        if seconds:
            self._tell(f"{self._action} failed, and is called again in {seconds:.1f} seconds")
        time.sleep(seconds)

    def _examine(self, probe: Probe) -> None:
        examined = self.operations[probe.action]
        self._action, self._failures, self._started = probe.action, 0, time.monotonic()
        examined.scope = probe.scope
        examined.known_parents = max(self._survey.parents(probe), self._totals.get(probe.scope, 0))
        for _params, _payload in self._survey.run(probe, lambda params: self._call_pages(probe, examined, params)):
            examined.parents += 1
            if time.monotonic() - self._notified >= PROGRESS_SECONDS:
                self._tell(f"{probe.action}: called for {examined.extent}")
            if time.monotonic() - self._started >= MAX_OPERATION_SECONDS:
                break
        if not examined.calls:
            hint = "; set doctor_database_instances" if probe.scope == "database instance" else ""
            examined.reason = f"no {probe.scope} is known{hint}"

    def _call_pages(self, probe: Probe, examined: Examined, params: Params) -> tuple[Any, bool]:
        """Read a list, as many pages as other operations need. Return the payload, and whether to call further."""
        payload, may_continue = self._call(probe, examined, params)
        if not (probe.shows and OPERATIONS[probe.action].page_parameter and isinstance(payload, list)):
            return payload, may_continue
        records, page, total = list(payload), payload, _number(examined.page.get("total_count"))
        if probe.scope == "account" and total is not None:
            self._totals[probe.shows] = total
        for number in range(2, MAX_PAGES + 1):
            has_more = bool(page) and (len(page) >= PAGE_SIZE or (total is not None and len(records) < total))
            if not (may_continue and has_more and len(records) < MAX_PARENTS):
                break
            more, may_continue = self._call(probe, examined, params, number)
            page = more if isinstance(more, list) else []
            records += page
        return records, may_continue

    def _call(self, probe: Probe, examined: Examined, params: Params, page: int = 1) -> tuple[Any, bool]:
        """Make one call. Return the payload, and whether to call the operation for further objects."""
        given = {**params, **self._period(probe), **_page(OPERATIONS[probe.action], page)}
        self._last, payload, error = None, None, None
        examined.calls += 1
        try:
            response = self._client.call(probe.action, given, deadline=self._started + MAX_OPERATION_SECONDS)
            payload = response.data
            self._has_success = True
        except JstError as raised:
            error = raised
            self.is_rejected = self.is_rejected or (isinstance(error, AuthenticationError) and not self._has_success)
            if isinstance(error, ApiError):
                examined.attempts = max(examined.attempts, error.attempts)
            if _has_given_up(error):
                self.has_given_up = True
                self._tell(f"{probe.action} failed {count_words(examined.attempts, 'time')}, and is not called again")
            self._failures += 1
        current = self._examine_response(probe, examined.action, payload, error, given if page == 1 else None)
        examined.seconds = max(filter(None, (examined.seconds, current.seconds)), default=None)
        better = current.records > examined.records or examined.status == NOT_CALLED
        if better or STATUSES.index(current.status) < STATUSES.index(examined.status):
            for name in ("status", "records", "reason", "request_id", "form", "page", "body", "header_request_id"):
                setattr(examined, name, getattr(current, name))
        if current.form is not None and error is None:
            examined.add_values(current.form)
        known = {finding.text for finding in examined.findings}
        examined.findings += [finding for finding in current.findings if finding.text not in known]
        is_final = _has_given_up(error) or isinstance(error, (AuthenticationError, PermissionDeniedError))
        is_lasting = is_final or self._failures >= (MAX_FAILURES if probe.all_parents else 1)
        return payload, error is None or not is_lasting

    def _examine_response(
        self, probe: Probe, action: str, payload: Any, error: JstError | None, given: Params | None
    ) -> Examined:
        current = Examined(action)
        if self._last is not None:
            current.seconds = self._last_seconds
            current.header_request_id = bool(self._last.request_id)
            current.body = _parse(self._last)
        if isinstance(error, EmptyResponseError) and action in SAMPLES_WITHOUT_BODY:
            current.status, current.reason = NO_DATA, "the response has no body, like the sample in the reference"
        elif error is not None:
            current.status = _status_of(error)
            current.reason = self.shorten(join_sentences(error.message, error.hint))
            current.request_id = error.request_id if isinstance(error, ApiError) else None
            current.findings.append(_failure(current, error))
        else:
            current.records = len(records_of(probe, payload))
            current.status = OK if current.records else NO_DATA
        if error is None or self._is_success():
            self._compare(current, given, error is not None)
        if current.seconds is not None and current.seconds >= self._slow_seconds:
            text = f"{action} is slow: its response took {current.seconds:.1f} seconds."
            current.findings.append(Finding("slow", text))
            current.status = SLOW if current.status in (OK, NO_DATA) else current.status
        return current

    def _is_success(self) -> bool:
        return self._last is not None and self._last.status < 300

    def _compare(self, current: Examined, given: Params | None, is_failure: bool) -> None:
        """Compare a response with the reference.

        :param given: the parameters of the call, None for a later page, whose figures are not compared.
        """
        if not isinstance(current.body, dict):
            return
        current.form = examine(current.action, current.body)
        current.page = {} if given is None else _paging(current.action, current.body, given)
        # The reference does not say which members a failure has.
        differences = compare(current.action, current.form)
        current.findings += [finding for finding in differences if not (is_failure and finding.kind == "missing")]
        current.findings += _paging_findings(current.action, current.page)
        if current.findings and current.status in (OK, NO_DATA):
            current.status = DIFFERS

    def _period(self, probe: Probe) -> dict[str, int]:
        """Return the last hour by the clock of the service."""
        if not probe.times:
            return {}
        end = time.time() + (self.skew or 0.0)
        return {"StartTime": int(end - SECONDS_OF_PERIOD) * 1000, "EndTime": int(end) * 1000}


def _page(operation: Operation, number: int) -> dict[str, int]:
    return {operation.page_parameter: number, "PageSize": PAGE_SIZE} if operation.page_parameter else {}


def _parse(response: HttpResponse) -> Any:
    try:
        return json.loads(response.body)
    except ValueError:
        return None


def _status_of(error: JstError) -> str:
    if isinstance(error, AuthenticationError):
        return REJECTED
    return DENIED if isinstance(error, PermissionDeniedError) else FAILED


def _has_given_up(error: JstError | None) -> bool:
    """Return whether a call failed that could succeed later, and was repeated for as long as allowed."""
    return isinstance(error, ApiError) and error.transient


def _failure(current: Examined, error: JstError) -> Finding:
    if isinstance(error, PermissionDeniedError):
        text = f"{current.action} is denied: allow {current.ram_action} to the RAM user or role of the access key."
        return Finding("denied", text)
    is_known = is_known_code(error.code)
    code = error.code if is_known else "an unknown code"
    detail = current.reason if is_known else f"The code is {error.code}. {current.reason}"
    status = f"HTTP {error.http_status}, " if isinstance(error, ApiError) and error.http_status else ""
    if isinstance(error, AuthenticationError):
        return Finding(
            "credentials", f"The service rejects the calls of this access key: {status}{code}.", detail=detail
        )
    text = f"{current.action} failed: {status}{code}."
    if isinstance(error, ApiError) and error.transient:
        text += f" The examination gave up after {count_words(error.attempts, 'attempt')}."
    return Finding("failed", text, detail=detail)


def _paging(action: str, body: Mapping[str, Any], given: Params) -> dict[str, Any]:
    """Return the figures of a list: the asked and the shown page size, the count, and the number of records."""
    envelope = {str(key).lower(): value for key, value in unwrap(action, body)[2].items()}
    records = envelope.get("data")
    if not isinstance(records, list):
        return {}
    figures = {name: _number(envelope.get(name.replace("_", ""))) for name in ("total_count", "page_size")}
    return {"asked": given.get("PageSize"), "records": len(records), **figures}


def _number(value: Any) -> int | None:
    """Return a whole number, None for anything else."""
    if isinstance(value, float) and not value.is_integer():
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _paging_findings(action: str, page: Mapping[str, Any]) -> list[Finding]:
    if not page:
        return []
    total, records, asked = page["total_count"], page["records"], page["asked"]
    if total == 0 and action in SAMPLES_WITH_COUNT_ZERO:
        total = None
    elements, shown = 2 if action in SPLIT_RECORDS else 1, count_words(records, "record")
    checks: Sequence[tuple[bool, Callable[[], str]]] = (
        (
            bool(asked) and records > asked * elements,
            lambda: f"{action} returns {shown} on a page, although the page size is {asked}.",
        ),
        (
            total is not None and total * elements < records,
            lambda: f"TotalCount of {action} is {total}, but the page has {shown}.",
        ),
        (
            total is not None and records < min(total, asked or total),
            lambda: (
                f"TotalCount of {action} is {total}, but the first page (page size {asked or 'unlimited'}) has {shown}."
            ),
        ),
    )
    return [Finding("paging", text()) for applies, text in checks if applies]
