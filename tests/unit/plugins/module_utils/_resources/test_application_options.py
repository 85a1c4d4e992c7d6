# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an application are built once and never changed, and its documents are parsed once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator

from ansible_collections.jst.retailcloud.plugins.module_utils._core.ansible_module import AnsibleModule
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import WAIT_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import validate_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.graph import ResourceNode
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import Manifest
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import OPTIONS, Application
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig

WORKLOAD = {
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "registry.example.com/shop:1"}]}}},
}
CONFIG_MAP = {"kind": "ConfigMap", "metadata": {"name": "web"}, "data": {"a": "b"}}
CONFIG = {
    "name": "main",
    "env_type": "online",
    "deployment": yaml.safe_dump(WORKLOAD),
    "config_maps": [CONFIG_MAP],
    "secrets": [{"kind": "Secret", "metadata": {"name": "web"}, "stringData": {"a": "b"}}],
}
DESCRIPTION: dict[str, Any] = {
    "title": "shop",
    "language": "Java",
    "biz_code": "JST",
    "service_type": "GeneralApplication",
    "user_roles": [{"user_id": "1", "user_type": "TAOBAO", "role_name": "Owner"}],
    "deploy_configs": [CONFIG],
    "environments": [
        {"name": name, "env_type": "online", "region": "cn-zhangjiakou", "deploy_config": "main", "replicas": 1}
        for name in ("a", "b")
    ],
}


def described() -> list[ResourceNode]:
    """Return the nodes of the description."""
    validated = ModuleArgumentSpecValidator({**Application().options(), **WAIT_OPTIONS}).validate(
        copy.deepcopy(DESCRIPTION)
    )
    assert not validated.error_messages
    return Application().nodes(validated.validated_parameters)


def test_no_run_changes_the_options_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    before = copy.deepcopy(OPTIONS)
    nodes = described()
    Application().to_result(nodes)
    no_client: Any = None
    Application().pending(RunContext(no_client, {}), nodes)
    monkeypatch.setattr(AnsibleModule, "_load_params", lambda module: setattr(module, "params", {}))
    monkeypatch.setattr(AnsibleModule, "fail_json", lambda module, **result: None)
    AnsibleModule(argument_spec=OPTIONS)
    assert before == OPTIONS


def test_the_workload_of_several_environments_is_parsed_once() -> None:
    [config] = [node for node in described() if isinstance(node.resource, DeployConfig)]
    workload = config.options["deployment"]
    assert isinstance(workload, Manifest)
    assert workload.source == CONFIG["deployment"]
    assert validate_options(config.resource, {**config.options, "app": "shop"})["deployment"] is workload


def test_documents_of_a_node_are_parsed_once() -> None:
    node = ResourceNode(DeployConfig, {**CONFIG, "app": "shop"})
    given = validate_options(node.resource, node.options)
    node.keep_parsed(given)
    again = validate_options(node.resource, node.options)
    assert again["deployment"] is given["deployment"]
    for name in ("config_maps", "secrets"):
        assert [id(manifest) for manifest in again[name]] == [id(manifest) for manifest in given[name]]
    assert {name: node.options[name] for name in ("name", "env_type", "app")} == {
        "name": "main",
        "env_type": "online",
        "app": "shop",
    }
