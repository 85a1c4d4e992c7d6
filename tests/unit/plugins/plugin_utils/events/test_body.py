# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of events: the ids, the sizes, and what is masked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event, Place, iso

ENDPOINT = "https://retailcloud.aliyuncs.com"
PLACE = Place(10001, "shop", 20001, "production", "online", "shop")
EVENT = Event("deploy_order", "failed", "60001", 1767614400.0, PLACE, {"deploy_order": {"deploy_order_id": 60001}})
LIMIT = 40_000


def uuid(event: Event, endpoint: str = ENDPOINT) -> str:
    """Return the id of an event."""
    return str(event.body(endpoint)["meta"]["uuid"])


def test_the_body_of_an_event() -> None:
    assert EVENT.body(ENDPOINT) == {
        "jst": {
            "kind": "deploy_order",
            "type": "failed",
            "time": "2026-01-05T12:00:00Z",
            "app": {"app_id": 10001, "title": "shop"},
            "environment": {"environment_id": 20001, "name": "production", "env_type": "online"},
            "deploy_order": {"deploy_order_id": 60001},
        },
        # Rules and stored events rely on the id of an event, so it never changes.
        "meta": {"uuid": "ed5e3216-c839-5ce9-a76b-ac5a2f09f7cf", "hosts": ["shop"]},
    }


def test_the_same_event_has_the_same_id() -> None:
    renamed = replace(PLACE, title="other", environment="other", env_type="test", host="other")
    assert uuid(replace(EVENT, at=0.0, place=renamed, members={})) == uuid(EVENT)


def test_other_events_have_other_ids() -> None:
    others = [
        replace(EVENT, kind="job"),
        replace(EVENT, type="closed"),
        replace(EVENT, key="60002"),
        replace(EVENT, place=replace(PLACE, app_id=1)),
        replace(EVENT, place=replace(PLACE, environment_id=1)),
    ]
    assert len({uuid(EVENT), *map(uuid, others), uuid(EVENT, "http://localhost:8480")}) == 7


@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_member_can_be_sent(value: Any) -> None:
    json.dumps(replace(EVENT, members={"deploy_order": value}).body(ENDPOINT))


def test_the_size_is_limited() -> None:
    long = "x" * 10**5
    pods = [{"instance": long, "log": long + "end", "events": [long] * 1000}] * 3
    body = replace(EVENT, members={"deploy_order": {"description": long}, "failed_pods": pods}).body(ENDPOINT)
    assert len(json.dumps(body, ensure_ascii=False)) < LIMIT
    assert body["jst"]["deploy_order"]["description"].endswith("x [cut]")
    assert body["jst"]["failed_pods"][0]["log"].endswith("xend")
    assert len(body["jst"]["failed_pods"][0]["events"]) == 10


@pytest.mark.parametrize("character", ["x", '"', "\x1b", "汉"])
def test_the_size_of_the_whole_event_is_limited(character: str) -> None:
    """Names are cut, and so is more of each text where its characters take several in JSON."""
    long = character * 25_000
    place = replace(PLACE, title=long, environment=long)
    pods = [{"instance": long, "log": f"{long}end", "events": [long] * 10}] * 3
    body = replace(EVENT, place=place, members={"description": long, "failed_pods": pods}).body(ENDPOINT)
    assert len(json.dumps(body, ensure_ascii=False)) <= LIMIT
    assert body["jst"]["app"]["title"].endswith(f"{character} [cut]")
    assert body["jst"]["environment"]["name"].endswith(f"{character} [cut]")
    assert body["jst"]["failed_pods"][0]["log"].endswith(f"{character}end")


def test_secrets_in_texts_are_masked() -> None:
    text = "login with password=Canary-1 failed"
    members = {"event": {"message": text}, "logs": [{"log": text, "events": [text]}]}
    body = json.dumps(replace(EVENT, members=members).body(ENDPOINT))
    assert "Canary" not in body
    assert "login with" in body


def test_a_long_secret_is_masked_before_the_text_is_cut() -> None:
    """The name that tells a secret may be cut off with the start of a log."""
    text = "password=" + "Canary" * 2000
    members = {"event": {"message": f"mysql://u:{text}@db"}, "logs": [{"log": text}, {"log": f"{text}\nend"}]}
    body = replace(EVENT, members=members).body(ENDPOINT)
    assert "Canary" not in json.dumps(body)
    assert body["jst"]["logs"][1]["log"].endswith("\nend")


def test_times_are_utc() -> None:
    assert iso(0.9) == "1970-01-01T00:00:00Z"
