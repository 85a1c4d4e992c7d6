# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for people: its data, the secrets it must not contain, and the access to it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from jst_emulator import handlers, world
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.faults import FAULT_KINDS
from jst_emulator.server import Application
from jst_emulator.web import overview
from jst_emulator.web.files import FOLDER
from support.direct_account import MYSQL, ONLINE, workload
from support.scenario import app, encoded, environment
from support.signed_client import LOOPBACK, SignedClient

KEY = ("emulator-key-id", "emulator-key-secret")
PACKAGE = FOLDER.parents[1]
CANARY = "Canary-7301"


class Account:
    """An emulator of the starting world whose clock stands still, its page, and signed calls."""

    def __init__(self) -> None:
        self.emulator = Emulator(Settings(time_scale=0), handlers.HANDLERS, world.load)
        self.http = Client(Application(self.emulator))
        self._client = SignedClient(self.emulator)

    def call(self, action: str, **parameters: Any) -> Any:
        """The result of a call."""
        answer = self._client.acs3(action, parameters, key=KEY).get_json()
        return answer.get("Result") or answer

    def page(self, path: str = "overview") -> Any:
        """What the page gets."""
        response = self.http.get(f"/_emulator/{path}", environ_base=LOOPBACK)
        assert response.status_code == 200
        return response.get_json()

    def pass_time(self, seconds: float) -> None:
        """Advance the clock."""
        self.emulator.clock.advance(seconds)

    def environment(self, title: str = "shop", **parameters: Any) -> int:
        """The id of an environment of four replicas of a new app; *parameters* are the deploy config's."""
        app_id = self.call("CreateApp", **app(title))["AppId"]
        config = {"AppId": app_id, "EnvType": "online", "Name": "main", "Deployment": encoded(workload())}
        schema_id = self.call("CreateDeployConfig", **config, **parameters)["SchemaId"]
        described = environment(app_id, schema_id, ClusterId=ONLINE, Replicas=4)
        return int(self.call("CreateEnvironment", **described)["AppEnvId"])

    def deploy(self, env_id: int, batches: int = 2, pause: str = "first", image: str = "r/x/shop:1.5") -> None:
        """Begin a release."""
        named = {"ContainerImageList.1": image, "PauseType": pause, "TotalPartitions": batches}
        self.call("DeployApp", EnvId=env_id, Name="release", **named)


@pytest.fixture
def account() -> Account:
    """A new account."""
    return Account()


def told(account: Account) -> tuple[str, float | None, list[tuple[str, float, list[str]]]]:
    """State of the first release, seconds to its next step, and its batches."""
    release = account.page()["releases"][0]
    batches = [(batch["state"], batch["progress"], batch["pods"]) for batch in release["batches"]]
    return release["state"], release["next_in_s"], batches


def test_a_release_is_told_batch_by_batch(account: Account) -> None:
    account.deploy(account.environment())
    nothing = [("waiting", 0, ["waiting", "waiting"])]
    assert told(account) == ("waiting", 2, nothing * 2)
    account.pass_time(7)
    assert told(account) == ("running", 5, [("running", 0.5, ["running", "running"]), *nothing])
    account.pass_time(5)
    assert told(account) == ("paused", None, [("done", 1, ["done", "done"]), *nothing])
    (release,) = account.page()["releases"]
    assert (release["app"], release["environment"], release["artifact"]) == ("shop", "production", "shop:1.5")
    assert (release["id"], release["name"], release["elapsed_s"]) == (60001, "release", 12)
    assert account.page()["counts"]["in_flight"] == 1
    account.call("ResumeDeploy", DeployOrderId=60001)
    account.pass_time(10)
    assert told(account) == ("done", None, [("done", 1, ["done", "done"])] * 2)
    assert account.page()["counts"]["in_flight"] == 0


