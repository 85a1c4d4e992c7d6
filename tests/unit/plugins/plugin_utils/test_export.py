# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thing as a task would write it down."""

from __future__ import annotations

from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import nested_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import PARENTS
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import Service
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.slb_ap import SlbAp
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import deploy_config_reference, to_options


def described(resource: Resource, record: dict[str, Any]) -> dict[str, Any]:
    state = resource.state_from(record, {"app_id": 1, "environment_id": 2})
    return to_options(resource, state, nested_options(resource, PARENTS))


def test_what_a_thing_does_not_have_is_not_written() -> None:
    record = {"slb_id": "lb-1", "protocol": "TCP", "sticky_session": 0, "established_timeout": 10, "slb_ip": "x"}
    assert described(SlbAp(), record) == {"slb_id": "lb-1", "protocol": "TCP", "established_timeout": 10}


def test_what_is_not_told_is_not_written() -> None:
    record = {"name": "web", "port_mappings": [{"name": "http", "port": 80, "target_port": 8080}]}
    ports = [{"name": "http", "port": 80, "target_port": "8080"}]
    assert described(Service(), record) == {"name": "web", "port_mappings": ports}


def test_secrets_are_not_written() -> None:
    record = {"name": "web", "container_yaml_conf": {"secret_list": ["kind: Secret\nmetadata: {name: key}"]}}
    assert described(DeployConfig(), record) == {"name": "web"}


def test_a_deploy_config_goes_by_its_name_where_that_tells_it() -> None:
    def config(number: int, name: str, env_type: str = "online") -> dict[str, Any]:
        return {"deploy_config_id": number, "name": name, "env_type": env_type}

    configs = [config(1, "web"), config(2, "web", "test"), config(3, "twice"), config(4, "twice")]
    named: dict[int, dict[str, Any]] = {
        1: {"deploy_config": "web"},
        **{number: {"deploy_config_id": number} for number in (2, 3, 5)},
    }
    for number, option in named.items():
        state = {"deploy_config_id": number, "env_type": "online"}
        assert deploy_config_reference(state, configs) == option
    assert deploy_config_reference({"deploy_config_id": None, "env_type": "online"}, configs) == {}
