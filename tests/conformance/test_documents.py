# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes documents on their way: how they leave, what counts as a change, and what is never kept back."""

from __future__ import annotations

import base64
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import AN_APP, CLUSTER, MYSQL, VOLUME, deployment, secret
from tests.conformance.playbook_runner import Recorded, in_interpreter, run_tasks, task

ODD_TEXTS = {
    "a": "1e3",
    "b": "y",
    "c": "1e-5",
    "d": "12e45",
    "e": "n",
    "f": "true",
    "g": "null",
    "h": "2026-01-01",
    "i": ".inf",
    "y": "0644",
    "1e3": "1:30",
}
ACCEPTED = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: accepted
  labels: &both {app: a}
  annotations: &both {app: b}
data:
  operator: =
"""
CONFIG = {"app": "shop", "name": "forms", "env_type": "online"}


def forms() -> dict[str, Any]:
    """A Deployment with texts that readers of YAML 1.1 and of YAML 1.2 take for different things."""
    document = deepcopy(deployment())
    document["metadata"]["annotations"] = ODD_TEXTS
    document["spec"]["template"]["metadata"]["labels"]["commit"] = "1234e56"
    return document


def hidden(options: str, thing: str, advice: str = "") -> str:
    """The warning about options that were neither compared nor sent."""
    text = f"The service does not show {options} of {thing}, so what was given was neither compared nor sent."
    return f"{text} {advice}".strip()


def by_hand(action: str, **parameters: Any) -> dict[str, Any]:
    """A call past the module."""
    return task(f"by hand: {action}", "jst_api", {"action": action, "parameters": parameters})


def encoded(text: str) -> str:
    """As the service takes it."""
    return base64.b64encode(text.encode()).decode()


def config(name: str, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """A task that manages the deploy config, with its diff."""
    return task(name, "jst_deploy_config", {**CONFIG, **options}, diff=True, check_mode=check_mode)


def whole(name: str, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """A task that manages an app with one deploy config."""
    described = {"name": "main", "env_type": "online", "deployment": deployment(), **options}
    app = {**AN_APP[0][1], "title": "whole", "deploy_configs": [described]}
    return task(name, "jst_application", app, diff=True, check_mode=check_mode)


def updates(record: Recorded) -> list[dict[str, Any]]:
    """What the task sent to update the deploy config."""
    return [call["params"] for call in record.calls if call["action"] == "UpdateDeployConfig"]


@pytest.mark.parametrize("in_process", [True, False], ids=["in worker", "ordinary"])
def test_documents(in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    """One deploy config through all forms of its documents."""
    dated = deepcopy(deployment())
    dated["metadata"]["annotations"] = {"since": "2026-01-01"}
    quoted = yaml.safe_dump(dated)
    plain = quoted.replace("'2026-01-01'", "2026-01-01")
    assert plain != quoted
    added, changed = [secret("s", "canary-first")], [secret("s", "canary-later")]
    empty = {**deployment(), "spec": {"template": {"spec": {"containers": []}}}}
    twice = "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: b\n  a: c\n"
    tasks = [
        *(task(f"prepare {module}", module, options) for module, options in AN_APP),
        config("mapping", deployment=forms()),
        config("mapping again", deployment=forms()),
        by_hand("UpdateDeployConfig", AppId=10001, Id=30001, CodePath="/app/code", Deployment=encoded(plain)),
        config("quotes, predicted", True, deployment=quoted),
        config("quotes", deployment=quoted),
        config("quotes again", deployment=quoted),
        config("mapping once more", deployment=forms()),
        config("mapping once more again", deployment=forms()),
        config("text", True, deployment=plain),
        config("accepted, predicted", True, config_maps=[ACCEPTED]),
        config("accepted", config_maps=[ACCEPTED]),
        config("accepted again", config_maps=[ACCEPTED.replace("&both ", "")]),
        config("secret, predicted", True, secrets=added),
        config("secret", secrets=added),
        config("secret again", secrets=added),
        config("secret changed, predicted", True, secrets=changed),
        config("secret changed", secrets=changed),
        config("secret changed again", secrets=changed),
        config("no secrets, predicted", True, secrets=[]),
        config("no secrets", secrets=[]),
        config("no secrets again", secrets=[]),
        config("no containers, predicted", True, deployment=empty),
        config("no containers", deployment=empty),
        config("a key twice, predicted", True, config_maps=[twice]),
        config("a key twice", config_maps=[twice]),
    ]
    tasks += [
        whole("application"),
        whole("application secret, predicted", True, secrets=added),
        whole("application secret", secrets=added),
        whole("application secret again", secrets=added),
        whole("application secret changed", secrets=changed),
        whole("application no secrets", secrets=[]),
        whole("application no secrets again", secrets=[]),
        whole("application no containers, predicted", True, deployment=empty),
        whole("application no containers", deployment=empty),
    ]
    address = emulators.fresh("canonical")
    if not in_process:  # what an interpreter is handed, each form once
        tasks = [one if re.search("again$|predicted$", one["name"]) else in_interpreter(one) for one in tasks]
    done = {record.task: record for record in run_tasks(address, tmp_path, tasks, in_process=True)}
    results = {name: record.result for name, record in done.items()}
    assert [name for name, result in results.items() if result["failed"]] == [
        "no containers, predicted",
        "no containers",
        "a key twice, predicted",
        "a key twice",
        "application no containers, predicted",
        "application no containers",
    ]
    for name in ("no containers", "a key twice", "application no containers"):
        assert results[name]["msg"] == results[f"{name}, predicted"]["msg"]
        assert done[name].calls == []

    (created,) = (call["params"] for call in done["mapping"].calls if call["action"] == "CreateDeployConfig")
    for reader in (yaml.safe_load, YAML(typ="safe", pure=True).load):
        assert reader(created["Deployment"]) == forms()
    for name, result in results.items():
        assert result["changed"] == (not result["failed"] and not name.endswith(" again")), name

    # Adding quotes is a change, and shows.
    for name in ("quotes, predicted", "quotes"):
        before, after = (results[name]["diff"][side].splitlines() for side in ("before", "after"))
        assert {line.strip() for line in set(before) - set(after)} == {"since: 2026-01-01"}
        assert {line.strip() for line in set(after) - set(before)} == {"since: '2026-01-01'"}
    (sent,) = updates(done["quotes"])
    assert (sent["Deployment"], sent["CodePath"]) == (quoted, "/app/code")
    (warning,) = results["text"]["warnings"]
    assert warning.startswith("Option deployment holds values that readers of YAML 1.1 and of YAML 1.2 understand")

    assert results["accepted"]["deploy_config"]["config_maps"][0]["data"] == {"operator": "="}

    # What was given is sent.
    for name in ("secret", "secret changed", "application secret", "application secret changed"):
        assert len(updates(done[name])) == 1, name
    for result in (results["secret changed"], results["secret changed, predicted"]):
        assert "- s (changed, content hidden)" in result["diff"]["after"]
        assert result["deploy_config"]["secrets"] == ["s"]
    for name in ("no secrets, predicted", "no secrets"):
        assert "Secret 's' remains, without data." in results[name]["warnings"][0]
        assert results[name]["deploy_config"]["secrets"] == ["s"]
    assert "Secret 's' remains, without data." in results["application no secrets"]["warnings"][0]
    for name in ("no secrets again", "application no secrets again"):
        assert "warnings" not in results[name]
    for name, record in done.items():
        for word in ("canary-first", "canary-later"):
            assert word not in str(record.result), name


def test_what_is_never_shown_is_warned_of_in_every_run(emulators: Emulators, tmp_path: Path) -> None:
    """What only creation sends, in check mode and without."""
    account = {"instance_id": MYSQL, "name": "shop", "password": "Canary-Password-1"}
    volume = {**VOLUME, "cluster": "emu-online", "name": "media"}
    cluster = {**CLUSTER, "title": "new", "net_plug": "flannel"}
    app = {**AN_APP[0][1], "namespace": "shop", "group": "storefronts"}
    rows: list[tuple[str, dict[str, Any], list[str]]] = [
        (
            "jst_app",
            app,
            [
                hidden("namespace", "app 'shop'"),
                hidden("group", "app 'shop'", "Use jst_app_group to put an app into a group."),
            ],
        ),
        (
            "jst_rds_account",
            account,
            # Its option says that creation sends the password, and no response ever shows it.
            [],
        ),
        ("jst_persistent_volume", volume, [hidden("mount_target_domain, nfs_version", "persistent volume 'media'")]),
        (
            "jst_cluster",
            cluster,
            [
                hidden(
                    "cluster_type, password, cloud_monitor, public_slb, snat_entry, log_integration, net_plug",
                    "cluster 'new'",
                )
            ],
        ),
    ]
    tasks = [task("group", "jst_app_group", {"biz_code": "JST", "name": "storefronts"})]
    for module, options, _dummy in rows:
        tasks += [
            task(f"{module} made", module, options),
            task(f"{module} predicted", module, options, check_mode=True),
            task(f"{module} again", module, options),
        ]
    tasks.append(task("always", "jst_rds_account", {**account, "update_password": "always"}))
    done = {record.task: record.result for record in run_tasks(emulators.fresh("canonical"), tmp_path, tasks)}
    for module, _options, warnings in rows:
        assert done[f"{module} made"]["changed"], done[f"{module} made"]
        assert "warnings" not in done[f"{module} made"]
        for result in (done[f"{module} predicted"], done[f"{module} again"]):
            assert (result["changed"], result.get("warnings", [])) == (False, warnings), module
    assert (done["always"]["changed"], done["always"].get("warnings")) == (True, None)
