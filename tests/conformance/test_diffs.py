# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffs for people: what they are about, names as the user wrote them, and changes whose content is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, HERE, ONLINE, Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import deployment
from tests.conformance.playbook_runner import Recorded, task

IMAGE = "registry.example.com/shop:1.0"
IDS: dict[str, Any] = {"app_id": APP_ID, "environment_id": ENVIRONMENT_ID}
SERVICE: dict[str, Any] = {
    "k8s_service_id": "web",
    "name": "web",
    "service_type": "ClusterIP",
    "port_mappings": [{"name": "http", "port": 80, "target_port": "80"}],
}
PRODUCTION: dict[str, Any] = {"env_type": "online", "region": "cn-zhangjiakou", "name": "production"}
CONFIG: dict[str, Any] = {"app": "shop", "name": "web", "env_type": "online"}
SECRET: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}}
MYSQL = "rm-emu0000000000001"
PASSWORD = "Canary-0123456789"


@pytest.fixture
def account(emulators: Emulators, tmp_path: Path) -> Account:
    """An account with app shop and its environment production."""
    return Account(emulators.fresh(), tmp_path)


def preview(account: Account, module: str, **options: Any) -> Recorded:
    """Run a task in check mode, with its diff."""
    (record,) = account.run_tasks(task(module, module, options, diff=True, check_mode=True))
    assert not record.result["failed"], record.result
    return record


def headers(record: Recorded) -> str:
    """The header of both sides."""
    diff = record.result["diff"]
    assert diff["before_header"] == diff["after_header"]
    return str(diff["after_header"])


def sides(record: Recorded) -> tuple[Any, Any]:
    """Both sides."""
    diff = record.result["diff"]
    return yaml.safe_load(diff["before"]), yaml.safe_load(diff["after"])


@pytest.mark.parametrize(
    ("module", "options", "header"),
    [
        ("jst_service", {**HERE, **SERVICE}, "service 'web' of environment 'production' of app 'shop'"),
        ("jst_service", {**IDS, **SERVICE}, f"service 'web' of environment {ENVIRONMENT_ID} of app {APP_ID}"),
        ("jst_environment", {"app": "shop", **PRODUCTION, "replicas": 3}, "environment 'production' of app 'shop'"),
        ("jst_deployment", {**HERE, "images": [IMAGE]}, "release of environment 'production' of app 'shop'"),
        ("jst_deployment", {**IDS, "images": [IMAGE]}, f"release of environment 'production' of app {APP_ID}"),
        (
            "jst_deploy_config",
            {"app": "shop", "name": "web", "env_type": "online"},
            "deploy config 'web/online' of app 'shop'",
        ),
        ("jst_app", {"title": "shop", "description": "new"}, "app 'shop'"),
    ],
)
def test_headers_name_the_app_and_the_environment(
    module: str, options: dict[str, Any], header: str, account: Account
) -> None:
    assert headers(preview(account, module, **options)) == header


def test_ids_are_shown_by_the_names_that_the_user_wrote(account: Account) -> None:
    """A name stands on both sides where it has the same id, and an id that no option names stays."""
    account.config("other", deployment())
    same = preview(
        account, "jst_environment", app="shop", **PRODUCTION, deploy_config="web", cluster="emu-online", replicas=3
    )
    assert same.result["changed"]
    for side in sides(same):
        assert (side["deploy_config"], side["cluster"]) == ("web", "emu-online")
    moved = preview(account, "jst_environment", app="shop", **PRODUCTION, deploy_config="other")
    assert [side["deploy_config"] for side in sides(moved)] == [DEPLOY_CONFIG_ID, "other"]
    ids = preview(account, "jst_environment", app="shop", **PRODUCTION, deploy_config_id=DEPLOY_CONFIG_ID, replicas=3)
    assert [(side["deploy_config"], side["cluster"]) for side in sides(ids)] == [(DEPLOY_CONFIG_ID, ONLINE)] * 2


def test_a_hidden_change_is_a_change_of_the_diff(account: Account) -> None:
    """The same words for a Secret and for a password, and nothing of either."""

    def secret(value: str) -> dict[str, Any]:
        return {**SECRET, "stringData": {"token": value}}

    database = {"instance_id": MYSQL, "name": "shop"}
    user = {**database, "update_password": "always", "password": PASSWORD}
    _made, changed, _account, always, created = account.run_tasks(
        task("made", "jst_deploy_config", {**CONFIG, "secrets": [secret("canary-one")]}),
        task("changed", "jst_deploy_config", {**CONFIG, "secrets": [secret("canary-two")]}, diff=True),
        task("account", "jst_rds_account", user),
        task("always", "jst_rds_account", user, diff=True),
        task("created", "jst_rds_account", {**user, "name": "other"}, diff=True, check_mode=True),
    )
    before, after = sides(changed)
    assert (before["secrets"], after["secrets"]) == (["token"], ["token (changed, content hidden)"])
    before, after = sides(always)
    assert "password" not in before
    assert after["password"] == "changed, content hidden"
    assert "changed" not in sides(created)[1]["password"]
    assert "canary" not in str([record.result["diff"] for record in (changed, always, created)]).lower()
