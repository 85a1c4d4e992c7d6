# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The plan of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping


@dataclass(frozen=True)
class Step:
    """One writing call.

    :param purpose: completes "Could not ...".
    :param returns: field -> member of the response that holds it.
    :param wait_after: whether the resource has to be ready before the next step.
    """

    action: str
    parameters: Mapping[str, Any]
    purpose: str
    returns: Mapping[str, str] = field(default_factory=dict)
    wait_after: bool = False

    def __repr__(self) -> str:
        # The parameters may hold secrets.
        return f"Step({self.action}: {self.purpose})"


@dataclass(frozen=True)
class Plan:
    """The steps from state ``before`` to state ``after``. ``None`` is the state of a missing resource."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    steps: list[Step] = field(default_factory=list)

    def __repr__(self) -> str:
        # States may hold secrets.
        return f"Plan({self.steps!r})"
