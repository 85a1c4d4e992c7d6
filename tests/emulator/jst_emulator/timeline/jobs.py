# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of scheduled jobs: how the next ones end, and runs beside the schedule."""

from __future__ import annotations

from typing import Any

from jst_emulator import cron_jobs
from jst_emulator.models.apps import JobOutcome
from jst_emulator.timeline.targets import baseline_of, jobs_of
from jst_emulator.world import World


def plan_outcome(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Plan how the next scheduled runs end, after those that are planned already; this ends an outcome without end."""
    environment = jobs_of(world, given)
    planned = environment.job_outcomes
    if planned and planned[-1].runs is None:
        del planned[-1]
    planned.append(_outcome(given, given["runs"]))
    return {"env_id": environment.env_id, "outcome": given["outcome"]}


def run(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Start a run now, whatever the schedule says."""
    environment = jobs_of(world, given)
    suffix = f"manual-{world.next_number('manual_job_run')}"
    begun = cron_jobs.begin_run(world, environment, baseline_of(environment), _outcome(given, 1), at, suffix)
    return {"env_id": environment.env_id, "name": begun.name, "pod_name": begun.pod_name, "outcome": given["outcome"]}


def _outcome(given: dict[str, Any], runs: int | None) -> JobOutcome:
    return JobOutcome(outcome=given["outcome"], runs=runs, duration=given["duration_s"])
