# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the page that says which module calls which operation, and what drives it: docs/coverage.md."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from checkout import ROOT
from module_texts import MODULES
from module_texts import read as documented

CONFORMANCE = ROOT / "tests" / "conformance"
PAGE = ROOT / "docs" / "coverage.md"
INTRODUCTION = """\
<!-- Written by tests/tools/coverage_page.py. -->

# Coverage of the API

A whole run of the conformance tests fails unless every operation was called by every module that stands beside it here,
unless every parameter was sent by one of them, and unless every return value that a module documents was seen.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def code(words: Iterable[str]) -> str:
    """Words, as code."""
    return ", ".join(f"`{word}`" for word in words)


def drivers(module: str) -> Iterator[str]:
    """What drives a module in the conformance tests: the row of its life, or else the files that name it."""
    from rows import ROWS

    lives = {row.module for row in ROWS} | {f"{row.module}_info" for row in ROWS if row.info is not None}
    if module in lives:
        yield f"row `{module.removesuffix('_info')}`"
        return
    for file in sorted(set(CONFORMANCE.glob("test_*.py")) - {CONFORMANCE / "test_coverage.py"}):
        if f'"{module}"' in file.read_text(encoding="utf-8"):
            yield f"`{file.name}`"


def render() -> str:
    """The page."""
    from proofs import coverage

    operations = [
        (f"`{operation}`", code(named), "; ".join(dict.fromkeys(driver for each in named for driver in drivers(each))))
        for operation, named in coverage().items()
    ]
    modules = [
        (f"`{module}`", code(documented(module, "DOCUMENTATION")["options"]), "; ".join(drivers(module)))
        for module in MODULES
    ]
    return "\n".join(
        [
            INTRODUCTION,
            "## Operations\n",
            table(("operation", "modules", "conformance"), operations),
            "## Modules\n",
            "Options of access, waiting and the like, which many modules share, are left out.\n",
            table(("module", "options", "conformance"), modules),
        ]
    )


if __name__ == "__main__":
    sys.path.insert(0, str(CONFORMANCE))
    PAGE.write_text(render(), encoding="utf-8")
