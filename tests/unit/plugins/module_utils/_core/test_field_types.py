# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Field types: what they accept, send, read, compare and show."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import (
    PORT,
    TEXT,
    Boolean,
    Choice,
    FieldType,
    Id,
    Ids,
    Integer,
    MultiChoice,
    NumberSet,
    Secret,
    StringSet,
    Text,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.record_list import RecordList
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import suggest

LOWER = Text("[a-z]{2,4}", "2 to 4 lower-case letters")
PIN = Secret("[0-9]{4}", "4 digits")
COLOUR = Choice({"red": 1, "sky_blue": 2}, spellings={"AZURE": "sky_blue", "Mixed": "mixed"})
PORTS = RecordList(
    members=(
        ("name", "Name", TEXT),
        ("protocol", "Protocol", Choice(("TCP", "UDP"))),
        ("port", "Port", PORT),
    ),
    key=("name",),
    required=("name", "port"),
    defaults={"protocol": "TCP"},
    response_names={"port": "port_number", "origin": "made_by"},
    extra_shown=("origin",),
)


def test_a_plain_kind_passes_everything_on() -> None:
    kind = FieldType()
    value = {"any": ["thing"]}
    assert kind.clean(value) is kind.serialize(value) is kind.deserialize(value) is kind.to_result(value) is value
    assert kind.spec() == {"type": "raw"}
    assert kind.equals({"a": 1}, {"a": 1})
    assert not kind.equals({"a": 1}, {"a": 2})


# Text


@pytest.mark.parametrize("value", ["shop", "", "聚石塔 ⛩ é", "a\nb", "x" * 100_000])
def test_text_is_left_as_it_is(value: str) -> None:
    assert TEXT.clean(value) == TEXT.serialize(value) == TEXT.deserialize(value) == TEXT.to_result(value) == value


def test_text_takes_numbers_of_answers() -> None:
    assert TEXT.deserialize(8080) == "8080"
    assert TEXT.deserialize(0) == "0"
    assert TEXT.deserialize(None) is None


@pytest.mark.parametrize(("wanted", "current"), [("", None), ("", ""), (None, ""), ("a", "a")])
def test_an_empty_text_is_the_same_as_one_that_is_left_out(wanted: Any, current: Any) -> None:
    assert TEXT.equals(wanted, current)


@pytest.mark.parametrize(("wanted", "current"), [("a", None), ("a", ""), ("", "a"), ("a", "A"), ("a", "a ")])
def test_texts_that_differ(wanted: Any, current: Any) -> None:
    assert not TEXT.equals(wanted, current)


@pytest.mark.parametrize("value", ["a", "abcde", "Abc", "ab1", "ab\n", " ab", ""])
def test_a_text_has_to_fit_its_rule_as_a_whole(value: str) -> None:
    with pytest.raises(ValueError) as error:
        LOWER.clean(value)
    assert str(error.value) == f"is {value!r}, but has to be 2 to 4 lower-case letters"


def test_a_text_that_fits_its_rule() -> None:
    assert LOWER.clean("abcd") == "abcd"


def test_answers_need_not_fit_the_rule() -> None:
    assert LOWER.deserialize("NOT BY THE RULE") == "NOT BY THE RULE"


# Secrets


def test_a_secret_is_sent_and_not_shown() -> None:
    assert PIN.serialize(PIN.clean("4711")) == "4711"
    assert PIN.to_result("4711") == PIN.to_option("4711") == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert PIN.to_result(None) is None
    assert PIN.spec() == {"type": "str", "no_log": True}


def test_the_error_of_a_secret_tells_the_rule_alone() -> None:
    with pytest.raises(ValueError) as error:
        PIN.clean("hunter2")
    assert str(error.value) == "has to be 4 digits"


# Integers


@pytest.mark.parametrize(("value", "number"), [(5, 5), ("5", 5), (-3, -3), (10**30, 10**30), (True, 1)])
def test_numbers_are_cleaned(value: Any, number: int) -> None:
    assert Integer().clean(value) == number


@pytest.mark.parametrize("value", [10, 900, "10"])
def test_bounds_are_part_of_the_range(value: Any) -> None:
    assert Integer(10, 900).clean(value) == int(value)


@pytest.mark.parametrize("value", [9, 901, -10, 10**30])
def test_a_number_out_of_range_is_told_with_the_range(value: int) -> None:
    with pytest.raises(ValueError) as error:
        Integer(10, 900).clean(value)
    assert str(error.value) == f"is {value}, but has to be between 10 and 900"


def test_a_number_with_only_a_lower_bound() -> None:
    with pytest.raises(ValueError) as error:
        Integer(0).clean(-1)
    assert str(error.value) == "is -1, but has to be at least 0"
    assert Integer(0).clean(0) == 0


@pytest.mark.parametrize(
    ("raw", "number"),
    [(4, 4), ("8192", 8192), ("-1", -1), (" 7 ", 7), (str(10**30), 10**30), (None, None), ("", None), ("many", None)],
)
def test_numbers_of_answers(raw: Any, number: int | None) -> None:
    assert Integer().deserialize(raw) == number


