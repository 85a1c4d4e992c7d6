# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input is answered with a message that a person can act on, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.in_process_runner import is_plain
from tests.conformance.module_cases import (
    A_CONFIG,
    APP,
    CLUSTER,
    CONFIG,
    ENVIRONMENT,
    MYSQL,
    PLACE,
    VOLUME,
    Options,
    config_map,
    cron_job,
    deployment,
)
from tests.conformance.playbook_runner import Recorded, control, run_tasks, task

HTML = "http://127.0.0.1:{html}"
REFUSED = "http://127.0.0.1:9"
OWNER = {"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}
NO_CLUSTER = "c00000000000000000000000000000009"
LISTING = {"title": "shop"}
CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}

SLB = {**PLACE, "slb_id": "lb-emu-internet-1", "listener_port": 80, "name": "web", "real_server_port": 8080}


def without_app(options: Options) -> Options:
    """Options as a description of an app has them."""
    return {name: value for name, value in options.items() if name != "app"}


@dataclass(frozen=True)
class Case:
    """A task that has to fail, and texts that its message has to hold.

    :ivar assumed: whether check mode assumes that an earlier task makes what is missing.
    """

    name: str
    module: str
    options: dict[str, Any]
    message: tuple[str, ...]
    calls: bool = True
    assumed: bool = False
    keywords: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case(
        "no region id",
        "jst_environment",
        {**ENVIRONMENT, "name": "new", "region": "cn zhangjiakou"},
        ("Option region is 'cn zhangjiakou'", "such as cn-hangzhou"),
        calls=False,
    ),
    Case(
        "documents as one text",
        "jst_deploy_config",
        {**CONFIG, "config_maps": "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}"},
        ("config_maps has to be a list of documents, and is a string", "as an entry of a list"),
        calls=False,
    ),
    Case(
        "Secrets of a description as one text",
        "jst_application",
        {**without_app(APP), "deploy_configs": [{**without_app(CONFIG), "secrets": "a: canary, b: canary-too"}]},
        ("deploy_configs[0].secrets has to be a list of documents, and is a string",),
        calls=False,
    ),
    Case(
        "mappings as one text",
        "jst_service",
        {**PLACE, "name": "web", "port_mappings": "port=80, target_port=8080"},
        ("port_mappings has to be a list of mappings, and is a string.",),
        calls=False,
    ),
    Case(
        "a key that occurs twice in the JSON of a port",
        "jst_service",
        {
            **PLACE,
            "k8s_service_id": "web",
            "name": "web",
            "service_type": "ClusterIP",
            "port_mappings": ['{"name": "http", "port": 80, "port": 81, "target_port": "8080"}'],
        },
        ("port_mappings[0] has the key 'port' twice in one mapping.",),
        calls=False,
    ),
    Case(
        "a key that occurs twice in the pairs of a role",
        "jst_app",
        {**APP, "title": "new", "user_roles": [OWNER, "user_id=1001 user_id=1002 user_type=TAOBAO role_name=Owner"]},
        ("user_roles[1] has the key 'user_id' twice in one mapping.",),
        calls=False,
    ),
    Case(
        "a key that occurs twice in the parameters of a call",
        "jst_api",
        {"action": "ListUsers", "parameters": "PageNumber=1 PageNumber=2"},
        ("parameters has the key 'PageNumber' twice in one mapping.",),
        calls=False,
    ),
    Case(
        "the text of a list of images",
        "jst_deployment",
        {**PLACE, "images": '["shop:2", "side:1"]'},
        ("images has to be a list, and is a string that contains a list", "as JSON: -e "),
        calls=False,
    ),
    Case(
        "a key that stands twice",
        "jst_deploy_config",
        {**CONFIG, "config_maps": ["kind: ConfigMap\ndata:\n  color: red\n  color: blue"]},
        ("Option config_maps has an entry 1 that has the key 'color' twice in one mapping, the second time in line 4",),
        calls=False,
    ),
    Case(
        "negative replicas",
        "jst_environment",
        {**ENVIRONMENT, "name": "new", "replicas": -1},
        ("Option replicas is -1", "at least 0"),
        calls=False,
    ),
    Case(
        "port out of range", "jst_slb_ap", {**SLB, "listener_port": 70000}, ("listener_port is 70000", "65535"), False
    ),
    Case(
        "port out of range in a list",
        "jst_service",
        {
            **PLACE,
            "k8s_service_id": "web",
            "name": "web",
            "service_type": "ClusterIP",
            "port_mappings": [{"name": "http", "port": 70000, "target_port": "8080"}],
        },
        ("port_mappings", "entry 1", "port is 70000", "between 1 and 65535"),
        calls=False,
    ),
    Case(
        "a port twice",
        "jst_service",
        {
            **PLACE,
            "k8s_service_id": "web",
            "name": "web",
            "service_type": "ClusterIP",
            "port_mappings": [{"name": name, "port": 80, "target_port": "8080"} for name in ("http", "web")],
        },
        ("Option port_mappings lists port 80 (TCP) twice.",),
        calls=False,
    ),
    Case(
        "YAML that does not parse",
        "jst_deploy_config",
        {**CONFIG, "name": "new", "deployment": "kind: Deployment\nmetadata: [unclosed\n"},
        ("Option deployment is not valid YAML", "line 3"),
        calls=False,
    ),
    Case(
        "two documents in one text",
        "jst_deploy_config",
        {**CONFIG, "name": "new", "config_maps": [config_map("a", x="1") + "---\n" + config_map("b", x="1")]},
        ("config_maps", "entry 1", "2 YAML documents"),
        calls=False,
    ),
    Case(
        "Deployment in cron_job",
        "jst_deploy_config",
        {"app": "shop", "name": "new", "env_type": "online", "cron_job": deployment()},
        ("Option cron_job", "kind 'Deployment'", "has to hold a CronJob"),
        calls=False,
    ),
    Case(
        "two workloads at once",
        "jst_deploy_config",
        {**CONFIG, "name": "new", "cron_job": cron_job()},
        ("mutually exclusive", "deployment", "cron_job"),
        calls=False,
    ),
    Case(
        "workload of another kind of app",
        "jst_deploy_config",
        {"app": "shop", "name": "new", "env_type": "online", "stateful_set": {**deployment(), "kind": "StatefulSet"}},
        ("stateful_set does not fit app 'shop'", "state_type stateless", "Give option deployment."),
    ),
    Case(
        "workload without containers",
        "jst_deploy_config",
        {
            **CONFIG,
            "name": "new",
            "deployment": {"kind": "Deployment", "spec": {"template": {"spec": {"containers": []}}}},
        },
        ("Option deployment has no containers", "spec.template.spec.containers"),
        calls=False,
    ),
    Case(
        "weak password",
        "jst_rds_account",
        {"instance_id": MYSQL, "name": "shop", "password": "canaryweak"},
        ("Option password has to be 8 to 32 characters", "three of these classes"),
        calls=False,
    ),
    Case(
        "capitals in a database name",
        "jst_rds_db",
        {"instance_id": MYSQL, "name": "Shop", "character_set": "utf8mb4"},
        ("Option name is 'Shop'", "lower-case"),
    ),
    Case(
        "sticky session on TCP",
        "jst_slb_ap",
        {**SLB, "protocol": "TCP", "sticky_session": True},
        ("sticky_session only applies when protocol is HTTP or HTTPS", "protocol is TCP"),
        calls=False,
    ),
    Case(
        "node port on a ClusterIP",
        "jst_service",
        {
            **PLACE,
            "k8s_service_id": "web",
            "name": "web",
            "service_type": "ClusterIP",
            "port_mappings": [{"name": "http", "port": 80, "target_port": "8080", "node_port": 30080}],
        },
        ("node_port for http", "service_type=NodePort"),
        calls=False,
    ),
    Case(
        "ambiguous environment",
        "jst_slb_ap",
        {**SLB, "environment": "twin", "protocol": "TCP"},
        ("'twin'", "more than one environment", "20002", "20003", "or give environment_id instead of the name"),
    ),
    Case(
        "cluster of the other kind",
        "jst_environment",
        {**ENVIRONMENT, "name": "new", "cluster": "emu-test"},
        ("'emu-test'", "does not have env_type=online", "which an environment", "emu-online"),
    ),
    Case(
        "unknown cluster", "jst_environment", {**ENVIRONMENT, "name": "new", "cluster": "nope"}, ("no cluster 'nope'",)
    ),
    Case("unknown app", "jst_environment", {**ENVIRONMENT, "app": "shpo"}, ("no app 'shpo'",), assumed=True),
    Case(
        "unknown deploy config",
        "jst_environment",
        {**ENVIRONMENT, "name": "new", "deploy_config": "wep"},
        ("no deploy config 'wep'",),
        assumed=True,
    ),
    Case(
        "deploy config of the other kind",
        "jst_environment",
        {**ENVIRONMENT, "name": "new", "env_type": "test"},
        ("Deploy config 'web' exists for online in app 'shop', but not for test",),
        assumed=True,
    ),
    Case(
        "deploy config of the other kind in a description",
        "jst_application",
        {
            **APP,
            "title": "described",
            "deploy_configs": [{**without_app(CONFIG), "env_type": "test"}],
            "environments": [without_app(ENVIRONMENT)],
        },
        ("Deploy config 'web' exists for test, but not for online.",),
    ),
    Case(
        "environment of another app",
        "jst_scale",
        {"app": "other", "environment": "production", "replicas": 1},
        ("There is no environment 'production' in app 'other'",),
        assumed=True,
    ),
    Case(
        "data of a ConfigMap that is a number",
        "jst_deploy_config",
        {**CONFIG, "name": "new", "config_maps": [{**CONFIG_MAP, "data": {"port": 8080}}]},
        ("config_maps", "entry 1", "ConfigMap 'settings', whose data.port is a number"),
        calls=False,
    ),
    Case(
        "data of a Secret that is not base64",
        "jst_deploy_config",
        {**CONFIG, "name": "new", "secrets": [{**CONFIG_MAP, "kind": "Secret", "data": {"token": "canary!"}}]},
        ("secrets", "entry 1", "Secret 'settings', whose data.token is not base64"),
        calls=False,
    ),
    Case(
        "unknown cluster beside an app that is to be made",
        "jst_environment",
        {**ENVIRONMENT, "app": "shpo", "cluster": "nope"},
        ("There is no",),
    ),
    Case("unknown cluster id", "jst_environment", {**ENVIRONMENT, "name": "new", "cluster": NO_CLUSTER}, (NO_CLUSTER,)),
    Case(
        "unknown cluster for an allocation",
        "jst_resource_alloc",
        {**PLACE, "cluster": "emu-onlin"},
        ("no cluster 'emu-onlin'",),
    ),
    Case(
        "unknown user",
        "jst_app",
        {**APP, "title": "new", "user_roles": [{**OWNER, "user_id": "9999"}]},
        ("There is no user '9999'", "jst_user_info"),
    ),
    Case(
        "user of another type",
        "jst_app",
        {**APP, "title": "new", "user_roles": [{**OWNER, "user_type": "DING_TALK"}]},
        ("User '1001' is of type TAOBAO",),
    ),
    Case(
        "unknown RDS instance",
        "jst_rds_db",
        {"instance_id": "rm-emu0000000000009", "name": "shop", "character_set": "utf8mb4"},
        ("rm-emu0000000000009",),
    ),
    Case(
        "one image too many",
        "jst_deployment",
        {**PLACE, "images": ["a:1", "b:1"]},
        ("Option images has 2 entries", "1 containers"),
    ),
    Case(
        "too little for a creation",
        "jst_app",
        {"title": "new", "language": "Java"},
        ("To create app 'new'", "biz_code", "operating_system", "service_type", "user_roles"),
    ),
    Case(
        "list that cannot be emptied",
        "jst_app",
        {"title": "shop", "user_roles": []},
        ("user_roles is an empty list", "the API cannot store an empty list"),
    ),
    Case(
        "label key of another domain",
        "jst_node_label",
        {"cluster": "emu-online", "key": "example.com/role", "value": "web"},
        ("Option key is 'example.com/role'", "starts with label.jst.com/"),
    ),
    Case(
        "capitals in a storage class",
        "jst_persistent_volume",
        {**VOLUME, "cluster": "emu-online", "name": "media", "storage_class": "Media"},
        ("Option storage_class is 'Media'", "lower-case"),
    ),
    Case(
        "weak password of nodes",
        "jst_cluster",
        {**CLUSTER, "title": "new", "password": "canaryweak"},
        ("Option password has to be at least 8 characters", "a special character"),
        calls=False,
    ),
    Case(
        "two ways to log in to nodes",
        "jst_cluster",
        {**CLUSTER, "title": "new", "password": "Canary-Passwort-1", "key_pair": "operators"},
        ("mutually exclusive", "password", "key_pair"),
        calls=False,
    ),
    Case(
        "no way to log in to nodes",
        "jst_cluster",
        {**CLUSTER, "title": "new", "password": None},
        ("To create cluster 'new'", "password or key_pair"),
    ),
    Case(
        "cluster without networks",
        "jst_cluster",
        {**CLUSTER, "title": "new", "pod_cidr": None, "service_cidr": None},
        ("A Standard cluster needs also", "pod_cidr", "service_cidr"),
    ),
    Case(
        "log component in a serverless cluster",
        "jst_cluster",
        {**CLUSTER, "title": "new", "cluster_type": "Serverless"},
        ("log_integration only applies when cluster_type is Standard", "cluster_type is Serverless"),
        calls=False,
    ),
    Case(
        "wrong key id",
        "jst_app",
        {**LISTING, "access_key_id": "nobody", "access_key_secret": "canary-secret"},
        ("InvalidAccessKeyId.NotFound", "access_key_id"),
    ),
    Case(
        "wrong secret",
        "jst_app",
        {**LISTING, "access_key_id": "emulator-key-id", "access_key_secret": "canary-secret"},
        ("SignatureDoesNotMatch", "access_key_secret"),
    ),
    Case(
        "key without secret",
        "jst_app",
        {**LISTING, "access_key_id": "emulator-key-id"},
        ("access_key_secret is not. Give access_key_secret",),
        calls=False,
        keywords={"environment": {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}},
    ),
    Case(
        "refused endpoint",
        "jst_app",
        {**LISTING, "endpoint": REFUSED, "retry_timeout": 0.5},
        ("127.0.0.1:9", "refused", "endpoint"),
        calls=False,
    ),
    Case(
        "endpoint that answers HTML",
        "jst_app",
        {**LISTING, "endpoint": HTML, "retry_timeout": 0.5},
        ("text/html", "endpoint"),
        calls=False,
    ),
    Case(
        "endpoint with a path",
        "jst_app",
        {**LISTING, "endpoint": "https://retailcloud.aliyuncs.com/api"},
        ("endpoint", "without a path"),
        calls=False,
    ),
)

