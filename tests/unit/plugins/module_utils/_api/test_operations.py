# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the catalogue as a whole, and where single operations are odd."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS, get_operation
from jst_emulator.api_spec import OPERATIONS as SPEC

ALL = list(OPERATIONS.values())


def names(**wanted: object) -> set[str]:
    return {entry.name for entry in ALL if all(getattr(entry, key) == value for key, value in wanted.items())}


def test_the_catalogue_is_complete() -> None:
    assert OPERATIONS.keys() == SPEC.keys()
    assert all(name == entry.name for name, entry in OPERATIONS.items())


def test_methods() -> None:
    assert {name: entry.method for name, entry in OPERATIONS.items()} == {
        name: entry.method for name, entry in SPEC.items()
    }


def test_placement() -> None:
    mixed = {entry.name for entry in ALL if entry.body and entry.body < set(entry.parameters)}
    assert mixed == {"CreateService", "ListDeployOrders", "ListPods", "ListSlbAPs", "ModifyService"}
    for entry in ALL:
        assert entry.body <= set(entry.parameters)
        if entry.name in mixed:
            assert entry.body == set(entry.lists)
        if entry.method == "GET":
            assert not entry.body


def test_reads_are_told_by_name_and_not_by_method() -> None:
    assert names(is_read=False, method="GET") == {"DeleteAppDetail"}
    assert {"ListApp", "DescribeAppDetail", "QueryClusterDetail", "GetRdsBackUp"} <= names(is_read=True)


def test_pages() -> None:
    assert names(page_parameter="PageNum") == {
        "DescribeEventMonitorList",
        "ListAvailableClusterNode",
        "ListCluster",
        "ListClusterNode",
    }
    assert names(page_parameter=None) | names(page_parameter="PageNum") | names(page_parameter="PageNumber") == {*SPEC}
    assert all(("PageSize" in entry.parameters) == (entry.page_parameter is not None) for entry in ALL)
    assert get_operation("ListDeployConfig").page_parameter is None


def test_passwords_have_a_body_to_travel_in_where_the_vendors_sdk_gives_them_one() -> None:
    carriers = {entry.name for entry in ALL if "AccountPassword" in entry.parameters}
    assert carriers == {"CreateAccount", "ResetAccountPassword"}
    assert all("AccountPassword" in get_operation(name).body for name in carriers)


def test_no_parameter_is_named_twice_or_oddly() -> None:
    for entry in ALL:
        assert len(set(entry.parameters)) == len(entry.parameters), entry.name
        assert all(name.isalnum() for name in entry.parameters), entry.name
        assert set(entry.lists) <= set(entry.parameters), entry.name


def test_one_thing_has_many_names() -> None:
    assert get_operation("DeleteDatabase").parameters == ("DBInstanceId", "DBName")
    assert "DbInstanceId" in get_operation("CreateDb").parameters
    assert "AppEnvId" in get_operation("UpdateEnvironment").parameters
    assert "EnvId" in get_operation("DeleteAppEnvironment").parameters


def test_parameters_that_only_the_sdk_knows() -> None:
    assert get_operation("DescribeAppEnvDeployBaseline").parameters == ("AppId", "EnvId")
    assert "MiddleWareIdList" in get_operation("UpdateApp").lists
    assert "DefaultPacketOfAppGroup" in get_operation("DeployApp").parameters
    assert "NasType" in get_operation("CreatePersistentVolume").parameters


def test_members_of_lists() -> None:
    assert get_operation("CreateService").lists == {
        "PortMappings": ("Protocol", "TargetPort", "Port", "Name", "NodePort"),
    }
    assert get_operation("AddClusterNode").lists == {"EcsInstanceIdList": ()}


def test_an_unknown_operation_brings_the_nearest() -> None:
    with pytest.raises(ConfigError, match="'listapps'") as caught:
        get_operation("listapps")
    assert str(caught.value.hint).startswith("Did you mean ListApp")


def test_a_word_that_is_near_nothing_brings_all() -> None:
    with pytest.raises(ConfigError) as caught:
        get_operation("zzz")
    assert "CreateApp, CreateAppGroup" in str(caught.value.hint)
