# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role and playbook drift: one report of many apps, each in a trouble of its own, and nothing written for it."""

from __future__ import annotations

import json
import os
import re
import stat
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.conformance.role_examples import CANARY, ROLES
from tests.conformance.test_bring_up import recap
from tests.conformance.test_teardown import DESCRIPTION, MYSQL, NOON, environment, service, world

PLAYBOOK = f"{COLLECTION}.drift"
PLAYBOOKS = ROLES.parent / "playbooks"

# A name that means something to a browser and to a template engine, and has to mean nothing.
ODD = "<b title='x'>\"&{{ 7 * 7 }}{% raw %}"

State = dict[str, Any]

# An account of apps, of which most are not as described

TITLES = ("as_said", "other", "crowded", "moved", "half", "stranger", "sandbox-1")
AS_SAID, OTHER, CROWDED, MOVED, HALF, STRANGER, SANDBOX = range(len(TITLES))
ENVIRONMENT: dict[str, Any] = {
    "name": "production",
    "env_type": "online",
    "region": "cn-zhangjiakou",
    "replicas": 1,
    "deploy_config": "web",
    "services": [
        {
            "k8s_service_id": "web",
            "name": "web",
            "service_type": "ClusterIP",
            "port_mappings": [{"name": "http", "port": 80, "target_port": "80"}],
        }
    ],
}
NAME = "{{ application_title | default(inventory_hostname) }}"
COMMON: dict[str, Any] = {
    **DESCRIPTION,
    "application_environments": [ENVIRONMENT],
    "application_databases": [{"instance_id": MYSQL, "name": NAME, "character_set": "utf8mb4"}],
    "application_accounts": [{"instance_id": MYSQL, "name": NAME, "password": CANARY}],
}


def account() -> State:
    """A world that holds these apps."""
    content = world(TITLES)
    for name in ("claims", "orders", "instances"):
        content[name] = []
    for app in content["apps"]:
        app["user_roles"] = deepcopy(DESCRIPTION["application_user_roles"])
    content["apps"][OTHER]["biz_title"] = ODD
    content["apps"][STRANGER]["title"] = ODD
    content["databases"] = content["databases"][:STRANGER]
    content["accounts"] = [*content["accounts"][:STRANGER], {"instance_id": MYSQL, "name": ODD}]
    content["slb_access_points"] = [content["slb_access_points"][CROWDED]]
    content["environments"][MOVED]["region"] = "cn-hangzhou"
    content["environments"].append(environment(CROWDED, "staging"))
    staging = 20000 + len(content["environments"])
    content["services"] += [service(20001 + CROWDED, "debug"), service(staging, "debug")]
    content["deploy_configs"].append({"app_id": 10001 + CROWDED, "env_type": "test", "name": "draft"})
    content["claims"].append(
        {
            "env_id": 20001 + CROWDED,
            "name": "media",
            "capacity": "1Gi",
            "access_modes": "ReadWriteMany",
            "storage_class": "none",
            "created_at": NOON,
        }
    )
    content["groups"].append({"biz_code": "JST", "name": "legacy"})
    content["credentials"] = [
        {"access_key_id": f"{name}-id", "access_key_secret": f"{CANARY}-{name}", "deny": [action]}
        for name, action in (("barred", "ListApp"), ("half", "ListServices"))
    ]
    return content


def hosts() -> dict[str, dict[str, Any]]:
    """Hosts that describe apps of that account, or try to."""

    def key(name: str) -> dict[str, Any]:
        return {"jst_access_key_id": f"{name}-id", "jst_access_key_secret": f"{CANARY}-{name}"}

    changed = deepcopy(ENVIRONMENT)
    changed["services"][0]["port_mappings"][0]["target_port"] = "9090"
    return {
        "like": {"application_title": "as_said"},
        "other": {
            "application_biz_title": "Shop",
            "application_environments": [changed],
            # What cannot be read cannot differ.
            "application_accounts": [{**COMMON["application_accounts"][0], "update_password": "always"}],
        },
        "absent": {},
        "crowded": {},
        "moved": {},
        "half": {**key("half"), "application_environments": [{**ENVIRONMENT, "services": []}]},
        "barred": key("barred"),
        "misspelt": {"application_nmae": "x"},
        "invalid": {"application_state_type": "liquid"},
        "unreachable": {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1},
    }


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """The inventory of these hosts."""
    file = tmp_path / "hosts.yml"
    file.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts(), "vars": COMMON}}, sort_keys=False))
    return file


