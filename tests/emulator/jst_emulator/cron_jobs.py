# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled jobs: runs that start by the schedule of the deployed CronJob."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jst_emulator import pod_events, releases, scheduling, workload
from jst_emulator.cron import Schedule
from jst_emulator.models.apps import Baseline, Environment, JobOutcome
from jst_emulator.models.release import FAIL, MISS, SUCCEED
from jst_emulator.models.runtime import JobRun

if TYPE_CHECKING:
    from jst_emulator.world import World

#: How much of a jump of the clock gets runs, and how many runs an environment keeps.
LONGEST_JUMP_MINUTES = 7 * 24 * 60
RUNS_KEPT = 100


def advance(world: World, now: float) -> None:
    """Start and finish the runs that are due until *now*."""
    for environment in list(world.environments.values()):
        baseline = environment.baseline
        if baseline is not None and baseline.jobs_checked_at is not None:
            _begin_runs(world, environment, baseline, now)
    for run in world.job_runs.values():
        if run.due_at is not None and run.due_at <= now:
            run.ended_at, run.due_at = run.due_at, None
            reason, level = ("BackoffLimitExceeded", "Warning") if run.failing else ("Completed", "Normal")
            pod_events.record(world, run, reason, f"Job {run.name} ended", run.ended_at, level=level)


def _begin_runs(world: World, environment: Environment, baseline: Baseline, now: float) -> None:
    last, first = int(now // 60), int((baseline.jobs_checked_at or now) // 60) + 1
    if first > last:
        return
    baseline.jobs_checked_at = now
    spec = workload.job_spec(baseline.workload)
    try:
        schedule = Schedule(str(spec.get("schedule", "")))
    except ValueError:
        return
    if spec.get("suspend"):
        return
    for minute in range(max(first, last - LONGEST_JUMP_MINUTES), last + 1):
        if schedule.fits(minute):
            _begin_scheduled(world, environment, baseline, minute)
    runs = [run for run in world.job_runs.values() if run.env_id == environment.env_id]
    for run in runs[:-RUNS_KEPT]:
        world.remove(run)


def _begin_scheduled(world: World, environment: Environment, baseline: Baseline, minute: int) -> None:
    """Start the run of a minute, unless it is missed."""
    planned = _next_outcome(environment)
    if planned is None:
        planned = JobOutcome(outcome=FAIL if baseline.jobs_fail else SUCCEED)
    if planned.outcome != MISS:
        begin_run(world, environment, baseline, planned, minute * 60.0, str(minute))


def _next_outcome(environment: Environment) -> JobOutcome | None:
    """Return how the next scheduled run ends, and count it; None when nothing was planned."""
    if not environment.job_outcomes:
        return None
    planned = environment.job_outcomes[0]
    if planned.runs is not None:
        planned.runs -= 1
        if planned.runs <= 0:
            del environment.job_outcomes[0]
    return planned


def begin_run(
    world: World, environment: Environment, baseline: Baseline, planned: JobOutcome, at: float, suffix: str
) -> JobRun:
    """Start a run.

    :param planned: how it ends.
    :param suffix: the last part of its name.
    """
    name = f"jck-cronjob-{environment.app_id}-{environment.env_id}-{suffix}"
    spec = workload.job_spec(baseline.workload)
    run = JobRun(
        env_id=environment.env_id,
        name=name,
        pod_name=f"{name}-{scheduling.suffix(name)}",
        started_at=at,
        due_at=at + (world.settings.durations.job_run if planned.duration is None else planned.duration),
        failing=planned.outcome == FAIL,
        backoff_limit=_number(spec, "backoffLimit", 6),
        completions=_number(spec, "completions", 1),
        parallelism=_number(spec, "parallelism", 1),
        active_deadline_seconds=_number(spec, "activeDeadlineSeconds", 0) or None,
        **releases.as_last_released(world, baseline),
    )
    world.add(run)
    pod_events.record(world, run, "Scheduled", "Successfully assigned", at, action="Binding")
    return run


def _number(spec: dict[str, Any], name: str, default: int) -> int:
    value = spec.get(name, default)
    return value if isinstance(value, int) and not isinstance(value, bool) else default
