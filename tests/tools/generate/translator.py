# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Chinese for the texts that a generator takes from elsewhere: a YAML file of pairs, ``en`` and ``zh``."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

CODE = re.compile(r"`[^`]*`")
WORD = re.compile(r"[A-Za-z]")


class Translator:
    """Translates texts of a generated page.

    A text that has no words but those that stand as code stays as it is.

    :param files: the files of pairs. Only of the first one does every text have to be used.
    :raises ValueError: when two entries have the same English text, or an entry has other words as code than its text.
    """

    def __init__(self, *files: Path) -> None:
        self._names = ", ".join(file.name for file in files)
        self._texts: dict[str, str] = {}
        self._own: set[str] = set()
        for file in files:
            for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
                if entry["en"] in self._texts:
                    raise ValueError(f"{file.name} has a second text for {entry['en']!r}")
                if {*CODE.findall(entry["en"])} != {*CODE.findall(entry["zh"])}:
                    raise ValueError(f"{file.name} has other words as code for {entry['en']!r}")
                self._texts[entry["en"]] = entry["zh"]
            self._own = self._own or {*self._texts}
        self._used: set[str] = set()

    def __call__(self, text: str) -> str:
        """Return the Chinese text.

        :raises ValueError: when there is none.
        """
        if text in self._texts:
            self._used.add(text)
            return self._texts[text]
        if WORD.search(CODE.sub("", text)):
            raise ValueError(f"{self._names}: no text for {text!r}")
        return text

    def finish(self) -> None:
        """Check that every text of the first file has been used.

        :raises ValueError: when one is for nothing.
        """
        unused = sorted(self._own - self._used)
        if unused:
            raise ValueError(f"{self._names}: texts that no page has: {unused}")