@pytest.mark.parametrize("raw", ["4.5", "1e3", [4], {"cores": 4}, "9" * 5000, float("nan")])
def test_what_is_no_whole_number_counts_as_not_told(raw: Any) -> None:
    assert Integer().deserialize(raw) is None


def test_answers_may_be_out_of_range() -> None:
    assert Integer(10, 900).deserialize("1200") == 1200


def test_zero_is_not_the_same_as_not_told() -> None:
    assert not Integer().equals(0, None)
    assert Integer().equals(0, 0)


@pytest.mark.parametrize("value", [0, 65536, -1])
def test_ports(value: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 65535"):
        PORT.clean(value)


# Booleans


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("False", False),
        (1, True),
        (0, False),
        ("1", True),
        ("0", False),
        (None, None),
        ("", None),
    ],
)
def test_switches_of_answers(raw: Any, value: bool | None) -> None:
    assert Boolean().deserialize(raw) is value
    assert Boolean(number=True).deserialize(raw) is value


def test_switches_are_sent_as_booleans_or_numbers() -> None:
    assert [Boolean().serialize(value) for value in (True, False)] == [True, False]
    sent = [Boolean(number=True).serialize(value) for value in (True, False)]
    assert [(value, type(value)) for value in sent] == [(1, int), (0, int)]


def test_off_is_not_the_same_as_not_told() -> None:
    assert not Boolean().equals(False, None)


# Choices


def test_words_become_what_the_request_wants() -> None:
    assert COLOUR.spec() == {"type": "str", "choices": ["red", "sky_blue"]}
    assert COLOUR.words == ["red", "sky_blue"]
    assert [COLOUR.serialize(word) for word in COLOUR.words] == [1, 2]
    assert Choice(("TCP", "UDP")).serialize("UDP") == "UDP"


@pytest.mark.parametrize("raw", ["sky_blue", "SkyBlue", "SKY-BLUE", "sky blue", 2, "2", "azure", "AZURE"], ids=repr)
def test_every_spelling_of_an_answer_is_understood(raw: Any) -> None:
    assert COLOUR.deserialize(raw) == "sky_blue"


def test_answers_may_hold_words_that_cannot_be_asked_for() -> None:
    assert COLOUR.deserialize("mixed") == "mixed"
    assert "mixed" not in COLOUR.words


@pytest.mark.parametrize("raw", [None, "", "green", 3, True, "生产", {"red": 1}])
def test_unknown_words_count_as_not_told(raw: Any) -> None:
    assert Choice({"red": 7, "sky_blue": 2}).deserialize(raw) is None


def test_a_zero_is_a_word_too() -> None:
    kind = Choice({"test": 0, "online": 1})
    assert [kind.deserialize(raw) for raw in (0, "0", 1, "1", "ONLINE")] == [
        "test",
        "test",
        "online",
        "online",
        "online",
    ]


def test_a_filter_may_name_several_words() -> None:
    kind = MultiChoice(COLOUR)
    assert kind.spec() == {"type": "list", "elements": "str", "choices": ["red", "sky_blue"]}
    assert kind.serialize(["sky_blue", "red"]) == [2, 1]
    assert kind.deserialize("Azure") == "sky_blue"
    assert kind.equals(["sky_blue", "red"], "red")
    assert not kind.equals(["red"], "sky_blue")
    assert not kind.equals(["red"], None)


# Ids


def test_ids_of_other_things_are_numbers_that_a_task_may_give_as_text() -> None:
    assert Id().spec() == {"type": "str"}
    assert Id().deserialize("71") == 71
    assert Id().equals(71, Id().deserialize("71"))


def test_sets_of_ids_are_names_until_they_are_resolved() -> None:
    assert Ids().spec() == {"type": "list", "elements": "str"}
    assert Ids().clean(["shop", 10001, "shop"]) == ["10001", "shop"]
    assert Ids().deserialize(["1000", 9, "10"]) == [9, 10, 1000]
    assert Ids().deserialize(None) is None


# Sets


def test_sets_of_texts_have_no_order() -> None:
    kind = StringSet()
    assert kind.clean(["i-9", "i-10", "i-9", 8]) == ["8", "i-10", "i-9"]
    assert kind.equals(kind.clean(["b", "a"]), kind.deserialize(["b", "a"]))
    assert kind.equals(kind.clean(["b", "a"]), kind.deserialize(["a", "b"]))
    assert not kind.equals(kind.clean(["a"]), kind.deserialize(["a", "b"]))
    assert kind.deserialize(None) is None
    assert kind.deserialize([]) == []
    assert kind.spec() == {"type": "list", "elements": "str"}


