# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a terminal shows: coloured text as HTML and as SVG, and recordings in the format of asciinema, version 2.

Programs of the recordings print lines with colours and move no cursor. Any other control sequence is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

COLUMNS, ROWS = 100, 28
PROMPT = "\x1b[1;32m$\x1b[0m "

SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m|[\x00-\x08\x0b-\x1f\x7f]")
#: The colours of SGR 30 to 37 and 90 to 97 on a dark ground, with a contrast of at least 4.5 to it.
GROUND, INK = "#16191d", "#d7dbe0"
COLOURS = {
    30: "#8b949e",
    31: "#ff8f87",
    32: "#6fd08c",
    33: "#e3bd55",
    34: "#7db3ff",
    35: "#d3a6ff",
    36: "#5fd0d4",
    37: "#d7dbe0",
}

#: In the SVG: the size of a character and a line, and the room around the text.
CHARACTER, LINE, MARGIN, BAR = 8.43, 20, 18, 34


class Event(NamedTuple):
    """An event of a recording.

    :ivar at: seconds since its begin.
    :ivar code: ``o`` for output, ``m`` for the begin of a chapter.
    :ivar text: the output, or the title of the chapter.
    """

    at: float
    code: str
    text: str


class Span(NamedTuple):
    """A text in one style. ``colour`` is the SGR number from 30 to 37, 0 for none."""

    text: str
    colour: int
    bold: bool


def spans(text: str) -> Iterator[Span]:
    """Split an output into its styles.

    :raises ValueError: it holds another control sequence.
    """
    colour, bold, end = 0, False, 0
    text = text.replace("\r\n", "\n")
    for match in SEQUENCE.finditer(text):
        if match.start() > end:
            yield Span(text[end : match.start()], colour, bold)
        end = match.end()
        if match[1] is None:
            raise ValueError(f"a terminal would act on {match[0]!r}")
        for number in (int(word or 0) for word in match[1].split(";")):
            if number == 0:
                colour, bold = 0, False
            elif number == 1:
                bold = True
            elif number in COLOURS:
                colour = number
            elif number - 60 in COLOURS:
                colour = number - 60
            elif number not in (22, 39):
                raise ValueError(f"no style {number}")
    if text[end:]:
        yield Span(text[end:], colour, bold)


def as_html(text: str) -> str:
    """Return an output with a class for each style, such as ``<span class="sgr32">``."""
    return "".join(
        f'<span class="{_classes(span)}">{escape(span.text)}</span>' if _classes(span) else escape(span.text)
        for span in spans(text)
    )


def _classes(span: Span) -> str:
    return " ".join([*([f"sgr{span.colour}"] if span.colour else []), *(["sgr1"] if span.bold else [])])


def as_svg(lines: Sequence[str], title: str) -> str:
    """Return lines of output as the picture of a terminal.

    :param title: what the picture shows, for those who do not see it.
    """
    rows = [row for line in lines for row in _rows(line)]
    width = 2 * MARGIN + CHARACTER * COLUMNS
    height = BAR + MARGIN + LINE * len(rows)
    texts = "".join(
        f'<text x="{MARGIN}" y="{BAR + LINE * (number + 0.75):g}" xml:space="preserve">'
        f"{''.join(_tspan(span) for span in row)}</text>\n"
        for number, row in enumerate(rows)
    )
    dots = "".join(
        f'<circle cx="{MARGIN + 6 + 20 * number}" cy="{BAR / 2 + 1:g}" r="6" fill="{colour}"/>'
        for number, colour in enumerate(("#ff6159", "#ffbd2e", "#28c941"))
    )
    font = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>{dots}\n'
        f'<g font-family="{font}" font-size="14" fill="{INK}">\n{texts}</g>\n</svg>\n'
    )


def _rows(line: str) -> list[list[Span]]:
    """Break a line where a terminal does."""
    rows: list[list[Span]] = [[]]
    room = COLUMNS
    for span in spans(line):
        rest = span.text
        while rest:
            if not room:
                rows.append([])
                room = COLUMNS
            part, rest = rest[:room], rest[room:]
            rows[-1].append(span._replace(text=part))
            room -= len(part)
    return rows


def _tspan(span: Span) -> str:
    look = f' fill="{COLOURS[span.colour]}"' if span.colour else ""
    look += ' font-weight="bold"' if span.bold else ""
    # The length keeps columns in place where the reader's font has other widths.
    length = f' textLength="{CHARACTER * len(span.text):g}" lengthAdjust="spacingAndGlyphs"'
    return f"<tspan{look}{length}>{escape(span.text, quote=False)}</tspan>"


def write_cast(path: Path, events: Iterable[Event], title: str) -> None:
    """Write a recording."""
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "title": title, "idle_time_limit": 1.5}
    lines = [head, *([round(event.at, 2), event.code, event.text] for event in events)]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def read_cast(path: Path) -> list[Event]:
    """Return the events of a recording, its pauses cut to its ``idle_time_limit``.

    :raises ValueError: it is no recording of version 2.
    """
    head, *lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    if head["version"] != 2:
        raise ValueError(f"{path} is of version {head['version']}")
    events: list[Event] = []
    before = now = 0.0
    for at, code, text in lines:
        now += min(at - before, head["idle_time_limit"])
        before = at
        events.append(Event(round(now, 2), code, text))
    return events
