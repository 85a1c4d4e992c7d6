# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site into build/docs/html, and the Chinese one into its folder ``zh``.

The texts are the Markdown files of the project, at the same places, so that their links to each other lead the same way
on the site and on a code host. antsibull-docs writes the pages of modules, roles and plugins. A link to any other file
of the project leads to a page that shows it. An image on a line of its own, ``![What it shows](pictures/NAME.png)``,
becomes a figure with these words as its caption, and for readers in the dark mode ``NAME-dark.png`` where it exists.
A link to a recording on a line of its own becomes the recording. ``make pictures`` makes both.

Both sites have the same pages, so that a reader can switch on each. A translation has the place of its English page.
Without a translation, the Chinese site shows the English page and says so.
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
from typing import NamedTuple
from urllib.parse import unquote

from tests.tools.markdown_text import ELSEWHERE, page
from tests.tools.run_in_collection import BUILD, HOME, NAME, NAMESPACE, ROOT, environment
from tests.tools.site_recording import as_part
from tests.tools.stage import stage
from tests.tools.translations import anchors, is_translation, original_of, translation_of, without_switch

DOCS = BUILD / "docs"
COLLECTIONS = DOCS / "collections"
REFERENCE_SOURCE = DOCS / "reference"
SOURCES = DOCS / "source"
DOCTREES = DOCS / "doctrees"
# What a build makes anew. It stays after a failure, to find the fault.
NEEDED_ONCE = (COLLECTIONS, REFERENCE_SOURCE, SOURCES, DOCTREES)
HTML = DOCS / "html"
SITE = ROOT / "docs" / "site"
LOCALES = SITE / "locales"
FRONT = Path("docs", "site", "index.md")

PAGES = ("*.md", "docs/**/*.md", "roles/*/README.md", "playbooks/README.md", "extensions/**/*.md")
REFERENCE = f"collections/{NAMESPACE}/{NAME}"
PICTURE = re.compile(r"^!\[(?P<words>[^\]]+)\]\((?P<target>[^()\s]+)\)$", re.MULTILINE)
RECORDING = re.compile(r"^\[(?P<words>[^\]]+)\]\((?P<target>[^()\s]+\.cast)\)$", re.MULTILINE)
# Fences and code are left alone; what remains of a match is a link, with its text cut off.
LINK = re.compile(r"^(`{3,}|~{3,}).*?^\1$|`[^`\n]+`|\]\((?P<target>[^()\s]+)\)", re.MULTILINE | re.DOTALL)
FILE_LANGUAGES = {
    ".yml": "yaml",
    ".yaml": "yaml",
    ".j2": "jinja",
    ".py": "python",
    ".cfg": "ini",
    ".ini": "ini",
    ".sh": "bash",
}


class Language(NamedTuple):
    """A language of the site, as Sphinx names it, and the folder of its pages."""

    name: str
    folder: str

    @property
    def source(self) -> Path:
        """Where its texts are put together."""
        return SOURCES / self.name

    @property
    def html(self) -> Path:
        """Where its pages are."""
        return HTML / self.folder


ENGLISH, CHINESE = Language("en", ""), Language("zh_CN", "zh")
UNTRANSLATED = "\n:::{note}\n本页暂无中文版，以下为英文原文。\n:::\n"


def pages(tree: Path) -> list[Path]:
    """The English pages below ``tree`` that the site shows, relative to it."""
    found = {file.relative_to(tree) for pattern in PAGES for file in tree.glob(pattern)}
    return sorted(file for file in found if not is_translation(file) and not file.is_relative_to(FRONT.parent))


