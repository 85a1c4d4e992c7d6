# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/events.md and its Chinese page: the permissions, options and events of the event source.

``events_page.yml`` has the Chinese for the texts of the documentation and the schemas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.tools.generate.files import Files, code, file_with_part, table, with_part
from tests.tools.generate.translator import Translator
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "events.md"
CHINESE_PAGE = ROOT / "docs" / "zh" / "events.md"
CHINESE = Path(__file__).with_suffix(".yml")
EDA = ROOT / "extensions" / "eda"
DOCUMENTATION = EDA / "plugins" / "event_source" / "jst.yaml"
KINDS = ("deploy_order", "instance", "job", "event")
# What the generated parts of a page are generated from.
PERMISSIONS, OPTIONS, BODIES = (
    "the operations of the event source",
    "the documentation of the event source",
    "the schemas of its events",
)

# Watch -> the operations that it calls, and those for option logs.
OPERATIONS = {
    "deploy_orders": (
        ("ListDeployOrders", "DescribeDeployOrderDetail"),
        ("ListPods", "DescribePodLog", "DescribePodEvents"),
    ),
    "instances": (("ListAppInstance",), ("DescribePodContainerLogList",)),
    "jobs": (("ListJobHistories", "ListDeployConfig"), ("DescribeJobLog",)),
    "events": (("ListAppInstance", "DescribeEventMonitorList"), ()),
}


Translate = Callable[[str], str]


def render() -> Files:
    """Return the pages."""
    translate = Translator(CHINESE)
    pages = {PAGE: _parts(str), CHINESE_PAGE: _parts(translate)}
    translate.finish()
    return {
        page: with_part(with_part(file_with_part(page, PERMISSIONS, permissions), OPTIONS, options), BODIES, bodies)
        for page, (permissions, options, bodies) in pages.items()
    }


def _parts(translate: Translate) -> tuple[str, str, str]:
    """Return the generated parts of a page, in their order."""
    documented = yaml.safe_load(DOCUMENTATION.read_text(encoding="utf-8"))["DOCUMENTATION"]
    rows = [(f"`{watch}`", code(operations), code(logs)) for watch, (operations, logs) in OPERATIONS.items()]
    head = [*map(translate, ("`watch`", "operations", "with `logs`"))]
    return (
        f"\n{table(head, rows)}\n",
        f"\n{table([*map(translate, ('option', 'default', 'meaning'))], _options(documented['options'], translate))}\n",
        "\n" + "".join(_kind(name, translate) for name in KINDS),
    )


def _options(options: Mapping[str, Any], translate: Translate) -> Iterator[tuple[str, str, str]]:
    for name, option in options.items():
        description = option["description"]
        sentences = [description] if isinstance(description, str) else list(description)
        default = json.dumps(option["default"]) if "default" in option else ""
        yield f"`{name}`", f"`{default}`" if default else "", translate(_plain(" ".join(sentences)))


def _plain(text: str) -> str:
    """Return a text with the markup of Ansible as Markdown."""
    return re.sub(r"\b[VOCE]\(([^)]*)\)", lambda match: f"`{match[1]}`", text)


def _kind(name: str, translate: Translate) -> str:
    schema = json.loads((EDA / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    members = schema["properties"]["jst"]["properties"]
    types = [(f"`{entry['const']}`", translate(entry["description"])) for entry in members["type"]["oneOf"]]
    rows = [
        (f"`{path}`", _type(member, translate), translate(member["description"]))
        for path, member in _members(schema["properties"])
    ]
    return (
        f"{translate(f'### `{name}`')}\n\n{translate(schema['description'])}\n\n"
        + table([*map(translate, ("`event.jst.type`", "meaning"))], types)
        + "\n"
        + table([*map(translate, ("member", "type", "meaning"))], rows)
        + "\n"
    )


def _members(properties: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the path and the schema of each member that has no members itself, and of each list."""
    for name, schema in properties.items():
        path = f"{above}{name}"
        if "properties" in schema:
            yield from _members(schema["properties"], f"{path}.")
            continue
        yield path, schema
        yield from _members(schema.get("items", {}).get("properties", {}), f"{path}[].")


def _type(schema: Mapping[str, Any], translate: Translate) -> str:
    if "oneOf" in schema:
        return translate("string")
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join("null" if word is None else f"`{word}`" for word in schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return translate(" or ".join(kinds))
