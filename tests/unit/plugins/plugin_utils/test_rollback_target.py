# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollback deploys, and that what is not certain is never deployed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import content_fingerprint
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import History, Release
from ansible_collections.jst.retailcloud.plugins.plugin_utils.rollback_target import (
    LiveState,
    failure_target,
    previous_release,
)

OLD, NEW = {"images": ["registry.example.com/shop:1.0"]}, {"images": ["registry.example.com/shop:1.1"]}
PACKET = {"packet_id": 2001}


def release(
    identity: int, content: dict[str, Any] | None = None, rollback_of: int | None = None, mark: str | None = None
) -> Release:
    """One release."""
    return Release(identity, content or {}, rollback_of, mark, None, "finished")


def target(*succeeded: Release, unfinished: Release | None = None) -> tuple[dict[str, Any], int | None]:
    """What a rollback deploys, and what it rolls back."""
    found = previous_release(History(list(succeeded), [unfinished] if unfinished else [], []))
    assert (found["unfinished"] is None) == (unfinished is None or unfinished.rollback_of is not None)
    assert (found["earlier"] or {}).get("content", {}) == (found["content"] if found["earlier"] else {})
    return found["content"], found["rollback_of"]


# Playbook rollback


def test_the_release_before_is_the_target() -> None:
    assert target(release(3, NEW), release(2, OLD)) == (OLD, 3)
    assert target(release(4, NEW), release(3, NEW), release(2, OLD)) == (OLD, 4)


@pytest.mark.parametrize(
    "releases",
    [
        [],
        [release(1, NEW)],
        [release(2), release(1, OLD)],
        # The note of an older release may be out of date.
        [release(3, NEW), release(2), release(1, OLD)],
    ],
    ids=["none", "first", "last-without-note", "release-before-without-note"],
)
def test_an_unknown_release_is_no_target(releases: list[Release]) -> None:
    assert target(*releases)[0] == {}


def test_only_a_history_without_releases_names_no_present_release() -> None:
    assert target() == ({}, None)
    assert target(release(1)) == ({}, 1)


def test_a_rollback_is_not_rolled_back() -> None:
    found = previous_release(History([release(3, OLD, 2), release(2, NEW), release(1, OLD)], [], []))
    assert (found["content"], found["was_rolled_back"]) == ({}, 2)


def test_an_unfinished_release_is_the_present_one() -> None:
    assert target(release(2, OLD), release(1, PACKET), unfinished=release(3, NEW)) == (OLD, 3)
    # The one of somebody else has no note, and what ran before it is known all the same.
    assert target(release(2, OLD), unfinished=release(3)) == (OLD, 3)
    assert target(release(2), release(1, OLD), unfinished=release(3, NEW)) == ({}, 3)
    assert target(unfinished=release(3, NEW)) == ({}, 3)


def test_an_unfinished_rollback_is_continued() -> None:
    assert target(release(2, NEW), release(1, PACKET), unfinished=release(3, OLD, 2)) == (OLD, 2)


def ended(
    identity: int, content: dict[str, Any] | None = None, rollback_of: int | None = None, *, reached: bool = True
) -> Release:
    """A release that was closed."""
    return replace(release(identity, content, rollback_of), result="closed", reached_nothing=not reached)


@pytest.mark.parametrize(
    ("interrupted", "succeeded", "unfinished", "content", "rolled_back"),
    [
        ([ended(3, NEW)], [release(2, OLD), release(1, PACKET)], None, OLD, 3),
        ([ended(3)], [release(2, OLD), release(1, PACKET)], None, OLD, 3),
        ([ended(3, NEW)], [release(2), release(1, OLD)], None, {}, 3),
        ([ended(3, NEW)], [], None, {}, 3),
        ([ended(4, NEW), ended(3, NEW)], [release(2, OLD), release(1, PACKET)], None, OLD, 4),
        ([ended(3, OLD)], [release(2, OLD), release(1, PACKET)], None, OLD, 3),
        ([ended(4, NEW)], [release(3, OLD, 2), release(2, NEW), release(1, OLD)], None, OLD, 4),
        ([ended(4, OLD, 3)], [release(3, NEW), release(2, OLD)], None, OLD, 3),
        ([ended(4, OLD, 3), ended(3, NEW)], [release(2, OLD), release(1, PACKET)], None, OLD, 3),
        ([ended(3, NEW, reached=False)], [release(2, OLD), release(1, PACKET)], None, PACKET, 2),
        ([ended(4, NEW, reached=False), ended(3, NEW)], [release(2, OLD), release(1, PACKET)], None, OLD, 3),
        ([ended(4, NEW), ended(3, NEW, reached=False)], [release(2, OLD), release(1, PACKET)], None, OLD, 4),
        ([ended(4, NEW, reached=False)], [release(3, OLD, 2), release(2, NEW)], None, {}, None),
        ([ended(3, NEW, reached=False)], [], None, {}, None),
        ([ended(3, NEW)], [release(2, OLD), release(1, PACKET)], release(4, PACKET), OLD, 4),
        ([], [release(2, OLD), release(1, PACKET)], release(3, OLD), OLD, 3),
    ],
    ids=[
        "canary-closed-by-hand",
        "without-note",
        "last-success-without-note",
        "never-succeeded",
        "two-closed",
        "restart-closed",
        "after-a-rollback",
        "rollback-closed",
        "rollback-of-a-closed-one-closed",
        "reached-nothing",
        "newer-reached-nothing",
        "older-reached-nothing",
        "rolled-back-already",
        "nothing-ever-reached",
        "unfinished-after-closed",
        "unfinished-restart",
    ],
)
def test_an_interrupted_release_is_rolled_back(
    interrupted: list[Release],
    succeeded: list[Release],
    unfinished: Release | None,
    content: dict[str, Any],
    rolled_back: int | None,
) -> None:
    found = previous_release(History(succeeded, [unfinished] if unfinished else [], [], interrupted))
    assert (found["content"], found["rollback_of"]) == (content, rolled_back)
    assert found["remarks"] == [
        f"Deploy order {one.deploy_order_id} ended as closed before it reached an instance, so it does not count."
        for one in interrupted
        if one.reached_nothing
    ]


