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

from tests.bench import calls, fleet, hotspots, imports, pages, peers, planning, playbooks, scale, tasks
from tests.bench.tables import Findings, Table
from tests.tools.run_in_collection import BUILD

PARTS: Mapping[str, Callable[[bool], Findings]] = {
    "tasks": tasks.measure,
    "imports": imports.measure,
    "calls": calls.measure,
    "pages": pages.measure,
    "fleet": fleet.measure,
    "scale": scale.measure,
    "playbooks": playbooks.measure,
    "peers": peers.measure,
    "hotspots": hotspots.measure,
}
FIGURES, PAGE = BUILD / "bench.json", BUILD / "bench.md"
HEAD = Path(__file__).with_name("page.md")


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


def keep(page: Path, text: str, figures: Mapping[str, Any]) -> None:
    """Write a page of the tables, and the figures beside it."""
    page.write_text(f"{HEAD.read_text()}\n{text}\n")
    page.with_suffix(".json").write_text(as_json(figures))


def as_json(figures: Mapping[str, Any]) -> str:
    """Return figures as JSON, with six significant digits."""
    rounded = json.loads(json.dumps(figures), parse_float=lambda number: float(f"{float(number):.6g}"))
    return f"{json.dumps(rounded, indent=1)}\n"


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes instead of half an hour")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given several times")
    parser.add_argument("--into", type=Path, metavar="FILE", help="page to write, and beside it a file of JSON")
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
    FIGURES.write_text(as_json(figures))
    if figures.keys() >= planning.NEEDED:
        found = planning.plan(figures)
        figures |= found.figures
        show(found.tables, texts)
    text = "\n\n".join(texts)
    FIGURES.write_text(as_json(figures))
    PAGE.write_text(f"{text}\n")
    if options.into:
        keep(options.into, text, figures)
    ratios = {name: value for name, value in figures.items() if isinstance(value, float)}
    print("", *(f"{name}: {value:.2f}" for name, value in ratios.items()), sep="\n")


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
