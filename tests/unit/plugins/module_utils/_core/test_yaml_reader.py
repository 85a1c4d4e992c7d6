# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML that all readers understand alike, and the treatment of YAML that they do not."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ansible_collections.jst.retailcloud.plugins.module_utils._core import yaml_reader
from ansible_collections.jst.retailcloud.plugins.module_utils._core.diff import dump, render
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import parse
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest_types import ManifestSet, ManifestType
from ansible_collections.jst.retailcloud.plugins.module_utils._core.yaml_reader import (
    PlainScalar,
    Typed,
    plain_value,
)

CONFIG_MAP = ManifestType("ConfigMap")

# Numbers, switches, nulls, dates and signs to at least one of PyYAML, SnakeYAML, go-yaml, and readers of YAML 1.2.
ODD_TEXTS = """\
    1e3 1E3 1e-5 12e45 1234e56 1e+3 0e0 .5 5. 1.5 -1.5 +1 -1 -.5e3 1_000 1_0.5 017 08 0o17 0O17 0b1 0x1F -0x1F +0b10
    1:30 190:20:30 1:30.5 2026-01-01 2026-01-01T00:00:00Z 2026-1-1 .inf -.inf +.Inf .INF .nan .NaN ~ null Null NULL
    y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE = << - -- --- ... ? : , * & ! | >
    % @ ` # [ ] { } "" '' 0 00 -0 . .. +. - + 1. 0. 0.0 1__0 _1 __ 0_ 0x 0b 0o 12:30:45 1.2.3 1,000 10.0.0.1 10.0.0.0/8
    inf nan Infinity NaN !!str &a *a {} [] a:b a: :a a#b #a 9223372036854775808 1e999 0777 0o8 0xfg 1d 0:0 :80 8080:80
    <a (a $a ^a ;a
"""
BLANKS = [
    "",
    " ",
    "a ",
    " a",
    "- a",
    "? a",
    "a: b",
    "a #b",
    "\t",
    "a\tb",
    "\n",
    "a\n",
    "\na",
    " \n a",
    "a \nb",
    "a\n\n",
]
BREAKS = ["a\r\nb", "a\rb", "\x85", "a\x85b", "\u2028", "a\u2029b\n", "\ufeff", "a\ufeff", "\x00", "\x07\x1b", "\u00a0"]
LONG = ["a b " * 200, "x" * 300, "1" * 200, "-\n" * 50, "聚石塔 ⛩", "é", "😀", "１２", "١٢"]
ODD = ODD_TEXTS.split() + BLANKS + BREAKS + LONG


class CoreSchema(yaml.SafeLoader):
    """Reads YAML only by the core schema of YAML 1.2 (section 10.3.2)."""

    yaml_implicit_resolvers = {}
    yaml_constructors = dict(yaml.SafeLoader.yaml_constructors)

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """Return the tag of a node without one."""
        if kind is yaml.ScalarNode and implicit[0]:
            for name, pattern in CORE_SCHEMA.items():
                if re.fullmatch(pattern, value):
                    return f"tag:yaml.org,2002:{name}"
        return str(
            {yaml.ScalarNode: self.DEFAULT_SCALAR_TAG, yaml.SequenceNode: self.DEFAULT_SEQUENCE_TAG}.get(
                kind, self.DEFAULT_MAPPING_TAG
            )
        )


CORE_SCHEMA = {
    "null": r"null|Null|NULL|~|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}
# Beyond what PyYAML takes for another type: readers of YAML 1.1 by the letter, SnakeYAML, go-yaml.
OTHERS = re.compile(r"[yYnN]|[-+]?[0-9][0-9_]*([eE][-+]?[0-9]+)?|[-+]?0[oObBxX][0-9a-fA-F_]+|[-+]?\.[0-9_]+.*|=|<<")


def as_read_by_all(text: str) -> list[Any]:
    """Return a document as readers of YAML 1.1 and 1.2 read it."""
    for event in yaml.parse(text):
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and isinstance(yaml.safe_load(event.value), str):
            assert not OTHERS.fullmatch(event.value)
    return [
        yaml.load(text, yaml.SafeLoader),
        yaml.load(text, yaml.CSafeLoader),
        YAML(typ="safe", pure=True).load(text),
        yaml.load(text, CoreSchema),
        parse(text).meaning,
    ]


@pytest.mark.parametrize("text", ODD)
def test_every_text_is_a_text_to_every_reader(text: str) -> None:
    document = {"kind": "x", "value": text, "list": [text, {text: text}], "mapping": {text: {text: []}}}
    assert as_read_by_all(dump(document)) == [document] * 5


NEAR_YAML = st.text(
    st.sampled_from(" \t\n\r0123456789+-.:_eExobyYnNaft~=<>?!&*#%@`'\"[]{},|/\\é\x85\u2028"), max_size=12
)
TEXTS = st.one_of(st.sampled_from(ODD), NEAR_YAML, st.text(st.characters(codec="utf-8"), max_size=30))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(-1e300, 1e300), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
)


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_every_mapping_is_the_same_to_every_reader(content: dict[str, Any]) -> None:
    document = {**content, "kind": "x"}
    assert as_read_by_all(parse(document).text) == [document] * 5


