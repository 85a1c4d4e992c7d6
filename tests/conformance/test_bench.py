# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark compares the same calls, and leads from runs to a page with plots: all of it in a small size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.bench import bench, peers, planning, scale
from tests.bench import fleet as fleets
from tests.bench.many_apps import TEAM
from tests.bench.rehearsal import CLIENT, PLAIN, Rehearsal, fleet, grown, rehearsal, threads
from tests.tools import plots

APPS = 2
# Two teams, of which each slice has one.
MORE = 2 * TEAM
# What the other parts would measure.
PAGE = {"size": 50, "wall": 0.01, "client_cpu": 0.001, "emulator_cpu": 0.009}
TASKS = {
    "call_ms": 1.0,
    "calls": {"debug": 0, "jst_app in the worker": 1},
    "per_task": {f"{name}, separate": {"wall_ms": 15.0, "cpu_ms": 15.0} for name in ("debug", "jst_app in the worker")},
}


def test_the_calls_of_a_fleet_without_ansible_are_those_of_the_playbook(tmp_path: Path) -> None:
    with rehearsal(tmp_path, APPS) as on:
        on.run(fleet(APPS), APPS, 0)
        again = on.run(fleet(APPS), APPS, 0)
        plain, client = (on.run(threads(kind), APPS, 0) for kind in (PLAIN, CLIENT))
    assert again.calls == plain.calls == client.calls


def writes(on: Rehearsal) -> list[str]:
    """The writing calls of the last run."""
    return [call["action"] for call in on.control("calls") if call["kind"] == "write"]


def test_apps_that_were_put_into_the_emulator_are_up(tmp_path: Path) -> None:
    """A run over them changes nothing. Each slice reads the list of apps once."""
    with grown(tmp_path, MORE) as on:
        alone = on.run(fleet(TEAM), MORE, 0)
        assert writes(on) == []
        shared = on.run(fleet(TEAM, slices=2), MORE, 0)
        assert writes(on) == []
    assert (alone.account, shared.list_reads) == (MORE, 2 * alone.list_reads)
    assert alone.list_reads > 0
    assert 0 < alone.cost.main_cpu < alone.cost.cpu


def test_a_peer_makes_the_calls_of_the_fleet(tmp_path: Path) -> None:
    """With requests that its filter signs; the modules on the SDK are tried by ``make bench`` only."""
    uri = next(peer for peer in peers.peers() if peer.name.startswith("uri"))
    with grown(tmp_path, APPS) as on:
        ours = on.run(fleet(APPS), APPS, 0)
        theirs = peers.run(on, uri, tmp_path, APPS)
    assert theirs.calls == ours.calls


def test_from_runs_to_a_page_with_plots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part feeds the next: runs, model, advice, page, plots."""
    monkeypatch.setattr(fleets, "FOLDER", tmp_path / "fleet")
    monkeypatch.setattr(scale, "FOLDER", tmp_path / "scale")
    monkeypatch.setattr(fleets, "QUICK", fleets.Plan(4, 2, 3, (1, 2), 2, (1, 2, 4), 0, 2, False))
    monkeypatch.setattr(scale, "QUICK", scale.Plan(MORE, TEAM, 2, TEAM))
    figures: dict[str, Any] = {"taken": {**bench.surroundings(), "quick": True}, "page": PAGE, "tasks": TASKS}
    texts: list[str] = []
    for found in (fleets.measure(True), scale.measure(True)):
        figures |= found.figures
        bench.show(found.tables, texts)
    figures["peers"] = {"runs": figures["scale"]["runs"][:1]}
    led = planning.plan(figures)
    figures |= led.figures
    bench.show(led.tables, texts)
    page = tmp_path / "performance-figures.md"
    bench.keep(page, "\n\n".join(texts), figures)
    assert page.read_text().count("\n## ") == 1 + len(texts)
    assert planning.plan(json.loads(page.with_suffix(".json").read_text())).figures.keys() == {"model"}
    for drawing in plots.drawings(figures).values():
        assert ElementTree.fromstring(drawing).tag.endswith("svg")
