# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lifecycle of an app under one reading: its steps, and what each of them may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from tests.faults.playbooks import APP

HERE = Path(__file__).parent
WORLD = HERE / "world.yml"
#: What changes, by the names of the stages of a lifecycle, in their order.
STAGES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "app.yml").read_text(encoding="utf-8"))


class Way(StrEnum):
    """The playbook that makes an app what its description says."""

    BRING_UP = "bring_up"
    FLEET = "fleet"


class ExpectedResult(StrEnum):
    """What a step has to come to."""

    CHANGES = "changes"
    #: Changes are predicted, and none is made.
    PREDICTS = "predicts"
    #: Nothing is changed.
    IS_CLEAN = "is clean"
    #: The report finds the app as described.
    REPORTS = "reports"


@dataclass(frozen=True)
class Step:
    """One run of a playbook.

    :ivar stage: the last stage whose changes the description holds.
    :ivar playbook: its name in the collection; empty for that of the way.
    :ivar orders: how often each operation is called that the step may call to release, scale or close.
    :ivar once: whether it is enough to run it in one of two lifecycles, since it is the same step on either way.
    """

    name: str
    stage: str
    kind: ExpectedResult
    playbook: str = ""
    options: Sequence[str] = ()
    orders: dict[str, int] = field(default_factory=dict)
    once: bool = False


DEPLOY, SCALE = "DeployApp", "ScaleApp"
#: The calls that nobody may make unless asked for.
GUARDED = (DEPLOY, SCALE, "CloseDeployOrder", "OfflineAppEnvironment", "RebuildAppInstance")

STEPS = (
    Step("bring-up", "first", ExpectedResult.CHANGES, orders={DEPLOY: 1}),
    Step("again", "first", ExpectedResult.IS_CLEAN),
    Step("check", "settings", ExpectedResult.PREDICTS, options=("--check",)),
    Step("settings", "settings", ExpectedResult.CHANGES, orders={DEPLOY: 1}),
    Step("content", "content", ExpectedResult.CHANGES, orders={DEPLOY: 1}),
    Step("again-updated", "content", ExpectedResult.IS_CLEAN),
    Step("drift", "content", ExpectedResult.REPORTS, "drift", once=True),
    Step("release", "release", ExpectedResult.CHANGES, "release", orders={DEPLOY: 1}, once=True),
    Step("scale", "release", ExpectedResult.CHANGES, "scale", orders={SCALE: 1}, once=True),
    Step("drift-released", "outcome", ExpectedResult.REPORTS, "drift", once=True),
    Step("again-released", "outcome", ExpectedResult.IS_CLEAN, once=True),
    Step("teardown", "outcome", ExpectedResult.CHANGES, "teardown", orders={"OfflineAppEnvironment": 1}),
)
TEARDOWN = STEPS[-1]

#: How many records there are more than before the lifecycle, once the settings and the content are updated.
HOLDS = {
    "apps": 1,
    "groups": 1,
    "group_members": 1,
    "deploy_configs": 2,
    "environments": 1,
    "claims": 2,
    "services": 2,
    "slb_access_points": 2,
    "databases": 2,
    "accounts": 1,
}
#: The step after which they are counted.
COUNTED_AFTER = "again-updated"


def variables(stage: str) -> dict[str, Any]:
    """The variables of the host at a stage."""
    held: dict[str, Any] = dict(APP)
    for name, changed in STAGES.items():
        held.update(changed)
        if name == stage:
            break
    return {name: value for name, value in held.items() if value is not None}


def tables_of(state: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """How many records each table has that a lifecycle leaves nothing in; deploy orders stay, and what they made."""
    for table, records in state.items():
        if isinstance(records, list) and table not in ("orders", "pods", "events", "job_runs"):
            yield table, len(records)
