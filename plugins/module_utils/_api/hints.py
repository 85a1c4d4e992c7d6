# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Hints: what the user can do about an error, in English and Chinese.

Messages of errors stay English, so that they can be searched for.
"""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import Any, Iterable, Mapping

from .env_vars import ENV_VARS, lookup

LANGUAGE_VARIABLE = ENV_VARS["language"][0]
"""The variable of the collection itself. It takes precedence over those of the locale."""

CHINESE = "zh_CN"


class Hint:
    """A hint in both languages. ``str`` returns it in the language of the user.

    :param en: the English text. ``{name}`` in it stands for a value.
    :param zh: the Chinese text, with the same names.
    :param values: name -> value. A value that is a hint has the language of the text around it.
    """

    __slots__ = ("en", "zh")

    def __init__(self, en: str, zh: str, **values: Any) -> None:
        self.en = _fill(en, {name: getattr(value, "en", value) for name, value in values.items()})
        self.zh = _fill(zh, {name: getattr(value, "zh", value) for name, value in values.items()})

    def __str__(self) -> str:
        return self.zh if is_chinese(os.environ) else self.en

    def __repr__(self) -> str:
        return f"Hint({self.en!r})"


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return text.format(**values) if values else text


def is_chinese(environ: Mapping[str, str]) -> bool:
    """Return whether the environment asks for Chinese. The first variable that is set and not empty counts."""
    found = lookup(environ, "language")
    return found is not None and found.value.lower().startswith("zh")


def did_you_mean(word: str, words: Iterable[str]) -> Hint:
    """Return a hint with the names that a misspelt name resembles, ignoring case. Without any, it has all names."""
    known = {entry.lower(): entry for entry in words}
    near = get_close_matches(word.lower(), known, n=5, cutoff=0.5)
    if near:
        names = ", ".join(known[match] for match in near)
        return Hint("Did you mean {names}?", "是不是想写 {names}？", names=names)
    if not known:
        return Hint("There are none.", "没有可用的名称。")
    return Hint("Use one of {names}.", "请使用以下名称之一：{names}。", names=", ".join(sorted(known.values())))
