# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences between an app and its description, from the diff of ``jst_application``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import Json

# How many equal lines to show before and after each change.
CONTEXT = 1


def lines_of(side: Any) -> list[str]:
    """Return the lines of one side of a diff.

    The side is read line by line: with a mask in the place of a secret, it may be no valid YAML.
    """
    text = side if isinstance(side, str) else yaml.safe_dump(side, sort_keys=False, allow_unicode=True) if side else ""
    # YAML does not know the other line breaks of Unicode.
    return text.rstrip("\n").split("\n") if text else []


def count_indent(line: str) -> int:
    """Return the indentation of a line in spaces. The dash of a list entry counts as part of it."""
    rest = line.lstrip(" ")
    return len(line) - len(rest) + (2 if rest.startswith("- ") else 0)


def find_place(lines: Sequence[str], number: int) -> str:
    """Return the keys above a line, outermost first. The key of a list has the name of the entry."""
    keys: list[str] = []
    depth = count_indent(lines[number]) if number < len(lines) else 0
    entry: str | None = None
    for line in reversed(lines[:number]):
        name, _colon, value = line.strip().removeprefix("- ").partition(":")
        if line.strip() and count_indent(line) < depth:
            keys.insert(0, name.strip("'\"") + (f"[{entry}]" if entry else ""))
            depth, entry = count_indent(line), None
        if entry is None and count_indent(line) == depth and line.lstrip().startswith("- "):
            entry = value.strip() if name == "name" else ""
    return " > ".join(keys)


def compare_options(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Compare two texts option by option.

    :returns: the options that differ, which are the keys of the first level, and the lines to show: the place, then the
        current and the desired lines, marked with ``-`` and ``+``, between equal lines of the same option.
    """
    olds, news = group_by_option(before), group_by_option(after)
    changed = [option for option in {**olds, **news} if olds.get(option) != news.get(option)]
    shown: list[str] = []
    for option in changed:
        shown += format_hunks(olds.get(option, []), news.get(option, []))
    return [option for option in changed if option], shown


def group_by_option(lines: Sequence[str]) -> dict[str, list[str]]:
    """Return option -> its lines."""
    found: dict[str, list[str]] = {}
    option = ""
    for line in lines:
        if line[:1] not in (" ", "-", ""):
            option = line.strip().partition(":")[0]
        found.setdefault(option, []).append(line)
    return found


def format_hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Yield the changes between two texts, each below its place."""
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        starts = [change[1] for change in group if change[0] != "equal"]
        where = find_place(before, starts[0])
        lines: list[tuple[str, str]] = []
        for tag, left, left_end, right, right_end in group:
            if tag == "equal":
                lines += [(" ", line) for line in before[left:left_end]]
            else:
                lines += [("-", line) for line in before[left:left_end]]
                lines += [("+", line) for line in after[right:right_end]]
        depth = min((count_indent(line) for mark, line in lines if mark != " " and line.strip()), default=0)
        # The place shows the outer keys.
        lines = [(mark, line) for mark, line in lines if mark != " " or count_indent(line) >= depth]
        margin = min((len(line) - len(line.lstrip()) for _mark, line in lines if line.strip()), default=0)
        if where:
            yield f"@ {where}"
        yield from (f"{mark} {line[margin:]}".rstrip() for mark, line in lines)


def find_differences(diffs: Sequence[Mapping[str, Any]], lines: int) -> Iterator[Json]:
    """Yield a finding for each resource that differs from its description.

    :param diffs: of the module ``jst_application``: one for each resource that differs.
    :param lines: the maximum number of lines to keep for a resource.
    """
    for diff in diffs:
        before, wanted = lines_of(diff.get("before")), lines_of(diff.get("after"))
        finding: Json = {"resource": diff["resource"], "finding": "missing", "options": [], "diff": []}
        if before and wanted:
            options, shown = compare_options(before, wanted)
            kept = shown[:lines]
            yield {
                **finding,
                "finding": "differs",
                "options": options,
                "diff": kept,
                "more_lines": len(shown) - len(kept),
            }
        elif wanted:
            yield {**finding, "more_lines": 0}


def find_unseen_differences(compared: Mapping[str, Any], seen: Sequence[Json]) -> Iterator[Json]:
    """Yield a finding for each resource whose difference the diff does not show, such as one between two secrets.

    :param compared: the result of ``jst_application``.
    :param seen: the findings from the diff, and those of what cannot be changed.
    """
    shown = {item["resource"] for item in seen if item["finding"] != "fixed"}
    fixed = {item["resource"]: item["options"] for item in seen if item["finding"] == "fixed"}
    for item in compared.get("differences") or []:
        options = [option for option in item["options"] if option not in fixed.get(item["resource"], ())]
        if options and item["resource"] not in shown:
            yield {
                "resource": item["resource"],
                "finding": "differs",
                "options": options,
                "diff": [],
                "more_lines": 0,
            }
