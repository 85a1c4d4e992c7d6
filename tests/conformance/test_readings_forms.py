# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that show something in another form than it was sent: what means the same is no difference.

What a write did not bring about is a warning, and never an endless change without a word.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.in_process_runner import run_in_process
from tests.conformance.module_cases import (
    A_CONFIG,
    AN_APP,
    AN_ENVIRONMENT,
    APP,
    CONFIG,
    MODULE_CASES,
    MYSQL,
    OWNER,
    PLACE,
    config_map,
    cron_job,
    deployment,
    secret,
)
from tests.conformance.playbook_runner import COLLECTION, WAITING, Recorded, control, run_playbook
from tests.conformance.test_module_lifecycle import WAITS

Options = dict[str, Any]
ROW = {case.module: case for case in MODULE_CASES}
CANARY = "canary-secret-value"
GROUP = {"biz_code": "JST", "name": "storefronts"}
DATABASES = [
    ("jst_rds_db", {"instance_id": MYSQL, "name": name, "character_set": "utf8mb4"}) for name in ("shop", "carts")
]
SQLSERVER = "rm-emu0000000000002"
ACCOUNT = {"instance_id": MYSQL, "name": "shop", "password": "Shop-Password-1"}
SERVICE = {
    **PLACE,
    "k8s_service_id": "web",
    "name": "web",
    "service_type": "ClusterIP",
    "port_mappings": [{"name": "http", "port": 80, "target_port": "8080"}],
}


@dataclass(frozen=True)
class Read:
    """An emulator under some readings."""

    address: str

    def run(self, module: str, options: Options, **further: Any) -> Recorded:
        """Run a module, waiting where it can wait."""
        return run_in_process(self, module, **{**options, **(WAITING if module in WAITS else {})}, **further)

    def ends_well(self, module: str, options: Options, **further: Any) -> Recorded:
        """Run a module that must not fail."""
        done = self.run(module, options, **further)
        assert not done.result["failed"], done.result["msg"]
        return done

    def is_settled(self, module: str, options: Options) -> Recorded:
        """Run a module that must find everything as described."""
        done = self.ends_well(module, options)
        assert (done.result["changed"], done.writes) == (False, []), done.result.get("diff")
        return done

    def prepare(self, things: list[tuple[str, Options]]) -> None:
        """Make what has to be there before."""
        for module, options in things:
            self.ends_well(module, options)


@pytest.fixture
def read(emulators: Emulators, request: pytest.FixtureRequest) -> Read:
    """An emulator under the readings that the parameter names, in the world that it starts with."""
    address = emulators.fresh()
    control(address, "readings", dict(one.split("=") for one in request.param.split()))
    return Read(address)


def under(*readings: str) -> pytest.MarkDecorator:
    """Let a test run under each of these combinations of readings."""
    return pytest.mark.parametrize("read", readings, indirect=True)


def warnings(done: Recorded) -> list[str]:
    """What a task has warned of."""
    found: list[str] = done.result.get("warnings", [])
    return found


def warned(done: Recorded, *texts: str) -> bool:
    """Whether one warning of a task holds all these texts."""
    return any(all(text in warning for text in texts) for warning in warnings(done))


# What means the same


@pytest.mark.parametrize(
    ("read", "module"),
    [
        ("service_type=title", "jst_app"),
        ("biz_name=title", "jst_app"),
        ("biz_name=title_of_groups", "jst_app_group"),
        ("biz_name=title", "jst_app_group"),
        ("user_roles=implied", "jst_app"),
        ("cluster_ip_node_port=zero", "jst_service"),
        ("headless=when_true", "jst_service"),
        ("headless_of_node_port=shown", "jst_service"),
        ("slb_unused_settings=zero", "jst_slb_ap"),
        ("capacities=bytes", "jst_persistent_volume"),
        ("inner_lists=reversed", "jst_app"),
        ("grants=databases", "jst_rds_account"),
        ("code_path_on_update=required", "jst_deploy_config"),
        ("config_map=list", "jst_deploy_config"),
        ("documents=with_defaults", "jst_deploy_config"),
        ("documents=with_defaults document_form=json", "jst_deploy_config"),
        ("document_form=requoted document_encoding=base64", "jst_deploy_config"),
    ],
    indirect=["read"],
)
def test_a_life_under_a_form(read: Read, module: str) -> None:
    """Created, left alone, changed, left alone and deleted; a run that has nothing to do says nothing."""
    case = ROW[module]
    read.prepare(case.prepare)
    create = {**case.key, **case.create}
    assert read.ends_well(module, create).result["changed"]
    quiet = [text for text in warnings(read.is_settled(module, create)) if "password" not in text]
    assert [text for text in quiet if "mount_target_domain" not in text] == []
    if case.change:
        change = {**create, **case.change}
        assert read.ends_well(module, change).result["changed"]
        read.is_settled(module, change)
    read.ends_well(module, {**case.key, "state": "absent", **(case.absent or {})})


