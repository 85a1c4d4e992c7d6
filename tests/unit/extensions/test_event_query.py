# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries by which AWX counts what is managed give something for what every module returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jq
import pytest
import yaml

from tests.tools.generate.event_queries import WITHOUT_QUERY
from tests.tools.module_texts import MODULES, read
from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT

QUERIES = yaml.safe_load((ROOT / "extensions" / "audit" / "event_query.yml").read_text())
COLLECTION = f"{NAMESPACE}.{NAME}"


def sample(value: Mapping[str, Any]) -> Any:
    """The sample of a return value, put together from those of its members where it has none of its own."""
    if "sample" in value:
        return value["sample"]
    members = {name: sample(member) for name, member in value["contains"].items()}
    return [members] if value["type"] == "list" else members


def nodes(module: str, result: Any) -> list[dict[str, Any]]:
    """What AWX finds in a result."""
    found: list[dict[str, Any]] = jq.compile(QUERIES[f"{COLLECTION}.{module}"]["query"]).input_value(result).all()
    return found


def test_every_module_has_a_query() -> None:
    assert QUERIES.keys() == {f"{COLLECTION}.{module}" for module in set(MODULES) - WITHOUT_QUERY}
    assert all(entry.keys() == {"query"} for entry in QUERIES.values())


@pytest.mark.parametrize("module", sorted(set(MODULES) - WITHOUT_QUERY))
def test_what_a_query_finds(module: str) -> None:
    """A name, what tells the node from all others, and what kind of thing it is."""
    found = nodes(module, {name: sample(value) for name, value in read(module, "RETURN").items()})
    assert found
    for node in found:
        assert node.keys() == {"name", "canonical_facts", "facts"}
        assert node["name"] and isinstance(node["name"], str)
        [(fact, value)] = node["canonical_facts"].items()
        assert isinstance(value, int if fact in ("jst_app_id", "jst_environment_id") else str)
        assert fact.endswith("_id")
        assert value
        assert node["facts"].keys() == {"infra_type", "infra_bucket", "device_type"}


@pytest.mark.parametrize("module", sorted(set(MODULES) - WITHOUT_QUERY))
def test_what_is_not_there_is_not_counted(module: str) -> None:
    """Neither in a result that says so, nor in one that lacks the thing, nor in that of check mode."""
    returned = read(module, "RETURN")
    thing = next(iter(returned))
    several = returned[thing]["type"] == "list"
    unborn = {name: None for name in returned[thing].get("contains", {})}
    absent: dict[str, Any] = {thing: [] if several else None}
    foretold: dict[str, Any] = {thing: [unborn] if several else unborn}
    for result in ({}, absent, foretold, {"failed": True}):
        assert nodes(module, result) == []


def test_one_thing_counts_once() -> None:
    """Whichever module spoke of it."""
    app = {"app_id": 10001, "title": "shop"}
    told = [nodes("jst_app", {"app": app}), nodes("jst_app_info", {"apps": [app]})]
    told.append(nodes("jst_application", {"application": {"app": app, "environments": [], "databases": []}}))
    assert len({str(node["canonical_facts"]) for found in told for node in found}) == 1
