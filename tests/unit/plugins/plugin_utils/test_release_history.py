# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What deploy orders show of earlier releases."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import (
    Mark,
    content_fingerprint,
    format_note,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import (
    History,
    Release,
    compare_documents,
    compare_ports,
    compare_secrets,
    find_own_order,
    ids_with_unknown_reach,
    ids_without_description,
)


def order(
    identity: int, image: str | None = None, status: str = "finished", result: str | None = "succeeded"
) -> dict[str, Any]:
    """A deploy order, with a note when an image is given."""
    content = {"images": [image]}
    description = f"{format_note(content)} {Mark(content_fingerprint(content))}" if image else None
    known = {"deploy_order_id": identity, "name": "spring", "description": description}
    return {**known, "status": status, "result": result}


def ids(releases: list[Any]) -> list[int]:
    """The ids of releases."""
    return [release.deploy_order_id for release in releases]


def test_releases_by_their_state_the_newest_first() -> None:
    listed = [
        order(1, "shop:1"),
        order(4, "shop:4", "paused", "undecided"),
        order(2),
        order(3, "shop:3", result="undecided"),
        order(5, "shop:5", result="failed"),
        order(6, result=None),
    ]
    history = History.read(listed)
    assert (ids(history.succeeded), ids(history.unfinished), ids(history.undecided)) == ([2, 1], [4], [6, 3])
    assert ids(history.interrupted) == [5]
    assert [release.content for release in history.succeeded] == [{}, {"images": ["shop:1"]}]
    assert [release.content_fingerprint for release in history.succeeded] == [
        None,
        content_fingerprint({"images": ["shop:1"]}),
    ]
    assert History.from_dict(history.as_dict()) == history


def test_what_the_list_does_not_show_is_described() -> None:
    listed = [order(identity) for identity in (1, 2, 3)] + [order(4, None, "running", "undecided")]
    assert ids_without_description(listed, 2) == [4, 3, 2]
    described = [order(3, "shop:3"), order(9, "shop:9")]
    history = History.read(listed, described)
    assert ids(history.succeeded) == [3, 2, 1]
    assert history.succeeded[0].content == {"images": ["shop:3"]}


@pytest.mark.parametrize(
    ("known", "pods", "reached_nothing"),
    [
        ({"current_partition": 0, "finished_instances": 0}, [], True),
        ({"current_partition": 0, "finished_instances": 0}, [{"instance": "shop-1"}], False),
        ({"current_partition": 0, "finished_instances": 0}, None, False),
        ({"current_partition": 1, "finished_instances": 0}, [], False),
        ({"current_partition": 0, "finished_instances": 2}, [], False),
        ({"current_partition": None, "finished_instances": None}, [], False),
    ],
    ids=["nothing", "pods", "pods-unknown", "batch-begun", "instances", "numbers-unknown"],
)
def test_an_interrupted_order_counts_unless_all_shows_that_it_reached_nothing(
    known: dict[str, Any], pods: list[Any] | None, reached_nothing: bool
) -> None:
    listed = [order(1, "shop:1", result="failed"), order(2, "shop:2"), {**order(3, "shop:3", result="closed"), **known}]
    history = History.read(listed, pods={} if pods is None else {3: pods})
    assert [(one.deploy_order_id, one.reached_nothing) for one in history.interrupted] == [(3, reached_nothing)]
    is_open = known == {"current_partition": 0, "finished_instances": 0}
    assert ids_with_unknown_reach(listed) == ([3] if is_open else [])


def test_an_order_of_somebody_else_is_not_the_own_one() -> None:
    planned = {"name": "spring", "description": str(Mark(content_fingerprint({"images": ["shop:2"]})))}
    own = order(2, "shop:2", "running", "undecided")
    assert find_own_order(planned, [None, order(1, "shop:1"), order(3), own]) == own
    assert find_own_order(planned, [None, order(1, "shop:1")]) is None
    assert find_own_order({"name": None, "description": None}, [order(1, "shop:1"), order(3)]) is None


@pytest.mark.parametrize(
    ("now", "then", "result"),
    [("a", "a", "same"), ("a", "b", "other"), (None, "a", "unknown"), ("a", None, "unknown"), (None, None, "unknown")],
)
def test_documents_are_compared_as_far_as_both_are_known(now: str | None, then: str | None, result: str) -> None:
    planned = {"name": None, "description": str(Mark("0" * 12, now and now * 12))}
    assert compare_documents(planned, Release(1, {}, None, "0" * 12, then and then * 12, "finished")) == result
    assert compare_documents(planned, None) == "unknown"


@pytest.mark.parametrize(("then", "result"), [("a" * 12, "same"), ("b" * 12, "other"), ("", "other"), (None, "same")])
def test_secrets_belong_to_the_documents(then: str | None, result: str) -> None:
    mark = Mark("0" * 12, "1" * 12, secrets="a" * 12)
    earlier = Release(1, {}, None, mark.content, mark.config, "finished", secrets_fingerprint=then)
    assert compare_documents({"name": None, "description": str(mark)}, earlier) == result


@pytest.mark.parametrize(
    ("now", "then", "result"),
    [("a", "a", "same"), ("a", "b", "other"), ("", "a", "unknown"), ("a", "", "unknown"), ("", "", "unknown")],
)
def test_secrets_without_revisions_are_not_known(now: str, then: str, result: str) -> None:
    mark = Mark("0" * 12, "1" * 12, None, now * 12)
    earlier = Release(1, {}, None, "0" * 12, "1" * 12, "finished", secrets_fingerprint=then * 12)
    assert compare_secrets({"name": None, "description": str(mark)}, earlier) == result


@pytest.mark.parametrize(
    ("after", "before", "closes"),
    [
        (("9090",), ["8080"], ["8080"]),
        (("8080", "9090"), ["8080"], []),
        (None, ["8080"], []),
        (("9090",), None, []),
    ],
)
def test_a_port_closes_where_both_releases_tell(
    after: tuple[str, ...] | None, before: list[str] | None, closes: list[str]
) -> None:
    planned = {"name": None, "description": str(Mark("0" * 12, "1" * 12, after))}
    release = Release(1, {}, None, "0" * 12, "1" * 12, "finished", ports=before)
    assert compare_ports(planned, release)["closes"] == closes
    assert compare_ports(planned, None)["closes"] == []
