# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/assumptions.md and its Chinese page: what is assumed of the service.

They are made of the table of the emulator's readings and of what ``make readings`` found: tests/readings/results.json.
``readings_page.yml`` and ``assumptions_page.yml`` have the Chinese for the texts of both. Messages stay in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jst_emulator.readings.export import grouped
from jst_emulator.readings.table import TABLE
from tests.tools.generate import readings_page
from tests.tools.generate.files import Files, file_with_part, table
from tests.tools.generate.translator import Translator
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "assumptions.md"
CHINESE_PAGE = ROOT / "docs" / "zh" / "assumptions.md"
CHINESE = Path(__file__).with_suffix(".yml")
SOURCE = "the table of readings and tests/readings/results.json"
RESULTS = ROOT / "tests" / "readings" / "results.json"
DEFAULT, RANDOM = "default", "random:"
WAYS = ("bring_up", "fleet")
_FAILED = "failed: "
_LONGEST = 300


class Texts(NamedTuple):
    """The texts of the page in a language.

    :ivar between: what stands between two sentences.
    :ivar translate: returns a text of the readings, or of the differences that are known.
    """

    translate: Callable[[str], str]
    between: str
    head: tuple[str, str, str, str]
    default: str
    works: str
    warning: str
    different: str
    error: str
    defect: str
    by_way: str
    not_tried: str
    steps_not_tried: str
    combinations: str
    tried: str
    ill: str


ENGLISH = Texts(
    translate=str,
    between=" ",
    head=("reading", "value", "what the service does", "what happens"),
    default="The default.",
    works="Works.",
    warning="Works, with a warning: {}",
    different="Different: {}",
    error="Error: {} {}",
    defect="Does not work yet: {}.",
    by_way="By `{}`: {}",
    not_tried="Not tried yet.",
    steps_not_tried="Not tried yet: {}.",
    combinations="Combinations",
    tried="A real service differs in many places at once. {tried} combinations were tested. Each sets\n"
    "other values for some of the {readings} readings; `--readings random:SEED` starts the emulator with such a\n"
    "combination. With {well} of the combinations, the lifecycle of the app works as described above.",
    ill="\nIt does not work yet with {}.",
)


def chinese(translate: Callable[[str], str]) -> Texts:
    """Return the texts in Chinese."""
    return Texts(
        translate=translate,
        between="",
        head=("解读", "取值", "服务端的行为", "结果"),
        default="默认取值。",
        works="正常。",
        warning="正常，但有警告：{}",
        different="有差异：{}",
        error="报错：{}{}",
        defect="尚不支持：{}。",
        by_way="用 `{}` 时{}",
        not_tried="尚未测试。",
        steps_not_tried="尚未测试：{}。",
        combinations="组合",
        tried="真实的服务会同时在许多地方与默认取值不同。在 {readings} 种解读中，每次为其中一部分选取其他取值，"
        "共测试了 {tried} 个组合；`--readings random:SEED` 让模拟器采用这样的组合。其中 {well} 个组合下，"
        "应用的整个生命周期都与前文所述相符。",
        ill="在 {} 下尚不支持。",
    )


def render() -> Files:
    """Return the pages."""
    translate = Translator(CHINESE, readings_page.CHINESE)
    pages = {PAGE: _part(ENGLISH), CHINESE_PAGE: _part(chinese(translate))}
    translate.finish()
    return {page: file_with_part(page, SOURCE, f"\n{part}\n") for page, part in pages.items()}


def _part(texts: Texts) -> str:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return f"{''.join(_groups(results, texts))}{_combinations(results, texts)}"


def _groups(results: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    for title, readings in grouped():
        rows = [
            (
                f"`{one.name}`" if value == one.default else "",
                f"`{value}`",
                texts.translate(about),
                texts.default if value == one.default else outcome(results, f"{one.name}={value}", texts),
            )
            for one in readings
            for value, about in one.values.items()
        ]
        yield f"## {texts.translate(title)}\n\n{table(texts.head, rows)}\n"


def outcome(results: Mapping[str, Any], name: str, texts: Texts) -> str:
    """What happens under a service, by both ways in one text where they agree."""
    lives = {way: results.get(name, {}).get(way) for way in WAYS}
    by_way = {way: _text(life, results.get(DEFAULT, {}).get(way, {}), texts) for way, life in lives.items()}
    if len(set(by_way.values())) == 1:
        return by_way[WAYS[0]]
    return texts.between.join(texts.by_way.format(way, text) for way, text in by_way.items())


def _text(life: Mapping[str, Any] | None, usual: Mapping[str, Any], texts: Texts) -> str:
    if life is None:
        return texts.not_tried
    if life["problems"] or life["left"]:
        return texts.defect.format(", ".join(life["problems"]) or "teardown")
    if life["differences"]:
        return texts.between.join(
            texts.error.format(texts.translate(why), _quoted(said))
            if said.startswith(_FAILED)
            else texts.different.format(texts.translate(why))
            for why, said in life["differences"].items()
        )
    new = [text for text in life["warnings"] if text not in usual.get("warnings", [])]
    sentences = [texts.warning.format(_quoted(new[0])) if new else texts.works]
    if life["left_out"]:
        sentences.append(texts.steps_not_tried.format(", ".join(life["left_out"])))
    return texts.between.join(sentences)


def _quoted(text: str) -> str:
    short = re.sub(r"\s+", " ", text.removeprefix(_FAILED)).replace("|", "\\|")
    return f'"{short[:_LONGEST]}{"…" if len(short) > _LONGEST else ""}"'


def _combinations(results: Mapping[str, Any], texts: Texts) -> str:
    names = sorted((name for name in results if name.startswith(RANDOM)), key=lambda name: int(name.partition(":")[2]))
    ill = [name for name in names if any(life["problems"] or life["left"] for life in results[name].values())]
    text = texts.tried.format(tried=len(names), readings=len(TABLE), well=len(names) - len(ill))
    if ill:
        text += texts.ill.format(", ".join(f"`{name}`" for name in ill))
    return f"## {texts.combinations}\n\n{text}\n"