class Site:
    """What Sphinx builds the site of a language from, put together out of ``tree``, a copy of the project."""

    def __init__(self, tree: Path, language: Language) -> None:
        self.tree = tree
        self.language = language
        self.pages = pages(tree)
        self.shown: set[Path] = set()

    def put_together(self) -> None:
        """Write all pages but those of antsibull-docs."""
        for name in self.pages:
            self._write(name, self._text(name))
        self._write(Path(FRONT.name), self._text(FRONT))
        for file in sorted(self.shown):
            self._write(Path("files") / f"{file}.md", self._view(file))

    def _write(self, name: Path, text: str) -> None:
        target = self.language.source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def _text(self, name: Path) -> str:
        """The text of a page in the language of the site, or else in English."""
        file = translation_of(name) if self._is_translated(name) else name
        text = without_switch(file, (self.tree / file).read_text(encoding="utf-8"))
        if self.language is CHINESE and file == name:
            text = re.sub(r"^# .*\n", lambda title: title[0] + UNTRANSLATED, text, count=1, flags=re.MULTILINE)
        return self._adapted(file, text)

    def _is_translated(self, name: Path) -> bool:
        return self.language is CHINESE and (self.tree / translation_of(name)).exists()

    def _adapted(self, file: Path, text: str) -> str:
        def link(match: re.Match[str]) -> str:
            target = match["target"]
            return f"]({self._target(file, target)})" if target and not ELSEWHERE.match(target) else match[0]

        def picture(match: re.Match[str]) -> str:
            return self._figures(file, match["words"], match["target"])

        def recording(match: re.Match[str]) -> str:
            return self._recording(file, match["words"], match["target"])

        return LINK.sub(link, RECORDING.sub(recording, PICTURE.sub(picture, text)))

    def _figures(self, source: Path, words: str, target: str) -> str:
        """Return the figure of a picture, or two of them where it has another look for the dark mode."""
        name = Path(os.path.normpath(source.parent / target))
        dark = name.with_stem(f"{name.stem}-dark")
        looks = {name: "only-light", dark: "only-dark"} if (self.tree / dark).exists() else {name: ""}
        for one in looks:
            if not (self.tree / one).exists():
                raise SystemExit(f"{source}: there is no picture {target}")
            copy = self.language.source / one
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.tree / one, copy)
        return "\n\n".join(figure(one.as_posix(), words, look) for one, look in looks.items())

    def _recording(self, source: Path, words: str, target: str) -> str:
        """Return a recording of what a page shows: its chapters are headings of the page."""
        english = page(self.tree / (original_of(source) if is_translation(source) else source))
        own = page(self.tree / source)
        titles = {theirs.text: ours.text for theirs, ours in zip(english.headings, own.headings, strict=True)}
        cast = self.tree / os.path.normpath(source.parent / target)
        return as_part(cast, words, titles, self.language.name)

    def _target(self, source: Path, target: str) -> str:
        """Where a link to a file of the project leads on the site."""
        name, hash_, anchor = target.partition("#")
        if not name:
            return target
        file = Path(os.path.normpath(source.parent / name))
        if is_translation(file):
            file = original_of(file)
        elif self._is_translated(file):
            anchor = anchors(page(self.tree / file), page(self.tree / translation_of(file))).get(anchor, anchor)
        if file in self.pages:
            return f"/{file}{hash_}{anchor}"
        documented = self._documented(file)
        if documented:
            return f"/{REFERENCE}/{documented}.rst"
        if not (self.tree / file).exists():
            raise SystemExit(f"{source}: {target} leads nowhere")
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
        return f"{head}``````{FILE_LANGUAGES.get(file.suffix, 'text')}\n{text}``````\n"


def figure(name: str, words: str, look: str) -> str:
    """A picture with its words."""
    return f":::{{figure}} /{name}\n:alt: {words}\n:figclass: picture {look}\n\n{words}\n:::"


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


def untranslated() -> Iterator[str]:
    """The words of the theme that stand in the Chinese site in English although ``docs/site/locales`` has them."""
    catalog = (LOCALES / CHINESE.name / "LC_MESSAGES" / "sphinx.po").read_text(encoding="utf-8")
    words = "|".join(re.escape(word.partition("%")[0].strip()) for word in re.findall('^msgid "(.+)"$', catalog, re.M))
    shown = re.compile(rf">\s*({words})\s*[<\d]")
    for file in sorted(CHINESE.html.rglob("*.html")):
        for word in sorted(set(shown.findall(file.read_text(encoding="utf-8")))):
            yield f"{file.relative_to(HTML)}: {word} is not in Chinese"


def main() -> None:
    """Exits with a message when a page has a fault; warnings are faults, and links that lead nowhere."""
    for made in (*NEEDED_ONCE, HTML):
        shutil.rmtree(made, ignore_errors=True)
    tree = stage(COLLECTIONS)
    variables = {
        **environment(COLLECTIONS),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }

    def run(*command: str) -> None:
        subprocess.run(command, env=variables, check=True)

    REFERENCE_SOURCE.mkdir(mode=0o755)
    HOME.mkdir(parents=True, exist_ok=True)  # antsibull-docs writes its log there
    run("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", str(tree))
    # What a site needs that is built without the Markdown files.
    for name in ("config.yml", "extra-docs.yml", "rst/guides.rst"):
        (tree / "docs" / "docsite" / name).unlink()
    written = (
        "--use-current",
        "--fail-on-error",
        "--no-add-antsibull-docs-version",
        "--dest-dir",
        str(REFERENCE_SOURCE),
    )
    run("antsibull-docs", "collection", *written, f"{NAMESPACE}.{NAME}")
    for language in (ENGLISH, CHINESE):
        shutil.copytree(REFERENCE_SOURCE, language.source)
        # Sphinx compiles them where it finds them.
        shutil.copytree(LOCALES, language.source / LOCALES.name)
        Site(tree, language).put_together()
    builds = []
    for language in (ENGLISH, CHINESE):
        options = ("-W", "--keep-going", "--quiet", "-d", str(DOCTREES / language.name))
        settings = ("-c", str(SITE), "-D", f"language={language.name}")
        build = ("sphinx-build", "-b", "html", *settings, *options, str(language.source), str(language.html))
        builds.append(subprocess.Popen(build, env=variables))
    # Each keeps one core busy.
    if any([build.wait() for build in builds]):
        sys.exit("Sphinx found faults, see above")
    faults = [*dangling(), *untranslated()]
    if faults:
        sys.exit("\n".join(faults))
    for made in NEEDED_ONCE:
        shutil.rmtree(made)
    print(f"The site is in {(HTML / 'index.html').relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