def test_a_release_that_fails_and_one_that_is_closed(account: Account) -> None:
    account.deploy(account.environment("first"), image="r/shop:fail", pause="none")
    account.pass_time(12)
    assert told(account) == ("failed", None, [("failed", 1, ["failed"] * 2), ("skipped", 0, ["waiting"] * 2)])
    account.deploy(account.environment("second"))
    account.pass_time(4)
    account.call("CloseDeployOrder", DeployOrderId=60002)
    assert told(account) == ("closed", None, [("closed", 1, ["closed"] * 2), ("skipped", 0, ["waiting"] * 2)])


def test_old_and_new_instances_of_a_closed_release_are_told_apart(account: Account) -> None:
    env_id = account.environment()
    account.deploy(env_id, pause="none")
    account.pass_time(22)
    account.deploy(env_id, image="r/x/shop:1.6")
    account.pass_time(12)
    account.call("CloseDeployOrder", DeployOrderId=60002)
    (shown,) = account.page()["apps"][0]["environments"]
    assert shown["artifact"] == "shop:1.5"
    assert shown["artifacts"] == [{"name": "shop:1.5", "instances": 2}, {"name": "shop:1.6", "instances": 2}]


def test_a_scaling_down_is_told(account: Account) -> None:
    env_id = account.environment()
    account.deploy(env_id, pause="none")
    account.pass_time(22)
    account.call("ScaleApp", EnvId=env_id, Replicas=1)
    account.pass_time(13)
    release = account.page()["releases"][0]
    pods = [batch["pods"] for batch in release["batches"]]
    assert (release["category"], release["state"], pods) == ("scale", "running", [["gone"], ["stopping"] * 2])
    account.pass_time(10)
    (shown,) = account.page()["apps"][0]["environments"]
    assert (shown["replicas"], shown["instances"], shown["artifact"]) == (1, ["Normal"], "shop:1.5")


def test_a_scheduled_job_has_runs_and_no_instances(account: Account) -> None:
    app_id = account.call("CreateApp", **app("report", StateType=5))["AppId"]
    job = {
        "AppId": app_id,
        "EnvType": "online",
        "Name": "main",
        "CronJob": encoded(workload("CronJob", schedule="* * * * *")),
    }
    schema_id = account.call("CreateDeployConfig", **job)["SchemaId"]
    env_id = account.call("CreateEnvironment", **environment(app_id, schema_id, ClusterId=ONLINE))["AppEnvId"]
    account.deploy(env_id, batches=1, pause="none")
    account.pass_time(200)
    (shown,) = account.page()["apps"][0]["environments"]
    assert (shown["replicas"], shown["runs"] >= 2, shown["instances"]) == (None, True, [])


def test_what_is_on_the_way_comes_first_and_little_of_what_ended(account: Account) -> None:
    ended = [account.environment(f"ended-{number}") for number in range(overview.ENDED_RELEASES + 1)]
    for env_id in ended:
        account.deploy(env_id, batches=1, pause="none")
        account.pass_time(12)
    for title in ("older", "younger"):
        account.deploy(account.environment(title), pause="each")
    titles = [release["app"] for release in account.page()["releases"]]
    assert titles == ["younger", "older", *(f"ended-{number}" for number in reversed(range(1, len(ended))))]


