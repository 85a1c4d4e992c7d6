# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark, ``make bench``: it prints tables, and writes build/bench.md with them and build/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench import calls, fleet, hotspots, imports, pages, tasks
from tests.bench.projection import project
from tests.bench.tables import Findings, Table
from tests.tools.run_in_collection import BUILD

PARTS: Mapping[str, Callable[[bool], Findings]] = {
    "tasks": tasks.measure,
    "imports": imports.measure,
    "calls": calls.measure,
    "pages": pages.measure,
    "fleet": fleet.measure,
    "hotspots": hotspots.measure,
}
FIRST, LAST = "<!-- figures of make bench -->", "<!-- end of the figures -->"
FIGURES, PAGE = BUILD / "bench.json", BUILD / "bench.md"


def surroundings() -> dict[str, Any]:
    """When and where this is measured."""
    packages = ("ansible-core", "requests", "urllib3")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def show(tables: Sequence[Table], texts: list[str]) -> None:
    """Print tables, and add them to the texts."""
    for table in tables:
        texts.append(table.render())
        print(f"\n{texts[-1]}", flush=True)


def replace(page: Path, text: str) -> None:
    """Put the text between the marks of a page."""
    before, _dummy, rest = page.read_text().partition(FIRST)
    _old, _dummy, after = rest.partition(LAST)
    page.write_text(f"{before}{FIRST}\n\n{text}\n\n{LAST}{after}")


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes instead of half an hour")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given several times")
    parser.add_argument("--into", type=Path, metavar="FILE", help="page whose figures to replace by these")
    options = parser.parse_args()
    measured = surroundings()
    taken = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in measured.items())
    texts = [f"Taken: {taken}{', quick' if options.quick else ''}."]
    print(texts[0], flush=True)
    figures: dict[str, Any] = {"taken": {**measured, "quick": options.quick}}
    for name in options.only or PARTS:
        found = PARTS[name](options.quick)
        figures |= found.figures
        show(found.tables, texts)
    if {"fleet", "page"} <= figures.keys():
        show([project(figures["fleet"], figures["page"])], texts)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n")
    PAGE.write_text("\n\n".join(texts) + "\n")
    if options.into:
        replace(options.into, "\n\n".join(texts))
    ratios = {name: value for name, value in figures.items() if isinstance(value, float)}
    print("", *(f"{name}: {value:.2f}" for name, value in ratios.items()), sep="\n")


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
