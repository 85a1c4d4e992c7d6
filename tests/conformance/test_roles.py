# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles from nothing to a change and a removal, and mistakes in their variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import control
from tests.conformance.role_examples import CANARY, ROLES, Example, example

# Databases and accounts

MYSQL = {"instance_id": "rm-emu0000000000001"}
SHOP_PASSWORD = {"shop_password": f"{CANARY}-1"}


@pytest.fixture
def databases(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Example:
    """The example of role database."""
    return example("database", emulators, tmp_path, monkeypatch)


def rds(address: str) -> tuple[list[str], dict[str, dict[str, str]]]:
    """The databases of the emulator, and the privileges of each account."""
    state = control(address, "state")
    return (
        sorted(database["name"] for database in state["databases"]),
        {account["name"]: account["privileges"] for account in state["accounts"]},
    )


def test_database(databases: Example) -> None:
    """Databases and an account with privileges; then one database takes the place of another."""
    databases.check_then_run(**SHOP_PASSWORD)
    assert rds(databases.address) == (["orders", "stock"], {"shop": {"orders": "ReadWrite", "stock": "ReadOnly"}})
    databases.settled(**SHOP_PASSWORD)

    shop = {**MYSQL, "name": "shop", "password": f"{CANARY}-2"}
    changed: dict[str, Any] = {
        "database_databases": [
            {**MYSQL, "name": "stock", "state": "absent"},
            {**MYSQL, "name": "orders", "character_set": "utf8mb4", "state": "present"},
            {**MYSQL, "name": "carts", "character_set": "utf8mb4"},
        ],
        "database_accounts": [
            {
                **shop,
                "privileges": [
                    {"database": "orders", "privilege": "ReadOnly"},
                    {"database": "carts", "privilege": "ReadWrite"},
                ],
            },
            {**MYSQL, "name": "nobody", "state": "absent"},
        ],
    }
    done, output = databases.run(**changed)
    assert [record.writes for record in done if record.writes] == [
        ["DeleteDatabase"],
        ["CreateDb"],
        ["GrantDbToAccount", "GrantDbToAccount"],
    ], output
    assert rds(databases.address) == (["carts", "orders"], {"shop": {"orders": "ReadOnly", "carts": "ReadWrite"}})
    databases.settled(**changed)

    rotated = {"database_databases": [], "database_accounts": [{**shop, "update_password": "always"}]}
    assert [record.writes for record in databases.check_then_run(**rotated)] == [["ResetAccountPassword"]]
    removed = {"database_databases": [], "database_accounts": [{**MYSQL, "name": "shop", "state": "absent"}]}
    assert [record.writes for record in databases.check_then_run(**removed)] == [["DeleteRdsAccount"]]
    databases.settled(**removed)


def test_database_mistakes(databases: Example) -> None:
    """Mistakes in the variables of role database."""
    orders = {**MYSQL, "name": "orders"}
    account = {**MYSQL, "name": "shop", "password": f"{CANARY}-3"}
    databases.refused(
        {
            "variable": ({"database_acounts": [account]}, "no variable database_acounts"),
            "member": ({"database_accounts": [{**account, "pasword": "x"}]}, "pasword"),
            "state": ({"database_databases": [{**orders, "state": "gone"}]}, "one of: present, absent, got: gone"),
            "privilege": (
                {"database_accounts": [{**account, "privileges": [{"database": "orders", "privilege": "All"}]}]},
                "got: All",
            ),
            "no-character-set": ({"database_databases": [orders]}, "missing: character_set"),
            "no-password": ({"database_accounts": [{**MYSQL, "name": "shop"}]}, "missing: password"),
            "twice": (
                {"database_databases": [{**orders, "character_set": "gbk"}, {**orders, "state": "absent"}]},
                "Each database can be listed once",
            ),
            "account-twice": ({"database_accounts": [account, account]}, "Each account can be listed once"),
        }
    )


def test_application_takes_the_same_databases() -> None:
    """What role application hands on to role database is described in the same way, but for what removes."""

    def plain(options: dict[str, Any], *left_out: str) -> dict[str, Any]:
        """What options take, without the words about it."""
        return {
            name: {
                key: plain(value) if key == "options" else value
                for key, value in described.items()
                if key not in ("description", *left_out)
            }
            for name, described in options.items()
        }

    def options(role: str, name: str) -> dict[str, Any]:
        specs = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text())
        found: dict[str, Any] = specs["argument_specs"]["main"]["options"][f"{role}_{name}"]["options"]
        found.pop("state", None)
        return plain(found, "required")

    for name in ("databases", "accounts"):
        assert options("application", name) == options("database", name)


# Clusters

WEB = {"key": "label.jst.com/role", "value": "web"}
BATCH = {"key": "label.jst.com/role", "value": "batch"}


