# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hypothesis strategies: edge cases for options and for members of responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

DEEP = 80


def nested(depth: int, by: str = "") -> Any:
    """Return a list in a list, or with a key a mapping in a mapping, to this depth."""
    value: Any = "core"
    for _dummy in range(depth):
        value = {by: value} if by else [value]
    return value


# Everything UTF-8 can say, and what Python can hold besides: halves of surrogate pairs.
TEXTS = st.text(st.characters(), max_size=40)
EDGE_CASE_TEXTS: Sequence[str] = (
    "",
    " ",
    "0",
    "007",
    "-1",
    "1.0",
    "1e400",
    "9" * 5000,
    "²",
    "１２",
    "nan",
    "-inf",
    "null",
    "~",
    "true",
    "No",
    "\x00",
    "a\x00b",
    "\ud800",
    "file\udcff",
    "\ufeffbom",
    "e\u0301",
    "\u202eabc",
    "שלום",
    "聚石塔",
    "\U0001f469\u200d\U0001f4bb",
    "\u2028",
    "\x85",
    "line\r\nHeader: value",
    "\x1b[31m",
    "%00%ff+&=;#?",
    "{{ 7 * 7 }}",
    "../../etc/passwd",
    "'\"`$(true)",
    "a" * 70000,
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "1970-01-01T00:00:01Z",
    "2026-01-31T08:00:00+99:99",
    "٢٠٢٦-٠١-٠١",
)
NUMBERS: Sequence[int | float] = (0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.5, -0.0, 1e308, 5e-324)
NON_FINITE = (float("nan"), float("inf"), float("-inf"))
WRONG_TYPES: Sequence[Any] = (
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    [[[]], {}],
    {"": ""},
    {"\x00": None, "a.b": [1, {"c": None}]},
    {"id": 1},
    ["a", 1, None, {}],
    nested(DEEP),
    nested(DEEP, "spec"),
)

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.sampled_from(EDGE_CASE_TEXTS))
ANYTHING = st.one_of(
    st.sampled_from([*EDGE_CASE_TEXTS, *NUMBERS, *NON_FINITE, *WRONG_TYPES]),
    st.recursive(
        SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3))
    ),
)

BOMB = "".join(
    f"b{level}: &b{level} [{', '.join([f'*b{level - 1}' if level else 'boom'] * 9)}]\n" for level in range(12)
)
# Merged mappings grow while they are read.
MERGE_BOMB = "".join(
    f"b{level}: &b{level} {{{'<<: [' + ', '.join([f'*b{level - 1}'] * 9) + ']' if level else 'k: v'}}}\n"
    for level in range(12)
)
HEAD = "apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"


def documents(kind: str = "ConfigMap") -> st.SearchStrategy[Any]:
    """Return texts and mappings. Some are Kubernetes documents, and some would break a parser."""
    head = HEAD.format(kind=kind, name="odd")
    mapping = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "odd"}}
    return st.one_of(
        st.sampled_from(
            [
                head + BOMB,
                head + MERGE_BOMB,
                head + "data: &d [*d]\n",
                head + "data: &d {d: *d}\n",
                head + f"data: {'[' * 3000}{']' * 3000}\n",
                head + f"data: {'{a: ' * 3000}{'}' * 3000}\n",
                head + "data: " + "- " * 3000 + "x\n",
                head + "---\n" + head,
                head + "data: !!python/object/apply:os.system [true]\n",
                head + "data: !!binary abc\n",
                head + "data: !!timestamp later\n",
                head + "data: !!int x\n",
                head + "data: 0x\n? [1, 2]\n: 3\n",
                head + "data: .nan\n",
                head + f"data: {'9' * 5000}\n",
                head + "data: 190:20:30\n",
                head + "\tdata: x\n",
                head + "data: *nothing\n",
                head + "data: {a: \ud800}\n",
                "%YAML 9.9\n---\n" + head,
                head.encode("utf-16").decode("latin-1"),
                {**mapping, "data": nested(DEEP)},
                {**mapping, "data": nested(DEEP * 3, "a")},
                {**mapping, "data": {"": None, "\x00": "\x00", "\ud800": "\udfff"}},
                {**mapping, "data": float("nan")},
                {**mapping, "metadata": None},
                {**mapping, "metadata": {"name": {"name": ["odd"]}}},
                {**mapping, "kind": [kind]},
                {**mapping, "spec": {"template": [None], "jobTemplate": 1}},
                {**mapping, "spec": {"template": {"spec": {"containers": {"a": None}}}}},
            ]
        ),
        ANYTHING.map(lambda value: {**mapping, "data": value}),
        TEXTS.map(lambda text: f"{head}data: {text}"),
        ANYTHING,
    )


def for_option(spec: Mapping[str, Any], usual: Any = None) -> st.SearchStrategy[Any]:
    """Return valid and invalid values for an option.

    :param usual: a right value, if one is known.
    """
    kinds: list[st.SearchStrategy[Any]] = [ANYTHING, TEXTS, st.sampled_from(EDGE_CASE_TEXTS)]
    if usual is not None:
        kinds += [st.just(usual)]
    if spec.get("choices"):
        kinds.append(st.sampled_from([*spec["choices"], str(spec["choices"][0]).swapcase()]))
    if spec["type"] in ("int", "float"):
        kinds.append(st.one_of(st.integers(-2, 70000), st.sampled_from([*NUMBERS, *NON_FINITE])))
    if spec["type"] == "bool":
        kinds.append(st.booleans())
    if spec["type"] == "raw":
        kinds += [documents(kind) for kind in ("Deployment", "StatefulSet", "CronJob")]
    if spec["type"] == "list":
        kinds += [st.lists(item, max_size=4) for item in _items(spec, usual)]
    if spec["type"] == "dict":
        kinds.append(st.dictionaries(TEXTS, ANYTHING, max_size=4))
    return st.one_of(kinds)


def _items(spec: Mapping[str, Any], usual: Any) -> list[st.SearchStrategy[Any]]:
    """Return strategies for the items of a list."""
    if spec.get("elements") == "raw":
        return [documents("ConfigMap"), documents("Secret"), ANYTHING]
    members: Mapping[str, Mapping[str, Any]] = spec.get("options") or {}
    if not members:
        return [ANYTHING, TEXTS, st.one_of(st.none(), TEXTS)]
    known = usual[0] if isinstance(usual, list) and usual else {}
    records = [
        st.fixed_dictionaries(
            {name: st.just(value) for name, value in known.items() if name != odd},
            optional={odd: for_option(members[odd], known.get(odd))},
        )
        for odd in members
    ]
    return [*records, st.dictionaries(TEXTS, ANYTHING, max_size=3)]
