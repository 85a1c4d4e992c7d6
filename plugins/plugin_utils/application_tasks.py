# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tasks of role ``application`` follow its comparison, and with which parts of the description.

Each task is the content of a file in ``roles/application/tasks/parts``, which has the name of its part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._api.error_codes import error_type
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import CLIENT_CODES, ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable

TAGS = {
    "app": "app",
    "group": "group",
    "database": "databases",
    "account": "accounts",
    "deploy_config": "deploy_configs",
    "environment": "environments",
    "volume": "volume_claims",
    "service": "services",
    "slb_ap": "slb_aps",
    "release": "release",
    "absent": "absent",
}
"""Tag of the role -> part of the description, in the order of the tasks."""

TRAFFIC = ("services", "slb_aps", "release")
"""The parts that share one task, which has the tags of all."""

RECORDS = ("app", "group", "databases", "accounts", "deploy_configs", "environments", "volume_claims")
"""The parts whose tasks come before that of ``TRAFFIC``."""

ABSENT = "absent"

# Files without a part of their name.
ALL, RECORDS_FILE, TRAFFIC_FILE, REST, WHOLE = "all", "records", "release", "rest", "whole"

UNNAMED_TAGS = ("all", "tagged")
"""The values of option ``--tags`` that start every task."""


class RunTags(NamedTuple):
    """The tags of a run.

    :ivar run: the values of option ``--tags``, ``all`` without it.
    :ivar skip: the values of option ``--skip-tags``.
    """

    run: Collection[str]
    skip: Collection[str]

    @property
    def parts(self) -> list[str]:
        """Return the parts of the description that the tags name, all where they name none.

        A role can have tags of its own, so these do not count.
        """
        chosen = [tag for tag in TAGS if tag in self.run]
        return [TAGS[tag] for tag in chosen or TAGS if tag not in self.skip]

    @property
    def traffic_parts(self) -> list[str]:
        """Return the parts of the task that is shared."""
        return [part for part in TRAFFIC if part in self.parts]

    def compared_parts(self, in_one_task: bool) -> list[str]:
        """Return the parts to compare before any task manages one.

        There are none with ``--tags``, where Ansible alone knows the tasks to run: a role can have tags of its own.

        :param in_one_task: whether one task manages all parts, which compares them itself.
        """
        return [] if in_one_task or not set(self.run).issubset(UNNAMED_TAGS) else self.parts

    def rest_parts(self, in_one_task: bool) -> list[str]:
        """Return the parts left of a task that Ansible skips as a whole, since one of its tags is skipped."""
        skipped = [part for tag, part in TAGS.items() if tag in self.skip]
        if set(self.run).isdisjoint([*UNNAMED_TAGS, *TAGS]) or not skipped:
            return []
        if in_one_task:
            return self.parts
        return [] if set(TRAFFIC).isdisjoint(skipped) else self.traffic_parts


def tasks_after(compared: Mapping[str, Any], tags: RunTags, in_one_task: bool) -> dict[str, Any]:
    """Return the tasks that follow a comparison, as the filter ``application_tasks`` documents it.

    :param compared: the result of the comparison. Without ``pending_parts``, nothing was compared.
    :param in_one_task: whether one task manages all parts.
    """
    rest = tags.rest_parts(in_one_task)
    records: list[str] = []
    pending = compared.get("pending_parts")
    if in_one_task:
        files = started = [WHOLE, *([REST] if rest else [])]
    elif pending is None:
        files, started = [ALL], [*RECORDS, TRAFFIC_FILE, ABSENT, WHOLE, REST]
    else:
        due = due_parts(compared)
        records = [part for part in RECORDS if part in due]
        has_traffic = not due.isdisjoint(TRAFFIC)
        later = [
            *([TRAFFIC_FILE] if has_traffic and not rest else []),
            *([ABSENT] if ABSENT in due else []),
            *([REST] if has_traffic and rest else []),
        ]
        # One file holds the records, so that releases do not wait for each other where the records differ.
        files = [RECORDS_FILE, *later] if records and later else [*records, *later]
        started = [*records, *later]
    return {
        "files": _with_preceding(files),
        "records": _with_preceding(records),
        "results": [f"__application_{name}_done" for name in started],
        "runs_as_compared": pending is not None and {TRAFFIC_FILE, REST, WHOLE}.isdisjoint(started),
        "traffic_parts": tags.traffic_parts,
        "rest_parts": rest,
    }


def due_parts(compared: Mapping[str, Any]) -> set[str]:
    """Return the parts whose tasks follow a comparison: those that are pending, and those that share a task with one.

    Where other tasks follow, a release or port that stays due is named by its own task. What that says can depend on
    what the others change.
    """
    pending = set(compared["pending_parts"])
    is_due = bool(compared.get("release_due") or compared.get("closed_ports"))
    if pending and (is_due or not pending.isdisjoint(TRAFFIC)):
        pending |= {*TRAFFIC}
    return pending


def warnings_left(compared: Mapping[str, Any]) -> list[str]:
    """Return the warnings of a comparison that no task repeats, where tasks follow."""
    if "pending_parts" not in compared:
        return []
    due = due_parts(compared)
    return [printable(each["warning"]) for each in compared.get("part_warnings", ()) if each["part"] not in due]


def _with_preceding(names: Sequence[str]) -> list[list[str]]:
    """Return each name with those that precede it.

    Ansible includes a file once for all hosts whose loops have an equal entry, at the place that the loop of the first
    host gives it. Hosts whose entries are equal up to one have the same order up to it.
    """
    return [list(names[: number + 1]) for number in range(len(names))]


def is_met_by_every_task(result: Mapping[str, Any]) -> bool:
    """Return whether every task that would follow a failed comparison meets its error, too.

    That is so when the service does not respond, or rejects the credentials, and has shown no resource. An error after
    that may be of a single operation, and tasks of other parts can succeed.

    :param result: the result of the failed comparison.
    """
    shown = result.get("application") or {}
    return is_unresponsive(result.get("error") or {}) and not any(shown.values())


def is_unresponsive(error: Mapping[str, Any]) -> bool:
    """Return whether an error is of the connection, the credentials or the service as a whole, not of one request.

    :param error: as a module returns it.
    """
    action, code, status = error.get("action"), str(error.get("code")), error.get("http_status")
    if action is None:
        return code == ConfigError.code
    if status is None or status >= 500 or code in CLIENT_CODES:
        return True
    return not error_type(code, status)("", action=action, code=code, http_status=status).is_rejection
