# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about the format of the emulator's world files: docs/world.md."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from importlib import import_module
from inspect import getdoc
from typing import Any

from jst_emulator.models import TABLES
from jst_emulator.models.settings import Credential, Settings
from tests.tools.generate.files import Files, markdown_head, table
from tests.tools.run_in_collection import ROOT

# A handler may declare the table of its records.
import_module("jst_emulator.handlers")

PAGE = ROOT / "docs" / "world.md"
INTRODUCTION = """
# World files of the emulator

A world file is the account that `jst-emulator --world FILE` starts with. It is YAML: a mapping with a list of records
for each table below, `settings`, `credentials`, and `counters` (the next number of a table). All are optional.
[Rehearse your playbook in CI](guides/rehearsing.md#a-world-of-your-own) shows one, and playbook
[doctor](guides/doctor.md#recording-an-account) records one from an account.

- A table of the file replaces that table of the built-in account, even when it is empty. `settings` are merged into
  the built-in ones, and `credentials` are added to them.
- A record without its id gets the next one. References have to lead to a record of the file or the built-in account.
- Times that end in `_at` are epoch seconds.
- Members without a default are required. The emulator rejects unknown members, and names the place of every error.

"""
WORDS = {str: "text", int: "number", float: "number", bool: "boolean"}


def _type(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(dict.fromkeys(_type(one) for one in arguments if one is not type(None)))
    if origin is list:
        return f"list: {_type(arguments[0])}"
    if origin is dict:
        return f"mapping: {_type(arguments[1])}"
    return WORDS.get(hint) or f"`{hint.__name__}`"


def _default(item: Field[Any]) -> str:
    if item.default is MISSING:
        return (
            "" if item.default_factory is MISSING else "the defaults" if is_dataclass(item.default_factory) else "empty"
        )
    if isinstance(item.default, bool):
        return f"`{str(item.default).lower()}`"
    return {"": "empty", None: "none"}.get(item.default, f"`{item.default}`")


def _rows(cls: Any) -> Iterator[tuple[str, str, str, str]]:
    hints = typing.get_type_hints(cls)
    for item in fields(cls):
        choices, ref = item.metadata.get("choices") or (), item.metadata.get("ref")
        about = [f"`{'`, `'.join(map(str, choices))}`"] if choices else []
        about += [f"a record of `{ref}`"] if ref else []
        about += ["secret"] if item.metadata.get("secret") else []
        yield f"`{item.name}`", _type(hints[item.name]), _default(item), "; ".join(about).replace("``", "empty")


def _parts(cls: Any, seen: set[Any]) -> Iterator[Any]:
    """Yield the dataclasses inside of one, each once."""
    for hint in typing.get_type_hints(cls).values():
        for one in (hint, *typing.get_args(hint)):
            if isinstance(one, type) and is_dataclass(one) and one not in seen and one.__name__ != "Readings":
                seen.add(one)
                yield one
                yield from _parts(one, seen)


def _section(title: str, cls: Any) -> str:
    about = " ".join((getdoc(cls) or "").replace("``", "`").split())
    return f"## {title}\n\n{about}\n\n{table(('member', 'type', 'default', 'values'), _rows(cls))}\n"


def render() -> Files:
    """Return the page."""
    tables = {name: cls for name, cls in TABLES.items() if fields(cls)}
    whole = {**tables, "settings": Settings, "credentials": Credential}
    seen: set[Any] = set()
    parts = [part for cls in whole.values() for part in _parts(cls, seen)]
    sections = [_section(f"`{name}`", cls) for name, cls in whole.items()]
    sections += [_section(f"Members of type `{cls.__name__}`", cls) for cls in parts]
    text = "\n".join(sections).rstrip("\n").replace("\n\n\n", "\n\n")
    return {PAGE: f"{markdown_head('the record types of the emulator')}{INTRODUCTION}{text}\n"}
