# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role drift: what environments run, and all differences of an app at once."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import (
    MODULE_CASES,
    MYSQL,
    WHOLE_CONFIG,
    WHOLE_SERVICE,
    config_map,
    deployment,
    secret,
)
from tests.conformance.playbook_runner import WAITING, control, run_tasks, task
from tests.conformance.test_drift import drift

IMAGE = "registry.example.com/shop"
ENVIRONMENT: dict[str, Any] = {
    "env_type": "online",
    "region": "cn-zhangjiakou",
    "replicas": 2,
    "cluster": "emu-online",
    "deploy_config": "web",
    "release": {"images": [f"{IMAGE}:1.0"]},
}
CONFIG: dict[str, Any] = {**WHOLE_CONFIG, "deployment": deployment(), "config_maps": [config_map("web", level="info")]}
# A person edits the ConfigMaps.
EDITED: dict[str, Any] = {
    "app": "shop",
    "name": "web",
    "env_type": "online",
    "config_maps": [config_map("web", level="debug")],
}
SECRET = "canary-secret"
[CASE] = [case for case in MODULE_CASES if case.module == "jst_application"]


def shop(**changed: Any) -> dict[str, Any]:
    """The options of an app without databases."""
    own = {"group": None, "databases": [], "accounts": [], "deploy_configs": [CONFIG]}
    return {**CASE.key, **CASE.create, **own, **changed}


