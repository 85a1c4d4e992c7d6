# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page followed word for word: its files are written, and its commands run against an emulator.

A block whose first line is a comment with a path is that file. Each line of a ``console`` block is a command. A
``text`` block shows what the last command before it prints: its lines are looked for in the output, and ``...``
stands for anything. A block behind a comment such as ``<!-- not followed: test_release.py does it -->`` is left out.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from tests.conformance.playbook_runner import run_playbook
from tests.tools.markdown_text import Block, Page

FILE = re.compile(r"# (?P<path>[\w./-]+\.\w+)\n")
LANGUAGES = ("ini", "jinja", "yaml")
TROUBLE = re.compile(r"\[ERROR\]|^fatal:|failed=[1-9]", re.MULTILINE)
# What makes the machine ready is done before these tests begin.
READY = ("ansible-galaxy", "cd", "git", "make", "mkdir", "python3", "source", "unset")
PLAIN = ("cat", "cp", "sed")
# What guides let wait for longer than a test should.
HURRY = ("-e", '{"release_soak": 1, "release_verify_interval": 1, "release_wait_interval": 0.2}')


@dataclass
class Follower:
    """Somebody who does what a page says, in the current folder.

    :ivar printed: by the last command.
    """

    address: str
    scratch: Path
    variables: dict[str, str] = field(default_factory=dict)
    printed: str = ""

    def follow(self, page: Page) -> None:
        """Do all of it.

        :raises AssertionError: when something comes otherwise than the page says.
        """
        blocks = page.blocks
        for block, after in zip(blocks, [*blocks[1:], Block("", "", 0)], strict=True):
            where = f"{page}:{block.line}"
            if block.comment.startswith("not followed: "):
                continue
            if block.language in LANGUAGES:
                self.write(block.text)
            elif block.language == "console":
                shown = after.text if after.language == "text" else ""
                for command in commands(block.text):
                    self.do(command, where, bool(TROUBLE.search(shown)))
            elif block.language == "text":
                missing = [line for line in block.text.splitlines() if not self.was_printed(line)]
                assert not missing, f"{where}: not printed: {missing}\n{self.printed}"

    def was_printed(self, line: str) -> bool:
        """Whether the last command printed a line like this one."""
        pattern = re.escape(line.strip()).replace(re.escape("..."), ".*")
        return re.search(rf"^\s*{pattern}\s*$", self.printed, re.MULTILINE) is not None

    @staticmethod
    def write(text: str) -> None:
        """Write the file that a block is, if it is one."""
        named = FILE.match(text)
        if named:
            file = Path(named["path"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def do(self, command: str, where: str, fails: bool) -> None:
        """Do what a line of a console says."""
        name, *arguments = shlex.split(command)
        if name == "export":
            variable, _equals, value = arguments[0].partition("=")
            if not variable.startswith("ALIBABA_CLOUD_"):  # leads to an emulator in any case
                self.variables[variable] = value
        elif name in ("ansible", "ansible-playbook"):
            if name == "ansible":
                arguments = [self.ad_hoc(arguments)]
            arguments = [*arguments, *HURRY]
            records, self.printed = run_playbook(self.address, self.scratch, arguments, environment=self.variables)
            failed = [record.task for record in records if record.result["failed"]]
            assert bool(failed) is fails, f"{where}: {command}\n{self.printed}"
        elif name == "curl":
            self.printed = ask(self.address, arguments)
        elif name in PLAIN:
            done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{where}: {command}\n{done.stderr}"
            self.printed = done.stdout
        else:
            assert name in READY, f"{where}: {command}"

    def ad_hoc(self, arguments: list[str]) -> str:
        """A playbook that does what a call of ``ansible`` does."""
        options = dict(zip(arguments[1::2], arguments[2::2], strict=True))
        task = {"action": f"{options['-m']} {options.get('-a', '')}"}
        playbook = self.scratch / "ad-hoc.yml"
        playbook.write_text(json.dumps([{"hosts": arguments[0], "gather_facts": False, "tasks": [task]}]))
        return str(playbook)


def commands(text: str) -> Iterator[str]:
    """The commands of a console."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def ask(address: str, arguments: list[str]) -> str:
    """What curl with these arguments would get from the control side of an emulator."""
    options = iter(arguments)
    method, data, path = None, None, ""
    for word in options:
        if word == "-X":
            method = next(options)
        elif word == "-d":
            data = next(options).encode()
        elif not word.startswith("-"):
            path = urlsplit(word).path
    with urlopen(Request(address + path, data=data, method=method)) as answer:
        return json.dumps(json.load(answer), indent=2, ensure_ascii=False)
