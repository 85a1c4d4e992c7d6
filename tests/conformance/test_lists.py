# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account holds before anything is made: users, backups, clusters and their load; and the filters of lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import MYSQL
from tests.conformance.playbook_runner import Recorded, run_tasks, some_in_interpreter, task

ONLINE = "c000000000000000000000000000000e1"
TEST = "c000000000000000000000000000000e2"
ROLE = {"cluster": "emu-online", "key": "label.jst.com/role"}
VOLUME = {
    "cluster": "emu-online",
    "capacity": "1Gi",
    "access_mode": "ReadWriteOnce",
    "reclaim_policy": "Delete",
    "mount_target_domain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com",
    "nfs_version": "3",
}

TASKS = [
    task("users", "jst_user_info", {}),
    task("user by id", "jst_user_info", {"user_id": "dt-1003"}),
    task("users by type", "jst_user_info", {"user_type": "TAOBAO"}),
    task("users by type and name", "jst_user_info", {"user_type": "TAOBAO", "real_name": "王五"}),
    task("backups", "jst_rds_backup_info", {"instance_id": MYSQL}),
    task("backup by id", "jst_rds_backup_info", {"instance_id": MYSQL, "backup_id": "900002"}),
    task("backups by type", "jst_rds_backup_info", {"instance_id": MYSQL, "type": "FullBackup", "status": "Success"}),
    task("backups by status", "jst_rds_backup_info", {"instance_id": MYSQL, "status": "Failed"}),
    task("clusters", "jst_cluster_info", {}),
    task("clusters for tests", "jst_cluster_info", {"env_type": "test", "biz_code": "JST"}),
    task("clusters of another domain", "jst_cluster_info", {"biz_code": "SUPPLY"}),
    task("cluster by id", "jst_cluster_info", {"cluster_id": ONLINE, "details": True}),
    task("label", "jst_node_label", {**ROLE, "value": "web", "instance_ids": ["i-emu-node-1"]}),
    task("other label", "jst_node_label", {**ROLE, "value": "batch", "instance_ids": ["i-emu-node-2"]}),
    task("labels", "jst_node_label_info", {"cluster": "emu-online"}),
    task("labels by value", "jst_node_label_info", {**ROLE, "value": "batch"}),
    task("labels of a node", "jst_node_label_info", {"cluster": "emu-online", "instance_id": "i-emu-node-1"}),
    task("labels of a node by value", "jst_node_label_info", {**ROLE, "value": "web", "instance_id": "i-emu-node-2"}),
    task("volume", "jst_persistent_volume", {**VOLUME, "name": "one", "storage_class": "one"}),
    task("other volume", "jst_persistent_volume", {**VOLUME, "name": "two", "storage_class": "two"}),
    task("volumes", "jst_persistent_volume_info", {"cluster": ONLINE, "status": "Available"}),
    task("volumes by class", "jst_persistent_volume_info", {"cluster": "emu-online", "storage_class": "two"}),
    task("failed volumes", "jst_persistent_volume_info", {"cluster": "emu-online", "status": "Failed"}),
    task("group", "jst_app_group", {"biz_code": "JST", "name": "one"}),
    task("other group", "jst_app_group", {"biz_code": "SUPPLY", "name": "two"}),
    task("groups", "jst_app_group_info", {"biz_code": "SUPPLY"}),
    task("groups by name", "jst_app_group_info", {"biz_code": "SUPPLY", "name": "one"}),
]


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_lists(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    """Each list holds what fits its filters, in both ways of running and both shapes of answer."""
    tasks = some_in_interpreter(TASKS) if answers == "canonical" else TASKS
    records = run_tasks(emulators.fresh(answers), tmp_path, tasks)
    for record in records:
        assert not record.result["failed"], f"{record.task}: {record.result}"
        assert record.action.endswith("_info") == (record.writes == []), record.task
    done = {record.task: record for record in records}
    check_users(done)
    check_backups(done)
    check_clusters(done)
    check_filters(done)


def members(things: list[dict[str, Any]], member: str) -> list[Any]:
    """One member of each thing in a list."""
    return [thing[member] for thing in things]


def check_users(done: dict[str, Recorded]) -> None:
    """Whichever of its two words the service uses for users of DingTalk."""
    assert done["users"].result["users"][2] == {"user_id": "dt-1003", "user_type": "DING_TALK", "real_name": "王五"}
    assert members(done["users"].result["users"], "user_id") == ["1001", "1002", "dt-1003"]
    assert members(done["user by id"].result["users"], "real_name") == ["王五"]
    assert members(done["users by type"].result["users"], "user_id") == ["1001", "1002"]
    assert members(done["users by type and name"].result["users"], "user_id") == []


def check_backups(done: dict[str, Recorded]) -> None:
    """Times with a zone, sizes as numbers, names as a list."""
    full, incremental = done["backups"].result["rds_backups"]
    assert full["start_time"] == "2026-01-02T04:40:55Z"
    assert (full["size_bytes"], full["total_size_bytes"], full["databases"]) == (1875968, 1875968, ["sys_info"])
    assert done["backup by id"].result["rds_backups"] == [incremental]
    assert done["backups by type"].result["rds_backups"] == [full]
    assert done["backups by status"].result["rds_backups"] == []
    assert {call["params"].get("BackupType") for call in done["backups by type"].calls} == {"FullBackup"}


def check_clusters(done: dict[str, Recorded]) -> None:
    """The kind of a cluster is a word, and its load comes in numbers."""
    clusters = {cluster["cluster_id"]: cluster for cluster in done["clusters"].result["clusters"]}
    assert {name: cluster["env_type"] for name, cluster in clusters.items()} == {ONLINE: "online", TEST: "test"}
    assert done["clusters for tests"].result["clusters"] == [clusters[TEST]]
    assert done["clusters of another domain"].result["clusters"] == []
    [cluster] = done["cluster by id"].result["clusters"]
    detail = cluster.pop("detail")
    assert cluster == clusters[ONLINE]
    assert (detail["node_count"], detail["cpu_total"], detail["memory_total_bytes"]) == (3, 12.0, 3 * 8192 * 2**20)
    assert members(detail["nodes"], "instance_id") == cluster["instance_ids"]
    assert all(node["ready"] is True for node in detail["nodes"])
    assert (detail["log_installed"], detail["arms_in_process"]) == (True, False)
    assert detail["allocated_pods"] == []
    assert {"cpu": 1.0, "memory_gb": 1.0, "count": 12} in detail["available_pods"]


def check_filters(done: dict[str, Recorded]) -> None:
    """Lists of labels, volumes and groups."""
    assert members(done["labels"].result["node_labels"], "value") == ["web", "batch"]
    assert members(done["labels"].result["node_labels"], "instance_ids") == [None, None]
    assert members(done["labels by value"].result["node_labels"], "value") == ["batch"]
    assert members(done["labels of a node"].result["node_labels"], "value") == ["web"]
    assert members(done["labels of a node by value"].result["node_labels"], "value") == []
    assert members(done["volumes"].result["persistent_volumes"], "name") == ["emu-media", "one", "two"]
    assert members(done["volumes"].result["persistent_volumes"], "mount_dir") == ["/media", "/", "/"]
    assert members(done["volumes by class"].result["persistent_volumes"], "name") == ["two"]
    assert members(done["failed volumes"].result["persistent_volumes"], "name") == []
    assert members(done["groups"].result["app_groups"], "name") == ["two"]
    assert members(done["groups by name"].result["app_groups"], "name") == []
