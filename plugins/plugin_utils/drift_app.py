# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report needs of one app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import ImmutableDifferenceError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import value_words
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_diff import (
    find_differences,
    find_unseen_differences,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_failures import read_failure
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_running import (
    find_unknown,
    with_closed_ports,
    with_running_differences,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions, Json
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_unmanaged import find_unmanaged

APP = "app"
"""What could not be read, when that is the app itself."""

NOT_COMPARED = (
    "It was not compared, since reading another resource failed first. Correct that failure and repeat the report."
)
"""The message about a resource that was skipped. The page has it in Chinese."""

UNFINISHED_ORDER = "unfinished_order"
"""The member of an error about an unfinished deploy order."""


def app_record(
    title: str,
    compared: Mapping[str, Any],
    described: Mapping[str, Any],
    found: Mapping[str, Any],
    options: DriftOptions,
) -> Json:
    """Return the record of one app.

    :param compared: the result of ``jst_application`` in check mode.
    :param described: the options of its description that list resources.
    :param found: plural -> the result of the info module for the resources of the app.
    """
    record: Json = {"title": title, "differences": [], "unmanaged": [], "ignored": 0, "not_known": [], "not_read": []}
    record["not_compared"] = compared.get("not_compared") or []
    if "errors" in compared:
        add_errors(record, compared)
    elif "application" not in compared:
        record["not_read"].append(read_failure(APP, compared))
    seen = list(find_differences(compared.get("diff") or [], options.lines))
    unseen = find_unseen_differences(compared, [*record["differences"], *seen])
    found_here = with_closed_ports(compared, [*seen, *unseen])
    record["differences"] += with_running_differences(compared, found_here)
    record["not_known"] = list(find_unknown(compared))
    find_unmanaged(record, described, found, options)
    record["status"] = status_of(record)
    return record


def add_errors(record: Json, compared: Mapping[str, Any]) -> None:
    """Add what the comparison of an app rejected: differences that nothing can change, and what it could not read.

    An unfinished deploy order is among the differences of its environment.
    """
    for resource, error in ((item["resource"], item["error"]) for item in compared["errors"]):
        if error["code"] == ImmutableDifferenceError.code:
            record["differences"].append(fixed_difference(resource, error))
        elif UNFINISHED_ORDER not in error:
            what = APP if resource == App().describe(record) else resource
            record["not_read"].append(read_failure(what, {"error": error}))
    if APP in [failure["what"] for failure in record["not_read"]]:
        return
    for resource in compared["not_previewed"]:
        record["not_read"].append({**read_failure(resource, {"msg": NOT_COMPARED}), "reason": "skipped"})


def fixed_difference(resource: str, error: Mapping[str, Any]) -> Json:
    """Return the finding of an immutable difference, from the data of the error."""
    differences: Mapping[str, Mapping[str, Any]] = error["differences"]
    values = [
        {"option": option, "current": value_words(both["current"]), "desired": value_words(both["desired"])}
        for option, both in differences.items()
    ]
    return {
        "resource": resource,
        "finding": "fixed",
        "options": list(differences),
        "values": values,
        "diff": ["{option} is {current}, asked for {desired}".format(**value) for value in values],
        "more_lines": 0,
    }


def status_of(record: Mapping[str, Any]) -> list[str]:
    """Return the status of an app, in the words of the counts."""
    findings = {
        "differ": "differences",
        "with_unmanaged": "unmanaged",
        "not_known": "not_known",
        "not_read": "not_read",
    }
    return [word for word, member in findings.items() if record[member]] or ["as_described"]
