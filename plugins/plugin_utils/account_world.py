# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a world file of the emulator from what an account shows.

The guide on rehearsing documents the format. Whatever the service does not show has a value that rehearsals can use:
mount targets of volumes, and what instances run, which is taken from the deploy configs as they are stored.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import Manifest
from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import parse
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import STATE_TYPE
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.env_types import (
    CLUSTER_ENV_TYPE,
    ENV_TYPE_NUMBER,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.order_states import (
    ORDER_STATUSES,
    POD_STATUSES,
    RESULTS,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_documents import document_text

Json = dict[str, Any]

TABLES = (
    "users",
    "vpcs",
    "clusters",
    "ecs",
    "slbs",
    "certificates",
    "packets",
    "mount_targets",
    "rds_instances",
    "databases",
    "accounts",
    "backups",
    "apps",
    "groups",
    "group_members",
    "deploy_configs",
    "environments",
    "allocations",
    "slb_access_points",
    "services",
    "orders",
    "pods",
    "instances",
    "events",
    "job_runs",
    "volumes",
    "claims",
    "node_labels",
    "node_label_bindings",
)
"""The tables of a world file. All are written, since the emulator fills the others with objects of its own."""

MOUNT_TARGET = "recorded.nas.example"
"""The mount target of recorded volumes: the service does not show theirs."""

UNSHOWN_VPC = "vpc-recorded"
"""The VPC of clusters and machines whose own the service does not show."""

SECONDS_TO_GO = 10.0
"""When whatever is in progress ends: the service does not show it."""


def record_world(reader: AccountReader) -> Json:
    """Return the content of a world file.

    :raises JstError: when something cannot be read.
    """
    return _Recorder(reader).record()


class _Recorder:
    """Fill the tables of a world file in the order in which they refer to each other."""

    def __init__(self, reader: AccountReader) -> None:
        self._reader = reader
        self._world: Json = {table: [] for table in TABLES}
        self._keys: dict[str, set[Any]] = {}

    def record(self) -> Json:
        for user in self._reader.users():
            self._user(user)
        for cluster in self._reader.clusters():
            self._cluster(cluster)
        allocations = self._reader.allocations()
        clusters = {one["environment_id"]: one["cluster_id"] for one in allocations}
        for app in self._reader.apps():
            self._app(app, clusters)
        for one in allocations:
            if self._is_known("environments", one["environment_id"]) and self._is_known("clusters", one["cluster_id"]):
                self._add(
                    "allocations",
                    one["resource_alloc_id"],
                    allocation_id=one["resource_alloc_id"],
                    env_id=one["environment_id"],
                    cluster_instance_id=one["cluster_id"],
                )
        for group, members in self._reader.groups():
            self._group(group, members)
        for instance in self._reader.database_instances:
            self._database_instance(instance)
        self._bind_volumes()
        return self._world

    def _add(self, table: str, key: Any, **values: Any) -> None:
        """Add a record, unless the table has its key. Values that are None keep the default of the emulator."""
        known = self._keys.setdefault(table, set())
        if key not in known:
            known.add(key)
            self._world[table].append({name: value for name, value in values.items() if value is not None})

    def _is_known(self, table: str, key: Any) -> bool:
        return key in self._keys.get(table, ())

    def _user(self, user: Mapping[str, Any]) -> None:
        self._add(
            "users",
            user["user_id"],
            user_id=user["user_id"],
            user_type=user["user_type"],
            real_name=user["real_name"] or "",
        )

    def _cluster(self, cluster: Json) -> None:
        detail = cluster.get("detail") or {}
        vpc = cluster["vpc_id"] or UNSHOWN_VPC
        self._add("vpcs", vpc, vpc_id=vpc, region_id=cluster["region"], vswitch_ids=list(cluster["vswitch_ids"] or ()))
        self._world["settings"] = self._world.get("settings") or _operator(detail)
        name = cluster["cluster_id"]
        is_new = cluster["status"] == "initial"
        self._add(
            "clusters",
            name,
            cluster_instance_id=name,
            database_id=cluster["database_id"],
            title=cluster["title"],
            env_type=CLUSTER_ENV_TYPE.serialize(cluster["env_type"]),
            business_code=cluster["biz_code"],
            region_id=cluster["region"],
            region_name=cluster["region_name"] or "",
            vpc_id=vpc,
            vswitch_ids=list(cluster["vswitch_ids"] or ()),
            pod_cidr=cluster["pod_cidr"] or "",
            service_cidr=cluster["service_cidr"] or "",
            net_plug=cluster["network_plugin"],
            key_pair=cluster["key_pair"] or "",
            arms=bool(detail.get("arms_installed")),
            logs=bool(detail.get("log_installed") or detail.get("log_in_process")),
            status=cluster["status"] if cluster["status"] in ("initial", "running", "deleting") else "running",
            due_at=_soon() if is_new else None,
        )
        for available in (False, True):
            for node in self._reader.nodes(cluster, available):
                self._node(node, None if available else name)
        labels, bindings = self._reader.labels(cluster)
        by_text = {}
        for label in labels:
            number = label["node_label_id"]
            by_text[label["key"], label["value"]] = number
            self._add(
                "node_labels",
                number,
                label_id=number,
                cluster_instance_id=name,
                label_key=label["key"],
                label_value=label["value"],
            )
        for binding in bindings:
            found = by_text.get((binding.get("label_key"), binding.get("label_value")))
            if found is not None and self._is_known("ecs", binding.get("instance_id")):
                number = int(binding["id"])
                self._add(
                    "node_label_bindings",
                    number,
                    binding_id=number,
                    label_id=found,
                    instance_id=binding["instance_id"],
                )
        for volume in self._reader.volumes(cluster):
            self._volume(name, volume)

    def _node(self, node: Json, cluster: str | None) -> None:
        vpc = node["vpc_id"] or UNSHOWN_VPC
        self._add("vpcs", vpc, vpc_id=vpc, region_id=node["region_id"])
        storage = str(node["local_storage"] or "")
        self._add(
            "ecs",
            node["instance_id"],
            instance_id=node["instance_id"],
            name=node["instance_name"] or "",
            cluster_instance_id=cluster,
            region_id=node["region_id"],
            vpc_id=vpc,
            private_ip=node["private_ip"] or "",
            public_ip=node["public_ip"] or "",
            eip=node["eip"] or "",
            cpu=node["cpu"],
            memory_mb=node["memory_mb"],
            disk_gb=int(storage) if storage.isdigit() else None,
            instance_type=node["instance_type"],
            os_type=node["os_type"] if node["os_type"] in ("linux", "windows") else None,
            os_name=node["os_name"],
            expires_on=node["expires"],
            bandwidth_in=node["bandwidth_in_mbps"],
            bandwidth_out=node["bandwidth_out_mbps"],
        )

    def _volume(self, cluster: str, volume: Json) -> None:
        self._add("mount_targets", MOUNT_TARGET, domain=MOUNT_TARGET)
        number = len(self._world["volumes"]) + 90001
        self._add(
            "volumes",
            number,
            volume_id=number,
            cluster_instance_id=cluster,
            name=volume["name"],
            capacity=volume["capacity"],
            access_modes=volume["access_mode"],
            reclaim_policy=volume["reclaim_policy"],
            storage_class=volume["storage_class"],
            mount_target_domain=MOUNT_TARGET,
            mount_dir=volume["mount_dir"] or "/",
            status=volume["status"],
            reason=volume["reason"] or "",
            created_at=_epoch(volume["create_time"]),
        )

    def _app(self, app: Json, clusters: Mapping[int, str]) -> None:
        number = app["app_id"]
        for role in app["user_roles"] or ():
            self._user(role)
        self._add(
            "apps",
            number,
            app_id=number,
            title=app["title"],
            biz_code=app["biz_code"],
            language=app["language"],
            operating_system=app["operating_system"],
            service_type=app["service_type"],
            state_type=STATE_TYPE.serialize(app["state_type"]),
            biz_title=app["biz_title"] or "",
            description=app["description"] or "",
            middle_ware_ids=list(app["middleware_ids"] or ()),
            user_roles=[
                {name: role[name] for name in ("user_id", "user_type", "role_name")} for role in app["user_roles"] or ()
            ],
        )
        configs = {config["deploy_config_id"]: config for config in self._reader.configs(app)}
        for config in configs.values():
            self._config(config)
        for environment in self._reader.environments(app):
            self._environment(environment, configs, clusters)
        for point in self._reader.access_points(app):
            self._access_point(point)
        for service in self._reader.services(app):
            self._service(service)

    def _config(self, config: Mapping[str, Any]) -> None:
        self._add(
            "deploy_configs",
            config["deploy_config_id"],
            schema_id=config["deploy_config_id"],
            app_id=config["app_id"],
            env_type=config["env_type"],
            name=config["name"],
            code_path=config["code_path"] or "",
            deployment=_text(config["deployment"]),
            stateful_set=_text(config["stateful_set"]),
            cron_job=_text(config["cron_job"]),
            config_map_list=_texts(config["config_maps"]),
            secret_list=_texts(config["secrets"]),
        )

    def _environment(
        self, environment: Json, configs: Mapping[int, Mapping[str, Any]], clusters: Mapping[int, str]
    ) -> None:
        number, schema_id = environment["environment_id"], environment["deploy_config_id"]
        place = {"app_id": environment["app_id"], "environment_id": number}
        if not self._is_known("deploy_configs", schema_id):
            # Deploy configs of the console are not listed.
            schema_id = schema_id or number
            name = f"recorded-{schema_id}"
            self._add(
                "deploy_configs",
                schema_id,
                schema_id=schema_id,
                app_id=environment["app_id"],
                env_type=environment["env_type"],
                name=name,
            )
            self._reader.notes.append(f"Deploy config {schema_id} is not listed, and is recorded as an empty {name}.")
        cluster = clusters.get(number)
        self._add(
            "environments",
            number,
            env_id=number,
            app_id=environment["app_id"],
            name=environment["name"],
            env_type=ENV_TYPE_NUMBER.serialize(environment["env_type"]),
            region=environment["region"],
            replicas=environment["replicas"],
            schema_id=schema_id,
            cluster_instance_id=cluster if self._is_known("clusters", cluster) else None,
            baseline=self._baseline(environment["baseline"], configs),
        )
        for claim in self._reader.claims(place):
            self._claim(number, claim)
        self._orders(place, configs)
        for instance in self._reader.instances(place):
            self._instance(number, instance)
        for run in self._reader.job_runs(place):
            self._job_run(number, run)

    def _baseline(self, baseline: Json | None, configs: Mapping[int, Mapping[str, Any]]) -> Json | None:
        if not baseline or not baseline["create_time"]:
            return None
        url, image = _without_query(baseline["packet_url"]), baseline["image"]
        if baseline["packet_id"] is not None:
            packet = {"packet_id": baseline["packet_id"], "url": url, "comment": baseline["packet_comment"] or ""}
            self._add("packets", baseline["packet_id"], **packet)
        return {
            **_release(baseline["deploy_config_id"], configs),
            "created_at": _epoch(baseline["create_time"]),
            "images": [image] if image else [],
            "packet_id": baseline["packet_id"],
            "packet_url": url,
            "packet_comment": baseline["packet_comment"] or "",
        }

    def _claim(self, env_id: int, claim: Json) -> None:
        number = len(self._world["claims"]) + 91001
        self._add(
            "claims",
            number,
            claim_id=number,
            env_id=env_id,
            name=claim["name"],
            capacity=claim["capacity"],
            access_modes=claim["access_mode"],
            storage_class=claim["storage_class"],
            status=claim["status"],
            volume_name=claim["volume_name"] or "",
            created_at=_epoch(claim["create_time"]),
        )

    def _bind_volumes(self) -> None:
        """Set the claims of volumes. Claims and volumes show only each other's names."""
        clusters = {one["env_id"]: one.get("cluster_instance_id") for one in self._world["environments"]}
        claims = {(clusters[one["env_id"]], one["volume_name"]): one["claim_id"] for one in self._world["claims"]}
        for volume in self._world["volumes"]:
            if volume["status"] == "Bound":
                volume["claim_id"] = claims.get((volume["cluster_instance_id"], volume["name"]))

    def _orders(self, place: Mapping[str, Any], configs: Mapping[int, Mapping[str, Any]]) -> None:
        for order, pods, is_scaling in self._reader.orders(place):
            number = order["deploy_order_id"]
            started, ended = _order_times(order)
            is_going = order["status"] in ("waiting", "running")
            self._world["settings"] = self._world.get("settings") or _operator(order)
            self._add(
                "orders",
                number,
                deploy_order_id=number,
                env_id=place["environment_id"],
                schema_id=order["deploy_config_id"] or 0,
                category="scale" if is_scaling else "deploy",
                name=order["name"],
                description=order["description"] or "",
                pause_type=order["pause_type"],
                batches=_batches(order, pods),
                replicas=order["total_instances"] or 0,
                current_partition=order["current_partition"] or 0,
                status=ORDER_STATUSES[order["status"]],
                result=RESULTS[order["result"]],
                created_at=started or time.time(),
                started_at=started,
                ended_at=ended,
                due_at=_soon() if is_going else None,
            )
            for pod in pods:
                self._pod(number, pod)

    def _pod(self, order: int, pod: Json) -> None:
        steps = pod["steps"] or [{}]
        self._add(
            "pods",
            (order, pod["instance"]),
            deploy_order_id=order,
            app_instance_id=pod["instance"],
            partition=pod["partition"] or 1,
            step_code=steps[-1].get("code"),
            status=POD_STATUSES[pod["status"]],
            result=RESULTS[pod["result"]],
            started_at=_epoch(pod["start_time"]),
            updated_at=_epoch(pod["update_time"]),
            host_ip=pod["host_ip"] or "",
            host_name=pod["host_name"] or "",
            pod_ip=pod["pod_ip"] or "",
        )

    def _instance(self, env_id: int, instance: Json) -> None:
        hosts = {one["private_ip"]: one["instance_id"] for one in self._world["ecs"] if one["private_ip"]}
        started = [pod for pod in self._world["pods"] if pod["app_instance_id"] == instance["instance"]]
        version = instance["version"]
        self._add(
            "instances",
            instance["instance"],
            app_instance_id=instance["instance"],
            env_id=env_id,
            deploy_order_id=started[0]["deploy_order_id"] if started else None,
            status=instance["status"],
            created_at=_epoch(instance["create_time"]),
            host=hosts.get(instance["host_ip"]),
            pod_ip=instance["pod_ip"] or "",
            image=f"recorded:{version}" if version else "",
            packaged=version is None,
            broken=bool(instance["restart_count"]) and instance["status"] != "Normal",
        )

    def _job_run(self, env_id: int, run: Json) -> None:
        self._add(
            "job_runs",
            (env_id, run["name"]),
            env_id=env_id,
            name=run["name"],
            pod_name=(run["pods"] or [run["name"]])[0],
            started_at=_epoch(run["start_time"]),
            due_at=None if run["completion_time"] else _soon(),
            ended_at=_epoch(run["completion_time"]) if run["completion_time"] else None,
            failing=bool(run["failed"]),
            backoff_limit=run["backoff_limit"],
            completions=run["completions"],
            parallelism=run["parallelism"],
            active_deadline_seconds=run["active_deadline_seconds"],
        )

    def _access_point(self, point: Json) -> None:
        self._add(
            "slbs",
            point["slb_id"],
            slb_id=point["slb_id"],
            network_mode=point["network_mode"],
            address=point["slb_ip"] or "",
        )
        certificate = point["ssl_cert_id"]
        if certificate:
            self._add("certificates", certificate, cert_id=certificate)
        self._add(
            "slb_access_points",
            point["slb_ap_id"],
            slb_ap_id=point["slb_ap_id"],
            env_id=point["environment_id"],
            name=point["name"],
            slb_id=point["slb_id"],
            listener_port=point["listener_port"],
            real_server_port=point["real_server_port"],
            protocol=point["protocol"],
            established_timeout=point["established_timeout"],
            sticky_session=None if point["sticky_session"] is None else int(point["sticky_session"]),
            cookie_timeout=point["cookie_timeout"],
            ssl_cert_id=certificate or None,
        )

    def _service(self, service: Json) -> None:
        names = ("name", "protocol", "port", "target_port", "node_port")
        self._add(
            "services",
            service["service_id"],
            service_id=service["service_id"],
            env_id=service["environment_id"],
            name=service["name"],
            service_type=service["service_type"],
            k8s_service_id=service["k8s_service_id"],
            headless=bool(service["headless"]),
            port_mappings=[{name: port[name] for name in names} for port in service["port_mappings"] or ()],
        )

    def _group(self, group: Json, members: Sequence[Mapping[str, Any]]) -> None:
        number = group["app_group_id"]
        self._add("groups", number, group_id=number, biz_code=group["biz_code"], name=group["name"])
        for member in members:
            app = int(member["app_id"])
            if self._is_known("apps", app):
                self._add("group_members", int(member["id"]), member_id=int(member["id"]), group_id=number, app_id=app)

    def _database_instance(self, instance: str) -> None:
        databases = self._reader.databases(instance)
        engines = [one["engine"] for one in databases if one["engine"]]
        self._add("rds_instances", instance, instance_id=instance, engine=engines[0] if engines else "MySQL")
        for one in databases:
            self._add(
                "databases",
                (instance, one["name"]),
                instance_id=instance,
                name=one["name"],
                character_set=one["character_set"],
                description=one["description"] or "",
                status=one["status"],
                due_at=None if one["status"] == "Running" else _soon(),
            )
        for one in self._reader.accounts(instance):
            self._add(
                "accounts",
                (instance, one["name"]),
                instance_id=instance,
                name=one["name"],
                account_type=one["type"],
                description=one["description"] or "",
                priv_exceeded=bool(one["privileges_exceeded"]),
                privileges={grant["database"]: grant["privilege"] for grant in one["privileges"] or ()},
                status=one["status"],
                due_at=None if one["status"] == "Available" else _soon(),
            )
        for one in self._reader.backups(instance):
            self._add(
                "backups",
                (instance, one["backup_id"]),
                instance_id=instance,
                backup_id=one["backup_id"],
                backup_type=one["type"],
                mode=one["mode"],
                method=one["method"],
                status=one["status"],
                databases=list(one["databases"] or ()),
                size=one["size_bytes"] or 0,
                started=one["start_time"],
                ended=one["end_time"],
                host_instance_id=one["host_instance_id"] or "",
            )


def _operator(shown: Mapping[str, Any]) -> Json:
    """Return the settings with the user that deploy orders name."""
    user_id = shown.get("user_id") or shown.get("main_user_id")
    return {"operator": {"user_id": user_id, "user_nick": shown.get("user_nick") or ""}} if user_id else {}


def _soon() -> float:
    return time.time() + SECONDS_TO_GO


def _epoch(moment: str | None) -> float:
    """Return a time of a result, in UTC, as epoch seconds. Zero stands for none."""
    return parse(moment).timestamp() if moment else 0.0


def _order_times(order: Json) -> tuple[float | None, float | None]:
    """Return start and end of an order. Both are shown in minutes, and the time between them in seconds."""
    if not order["start_time"]:
        return None, None
    started = _epoch(order["start_time"])
    if not order["end_time"]:
        return started, None
    elapsed = float(order["elapsed_seconds"] or 0)
    started = max(started, _epoch(order["end_time"]) - elapsed)
    return started, started + elapsed


def _batches(order: Json, pods: Sequence[Json]) -> list[int]:
    """Return the number of pods of each batch: as they came, the rest evenly."""
    count, total = order["partitions"] or 1, order["total_instances"] or 0
    sizes = [sum(pod["partition"] == number + 1 for pod in pods) for number in range(count)]
    if sum(sizes) != total:
        small, rest = divmod(total, count)
        sizes = [small + (number >= count - rest) for number in range(count)]
    return sizes


def _release(schema_id: int | None, configs: Mapping[int, Mapping[str, Any]]) -> Json:
    """Return what a release ran with: the documents of its deploy config as they are stored now."""
    config = configs.get(schema_id or 0)
    if config is None:
        return {"schema_id": schema_id or 0}
    return {
        "schema_id": schema_id,
        "workload": next(
            filter(None, (_text(config[kind]) for kind in ("deployment", "stateful_set", "cron_job"))), ""
        ),
        "config_map_list": _texts(config["config_maps"]),
        "secret_list": _texts(config["secrets"]),
        "code_path": config["code_path"] or "",
    }


def _text(manifest: Manifest | None) -> str:
    return "" if manifest is None else document_text(manifest)


def _texts(manifests: Iterable[Manifest] | None) -> list[str]:
    return [document_text(manifest) for manifest in manifests or ()]


def _without_query(url: str | None) -> str:
    """Return an address without its query, which can be a signature."""
    return (url or "").partition("?")[0]
