# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How parameters are checked, written and placed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import get_operation
from ansible_collections.jst.retailcloud.plugins.module_utils._api.parameters import encode_params, flatten


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        (None, []),
        ("", [("X", "")]),
        ("a b", [("X", "a b")]),
        (7, [("X", "7")]),
        (0, [("X", "0")]),
        (1.5, [("X", "1.5")]),
        (True, [("X", "true")]),
        (False, [("X", "false")]),
        ([], []),
        ({}, []),
        (["a", "b"], [("X.1", "a"), ("X.2", "b")]),
        (["a", None, "b"], [("X.1", "a"), ("X.2", "b")]),
        ([{"A": 1, "B": None}, {"A": True}], [("X.1.A", "1"), ("X.2.A", "true")]),
        ({"A": {"B": ["c"]}}, [("X.A.B.1", "c")]),
        (("a",), [("X.1", "a")]),
    ],
)
def test_flatten(value: Any, pairs: list[tuple[str, str]]) -> None:
    assert list(flatten("X", value)) == pairs


def test_a_value_without_a_form_on_the_wire_is_refused() -> None:
    with pytest.raises(ConfigError, match="type bytes"):
        list(flatten("X", b"raw"))


def test_everything_in_the_query() -> None:
    encoded = encode_params(
        get_operation("CreateCluster"), {"ClusterTitle": "t", "Vswitchids": ["a", "b"], "PublicSlb": 1}
    )
    assert encoded.query == [("ClusterTitle", "t"), ("Vswitchids.1", "a"), ("Vswitchids.2", "b"), ("PublicSlb", "1")]
    assert encoded.form == []


def test_everything_in_the_form() -> None:
    encoded = encode_params(get_operation("CreateAccount"), {"AccountName": "n", "AccountPassword": "geheim"})
    assert encoded.query == []
    assert encoded.form == [("AccountName", "n"), ("AccountPassword", "geheim")]


def test_lists_in_the_form_and_the_rest_in_the_query() -> None:
    encoded = encode_params(get_operation("ListPods"), {"DeployOrderId": 1, "StatusList": [1, 2], "ResultList": None})
    assert encoded.query == [("DeployOrderId", "1")]
    assert encoded.form == [("StatusList.1", "1"), ("StatusList.2", "2")]


def test_no_parameters() -> None:
    assert encode_params(get_operation("ListApp"), None).query == []


@pytest.mark.parametrize(
    ("action", "params", "message"),
    [
        ("ListApp", {"PageNum": 1}, "ListApp has no parameter 'PageNum'"),
        ("ListPods", {"StatusList": 1}, "parameter StatusList of ListPods takes a list"),
        ("ListApp", {"PageSize": [1]}, "parameter PageSize of ListApp takes a single value"),
        ("ListApp", {"PageSize": {"a": 1}}, "parameter PageSize of ListApp takes a single value"),
        ("CreateApp", {"UserRoles": ["x"]}, "UserRoles of CreateApp takes a list of mappings with RoleName, UserId"),
        ("AddClusterNode", {"EcsInstanceIdList": [{"a": 1}]}, "takes a list of plain values"),
        ("CreateService", {"PortMappings": [{"port": 1}]}, "PortMappings of CreateService has no member 'port'"),
    ],
)
def test_what_the_catalogue_does_not_know_is_refused(action: str, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("'", ".")) as caught:
        encode_params(get_operation(action), params)
    assert message in caught.value.message


def test_the_nearest_parameter_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        encode_params(get_operation("ListApp"), {"pagenumbre": 1})
    assert str(caught.value.hint).startswith("Did you mean PageNumber")


def test_secrets_are_known_and_not_shown() -> None:
    encoded = encode_params(get_operation("CreateDeployConfig"), {"Name": "n", "SecretList": ["c2VjcmV0", "bW9yZQ=="]})
    assert encoded.secrets == ("c2VjcmV0", "bW9yZQ==")
    assert "c2VjcmV0" not in repr(encoded)


@pytest.mark.parametrize("action", ["CreateDeployConfig", "UpdateDeployConfig"])
def test_what_is_too_long_for_a_url_travels_in_the_form(action: str) -> None:
    long, longer = "x" * 4000, ["y" * 3000, "z" * 3000]
    params = {"AppId": 1, "CodePath": "/", "Deployment": long, "ConfigMapList": longer}
    encoded = encode_params(get_operation(action), params)
    assert dict(encoded.form) == {"ConfigMapList.1": longer[0], "ConfigMapList.2": longer[1]}
    assert dict(encoded.query) == {"AppId": "1", "CodePath": "/", "Deployment": long}


def test_what_fits_stays_where_the_catalogue_has_it() -> None:
    assert encode_params(get_operation("CreateDeployConfig"), {"Deployment": "x" * 5900}).form == []
    assert encode_params(get_operation("CreateDeployConfig"), {"Deployment": "=" * 2000}).form != []
    assert encode_params(get_operation("ListUsers"), {"PageSize": "1" * 9000}).form == []