def drift(
    address: str,
    inventory: Path,
    *options: str,
    playbook: str = PLAYBOOK,
    environment: dict[str, str] | None = None,
    **variables: Any,
) -> tuple[list[Recorded], str, list[str]]:
    """Run a playbook, which has to write nothing.

    :returns: the tasks, what Ansible printed, and the lines of the report on the console.
    """
    arguments = ["-i", str(inventory), playbook, "-e", json.dumps(variables), *options]
    records, output = run_playbook(address, inventory.parent, arguments, environment=environment)
    assert CANARY not in output
    assert [call["action"] for call in control(address, "calls") if call["kind"] != "read"] == [], output
    said = [record.result["msg"] for record in records if record.task.endswith("Print the report")]
    return records, output, said[0] if said else []


def unmanaged(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Kind and name -> id."""
    return {f"{item['kind']} {item['name']}": item["id"] for item in items}


def unread(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What could not be read, and why."""
    return [(item["what"], item["reason"], item["code"]) for item in items]


def look_at(html: str) -> None:
    """A page holds what the template has, and of the account only text; nothing in it comes from elsewhere."""
    assert CANARY not in html
    template = (ROLES / "drift" / "templates" / "report.html.j2").read_text()
    assert set(re.findall(r"<[^>\s]+", html)) <= set(re.findall(r"<[^>\s]+", template))
    assert "<b title" not in html
    assert escape(ODD, quote=False) in html
    assert not re.search(r"//|url\(|<link|<img", html)
    script = (ROLES / "drift" / "templates" / "report.js").read_text().strip()
    assert html.count("<script") == html.count(f"<script>{script}</script>") == 1
    assert f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in html


def look_at_chinese(html: str) -> None:
    """The same page in Chinese alone."""
    look_at(html)
    assert '<html lang="zh-CN">' in html
    assert "差异" in html
    assert not re.search("<span lang|Differences|as described", html)


def look_at_both_languages(html: str) -> None:
    """Every text of the page is in Chinese beside the English one, around names, options and messages as they are."""
    look_at(html)
    pairs = re.findall('<span lang="en">([^<]*)</span><span lang="zh-CN">([^<]*)</span>', html)
    assert html.count('<span lang="en">') == html.count('<span lang="zh-CN">') == len(pairs)
    for english, chinese in pairs:
        assert re.search(r"[\u3001-\u9fff]", chinese) or not re.search("[A-Za-z]{3}", english), (english, chinese)
        assert not re.search(r" of |^release", chinese), (english, chinese)
    translated = dict(pairs)
    for english, chinese in {
        f"database 'absent' of {MYSQL}": f"数据库 'absent'，RDS 实例 {MYSQL}",
        "service 'web' of environment 'production'": "服务 'web'，环境 'production'",
        "database accounts": "数据库账号",
        "The host was not reached": "无法连接主机",
    }.items():
        assert translated[english] == chinese
    in_chinese = re.sub('<span lang="en">[^<]*</span>|<[^>]*>', "", html)
    assert "不能修改，只能重新创建：region 当前为 'cn-hangzhou'，描述为 'cn-zhangjiakou'。" in in_chinese


def test_one_report_of_many_troubles(emulators: Emulators, inventory: Path, tmp_path: Path) -> None:
    """On the console, as JSON and as a page; a part of the same apps looked at once more gives the same."""
    file = tmp_path / "world.yml"
    file.write_text(yaml.safe_dump(account()))
    address = emulators.fresh("canonical", "--world", str(file))
    page, data, again = tmp_path / "drift.html", tmp_path / "drift.json", tmp_path / "again.json"
    files: dict[str, Any] = {"drift_html": str(page), "drift_json": str(data)}
    records, output, said = drift(
        address, inventory, "--forks", "8", **files, drift_ignore={"apps": ["sandbox-*"]}, drift_name="Nightly"
    )
    report = json.loads(data.read_text())
    apps = {app["host"]: app for app in report["apps"]}
    assert list(apps) == sorted(hosts())
    assert {host: app["status"] for host, app in apps.items()} == {
        "like": ["as_described"],
        "other": ["differ"],
        "absent": ["differ"],
        "crowded": ["with_unmanaged"],
        "moved": ["differ"],
        **{host: ["not_read"] for host in ("half", "misspelt", "invalid", "unreachable")},
        "barred": ["differ", "not_read"],
    }
    # What each host is counted as in the recap, and with it in AWX.
    assert {host for host, count in recap(output).items() if count["changed"]} == {
        "other",
        "absent",
        "barred",
        "crowded",
        "moved",
    }
    assert not any(count["failed"] or count["unreachable"] for count in recap(output).values()), output

    # No run shows a password, and the description says to send it on creation only.
    assert "password of account" not in output

    assert apps["other"]["differences"] == [
        {
            "resource": "app 'other'",
            "finding": "differs",
            "options": ["biz_title"],
            "diff": [f"- biz_title: {ODD}", "+ biz_title: Shop"],
            "more_lines": 0,
        },
        {
            "resource": "service 'web' of environment 'production'",
            "finding": "differs",
            "options": ["port_mappings"],
            "diff": [
                "@ port_mappings[http]",
                "  port: 80",
                "- target_port: '80'",
                "+ target_port: '9090'",
                "  node_port: null",
            ],
            "more_lines": 0,
        },
    ]
    assert [(item["resource"], item["finding"]) for item in apps["absent"]["differences"]] == [
        ("app 'absent'", "missing"),
        ("app group 'shop/JST'", "differs"),
        (f"database 'absent' of {MYSQL}", "missing"),
        (f"account 'absent' of {MYSQL}", "missing"),
        ("deploy config 'web/online'", "missing"),
        ("environment 'production'", "missing"),
        ("service 'web' of environment 'production'", "missing"),
    ]
    [fixed] = apps["moved"]["differences"]
    assert (fixed["resource"], fixed["finding"]) == ("environment 'production'", "fixed")
    assert fixed["options"] == ["region"]
    assert fixed["diff"] == ["region is 'cn-hangzhou', asked for 'cn-zhangjiakou'"]

    assert unmanaged(apps["crowded"]["unmanaged"]) == {
        "environment crowded/staging": 20001 + len(TITLES),
        "deploy config crowded/draft/test": 30001 + len(TITLES),
        "service crowded/production/debug": 50001 + len(TITLES),
        f"SLB access point crowded/production/lb-emu-internet-1/{1000 + CROWDED}": 40001,
        "volume claim crowded/production/media": None,
    }
    assert unmanaged(report["account_wide"]["unmanaged"]) == {
        f"app {ODD}": 10001 + STRANGER,
        "app group JST/legacy": 70002,
        f"database account {MYSQL}/{ODD}": None,
    }
    assert unread(report["account_wide"]["not_read"]) == [("apps", "permission", "Forbidden.RAM")]

    assert unread(apps["half"]["not_read"]) == [("services", "permission", "Forbidden.RAM")]
    # What does not depend on the app is compared all the same.
    assert [item["resource"] for item in apps["barred"]["differences"]] == [
        f"database 'barred' of {MYSQL}",
        f"account 'barred' of {MYSQL}",
    ]
    assert unread(apps["barred"]["not_read"]) == [("app", "permission", "Forbidden.RAM")]
    assert "grant it" in apps["barred"]["not_read"][0]["hint"]
    assert unread(apps["unreachable"]["not_read"]) == [("app", "host", None)]
    for host, words in (("misspelt", "no variable application_nmae"), ("invalid", "got: liquid")):
        assert unread(apps[host]["not_read"]) == [("app", "description", None)]
        assert words in apps[host]["not_read"][0]["message"]

    counts = {
        "apps": 10,
        "as_described": 1,
        "differ": 4,
        "with_unmanaged": 1,
        "not_known": 0,
        "not_read": 5,
        "differences": 12,
        "unmanaged": 5,
        "unmanaged_account_wide": 3,
        "not_read_account_wide": 1,
        "ignored": 1,
    }
    assert report["counts"] == counts
    [stats] = [record.result["ansible_stats"] for record in records if "ansible_stats" in record.result]
    assert stats["data"] == {"jst_drift": {**counts, "drifted": True}}
    assert said[0].startswith("Nightly: 10 apps, 1 as described, 4 differ,")
    for line in ("other", f"    - biz_title: {ODD}", "  app 'absent' does not exist", f"  app {ODD}"):
        assert line in said

    assert CANARY not in data.read_text()
    look_at_both_languages(page.read_text())

    # A role in a playbook of one's own, over a part of the inventory: this does not tell what is unmanaged.
    own = tmp_path / "own.yml"
    role = {"hosts": "jst_apps", "gather_facts": False, "connection": "local", "roles": [f"{COLLECTION}.drift"]}
    own.write_text(yaml.safe_dump([role]))
    _records, output, said = drift(
        address,
        inventory,
        *("--limit", "crowded,other,like", "--check"),
        playbook=str(own),
        drift_json=str(again),
        drift_html=str(page),
        drift_language="zh",
        drift_fail="yes",
    )
    look_at_chinese(page.read_text())
    part = json.loads(again.read_text())
    assert part["apps"] == [apps[host] for host in ("crowded", "like", "other")]
    assert part["covers"]["limit"] == "crowded,other,like"
    assert not part["covers"]["account_wide"]
    assert "The account was not searched for unmanaged resources" in said
    assert sum(count["failed"] for count in recap(output).values()) == 1
    assert "Apps: 3. Different from the description: 1. With unmanaged resources: 1." in output


def test_a_service_that_nobody_reaches(emulators: Emulators, inventory: Path, tmp_path: Path) -> None:
    """Every app goes into the report all the same."""
    data = tmp_path / "drift.json"
    _records, output, _said = drift(
        emulators.fresh(),
        inventory,
        *("--limit", "like,half,other"),
        drift_json=str(data),
        jst_endpoint="http://127.0.0.1:1",
        drift_account_wide=True,
        environment={"JST_RETRY_TIMEOUT": "0"},
    )
    report = json.loads(data.read_text())
    silence = ("service", "ConnectionFailed.ConnectionRefused")
    assert {app["host"]: unread(app["not_read"]) for app in report["apps"]} == {
        host: [("app", *silence)] for host in ("half", "like", "other")
    }
    # With each of the keys that hosts have.
    assert unread(report["account_wide"]["not_read"]) == [("apps", *silence)] * 3
    assert not any(count["failed"] for count in recap(output).values()), output


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"drift_fial": True}, "The role has no variable drift_fial. It has: drift_account_wide,"),
        ({"drift_undescribed": ["none"]}, "drift_undescribed is called drift_unmanaged now."),
        ({"drift_unmanaged": ["app"]}, "drift_unmanaged"),
        ({"drift_json": "nowhere/drift.json"}, "nowhere to write drift.json to"),
    ],
)
def test_mistakes(variables: dict[str, Any], message: str, emulators: Emulators, inventory: Path) -> None:
    """They are told before anything is read."""
    records, output, said = drift(emulators.fresh(), inventory, **variables)
    assert message in output
    assert [record.task for record in records if record.calls] == []
    assert said == []