# Texts that were written by others


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1e3", (1000.0, "1e3", 1000.0)),
        ("1234e56", (1234e56, "1234e56", 1234e56)),
        ("1.5e3", (1500.0, "1.5e3", 1500.0)),
        ("y", (True, True, "y")),
        ("Off", (False, False, "Off")),
        ("0644", (420, 420, 644)),
        ("08", (8.0, "08", 8)),
        ("0o17", (15, "0o17", 15)),
        ("-0x1F", (-31, -31, "-0x1F")),
        ("0b11", (3, 3, "0b11")),
        ("1_000", (1000, 1000, "1_000")),
        ("1:30", ("1:30", Typed("base 60", "1:30"), "1:30")),
        ("2026-01-01", ("2026-01-01", Typed("timestamp", "2026-01-01"), "2026-01-01")),
        ("=", ("=", Typed("value", "="), "=")),
        ("1e999", ("1e999", "1e999", float("inf"))),
    ],
)
def test_plain_values_that_readers_understand_differently(text: str, readings: tuple[Any, ...]) -> None:
    value = plain_value(text)
    assert isinstance(value, PlainScalar)
    assert value.readings == readings
    assert value == plain_value(text) == deepcopy(value)
    assert value not in (text, *readings)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-1", -1), ("0", 0), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5), ("-.inf", float("-inf"))]
    + [(word, {"t": True, "f": False}[word[0].lower()]) for word in ("true", "True", "TRUE", "false", "False", "FALSE")]
    + [(word, None) for word in ("", "~", "null", "Null", "NULL")]
    + [
        (word, word)
        for word in ("tRUE", "nUll", "yEs", "1.2.3", "10.0.0.1", "8080:80", "0xfg", "-", "+", "._", "_", "1e")
    ],
)
def test_plain_values_that_all_readers_understand_alike(text: str, value: Any) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is type(value)


def test_numbers_are_compared_by_value() -> None:
    assert plain_value("1_000") != plain_value("1000")
    assert plain_value("0b11") == plain_value("0b11")


@pytest.mark.parametrize("text", ["1234e56", "1e3", "y", "0644", "1:30", "2026-01-01", "=", "1_000", "08"])
@pytest.mark.parametrize("form", ["{kind: ConfigMap, a: %s}", "{kind: ConfigMap, %s: a}"], ids=["value", "key"])
def test_adding_quotes_is_a_change_and_the_diff_shows_it(form: str, text: str) -> None:
    stored = CONFIG_MAP.deserialize(form % text)
    for quoted in (f"'{text}'", f'"{text}"', f"!!str {text}"):
        wanted = CONFIG_MAP.clean(form % quoted)
        assert not CONFIG_MAP.equals(wanted, stored)
        diff = render("it", {"it": CONFIG_MAP.to_option(stored)}, {"it": CONFIG_MAP.to_option(wanted)})
        assert diff["before"] != diff["after"]
    assert CONFIG_MAP.equals(CONFIG_MAP.clean(form % text), stored)
    assert CONFIG_MAP.equals(wanted, CONFIG_MAP.deserialize(dump(wanted.data)))
    assert text in dump(CONFIG_MAP.to_option(stored)).replace(f"'{text}'", "")


def test_other_quotes_and_tags_are_no_change() -> None:
    stored = CONFIG_MAP.deserialize("{kind: ConfigMap, a: 'x', b: 1.0, c: true, d: 8080}")
    for text in ('a: "x"\nb: 1.0\nc: True\nd: 0x1F90', "a: !!str x\nb: 1\nc: !!bool 'true'\nd: !!int '8080'"):
        assert CONFIG_MAP.equals(CONFIG_MAP.clean(f"kind: ConfigMap\n{text}"), stored)


def test_the_lines_of_values_of_two_types_are_told() -> None:
    document = parse("kind: x\nmode: 0644\ncommit: 1e3\n? y\n: 1\nplain: text\ndate: 2026-01-01\nquoted: '1e3'\n")
    assert document.lines == (3, 4, 7)
    advice = "Put strings into quotes, and write booleans as true or false."
    said = "that readers of YAML 1.1 and of YAML 1.2 understand differently."
    assert ManifestType("x").warnings_about(document) == [f"holds values {said} They are in line 3, 4, 7. {advice}"]
    assert ManifestSet("x").warnings_about([parse("{kind: x, a: 1}"), document]) == [
        f"holds, in entry 2, values {said} They are in line 3, 4, 7. {advice}"
    ]
    assert ManifestType("x").warnings_about(parse({"kind": "x", "a": "1e3"})) == []


