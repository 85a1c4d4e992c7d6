# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that the lifecycles of the modules leave alone reach the service, and what can be read back is read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.conformance.module_cases import A_CONFIG, APP, CONFIG, ENVIRONMENT, PLACE, deployment
from tests.conformance.playbook_runner import WAITING, Recorded, run_tasks, task
from tests.tools.running_emulator import emulator

WORLD = {"certificates": [{"cert_id": "ssl-emu-1"}, {"cert_id": "ssl-emu-2"}]}
RETITLED = {"biz_title": "Shop", "operating_system": "Windows", "service_type": "GeneralApplication"}
MARKED = {"title": "marked", "namespace": "marked", "group": "storefronts", "middleware_ids": [1, 2]}
SLB = {**PLACE, "slb_id": "lb-emu-internet-1", "real_server_port": 8080}
TCP = {**SLB, "name": "tcp", "listener_port": 80, "protocol": "TCP", "established_timeout": 10}
HTTPS = {**SLB, "name": "https", "listener_port": 443, "protocol": "HTTPS", "ssl_cert_id": "ssl-emu-1"}
PORT = {"name": "http", "port": 80, "target_port": "8080", "node_port": 30080}
SERVICE = {
    **PLACE,
    "k8s_service_id": "node",
    "name": "node",
    "service_type": "NodePort",
    "port_mappings": [PORT],
}
CLUSTER = {
    "title": "new",
    "biz_code": "JST",
    "env_type": "test",
    "cluster_type": "Standard",
    "region": "cn-zhangjiakou",
    "region_name": "cn-zhangjiakou",
    "vpc_id": "vpc-emu-1",
    "vswitch_ids": ["vsw-emu-1"],
    "pod_cidr": "172.26.0.0/16",
    "service_cidr": "172.27.0.0/20",
    "key_pair": "operators",
    "arms_integration": True,
    "net_plug": "terway",
    "private_zone": False,
}
SIZE: dict[str, Any] = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}}


def sized() -> dict[str, Any]:
    """A Deployment that says what its container needs."""
    document = deployment()
    document["spec"]["template"]["spec"]["containers"][0]["resources"] = SIZE
    return document


SIZED = {"app": "shop", "name": "sized", "env_type": "test", "deployment": sized()}


def twice(module: str, first: dict[str, Any], second: dict[str, Any]) -> list[dict[str, Any]]:
    """Tasks that make a thing, change it, and change it again."""
    return [task(f"{module} {number}", module, options) for number, options in enumerate((first, second, second), 1)]


LIFECYCLES: dict[str, list[dict[str, Any]]] = {
    "app": twice("jst_app", {**APP, "title": "other"}, {"title": "other", **RETITLED}),
    "tcp": twice("jst_slb_ap", TCP, {**TCP, "established_timeout": 900}),
    "https": twice("jst_slb_ap", HTTPS, {**HTTPS, "ssl_cert_id": "ssl-emu-2"}),
    "node port": twice("jst_service", SERVICE, {**SERVICE, "port_mappings": [{**PORT, "node_port": 30081}]}),
}

PREPARED = [
    *[task(f"prepare {module}", module, options) for module, options in A_CONFIG],
    task("prepare environment", "jst_environment", {**ENVIRONMENT, "cluster": "emu-online"}),
    task("prepare group", "jst_app_group", {"biz_code": "JST", "name": "storefronts"}),
]
LOOKS = [
    task("marked", "jst_app", {**APP, **MARKED}),
    task("marked again", "jst_app", {**APP, **MARKED}),
    task("members", "jst_app_group_info", {"biz_code": "JST", "details": True}),
    task("access point", "jst_slb_ap_info", {"app": "shop", "name": "https"}),
    task("service", "jst_service_info", {"app": "shop", "name": "node"}),
    task("config", "jst_deploy_config_info", {"app": "shop", "name": CONFIG["name"], "env_type": "online"}),
    task("sized", "jst_deploy_config", SIZED),
    task("sized again", "jst_deploy_config_info", {"app": "shop", "name": "sized"}),
    task("middleware", "jst_app_info", {"title": "marked", "details": True}),
    task("middleware in the list", "jst_app_info", {"title": "marked"}),
    task("cluster", "jst_cluster", {**CLUSTER, **WAITING}),
]


def test_options(tmp_path: Path) -> None:
    """Made, changed, changed again to no effect; and found by filters."""
    world = tmp_path / "world.yml"
    world.write_text(yaml.safe_dump(WORLD))
    lifecycles = [each for lifecycle in LIFECYCLES.values() for each in lifecycle]
    with emulator("--world", str(world), "--time-scale", "120", log=tmp_path / "emulator.log") as address:
        records = run_tasks(address, tmp_path, [*PREPARED, *lifecycles, *LOOKS])
    for record in records:
        assert not record.result["failed"], f"{record.task}: {record.result}"
    changes = iter(records[len(PREPARED) :])
    for name in LIFECYCLES:
        made, changed, again = (next(changes).result for _dummy in range(3))
        assert (made["changed"], changed["changed"], again["changed"]) == (True, True, False), name
    check_looks({record.task: record for record in changes})


def check_looks(done: dict[str, Recorded]) -> None:
    """What was made on the way is there."""
    assert done["marked again"].writes == []
    (group,) = done["members"].result["app_groups"]
    assert group["app_ids"] == [done["marked"].result["app"]["app_id"]]
    (point,) = done["access point"].result["slb_aps"]
    assert point["ssl_cert_id"] == "ssl-emu-2"
    (service,) = done["service"].result["services"]
    assert service["port_mappings"][0]["node_port"] == 30081
    assert service["cluster_ip"]
    assert len(done["config"].result["deploy_configs"]) == 1
    for config in (done["sized"].result["deploy_config"], *done["sized again"].result["deploy_configs"]):
        for option, section in (("resource_requests", "requests"), ("resource_limits", "limits")):
            assert config[option] == {**SIZE[section], "storage": None, "gpu": None}
    for name in ("middleware", "middleware in the list"):
        (app,) = done[name].result["apps"]
        assert app["middleware_ids"] == MARKED["middleware_ids"]
        assert [one["code"] for one in app["middleware"]] == MARKED["middleware_ids"]
    assert done["cluster"].result["cluster"]["region_name"] == "cn-zhangjiakou"
