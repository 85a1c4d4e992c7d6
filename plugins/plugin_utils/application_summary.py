# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role ``application`` did on a host, from the results of its tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def summarize(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what changed and what is due.

    :param results: results of ``jst_application``, in any order. Those of skipped tasks count as nothing.
    """
    done = [result for result in results if "application" in result]
    environments = [item for result in done for item in result["application"]["environments"]]
    return {
        "changed": any(result["changed"] for result in done),
        "steps": [step for result in done for step in result["steps"]],
        "release_due": [due for result in done for due in result["release_due"]],
        "closed_ports": [each for result in done for each in result.get("closed_ports", ())],
        "running": {item["name"]: item["running"] for item in environments if item["running"] is not None},
    }
