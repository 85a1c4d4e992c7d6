# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specifications of all modules, by the word of the modules themselves."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any, NoReturn

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core import entry_points as module_side
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from tests.fuzz.harness import MODULES as PACKAGE
from tests.tools.module_texts import MODULES

Spec = dict[str, dict[str, Any]]

# One module stands for all where an option belongs to all.
ANY = "jst_app"


class _Told(Exception):
    """Carries what a module told AnsibleModule."""


def _listen(**told: Any) -> NoReturn:
    raise _Told(told["argument_spec"])


@cache
def spec(module: str) -> Spec:
    """The argument specification of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module_side, "AnsibleModule", _listen)
        with pytest.raises(_Told) as told:
            importlib.import_module(f"{PACKAGE}.{module}").main()
    argument_spec: Spec = told.value.args[0]
    return argument_spec


def own_options(module: str) -> Spec:
    """The options of a module that are not those of all modules."""
    return {name: option for name, option in spec(module).items() if name not in ACCESS_OPTIONS}


def each_option() -> list[tuple[str, str]]:
    """Every option of every module, and the access options once."""
    access = [(ANY, name) for name in ACCESS_OPTIONS]
    return access + [(module, name) for module in MODULES for name in own_options(module)]
