# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a module belong to the caller: what he changes in them changes no declaration."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options, nested_options
from tests.unit.plugins.module_utils._core.conftest import Lamp


class DimmableLamp(Lamp):
    """A lamp with an option that no field has."""

    extra_options = {"levels": {"type": "list", "elements": "dict", "options": {"level": {"type": "int"}}}}
    supports_wait = True


@pytest.mark.parametrize("options_of", [module_options, nested_options])
def test_a_changed_option_changes_no_declaration(options_of: Callable[[Any], dict[str, Any]]) -> None:
    lamp = DimmableLamp()
    before = copy.deepcopy(options_of(lamp))
    changed = options_of(lamp)
    changed["levels"]["options"]["level"]["type"] = "str"
    for option in changed.values():
        option["required"] = "changed"
    assert options_of(lamp) == before