def test_files_that_a_report_does_not_replace(emulators: Emulators, inventory: Path, tmp_path: Path) -> None:
    """They are rejected with one message, before anything is read, and stay as they are."""
    address = emulators.fresh()
    pipe, folder, plain = tmp_path / "pipe", tmp_path / "folder", tmp_path / "plain"
    link = tmp_path / "link"
    os.mkfifo(pipe)
    folder.mkdir()
    plain.write_text("mine")
    link.symlink_to(plain)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        (
            {"drift_html": str(pipe), "drift_json": str(folder)},
            [
                f"drift_json names a folder: {folder}. Name a file.",
                f"drift_html names something that is no regular file: {pipe}. It is not replaced. Name another file.",
            ],
        ),
        ({"drift_json": f"{tmp_path}/new/"}, [f"drift_json names a folder: {tmp_path}/new. Name a file."]),
        (
            {"drift_html": str(plain), "drift_json": str(link)},
            [f"drift_json and drift_html name the same file: {plain}. Name two files."],
        ),
    ]
    for variables, messages in cases:
        records, output, said = drift(address, inventory, **variables)
        [message] = [record.result["msg"] for record in records if record.result.get("failed")]
        assert message == " ".join(messages), output
        assert [record.task for record in records if record.calls] == []
        assert said == []
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(folder.iterdir()) == []
    assert plain.read_text() == "mine"
    assert not (tmp_path / "new").exists()