def test_apps_are_found_and_busy_ones_are_not_left_out(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    env_ids = {title: account.environment(title) for title in ("Alpha", "alphabet", "beta")}
    assert [one["title"] for one in account.page("overview?find=ALPHA")["apps"]] == ["Alpha", "alphabet"]
    assert account.page("overview?find=ALPHA")["counts"] | {"calls": 0} == {
        "apps": 3,
        "found": 2,
        "environments": 3,
        "calls": 0,
        "in_flight": 0,
    }
    monkeypatch.setattr(overview, "APPS", 2)
    assert [one["title"] for one in account.page()["apps"]] == ["Alpha", "alphabet"]
    account.deploy(env_ids["beta"])
    assert [one["title"] for one in account.page()["apps"]] == ["Alpha", "beta"]
    assert account.page("overview?find=alpha")["releases"] == []


def test_clusters_and_databases_in_brief(account: Account) -> None:
    account.call("AddClusterNode", **{"ClusterInstanceId": ONLINE, "EcsInstanceIdList.1": "i-emu-spare-1"})
    account.call("CreateDb", DbInstanceId=MYSQL, DbName="orders", CharacterSetName="utf8mb4")
    online, test = account.page()["clusters"]
    assert (online["title"], online["type"], test["type"]) == ("emu-online", "online", "test")
    assert [(node["id"], node["ready"]) for node in online["nodes"]][-2:] == [
        ("i-emu-node-3", True),
        ("i-emu-spare-1", False),
    ]
    assert account.page()["databases"][0] == {
        "id": MYSQL,
        "engine": "MySQL",
        "databases": [{"name": "orders", "status": "Creating"}],
        "accounts": [],
    }


def test_the_last_calls_newest_first(account: Account) -> None:
    account.call("CreateApp", **app("<b>shop</b>"))
    account.call("DescribeAppDetail", AppId=4)
    for _dummy in range(overview.CALLS - 1):
        account.call("ListUsers", PageNumber=1, PageSize=10)
    assert len(account.page()["calls"]) == overview.CALLS
    assert account.page()["counts"]["calls"] == overview.CALLS + 1
    refused = account.page()["calls"][-1]
    assert refused | {"time": "", "ms": 0} == {
        "seq": 2,
        "time": "",
        "action": "DescribeAppDetail",
        "kind": "read",
        "about": ["AppId 4"],
        "outcome": "refused",
        "executed": False,
        "code": refused["code"],
        "status": 200,
        "ms": 0,
    }


def test_a_call_takes_as_long_as_it_is_made_to(make_client: Callable[..., SignedClient]) -> None:
    client = make_client(latency_ms=40)
    client.call("ListApp")
    client.arm(kind="delay", seconds=0.05)
    client.call("ListApp")
    quick, late = (entry["ms"] for entry in client.calls())
    assert 40 <= quick < 90 <= late < 1000


def test_no_secret_is_told(account: Account) -> None:
    """Every secret of a record, and every key pair, is put in and looked for."""
    spec = {
        "credentials": [{"access_key_id": f"id-{CANARY}", "access_key_secret": CANARY, "security_token": CANARY}],
        "clusters": [
            {
                **{"cluster_instance_id": ONLINE, "database_id": 1, "title": "one", "env_type": "PRO"},
                **{"region_id": "cn-zhangjiakou", "vpc_id": "vpc-emu-1", "password": CANARY},
            }
        ],
        "ecs": [],
    }
    account.emulator.world = world.load(spec, account.emulator.clock)
    secret = encoded(f"kind: Secret\nstringData: {{key: {CANARY}}}\n")
    account.environment(
        **{"SecretList.1": secret, "ConfigMapList.1": encoded(f"kind: ConfigMap\ndata: {{key: {CANARY}}}\n")}
    )
    account.call("CreateAccount", DbInstanceId=MYSQL, AccountName="shop", AccountPassword=CANARY)
    account.call("CreateAccount", DbInstanceId=MYSQL, AccountName="shop2", AccountPasswrd=CANARY)
    SignedClient(account.emulator).acs3("ListCluster", key=(f"id-{CANARY}", CANARY, CANARY))
    assert account.emulator.call_log.latest(1)[0].access_key_id == f"id-{CANARY}"
    text = json.dumps(account.page())
    assert "shop2" in text
    assert CANARY not in text
    assert KEY[0] not in text


def test_the_catalogue_has_every_kind_and_operation(account: Account) -> None:
    catalogue = account.page("catalogue")
    assert catalogue["actions"] == sorted(OPERATIONS)
    assert list(catalogue["kinds"]) == list(FAULT_KINDS)
    assert catalogue["kinds"]["gateway"] == {
        "about": FAULT_KINDS["gateway"].about,
        "count": 1,
        "reads_only": False,
        "options": [
            {"name": "code", "type": "str", "default": None, "required": True},
            {"name": "status", "type": "int", "default": None, "required": False},
            {"name": "message", "type": "str", "default": None, "required": False},
            {"name": "executed", "type": "bool", "default": False, "required": False},
            {"name": "retry_after_ms", "type": "int", "default": None, "required": False},
        ],
    }


def test_names_that_turn_the_text_around_are_shown_as_escapes(account: Account) -> None:
    account.environment("\u202epohs\x1b[2J")
    account.emulator.faults.arm({"kind": "rewrite", "path": ["\u2066"], "value": {"\x9b": "\u200f"}})
    shown = account.page()
    assert shown["apps"][0]["title"] == "\\u202epohs\\u001b[2J"
    texts = json.dumps(shown, ensure_ascii=False)
    assert not set("\u202e\x1b\u2066\x9b\u200f") & set(texts)
    assert shown["faults"][0]["path"] == ["\\u2066"]


def test_the_page_has_no_other_sources_than_its_own(account: Account) -> None:
    page = account.http.get("/_emulator/", environ_base=LOOPBACK)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert account.http.get("/_emulator", environ_base=LOOPBACK).headers["Location"].endswith("/_emulator/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for name, kind in {"page.js": "text/javascript", "page.css": "text/css", "icon.svg": "image/svg+xml"}.items():
        file = account.http.get(f"/_emulator/static/{name}", environ_base=LOOPBACK)
        assert (file.status_code, file.mimetype) == (200, kind)
        assert f'"static/{name}"' in page.text
        assert file.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["nothing.js", "..%2Foverview.py", "..%2Fstatic%2Fpage.js", ".", "", "__init__.py"])
def test_nothing_else_is_served(account: Account, name: str) -> None:
    assert account.http.get(f"/_emulator/static/{name}", environ_base=LOOPBACK).status_code == 404


def order(account: Account, headers: dict[str, str], method: str = "POST", path: str = "reset") -> TestResponse:
    """Send an order with further headers."""
    return account.http.open(f"/_emulator/{path}", method=method, headers=headers, environ_base=LOOPBACK)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "127.0.0.1:8480"}, 200),
        ({"Host": "[::1]:8480", "Origin": "http://[::1]:8480"}, 200),
        ({"Host": "localhost:8480", "Origin": "http://localhost:8480", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "jst.localhost"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Host": "127.0.0.1:8480", "Origin": "http://127.0.0.1:3000"}, 403),
        ({"Host": "127.0.0.1:8480", "Origin": "https://127.0.0.1:8480"}, 403),
        ({"Host": "127.0.0.1:8480", "Origin": "http://localhost:8480"}, 403),
        ({"Host": "evil.example:8480", "Origin": "http://evil.example:8480"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "notlocalhost"}, 403),
        ({"Host": "10.0.0.1"}, 403),
        ({"Host": "[::1"}, 403),
    ],
)
def test_orders_come_from_programs_and_the_own_page_only(
    account: Account, headers: dict[str, str], status: int
) -> None:
    assert order(account, headers).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "faults"), ("DELETE", "faults"), ("DELETE", "calls"), ("POST", "clock"), ("POST", "savepoints/x")],
)
def test_every_order_is_guarded(account: Account, method: str, path: str) -> None:
    assert order(account, {"Origin": "https://evil.example"}, method, path).status_code == 403


def test_a_name_that_was_made_to_lead_here_reads_nothing(account: Account) -> None:
    for path in ("", "overview", "state", "calls"):
        assert order(account, {"Host": "evil.example"}, "GET", path).status_code == 403
    assert order(account, {"Sec-Fetch-Site": "cross-site"}, "GET", "").status_code == 200


def test_every_file_is_in_the_package() -> None:
    """What is no Python is left out of the wheel unless a pattern names it."""
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())
    (patterns,) = settings["tool"]["setuptools"]["package-data"].values()
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    assert {"page.html", "default.yml", "api_spec.json"} <= {path.name for path in files}
    assert [path for path in files if not any(fnmatch(path.name, pattern) for pattern in patterns)] == []
