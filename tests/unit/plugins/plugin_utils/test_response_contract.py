# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declared responses agree with the API specification of the emulator, which was written independently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_survey import PROBES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.observed_readings import DETECTORS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_contract import Member, contract, operations
from jst_emulator.api_spec import OPERATIONS as API_SPEC
from jst_emulator.readings.table import Readings


def declared(member: Member, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the members that the collection declares, with their types."""
    for inner in member.members.values():
        place = f"{path}.{inner.name}"
        yield place, ("list of " if inner.is_list else "") + inner.type
        yield from declared(inner, place)


def specified(fields: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the members that the emulator specifies, with their types."""
    for name, inner in fields.items():
        place = f"{path}.{name}"
        is_list = isinstance(inner, list)
        item = (inner[0] if inner else "Object") if is_list else inner
        yield place, ("list of " if is_list else "") + (item if isinstance(item, str) else "Object")
        if isinstance(item, dict):
            yield from specified(item, place)


@pytest.mark.parametrize("action", operations())
def test_members_and_types_agree(action: str) -> None:
    ours = {place: kind for place, kind in declared(contract(action))}
    theirs = {place: kind for place, kind in specified(API_SPEC[action].fields) if place not in (".Code", ".RequestId")}
    assert ours.keys() == theirs.keys()
    assert {place: (kind, theirs[place]) for place, kind in ours.items() if kind != theirs[place]} == {}


def test_every_operation_that_reads_is_declared_and_called() -> None:
    reads = {name for name, operation in OPERATIONS.items() if operation.is_read}
    assert set(operations()) == reads
    assert {probe.action for probe in PROBES} == reads


def test_the_readings_that_responses_show_are_those_of_the_table() -> None:
    assert set(DETECTORS) <= set(vars(Readings())) | set(Readings.__dataclass_fields__)