def test_an_existing_file_keeps_its_mode(emulators: Emulators, inventory: Path, tmp_path: Path) -> None:
    """Everyone can read a new one."""
    private, new = tmp_path / "private.html", tmp_path / "new.json"
    private.write_text("of an earlier run")
    private.chmod(0o600)
    files: dict[str, Any] = {"drift_html": str(private), "drift_json": str(new)}
    _records, output, _said = drift(emulators.fresh(), inventory, "--limit", "like", **files)
    assert "<html" in private.read_text(), output
    assert [stat.S_IMODE(file.stat().st_mode) for file in (private, new)] == [0o600, 0o644]


def test_check_mode_depends_on_nothing() -> None:
    """It is switched on at each task that reaches the service, and for each play, and nothing switches it off."""
    files = [*(ROLES / "drift" / "tasks").glob("*.yml"), ROLES / "application" / "tasks" / "compare.yml"]
    found = [list(tasks(yaml.safe_load(file.read_text()))) for file in files]
    reaching = [
        task for group in found for task in group if any(name.startswith(f"{COLLECTION}.jst_") for name in task)
    ]
    assert len(reaching) == 10
    assert [task["name"] for task in reaching if task.get("check_mode") is not True] == []
    plays = yaml.safe_load((PLAYBOOKS / "drift.yml").read_text())
    assert [play["check_mode"] for play in plays] == [True] * 3


def tasks(listed: list[dict[str, Any]], **inherited: Any) -> Iterator[dict[str, Any]]:
    """The tasks of a file, also those in blocks, with the check mode that they inherit."""
    for item in listed:
        own = {**inherited, **item}
        if "block" in item:
            yield from tasks(item["block"], check_mode=own.get("check_mode"))
        else:
            yield own