def prepare(address: str, folder: Path, *tasks: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Run modules that all succeed, and return their results."""
    records = run_tasks(address, folder, [task(module, module, options) for module, options in tasks])
    assert not [record.result for record in records if record.result["failed"]]
    return [record.result for record in records]


def inspect(address: str, folder: Path, described: dict[str, Any]) -> tuple[dict[str, Any], list[str], str]:
    """The record of the app in the report, the lines on the console, and the page."""
    inventory, data, page = folder / "hosts.yml", folder / "drift.json", folder / "drift.html"
    variables = {f"application_{name}": value for name, value in described.items() if value is not None}
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {"shop": variables}}}, sort_keys=False))
    control(address, "calls", method="DELETE")
    _records, _output, said = drift(
        address, inventory, drift_json=str(data), drift_html=str(page), drift_language="en", drift_unmanaged=["none"]
    )
    report = json.loads(data.read_text())
    [app] = report["apps"]
    html = page.read_text()
    assert SECRET not in html + data.read_text() + "".join(said)
    assert report["counts"]["not_known"] == ("not_known" in app["status"])
    assert report["drifted"] is (app["status"] != ["as_described"])
    return app, said, html


def running_differences(app: dict[str, Any]) -> dict[str, list[str]]:
    """Environment -> why it runs something else than what is described."""
    return {
        item["resource"].split("'")[1]: [reason["reason"] for reason in item["reasons"]]
        for item in app["differences"]
        if item["finding"] == "runs"
    }


def place(environment: str) -> dict[str, Any]:
    """The options that name an environment."""
    return {"app": "shop", "environment": environment}


def check_info(address: str, folder: Path, names: Sequence[str], halfway: int, pending: int) -> None:
    """The info module shows the same without a description.

    :param names: of the environments that were released.
    :param halfway: the id of the closed order.
    :param pending: the id of the unfinished order.
    """
    [listed] = prepare(address, folder, ("jst_environment_info", {"app": "shop", "running": True}))
    shown = {item["name"]: item["running"] for item in listed["environments"]}
    assert {name: one["configuration_is_released"] for name, one in shown.items()} == {
        **dict.fromkeys(names, False),
        "foreign": None,
        "never": None,
    }
    assert [name for name, one in shown.items() if not one["configuration_is_known"]] == ["foreign"]
    assert {name: one["instances"] for name, one in shown.items()} == {
        **dict.fromkeys(names, 2),
        **{"scaled": 3, "auto": 4, "free": 4, "gone": 0, "never": 0, "sick": shown["sick"]["instances"]},
    }
    assert [name for name, one in shown.items() if one["unhealthy_instances"]] == ["sick"]
    assert {name: one["unfinished_orders"] for name, one in shown.items() if one["unfinished_orders"]} == {
        "pending": [pending]
    }
    assert shown["pending"]["versions"] == ["1.0", "2.0"]
    assert (shown["halfway"]["deploy_order_id"], shown["never"]["deploy_order_id"]) == (halfway, None)


def test_what_environments_run(emulators: Emulators, tmp_path: Path) -> None:
    """Each shows why it differs, whether a run would mend that or not; the others do not show."""
    address = emulators.fresh()
    names = ("plain", "scaled", "auto", "free", "halfway", "foreign", "pending", "sick", "loose", "gone")
    environments = {name: {**copy.deepcopy(ENVIRONMENT), "name": name} for name in names}
    environments["free"]["release"]["scale"] = False
    described = shop(environments=list(environments.values()))
    [made] = prepare(address, tmp_path, ("jst_application", {**described, **WAITING}))
    ids = {item["name"]: item["environment_id"] for item in made["application"]["environments"]}
    del environments["loose"]["release"]
    described["environments"].append({**ENVIRONMENT, "name": "never"})
    del described["environments"][-1]["release"]
    prepare(address, tmp_path, ("jst_application", {**described, **WAITING}))
    assert inspect(address, tmp_path, described)[0]["status"] == ["as_described"]

    begun = {"images": [f"{IMAGE}:2.0"], "pause_type": "first", **WAITING}
    by_hand = {"EnvId": ids["foreign"], "Name": "by hand", "TotalPartitions": 1, "ContainerImageList": [f"{IMAGE}:1.0"]}
    results = prepare(
        address,
        tmp_path,
        ("jst_deployment", {**place("halfway"), **begun}),
        ("jst_deployment", {**place("pending"), **begun}),
        ("jst_scale", {**place("scaled"), "replicas": 3, **WAITING}),
        ("jst_environment", {"app": "shop", "name": "gone", "state": "offline"}),
        ("jst_api", {"action": "DeployApp", "parameters": by_hand}),
    )
    halfway, pending = (result["deploy_order"]["deploy_order_id"] for result in results[:2])
    prepare(address, tmp_path, ("jst_deploy_order", {"deploy_order_id": halfway, "state": "closed"}))
    [sick] = run_tasks(
        address,
        tmp_path,
        [task("sick", "jst_deployment", {**place("sick"), "images": [f"{IMAGE}:1.0-crash"], **WAITING})],
    )
    assert sick.result["failed"]
    for name in ("auto", "free"):
        control(address, "instances", {"env_id": ids[name], "count": 4})
    control(address, "clock", {"advance_s": 1200})
    prepare(address, tmp_path, ("jst_deploy_config", EDITED))

    app, said, html = inspect(address, tmp_path, described)
    found = running_differences(app)
    assert found == {
        "scaled": ["instances"],
        "auto": ["instances"],
        "halfway": ["interrupted", "versions"],
        "pending": ["versions", "unfinished"],
        "sick": ["interrupted", "versions", "unhealthy"],
        "gone": ["offline"],
    }
    [unknown] = app["not_known"]
    assert (unknown["resource"], unknown["unknown"]) == ("environment 'foreign'", ["configuration"])
    assert unknown["deploy_order_id"] == results[-1]["response"]["deploy_order_id"]
    assert app["not_read"] == []
    assert app["status"] == ["differ", "not_known"]
    # What is stored differs, and what runs is as described.
    stored = {item["resource"]: item["options"] for item in app["differences"] if item["finding"] == "differs"}
    assert stored == {"deploy config 'web/online'": ["config_maps"]}
    assert [line for line in said if "replicas" in line] == []
    texts = "\n".join(said)
    assert "  environment 'scaled' runs 3 instances instead of 2" in said
    assert f"  environment 'pending' has deploy order {pending} " in texts
    assert f"  environment 'halfway' has instances that deploy order {halfway} " in texts
    assert "  environment 'foreign': the configuration that it runs is not known" in said
    assert "<p>It runs 3 instances instead of 2.</p>" in html
    assert "<strong>environment 'foreign'</strong>: the service does not show with which configuration" in html
    assert f"Deploy order {unknown['deploy_order_id']} does not record it." in html

    check_info(address, tmp_path, names, halfway, pending)

    # The description follows the person: now everything that was released before runs something older.
    followed = {**described, "deploy_configs": [{**CONFIG, "config_maps": EDITED["config_maps"]}]}
    app, _said, _html = inspect(address, tmp_path, followed)
    found = running_differences(app)
    assert [name for name, reasons in found.items() if "configuration" in reasons] == [
        *("plain", "scaled", "auto", "free", "pending", "loose")
    ]
    assert app["not_read"] == []
    stored = {item["resource"]: item["options"] for item in app["differences"] if item["finding"] == "differs"}
    assert stored == {}


def test_no_difference_hides_another(emulators: Emulators, tmp_path: Path) -> None:
    """Two that cannot be changed, an extra privilege, a Secret, and those that a run would mend, all in one report."""
    address = emulators.fresh()
    described = {**shop(), "databases": CASE.create["databases"], "accounts": CASE.create["accounts"]}
    described["environments"] = [{**ENVIRONMENT, "name": "production", "services": [WHOLE_SERVICE]}]
    grant = {"DbInstanceId": MYSQL, "AccountName": "shop", "DbName": "scratch", "AccountPrivilege": "ReadOnly"}
    prepare(
        address,
        tmp_path,
        ("jst_application", {**described, **WAITING}),
        ("jst_rds_db", {"instance_id": MYSQL, "name": "scratch", "character_set": "utf8mb4", **WAITING}),
        ("jst_api", {"action": "GrantDbToAccount", "parameters": grant}),
        ("jst_deploy_config", {**CONFIG, "app": "shop", "secrets": [secret("web", f"{SECRET}-2")]}),
    )
    other = copy.deepcopy(described)
    other["databases"][0]["character_set"] = "latin1"
    other["environments"][0].update(region="cn-hangzhou", replicas=3)
    other["environments"][0]["services"][0]["port_mappings"][0]["target_port"] = "9090"

    app, said, html = inspect(address, tmp_path, other)
    assert app["status"] == ["differ"]
    assert app["not_read"] == []
    assert [(item["resource"], item["finding"], item["options"]) for item in app["differences"]] == [
        (f"database 'shop' of {MYSQL}", "fixed", ["character_set"]),
        (f"account 'shop' of {MYSQL}", "fixed", ["privileges"]),
        ("environment 'production'", "fixed", ["region"]),
        ("deploy config 'web/online'", "differs", ["secrets"]),
        ("service 'web' of environment 'production'", "differs", ["port_mappings"]),
        ("environment 'production'", "runs", []),
    ]
    assert running_differences(app) == {"production": ["secrets", "instances"]}
    assert "'database': 'scratch'" in app["differences"][1]["diff"][0]
    assert "  deploy config 'web/online' differs in secrets" in said
    assert "<strong>deploy config 'web/online'</strong>: secrets" in html

    # A run says the same before it writes anything, in check mode and without.
    for record in run_tasks(
        address,
        tmp_path,
        [task(str(check), "jst_application", {**other, **WAITING}, check_mode=check) for check in (True, False)],
    ):
        assert record.writes == []
        assert [(item["resource"], item["error"]["code"]) for item in record.result["errors"]] == [
            (f"database 'shop' of {MYSQL}", "ImmutableDifference"),
            (f"account 'shop' of {MYSQL}", "ImmutableDifference"),
            ("environment 'production'", "ImmutableDifference"),
        ]
        for words in ("character_set is 'utf8mb4', asked for 'latin1'", "ReadOnly on scratch", "region is"):
            assert words in record.result["msg"]


def test_a_closed_port_is_a_finding(emulators: Emulators, tmp_path: Path) -> None:
    """Whether the service is held back, or sends its requests there already."""
    address = emulators.fresh()
    environment = {**copy.deepcopy(ENVIRONMENT), "name": "production", "services": [copy.deepcopy(WHOLE_SERVICE)]}
    described = shop(environments=[environment])
    prepare(address, tmp_path, ("jst_application", {**described, **WAITING}))
    moved = copy.deepcopy(described)
    [service] = moved["environments"][0]["services"]
    service["port_mappings"][0]["target_port"] = "9090"
    for finding, held_back, words in (("differs", True, "is not changed yet"), ("closed", False, "sends requests")):
        app, said, html = inspect(address, tmp_path, moved)
        [found] = app["differences"]
        assert (found["resource"], found["finding"]) == ("service 'web' of environment 'production'", finding)
        assert found["options"] == (["port_mappings"] if held_back else [])
        assert [reason["reason"] for reason in found["reasons"]] == ["closed_port"]
        assert any(f"service 'web' of environment 'production' {words}" in line for line in said)
        assert f"<p>It {words}" in html
        prepare(address, tmp_path, ("jst_service", {**service, **place("production")}))