def rich_pod() -> Options:
    """A pod with what Kubernetes fills defaults into."""
    probe = {"httpGet": {"port": 8080}}
    return {
        "containers": [
            {
                "name": "web",
                "image": "registry.example.com/shop:1.0",
                "ports": [{"containerPort": 8080}],
                "env": [{"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                "livenessProbe": probe,
                "readinessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 5},
                "lifecycle": {"preStop": {"httpGet": {"path": "/stop", "port": 8080}}},
                "resources": {"requests": {"cpu": 0.5, "memory": "1024Mi"}},
                "volumeMounts": [{"name": "config", "mountPath": "/config"}],
            },
            {"name": "latest", "image": "registry.example.com/side"},
        ],
        "initContainers": [{"name": "init", "image": "registry.example.com/init@sha256:" + "0" * 64}],
        "serviceAccountName": "shop",
        "volumes": [
            {"name": "config", "configMap": {"name": "web"}},
            {"name": "token", "secret": {"secretName": "token"}},
            {"name": "scratch", "emptyDir": {}},
        ],
    }


def workload(kind: str) -> Options:
    """A workload with such a pod."""
    if kind == "CronJob":
        document = cron_job()
        document["spec"]["jobTemplate"]["spec"]["template"]["spec"] = {**rich_pod(), "restartPolicy": "Never"}
        return document
    document = deployment()
    document["kind"] = kind
    document["spec"]["template"]["spec"] = rich_pod()
    if kind == "StatefulSet":
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1024Mi"}}}
        document["spec"].update(
            serviceName="shop", volumeClaimTemplates=[{"metadata": {"name": "data"}, "spec": claim}]
        )
    return document


WORKLOADS = {"deployment": "Deployment", "stateful_set": "StatefulSet", "cron_job": "CronJob"}
STATE_TYPES = {"deployment": "stateless", "stateful_set": "stateful", "cron_job": "cron_job"}


@under("documents=with_defaults", "documents=with_defaults document_form=requoted document_encoding=base64")
def test_defaults_of_kubernetes_are_no_difference(read: Read) -> None:
    """In every kind of document. What is described is compared, defaults too."""
    for option, kind in WORKLOADS.items():
        read.ends_well("jst_app", {**APP, "title": option, "state_type": STATE_TYPES[option]})
        config: Options = {
            "app": option,
            "name": "web",
            "env_type": "online",
            option: workload(kind),
            "config_maps": [config_map("web", level="info")],
            "secrets": [secret("token", CANARY), {**secret("encoded", ""), "data": {"key": "c2VjcmV0"}}],
        }
        del config["secrets"][1]["stringData"]
        read.ends_well("jst_deploy_config", config)
        assert warnings(read.is_settled("jst_deploy_config", config)) == []
        changed = deepcopy(config)
        changed["secrets"][0]["stringData"]["token"] += "-2"
        done = read.ends_well("jst_deploy_config", changed)
        assert done.result["changed"]
        before, after = done.result["diff"]["before"], done.result["diff"]["after"]
        assert [line for line in after.splitlines() if line not in before.splitlines()] == [
            "- token (changed, content hidden)"
        ]
        read.is_settled("jst_deploy_config", changed)
    described = workload("Deployment")
    described["spec"]["replicas"] = 2
    described["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] = "Always"
    done = read.ends_well("jst_deploy_config", {**CONFIG, "app": "deployment", "deployment": described})
    assert done.result["changed"]
    # The diff shows what was asked for, and not what Kubernetes has filled in elsewhere.
    assert "terminationGracePeriodSeconds" not in done.result["diff"]["before"]
    read.is_settled("jst_deploy_config", {**CONFIG, "app": "deployment", "deployment": described})


@under("texts=trimmed")
def test_white_space_at_the_ends_is_no_difference(read: Read) -> None:
    """A block of YAML ends with a line break, which a description may lose."""
    app = {**APP, "description": "All shops.\n", "biz_title": " Shop "}
    read.ends_well("jst_app", app)
    assert warnings(read.is_settled("jst_app", app)) == []
    assert read.ends_well("jst_app", {**app, "description": "All shops"}).result["changed"]


@under("claim_capacity=volume", "capacities=canonical claim_capacity=volume")
def test_a_bound_claim_has_the_whole_volume(read: Read) -> None:
    """Its capacity is that of the volume then, which holds at least what was asked for; less is a difference."""
    read.prepare(AN_ENVIRONMENT)
    claim = {**PLACE, "name": "media", "access_mode": "ReadWriteMany", "storage_class": "emu-media"}
    read.ends_well("jst_persistent_volume_claim", {**claim, "capacity": "50Gi"})
    assert warnings(read.is_settled("jst_persistent_volume_claim", {**claim, "capacity": "50Gi"})) == []
    done = read.run("jst_persistent_volume_claim", {**claim, "capacity": "500Gi"})
    assert "capacity is" in done.result["msg"]


@under("db_owner=custom")
def test_an_owner_of_a_database_may_be_shown_as_custom(read: Read) -> None:
    """The words of answers have no owner."""
    read.prepare([("jst_rds_db", {"instance_id": SQLSERVER, "name": "shop", "character_set": "Chinese_PRC_CI_AS"})])
    account = {**ACCOUNT, "instance_id": SQLSERVER, "privileges": [{"database": "shop", "privilege": "DBOwner"}]}
    read.ends_well("jst_rds_account", account)
    read.is_settled("jst_rds_account", account)


@under("grants=databases")
def test_privileges_are_read_from_the_databases_too(read: Read) -> None:
    """Those that nobody described are seen there as well."""
    read.prepare(DATABASES)
    granted = [{"database": name, "privilege": "ReadOnly"} for name in ("shop", "carts")]
    read.ends_well("jst_rds_account", {**ACCOUNT, "privileges": granted})
    assert len(read.is_settled("jst_rds_account", {**ACCOUNT, "privileges": granted}).calls) == 2
    done = read.run("jst_rds_account", {**ACCOUNT, "privileges": granted[:1]})
    assert "ReadOnly on carts" in done.result["msg"]


# Types that have no word


@under("app_type=two", "app_type=two documents=with_defaults")
@pytest.mark.parametrize("state_type", ["cron_job", "daemonset"])
def test_an_app_of_a_type_without_a_word(read: Read, state_type: str) -> None:
    """It is managed; that its type was not compared is said, and a type that has a word is compared."""
    app = {**APP, "state_type": state_type}
    read.ends_well("jst_app", app)
    assert warned(read.is_settled("jst_app", app), "does not show state_type")
    config: Options = {"app": "shop", "name": "web", "env_type": "online"}
    if state_type == "cron_job":
        config["cron_job"] = cron_job()
        assert warned(read.ends_well("jst_deploy_config", config), "state_type stateless", "cron_job")
        read.is_settled("jst_deploy_config", config)
    refused = read.run("jst_app", {**APP, "state_type": "stateful"})
    assert "state_type is 'stateless', asked for 'stateful'" in refused.result["msg"]


# What nobody gave


@under("cluster_ip_node_port=zero")
def test_a_port_that_the_service_reports_is_no_option(read: Read) -> None:
    """0 is none where there are no node ports; where there are, an update keeps those that were assigned."""
    read.prepare(AN_ENVIRONMENT)
    created = read.ends_well("jst_service", SERVICE)
    assert created.result["service"]["port_mappings"][0]["node_port"] is None
    ports = [*SERVICE["port_mappings"], {"name": "admin", "port": 81, "target_port": "8081"}]
    assert read.ends_well("jst_service", {**SERVICE, "port_mappings": ports}).writes == ["ModifyService"]
    node = {**SERVICE, "k8s_service_id": "node", "name": "node", "service_type": "NodePort"}
    assigned = read.ends_well("jst_service", node).result["service"]["port_mappings"][0]["node_port"]
    assert assigned > 0
    changed = read.ends_well("jst_service", {**node, "port_mappings": ports}).result["service"]["port_mappings"]
    assert {port["name"]: port["node_port"] for port in changed}["http"] == assigned


# What a write did not bring about


@under("user_roles=as_given")
def test_a_role_that_an_owner_had(read: Read) -> None:
    """Whether it follows from being the owner cannot be seen: it stays, and that is said."""
    read.ends_well("jst_app", {**APP, "user_roles": [*OWNER, {**OWNER[0], "role_name": "PE"}]})
    done = read.ends_well("jst_app", {**APP, "user_roles": OWNER})
    assert (done.result["changed"], done.writes) == (False, [])
    assert warned(done, "shows its owner", "as PE too")


@under("user_roles=operator")
def test_roles_that_the_service_gives_by_itself(read: Read) -> None:
    """Each run says them, writes once and does not count as changed. Described, they are no difference."""
    app = {**APP, "user_roles": [{**OWNER[0], "user_id": "1002"}]}
    first = read.ends_well("jst_app", app)
    assert warned(first, "Option user_roles of app 'shop' was written", "1001")
    again = read.ends_well("jst_app", app)
    assert (again.result["changed"], again.writes) == (False, ["UpdateApp"])
    assert warned(again, "Option user_roles of app 'shop' was written", "1001")
    shown = [
        {name: role[name] for name in ("role_name", "user_id", "user_type")}
        for role in again.result["app"]["user_roles"]
    ]
    assert warnings(read.is_settled("jst_app", {**app, "user_roles": shown})) == []


@pytest.mark.parametrize(
    ("read", "module", "before", "after", "option"),
    [
        (
            "user_roles_on_update=added",
            "jst_app",
            {**APP, "user_roles": [*OWNER, {**OWNER[0], "user_id": "1002", "role_name": "Dev"}]},
            APP,
            "user_roles",
        ),
        (
            "empty_texts_on_update=kept",
            "jst_app",
            {**APP, "description": "old"},
            {**APP, "description": ""},
            "description",
        ),
        (
            "port_mappings_on_update=added",
            "jst_service",
            {**SERVICE, "port_mappings": [*SERVICE["port_mappings"], {"name": "a", "port": 81, "target_port": "81"}]},
            SERVICE,
            "port_mappings",
        ),
    ],
    indirect=["read"],
)
def test_what_an_update_cannot_take_away(read: Read, module: str, before: Options, after: Options, option: str) -> None:
    """A run says so each time, and is no change; what else it wrote is one."""
    if module != "jst_app":
        read.prepare(AN_ENVIRONMENT)
    read.ends_well(module, before)
    for _dummy in range(2):
        done = read.ends_well(module, after)
        assert (done.result["changed"], len(done.writes)) == (False, 1)
        assert warned(done, f"Option {option} of", "was written, and the service still shows another value")
    name = "biz_title" if module == "jst_app" else "name"
    assert read.ends_well(module, {**after, name: "other"}).result["changed"]


# Secrets


@under("secret_documents=masked", "secret_documents=without_values", "secret_documents=names", "sample_gaps=missing")
def test_secrets_without_values(read: Read) -> None:
    """Asterisks are no value. They are sent in every run, or kept back, as an option has it, and either is said."""
    read.prepare(AN_APP)
    config = {**CONFIG, "secrets": [secret("token", CANARY)]}
    for _dummy in range(2):
        done = read.ends_well("jst_deploy_config", config)
        assert done.result["changed"]
        assert warned(done, "does not show secrets", "every run sends", "update_secrets=on_create")
        assert CANARY not in str(done.result)
    kept = {**config, "update_secrets": "on_create"}
    assert warned(read.is_settled("jst_deploy_config", kept), "does not show secrets", "neither compared nor sent")


@under("secret_documents=shown", "documents=with_defaults")
def test_a_secret_that_differs_is_a_finding(read: Read) -> None:
    """The result of the whole app names the option, in check mode too, and no value."""
    read.prepare(A_CONFIG)
    config = {name: value for name, value in CONFIG.items() if name != "app"}
    app, changed = (
        {**APP, "deploy_configs": [{**config, "secrets": [secret("token", value)]}]}
        for value in (CANARY, f"{CANARY}-2")
    )
    read.ends_well("jst_application", app)
    for further in ({"_ansible_check_mode": True}, {}):
        done = read.ends_well("jst_application", changed, **further)
        assert done.result["differences"] == [{"resource": "deploy config 'web/online'", "options": ["secrets"]}]
        assert CANARY not in str(done.result)
    assert read.is_settled("jst_application", changed).result["differences"] == []


@under("secret_documents=shown", "secret_documents=masked")
def test_drift_of_a_secret(read: Read, tmp_path: Path) -> None:
    """One that is seen to differ is reported, and one that is not shown was not compared, which is no drift."""
    read.prepare(A_CONFIG)
    config = {name: value for name, value in CONFIG.items() if name != "app"}
    secrets = [{**config, "secrets": [secret("token", value)]} for value in (CANARY, f"{CANARY}-2")]
    read.ends_well("jst_application", {**APP, "deploy_configs": [secrets[0]]})
    described = {f"application_{name}": value for name, value in {**APP, "deploy_configs": [secrets[1]]}.items()}
    inventory, data = tmp_path / "hosts.yml", tmp_path / "drift.json"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {"shop": described}}}))
    variables = json.dumps({"drift_json": str(data), "drift_unmanaged": ["none"]})
    _dummy, output = run_playbook(
        read.address, tmp_path, ["-i", str(inventory), "-c", "local", f"{COLLECTION}.drift", "-e", variables]
    )
    assert data.exists(), output
    assert CANARY not in output
    report = json.loads(data.read_text())
    finding = {"resource": "deploy config 'web/online'", "options": ["secrets"]}
    found = [{name: item[name] for name in finding} for item in report["apps"][0]["differences"]]
    uncompared = report["apps"][0]["not_compared"]
    shown = control(read.address, "readings")["secret_documents"] == "shown"
    assert (found, uncompared) == (([finding], []) if shown else ([], [finding])), report
    assert report["drifted"] == shown
    assert ("secrets of deploy config 'web/online' was not compared" in output) == (not shown)
