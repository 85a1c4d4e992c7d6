# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Markdown file holds: its headings, links and code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.tools.run_in_collection import ROOT

MARKDOWN = MarkdownIt("commonmark").enable("table")
# Settings of a page on the site: lines between two rules, which would be a heading otherwise.
FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Block(NamedTuple):
    """A fenced block of code.

    line: where its content begins in the file, counted from one.
    comment: the HTML comment right before it, without its marks.
    """

    language: str
    text: str
    line: int
    comment: str = ""


class Heading(NamedTuple):
    """A heading, with the anchor that a code host gives it.

    line: where it stands in the file, counted from zero.
    """

    level: int
    text: str
    anchor: str
    line: int


class Page:
    """A Markdown file of the project."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.text = path.read_text(encoding="utf-8")
        self._tokens = MARKDOWN.parse(FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), self.text))

    def __repr__(self) -> str:
        return self.name

    @property
    def blocks(self) -> list[Block]:
        """The fenced blocks of code."""
        found = []
        for before, token in zip([Token("", "", 0), *self._tokens], self._tokens, strict=False):
            if token.type == "fence":
                comment = re.fullmatch(r"<!--(.*?)-->\s*", before.content, re.DOTALL)
                words = comment[1].strip() if comment and before.type == "html_block" else ""
                found.append(Block(token.info.strip(), token.content, (token.map or [0])[0] + 2, words))
        return found

    @property
    def headings(self) -> list[Heading]:
        """The headings in their order."""
        found: list[Heading] = []
        for opening, inline in zip(self._tokens, self._tokens[1:], strict=False):
            if opening.type == "heading_open":
                text = "".join(child.content for child in inline.children or ())
                anchor = anchor_of(text)
                again = sum(1 for other in found if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", other.anchor))
                unique = f"{anchor}-{again}" if again else anchor
                found.append(Heading(int(opening.tag[1:]), text, unique, (opening.map or [0])[0]))
        return found

    @property
    def tables(self) -> list[tuple[int, int]]:
        """The rows and the columns of each table."""
        found: list[tuple[int, int]] = []
        for token in self._tokens:
            if token.type == "table_open":
                found.append((0, 0))
            elif token.type == "tr_open":
                found[-1] = (found[-1][0] + 1, found[-1][1])
            elif token.type == "th_open":
                found[-1] = (found[-1][0], found[-1][1] + 1)
        return found

    @property
    def links(self) -> list[str]:
        """The targets of all links and pictures."""
        return [
            str(child.attrs.get("href") or child.attrs.get("src"))
            for token in self._tokens
            for child in self._inside(token)
            if child.type in ("link_open", "image")
        ]

    @property
    def local_links(self) -> list[tuple[Path, str]]:
        """The links to files of the project: the file, and the anchor in it, empty where there is none."""
        found = []
        for link in self.links:
            if not ELSEWHERE.match(link):
                name, _hash, anchor = unquote(link).partition("#")
                found.append(((self.path.parent / name).resolve() if name else self.path, anchor))
        return found

    def _inside(self, token: Token) -> Iterator[Token]:
        for child in token.children or ():
            yield child
            yield from self._inside(child)


def anchor_of(heading: str) -> str:
    """The anchor of a heading as code hosts and the site make it: words in lower case, joined by hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def page(path: Path) -> Page:
    """The page in a file."""
    return Page(path)
