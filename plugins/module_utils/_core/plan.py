# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task will do, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping


@dataclass(frozen=True)
class Step:
    """One writing call.

    :param purpose: what it does, in words that complete "Could not ...".
    :param returns: field -> member of the answer that tells it.
    :param settles: whether the thing has to be ready before the next step.
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
    """The way from ``before`` to ``after``; ``None`` stands for "not there"."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    steps: list[Step] = field(default_factory=list)

    def __repr__(self) -> str:
        # States may hold secrets.
        return f"Plan({self.steps!r})"