# A release that fails


def config(*images: str | None) -> dict[str, Any]:
    """A deploy config with a container for each image."""
    containers = [{"name": "web", **({"image": image} if image else {})} for image in images]
    return {"deploy_config_id": 30001, "deployment": {"spec": {"template": {"spec": {"containers": containers}}}}}


def failure(
    *succeeded: Release,
    baseline: dict[str, Any] | None = None,
    images: tuple[str | None, ...] = ("registry.example.com/shop:0",),
    instances: list[Any] | None = None,
    desired: dict[str, Any] = NEW,
    previous: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], bool]:
    """What a failed release deploys, and whether that is known."""
    live = LiveState(History(list(succeeded), [], []), baseline or {}, config(*images), instances)
    found = failure_target(live, desired, previous)
    return found["content"], found["is_known"]


def test_the_note_of_the_last_release_comes_first() -> None:
    assert failure(release(1, OLD), baseline={"image": "shop:1.0"}) == (OLD, True)


def test_the_same_content_is_not_deployed_again() -> None:
    assert failure(release(1, NEW)) == ({}, True)
    assert failure(release(1, {"images": ["registry.example.com/shop:0"]}), desired={}) == ({}, True)


def test_the_word_of_the_user_counts_more() -> None:
    assert failure(release(1, OLD), previous=PACKET) == (PACKET, True)


def test_nothing_runs() -> None:
    assert failure() == ({}, True)
    assert failure(release(1, OLD), instances=[]) == ({}, True)
    assert failure(release(1), instances=[{}]) == ({}, False)
    assert failure(release(1)) == ({}, False)


@pytest.mark.parametrize(
    ("baseline", "images", "known"),
    [
        ({"packet_id": 2001, "packet_url": "https://packets.example.com/shop.jar"}, (), True),
        ({"image": "registry.example.com/shop:1.0"}, ("registry.example.com/shop:0",), True),
        ({"image": "shop:1.0"}, ("registry.example.com/shop:0",), False),
        ({"image": "shop:1.0"}, ("localhost/shop:0",), False),
        ({"image": "library/shop:1.0"}, ("library/shop:0",), True),
        ({"image": "registry.example.com/shop:1.0"}, ("registry.example.com/shop:0", "proxy:1"), False),
        ({"image": "registry.example.com/shop:1.0"}, (None, None), False),
        ({"deploy_config_id": 1}, (), False),
    ],
    ids=["package", "image", "no-registry", "localhost", "never-a-registry", "two", "two-without-image", "nothing"],
)
def test_a_baseline_that_is_complete_is_known(
    baseline: dict[str, Any], images: tuple[str | None, ...], known: bool
) -> None:
    content, is_known = failure(release(1), baseline=baseline, images=images)
    assert is_known is known
    expected: dict[str, Any] = {"images": [baseline.get("image")]} if "image" in baseline else PACKET
    assert content == (expected if known else {})


def test_without_a_successful_release_there_is_nothing_to_go_back_to() -> None:
    two = ("registry.example.com/shop:0", "proxy:1")
    assert failure(baseline={"image": "registry.example.com/shop:1.0"}, images=two) == ({}, True)
    assert failure(baseline={"deploy_config_id": 1}, images=two) == ({}, True)


def test_a_cron_job_without_instances_may_run() -> None:
    config = {"cron_job": {"spec": {"schedule": "0 4 * * *"}}}
    live = LiveState(History([release(1, OLD)], [], []), {}, config, [])
    assert (live.is_offline, live.running()) == (False, OLD)


@pytest.mark.parametrize(
    ("deployed", "known"),
    [
        ({"deploy_config_id": 30001, "images": ["shop:0", "proxy:0"]}, True),
        ({"deploy_config_id": 30002, "images": ["shop:0", "proxy:0"]}, False),
        ({"deploy_config_id": 30001, "images": ["shop:1", "proxy:0"]}, False),
        (None, False),
    ],
    ids=["same", "other-config", "other-images", "no-mark"],
)
def test_a_mark_can_confirm_the_images_of_the_deploy_config(deployed: dict[str, Any] | None, known: bool) -> None:
    mark = content_fingerprint(deployed) if deployed else None
    images = ("shop:0", "proxy:0")
    content, is_known = failure(release(1, mark=mark), baseline={"image": "shop:0"}, images=images)
    assert (content, is_known) == ({"images": list(images)} if known else {}, known)


def test_what_the_user_says_that_runs_is_not_deployed_again() -> None:
    assert failure(release(1, OLD), previous=NEW) == ({}, True)


@pytest.mark.parametrize(("last", "known"), [(release(1, OLD), True), (release(1), False)])
def test_what_runs_is_told_only_when_it_is_known(last: Release, known: bool) -> None:
    found = failure_target(LiveState(History([last], [], []), {}, config("shop:0"), None), {}, None)
    assert (found["running"], found["is_running_known"]) == (OLD if known else {}, known)
