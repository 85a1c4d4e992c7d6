# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others did between two runs, and what the service makes of things by itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import get_operation
from ansible_collections.jst.retailcloud.plugins.module_utils._api.parameters import encode_params
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._api.transport import Transport
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import A_CONFIG, AN_ENVIRONMENT, APP, CLAIM, ENVIRONMENT, MYSQL, PLACE, VOLUME
from tests.conformance.playbook_runner import WAITING, Recorded, control, run_playbook, run_tasks, task

DEFAULT_WORLD = Path(__file__).parents[1] / "emulator" / "jst_emulator" / "worlds" / "default.yml"
ONLINE = "c000000000000000000000000000000e1"
TEST = "c000000000000000000000000000000e2"
TWIN = "c000000000000000000000000000000e3"

GROUP = {"biz_code": "JST", "name": "storefronts"}
ROLE = {"cluster": "emu-online", "key": "label.jst.com/role", "value": "web"}
SERVICE = {
    "k8s_service_id": "web",
    "name": "web",
    "service_type": "ClusterIP",
    "port_mappings": [{"name": "http", "port": 80, "target_port": "8080"}],
}
SLB_AP = {
    "slb_id": "lb-emu-intranet-1",
    "listener_port": 80,
    "name": "web",
    "protocol": "TCP",
    "real_server_port": 8080,
}
REASON = "mount target is not reachable"