def test_sets_of_numbers_have_no_order() -> None:
    kind = NumberSet()
    assert kind.clean([3000, "1", -2, 3000]) == [-2, 1, 3000]
    assert kind.deserialize(["3000", 1, -2]) == [-2, 1, 3000]
    assert kind.equals(kind.clean([2, 1]), kind.deserialize(["1", 2]))
    assert not kind.equals(kind.clean([1]), kind.deserialize([1, 2]))
    assert kind.deserialize(None) is None
    assert kind.deserialize([]) == []
    assert kind.serialize([1, 2]) == [1, 2]
    assert kind.spec() == {"type": "list", "elements": "int"}


# Records


def test_the_options_of_records() -> None:
    assert PORTS.spec() == {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "protocol": {"type": "str", "choices": ["TCP", "UDP"], "default": "TCP"},
            "port": {"type": "int", "required": True},
        },
    }


def test_members_without_a_value_are_left_out() -> None:
    cleaned = PORTS.clean([{"name": "web", "protocol": None, "port": "80"}])
    assert cleaned == [{"name": "web", "port": 80}]
    assert PORTS.serialize(cleaned) == [{"Name": "web", "Port": 80}]


def test_an_error_names_the_record_and_the_member() -> None:
    with pytest.raises(ValueError) as error:
        PORTS.clean([{"name": "web", "port": 80}, {"name": "admin", "port": 70000}])
    assert str(error.value) == "is wrong in entry 2: port is 70000, but has to be between 1 and 65535"


def test_two_records_with_the_same_key_are_refused() -> None:
    with pytest.raises(ValueError) as error:
        PORTS.clean([{"name": "web", "port": 80}, {"name": "web", "port": 81}])
    assert str(error.value) == "names web twice"


def test_all_members_of_a_key_make_the_difference() -> None:
    kind = RecordList((("user", "User", TEXT), ("role", "Role", TEXT)), key=("user", "role"), required=("user", "role"))
    assert len(kind.clean([{"user": "1", "role": "Dev"}, {"user": "1", "role": "PE"}])) == 2
    with pytest.raises(ValueError, match="names 1 Dev twice"):
        kind.clean([{"user": "1", "role": "Dev"}, {"user": "1", "role": "Dev"}])


ANSWERED = [
    {"name": "web", "protocol": "tcp", "port_number": "80", "made_by": "console"},
    {"name": "dns", "protocol": "UDP", "port_number": 53},
]


def test_records_of_answers_are_read_by_their_own_names_and_ordered() -> None:
    assert PORTS.deserialize(ANSWERED) == [
        {"name": "dns", "protocol": "UDP", "port": 53, "origin": None},
        {"name": "web", "protocol": "TCP", "port": 80, "origin": "console"},
    ]
    assert PORTS.deserialize([]) == []
    assert PORTS.deserialize(None) is None


@pytest.mark.parametrize(
    "wanted",
    [
        [{"name": "web", "protocol": "TCP", "port": 80}, {"name": "dns", "protocol": "UDP", "port": 53}],
        [{"name": "dns", "port": 53}, {"name": "web", "port": 80}],
    ],
    ids=["another order", "only what was given is compared"],
)
def test_records_that_are_the_same(wanted: list[dict[str, Any]]) -> None:
    assert PORTS.equals(PORTS.clean(wanted), PORTS.deserialize(ANSWERED))


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        [{"name": "web", "port": 80}],
        [{"name": "web", "port": 80}, {"name": "dns", "port": 53}, {"name": "ssh", "port": 22}],
        [{"name": "web", "port": 81}, {"name": "dns", "port": 53}],
        [{"name": "web", "port": 80, "protocol": "UDP"}, {"name": "dns", "port": 53}],
    ],
    ids=["none", "one is missing", "one is too many", "a member differs", "a word differs"],
)
def test_records_that_differ(wanted: list[dict[str, Any]]) -> None:
    assert not PORTS.equals(PORTS.clean(wanted), PORTS.deserialize(ANSWERED))


def test_records_that_are_not_told_are_not_compared() -> None:
    assert PORTS.equals(PORTS.clean([{"name": "web", "port": 80}]), None)


def test_records_are_shown_whole_and_ordered_and_written_as_options() -> None:
    current = [{"name": "web", "port": 80, "origin": "console"}, {"name": "dns", "port": 53}]
    assert PORTS.to_result(current) == [
        {"name": "dns", "protocol": None, "port": 53, "origin": None},
        {"name": "web", "protocol": None, "port": 80, "origin": "console"},
    ]
    assert [set(record) for record in PORTS.to_option(current)] == [{"name", "protocol", "port"}] * 2
    assert PORTS.to_result(None) is PORTS.to_option(None) is None


# Suggestions


def test_near_words_are_suggested() -> None:
    assert suggest("TPC", ["TCP", "HTTP"]) == ", did you mean 'TCP'?"
    assert suggest("aab", ["aaa", "aac"]) in (", did you mean 'aaa' or 'aac'?", ", did you mean 'aac' or 'aaa'?")
    assert suggest("nothing", ["like", "it"]) == ""
