# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark and the note in the description of a deploy order are read as they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import (
    Mark,
    content_fingerprint,
    format_description,
    format_note,
    parse_mark,
    parse_note,
)

CONTENT = content_fingerprint({"deploy_config_id": 1, "images": ["shop:1.0"]})
MARK = Mark(CONTENT, "0123456789ab", ("8080", "http"), "abcdef012345")
PLAIN = Mark(CONTENT, MARK.config, MARK.ports, "")


@pytest.mark.parametrize(
    "content",
    [
        {"images": ["shop:1.0", "proxy:1.0"], "init_images": ["init:1.0"]},
        {"packet_id": 2001},
        {"packet_url": "https://packets.example.com/商店.jar"},
    ],
    ids=lambda content: next(iter(content)),
)
@pytest.mark.parametrize("rollback_of", [None, 60001])
def test_a_note_is_read_as_it_was_written(content: dict[str, Any], rollback_of: int | None) -> None:
    order = {"name": "spring", "description": f"Spring content={{}}\n{format_note(content, rollback_of)} {MARK}"}
    assert parse_note(order) == {**content, **({"rollback_of": rollback_of} if rollback_of else {})}
    assert parse_mark(order) == MARK


def test_an_address_with_a_signature_is_not_written_down() -> None:
    assert format_note({"packet_url": "https://packets.example.com/shop.jar?Signature=Canary"}) == ""
    assert format_note({"packet_url": "https://user:Canary@packets.example.com/shop.jar"}) == ""
    assert format_note({"images": []}) == ""


def test_a_description_has_one_note_and_ends_with_the_mark() -> None:
    content = {"deploy_config_id": 1, "images": ["shop:1.0"]}
    note = format_note(content)
    assert format_description("", content, MARK) == f"{note} {MARK}"
    assert format_description("Spring {2027}", content, MARK) == f"Spring {{2027}} {note} {MARK}"
    rollback = f"Spring {format_note(content, 60001)}"
    assert format_description(rollback, content, MARK) == f"{rollback} {MARK}"
    assert format_description("Spring", {}, MARK) == f"Spring {MARK}"


@pytest.mark.parametrize(
    "description",
    [
        None,
        "",
        str(MARK),
        f'content={{"images":["shop:1.0"] {MARK}',
        f'content={{"pictures":["shop:1.0"]}} {MARK}',
        f'content={{"rollback_of":1}} {MARK}',
        'content={"images":["shop:1.0"]}',
        f'content={{"images":["{{{{ lookup("pipe", "id") }}}}"]}} {MARK}',
        f'content={{"images":["{{% raw %}}"]}} {MARK}',
    ],
    ids=["null", "empty", "none", "cut", "other", "empty-content", "unmarked", "expression", "statement"],
)
def test_what_is_no_note(description: str | None) -> None:
    assert parse_note({"name": None, "description": description}) == {}


@pytest.mark.parametrize(
    "note",
    [
        '{"images":"shop:1.0"}',
        '{"images":[{"a":1}]}',
        '{"packet_url":5}',
        '{"packet_id":NaN}',
        '{"packet_id":true}',
        '{"images":["shop:1.0"],"rollback_of":"first"}',
    ],
)
def test_a_note_with_a_member_of_another_type_is_none(note: str) -> None:
    assert parse_note({"name": None, "description": f"content={note} {MARK}"}) == {}


def test_an_order_may_quote_the_mark_of_another() -> None:
    assert parse_mark({"name": None, "description": f"as in [jst:0123456789ab] {MARK}"}) == MARK


@pytest.mark.parametrize("name", [MARK.order_name, f"{MARK.order_name}-2"])
def test_the_default_name_holds_the_mark_without_its_ports(name: str) -> None:
    assert parse_mark({"name": name, "description": None}) == Mark(CONTENT, MARK.config)


@pytest.mark.parametrize("mark", [Mark(CONTENT), Mark(CONTENT, MARK.config), Mark(CONTENT, None, ("http",))], ids=str)
def test_a_mark_tells_what_was_known(mark: Mark) -> None:
    # A mark that tells of documents and of no Secret was made when the service showed no revision of one.
    told = replace(mark, secrets="" if mark.config else None)
    assert parse_mark({"name": None, "description": f"Spring {mark}"}) == told
    assert mark.is_of_same_release(MARK)


@pytest.mark.parametrize("other", [None, Mark("0" * 12, MARK.config), Mark(CONTENT, "0" * 12), PLAIN], ids=str)
def test_marks_of_other_releases_differ(other: Mark | None) -> None:
    assert not MARK.is_of_same_release(other)


@pytest.mark.parametrize("name", [None, "spring", f"ansible-{CONTENT}0", f"ansible-{CONTENT}"[:-1]])
def test_other_names_hold_none(name: str | None) -> None:
    assert parse_mark({"name": name, "description": "Spring"}) is None


def test_secrets_without_revisions_leave_no_trace_in_a_mark() -> None:
    """So the orders that were made before Secrets had revisions are those of the same release."""
    assert str(PLAIN) == f"[jst:{CONTENT} config:{MARK.config} ports:8080,http]"
    assert parse_mark({"description": str(PLAIN)}) == PLAIN