TWINS = [{**ENVIRONMENT, "name": "production"}, *[{**ENVIRONMENT, "name": "twin"}] * 2]


class Page(BaseHTTPRequestHandler):
    """Answers like a proxy that wants a login."""

    def do_GET(self) -> None:
        """Serve a page."""
        body = b"<html><body>Please log in</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def html_port() -> Iterator[int]:
    """The port of a server that answers every request with a page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def failures(emulators: Emulators, html_port: int, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    """What each case came to, in one account that holds an app and environments, two of them of one name."""
    address = emulators.fresh()
    folder = tmp_path_factory.mktemp("bad-input")
    others = [("jst_app", {**APP, "title": "other"})]
    prepared = run_tasks(
        address, folder, [task("prepare", module, options) for module, options in [*others, *A_CONFIG]]
    )
    ids = {name: record.result[name][f"{name}_id"] for record in prepared for name in record.result if name in RESULTS}
    for twin in TWINS:
        call(address, folder, "CreateEnvironment", twin, ids)
    tasks: list[dict[str, Any]] = []
    for case in CASES:
        options = {name: fill(value, html_port) for name, value in case.options.items()}
        tasks.append(task(case.name, case.module, options, **case.keywords))
        tasks.append(task(f"{case.name}, check", case.module, options, check_mode=True, **case.keywords))
    plain = [one for one in tasks if is_plain(one)]
    played = [one for one in tasks if not is_plain(one)]
    records = [*run_tasks(address, folder, plain), *run_tasks(address, folder, played)]
    return {record.task: record for record in records}


RESULTS = ("app", "deploy_config")


def fill(value: Any, html_port: int) -> Any:
    """An option with the port of the HTML server in its place."""
    return value.format(html=html_port) if value == HTML else value


def call(address: str, folder: Path, action: str, environment: dict[str, Any], ids: dict[str, int]) -> None:
    """Create an environment beside the modules, which would not make a second one of a name."""
    from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
    from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings

    settings = resolve_settings(
        {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret", "endpoint": address}, {}
    )
    with Client(settings) as client:
        client.call(
            action,
            {
                "AppId": ids["app"],
                "AppSchemaId": ids["deploy_config"],
                "EnvName": environment["name"],
                "EnvType": 1,
                "Region": environment["region"],
                "Replicas": environment["replicas"],
            },
        )


@pytest.mark.parametrize("check", [False, True], ids=["real", "check"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: Case, check: bool, failures: dict[str, Recorded]) -> None:
    """The task fails with the message, sends no write, and where it can be known without asking, nothing at all.

    Check mode fails in the same way, unless an earlier task of the run may make what is missing.
    """
    record = failures[f"{case.name}, check" if check else case.name]
    if check and case.assumed:
        assert not record.result["failed"], record.result
        assert case.message[0] in record.result["warnings"][0]
        assert record.writes == []
        return
    assert record.result["failed"], record.result
    for text in case.message:
        assert text in record.result["msg"], record.result["msg"]
    assert "Traceback" not in record.result["msg"]
    assert "canary" not in str(record.result)
    assert record.writes == []
    assert case.calls or record.calls == []


def test_clock_that_is_off_is_corrected_once(emulators: Emulators, tmp_path: Path) -> None:
    """A clock that is 20 minutes off costs one call, and the operator is told."""
    address = emulators.fresh()
    control(address, "faults", {"action": "*", "kind": "skew", "seconds": 1200})
    (created,) = run_tasks(address, tmp_path, [task("create", "jst_app", APP)])
    assert created.result["changed"] is True, created.result
    assert [call["outcome"] for call in created.calls].count("ok") == len(created.calls) - 1
    assert "clock" in " ".join(created.result["warnings"])


def test_clock_that_cannot_be_corrected(emulators: Emulators, tmp_path: Path) -> None:
    """A gateway that goes on refusing the time is not asked for ever."""
    address = emulators.fresh()
    expired = {"code": "InvalidTimeStamp.Expired", "status": 400, "message": "Specified time stamp is expired."}
    control(address, "faults", {"action": "*", "kind": "gateway", "count": 50, **expired})
    (failed,) = run_tasks(address, tmp_path, [task("create", "jst_app", APP)])
    assert failed.result["failed"]
    assert "clock" in failed.result["msg"]
    assert len(failed.calls) == 2
