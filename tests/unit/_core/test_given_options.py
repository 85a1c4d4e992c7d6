# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that cannot be right are refused before anything is sent, and no message about them quotes a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import Application
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deployment import Deployment, images_of
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import Service
from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import check

EMPTY_IMAGES = ["", " ", "shop:", "registry.example.com/shop:", "shop@", "/shop", "registry.example.com//shop", "a b"]


def workload(*containers: Any) -> dict[str, Any]:
    """A Deployment with these containers."""
    spec = {"template": {"spec": {"containers": list(containers)}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": spec}


@pytest.mark.parametrize("image", [*EMPTY_IMAGES, None])
def test_an_image_of_which_a_part_is_empty_is_not_released(image: Any) -> None:
    for option in ("images", "init_images"):
        with pytest.raises(InvalidOptionError, match=f"Option {option} holds .* no address of an image"):
            Deployment().given({"environment": "production", option: ["shop:1", image]})


@pytest.mark.parametrize("image", [*EMPTY_IMAGES, 5])
def test_an_image_of_which_a_part_is_empty_is_not_stored(image: Any) -> None:
    with pytest.raises(InvalidOptionError, match="no address of an image"):
        DeployConfig().given({"deployment": workload({"name": "web", "image": image})})


@pytest.mark.parametrize("image", ["shop", "shop:1", "localhost:5000/a/shop:1.0-rc_1", f"shop@sha256:{'0' * 64}"])
def test_images(image: str) -> None:
    given = DeployConfig().given({"deployment": workload({"name": "web", "image": image})})
    assert images_of(given) == [image]
    assert Deployment().given({"environment": "production", "images": [image]})["images"] == [image]


def test_a_container_without_an_image_has_none_to_release() -> None:
    given = DeployConfig().given({"deployment": workload({"name": "web", "image": "shop:1"}, {"name": "side"})})
    with pytest.raises(InvalidOptionError, match="no image for container side"):
        images_of(given)


@pytest.mark.parametrize("name", ["cluster", "cluster_id", "deploy_config"])
def test_a_reference_that_is_null_names_nothing(name: str) -> None:
    resource = Environment()
    resource.check_not_null({"name": "production"})
    resource.check_not_null({"name": "production", "cluster": "online", "cluster_id": None, "environment_id": None})
    for key in ({"name": "production"}, {"environment_id": 20001}):
        with pytest.raises(InvalidOptionError, match=f"Option {name} is null"):
            resource.check_not_null({**key, name: None})


def test_a_key_that_is_null_is_not_replaced_by_another() -> None:
    with pytest.raises(InvalidOptionError, match="Option k8s_service_id is null"):
        Service().check_not_null({"k8s_service_id": None, "name": "web"})


def test_a_null_inside_of_a_description_is_named_with_its_place() -> None:
    environments = [{"name": "test", "deploy_config": "web"}, {"name": "production", "cluster": None}]
    with pytest.raises(InvalidOptionError, match="Entry 2 of environments: Option cluster is null"):
        Application().check_not_null({"title": "shop", "environments": environments})


def test_a_list_that_creation_needs_and_a_text_of_a_record_are_not_empty() -> None:
    ports = [{"name": "http", "port": 80, "target_port": " "}]
    with pytest.raises(InvalidOptionError, match="entry 1, a record whose target_port is empty"):
        Service().given({"name": "web", "k8s_service_id": "web", "port_mappings": ports})


def test_a_role_does_not_quote_a_secret_in_a_list_that_is_nested_too_deep() -> None:
    account = {"name": {"type": "str"}, "password": {"type": "str", "no_log": True}}
    options = {"database_accounts": {"type": "list", "elements": "dict", "options": account}}
    values = {"database_accounts": [[{"name": "shop", "password": "Canary-Password-1"}]]}
    problems = check("database", values, options)["problems"]
    assert problems
    assert "Canary-Password-1" not in " ".join(problems)
