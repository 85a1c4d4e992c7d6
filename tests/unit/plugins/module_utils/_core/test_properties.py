# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties that hold for every value, manifest and lamp."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.diff import dump, render
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import (
    TEXT,
    Boolean,
    Choice,
    FieldType,
    Integer,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import from_api, parse
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest_types import ManifestType
from ansible_collections.jst.retailcloud.plugins.module_utils._core.record_list import RecordList
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wait import poll_intervals
from tests.unit.plugins.module_utils._core.conftest import Lamp, Platform

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
JSON = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4))
)
MAPPINGS = st.dictionaries(TEXTS, JSON, max_size=4)

# Characters that show something, and are no fillers.
NAMES = st.text(st.characters(categories=("Lu", "Ll", "N", "P", "Sc"), codec="utf-8"), min_size=1, max_size=40)

KINDS = st.sampled_from(
    [TEXT, Integer(), Integer(1, 5), Boolean(), Boolean(number=True), Choice(("TCP", "UDP")), ManifestType("x")]
)
OWNERS = RecordList((("user", "user", TEXT), ("share", "share", Integer())), key=("user",), required=("user",))
WORDS = st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=2).map("_".join)
RECORDS = st.lists(
    st.fixed_dictionaries({"user": NAMES}, optional={"share": st.integers()}),
    unique_by=lambda record: record["user"],
    max_size=5,
)


@given(KINDS, JSON)
def test_no_answer_is_too_odd_to_be_understood_or_shown(kind: FieldType, raw: Any) -> None:
    current = kind.deserialize(raw)
    json.dumps(kind.to_result(current))
    json.dumps(kind.to_option(current))


@given(st.integers())
def test_a_number_is_the_same_however_it_comes_back(number: int) -> None:
    kind = Integer()
    assert kind.deserialize(kind.serialize(kind.clean(str(number)))) == kind.deserialize(f" {number} ") == number


@given(st.lists(WORDS, min_size=1, max_size=5), st.data())
def test_a_word_is_understood_in_every_spelling(words: list[str], data: st.DataObject) -> None:
    words = list({word.replace("_", ""): word for word in words}.values())
    kind = Choice(words)
    word = data.draw(st.sampled_from(words))
    assert kind.deserialize(kind.serialize(word)) == word
    for spelling in (word.upper(), word.title().replace("_", ""), word.replace("_", "-"), word.replace("_", " ")):
        assert kind.deserialize(spelling) == word


@given(RECORDS, st.randoms(use_true_random=False))
def test_records_are_the_same_in_any_order(records: list[dict[str, Any]], random: Any) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    wanted, current = OWNERS.clean(records), OWNERS.deserialize(OWNERS.serialize(OWNERS.clean(shuffled)))
    assert OWNERS.equals(wanted, current)
    assert OWNERS.to_result(wanted) == OWNERS.to_result(current)


@given(RECORDS, RECORDS)
def test_records_with_other_keys_differ(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    keys = [{record["user"] for record in records} for records in (one, other)]
    if keys[0] != keys[1]:
        assert not OWNERS.equals(OWNERS.clean(one), OWNERS.deserialize(other))


# A next line (U+0085) is a line break in YAML, and comes back as the usual one.
WITHOUT_BREAKS = st.text(st.characters(codec="utf-8", exclude_characters="\x85"), max_size=40)
CONTENTS = st.dictionaries(
    WITHOUT_BREAKS,
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), WITHOUT_BREAKS),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WITHOUT_BREAKS, inner, max_size=4)),
    ),
    max_size=4,
)


@given(CONTENTS)
def test_a_mapping_means_the_same_after_the_way_over_the_wire(content: dict[str, Any]) -> None:
    kind = ManifestType("Anything")
    wanted = kind.clean({**content, "kind": "Anything"})
    sent = kind.serialize(wanted)
    assert kind.equals(wanted, kind.deserialize(sent))
    assert kind.equals(wanted, from_api(wanted.text))
    assert yaml.safe_load(wanted.text) == wanted.data == kind.to_result(kind.deserialize(sent))


@given(TEXTS)
def test_any_text_is_a_document_or_an_error_in_words(text: str) -> None:
    try:
        document = parse(text)
    except ValueError as error:
        assert str(error).startswith(("is not valid YAML", "uses ", "holds ", "has ", "merges "))
    else:
        assert document.text == text
        assert isinstance(document.data, Mapping)


@given(CONTENTS)
def test_a_diff_can_be_read_back_and_keeps_the_order(content: dict[str, Any]) -> None:
    dumped = dump(content)
    assert yaml.safe_load(dumped) == content
    assert list(yaml.safe_load(dumped)) == list(content)


@given(MAPPINGS, MAPPINGS)
def test_the_sides_of_a_diff_are_equal_when_nothing_differs(one: dict[str, Any], other: dict[str, Any]) -> None:
    rendered = render("it", one, json.loads(json.dumps(one)))
    assert rendered["before"] == rendered["after"]
    if json.dumps(one) != json.dumps(other):
        rendered = render("it", one, other)
        assert rendered["before"] != rendered["after"]


@given(st.floats(min_value=0.01, max_value=3600))
def test_pauses_grow_and_stay_within_the_interval(longest: float) -> None:
    first = list(islice(poll_intervals(longest), 20))
    assert first == sorted(first)
    assert first[0] <= 0.25
    assert first[-1] == longest


LAMPS = st.fixed_dictionaries(
    {
        "room": st.just("kitchen"),
        "name": st.sampled_from(["desk", "desk 2", "shelf"]),
        "fitting": st.sampled_from(["E14", "E27"]),
        "watts": st.integers(1, 100),
    },
    optional={
        "kind": st.sampled_from(["plain", "dimmable"]),
        "dimmer": st.integers(0, 100),
        "colour": TEXTS,
        "owners": RECORDS,
        "pin": TEXTS,
        "group": st.sampled_from(["hall", "stairs"]),
        "state": st.sampled_from(["present", "present", "absent"]),
    },
)


@given(st.lists(LAMPS, min_size=1, max_size=6))
def test_any_run_of_tasks_is_predicted_by_check_mode_and_done_after_one_write(tasks: list[dict[str, Any]]) -> None:
    platform: Any = Platform()
    for options in tasks:
        before = json.dumps(platform.lamps)
        try:
            predicted = reconcile(RunContext(platform, options, True), Lamp())
        except JstError as error:
            refused = type(error)
            try:
                reconcile(RunContext(platform, options), Lamp())
            except JstError as real:
                assert real.__class__ is refused
            else:
                raise AssertionError(f"check mode refused what the real run did: {error}") from None
            assert json.dumps(platform.lamps) == before
            continue
        assert json.dumps(platform.lamps) == before
        platform.calls.clear()
        real_run = reconcile(RunContext(platform, options), Lamp())
        assert real_run.plan == predicted.plan
        assert len(platform.writes) == int(real_run.changed)
        assert (json.dumps(platform.lamps) != before) == real_run.changed
        names = [lamp["lamp_name"] for lamp in platform.lamps.values()]
        assert names.count(options["name"]) == (0 if options.get("state") == "absent" else 1)
        platform.calls.clear()
        assert not reconcile(RunContext(platform, options), Lamp()).changed
        assert platform.writes == []
