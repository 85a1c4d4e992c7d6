# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/comparison.md and its Chinese page: which options are compared with the live state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import (
    BY_OPTION,
    CALL_MODE,
    ON_CREATE,
    PER_CALL,
    Field,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from tests.tools.declarations import managed
from tests.tools.generate.files import Files, code, file_with_part, table, with_part
from tests.tools.run_in_collection import ROOT

# What the two generated parts of a page are generated from.
SECTIONS = ("the values that the service does not show", "the values that the service shows")


class Texts(NamedTuple):
    """The texts of the tables in a language."""

    not_shown_head: tuple[str, str, str]
    shown_head: tuple[str, str, str]
    #: By the name that a declaration has for what becomes of a value.
    becomes: Mapping[str, str]
    #: Completes the text for a value that some responses show.
    warns: str
    compared_where_shown: str
    otherwise: str


PAGES = {
    ROOT / "docs" / "comparison.md": Texts(
        not_shown_head=("module", "option", "what happens"),
        shown_head=("module", "a difference is sent", "a difference fails the task"),
        becomes={
            ON_CREATE: "Creation sends the value. Later runs warn that it was not compared.",
            PER_CALL: "Every release sends the value. A run without a release warns.",
            CALL_MODE: "This option controls the release or scaling, and is not part of the compared state.",
            BY_OPTION: "Option `{option}` decides: `always` sends the value in every run, which counts as a change. "
            "With `on_create`, later runs do not send it{warns}. Default: `{default}`.",
        },
        warns=", and warn",
        compared_where_shown="{text} Compared when a response shows the value.",
        otherwise="Compared when a response shows the value. Otherwise: {text}",
    ),
    ROOT / "docs" / "zh" / "comparison.md": Texts(
        not_shown_head=("模块", "选项", "如何处理"),
        shown_head=("模块", "有差异时发送", "有差异时报错"),
        becomes={
            ON_CREATE: "创建时发送。之后再运行时，会警告该值未作比较。",
            PER_CALL: "每次发布都发送。本次运行没有发布时，会给出警告。",
            CALL_MODE: "该选项决定如何执行发布或扩缩容，不属于要比较的状态。",
            BY_OPTION: "由选项 `{option}` 决定：`always` 在每次运行时都发送，并算作变更；"
            "`on_create` 在创建之后不再发送{warns}。默认值：`{default}`。",
        },
        warns="，但会给出警告",
        compared_where_shown="{text}如果响应中有该值，则进行比较。",
        otherwise="如果响应中有该值，则进行比较；否则：{text}",
    ),
}


def options_of(resource: type[Resource]) -> list[Field]:
    """Return the fields that options set, without those that only say which resource is meant."""
    return [
        item
        for item in resource.fields
        if item.option_name
        and item.name != resource.id_field
        and item.name not in (*resource.key, *resource.fallback_key)
    ]


def what_becomes(item: Field, texts: Texts) -> str:
    """Return what a module does with a value that is not shown."""
    text = texts.becomes[item.write_only].format(
        option=item.update_option, default=item.update_default, warns=texts.warns if item.path else ""
    )
    if not item.path or item.write_only not in (ON_CREATE, BY_OPTION):
        return text
    return (texts.otherwise if item.write_only == BY_OPTION else texts.compared_where_shown).format(text=text)


def tables(texts: Texts) -> tuple[str, str]:
    """Return the table of the values that are not shown, and that of the values that are."""
    write_only = []
    compared = []
    for module, resource in managed().items():
        items = options_of(resource)
        write_only += [
            (f"`{module}`", f"`{item.option_name}`", what_becomes(item, texts)) for item in items if item.write_only
        ]
        shown = [item for item in items if item.path]
        fixed = [item.option_name for item in shown if item.immutable]
        changing = [item.option_name for item in shown if not item.immutable]
        if shown:
            compared.append((f"`{module}`", code(changing), code(fixed)))
    return table(texts.not_shown_head, write_only), table(texts.shown_head, compared)


def render() -> Files:
    """Return the pages."""
    pages = {}
    for page, texts in PAGES.items():
        not_shown, shown = (f"\n{part}\n" for part in tables(texts))
        pages[page] = with_part(file_with_part(page, SECTIONS[0], not_shown), SECTIONS[1], shown)
    return pages
