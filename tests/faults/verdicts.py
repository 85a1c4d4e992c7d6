# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a cell of the matrix by its results, its calls and the final state."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.faults.playbooks import APP, WORLD, HostRecord
from tests.faults.states import Writes, differences, excess, executed, running, surplus, without_moments

_DEFECTS = ("Traceback", "Unexpected ", "MODULE FAILURE", "please report it")
_ATTEMPT = re.compile(r"Could not (?P<doing>.+?): (?P<why>.+)", re.DOTALL)
_CANARY = re.compile(r"Canary-[A-Za-z0-9-]+")
_CANARIES = sorted(set(_CANARY.findall(json.dumps(APP) + WORLD.read_text(encoding="utf-8"))))


class Mark(StrEnum):
    """The outcome of a cell."""

    CONVERGED = "."
    FAILED_FIRST = "f"
    NOT_CONVERGED = "N"
    DUPLICATE = "D"
    UNCLEAR = "U"


@dataclass(frozen=True)
class Reference:
    """A phase without faults.

    :ivar calls: its call log.
    :ivar state: what it leaves behind.
    """

    calls: list[dict[str, Any]]
    state: dict[str, Any]


@dataclass
class Attempt:
    """One run of a phase."""

    told: HostRecord
    calls: list[dict[str, Any]]
    state: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """The mark of a cell, and its problems, a line each."""

    mark: Mark
    problems: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Return whether the run ended as one without faults."""
        return self.mark in (Mark.CONVERGED, Mark.FAILED_FIRST)


def is_settled(reference: Reference, first: Attempt) -> bool:
    """Return whether the run succeeded and left exactly the state of the run without faults.

    What a run without faults does from there on is known then: it was run.
    """
    return not first.told.failed and not _differing(reference.state, first.state)


def judge(reference: Reference, first: Attempt, second: Attempt | None) -> Verdict:
    """Return the verdict on a cell.

    :param second: the run without faults after the first, None where that was settled.
    """
    last = second or first
    unclear = list(_unclear(reference, first))
    if second and second.told.failed:
        failures = [f"{each['task']}: {_message(each['result'])}" for each in second.told.failures]
        return Verdict(Mark.NOT_CONVERGED, [f"the run without faults failed: {failures}", *unclear])
    undone = _undone(first)
    attempts = [one for one in (first, second) if one]
    wanted, found = reference.state, last.state
    if undone:
        wanted, found = running(wanted), running(found)
        repeated = [line for one in attempts for line in excess(_by_kind(reference.calls), _by_kind(one.calls, undone))]
    else:
        repeated = excess(executed(reference.calls), executed([call for one in attempts for call in one.calls]))
    more = surplus(wanted, found)
    if more or repeated:
        return Verdict(Mark.DUPLICATE, more + repeated + unclear)
    wrong = _differing(wanted, found)
    if wrong:
        return Verdict(Mark.NOT_CONVERGED, wrong + unclear)
    if unclear:
        return Verdict(Mark.UNCLEAR, unclear)
    return Verdict(Mark.FAILED_FIRST if second else Mark.CONVERGED)


def judge_race(reference: Reference, first: Sequence[Attempt], second: Attempt) -> Verdict:
    """Return the verdict on a cell with two runs in parallel.

    Ids count on from what was made twice, so it is the number of things that has to be as without faults.

    :param first: the two runs.
    :param second: a run without faults after them.
    """
    unclear = [line for one in first for line in _unreported(one)]
    if second.told.failed:
        failures = [f"{each['task']}: {_message(each['result'])}" for each in second.told.failures]
        return Verdict(Mark.NOT_CONVERGED, [f"the run without faults failed: {failures}", *unclear])
    more = surplus(reference.state, second.state)
    if more:
        return Verdict(Mark.DUPLICATE, more + unclear)
    wrong = [f"missing, by the other side's count: {line}" for line in surplus(second.state, reference.state)]
    failed = any(one.told.failed for one in first)
    if not failed:
        wrong += [f"a run afterwards still calls {action}: {params}" for action, params in executed(second.calls)]
    if wrong:
        return Verdict(Mark.NOT_CONVERGED, wrong + unclear)
    if unclear:
        return Verdict(Mark.UNCLEAR, unclear)
    return Verdict(Mark.FAILED_FIRST if failed else Mark.CONVERGED)


def leaks(text: str) -> set[str]:
    """Return the secrets in a text, plain or in base64."""
    return {canary for canary in _CANARIES if any(form in text for form in _forms(canary))}


def _forms(canary: str) -> Iterator[str]:
    """Yield a secret, and its base64 forms at any offset of a text."""
    yield canary
    for shift in range(3):
        coded = base64.b64encode(b" " * shift + canary.encode()).decode()
        yield coded[(0, 2, 3)[shift] : -4].rstrip("=")


def _differing(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return list(differences(without_moments(wanted), without_moments(found)))[:8]


def _undone(first: Attempt) -> int | None:
    """Return the deploy order that the first run reported as rolled back."""
    result = first.told.fact("release_result") or {}
    return result.get("deploy_order_id") if result.get("status") == "rolled_back" else None


def _by_kind(calls: list[dict[str, Any]], undone: int | None = None) -> Writes:
    """Return the writes of one run without those of a rollback. Ids of orders do not count."""
    kept = []
    for call in calls:
        params = {name: value for name, value in call["params"].items() if name != "DeployOrderId"}
        if undone and (call["action"] == "CloseDeployOrder" or params.get("Name") == f"rollback-{undone}"):
            continue
        kept.append({**call, "params": params})
    return executed(kept)


def _unclear(reference: Reference, first: Attempt) -> Iterator[str]:
    """Yield failures that were not reported, or not in a way that a person can act on."""
    if not first.told.failed and _differing(reference.state, first.state):
        yield f"all was said to be well, and was not: {_differing(reference.state, first.state)}"
    yield from _unreported(first)


def _unreported(first: Attempt) -> Iterator[str]:
    """Yield what a failed run did not report, or not in a way that a person can act on."""
    if first.told.failed and not first.told.failures:
        yield "the host failed without a word"
    yield from (f"{word!r} in the output" for word in _DEFECTS if word in first.told.text)
    for failure in first.told.failures:
        for result in failure["result"].get("results", [failure["result"]]):
            if result.get("failed", True):
                yield from (f"{failure['task']}: {problem}" for problem in _imprecise(failure["action"], result))


def _imprecise(action: str, result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts that an error lacks: the attempt, its object, and the members of the error."""
    message = _message(result)
    if not message:
        yield "no message"
    if not action.startswith("jst.retailcloud."):
        return
    error = result.get("error")
    if not (isinstance(error, dict) and error.get("message")):
        yield f"no error in it: {message}"
    elif error.get("action"):
        told = _ATTEMPT.match(message)
        if not (told and error.get("code") and error["action"] in message):
            yield f"not what was attempted: {message}"
        elif not re.search(r"['\"\d]", told["doing"]):
            yield f"not on what: {message}"


def _message(result: Mapping[str, Any]) -> str:
    return str(result.get("msg") or "")
