# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffs as a person reads them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core import diff
from ansible_collections.jst.retailcloud.plugins.module_utils._core.diff import dump, render
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_yaml import write_yaml


def test_multi_line_texts_are_blocks() -> None:
    assert dump({"nginx.conf": "user nginx;\n\nevents {\n  worker_connections 1;\n}\n"}) == (
        "nginx.conf: |\n  user nginx;\n\n  events {\n    worker_connections 1;\n  }\n"
    )


@pytest.mark.parametrize("text", ["a\nb", "a\nb\n", "a\nb\n\n", "  a\nb\n", "\na\n", "# no comment\nb: c\n"])
def test_blocks_keep_every_character(text: str) -> None:
    dumped = dump({"text": text})
    assert dumped.startswith("text: |")
    assert yaml.safe_load(dumped) == {"text": text}


@pytest.mark.parametrize("write", [dump, write_yaml])
def test_any_text_is_read_as_it_was_written(write: Callable[[dict[str, Any]], str]) -> None:
    characters = ["\u0085", "\u2028", "\u2029", "\ufeff", "\u00a0", "\U0001f680", *"\n\r\t a1#'-", ": "]
    texts = ["".join(parts) for length in range(4) for parts in product(characters, repeat=length)]
    content = {"values": texts, "keys": dict.fromkeys(texts[: len(characters) ** 2], 1)}
    assert yaml.safe_load(write(content)) == content


def test_one_line_stays_plain() -> None:
    assert dump({"title": "shop"}) == "title: shop\n"


def test_long_lines_are_not_folded() -> None:
    assert dump({"words": " ".join(["word"] * 500)}).count("\n") == 1


def test_other_scripts_are_readable() -> None:
    assert dump({"title": "聚石塔 ⛩ é"}) == "title: 聚石塔 ⛩ é\n"


def test_the_order_is_that_of_the_fields() -> None:
    assert dump({"title": 1, "biz_code": 2, "apps": [3]}) == "title: 1\nbiz_code: 2\napps:\n- 3\n"


def test_what_occurs_twice_is_written_twice() -> None:
    ports = [{"port": 80}]
    assert dump({"a": ports, "b": ports}) == "a:\n- port: 80\nb:\n- port: 80\n"


def test_a_changed_line_of_a_document_is_one_changed_line_of_the_diff() -> None:
    before, after = ({"config": f"a: 1\nb: {value}\nc: 3\n", "title": "shop"} for value in (2, 20))
    rendered = render("config 'web'", before, after)
    changed = [
        line
        for line in difflib.ndiff(rendered["before"].splitlines(), rendered["after"].splitlines())
        if line[0] in "+-"
    ]
    assert changed == ["-   b: 2", "+   b: 20"]


def test_both_sides_have_the_same_header() -> None:
    rendered = render("app 'shop'", {"title": "shop"}, {"title": "shop"})
    assert rendered == {
        "before_header": "app 'shop'",
        "after_header": "app 'shop'",
        "before": "title: shop\n",
        "after": "title: shop\n",
    }


def test_a_side_that_is_not_there_is_empty() -> None:
    created = render("app 'shop'", {}, {"title": "shop"})
    assert (created["before"], created["after"]) == ("", "title: shop\n")
    deleted = render("app 'shop'", {"title": "shop"}, {})
    assert (deleted["before"], deleted["after"]) == ("title: shop\n", "")


def test_without_pyyaml_the_sides_are_mappings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "HAS_YAML", False)
    rendered = render("app 'shop'", {}, {"title": "shop"})
    assert (rendered["before"], rendered["after"]) == ({}, {"title": "shop"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\n\tb\n", "⇥b"), ("a \nb\n", "a·"), ("a\r\nb\r\n", "a␍")],
    ids=["tab", "blank at the end", "carriage return"],
)
def test_blanks_that_a_block_cannot_show_are_marked(text: str, shown: str) -> None:
    before = render("x", {}, {"t": text})["after"]
    assert before.startswith("t: |")
    assert shown in before


def test_other_line_breaks_survive() -> None:
    content = {"kind": "x", "a": "b\n\x85c\u2028d"}
    assert yaml.safe_load(dump(content)) == content


def test_an_address_is_shown_without_what_gives_access() -> None:
    shown = render("release", {}, {"packet_url": "https://user:word@oss.example/a.war?Signature=x"})
    assert shown["after"] == "packet_url: https://********@oss.example/a.war?Signature=********\n"
