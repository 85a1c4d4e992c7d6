# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid options are rejected before anything is sent, and no message about them quotes a secret."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_checks import check_named, check_not_null
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import Application
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNodeSet
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deployment import Deployment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import Service
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.workload import images_of
from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import check

EMPTY_IMAGES = ["", " ", "shop:", "registry.example.com/shop:", "shop@", "/shop", "registry.example.com//shop", "a b"]


def workload(*containers: Any) -> dict[str, Any]:
    """Return a Deployment with these containers."""
    spec = {"template": {"spec": {"containers": list(containers)}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": spec}


@pytest.mark.parametrize("image", [*EMPTY_IMAGES, None])
def test_an_image_of_which_a_part_is_empty_is_not_released(image: Any) -> None:
    for option in ("images", "init_images"):
        with pytest.raises(InvalidOptionError, match=f"Option {option} holds .* not the address of an image"):
            Deployment().desired_state({"environment": "production", option: ["shop:1", image]})


@pytest.mark.parametrize("text", ['["shop:1"]', " ['shop:1']"])
def test_a_list_that_arrives_as_text_is_named(text: str) -> None:
    """As the command line makes it from ``-e 'release_images=["shop:1"]'``."""
    with pytest.raises(InvalidOptionError, match="instead of a list"):
        Deployment().desired_state({"environment": "production", "images": [text]})


@pytest.mark.parametrize("image", [*EMPTY_IMAGES, 5])
def test_an_image_of_which_a_part_is_empty_is_not_stored(image: Any) -> None:
    with pytest.raises(InvalidOptionError, match="not the address of an image"):
        DeployConfig().desired_state({"deployment": workload({"name": "web", "image": image})})


@pytest.mark.parametrize("image", ["shop", "shop:1", "localhost:5000/a/shop:1.0-rc_1", f"shop@sha256:{'0' * 64}"])
def test_images(image: str) -> None:
    given = DeployConfig().desired_state({"deployment": workload({"name": "web", "image": image})})
    assert images_of(given) == [image]
    assert Deployment().desired_state({"environment": "production", "images": [image]})["images"] == [image]


def test_a_container_without_an_image_has_none_to_release() -> None:
    given = DeployConfig().desired_state({"deployment": workload({"name": "web", "image": "shop:1"}, {"name": "side"})})
    with pytest.raises(InvalidOptionError, match="no image for container side"):
        images_of(given)


@pytest.mark.parametrize("name", ["cluster", "cluster_id", "deploy_config"])
def test_a_reference_that_is_null_names_nothing(name: str) -> None:
    resource = Environment()
    check_not_null(resource, {"name": "production"})
    check_not_null(resource, {"name": "production", "cluster": "online", "cluster_id": None, "environment_id": None})
    for key in ({"name": "production"}, {"environment_id": 20001}):
        with pytest.raises(InvalidOptionError, match=f"Option {name} is null"):
            check_not_null(resource, {**key, name: None})


def test_a_key_that_is_null_is_not_replaced_by_another() -> None:
    with pytest.raises(InvalidOptionError, match="Option k8s_service_id is null"):
        check_not_null(Service(), {"k8s_service_id": None, "name": "web"})


def test_a_null_inside_of_a_description_is_named_with_its_place() -> None:
    environments = [{"name": "test", "deploy_config": "web"}, {"name": "production", "cluster": None}]
    with pytest.raises(InvalidOptionError, match="Entry 2 of environments: Option cluster is null"):
        Application().check_not_null({"title": "shop", "environments": environments})


def test_a_list_that_creation_needs_and_a_text_of_a_record_are_not_empty() -> None:
    ports = [{"name": "http", "port": 80, "target_port": " "}]
    with pytest.raises(InvalidOptionError, match="is wrong in entry 1: target_port is empty"):
        Service().desired_state({"name": "web", "k8s_service_id": "web", "port_mappings": ports})


NAMES = ["shop\n", "a\x00b", "one\u2028two"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_holds_no_control_character(name: str) -> None:
    code = f"U\\+{next(ord(one) for one in name if not one.isprintable()):04X}"
    message = f"holds the control character {code}"
    with pytest.raises(InvalidOptionError, match=f"Option name {message}, which a name cannot contain"):
        check_named(Environment(), {"app": "shop", "name": name})
    with pytest.raises(InvalidOptionError, match=f"Option apps {message}"):
        check_named(AppGroup(), {"name": "group", "biz_code": "JST", "apps": ["shop", name]})
    with pytest.raises(InvalidOptionError, match=f"is wrong in entry 1: name {message}"):
        Service().desired_state({"port_mappings": [{"name": name, "port": 80, "target_port": "80"}]})
    with pytest.raises(InvalidOptionError, match=f"instance_ids has an entry that {message}"):
        ClusterNodeSet().desired_state({"instance_ids": [name], "purge": False})


@pytest.mark.parametrize("name", ["שלום\u200f", "\U0001f469\u200d\U0001f4bb", "聚石塔", "a b"])
def test_names_may_hold_what_shows_nothing_beside_what_shows_something(name: str) -> None:
    check_named(Environment(), {"app": "shop", "name": name})


@pytest.mark.parametrize("name", ["\u200b", "\u2060\xad", "\ufeff ", "\u3164", "\u2800"])
def test_a_name_without_a_visible_character_is_blank(name: str) -> None:
    with pytest.raises(InvalidOptionError, match="Option name is blank"):
        check_named(Environment(), {"app": "shop", "name": name})


def document(kind: str, **content: Any) -> dict[str, Any]:
    """Return a ConfigMap or Secret."""
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "settings"}, **content}


LISTS = {"ConfigMap": "config_maps", "Secret": "secrets"}
REFUSED_DATA: list[tuple[str, str, Any, str]] = [
    ("ConfigMap", "data", {"pin": 4711}, "data.pin is a number, but has to be a string"),
    ("ConfigMap", "data", {"pin": 4.5}, "data.pin is a number"),
    ("ConfigMap", "data", {"pin": True}, "data.pin is a boolean"),
    ("ConfigMap", "data", {"pin": None}, "data.pin is null"),
    ("ConfigMap", "data", {"pin": ["hush"]}, "data.pin is a list"),
    ("ConfigMap", "data", {"pin": {"hush": "hush"}}, "data.pin is a mapping"),
    ("ConfigMap", "data", "hush", "data is a string, but has to be a mapping"),
    ("ConfigMap", "data", {"hush hush": "a"}, "data has a key that is not made of letters"),
    ("ConfigMap", "data", {"": "a"}, "data has a key"),
    ("ConfigMap", "data", {"..data": "a"}, "data has a key"),
    ("ConfigMap", "binaryData", {"pin": "hush!"}, "binaryData.pin is not base64"),
    ("Secret", "data", {"pin": "hush!"}, "data.pin is not base64"),
    ("Secret", "data", {"pin": "aHVzaA"}, "data.pin is not base64"),
    ("Secret", "data", {"pin": "aHVzaA==="}, "data.pin is not base64"),
    ("Secret", "data", {"pin": 4711}, "data.pin is a number"),
    ("Secret", "stringData", {"pin": 4711}, "stringData.pin is a number"),
    ("Secret", "stringData", {"pin": False}, "stringData.pin is a boolean"),
]


@pytest.mark.parametrize(("kind", "member", "data", "message"), REFUSED_DATA)
def test_data_that_kubernetes_rejects(kind: str, member: str, data: Any, message: str) -> None:
    """The message names the manifest and the key, never a value."""
    whole = document(kind, **{member: data})
    for given in (whole, yaml.safe_dump(whole)):
        with pytest.raises(InvalidOptionError) as error:
            DeployConfig().desired_state({LISTS[kind]: [{**document(kind), "metadata": {"name": "other"}}, given]})
        where = f"Option {LISTS[kind]} has an entry 2 that holds {kind} 'settings'"
        assert f"{where}, whose {message}" in str(error.value)
        assert "hush" not in str(error.value)
        assert "4711" not in str(error.value)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("ConfigMap", {"data": {"pin": "4711", "a.b-c_D": ""}, "binaryData": {"x": "aHVzaA==\n"}}),
        ("ConfigMap", {"data": None, "binaryData": {}}),
        ("Secret", {"data": {"x": "aHVz\r\naA==", "y": ""}, "stringData": {"z": "hush!"}}),
    ],
)
def test_data_that_kubernetes_takes(kind: str, content: dict[str, Any]) -> None:
    assert DeployConfig().desired_state({LISTS[kind]: [document(kind, **content)]})


def test_a_number_in_yaml_needs_quotes() -> None:
    text = "kind: ConfigMap\nmetadata: {name: settings}\ndata:\n  port: {}\n"
    assert DeployConfig().desired_state({"config_maps": [text.replace("{}", "'8080'")]})
    for value in ("8080", "yes", "1e3", "~"):
        with pytest.raises(InvalidOptionError, match=r"data\.port is .*: put it into quotes"):
            DeployConfig().desired_state({"config_maps": [text.replace("{}", value)]})


def test_a_role_does_not_quote_a_secret_in_a_list_that_is_nested_too_deep() -> None:
    account = {"name": {"type": "str"}, "password": {"type": "str", "no_log": True}}
    options = {"database_accounts": {"type": "list", "elements": "dict", "options": account}}
    values = {"database_accounts": [[{"name": "shop", "password": "Canary-Password-1"}]]}
    problems = check("database", values, options)["problems"]
    assert problems
    assert "Canary-Password-1" not in " ".join(problems)
