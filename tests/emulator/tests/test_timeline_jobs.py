# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled jobs on the timeline: runs that succeed, fail, are missed, take long, and come beside the schedule."""

from __future__ import annotations

from typing import Any

import pytest

from support.controlled_account import ControlledAccount
from support.event_account import JOB, EventAccount

NIGHTLY = {"env_id": 20002}
HOUR = 3600


@pytest.fixture
def account() -> EventAccount:
    """An account at 08:00:20 with a job that runs at every full hour."""
    return EventAccount()


def test_the_next_runs_fail_are_missed_and_succeed(account: EventAccount) -> None:
    account.happen("job_outcome", outcome="fail", runs=2, **NIGHTLY)
    account.happen("job_outcome", outcome="miss", **NIGHTLY)
    account.happen("job_outcome", outcome="succeed", **NIGHTLY)
    account.happen("job_outcome", outcome="fail", **NIGHTLY)
    account.wait(7 * HOUR + 30)
    assert account.runs() == [
        ("2026-01-05 15:00:00", 1, 0),
        ("2026-01-05 14:00:00", 1, 0),
        ("2026-01-05 13:00:00", 0, 1),
        ("2026-01-05 12:00:00", 1, 0),
        ("2026-01-05 10:00:00", 0, 1),
        ("2026-01-05 09:00:00", 0, 1),
    ]
    assert [len(account.runs(status)) for status in ("SUCCESS", "FAILED")] == [3, 3]


def test_a_missed_run_leaves_nothing_behind(account: EventAccount) -> None:
    before = account.get("state")
    account.happen("job_outcome", outcome="miss", runs=None, **NIGHTLY)
    account.wait(24 * HOUR)
    assert account.runs() == []
    after = account.get("state")
    assert (after["job_runs"], after["events"]) == (before["job_runs"], before["events"])
    account.happen("job_outcome", outcome="succeed", **NIGHTLY)
    account.wait(HOUR + 30)
    assert account.runs() == [("2026-01-06 09:00:00", 1, 0)]


def test_an_outcome_is_planned_for_a_moment(account: EventAccount) -> None:
    account.happen("job_outcome", at="2026-01-05T10:30:00Z", outcome="fail", **NIGHTLY)
    account.wait(4 * HOUR)
    assert [failed for _start, _succeeded, failed in account.runs()] == [0, 1, 0, 0]


def test_a_failed_run_says_why(account: EventAccount) -> None:
    account.happen("job_outcome", outcome="fail", **NIGHTLY)
    account.wait(HOUR + 40)
    (shown,) = account.page("ListJobHistories", Status="FAILED", **JOB)["Data"]
    assert (shown["CompletionTime"], shown["Message"]) == (
        "2026-01-05 09:00:30",
        "Job has reached the specified backoff limit",
    )
    log = account.call("DescribeJobLog", PodName=shown["PodList"][0], **JOB)
    assert [one["Reason"] for one in log["Events"]] == ["Scheduled", "BackoffLimitExceeded"]
    assert "giving up" in log["JobLog"]


def test_a_run_takes_long(account: EventAccount) -> None:
    account.happen("job_outcome", outcome="fail", duration_s=5000, **NIGHTLY)
    account.wait(HOUR + 4000)
    assert account.runs()[-1] == ("2026-01-05 09:00:00", 0, 0)
    assert account.runs("FAILED") == []
    account.wait(1000)
    (shown,) = account.page("ListJobHistories", Status="FAILED", **JOB)["Data"]
    assert shown["CompletionTime"] == "2026-01-05 10:23:20"


def test_a_run_beside_the_schedule(account: EventAccount) -> None:
    account.happen("job_outcome", outcome="miss", **NIGHTLY)
    account.wait(HOUR)
    logged = account.happen("job_run", outcome="fail", duration_s=5, **NIGHTLY)
    assert account.runs() == [("2026-01-05 09:00:20", 0, 0)]
    account.wait(5)
    (shown,) = account.page("ListJobHistories", Status="FAILED", **JOB)["Data"]
    assert (shown["Name"], shown["PodList"]) == (logged["name"], [logged["pod_name"]])
    account.happen("job_run", **NIGHTLY)
    account.wait(30)
    assert account.runs() == [("2026-01-05 09:00:25", 1, 0), ("2026-01-05 09:00:20", 0, 1)]


def test_runs_are_read_in_pages(account: EventAccount) -> None:
    account.wait(5 * HOUR)
    pages = [account.page("ListJobHistories", number, 2, Status="ALL", **JOB) for number in (1, 2, 3)]
    starts = [one["StartTime"][11:13] for page in pages for one in page["Data"]]
    assert starts == ["13", "12", "11", "10", "09"]


def test_an_outcome_survives_a_world_file(account: EventAccount) -> None:
    account.happen("job_outcome", outcome="fail", runs=3, duration_s=1, **NIGHTLY)
    again = ControlledAccount({**account.get("state"), "credentials": []})
    again.wait(HOUR + 1)
    assert again.page("ListJobHistories", Status="FAILED", **JOB)["TotalCount"] == 1


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"kind": "job_outcome", **NIGHTLY}, "a job_outcome entry needs outcome"),
        ({"kind": "job_outcome", **NIGHTLY, "outcome": "late"}, "outcome is 'late', not one of succeed, fail, miss"),
        ({"kind": "job_outcome", **NIGHTLY, "outcome": "fail", "runs": 0}, "runs is 0, less than 1"),
        ({"kind": "job_outcome", "env_id": 20001, "outcome": "fail"}, "environment 20001 does not run scheduled jobs"),
        ({"kind": "job_run", "env_id": 20001}, "environment 20001 does not run scheduled jobs"),
        ({"kind": "job_run", "env_id": 1}, "there is no environment 1"),
        ({"kind": "job_run", **NIGHTLY, "outcome": "miss"}, "outcome is 'miss', not one of succeed, fail"),
    ],
)
def test_runs_that_cannot_be(account: EventAccount, entry: dict[str, Any], message: str) -> None:
    assert account.error("timeline", entry).startswith(message)
