# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records the commands of the guide to the first app, as they run against an emulator.

``docs/pictures/first-app.cast`` is the recording. Its chapters have the titles of the guide's sections, so the pages in
other languages have them as well. ``docs/pictures/run.svg`` shows a part of it. The commands stand in a terminal as if
they were typed; their output and its times are those of the run. The collection is shown where a user has it.
"""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

from tests.tools.markdown_text import Block, Page, page
from tests.tools.run_in_collection import PICTURES, ROOT, environment
from tests.tools.running_emulator import access, emulator
from tests.tools.terminal import COLUMNS, PROMPT, ROWS, Event, as_svg, write_cast

GUIDE = ROOT / "docs" / "guides" / "first-app.md"
CAST = PICTURES / "first-app.cast"
RUN = PICTURES / "run.svg"
#: The sections of the guide that are recorded, by their anchors.
CHAPTERS = ("describe-the-app", "preview-it", "bring-it-up", "release-a-new-version", "scale-it")
PORT = "http://127.0.0.1:8480"
#: Where the collection is in this run, and where a user has it.
COLLECTIONS, USUAL_COLLECTIONS = str(ROOT / ".venv" / "collections"), "~/.ansible/collections"
TIME_SCALE = "60"
#: Seconds before a command, and between its appearance and its start.
BEFORE, READING = 1.0, 0.8

#: The file of a block: its first line.
FILE = re.compile(r"# (?P<path>[\w./-]+\.\w+)\n")


class Recorder:
    """A terminal in a folder whose output is recorded.

    :ivar events: what came so far.
    """

    def __init__(self, folder: Path, variables: dict[str, str], address: str) -> None:
        self.events: list[Event] = []
        self._folder = folder
        self._variables = variables
        self._address = address
        self._begin = time.monotonic()
        self._cut = 0.0

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._add("m", title)

    def write(self, name: str, text: str) -> None:
        """Write a file, and show it."""
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.run(f"cat {name}")

    def run(self, command: str) -> None:
        """Run a command.

        :raises SystemExit: it fails, or it shows a folder of this machine.
        """
        self._pause(BEFORE)
        self._add("o", f"{PROMPT}{command}\r\n")
        self._pause(READING)
        master, slave = pty.openpty()
        ioctl(slave, TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        told = command.replace(PORT, self._address)
        with subprocess.Popen(
            told, shell=True, cwd=self._folder, env=self._variables, stdin=slave, stdout=slave, stderr=slave
        ) as process:
            os.close(slave)
            for text in _output(master):
                self._add("o", text)
        os.close(master)
        if process.returncode:
            sys.exit(f"{command}: status {process.returncode}\n{''.join(event.text for event in self.events)}")

    def _pause(self, seconds: float) -> None:
        self._cut -= seconds

    def _add(self, code: str, text: str) -> None:
        text = text.replace(COLLECTIONS, USUAL_COLLECTIONS)
        for folder in (self._folder, ROOT):
            if str(folder) in text:
                sys.exit(f"the recording would show {folder}: {text}")
        self.events.append(Event(time.monotonic() - self._begin - self._cut, code, text))


def _output(terminal: int) -> Iterator[str]:
    """What comes from a terminal, by whole lines and what remains."""
    kept = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # so a terminal says on Linux that its program has ended
            read = b""
        if not read:
            break
        whole, newline, kept = (kept + read).rpartition(b"\n")
        if newline:
            yield (whole + newline).decode()
    if kept:
        yield kept.decode()


def steps(guide: Page) -> Iterator[tuple[str, list[Block]]]:
    """The recorded chapters of the guide: their titles and their blocks of code."""
    headings = guide.headings
    for heading, after in zip(headings, [*headings[1:], None], strict=True):
        if heading.anchor in CHAPTERS:
            end = after.line if after else sys.maxsize
            yield heading.text, [block for block in guide.blocks if heading.line < block.line - 1 < end]


def record(address: str, folder: Path) -> list[Event]:
    """Return the events of a run against an emulator."""
    # Warnings about the machine that records say nothing to those who watch.
    quiet = {"ANSIBLE_FORCE_COLOR": "1", "ANSIBLE_DEPRECATION_WARNINGS": "0", "PYTHONUNBUFFERED": "1", "TERM": "xterm"}
    recorder = Recorder(folder, {**environment(), **access(address), **quiet}, address)
    for title, blocks in steps(page(GUIDE)):
        recorder.chapter(title)
        for block in blocks:
            named = FILE.match(block.text)
            if block.language == "yaml" and named:
                recorder.write(named["path"], block.text)
            elif block.language == "console" and not block.comment.startswith("not followed"):
                for command in block.text.splitlines():
                    recorder.run(command)
    return recorder.events


def excerpt(events: list[Event]) -> list[str]:
    """Return the lines of the run that releases a new version: its command, what it changes, and its recap."""
    output = "".join(event.text for event in events if event.code == "o").replace("\r\n", "\n")
    runs = output.split(PROMPT)
    (release,) = (
        run
        for run in runs
        if run.startswith("ansible-playbook") and "--diff" in run.splitlines()[0] and "--check" not in run
    )
    command, *parts = re.split(r"^(?=TASK|PLAY)", release, flags=re.MULTILINE)
    kept = [PROMPT + command.strip()]
    for part in parts:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", part)
        if part.startswith("PLAY RECAP") or re.search(r"^changed: ", plain, re.MULTILINE):
            kept += [line for line in part.rstrip().split("\n") if line]
        elif kept[-1] != "...":
            kept.append("...")
    return kept


def main() -> None:
    """Make the recording and the picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, emulator("--time-scale", TIME_SCALE) as address:
        events = record(address, Path(folder))
    write_cast(CAST, events, page(GUIDE).headings[0].text)
    RUN.write_text(as_svg(excerpt(events), "A run of ansible-playbook that releases a new version"), encoding="utf-8")
    print(f"{len(events)} events, {events[-1].at:.0f} s, {CAST.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
