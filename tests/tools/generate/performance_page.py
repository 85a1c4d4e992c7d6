# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables and plots of docs/performance.md and its Chinese page: what the figures of ``make bench`` advise.

``performance_page.yml`` has the Chinese for the texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.tools import plots
from tests.tools.generate.files import Files, table, with_part
from tests.tools.generate.translator import Translator
from tests.tools.run_in_collection import PICTURES, ROOT

PAGE = ROOT / "docs" / "performance.md"
CHINESE_PAGE = ROOT / "docs" / "zh" / "performance.md"
FIGURES = ROOT / "docs" / "performance-figures.json"
CHINESE = Path(__file__).with_suffix(".yml")
SOURCE = "the figures of make bench: {}"
Translate = Callable[[str], str]
HOUR = 60


def _minutes(minutes: float, translate: Translate) -> str:
    """Return a time in words, as exact as the model is."""
    # All of them are translated: which ones a page has depends on the figures.
    in_seconds, in_minutes, in_hours = (translate(text) for text in ("{} s", "{} min", "{} h"))
    if minutes < 1:
        return in_seconds.format(round(minutes * 60))
    if minutes < HOUR:
        return in_minutes.format(f"{minutes:.1f}" if minutes < 10 else round(minutes))
    return in_hours.format(f"{minutes / HOUR:.1f}")


def _advice(figures: Mapping[str, Any], translate: Translate) -> str:
    """Return the table of forks and slices."""
    advice = figures["model"]["advice"]
    cores = sorted({one["cores"] for one in advice})
    head = ["apps", "latency", *(f"{number} cores" for number in cores)]
    cells: dict[tuple[int, int], list[str]] = {}
    for one in sorted(advice, key=lambda one: (one["apps"], one["latency_ms"], one["cores"])):
        forks = translate("{} forks").format(one["forks"])
        taken = f"{one['slices']} × {forks}" if one["slices"] > 1 else forks
        cells.setdefault((one["apps"], one["latency_ms"]), []).append(f"{taken}: {_minutes(one['minutes'], translate)}")
    rows = [[f"{apps:,}", f"{latency} ms", *found] for (apps, latency), found in cells.items()]
    text = (
        "Recommended forks and slices for playbook `fleet`, and its time with nothing to change, by the number of "
        "apps, the latency of a call and the cores of the machine. 2 × 50 forks are two slices with 50 forks each. The "
        "emulator's CPU is left out. All rows have at most 100 apps at once, and slices only where they save a tenth."
    )
    shown = table([translate(word) for word in head], rows)
    return f"\n{translate(text)}\n\n{shown}{_remark(figures, translate)}\n"


def _many(figures: Mapping[str, Any], translate: Translate) -> str:
    """Return the table of thousands of apps: what was measured, and what the model expects."""
    head = ("apps", "slices", "forks of each", "machines", "calls", "wall time", "error", "memory of a main process")
    measured = [
        {
            "apps": run["apps"],
            "slices": run["way"]["slices"],
            "forks": run["way"]["forks"],
            "machines": 1,
            "calls": run["calls"],
            "minutes": run["cost"]["wall"] / 60,
            "memory_mb": run["cost"]["main_mb"],
        }
        for run in figures["scale"]["runs"]
    ]
    rows = [
        [
            *(f"{one[name]:,}" for name in ("apps", "slices", "forks", "machines", "calls")),
            _minutes(one["minutes"], translate),
            f"±{one['error']:.0%}" if "error" in one else translate("measured"),
            f"{one['memory_mb'] / 1000:.1f} GB",
        ]
        for one in [*measured, *figures["model"]["projected"]]
    ]
    text = translate(
        "Playbook `fleet` over apps that are found by their titles, with nothing to change, {} ms a call and {} cores "
        "a machine. Rows with an error show the time that the model expects, without the emulator's CPU, which the "
        "measured times contain."
    ).format(figures["fleet"]["latency_ms"], figures["taken"]["cores"])
    shown = table([translate(word) for word in head], rows)
    return f"\n{text}\n\n{shown}{_remark(figures, translate)}\n"


def _playbooks(figures: Mapping[str, Any], translate: Translate) -> str:
    """Return the table of what each playbook takes."""
    runs = figures["playbooks"]["runs"]
    head = ("playbook", "wall time", "CPU an app", "calls an app")
    rows = []
    for run in runs:
        cost, apps = run["cost"], run["apps"]
        cpu = f"{cost['cpu'] / apps * 1000:.0f} ms"
        row = [_minutes(cost["wall"] / 60, translate), cpu, f"{run['calls'] / apps:.0f}"]
        strategy = run["way"]["strategy"]
        name = f"`{run['way']['source'].rpartition('.')[2]}`"
        rows.append([f"{name}, `ANSIBLE_STRATEGY={strategy}`" if strategy == "free" else name, *row])
    text = translate(
        "{} apps that are as described, {} ms a call, {} forks, {} cores that the emulator shares; `teardown` deletes "
        "them."
    ).format(runs[0]["apps"], runs[0]["latency_ms"], runs[0]["way"]["forks"], figures["taken"]["cores"])
    shown = table([translate(word) for word in head], rows)
    return f"\n{text}\n\n{shown}{_remark(figures, translate)}\n"


def _remark(figures: Mapping[str, Any], translate: Translate) -> str:
    """Return what has to be said about the figures, empty for those of a whole run."""
    remark = translate(
        "These figures are from a quick run of the benchmark, and only an example. A full run replaces them."
    )
    return f"\n{remark}\n" if figures["taken"]["quick"] else ""


PARTS = {"playbooks": _playbooks, "forks and slices": _advice, "ten thousand apps": _many}


def _page(page: Path, figures: Mapping[str, Any], translate: Translate) -> str:
    text = page.read_text(encoding="utf-8")
    for name, render_part in PARTS.items():
        text = with_part(text, SOURCE.format(name), render_part(figures, translate))
    return text


def render() -> Files:
    """Return both pages and the plots."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    translator = Translator(CHINESE)
    pages = {PAGE: _page(PAGE, figures, str), CHINESE_PAGE: _page(CHINESE_PAGE, figures, translator)}
    translator.finish()
    return {**pages, **{PICTURES / name: drawing for name, drawing in plots.drawings(figures).items()}}
