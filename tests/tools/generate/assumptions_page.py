# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about what is assumed of the service: docs/assumptions.md.

It is made of the table of the emulator's readings and of what ``make readings`` found: tests/readings/results.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jst_emulator.readings.export import grouped
from jst_emulator.readings.table import TABLE
from tests.tools.generate.files import Files, markdown_head, table
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "assumptions.md"
RESULTS = ROOT / "tests" / "readings" / "results.json"
DEFAULT, RANDOM = "default", "random:"
WAYS = ("bring_up", "fleet")
_LONGEST = 300

INTRODUCTION = """
# What is assumed of the service

The reference of the API leaves open what the service does in many places, and contradicts itself in some. The
collection is tried under each of the services that the text allows. This page lists what was tried, and what happens.
If an account does something odd, look here first: the row that describes it says what the collection does then.

The emulator can be each of these services: [Readings of the reference](readings.md) has the same rows with the lines of
the reference. To see what a playbook of your own does, give the emulator `--reading NAME=VALUE`.

Under each service, the whole life of an app is lived through, by playbook `bring_up` and by playbook `fleet`: the app
is brought up, brought up again, previewed with `--check`, updated in every kind of object that it has, and brought up
again. It is then compared by playbook `drift`, released with a canary, scaled, compared and brought up again, and torn
down. The description has `update_secrets: on_create`. Under a single value, steps that are the same on both ways are
run with `fleet` only.

What a task does after a write that a service did not take, and which forms count as equal, is in
[What is compared](comparison.md). A value that `bring_up` or `fleet` sends in every run with a warning does not count
as a change, so the recap shows `changed=0`; look at the warnings.

| what happens | meaning |
| --- | --- |
| works | All steps succeed. A repeated run changes nothing and sends no write. The teardown leaves nothing. |
| works, with a warning | The same, and tasks warn of what they cannot compare or know. |
| different | The service cannot do what was described, or does it in another way. The text says what follows. |
| error | The service cannot do what was described. The run fails with this message. |
| does not work yet | A defect of the collection. |

"""


def render() -> Files:
    """Return the page."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    head = markdown_head("the table of readings and tests/readings/results.json")
    return {PAGE: f"{head}{INTRODUCTION}{''.join(_groups(results))}{_combinations(results)}"}


def _groups(results: Mapping[str, Any]) -> Iterator[str]:
    for title, readings in grouped():
        rows = [
            (
                f"`{one.name}`" if value == one.default else "",
                f"`{value}`",
                about,
                "The default." if value == one.default else outcome(results, f"{one.name}={value}"),
            )
            for one in readings
            for value, about in one.values.items()
        ]
        yield f"## {title}\n\n{table(('reading', 'value', 'what the service does', 'what happens'), rows)}\n"


def outcome(results: Mapping[str, Any], name: str) -> str:
    """What happens under a service, by both ways in one text where they agree."""
    lives = {way: results.get(name, {}).get(way) for way in WAYS}
    texts = {way: _text(life, results.get(DEFAULT, {}).get(way, {})) for way, life in lives.items()}
    if len(set(texts.values())) == 1:
        return texts[WAYS[0]]
    return " ".join(f"By `{way}`: {text}" for way, text in texts.items())


def _text(life: Mapping[str, Any] | None, usual: Mapping[str, Any]) -> str:
    if life is None:
        return "Not tried yet."
    if life["problems"] or life["left"]:
        steps = ", ".join(life["problems"]) or "teardown"
        return f"Does not work yet: {steps}."
    if life["differences"]:
        return " ".join(
            f"Error: {why} {_quoted(said)}" if said.startswith(_FAILED) else f"Different: {why}"
            for why, said in life["differences"].items()
        )
    new = [text for text in life["warnings"] if text not in usual.get("warnings", [])]
    works = f"Works, with a warning: {' '.join(map(_quoted, new[:1]))}" if new else "Works."
    return f"{works} Not tried yet: {', '.join(life['left_out'])}." if life["left_out"] else works


_FAILED = "failed: "


def _quoted(text: str) -> str:
    short = re.sub(r"\s+", " ", text.removeprefix(_FAILED)).replace("|", "\\|")
    return f'"{short[:_LONGEST]}{"…" if len(short) > _LONGEST else ""}"'


def _combinations(results: Mapping[str, Any]) -> str:
    names = sorted((name for name in results if name.startswith(RANDOM)), key=lambda name: int(name.partition(":")[2]))
    ill = [name for name in names if any(life["problems"] or life["left"] for life in results[name].values())]
    lines = [
        "## Combinations\n",
        f"A real service differs in many places at once. {len(names)} combinations were tried, each with other values",
        f"for some of the {len(TABLE)} readings; `--readings random:SEED` makes the emulator one of them. The life of",
        f"the app is as described above under {len(names) - len(ill)} of them.",
    ]
    if ill:
        lines.append(f"It does not work yet under {', '.join(f'`{name}`' for name in ill)}.")
    return "\n".join(lines) + "\n"
