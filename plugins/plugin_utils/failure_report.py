# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role ``release`` reports of the pods of a release that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import redact_log

MAX_LINE_LENGTH = 300


def suspects(
    failed: Iterable[Mapping[str, Any]], started: Iterable[str], instances: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Return the names of the pods to report: unhealthy ones, then those that failed, then the other new ones.

    :param failed: pods of the deploy order that failed or did not finish.
    :param started: names of the new instances.
    :param instances: of the environment.
    """
    names = [*(pod["instance"] for pod in failed if pod["instance"] is not None), *started]
    unhealthy = [item["instance"] for item in instances if item["instance"] in names and item.get("status") != "Normal"]
    return list(dict.fromkeys([*unhealthy, *names]))


def report(pods: Iterable[Mapping[str, Any]], instances: Iterable[Mapping[str, Any]], max_lines: int) -> list[str]:
    """Return the lines of a report.

    :param pods: with events and logs, as ``jst_pod_info`` returns them.
    :param instances: of the environment. A pod that none of them is has gone.
    :param max_lines: how many lines of each log and how many events of each pod to show, the last ones.
    """
    states = {item["instance"]: item.get("status") for item in instances}
    return [_shown(line) for pod in pods for line in _lines(pod, states, max_lines)]


def _lines(pod: Mapping[str, Any], states: Mapping[str, Any], max_lines: int) -> Iterator[str]:
    name = pod["instance"]
    state = (states[name] or "no status") if name in states else "gone"
    result = pod["result"] or "no result"
    yield f"pod {name}: {state if state.lower() == result else f'{state}, {result}'}"
    for event in (pod.get("events") or [])[-max_lines:]:
        subject = " ".join(filter(None, (event["type"], event["reason"])))
        yield "  " + ": ".join(filter(None, (subject, (event.get("message") or "").replace("\n", " "))))
    for log in pod.get("container_logs") or pod.get("log_steps") or ():
        source = log.get("container") or log.get("code")
        for line in (log.get("content") or log.get("log") or "").splitlines()[-max_lines:]:
            yield "  " + " | ".join(filter(None, (source, line)))


def _shown(line: str) -> str:
    """Return a line without secrets, at most ``MAX_LINE_LENGTH`` characters long."""
    masked = redact_log(line)
    return masked if len(masked) <= MAX_LINE_LENGTH else f"{masked[: MAX_LINE_LENGTH - 3]}..."
