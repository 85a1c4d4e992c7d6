# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report over all apps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_app import app_record
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions, Json, decode

SCHEMA = "jst.retailcloud/drift/1"

NOT_FINISHED = "The inspection of the app did not finish. The output of the run shows why."
"""The message about an app without a record. The page has it in Chinese."""


def report(
    apps: Mapping[str, Mapping[str, Any]], account_wide: Mapping[str, Any] | None, covers: Mapping[str, Any]
) -> Json:
    """Return the report. Equal findings give an equal report: it holds no times, and its lists are sorted.

    :param apps: host -> the record of its app.
    :param account_wide: the result of ``account_findings``, ``None`` when the account was not read.
    :param covers: what the report covers.
    """
    listed = []
    for host in sorted(apps):
        listed.append({"host": host, **{name: value for name, value in apps[host].items() if name != "ignored"}})
    of_account = account_wide or {"unmanaged": [], "ignored": 0, "not_read": []}
    counts: dict[str, Any] = {"apps": len(listed)}
    for word in ("as_described", "differ", "with_unmanaged", "not_known", "not_read"):
        counts[word] = sum(word in app["status"] for app in listed)
    counts["differences"] = sum(len(app["differences"]) for app in listed)
    counts["unmanaged"] = sum(len(app["unmanaged"]) for app in listed)
    counts["unmanaged_account_wide"] = len(of_account["unmanaged"])
    counts["not_read_account_wide"] = len(of_account["not_read"])
    counts["ignored"] = sum(app["ignored"] for app in apps.values()) + of_account["ignored"]
    found = counts["as_described"] < counts["apps"] or of_account["unmanaged"] or of_account["not_read"]
    return {
        "schema": SCHEMA,
        "drifted": bool(found),
        "covers": {**covers, "account_wide": account_wide is not None},
        "counts": counts,
        "apps": listed,
        "account_wide": {name: of_account[name] for name in ("unmanaged", "not_read")},
    }


def collect_records(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> dict[str, Json]:
    """Return host -> the record of its app. A host without a record gets one that says so."""
    lost = {"msg": NOT_FINISHED}
    records: dict[str, Json] = {}
    for host in hosts:
        kept = hostvars[host].get("__drift_app")
        records[host] = decode(kept) if kept else app_record(host, lost, {}, {}, DriftOptions((), {}, 0))
    return records
