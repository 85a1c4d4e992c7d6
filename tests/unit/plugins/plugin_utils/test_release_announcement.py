# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role ``release`` says before it writes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_announcement import (
    announcement,
    mixture_text,
    released_text,
)

OLD, NEW = {"images": ["shop:1.0"]}, {"images": ["shop:1.1"]}
PLACE = "environment production of app shop"


def release(identity: int, content: dict[str, Any], result: str = "succeeded") -> dict[str, Any]:
    """A release with all that is known of it."""
    named = {"name": f"order-{identity}", "time": "2026-11-30T08:00Z", "result": result}
    return {"deploy_order_id": identity, "content": content, **named}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (NEW, "image shop:1.1"),
        ({"images": ["shop:1", "proxy:2"], "init_images": ["init:3"]}, "images shop:1, proxy:2 and init image init:3"),
        ({"packet_id": 2001}, "package 2001"),
        ({"packet_url": "https://user:Canary@host/a.jar?Signature=Canary"}, "package https://host/a.jar"),
        ({}, "the images of its deploy config"),
    ],
    ids=["image", "images", "package", "address", "nothing"],
)
def test_a_content_is_named_without_secrets(content: dict[str, Any], text: str) -> None:
    assert released_text(content) == text


@pytest.mark.parametrize(
    ("running", "end"),
    [
        (
            OLD,
            "Now image shop:1.0 runs there, by deploy order 1 ('order-1', succeeded 2026-11-30T08:00Z, "
            "image shop:1.0).",
        ),
        ({"packet_id": 2001}, "Now package 2001 runs there."),
        ({}, "Nothing runs there."),
        (None, "What runs there now is not known in full."),
    ],
    ids=["by-an-order", "by-another", "nothing", "unknown"],
)
def test_a_release_says_from_what_to_what(running: dict[str, Any] | None, end: str) -> None:
    assert announcement(NEW, PLACE, running, release(1, OLD)) == f"Releasing image shop:1.1 to {PLACE}. {end}"


def test_a_restart_says_what_runs() -> None:
    assert announcement(NEW, PLACE, NEW, is_restart=True) == f"Restarting {PLACE} with what it runs: image shop:1.1."


@pytest.mark.parametrize(
    ("running", "contents", "parts"),
    [
        (OLD, [{"images": ["shop:3"]}, NEW], "parts of image shop:1.0, image shop:1.1 and image shop:3"),
        (OLD, [{}], "parts of image shop:1.0 and content that is not known"),
        (None, [NEW], "parts of content that is not known and image shop:1.1"),
        ({}, [NEW], "image shop:1.1 in part"),
    ],
    ids=["three", "unknown", "unknown-before", "first"],
)
def test_a_mixture_is_named(running: dict[str, Any] | None, contents: list[dict[str, Any]], parts: str) -> None:
    """It is said instead of what runs, and a restart does not say that its content runs."""
    incomplete = [release(9 - position, content, "closed") for position, content in enumerate(contents)]
    mixture = mixture_text(running, release(1, OLD) if running else None, incomplete)
    assert mixture.startswith(f"Its instances may run {parts}: deploy order 9 ('order-9', closed 2026-11-30T08:00Z, ")
    assert [order for order in incomplete if f"deploy order {order['deploy_order_id']} (" not in mixture] == []
    assert (" did not complete after deploy order 1 (" in mixture) == bool(running)
    said = announcement(NEW, PLACE, running, release(1, OLD), mixture=mixture)
    assert said == f"Releasing image shop:1.1 to {PLACE}. {mixture}"
    again = announcement(OLD, PLACE, OLD, is_restart=True, mixture=mixture)
    assert again == f"Restarting {PLACE} with what the last release that succeeded deployed: image shop:1.0. {mixture}"


def test_a_rollback_names_both_orders() -> None:
    releases = {"present": release(3, NEW, "closed"), "earlier": release(2, OLD)}
    previous = {"rollback_of": 3, **releases, "remarks": ["Four."]}
    assert announcement(OLD, PLACE, None, previous=previous) == (
        f"Rolling back deploy order 3 ('order-3', closed 2026-11-30T08:00Z, image shop:1.1) of {PLACE}. "
        "This deploys image shop:1.0, the content of deploy order 2 ('order-2', succeeded 2026-11-30T08:00Z, image "
        "shop:1.0). Four."
    )


def test_a_rollback_that_is_completed_names_the_order_that_began_it() -> None:
    present = {**release(4, OLD, "undecided"), "time": None, "name": None}
    previous = {"rollback_of": 3, "present": present, "earlier": None, "remarks": []}
    assert announcement(OLD, PLACE, None, previous=previous) == (
        f"Rolling back {PLACE}: deploy order 4 (image shop:1.0) began to roll back deploy order 3, and this run "
        "completes the rollback. "
        "This deploys image shop:1.0."
    )
