# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option whose value the service does not show says what becomes of it."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import (
    BY_OPTION,
    CALL_MODE,
    ON_CREATE,
    PER_CALL,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from tests.tools.declarations import managed

RESOURCES = sorted(managed().items())

# What no documented response returns, by the reference.
NEVER_SHOWN = {
    "Namespace",
    "GroupName",
    "ArmsFlag",
    "UpdateStrategyType",
    "MountTargetDomain",
    "NFSVersion",
    "ClusterType",
    "CloudMonitorFlags",
    "Password",
    "PrivateZone",
    "PublicSlb",
    "SnatEntry",
    "CreateWithArmsIntegration",
    "CreateWithLogIntegration",
    "AccountPassword",
}


@pytest.mark.parametrize(("module", "resource"), RESOURCES)
def test_no_option_is_hidden_without_saying_what_becomes_of_it(module: str, resource: type[Resource]) -> None:
    options = module_options(resource())
    for item in resource.fields:
        where = f"{module}.{item.option_name}"
        if item.option_name and not item.path:
            assert item.write_only, f"{where} is sent and never read: say in Field.hidden what becomes of it"
        assert item.write_only in ("", ON_CREATE, BY_OPTION, PER_CALL, CALL_MODE), where
        assert (item.write_only == BY_OPTION) == bool(item.update_default), where
        assert bool(item.update_option) == (f"update_{item.option_name}" in options), where
        if item.update_option:
            assert options[item.update_option]["default"] == item.update_default
        if item.write_only == ON_CREATE:
            assert item.immutable, f"{where} could be sent by updates"


def test_what_the_reference_never_shows_is_declared() -> None:
    declared = {item.param for _module, resource in RESOURCES for item in resource.fields if item.write_only}
    assert declared >= NEVER_SHOWN
