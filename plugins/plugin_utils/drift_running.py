# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How environments run something else than what is described, from the result of ``jst_application``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rollout import Rollout
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.running_state import REASONS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import Json


def with_running_differences(compared: Mapping[str, Any], seen: Iterable[Json]) -> list[Json]:
    """Return findings with those about what environments run.

    The diff of a release is a part of the finding about its environment.

    :param compared: the result of ``jst_application``.
    :param seen: the findings from its diff.
    """
    findings = list(seen)
    for environment, running in running_environments(compared):
        reasons = running["differences"]
        if not reasons:
            continue
        release = Rollout().describe({"environment": environment["name"]})
        shown = next((item for item in findings if item["resource"] == release), None)
        findings = [item for item in findings if item is not shown]
        is_scaled = any(reason["reason"] == "instances" for reason in reasons)
        if is_scaled:
            # The reason names both numbers. The stored number is no second difference.
            stored = {"resource": Environment().describe(environment), "finding": "differs", "options": ["replicas"]}
            findings = [item for item in findings if not stored.items() <= item.items()]
        if is_scaled and shown and shown["options"] == ["replicas"]:
            shown = None
        findings.append(
            {
                "resource": Environment().describe(environment),
                "finding": "runs",
                "options": [],
                "diff": [line for line in shown["diff"] if not is_reason(line)] if shown else [],
                "more_lines": shown["more_lines"] if shown else 0,
                "reasons": reasons,
            }
        )
    return findings


def with_closed_ports(compared: Mapping[str, Any], seen: Iterable[Json]) -> list[Json]:
    """Return findings with those about services and access points to which no instance answers.

    :param compared: the result of ``jst_application``.
    :param seen: the findings from its diff.
    """
    findings = list(seen)
    for closed in compared.get("closed_ports") or ():
        known = next((item for item in findings if item["resource"] == closed["resource"]), None)
        finding = known or {
            "resource": closed["resource"],
            "finding": "closed",
            "options": [],
            "diff": [],
            "more_lines": 0,
        }
        reason = {"reason": "closed_port", "message": closed["message"]}
        findings = [item for item in findings if item is not known]
        findings.append({**finding, "reasons": [*finding.get("reasons", ()), reason]})
    return findings


def is_reason(line: str) -> bool:
    """Return whether a line of a diff holds no content, but the reason of a release."""
    return line[2:].partition(":")[0] in REASONS


def find_unknown(compared: Mapping[str, Any]) -> Iterator[Json]:
    """Yield the environments of which the service does not show what they run."""
    for environment, running in running_environments(compared):
        unknown = [
            what
            for what, is_known in (
                ("content", running["content_is_known"]),
                ("configuration", running["configuration_is_known"]),
            )
            if not is_known
        ]
        if unknown:
            yield {
                "resource": Environment().describe(environment),
                "unknown": unknown,
                "deploy_order_id": running["deploy_order_id"],
            }


def running_environments(compared: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the existing environments of an app, each with what it runs."""
    for environment in (compared.get("application") or {}).get("environments") or ():
        if environment.get("running"):
            yield environment, environment["running"]
