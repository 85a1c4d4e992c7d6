# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode rejects what the service rejects, but for what an earlier task of the same run would change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, ENVIRONMENT, MYSQL, PLACE
from tests.conformance.playbook_runner import WAITING, Recorded, task

IMAGE = "registry.example.com/shop:1.0"
# Nothing was released in either. The first has no cluster.
BARE, IDLE = ({"app": "shop", "environment": name} for name in ("bare", "idle"))
GRANT = {"database": "orders", "privilege": "ReadOnly"}
WITH_PRIVILEGE = {"instance_id": MYSQL, "name": "shop", "password": "Canary-Password-1", "privileges": [GRANT]}

# Module, options of a task that the service rejects, what is said of it, and the task that would change it.
REJECTED: dict[str, tuple[str, dict[str, Any], str, tuple[str, dict[str, Any]]]] = {
    "app": (
        "jst_app",
        {"title": "shop", "state": "absent"},
        "App 'shop' still has environment 'production', environment 'bare', environment 'idle'. Delete these",
        ("jst_environment", {"app": "shop", "name": "production", "state": "absent", "force": True}),
    ),
    "environment": (
        "jst_environment",
        {"app": "shop", "name": "production", "state": "absent"},
        "Environment 'production' still has 2 instances. First take the environment offline and delete its resources",
        ("jst_environment", {"app": "shop", "name": "production", "state": "offline"}),
    ),
    "deploy config": (
        "jst_deploy_config",
        {"app": "shop", "name": "web", "env_type": "online", "state": "absent"},
        "Deploy config 'web/online' is used by environment 'production', environment 'bare', environment 'idle'.",
        ("jst_environment", {"app": "shop", "name": "production", "state": "absent", "force": True}),
    ),
    "group": (
        "jst_app_group",
        {"biz_code": "JST", "name": "storefronts", "state": "absent"},
        "App group 'storefronts/JST' still has members: 10001. Remove these members first, or set force=true.",
        ("jst_app_group", {"biz_code": "JST", "name": "storefronts", "apps": ["cart"], "purge_apps": True}),
    ),
    "volume": (
        "jst_persistent_volume",
        {"cluster": "emu-online", "name": "emu-media", "state": "absent"},
        "Persistent volume 'emu-media' is bound to the claim 'media', and a bound volume cannot be deleted.",
        ("jst_persistent_volume_claim", {**PLACE, "name": "media", "state": "absent"}),
    ),
    "cluster": (
        "jst_cluster",
        {"title": "emu-online", "state": "absent"},
        "Cluster 'emu-online' still has applications on it: shop/production. Delete these applications first, or set "
        "force=true.",
        ("jst_app", {"title": "shop", "state": "absent", "force": True}),
    ),
    "label": (
        "jst_node_label",
        {"cluster": "emu-online", "key": "label.jst.com/role", "value": "web", "state": "absent"},
        "Node label 'label.jst.com/role/web' still has members: i-emu-node-1.",
        (
            "jst_node_label",
            {
                "cluster": "emu-online",
                "key": "label.jst.com/role",
                "value": "web",
                "instance_ids": ["i-emu-node-2"],
                "purge": True,
            },
        ),
    ),
    "scaling": (
        "jst_scale",
        {**IDLE, "replicas": 3},
        "Environment 'idle' runs nothing that could be scaled: it was never released, or it was taken offline.",
        ("jst_deployment", {**IDLE, "images": [IMAGE]}),
    ),
    "release": (
        "jst_deployment",
        {**BARE, "images": [IMAGE]},
        "Environment 'bare' has no cluster, so nothing can be released to it.",
        ("jst_resource_alloc", {**BARE, "cluster": "emu-online"}),
    ),
    "privilege": (
        "jst_rds_account",
        WITH_PRIVILEGE,
        "There is no database 'orders'.",
        ("jst_rds_db", {"instance_id": MYSQL, "name": "orders", "character_set": "utf8mb4"}),
    ),
}
# Modules of these do not wait.
WITHOUT_WAIT = ("app", "environment", "deploy config", "group", "label")


