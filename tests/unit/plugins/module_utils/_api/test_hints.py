# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every hint has both languages with the same values, and the environment decides which one a user reads."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import ENV_VARS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError, join_sentences
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint, did_you_mean
from tests.tools.run_in_collection import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ERROR = re.compile(r"\w+Error")


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """All calls in the code of the collection."""
    for folder in ("plugins", "extensions"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield path.relative_to(ROOT), node


def name_of(call: ast.Call) -> str:
    """Return the name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


HINTS = [
    pytest.param(call, id=f"{path}:{call.lineno}")
    for path, call in calls()
    if name_of(call) == "Hint" and all(isinstance(text, ast.Constant) for text in call.args)
]


def placeholders(text: str) -> set[str]:
    """Return the names of the values in a text."""
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("call", HINTS)
def test_both_languages(call: ast.Call) -> None:
    """Both texts are there, one of them is Chinese, and both have the values that are given."""
    english, chinese = (str(text.value) for text in call.args if isinstance(text, ast.Constant))
    given = {str(keyword.arg) for keyword in call.keywords}
    assert not CHINESE.search(english)
    assert CHINESE.search(chinese)
    assert placeholders(english) == placeholders(chinese) == given


def test_no_hint_without_translation() -> None:
    """The texts of hints are literals, which the test above sees, and no error has plain text in place of a hint."""
    assert len(HINTS) > 60
    computed = [
        f"{path}:{call.lineno}"
        for path, call in calls()
        if name_of(call) == "Hint" and not all(isinstance(text, ast.Constant) for text in call.args)
    ]
    # The reason for a rejection and its advice, joined.
    assert [place.partition(":")[0] for place in computed] == ["plugins/module_utils/_core/plan_checks.py"]
    plain = [
        f"{path}:{call.lineno}"
        for path, call in calls()
        for keyword in call.keywords
        if ERROR.fullmatch(name_of(call)) and keyword.arg == "hint"
        if isinstance(getattr(keyword.value, "value", None), str) or isinstance(keyword.value, ast.JoinedStr)
    ]
    assert plain == []


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({}, False),
        ({"JST_LANG": "zh_CN"}, True),
        ({"JST_LANG": "zh"}, True),
        ({"JST_LANG": "ZH-cn"}, True),
        ({"JST_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"JST_LANG": "", "LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "C.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"LANG": "zh_TW.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LC_CTYPE": "zh_CN.UTF-8"}, False),
    ],
)
def test_language(environ: dict[str, str], chinese: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable of the collection comes first, then the locale as programs read it."""
    hint = Hint("Give {name}.", "请设置 {name}。", name=Hint("another name", "其他名称"))
    for name in ENV_VARS["language"]:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    error = ConfigError("no name", hint)
    wanted = "请设置 其他名称。" if chinese else "Give another name."
    assert error.as_dict() == {**ConfigError("no name").as_dict(), "hint": wanted}
    assert join_sentences(error.message, error.hint) == f"no name. {wanted}"


def test_values_are_no_templates() -> None:
    """A value with braces, such as a name that a user gives, stays as it is."""
    hint = did_you_mean("{shops", ["{shop}", "{0}"])
    assert (hint.en, hint.zh) == ("Did you mean {shop}?", "是不是想写 {shop}？")
