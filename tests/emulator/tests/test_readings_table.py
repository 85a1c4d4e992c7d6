# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of readings, combinations, and the ways to choose them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import urllib.request
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from jst_emulator import handlers, world
from jst_emulator.__main__ import main
from jst_emulator.clock import VirtualClock
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.readings import TABLE, Readings, with_choices
from jst_emulator.readings.declaration import NOT_STATED, reading, share_of
from jst_emulator.readings.random_combination import contradiction, draw
from jst_emulator.world_file import WorldFileError
from support.signed_client import LOOPBACK, SignedClient
from tests.tools.running_emulator import emulator

DRAWN = [draw(seed) for seed in range(300)]


def test_every_reading_is_declared_in_full() -> None:
    """Lines of the reference, a sentence for each value, and values that YAML reads as they are written."""
    assert len({one.name for one in TABLE}) == len(TABLE) == len(asdict(Readings()))
    for one in TABLE:
        assert one.source == NOT_STATED or all(
            part.isdecimal() for span in one.source.split(", ") for part in span.split("-")
        ), one.name
        assert len(one.values) > 1, one.name
        for value, about in one.values.items():
            assert about.endswith("."), (one.name, value)
            assert yaml.safe_load(f"value: {value}") == {"value": value}
        for others in (one.excludes or {}).values():
            for name, values in others.items():
                (other,) = (reading for reading in TABLE if reading.name == name)
                assert set(values) <= set(other.values), (one.name, name)


def test_the_defaults_are_the_first_values() -> None:
    assert asdict(Readings()) == {one.name: one.default for one in TABLE}
    assert contradiction(asdict(Readings())) is None


def test_a_combination_follows_from_its_seed() -> None:
    code = "from jst_emulator.readings.random_combination import draw; print(sorted(draw('7').items()))"
    for hash_seed in ("1", "2"):
        surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed}
        printed = subprocess.check_output([sys.executable, "-c", code], env=surroundings, text=True)
        assert printed.strip() == str(sorted(draw("7").items()))
    assert draw(7) == draw("7") != draw("8")


def test_what_follows_from_a_text_is_the_same_on_every_python() -> None:
    assert [share_of(text, 1000) for text in ("", "7:numbers", "中文")] == [652, 13, 6]


def test_combinations_differ_and_do_not_contradict_themselves() -> None:
    assert [contradiction(one) for one in DRAWN] == [None] * len(DRAWN)
    assert len({str(one) for one in DRAWN}) == len(DRAWN)
    counts = Counter(sum(one[reading.name] != reading.default for reading in TABLE) for one in DRAWN)
    assert min(counts) < 10
    assert max(counts) > 40


@pytest.mark.parametrize("name", [one.name for one in TABLE])
def test_every_value_is_drawn_unless_it_must_not_be(name: str) -> None:
    (one,) = (reading for reading in TABLE if reading.name == name)
    drawn = Counter(combination[name] for combination in DRAWN)
    assert drawn.keys() == {one.default, *one.drawn}
    if one.drawn:
        assert drawn[one.default] > len(DRAWN) / 4


def test_a_contradiction_is_seen_from_the_reading_that_declares_it() -> None:
    values = {**asdict(Readings()), "config_list_size": 5, "total_count": "zero"}
    found = contradiction(values)
    assert found is not None
    assert found.name == "config_list_size"


def test_a_reading_that_is_not_drawn_says_so() -> None:
    field = reading("1", {"a": "One.", "b": "Another."}, drawn=False)
    assert field.metadata["declaration"]["drawn"] == ()


@pytest.mark.parametrize("given", [{"random": "7"}, {"random": 7}])
def test_a_seed_stands_for_a_whole_combination(given: dict[str, Any]) -> None:
    before = with_choices(Readings(), {"regions": "of_account"})
    assert asdict(with_choices(before, given)) == draw(7)
    kept = with_choices(before, {**given, "numbers": "texts", "regions": "of_account"})
    assert asdict(kept) == {**draw(7), "numbers": "texts", "regions": "of_account"}