@pytest.fixture(scope="module")
def account(emulators: Emulators, tmp_path_factory: pytest.TempPathFactory) -> Account:
    """An account in which something is in the way of every task. No test changes anything in it."""
    made = Account(emulators.fresh(), tmp_path_factory.mktemp("check"))
    made.deployed(IMAGE)
    prepared = made.run_tasks(
        task("another app", "jst_app", {**APP, "title": "cart"}),
        task("bare", "jst_environment", {**ENVIRONMENT, "name": "bare"}),
        task("idle", "jst_environment", {**ENVIRONMENT, "name": "idle", "cluster": "emu-online"}),
        task("group", "jst_app_group", {"biz_code": "JST", "name": "storefronts", "apps": ["shop"]}),
        task(
            "claim",
            "jst_persistent_volume_claim",
            {**PLACE, "name": "media", "capacity": "1Gi", "access_mode": "ReadWriteMany", "storage_class": "emu-media"},
        ),
        task(
            "label",
            "jst_node_label",
            {
                "cluster": "emu-online",
                "key": "label.jst.com/role",
                "value": "web",
                "instance_ids": ["i-emu-node-1"],
            },
        ),
    )
    assert not any(record.result["failed"] for record in prepared), prepared
    return made


def checked(account: Account, *tasks: tuple[str, dict[str, Any]], in_process: bool = True) -> list[Recorded]:
    """What tasks of one run say in check mode."""
    named = [task(f"{number} {module}", module, options) for number, (module, options) in enumerate(tasks)]
    return account.run_tasks(*named, in_process=in_process, options=["--check"])


@pytest.mark.parametrize("name", REJECTED)
def test_what_the_service_rejects(name: str, account: Account) -> None:
    """Check mode says it in the words of the real run, which has those of the service too."""
    module, options, message, _before = REJECTED[name]
    (preview,) = checked(account, (module, options))
    assert message in preview.result["msg"]
    assert preview.writes == []
    (real,) = account.run_tasks(task(name, module, {**options, **({} if name in WITHOUT_WAIT else WAITING)}))
    assert preview.result["msg"] in real.result["msg"]


# How a module in an interpreter learns what an earlier task predicts is the same for all: something gone or new.
IN_INTERPRETER = ("app", "privilege")


@pytest.mark.parametrize(
    ("name", "in_process"), [*((name, True) for name in REJECTED), *((name, False) for name in IN_INTERPRETER)]
)
def test_what_an_earlier_task_would_change(name: str, in_process: bool, account: Account) -> None:
    """What is in the way now would be gone in a real run, and what lacks would be there."""
    module, options, message, before = REJECTED[name]
    first, second = checked(account, before, (module, options), in_process=in_process)
    assert first.result["changed"], first.result
    assert not second.result["failed"], second.result
    assert second.result["changed"]
    assert first.writes == second.writes == []
    # The next run knows nothing of it, and a later task changes nothing that an earlier one needs.
    first, second = checked(account, (module, options), before, in_process=in_process)
    assert message in first.result["msg"]


def test_an_earlier_task_that_changes_nothing(account: Account) -> None:
    """Nor does one that reads, one that has failed, and one that is about something else."""
    module, options, message, _before = REJECTED["scaling"]
    *others, last = checked(
        account,
        ("jst_app", {"title": "shop", "language": "Java"}),
        ("jst_environment_info", {"app": "shop"}),
        ("jst_deployment", {"app": "shop", "environment": "nowhere", "images": ["not an image"]}),
        ("jst_app", {"title": "shop", "language": "PHP"}),
        (module, options),
    )
    assert [record.result.get("changed") for record in others] == [False, False, False, True]
    assert message in last.result["msg"]


def test_a_run_in_check_mode_changes_nothing_of_a_real_one(account: Account) -> None:
    """A task with check_mode in a real run reads what the tasks before have done, and others do not come true."""
    module, options, message, before = REJECTED["release"]
    done, foretold, refused = account.run_tasks(
        task("real", "jst_app", {"title": "cart", "description": "changed"}),
        task("check before", *before, check_mode=True),
        task("check", module, options, check_mode=True),
        in_process=True,
    )
    assert done.result["changed"], done.result
    assert foretold.result["changed"], foretold.result
    assert message in refused.result["msg"]


@pytest.mark.parametrize("name", ["new", "production"])
def test_a_deploy_config_that_is_misspelt(name: str, account: Account) -> None:
    """A task before may make it, so it is assumed; the warning says what else may be meant."""
    (preview,) = checked(account, ("jst_environment", {**ENVIRONMENT, "name": name, "deploy_config": "wep"}))
    assert preview.result["changed"], preview.result
    (warning,) = preview.result["warnings"]
    assert "There is no deploy config 'wep' for online in app 'shop', did you mean 'web'?" in str(warning)
    assert "A real run is assumed to create it first." in str(warning)
