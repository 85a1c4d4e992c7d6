# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of readings as text, JSON and Markdown."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jst_emulator.readings.declaration import Reading, Value, declared
from jst_emulator.readings.table import GROUPS, TABLE


def grouped() -> Iterable[tuple[str, list[Reading]]]:
    """Return the readings with the titles of their groups."""
    for group in GROUPS:
        yield (inspect.getdoc(group) or "").rstrip("."), declared(group)


def _as_data(one: Reading) -> dict[str, Any]:
    return {
        "name": one.name,
        "default": one.default,
        "values": [{"value": value, "about": about} for value, about in one.values.items()],
        "takes_numbers": one.takes_numbers,
        "source": one.source,
        "drawn": list(one.drawn),
        "excludes": {str(value): dict(others) for value, others in (one.excludes or {}).items()},
    }


def as_json() -> str:
    """Return all readings as JSON: a list of groups, each with its readings."""
    groups = [{"group": title, "readings": [_as_data(one) for one in listed]} for title, listed in grouped()]
    return json.dumps(groups, ensure_ascii=False, indent=2)


def as_text() -> str:
    """Return all readings as text for a terminal."""
    lines = []
    for title, listed in grouped():
        lines += [title, ""]
        for one in listed:
            lines.append(f"  {one.name}  (reference: {one.source})")
            lines += [
                f"    {value}{' (default)' if value == one.default else ''}: {about}"
                for value, about in one.values.items()
            ]
        lines.append("")
    return "\n".join(lines).rstrip()


def as_markdown(translate: Callable[[str], str] = str) -> str:
    """Return all readings as tables in Markdown.

    :param translate: returns a text in the language of the tables.
    """
    head = [translate(title) for title in ("reading", "value", "what the service does", "reference")]
    lines = []
    for title, listed in grouped():
        lines += [f"## {translate(title)}", "", f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
        for one in listed:
            lines += [_row(one, value, about, translate) for value, about in one.values.items()]
        lines.append("")
    return "\n".join(lines).rstrip()


def _row(one: Reading, value: Value, about: str, translate: Callable[[str], str]) -> str:
    is_default = value == one.default
    name, source = (f"`{one.name}`", translate(one.source)) if is_default else ("", "")
    mark = "" if is_default or value in one.drawn else translate(" Random combinations do not include this value.")
    return f"| {name} | `{value}` | {translate(about)}{mark} | {source} |"


def as_options(readings: Any) -> str:
    """Return the command-line options for the readings that differ from the default."""
    values = {one.name: getattr(readings, one.name) for one in TABLE if getattr(readings, one.name) != one.default}
    return " ".join(f"--reading {name}={value}" for name, value in values.items())


#: The exports by name.
LISTINGS: Mapping[str, Callable[[], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown}