# What Kubernetes takes is taken


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("a: &x {b: &x [1]}\nc: *x", {"a": {"b": [1]}, "c": [1]}),
        ("a: =\nb: [=]", {"a": "=", "b": ["="]}),
        ("a: {<<: {b: 1, c: 2}, c: 3}", {"a": {"b": 1, "c": 3}}),
        ("a: {c: 3, <<: [{b: 1, c: 2}, {b: 2, d: 4}]}", {"a": {"b": 1, "c": 3, "d": 4}}),
        ("a: {'<<': 1, b: <<}", {"a": {"<<": 1, "b": "<<"}}),
        ("1: a\ntrue: b\n1.5: c\n2.0: d\n0644: e\non: f", {"1": "a", "true": "f", "1.5": "c", "2": "d", "420": "e"}),
        ("\ufeffa: 1", {"a": 1}),
        ("%YAML 1.1\n---\na: 1\n...\n", {"a": 1}),
        ("---\na: 1 # why\n---\n", {"a": 1}),
        ("a: 0644", {"a": 420}),
        ("b: !!str 12\nc: !!float 1\nd: !!null ''", {"b": "12", "c": 1.0, "d": None}),
        ('{"a": "\\/", "b": [1, 2.5, null, true]}', {"a": "/", "b": [1, 2.5, None, True]}),
        ("? a\n: b", {"a": "b"}),
        ("a:\r\n  b\r\n", {"a": "b"}),
    ],
)
def test_what_kubernetes_takes_is_taken(text: str, content: dict[str, Any]) -> None:
    if "on: f" in text:
        # Kubernetes makes the text "true" of both.
        with pytest.raises(ValueError, match=r"^has the key 'on' twice in one mapping, the second time in line 6,"):
            parse(text)
        text = text.replace("true: b\n", "")
    assert parse(text).data == content


def test_tabs_between_tokens_are_taken_where_the_library_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml.CSafeLoader)
    assert parse("a:\tb\nc: 1\t# d").data == {"a": "b", "c": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: hunter2", "has the key 'a' twice in one mapping, the second time in line 3, column 1"),
        (
            "a: {app.example.com/x: 1, app.example.com/x: 2}",
            "has the key 'app.example.com/x' twice in one mapping, the second time in line 1, column 27",
        ),
        (
            '{"a": {"b": "hunter2",\n"b": 1}}',
            "has the key 'b' twice in one mapping, the second time in line 2, column 1",
        ),
        ("hunter2 is it: 1\nhunter2 is it: 2", "has a key twice in one mapping, the second time in line 2, column 1"),
        (
            f"{'hunter2' * 10}: 1\n{'hunter2' * 10}: 2",
            "has a key twice in one mapping, the second time in line 2, column 1",
        ),
        ("x: {1: a, '1': hunter2}", "has the key '1' twice in one mapping, the second time in line 1, column 11"),
        ("yes: a\n'true': b", "has the key 'true' twice in one mapping, the second time in line 2, column 1"),
        ("~: hunter2", "holds a mapping with a key that is null, in line 1, column 1"),
        ("? [hunter2]\n: a", "holds a mapping with a key that is not a string, in line 1, column 3"),
        ("a: *hunter2", "uses an alias without an anchor, in line 1, column 4"),
        ("a: {<<: hunter2}", "merges a value that is not a mapping, in line 1, column 5"),
        ("a: !vault hunter2", None),
        ("a: !!binary aGk=", None),
        ("a: !!set {hunter2}", None),
        ("a: !!int hunter2", "holds a value whose YAML tag does not fit it, in line 1, column 4"),
        (f"a: {'1' * 5000}", "holds a number that is too long"),
    ],
)
def test_what_kubernetes_would_not_take_or_only_half(text: str, message: str | None) -> None:
    with pytest.raises(ValueError) as error:
        parse(text)
    assert "hunter2" not in str(error.value)
    assert str(error.value) == message or (message is None and "YAML tag that Kubernetes" in str(error.value))


@pytest.mark.parametrize(
    ("given_", "content"),
    [
        ({"kind": "x", 8080: True, 1.5: (1, 2)}, {"kind": "x", "8080": True, "1.5": [1, 2]}),
        ({"kind": "x", True: "a", False: "b"}, {"kind": "x", "true": "a", "false": "b"}),
    ],
)
def test_keys_of_a_mapping_are_texts_as_kubernetes_makes_them(given_: dict[Any, Any], content: dict[str, Any]) -> None:
    assert parse(given_).data == content
    assert parse(parse(given_).text).meaning == content


@pytest.mark.parametrize(
    "given_", [{"kind": "x", 1: "a", "1": "b"}, {"kind": "x", None: "a"}, {"kind": "x", (1,): "a"}]
)
def test_keys_of_a_mapping_that_cannot_be(given_: dict[Any, Any]) -> None:
    with pytest.raises(ValueError, match="key"):
        parse(given_)
