# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site into build/docs/html.

The texts are the Markdown files of the project, at the same places, so that their links to each other lead the same way
on the site and on a code host. antsibull-docs writes the pages of modules, roles and plugins. A link to any other file
of the project leads to a page that shows it. ``<!-- picture: NAME: What it shows -->`` becomes a picture of
build/pictures.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from tests.tools.markdown_text import ELSEWHERE
from tests.tools.run_in_collection import BUILD, NAME, NAMESPACE, ROOT, environment
from tests.tools.stage import stage

DOCS = BUILD / "docs"
SOURCE = DOCS / "source"
HTML = DOCS / "html"
PICTURES = BUILD / "pictures"
SITE = ROOT / "docs" / "site"
FRONT = Path("docs", "site", "index.md")

PAGES = ("*.md", "docs/**/*.md", "roles/*/README.md", "playbooks/README.md", "extensions/**/*.md")
REFERENCE = f"collections/{NAMESPACE}/{NAME}"
PICTURE = re.compile(r"^<!-- picture: (?P<name>[\w-]+): (?P<words>.+?) -->$", re.MULTILINE)
# Fences and code are left alone; what remains of a match is a link, with its text cut off.
LINK = re.compile(r"^(`{3,}|~{3,}).*?^\1$|`[^`\n]+`|\]\((?P<target>[^()\s]+)\)", re.MULTILINE | re.DOTALL)
LANGUAGES = {
    ".yml": "yaml",
    ".yaml": "yaml",
    ".j2": "jinja",
    ".py": "python",
    ".cfg": "ini",
    ".ini": "ini",
    ".sh": "bash",
}


def pages(tree: Path) -> list[Path]:
    """The Markdown files below ``tree`` that the site shows, relative to it."""
    found = {file.relative_to(tree) for pattern in PAGES for file in tree.glob(pattern)}
    return sorted(file for file in found if file.parts[:2] != ("docs", "site"))


class Site:
    """What Sphinx builds the site from, put together out of ``tree``, a copy of the project."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.pages = pages(tree)
        self.shown: set[Path] = set()

    def put_together(self) -> None:
        """Write all pages but those of antsibull-docs."""
        for page in self.pages:
            self._write(page, self._adapted(page, (self.tree / page).read_text(encoding="utf-8")))
        index = self._adapted(FRONT, (self.tree / FRONT).read_text(encoding="utf-8"))
        self._write(Path(FRONT.name), index)
        for file in sorted(self.shown):
            self._write(Path("files") / f"{file}.md", self._view(file))

    def _write(self, page: Path, text: str) -> None:
        target = SOURCE / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def _adapted(self, page: Path, text: str) -> str:
        def link(match: re.Match[str]) -> str:
            target = match["target"]
            return f"]({self._target(page, target)})" if target and not ELSEWHERE.match(target) else match[0]

        return PICTURE.sub(picture, LINK.sub(link, text))

    def _target(self, page: Path, target: str) -> str:
        """Where a link to a file of the project leads on the site."""
        name, hash_, anchor = target.partition("#")
        if not name:
            return target
        file = Path(os.path.normpath(page.parent / name))
        if file in self.pages:
            return f"/{file}{hash_}{anchor}"
        documented = self._documented(file)
        if documented:
            return f"/{REFERENCE}/{documented}.rst"
        if not (self.tree / file).exists():
            raise SystemExit(f"{page}: {target} leads nowhere")
        self.shown.update(inside for inside in [file, *self._inside(file)] if inside not in self.pages)
        return f"/files/{file}.md{hash_}{anchor}"

    @staticmethod
    def _documented(file: Path) -> str | None:
        """The page of antsibull-docs for a module, a plugin or a role."""
        if file.match("plugins/modules/*.py"):
            return f"{file.stem}_module"
        if file.match("plugins/*/*.py") and file.parent.name in ("inventory", "filter", "lookup"):
            return f"{file.stem}_{file.parent.name}"
        if file.match("roles/*/meta/argument_specs.yml"):
            return f"{file.parts[1]}_role"
        return None

    def _inside(self, folder: Path) -> Iterator[Path]:
        """The files below a folder."""
        for file in sorted((self.tree / folder).rglob("*")):
            if file.is_file():
                yield file.relative_to(self.tree)

    def _view(self, file: Path) -> str:
        """A page that shows a file, or lists a folder."""
        head = f"---\norphan: true\n---\n\n# {file}\n\n"
        if (self.tree / file).is_dir():
            return head + "\n".join(
                f"- [{inside.relative_to(file)}](/files/{inside}.md)" for inside in self._inside(file)
            )
        text = (self.tree / file).read_text(encoding="utf-8")
        return f"{head}``````{LANGUAGES.get(file.suffix, 'text')}\n{text}``````\n"


def picture(match: re.Match[str]) -> str:
    """A picture of build/pictures, another one for the dark look where there is one; nothing where there is none."""
    name, words = match["name"], match["words"]
    light = next((file for file in (f"{name}-light", name) if (PICTURES / f"{file}.png").exists()), None)
    if light is None:
        return ""
    if not (PICTURES / f"{name}-dark.png").exists():
        return figure(light, words, "")
    return "\n\n".join([figure(light, words, "only-light"), figure(f"{name}-dark", words, "only-dark")])


def figure(name: str, words: str, look: str) -> str:
    """A picture with its words."""
    return f":::{{figure}} /pictures/{name}.png\n:alt: {words}\n:figclass: picture {look}\n\n{words}\n:::"


class Html(HTMLParser):
    """A page of the site: the links in it, and the anchors that links may lead to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        for name, value in attrs:
            if name in ("href", "src") and value and not ELSEWHERE.match(value):
                self.links.add(value)
            elif name == "id" and value:
                self.anchors.add(value)


def dangling() -> Iterator[str]:
    """The links in the site that lead nowhere in it."""
    read = {file: Html(file) for file in HTML.rglob("*.html")}
    for file, html in sorted(read.items()):
        for link in sorted(html.links):
            name, _hash, anchor = link.partition("#")
            target = (file.parent / unquote(name.partition("?")[0])).resolve() if name else file
            if not target.exists() or (anchor and target in read and unquote(anchor) not in read[target].anchors):
                yield f"{file.relative_to(HTML)}: {link} leads nowhere"


def main() -> None:
    """Exits with a message when a page has a fault; warnings are faults, and links that lead nowhere."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.rmtree(HTML, ignore_errors=True)
    collections = DOCS / "collections"
    tree = stage(collections)
    variables = {
        **environment(collections),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }

    def run(*command: str) -> None:
        subprocess.run(command, env=variables, check=True)

    SOURCE.mkdir(mode=0o755)
    run("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", str(tree))
    # What a site needs that is built without the Markdown files.
    for name in ("config.yml", "extra-docs.yml", "rst/guides.rst"):
        (tree / "docs" / "docsite" / name).unlink()
    written = ("--use-current", "--fail-on-error", "--no-add-antsibull-docs-version", "--dest-dir", str(SOURCE))
    run("antsibull-docs", "collection", *written, f"{NAMESPACE}.{NAME}")
    Site(tree).put_together()
    if PICTURES.exists():
        shutil.copytree(PICTURES, SOURCE / "pictures")
    options = ("-W", "--keep-going", "--quiet", "-d", str(DOCS / "doctrees"))
    run("sphinx-build", "-b", "html", "-c", str(SITE), *options, str(SOURCE), str(HTML))
    faults = list(dangling())
    if faults:
        sys.exit("\n".join(faults))
    print(f"The site is in {(HTML / 'index.html').relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