@pytest.fixture(scope="session")
def odd_world(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A world file with what no call of the API could bring about."""
    clusters = yaml.safe_load(DEFAULT_WORLD.read_text(encoding="utf-8"))["clusters"]
    twin = {**clusters[1], "cluster_instance_id": TWIN, "database_id": 103}
    volume = {
        "cluster_instance_id": ONLINE,
        "access_modes": "ReadWriteMany",
        "reclaim_policy": "Retain",
        "mount_target_domain": VOLUME["mount_target_domain"],
        "created_at": 1767603780,
    }
    world = {
        "clusters": [*clusters, twin],
        "volumes": [
            {**volume, "name": "broken", "storage_class": "a", "capacity": "1Gi", "status": "Failed", "reason": REASON},
            {**volume, "name": "exponent", "storage_class": "b", "capacity": "129e6"},
        ],
        "node_labels": [
            {"label_id": 92001, "cluster_instance_id": ONLINE, "label_key": ROLE["key"], "label_value": ROLE["value"]}
        ],
        "node_label_bindings": [
            {"label_id": 92001, "instance_id": "i-emu-node-1"},
            {"label_id": 92001, "instance_id": "i-emu-spare-1"},
        ],
    }
    file = tmp_path_factory.mktemp("world") / "odd.yml"
    file.write_text(yaml.safe_dump(world), encoding="utf-8")
    return str(file)


def by_hand(action: str, **parameters: Any) -> dict[str, Any]:
    """A task that calls one operation past the modules that know better."""
    return task(f"by hand: {action} {parameters}", "jst_api", {"action": action, "parameters": parameters})


def prepared(things: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Tasks that make what has to be there."""
    return [task(f"prepare {number}", module, {**options}) for number, (module, options) in enumerate(things)]


def played(address: str, folder: Path, tasks: list[dict[str, Any]], **keywords: Any) -> dict[str, Recorded]:
    """What became of each task; whatever was prepared or done by hand went well."""
    records = run_tasks(address, folder, tasks, **keywords)
    for record in records:
        if record.task.startswith(("prepare ", "by hand")):
            assert not record.result["failed"], f"{record.task}: {record.result}"
    return {record.task: record for record in records}


def assert_refused(record: Recorded, *texts: str) -> None:
    """A task failed with a message that holds these texts, and wrote nothing."""
    assert record.result["failed"], record.result
    for text in texts:
        assert text in record.result["msg"], record.result["msg"]
    assert record.writes == []


def assert_unchanged(record: Recorded) -> None:
    """A task found everything as it should be."""
    assert (record.result["failed"], record.result["changed"]) == (False, False), record.result
    assert record.writes == []


def test_group_membership_changed_by_hand(emulators: Emulators, tmp_path: Path) -> None:
    """Who was taken out comes back; who was put in stays, unless purged. What a real run makes first is a change."""
    apps = [{**APP, "title": title} for title in ("shop", "cart", "stray")]
    wanted = {**GROUP, "apps": ["shop", "cart"]}
    member = {"BizCode": "JST", "Name": "storefronts"}
    done = played(
        emulators.fresh(),
        tmp_path,
        [
            *prepared([("jst_app", app) for app in apps]),
            task("create", "jst_app_group", wanted),
            by_hand("UnbindGroup", AppId=10002, **member),
            by_hand("BindGroup", AppId=10003, **member),
            task("mend, check", "jst_app_group", wanted, check_mode=True, diff=True),
            task("mend", "jst_app_group", wanted, diff=True),
            task("mend again", "jst_app_group", wanted),
            task("purge", "jst_app_group", {**wanted, "purge_apps": True}),
            task("purge again", "jst_app_group", {**wanted, "purge_apps": True}),
            task("with one to come", "jst_app_group", {**GROUP, "apps": ["shop", "later"]}, check_mode=True),
            task("with one that is not there", "jst_app_group", {**GROUP, "apps": ["shop", "later"]}),
            task("delete, check", "jst_app_group", {**GROUP, "state": "absent"}, check_mode=True),
            task("delete", "jst_app_group", {**GROUP, "state": "absent"}),
            task("empty", "jst_app_group", {**GROUP, "apps": [], "purge_apps": True}),
            task("delete when empty", "jst_app_group", {**GROUP, "state": "absent"}),
        ],
    )
    mended = done["mend"]
    assert mended.writes == ["BindGroup"]
    assert mended.result["app_group"]["app_ids"] == [10001, 10002, 10003]
    assert done["mend, check"].result["diff"] == mended.result["diff"]
    assert done["mend, check"].result["app_group"] == mended.result["app_group"]
    assert_unchanged(done["mend again"])
    assert done["purge"].writes == ["UnbindGroup"]
    assert done["purge"].result["app_group"]["app_ids"] == [10001, 10002]
    assert_unchanged(done["purge again"])
    assert done["with one to come"].result["changed"] is True
    assert "no app 'later'" in done["with one to come"].result["warnings"][0]
    assert_refused(done["with one that is not there"], "no app 'later'")
    for name in ("delete, check", "delete"):
        assert_refused(done[name], "'storefronts/JST'", "10001, 10002", "force=true")
    assert done["empty"].writes == ["UnbindGroup", "UnbindGroup"]
    assert done["delete when empty"].writes == ["DeleteAppGroup"]


def test_label_of_an_instance_that_left_the_cluster(emulators: Emulators, odd_world: str, tmp_path: Path) -> None:
    """It is shown, does no harm, and can be taken off."""
    wanted = {**ROLE, "instance_ids": ["i-emu-node-1"]}
    done = played(
        emulators.fresh("canonical", "--world", odd_world),
        tmp_path,
        [
            task("info", "jst_node_label_info", {"cluster": "emu-online", "details": True}),
            task("leave it", "jst_node_label", wanted),
            task("delete", "jst_node_label", {**ROLE, "state": "absent"}),
            task("purge", "jst_node_label", {**wanted, "purge": True}),
            task("purge again", "jst_node_label", {**wanted, "purge": True}),
        ],
    )
    [label] = done["info"].result["node_labels"]
    assert label["instance_ids"] == ["i-emu-node-1", "i-emu-spare-1"]
    assert_unchanged(done["leave it"])
    assert_refused(done["delete"], "i-emu-node-1, i-emu-spare-1", "force=true")
    assert done["purge"].writes == ["UnbindNodeLabel"]
    assert done["purge"].result["node_label"]["instance_ids"] == ["i-emu-node-1"]
    assert_unchanged(done["purge again"])


def test_volume_that_failed(emulators: Emulators, odd_world: str, tmp_path: Path) -> None:
    """It fails the task with its reason, the same in every run, until it is deleted."""
    place = {"cluster": "emu-online", "name": "broken"}
    wanted = {**VOLUME, **place, "storage_class": "a", "capacity": "1Gi", "mount_dir": "/"}
    done = played(
        emulators.fresh("canonical", "--world", odd_world),
        tmp_path,
        [
            task("present", "jst_persistent_volume", wanted),
            task("present again", "jst_persistent_volume", wanted),
            task("without waiting", "jst_persistent_volume", {**wanted, "wait": False}),
            task("info", "jst_persistent_volume_info", {"cluster": "emu-online", "status": "Failed"}),
            task("delete", "jst_persistent_volume", {**place, "state": "absent"}),
            task("present once more", "jst_persistent_volume", wanted),
        ],
    )
    for name in ("present", "present again"):
        assert_refused(done[name], "'broken'", REASON)
        assert done[name].result["changed"] is False
    assert done["present"].result == done["present again"].result
    shown = done["present"].result["persistent_volume"]
    assert (shown["status"], shown["reason"]) == ("Failed", REASON)
    assert_unchanged(done["without waiting"])
    assert done["info"].result["persistent_volumes"] == [shown]
    assert done["delete"].writes == ["DeletePersistentVolume"]
    assert done["present once more"].result["persistent_volume"]["status"] == "Available"


def test_capacity_in_another_unit(emulators: Emulators, odd_world: str, tmp_path: Path) -> None:
    """Sizes are the same when they mean the same, in whatever notation; another size is refused."""
    claim = {**PLACE, **CLAIM, "name": "media", "wait": False}
    volume = {"cluster": "emu-online", "name": "exponent"}
    done = played(
        emulators.fresh("canonical", "--world", odd_world),
        tmp_path,
        [
            *prepared(AN_ENVIRONMENT),
            task("prepare claim", "jst_persistent_volume_claim", {**claim, "capacity": "1024Mi"}),
            task("claim in Gi", "jst_persistent_volume_claim", {**claim, "capacity": "1Gi"}, diff=True),
            task("claim in bytes", "jst_persistent_volume_claim", {**claim, "capacity": "1073741824"}),
            task("claim of another size", "jst_persistent_volume_claim", {**claim, "capacity": "1G"}),
            task("volume in M", "jst_persistent_volume", {**volume, "capacity": "129M"}),
            task("volume of another size", "jst_persistent_volume", {**volume, "capacity": "129Mi"}),
            task("no size", "jst_persistent_volume", {**volume, "capacity": "129 MB"}),
        ],
    )
    for name in ("claim in Gi", "claim in bytes", "volume in M"):
        assert_unchanged(done[name])
    assert done["claim in Gi"].result["diff"]["before"] == done["claim in Gi"].result["diff"]["after"]
    assert done["claim in Gi"].result["persistent_volume_claim"]["capacity"] == "1024Mi"
    assert_refused(done["claim of another size"], "capacity is '1024Mi', asked for '1G'")
    assert_refused(done["volume of another size"], "capacity is '129e6', asked for '129Mi'")
    assert_refused(done["no size"], "capacity is '129 MB'")
    assert done["no size"].calls == []


def test_two_clusters_of_one_title(emulators: Emulators, odd_world: str, tmp_path: Path) -> None:
    """No module takes the first that comes; the id tells them apart."""
    done = played(
        emulators.fresh("canonical", "--world", odd_world),
        tmp_path,
        [
            task("present", "jst_cluster", {"title": "emu-test"}),
            task("absent", "jst_cluster", {"title": "emu-test", "state": "absent", "force": True}),
            task("as a parent", "jst_node_label", {**ROLE, "cluster": "emu-test"}),
            task("by id", "jst_cluster", {"title": "emu-test", "cluster_id": TWIN}),
            task("info", "jst_cluster_info", {"title": "emu-test"}),
            task("absent by id", "jst_cluster", {"cluster_id": TWIN, "state": "absent", **WAITING}),
            task("present at last", "jst_cluster", {"title": "emu-test"}),
            task("id that is gone", "jst_cluster", {"cluster_id": TWIN}),
        ],
    )
    for name in ("present", "absent", "as a parent"):
        assert_refused(done[name], "'emu-test'", "more than one cluster", TEST, TWIN, "Give cluster_id")
    assert_unchanged(done["by id"])
    assert [cluster["cluster_id"] for cluster in done["info"].result["clusters"]] == [TEST, TWIN]
    assert done["absent by id"].writes == ["DeleteCluster"]
    assert_unchanged(done["present at last"])
    assert_refused(done["id that is gone"], TWIN)


def test_what_exists_may_break_the_rules_for_what_is_new(emulators: Emulators, tmp_path: Path) -> None:
    """Names of databases and accounts, and regions: samples of the reference break the rules, and regions open."""
    account, base = ({"instance_id": MYSQL, "name": name} for name in ("test1Account", "testDB"))
    elsewhere = {**ENVIRONMENT, "region": "cn-guangzhou"}
    access = {"environment": {"ALIBABA_CLOUD_REGION_ID": "no region"}}
    done = played(
        emulators.fresh(),
        tmp_path,
        [
            *prepared(A_CONFIG),
            task("account, info", "jst_rds_account_info", account),
            task("account, absent", "jst_rds_account", {**account, "state": "absent"}),
            task("account, new", "jst_rds_account", {**account, "password": "Canary-Password-1"}),
            task("database, info", "jst_rds_db_info", base),
            task("database, absent", "jst_rds_db", {**base, "state": "absent"}),
            task("database, new", "jst_rds_db", {**base, "character_set": "utf8mb4"}),
            task("region of no use", "jst_user_info", {}, **access),
            task("region by option", "jst_user_info", {"region": "cn-wulanchabu"}),
            task("region of use", "jst_environment", {**ENVIRONMENT, "name": "new", "region": None}, **access),
            task("region not known, check", "jst_environment", elsewhere, check_mode=True),
            task("region not known", "jst_environment", elsewhere),
            task("region not known, again", "jst_environment", elsewhere),
        ],
    )
    for name in ("account, info", "account, absent", "database, info", "database, absent", "region of no use"):
        assert_unchanged(done[name])
        assert not done[name].result.get("warnings")
    assert not done["region by option"].result.get("warnings")
    for name in ("account, new", "database, new"):
        assert_refused(done[name], "Option name is 'test", "lower-case")
    assert_refused(done["region of use"], "ALIBABA_CLOUD_REGION_ID", "'no region'", "such as cn-hangzhou")
    for name in ("region not known, check", "region not known"):
        assert done[name].result["changed"]
        [warning] = [text for text in done[name].result["warnings"] if "region" in text.lower()]
        assert "'cn-guangzhou'" in warning
    assert_unchanged(done["region not known, again"])


def test_bound_volume_is_not_deleted(emulators: Emulators, tmp_path: Path) -> None:
    """Nothing is sent as long as a claim holds it."""
    place = {"cluster": "emu-online", "name": "media"}
    gone = {**place, "state": "absent"}
    claim = {**PLACE, "name": "claimed", **WAITING}
    done = played(
        emulators.fresh(),
        tmp_path,
        [
            *prepared([*AN_ENVIRONMENT, ("jst_persistent_volume", {**place, **VOLUME})]),
            task("prepare claim", "jst_persistent_volume_claim", {**claim, **CLAIM}),
            task("present", "jst_persistent_volume", {**place, **VOLUME}),
            task("info", "jst_persistent_volume_info", {"cluster": "emu-online", "status": "Bound"}),
            task("delete, check", "jst_persistent_volume", gone, check_mode=True),
            task("delete", "jst_persistent_volume", gone),
            task("delete the claim", "jst_persistent_volume_claim", {**claim, "state": "absent"}),
            task("delete when released", "jst_persistent_volume", gone),
        ],
    )
    assert_unchanged(done["present"])
    shown = done["present"].result["persistent_volume"]
    assert (shown["status"], shown["claim"]) == ("Bound", "claimed")
    assert done["info"].result["persistent_volumes"] == [shown]
    for name in ("delete, check", "delete"):
        assert_refused(done[name], "'media'", "bound to the claim 'claimed'")
    assert done["delete the claim"].writes == ["DeletePersistentVolumeClaim"]
    assert done["delete when released"].writes == ["DeletePersistentVolume"]


def test_cluster_with_applications_asks_for_force(emulators: Emulators, tmp_path: Path) -> None:
    """It says what runs there. One that is on its way out is waited for, and not deleted again."""
    gone = {"title": "emu-online", "state": "absent", **WAITING}
    images = {"images": ["registry.example.com/shop:1.0"]}
    done = played(
        emulators.fresh(),
        tmp_path,
        [
            *prepared([*AN_ENVIRONMENT, ("jst_deployment", {**PLACE, **images, **WAITING})]),
            task("info", "jst_cluster_info", {"title": "emu-online", "details": True}),
            task("delete, check", "jst_cluster", gone, check_mode=True),
            task("delete", "jst_cluster", gone),
            task("delete with force", "jst_cluster", {**gone, "force": True, "wait": False}),
            task("delete again", "jst_cluster", {**gone, "force": True}),
        ],
    )
    [cluster] = done["info"].result["clusters"]
    [pods] = cluster["detail"]["allocated_pods"]
    assert (pods["app"], pods["environment"], pods["count"]) == ("shop", "production", 2)
    for name in ("delete, check", "delete"):
        assert_refused(done[name], "'emu-online'", "shop/production", "force=true")
    assert done["delete with force"].writes == ["DeleteCluster"]
    assert_unchanged(done["delete again"])
    assert done["delete again"].result["cluster"] is None


def test_privilege_that_nobody_asked_for(emulators: Emulators, tmp_path: Path) -> None:
    """The service cannot take it away, so the task says so, unless it is told not to mind."""
    account = {
        "instance_id": MYSQL,
        "name": "shop",
        "password": "Canary-Password-1",
        "privileges": [{"database": "shop", "privilege": "ReadOnly"}],
        **WAITING,
    }
    grant = {"DbInstanceId": MYSQL, "AccountName": "shop", "DbName": "carts", "AccountPrivilege": "ReadWrite"}
    databases = [
        ("jst_rds_db", {"instance_id": MYSQL, "name": name, "character_set": "utf8mb4", **WAITING})
        for name in ("shop", "carts")
    ]
    done = played(
        emulators.fresh(),
        tmp_path,
        [
            *prepared([*databases, ("jst_rds_account", account)]),
            by_hand("GrantDbToAccount", **grant),
            task("present", "jst_rds_account", account),
            task("present, check", "jst_rds_account", account, check_mode=True),
            task("never mind", "jst_rds_account", {**account, "ignore_extra_privileges": True}),
            task("info", "jst_rds_account_info", {"instance_id": MYSQL, "name": "shop"}),
        ],
    )
    for name in ("present", "present, check"):
        assert_refused(done[name], "'shop'", "ReadWrite on carts", "ignore_extra_privileges=true")
    assert_unchanged(done["never mind"])
    [shown] = done["info"].result["rds_accounts"]
    assert {item["database"]: item["privilege"] for item in shown["privileges"]} == {
        "carts": "ReadWrite",
        "shop": "ReadOnly",
    }


@pytest.mark.parametrize("in_process", [True, False], ids=["worker", "interpreter"])
def test_passwords_of_nodes_never_come_out(in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    """The service lists them; no module, however talkative, says them."""
    address = emulators.fresh()
    passwords = [
        cluster["password"] for cluster in yaml.safe_load(DEFAULT_WORLD.read_text(encoding="utf-8"))["clusters"]
    ]
    answer = listed_clusters(address)
    assert [password for password in passwords if password not in answer] == []

    playbook = tmp_path / "playbook.yml"
    tasks = [
        task("clusters", "jst_cluster_info", {"details": True}),
        task("cluster", "jst_cluster", {"title": "emu-online"}, diff=True),
        task("any operation", "jst_api", {"action": "ListCluster"}),
        task("no such cluster", "jst_cluster", {"title": "emu-online", "biz_code": "SUPPLY"}),
    ]
    play_of_tasks = {"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": tasks}
    playbook.write_text(yaml.safe_dump([play_of_tasks]), encoding="utf-8")
    records, output = run_playbook(address, tmp_path, [str(playbook), "-vvvvv"], in_process=in_process)
    assert len(records) == len(tasks), output
    assert records[3].result["failed"]
    everything = output + str(records)
    assert "emu-online" in everything
    assert [password for password in passwords if password in everything] == []


@pytest.mark.parametrize(
    ("module", "options", "identity"),
    [
        ("jst_service", SERVICE, "service_id"),
        ("jst_slb_ap", SLB_AP, "slb_ap_id"),
    ],
)
def test_id_of_another_app(
    module: str, options: dict[str, Any], identity: str, emulators: Emulators, tmp_path: Path
) -> None:
    """A thing of another app is not found by its id, and stays as it is."""
    address = emulators.fresh()
    other = {"app": "other", "environment": "production"}
    elsewhere = [
        (name, {**thing, **({"title": "other"} if name == "jst_app" else {"app": "other"})})
        for name, thing in AN_ENVIRONMENT
    ]
    created = played(
        address, tmp_path, [*prepared([*AN_ENVIRONMENT, *elsewhere]), task("create", module, {**PLACE, **options})]
    )["create"]
    thing = next(value for value in created.result.values() if isinstance(value, dict) and identity in value)
    by_id = {**other, identity: thing[identity]}
    done = played(
        address,
        tmp_path,
        [
            task("delete there", module, {**by_id, "state": "absent"}),
            task("change there", module, {**by_id, "name": "stolen"}),
            task("list there", f"{module}_info", by_id),
            task("list here", f"{module}_info", {**PLACE, identity: thing[identity]}),
        ],
    )
    assert_unchanged(done["delete there"])
    assert_refused(done["change there"], str(thing[identity]))
    assert [value for value in done["list there"].result.values() if isinstance(value, list)] == [[]]
    assert [value for value in done["list here"].result.values() if isinstance(value, list)] == [[thing]]


def listed_clusters(address: str) -> str:
    """The body of the answer to ListCluster as it comes over the wire."""
    keys = {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret", "endpoint": address}
    entry = get_operation("ListCluster")
    transport = Transport(resolve_settings(keys, {}), time.monotonic)
    try:
        return transport.send(entry, encode_params(entry, {}), 1, 0.0).body.decode()
    finally:
        transport.close()


def test_what_can_only_be_seen_or_only_be_asked(emulators: Emulators, tmp_path: Path) -> None:
    """Check mode says what it cannot see, and a key that must not look leaves the decision to the service."""
    address = emulators.fresh()
    claim = {**PLACE, "name": "media", **CLAIM, "storage_class": "nobody", "wait": False}
    point = {**PLACE, "slb_id": "lb-nobody", "listener_port": 80, "protocol": "HTTPS", "ssl_cert_id": "ssl-nobody"}
    point.update(name="web", real_server_port=8080)
    prepare = prepared(AN_ENVIRONMENT)
    denied = {"kind": "gateway", "action": "ListUsers", "code": "NoPermission", "status": 403}
    control(address, "faults", denied)
    done = played(
        address,
        tmp_path,
        [
            *prepare,
            task("claim, check", "jst_persistent_volume_claim", claim, check_mode=True),
            task("claim", "jst_persistent_volume_claim", claim),
            task("point, check", "jst_slb_ap", point, check_mode=True),
            task("point", "jst_slb_ap", point),
        ],
    )
    for name in ("claim, check", "claim"):
        assert done[name].result["changed"] is True, done[name].result
        assert "has the storage class 'nobody'" in done[name].result["warnings"][0]
    warned = " ".join(done["point, check"].result["warnings"])
    assert "Check mode cannot verify that load balancer 'lb-nobody' exists" in warned
    assert "certificate 'ssl-nobody'" in warned
    assert done["point"].result["failed"]
    assert "warnings" not in done["point"].result
