# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of the conformance tests: one for each module that manages something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Options = dict[str, Any]

OWNER = [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}]
MYSQL = "rm-emu0000000000001"

APP = {
    "title": "shop",
    "biz_code": "JST",
    "language": "Java",
    "operating_system": "Linux",
    "service_type": "StoreApplication",
    "user_roles": OWNER,
}


def deployment(image: str = "registry.example.com/shop:1.0") -> Options:
    """Return a Deployment with one container."""
    labels = {"app": "shop"}
    container = {"name": "web", "image": image, "ports": [{"containerPort": 8080}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def cron_job(schedule: str = "*/5 * * * *") -> Options:
    """Return a CronJob with one container."""
    pod = {"containers": [{"name": "report", "image": "registry.example.com/report:1.0"}], "restartPolicy": "Never"}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "report"},
        "spec": {
            "schedule": schedule,
            "jobTemplate": {"spec": {"activeDeadlineSeconds": 600, "template": {"spec": pod}}},
        },
    }


def config_map(name: str, **data: str) -> str:
    """Return a ConfigMap as text."""
    lines = "\n".join(f'  {key}: "{value}"' for key, value in data.items())
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n{lines}\n"


def secret(name: str, value: str) -> Options:
    """Return a Secret with one value."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {"token": value}}


CONFIG = {"app": "shop", "name": "web", "env_type": "online", "deployment": deployment()}
ENVIRONMENT = {
    "app": "shop",
    "name": "production",
    "env_type": "online",
    "region": "cn-zhangjiakou",
    "replicas": 2,
    "deploy_config": "web",
}
PLACE = {"app": "shop", "environment": "production"}
VOLUME = {
    "capacity": "100Gi",
    "access_mode": "ReadWriteMany",
    "storage_class": "media",
    "reclaim_policy": "Retain",
    "mount_target_domain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com",
    "nfs_version": "4.0",
    "mount_dir": "/shop",
}
CLAIM = {name: VOLUME[name] for name in ("capacity", "access_mode", "storage_class")}
CLUSTER = {
    "biz_code": "SUPPLY",
    "env_type": "online",
    "cluster_type": "Standard",
    "region": "cn-zhangjiakou",
    "vpc_id": "vpc-emu-1",
    "vswitch_ids": ["vsw-emu-2", "vsw-emu-1"],
    "pod_cidr": "172.24.0.0/16",
    "service_cidr": "172.25.0.0/20",
    "password": "Canary-Password-1",
    "cloud_monitor": False,
    "public_slb": True,
    "snat_entry": False,
    "log_integration": True,
}

IN_CLUSTER = {"cluster_instance_id": "c000000000000000000000000000000e1"}

Prepared = list[tuple[str, Options]]
AN_APP: Prepared = [("jst_app", APP)]
A_CONFIG: Prepared = [*AN_APP, ("jst_deploy_config", CONFIG)]
AN_ENVIRONMENT: Prepared = [*A_CONFIG, ("jst_environment", {**ENVIRONMENT, "cluster": "emu-online"})]
RELEASE = {**PLACE, "images": ["registry.example.com/shop:1.0"]}

WHOLE_ACCOUNT: Options = {
    "instance_id": MYSQL,
    "name": "shop",
    "password": "Canary-Password-1",
    "privileges": [{"database": "shop", "privilege": "ReadWrite"}],
}
WHOLE_CONFIG: Options = {
    "name": "web",
    "env_type": "online",
    "deployment": deployment(),
    "secrets": [secret("web", "canary-secret")],
}
WHOLE_SERVICE, ANOTHER_SERVICE = (
    {
        "k8s_service_id": name,
        "name": name,
        "service_type": "ClusterIP",
        "port_mappings": [{"name": "http", "port": 80, "target_port": "8080"}],
    }
    for name in ("web", "management")
)
WHOLE_ENVIRONMENT: Options = {
    **{name: value for name, value in ENVIRONMENT.items() if name != "app"},
    "cluster": "emu-online",
    "volume_claims": [
        {"name": "media", "capacity": "50Gi", "access_mode": "ReadWriteMany", "storage_class": "emu-media"}
    ],
    "services": [WHOLE_SERVICE],
    "slb_aps": [
        {
            "slb_id": "lb-emu-internet-1",
            "listener_port": 80,
            "protocol": "HTTP",
            "name": "web",
            "real_server_port": 8080,
        }
    ],
    "release": {},
}


@dataclass(frozen=True)
class Many:
    """Many records of the emulator.

    :param table: of the world.
    :param member: the member that has the name, which differs.
    :param others: the other members, the same in all.
    """

    table: str
    member: str
    others: Options


@dataclass(frozen=True)
class ModuleCase:
    """The lifecycle of one module.

    :param module: its name.
    :param result: the key of its result.
    :param key: the options that identify the resource.
    :param create: further options that create it.
    :param change: further options that change it; empty when nothing can change.
    :param fixed: options that cannot change, with another value: each is rejected.
    :param shown: members of the result that the creation has to show, beyond options of the same name.
    :param prepare: (module, options) of what has to exist before.
    :param info: options of the info module that find the resource; None when there is no such module.
    :param listed: the key of the info module's result.
    :param absent: further options for the deletion; None when it cannot be deleted.
    :param identity: (option, member of the result) that also identifies the resource.
    :param calls: how many calls a task with ids and nothing to change may make.
    :param lasts: whether a repetition shows the result again; otherwise it shows that nothing was needed.
    :param act: whether every run acts again.
    :param otherwise: options whose value the result shows in another form, under the same name.
    :param at_once: whether it writes in parallel, in any order.
    :param many: a record of the emulator, for worlds that hold as many as a test asks for (``bulk_worlds.py``).
    """

    module: str
    result: str
    key: Options
    create: Options
    change: Options = field(default_factory=dict)
    fixed: Options = field(default_factory=dict)
    shown: Options = field(default_factory=dict)
    prepare: Prepared = field(default_factory=list)
    info: Options | None = None
    listed: str = ""
    absent: Options | None = field(default_factory=dict)
    identity: tuple[str, str] | None = None
    calls: int = 1
    lasts: bool = True
    act: bool = False
    otherwise: tuple[str, ...] = ()
    at_once: bool = False
    many: Many | None = None


MODULE_CASES = (
    ModuleCase(
        module="jst_app",
        result="app",
        key={"title": "shop"},
        create={name: value for name, value in APP.items() if name != "title"},
        change={
            "description": "Frühling, 春",
            "language": "Python",
            "user_roles": [*OWNER, {"role_name": "Dev", "user_id": "dt-1003", "user_type": "DING_TALK"}],
        },
        fixed={"biz_code": "SUPPLY", "state_type": "stateful"},
        shown={"state_type": "stateless", "deploy_type": "ContainerDeployment"},
        info={"title": "shop", "details": True},
        listed="apps",
        absent={"force": True},
        identity=("app_id", "app_id"),
    ),
    ModuleCase(
        module="jst_app_group",
        result="app_group",
        key={"biz_code": "JST", "name": "storefronts"},
        create={"apps": ["shop"]},
        change={"apps": ["cart"], "purge_apps": True},
        prepare=[*AN_APP, ("jst_app", {**APP, "title": "cart"})],
        info={"biz_code": "JST", "name": "storefronts", "details": True},
        listed="app_groups",
        absent={"force": True},
        calls=3,
        many=Many("groups", "name", {"biz_code": "JST"}),
    ),
    ModuleCase(
        module="jst_deploy_config",
        result="deploy_config",
        key={"app": "shop", "name": "web", "env_type": "online"},
        create={
            "deployment": deployment(),
            "config_maps": [config_map("web", level="info"), config_map("cache", size="1")],
            "secrets": [secret("token", "canary-secret-one")],
        },
        change={
            "deployment": deployment("registry.example.com/shop:1.1"),
            "config_maps": [config_map("web", level="debug")],
            "code_path": "/app/code",
        },
        prepare=AN_APP,
        info={"app": "shop", "name": "web"},
        listed="deploy_configs",
        identity=("deploy_config_id", "deploy_config_id"),
    ),
    ModuleCase(
        module="jst_environment",
        result="environment",
        key={"app": "shop", "name": "production"},
        create={
            "env_type": "online",
            "region": "cn-zhangjiakou",
            "replicas": 2,
            "deploy_config": "web",
            "cluster": "emu-online",
        },
        change={"replicas": 3, "deploy_config": "other"},
        fixed={"env_type": "test", "region": "cn-beijing", "cluster": "emu-test"},
        shown={"cluster_id": "c000000000000000000000000000000e1"},
        prepare=[*A_CONFIG, ("jst_deploy_config", {**CONFIG, "name": "other"})],
        info={"app": "shop", "name": "production", "details": True},
        listed="environments",
        absent={"force": True},
        identity=("environment_id", "environment_id"),
        calls=2,
    ),
    ModuleCase(
        module="jst_resource_alloc",
        result="resource_alloc",
        key=PLACE,
        create={"cluster": "emu-online"},
        prepare=[*A_CONFIG, ("jst_environment", ENVIRONMENT)],
        info=PLACE,
        listed="resource_allocs",
        shown={"cluster_id": "c000000000000000000000000000000e1"},
    ),
    ModuleCase(
        module="jst_service",
        result="service",
        key={**PLACE, "k8s_service_id": "shop-web"},
        create={
            "name": "web",
            "service_type": "ClusterIP",
            "headless": False,
            "port_mappings": [{"name": "http", "port": 80, "target_port": "8080"}],
        },
        change={
            "name": "frontend",
            "port_mappings": [
                {"name": "admin", "port": 81, "target_port": "8081"},
                {"name": "http", "port": 80, "target_port": "8088"},
            ],
        },
        fixed={"service_type": "NodePort", "headless": True},
        prepare=AN_ENVIRONMENT,
        info={"app": "shop", "k8s_service_id": "shop-web"},
        listed="services",
        identity=("service_id", "service_id"),
        many=Many(
            "services",
            "k8s_service_id",
            {
                "env_id": 20001,
                "name": "web",
                "service_type": "ClusterIP",
                "port_mappings": [{"name": "http", "protocol": "TCP", "port": 80, "target_port": "80"}],
            },
        ),
    ),
    ModuleCase(
        module="jst_slb_ap",
        result="slb_ap",
        key={**PLACE, "slb_id": "lb-emu-internet-1", "listener_port": 443},
        create={
            "name": "web",
            "protocol": "HTTPS",
            "real_server_port": 8080,
            "sticky_session": True,
            "cookie_timeout": 3600,
            "ssl_cert_id": "ssl-emu-1",
        },
        change={"name": "shop", "real_server_port": 8088, "sticky_session": False, "cookie_timeout": 60},
        fixed={"protocol": "HTTP"},
        shown={"network_mode": "internet"},
        prepare=AN_ENVIRONMENT,
        info={"app": "shop", "protocol": "HTTPS"},
        listed="slb_aps",
        identity=("slb_ap_id", "slb_ap_id"),
    ),
    ModuleCase(
        module="jst_cluster_node",
        result="cluster_nodes",
        key={"cluster": "emu-online", "instance_ids": ["i-emu-spare-1", "i-emu-spare-2"]},
        create={},
        calls=2,
        info={"cluster": "emu-online"},
        listed="cluster_nodes",
    ),
    ModuleCase(
        module="jst_node_label",
        result="node_label",
        key={"cluster": "emu-online", "key": "label.jst.com/role", "value": "web"},
        create={"instance_ids": ["i-emu-node-2", "i-emu-node-1"]},
        change={"instance_ids": ["i-emu-node-3", "i-emu-node-2"], "purge": True},
        shown={"instance_ids": ["i-emu-node-1", "i-emu-node-2"]},
        info={"cluster": "emu-online", "instance_id": "i-emu-node-3", "details": True},
        listed="node_labels",
        absent={"force": True},
        calls=3,
        many=Many("node_labels", "label_value", {**IN_CLUSTER, "label_key": "label.jst.com/role"}),
    ),
    ModuleCase(
        module="jst_cluster",
        result="cluster",
        key={"title": "supply"},
        create=CLUSTER,
        fixed={
            "biz_code": "JST",
            "env_type": "test",
            "region": "cn-beijing",
            "vpc_id": "vpc-emu-2",
            "vswitch_ids": ["vsw-emu-1"],
            "pod_cidr": "172.26.0.0/16",
            "service_cidr": "172.27.0.0/20",
        },
        shown={"vswitch_ids": ["vsw-emu-1", "vsw-emu-2"], "status": "running"},
        info={"title": "supply", "env_type": "online"},
        listed="clusters",
        identity=("cluster_id", "cluster_id"),
        calls=2,
    ),
    ModuleCase(
        module="jst_persistent_volume",
        result="persistent_volume",
        key={"cluster": "emu-online", "name": "media"},
        create=VOLUME,
        fixed={
            "capacity": "200Gi",
            "access_mode": "ReadWriteOnce",
            "storage_class": "pictures",
            "reclaim_policy": "Delete",
        },
        shown={"status": "Available"},
        info={"cluster": "emu-online", "name": "media"},
        listed="persistent_volumes",
        many=Many(
            "volumes",
            "name",
            {
                **IN_CLUSTER,
                "capacity": "1Gi",
                "access_modes": "ReadWriteOnce",
                "reclaim_policy": "Retain",
                "storage_class": "many",
                "mount_target_domain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com",
                "created_at": 1767614400,
            },
        ),
    ),
    ModuleCase(
        module="jst_persistent_volume_claim",
        result="persistent_volume_claim",
        key={**PLACE, "name": "media"},
        create=CLAIM,
        fixed={"capacity": "200Gi", "access_mode": "ReadWriteOnce", "storage_class": "pictures"},
        shown={"status": "Bound", "volume_name": "media"},
        prepare=[*AN_ENVIRONMENT, ("jst_persistent_volume", {"cluster": "emu-online", "name": "media", **VOLUME})],
        info={**PLACE, "name": "media"},
        listed="persistent_volume_claims",
    ),
    ModuleCase(
        module="jst_rds_db",
        result="rds_db",
        key={"instance_id": MYSQL, "name": "shop"},
        create={"character_set": "utf8mb4", "description": "orders"},
        fixed={"character_set": "gbk", "description": "carts"},
        shown={"status": "Running", "engine": "MySQL"},
        info={"instance_id": MYSQL, "name": "shop"},
        listed="rds_dbs",
    ),
    ModuleCase(
        module="jst_rds_account",
        result="rds_account",
        key={"instance_id": MYSQL, "name": "shop"},
        create={
            "password": "Canary-Password-1",
            "type": "Normal",
            "privileges": [{"database": "shop", "privilege": "ReadOnly"}],
        },
        change={
            "privileges": [
                {"database": "carts", "privilege": "DMLOnly"},
                {"database": "shop", "privilege": "ReadWrite"},
            ]
        },
        fixed={"type": "Super"},
        shown={"status": "Available"},
        prepare=[
            ("jst_rds_db", {"instance_id": MYSQL, "name": name, "character_set": "utf8mb4"})
            for name in ("shop", "carts")
        ],
        info={"instance_id": MYSQL, "name": "shop"},
        listed="rds_accounts",
    ),
    ModuleCase(
        module="jst_deployment",
        result="deploy_order",
        key=PLACE,
        create={"images": ["registry.example.com/shop:1.0"], "partitions": 2},
        change={"images": ["registry.example.com/shop:1.1"]},
        prepare=AN_ENVIRONMENT,
        shown={"status": "finished", "result": "succeeded", "partitions": 2},
        absent=None,
        calls=5,
        lasts=False,
    ),
    ModuleCase(
        module="jst_deploy_order",
        result="deploy_order",
        key={"deploy_order_id": 60001},
        create={"state": "resumed"},
        prepare=[*AN_ENVIRONMENT, ("jst_deployment", {**RELEASE, "pause_type": "first"})],
        shown={"status": "finished", "result": "succeeded", "partitions": 2},
        absent=None,
    ),
    ModuleCase(
        module="jst_scale",
        result="deploy_order",
        key=PLACE,
        create={"replicas": 4, "partitions": 1},
        change={"replicas": 1},
        prepare=[*AN_ENVIRONMENT, ("jst_deployment", RELEASE)],
        shown={"status": "finished", "result": "succeeded", "partitions": 1},
        absent=None,
        calls=3,
        lasts=False,
    ),
    ModuleCase(
        module="jst_app_instance",
        result="app_instance",
        key={**PLACE, "instance": "jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642"},
        create={"state": "rebuilt"},
        prepare=[*AN_ENVIRONMENT, ("jst_deployment", RELEASE)],
        shown={"status": "Normal", "version": "1.0"},
        absent=None,
        act=True,
    ),
    ModuleCase(
        module="jst_application",
        result="application",
        key={"title": "shop"},
        create={
            **{name: value for name, value in APP.items() if name != "title"},
            "group": {"name": "storefronts"},
            "databases": [{"instance_id": MYSQL, "name": "shop", "character_set": "utf8mb4"}],
            "accounts": [WHOLE_ACCOUNT],
            "deploy_configs": [WHOLE_CONFIG],
            "environments": [WHOLE_ENVIRONMENT],
        },
        change={
            "description": "Frühling, 春",
            "deploy_configs": [{**WHOLE_CONFIG, "deployment": deployment(image="registry.example.com/shop:1.1")}],
            "environments": [{**WHOLE_ENVIRONMENT, "replicas": 3, "services": [WHOLE_SERVICE, ANOTHER_SERVICE]}],
        },
        fixed={"biz_code": "SUPPLY"},
        absent=None,
        calls=20,
        lasts=False,
        otherwise=("accounts", "deploy_configs", "environments"),
        at_once=True,
    ),
)