def test_a_world_file_can_hold_a_seed() -> None:
    spec = {"settings": {"readings": {"random": 7, "numbers": "texts"}}}
    loaded = world.load(spec, VirtualClock())
    assert asdict(loaded.settings.readings) == {**draw(7), "numbers": "texts"}
    for wrong in ({"readings": {"random": 7, "numbers": "words"}}, {"readings": {"none": 1}}, {"readings": [1]}):
        with pytest.raises(WorldFileError):
            world.load({"settings": wrong}, VirtualClock())


def test_the_control_side_takes_a_seed_and_shows_what_it_stands_for() -> None:
    running = Emulator(Settings(), handlers.HANDLERS, world.load)
    http = SignedClient(running).http
    chosen = http.post("/_emulator/readings", json={"random": "x"}, environ_base=LOOPBACK).get_json()
    assert chosen == http.get("/_emulator/readings", environ_base=LOOPBACK).get_json() == draw("x")
    running.reset()
    assert running.readings == Readings()


def test_a_reset_draws_the_combination_of_the_start_again() -> None:
    running = Emulator(Settings(readings={"random": "x", "numbers": "texts"}), handlers.HANDLERS, world.load)
    running.set_readings({"numbers": "numbers", "shape": "sample"})
    running.reset()
    assert asdict(running.readings) == {**draw("x"), "numbers": "texts"}


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_all_readings_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    text, page = (_printed(capsys, *arguments) for arguments in (["--list-readings"], ["--list-readings", "markdown"]))
    groups = json.loads(_printed(capsys, "--list-readings", "json"))
    listed = {one["name"]: one for group in groups for one in group["readings"]}
    assert listed.keys() == {one.name for one in TABLE}
    for one in TABLE:
        assert listed[one.name]["default"] == one.default
        assert {entry["value"]: entry["about"] for entry in listed[one.name]["values"]} == one.values
        assert (listed[one.name]["source"], listed[one.name]["drawn"]) == (one.source, list(one.drawn))
        assert f"  {one.name}  (reference: {one.source})\n" in text
        assert f"| `{one.name}` | `{one.default}` |" in page
        for value, about in one.values.items():
            assert f"    {value}{' (default)' if value == one.default else ''}: {about}\n" in f"{text}\n"
            assert f"`{value}` | {about}" in page


@pytest.mark.parametrize(
    "arguments",
    [
        ["--readings", "7"],
        ["--readings", "random:"],
        ["--readings", "other:7"],
        ["--reading", "numbers"],
        ["--list-readings", "xml"],
        ["--reading", "numbers=words", "--port", "0"],
    ],
)
def test_wrong_options_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "jst-emulator: " in capsys.readouterr().err


def _started(log: Path, *options: str) -> list[str]:
    """Start an emulator with these options, and return the lines that it prints after the first one."""
    with emulator(*options, log=log) as address:
        urllib.request.urlopen(f"{address}/_emulator/health", timeout=30).close()
    return [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("jst-emulator ")]


def test_a_combination_is_printed_at_the_start_and_can_be_repeated_from_that(tmp_path: Path) -> None:
    (printed,) = _started(tmp_path / "log", "--readings", "random:7", "--reading", "numbers=texts")
    head, options = printed.split(": ", maxsplit=1)
    assert head == "jst-emulator readings"
    again = dict(pair.split("=") for pair in shlex.split(options) if pair != "--reading")
    values = {name: int(value) if value.isdecimal() else value for name, value in again.items()}
    assert asdict(with_choices(Readings(), values)) == {**draw(7), "numbers": "texts"}
    assert _started(tmp_path / "log", *shlex.split(options)) == [printed]


def test_nothing_is_printed_of_the_defaults(tmp_path: Path) -> None:
    assert _started(tmp_path / "log") == []