@pytest.fixture
def clusters(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Example:
    """The example of role cluster."""
    return example("cluster", emulators, tmp_path, monkeypatch)


def nodes(*names: str, **members: str) -> list[dict[str, str]]:
    """Entries of ``cluster_nodes``."""
    return [{"instance_id": f"i-emu-{name}", **members} for name in names]


def made(address: str) -> dict[str, Any]:
    """What the emulator holds of the cluster of the example."""
    state = control(address, "state")
    [cluster] = [one for one in state["clusters"] if one["title"] == "shop-online"]
    mine = cluster["cluster_instance_id"]
    labels = {one["label_id"]: one["label_value"] for one in state["node_labels"] if one["cluster_instance_id"] == mine}
    bindings = [
        (labels[one["label_id"]], one["instance_id"])
        for one in state["node_label_bindings"]
        if one["label_id"] in labels
    ]
    return {
        "nodes": sorted(one["instance_id"] for one in state["ecs"] if one["cluster_instance_id"] == mine),
        "labels": sorted(labels.values()),
        "bindings": sorted(bindings),
        "volumes": [one["name"] for one in state["volumes"] if one["cluster_instance_id"] == mine],
    }


def test_cluster(clusters: Example) -> None:
    """A cluster from nothing, and after each change of its nodes, labels and volumes."""
    done = clusters.check_then_run()
    assert [record.writes for record in done] == [
        ["CreateCluster"],
        ["AddClusterNode"],
        ["CreateNodeLabel", "BindNodeLabel", "BindNodeLabel", "CreateNodeLabel", "BindNodeLabel"],
        ["CreatePersistentVolume"],
    ]
    assert made(clusters.address) == {
        "nodes": ["i-emu-spare-1", "i-emu-spare-2", "i-emu-spare-3"],
        "labels": ["batch", "web"],
        "bindings": [("batch", "i-emu-spare-3"), ("web", "i-emu-spare-1"), ("web", "i-emu-spare-2")],
        "volumes": ["shop-media"],
    }
    clusters.settled()

    changed = {
        "cluster_nodes": [*nodes("spare-1"), *nodes("spare-3", state="absent")],
        "cluster_node_labels": [
            {**WEB, "instance_ids": ["i-emu-spare-1"], "purge": True},
            {**BATCH, "state": "absent", "force": True},
        ],
        "cluster_persistent_volumes": [{"name": "shop-media", "state": "absent"}],
    }
    clusters.check_then_run(**changed)
    left = {"nodes": ["i-emu-spare-1", "i-emu-spare-2"], "labels": ["web"], "volumes": []}
    assert made(clusters.address) == {**left, "bindings": [("web", "i-emu-spare-1")]}
    clusters.settled(**changed)

    purged = {
        "cluster_nodes": [*nodes("spare-1", "spare-4"), *nodes("spare-2", state="absent")],
        "cluster_purge_nodes": True,
        "cluster_node_labels": [],
        "cluster_persistent_volumes": [],
    }
    done = clusters.check_then_run(**purged)
    assert [record.writes for record in done if record.writes] == [["AddClusterNode", "RemoveClusterNode"]]
    assert made(clusters.address)["nodes"] == ["i-emu-spare-1", "i-emu-spare-4"]


def test_existing_cluster(clusters: Example) -> None:
    """The title or the id of a cluster that exists is enough, and a difference fails before anything is written."""
    hosts = clusters.folder / "inventory" / "hosts.yml"
    hosts.write_text(
        yaml.safe_dump(
            {
                "jst_clusters": {
                    "hosts": {
                        "emu-online": {"cluster_nodes": nodes("node-1", "spare-1")},
                        "by-id": {
                            "cluster_id": "c000000000000000000000000000000e2",
                            "cluster_node_labels": [{**WEB, "instance_ids": ["i-emu-node-4"]}],
                        },
                    }
                }
            }
        )
    )
    done, _dummy = clusters.run()
    assert sorted((record.host, *record.writes) for record in done if record.writes) == [
        ("by-id", "CreateNodeLabel", "BindNodeLabel"),
        ("emu-online", "AddClusterNode"),
    ]
    clusters.settled()

    done, output = clusters.run("--limit", "emu-online", fails=True, cluster_biz_code="SUPPLY")
    assert [record.writes for record in done] == [[]]
    assert "biz_code" in output
    done, output = clusters.run("--limit", "emu-online", fails=True, cluster_title="emu-onlien")
    assert [record.writes for record in done] == [[]]
    assert "To create cluster" in output


def test_cluster_mistakes(clusters: Example) -> None:
    """Mistakes in the variables of role cluster."""
    volume = {"name": "media", "capacity": "1Gi"}
    clusters.refused(
        {
            "variable": ({"cluster_node": nodes("spare-1")}, "no variable cluster_node"),
            "member": ({"cluster_node_labels": [{**WEB, "instances": []}]}, "instances"),
            "state": ({"cluster_nodes": nodes("spare-1", state="gone")}, "one of: present, absent, got: gone"),
            "kind": ({"cluster_type": "Standart"}, "got: Standart"),
            "two-ways-in": (
                {"cluster_key_pair": "operators", "cluster_password": f"{CANARY}-4"},
                "mutually exclusive: password|key_pair",
            ),
            "half-a-volume": ({"cluster_persistent_volumes": [volume]}, "missing: access_mode"),
            "purge-without-nodes": ({"cluster_purge_nodes": True}, "cluster_nodes has to list the nodes that stay"),
            "twice": ({"cluster_nodes": nodes("spare-1", "spare-1")}, "Each node can be listed once"),
            "label-twice": ({"cluster_node_labels": [WEB, WEB]}, "Each label can be listed once"),
            "volume-twice": (
                {"cluster_persistent_volumes": [{"name": "media", "state": "absent"}] * 2},
                "Each persistent volume can be listed once",
            ),
        }
    )
