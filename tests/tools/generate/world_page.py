# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/world.md and its Chinese page: the format of the emulator's world files.

``world_page.yml`` has the Chinese for the texts of the record types.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Any

from jst_emulator.models import TABLES
from jst_emulator.models.settings import Credential, Settings
from tests.tools.generate.files import Files, file_with_part, table
from tests.tools.generate.translator import Translator
from tests.tools.run_in_collection import ROOT

# A handler may declare the table of its records.
import_module("jst_emulator.handlers")

PAGE = ROOT / "docs" / "world.md"
CHINESE_PAGE = ROOT / "docs" / "zh" / "world.md"
CHINESE = Path(__file__).with_suffix(".yml")
SOURCE = "the record types of the emulator"
Translate = Callable[[str], str]
WORDS = {str: "string", int: "number", float: "number", bool: "boolean"}


def _type(hint: Any, translate: Translate) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        names = dict.fromkeys(_type(one, translate) for one in arguments if one is not type(None))
        return translate("{} or {}").format(*names) if len(names) > 1 else next(iter(names))
    if origin is list:
        return translate("list: {}").format(_type(arguments[0], translate))
    if origin is dict:
        return translate("mapping: {}").format(_type(arguments[1], translate))
    return translate(WORDS[hint]) if hint in WORDS else f"`{hint.__name__}`"


def _default(item: Field[Any], translate: Translate) -> str:
    if item.default is MISSING:
        if item.default_factory is MISSING:
            return ""
        return translate("the defaults" if is_dataclass(item.default_factory) else "empty")
    if isinstance(item.default, bool):
        return f"`{str(item.default).lower()}`"
    words = {"": "empty", None: "none"}
    return translate(words[item.default]) if item.default in words else f"`{item.default}`"


def _values(item: Field[Any], translate: Translate) -> Iterator[str]:
    choices, ref = item.metadata.get("choices") or (), item.metadata.get("ref")
    if choices:
        yield ", ".join(translate("empty") if choice == "" else f"`{choice}`" for choice in choices)
    if ref:
        yield translate("a record of {}").format(f"`{ref}`")
    if item.metadata.get("secret"):
        yield translate("secret")


def _rows(cls: Any, translate: Translate) -> Iterator[tuple[str, str, str, str]]:
    hints = typing.get_type_hints(cls)
    for item in fields(cls):
        values = "; ".join(_values(item, translate))
        yield f"`{item.name}`", _type(hints[item.name], translate), _default(item, translate), values


def _parts(cls: Any, seen: set[Any]) -> Iterator[Any]:
    """Yield the dataclasses inside of one, each once."""
    for hint in typing.get_type_hints(cls).values():
        for one in (hint, *typing.get_args(hint)):
            if isinstance(one, type) and is_dataclass(one) and one not in seen and one.__name__ != "Readings":
                seen.add(one)
                yield one
                yield from _parts(one, seen)


def _section(heading: str, cls: Any, translate: Translate) -> str:
    about = " ".join((getdoc(cls) or "").replace("``", "`").split())
    head = [*map(translate, ("member", "type", "default", "values"))]
    return f"{translate(heading)}\n\n{translate(about)}\n\n{table(head, _rows(cls, translate))}\n"


def _part(translate: Translate) -> str:
    """Return the generated part of a page."""
    tables = {name: cls for name, cls in TABLES.items() if fields(cls)}
    whole = {**tables, "settings": Settings, "credentials": Credential}
    seen: set[Any] = set()
    parts = [part for cls in whole.values() for part in _parts(cls, seen)]
    sections = [_section(f"## `{name}`", cls, translate) for name, cls in whole.items()]
    sections += [_section(f"## Members of type `{cls.__name__}`", cls, translate) for cls in parts]
    return "\n" + "".join(sections)


def render() -> Files:
    """Return the pages."""
    translate = Translator(CHINESE)
    pages = {PAGE: _part(str), CHINESE_PAGE: _part(translate)}
    translate.finish()
    return {page: file_with_part(page, SOURCE, part) for page, part in pages.items()}
