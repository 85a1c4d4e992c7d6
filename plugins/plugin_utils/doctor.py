# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examination of an account: result, table, and the folder for a bug report."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    JstError,
    PermissionDeniedError,
    join_sentences,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import Settings, resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.diff import dump
from ansible_collections.jst.retailcloud.plugins.module_utils._core.inventory_account import check_access_key
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import capitalize_first
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_world import record_world
from ansible_collections.jst.retailcloud.plugins.plugin_utils.controller_check import (
    controller_facts,
    controller_findings,
    credential_facts,
    network_facts,
    network_findings,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.described_instances import DescribedInstances
from ansible_collections.jst.retailcloud.plugins.plugin_utils.doctor_files import (
    REPORT_FILE,
    WORLD_HEAD,
    check_files,
    write_json,
    write_private,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.examination import (
    DENIED,
    NO_DATA,
    NOT_CALLED,
    REJECTED,
    Examination,
    Examined,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.observed_readings import observed_readings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.pseudonyms import Pseudonyms
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_check import Finding, value_notes
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_masking import masked_response
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_order import OrderedClient

Json = dict[str, Any]


class Request(NamedTuple):
    """What to examine and to write.

    access: access options of modules.
    forks: the number of forks of the run.
    database_instances: ids of database instances to read.
    slow_seconds: the time from which a call is slow.
    report: the folder for the report, None for no report.
    record: the world file for the emulator, None for no file.
    pseudonyms: whether the world file holds pseudonyms.
    result: the file for the result as JSON, None for no file.
    is_check: whether no file is written. The result says what would be written.
    notify: takes a line of progress.
    described: the database instances that an inventory describes, which are read too.
    inventory_access_key_id: the id of the access key that the inventory file names, None when it names none.
    """

    access: Mapping[str, Any]
    forks: int
    database_instances: Sequence[str]
    slow_seconds: float
    report: str | None = None
    record: str | None = None
    pseudonyms: bool = False
    result: str | None = None
    is_check: bool = False
    notify: Callable[[str], None] = lambda line: None
    described: DescribedInstances = DescribedInstances([], [])
    inventory_access_key_id: str | None = None

    @property
    def described_only(self) -> list[str]:
        """The database instances that only the inventory names."""
        return [name for name in self.described.names if name not in self.database_instances]


def examine_account(request: Request) -> Json:
    """Examine the controller and the account, and return the result. Nothing is written to the service.

    The result names the files that could not be written.

    :raises ConfigError: when a file would be replaced that no examination wrote. Nothing is read then.
    :raises OSError: when a file that exists cannot be read. No operation is called then.
    """
    check_files(request.record, request.report, request.result)
    controller = controller_facts(request.forks)
    result: Json = {
        "controller": controller,
        "credentials": None,
        "network": None,
        "skew_seconds": None,
        "recorded": None,
        "not_written": [],
    }
    findings = list(controller_findings(controller))
    operations: list[Examined] = []
    try:
        settings = resolve_settings(request.access)
        check_access_key(settings, request.inventory_access_key_id)
        result["credentials"] = credential_facts(settings)
    except JstError as error:
        findings.append(Finding("credentials", "There are no usable credentials.", detail=_message(error)))
    else:
        result["network"] = network_facts(settings)
        instances = [*request.database_instances, *request.described_only]
        examination = Examination(settings, instances, request.slow_seconds, request.notify)
        if not result["network"]["error"]:
            examination.run()
        operations = list(examination.operations.values())
        skew = examination.skew
        result["skew_seconds"] = None if skew is None else round(skew, 1)
        if examination.latencies:
            result["network"]["latency_seconds"] = round(statistics.median(examination.latencies), 4)
        findings += network_findings(result["network"], skew)
        if request.record and not result["network"]["error"] and not examination.is_rejected:
            try:
                # What kept failing is not repeated for longer now.
                patient = examination.settings if examination.has_given_up else settings
                result["recorded"] = _record(patient, request, request.record, result["not_written"])
            except PermissionDeniedError as error:
                findings.append(Finding("record", f"The account was not recorded, since {error.action} is denied."))
            except JstError as error:
                text = "The account was not recorded, since not everything could be read."
                findings.append(Finding("record", text, detail=examination.shorten(_message(error))))
    # The same rejection of the access key, for example, can come from several operations.
    findings += dict.fromkeys(finding for one in operations for finding in one.findings)
    result.update(
        {
            "operations": [_shown(one) for one in operations],
            "readings": observed_readings(operations),
            "permissions": _permissions(operations),
            "findings": [finding._asdict() for finding in findings],
            "notes": [note._asdict() for one in operations for note in _notes(one)],
            "well": not findings,
        }
    )
    if not request.is_check:
        if request.report:
            _try_to_write(result["not_written"], write_report, request.report, result, operations)
        if request.result:
            _try_to_write(result["not_written"], write_json, request.result, result)
    result["lines"] = [*lines(result), *_unwritten(request)]
    return result


def _try_to_write(not_written: list[str], write: Callable[..., None], *arguments: Any) -> bool:
    """Return whether a function could write its files. A sentence about one that could not be written is added."""
    try:
        write(*arguments)
    except OSError as error:
        not_written.append(f"Cannot write {error.filename}: {error.strerror}.")
        return False
    return True


def _unwritten(request: Request) -> Iterator[str]:
    """Return lines on the report and the result that a check run does not write."""
    named = (("a report", request.report), ("the result", request.result))
    yield from (f"Check mode: {what} would be written to {path}." for what, path in named if path and request.is_check)


def _record(settings: Settings, request: Request, path: str, not_written: list[str]) -> Json | None:
    """Write the world file. Return its path, whether it was written, the number of records by table, and its gaps.

    Return None when it could not be written, with a sentence about that in ``not_written``.

    :raises JstError: when something cannot be read. Nothing is written then.
    """
    client = OrderedClient(settings)
    with client:
        reader = AccountReader(client, request.database_instances, request.described_only)
        world = record_world(reader, request.notify)
    notes = [*reader.notes, *request.described.unclear]
    if request.pseudonyms:
        pseudonyms = Pseudonyms()
        world = pseudonyms.world(world)
        notes += pseudonyms.notes
    if not request.is_check and not _try_to_write(not_written, write_private, path, WORLD_HEAD + dump(world)):
        return None
    counts = {table: len(records) for table, records in world.items() if isinstance(records, list) and records}
    return {"file": path, "written": not request.is_check, "counts": counts, "notes": notes}


def _notes(one: Examined) -> Iterator[Finding]:
    return value_notes(one.action, one.unlisted, one.valueless)


def _message(error: JstError) -> str:
    return join_sentences(capitalize_first(error.message), error.hint)


def _shown(one: Examined) -> Json:
    return {
        "action": one.action,
        "status": one.status,
        "ram_action": one.ram_action,
        "calls": one.calls,
        "records": one.records,
        "attempts": one.attempts,
        "called_for": one.extent,
        "seconds": None if one.seconds is None else round(one.seconds, 4),
        "request_id": one.request_id,
        "reason": one.reason,
    }


def _permissions(operations: Sequence[Examined]) -> Json:
    """Return the actions of a RAM policy. A preview needs those that read, and a run also those that change."""
    return {
        "denied": [one.ram_action for one in operations if one.status == DENIED],
        "allowed": [one.ram_action for one in operations if one.status not in (DENIED, REJECTED, NOT_CALLED)],
        "not_tried": [one.ram_action for one in operations if one.status in (REJECTED, NOT_CALLED)],
        "for_preview": [one.ram_action for one in operations],
        "for_changes": sorted(f"retailcloud:{name}" for name, known in OPERATIONS.items() if not known.is_read),
    }


def lines(result: Json) -> Iterator[str]:
    """Return the result as the lines of a text."""
    yield from _controller_lines(result)
    if result["operations"]:
        yield ""
        yield f"{'operation':<30} {'status':<11} {'calls':>5} {'records shown':>13} {'ms':>6}"
    for one in result["operations"]:
        milliseconds = "" if one["seconds"] is None else f"{one['seconds'] * 1000:.0f}"
        line = f"{one['action']:<30} {one['status']:<11} {one['calls']:>5} {one['records']:>13} {milliseconds:>6}"
        extent = f"in {one['called_for']}" if one["status"] == NO_DATA and one["called_for"] else ""
        reason = one["reason"] if one["status"] == NOT_CALLED else extent
        yield f"{line}  {reason}".rstrip()
    if result["readings"]:
        yield ""
        yield "Readings of the reference that the service follows:"
    for name, values in result["readings"].items():
        shown = [f"{value} ({len(actions)})" if len(values) > 1 else value for value, actions in values.items()]
        yield f"  {name}: {', '.join(shown)}"
    yield ""
    if result["recorded"]:
        counts = ", ".join(f"{count} {table}" for table, count in result["recorded"]["counts"].items())
        verb = "Recorded" if result["recorded"]["written"] else "Check mode: would be recorded"
        yield f"{verb} to {result['recorded']['file']}: {counts or 'nothing'}"
        yield from (f"- {note}" for note in result["recorded"]["notes"])
        yield ""
    yield from _summary(result)


def _summary(result: Json) -> Iterator[str]:
    statuses = [one["status"] for one in result["operations"]]
    unseen = statuses.count(NOT_CALLED) + statuses.count(NO_DATA)
    if unseen:
        yield f"{unseen} of {len(statuses)} operations were not called or showed no records."
    yield "No findings." if result["well"] else "Findings:"
    for finding in result["findings"]:
        yield _line(finding)
    if result["notes"]:
        yield "Notes:"
    yield from map(_line, result["notes"])
    yield from result["not_written"]


def _line(finding: Json) -> str:
    return f"- {finding['text']}" + (f" {finding['detail']}" if finding["detail"] else "")


def _controller_lines(result: Json) -> Iterator[str]:
    controller, credentials, network = result["controller"], result["credentials"], result["network"]
    yield (
        f"Controller: ansible-core {controller['ansible_core']}, Python {controller['python']}, "
        f"requests {controller['requests']}, {controller['forks']} forks, "
        f"{controller['open_files'] or 'unlimited'} open files"
    )
    if credentials:
        kind = "temporary" if credentials["temporary"] else "permanent"
        yield f"Credentials: {credentials['access_key_id']}, {kind}, from {credentials['source']}"
    if network:
        parts = [network["endpoint"]]
        parts += [f"through {network['proxy']}"] if network["proxy"] else []
        parts += [network["tls"]] if network["tls"] else []
        latency = network.get("latency_seconds")
        parts += [f"latency {latency * 1000:.0f} ms"] if latency is not None else []
        skew = result["skew_seconds"]
        yield f"Service: {', '.join(parts)}"
        if skew is not None:
            place = "behind" if skew > 0 else "ahead of"
            yield f"The clock of this machine is {abs(skew):.1f} s {place} the clock of the service."


def write_report(folder: str, result: Json, operations: Sequence[Examined]) -> None:
    """Write the files for a bug report. They hold no value of the account: see ``response_masking``.

    Existing files of the same names are replaced, others are left alone.

    :raises OSError: when the folder or a file cannot be written.
    """
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for one in operations:
        if one.calls:
            write_json(os.path.join(folder, f"{one.action}.json"), masked_response(one.action, one.body))
    network = result["network"] or {}
    summary = {
        **{name: result[name] for name in ("controller", "skew_seconds", "readings", "permissions", "well")},
        "network": {name: network[name] for name in network if name not in ("endpoint", "proxy", "error")},
        "operations": [
            {name: value for name, value in _shown(one).items() if name not in ("reason", "request_id")}
            for one in operations
        ],
        "findings": [_reported(finding) for one in operations for finding in one.findings],
        "notes": [_reported(note) for one in operations for note in _notes(one)],
    }
    write_json(os.path.join(folder, REPORT_FILE), summary)


def _reported(finding: Finding) -> Json:
    return {"kind": finding.kind, "text": finding.text, "members": list(finding.members)}
