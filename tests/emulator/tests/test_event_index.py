# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of events against a list of all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jst_emulator.event_index import EventFilter, EventIndex
from jst_emulator.models.runtime import Event

LEVELS, TYPES, PODS = ("Normal", "Warning", "Error"), ("", "POD_FAILED", "LIVENESS_FAILED"), ("a", "b")
MOMENTS = st.integers(0, 9)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "env_id": st.integers(1, 2),
            "pod_name": st.sampled_from(PODS),
            "happened_at": MOMENTS.map(float),
            "level": st.sampled_from(LEVELS),
            "event_type": st.sampled_from(TYPES),
        }
    ),
    max_size=40,
)


@given(described=EVENTS, gone=st.sets(st.integers(0, 39)), span=st.tuples(MOMENTS, MOMENTS))
def test_every_filter_finds_its_events_in_their_order(
    described: list[dict[str, Any]], gone: set[int], span: tuple[int, int]
) -> None:
    index = EventIndex()
    events = [Event(event_id=number, reason="r", message="m", **one) for number, one in enumerate(described)]
    for one in events:
        index.add(one)
    for one in events:
        if one.event_id in gone:
            index.remove(one)
    left = sorted((one for one in events if one.event_id not in gone), key=lambda one: one.happened_at)
    start, end = span
    for env_id, pod in ((1, "a"), (1, "b"), (2, "a")):
        mine = [one for one in left if (one.env_id, one.pod_name) == (env_id, pod)]
        assert index.of_pod(env_id, pod) == mine
        for level in ("", *LEVELS):
            for event_type in TYPES:
                found = index.between(EventFilter(env_id, pod, level, event_type), start, end)
                assert found == [
                    one
                    for one in mine
                    if level in ("", one.level)
                    and event_type in ("", one.event_type)
                    and start <= one.happened_at <= end
                ]
