# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report needs of one app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import value_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_diff import (
    find_differences,
    find_unseen_differences,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_failures import error_of, read_failure
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions, Json
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_unmanaged import find_unmanaged


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
    record: Json = {"title": title, "differences": [], "unmanaged": [], "ignored": 0, "not_read": []}
    record["not_compared"] = compared.get("not_compared") or []
    if "application" in compared:
        seen = list(find_differences(compared.get("diff") or {}, options.lines))
        record["differences"] = [*seen, *find_unseen_differences(compared, seen)]
    else:
        failure = read_failure("app", compared)
        if failure["reason"] == "fixed":
            # The comparison ends at the first immutable difference.
            record["differences"] = [fixed_difference(error_of(compared))]
            failure["what"] = "the rest of the app"
            failure["message"] = "The comparison ended at what cannot be changed."
        record["not_read"].append(failure)
    find_unmanaged(record, described, found, options)
    record["status"] = status_of(record)
    return record


def fixed_difference(error: Mapping[str, Any]) -> Json:
    """Return the finding of an immutable difference, from the data of the error."""
    values: Mapping[str, Mapping[str, Any]] = error["differences"]
    shown = [
        f"{option} is {value_words(both['current'])}, asked for {value_words(both['desired'])}"
        for option, both in values.items()
    ]
    return {
        "resource": error["subject"],
        "finding": "fixed",
        "options": list(values),
        "diff": shown,
        "more_lines": 0,
    }


def status_of(record: Mapping[str, Any]) -> list[str]:
    """Return the status of an app, in the words of the counts."""
    findings = {"differ": "differences", "with_unmanaged": "unmanaged", "not_read": "not_read"}
    return [word for word, member in findings.items() if record[member]] or ["as_described"]
