# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role and playbook teardown: what goes, what is left and why, and runs that are stopped on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.conformance.role_examples import CANARY, example
from tests.conformance.test_bring_up import HOSTS, INVENTORY

PLAYBOOK = f"{COLLECTION}.teardown"
CONFIRMED = ("-e", "teardown_confirm={{ application_title }}")
ONLINE = "c000000000000000000000000000000e1"
MYSQL = "rm-emu0000000000001"
NOON = 1767614400.0

State = dict[str, Any]
Result = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What came of a playbook.

    :ivar results: host -> the fact ``teardown_result``.
    """

    records: list[Recorded]
    output: str
    results: dict[str, Result]

    @property
    def writes(self) -> list[str]:
        """The names of the writing operations that it called."""
        return [write for record in self.records for write in record.writes]

    @property
    def failed(self) -> dict[str, str]:
        """What each failed host stopped at."""
        return {record.host: str(record.result) for record in self.records if record.result["failed"]}


def teardown(address: str, folder: Path, inventory: Path, *options: str) -> Run:
    """Run the playbook over an inventory."""
    records, output = run_playbook(address, folder, ["-i", str(inventory), PLAYBOOK, *options])
    facts = [(record.host, record.result.get("ansible_facts", {})) for record in records]
    return Run(records, output, {host: known["teardown_result"] for host, known in facts if "teardown_result" in known})


def difference(before: State, after: State) -> dict[str, tuple[Any, Any]]:
    """What is not the same in two states, but for the counters from which ids come that are never used again."""
    return {name: (before[name], after[name]) for name in before if name != "counters" and before[name] != after[name]}


def test_all_apps_go_as_they_came(emulators: Emulators, tmp_path: Path) -> None:
    """The example inventory, brought up and taken away."""
    address = emulators.fresh()
    before = control(address, "state")
    _dummy, output = run_playbook(address, tmp_path, ["-i", str(INVENTORY), f"{COLLECTION}.bring_up"])
    assert {app["title"] for app in control(address, "state")["apps"]} == HOSTS, output

    control(address, "faults", {"kind": "drop_after", "action": "UnbindGroup"})
    done = teardown(address, tmp_path, INVENTORY, *CONFIRMED)
    assert done.failed == {}, done.output
    assert done.results.keys() == HOSTS
    [lost] = control(address, "faults")
    assert lost["struck"] == 1, "no app of the example left a group"
    changed = difference(before, control(address, "state"))
    # The volume keeps what was stored in it, as its reclaim policy says, and is not given to others.
    assert changed.keys() == {"volumes"}
    ((volume,), (released,)) = changed["volumes"]
    assert released == {**volume, "status": "Released"}


def test_the_example_of_the_readme(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Foretold, done but for the data, and again; then with the data."""
    app = example("teardown", emulators, tmp_path, monkeypatch)
    before = control(app.address, "state")
    known: dict[str, Any] = {"hello_password": f"{CANARY}-1", "teardown_confirm": "hello"}
    run_playbook(
        app.address, tmp_path, ["-i", "inventory", f"{COLLECTION}.bring_up", "-e", f"hello_password={CANARY}-1"]
    )

    done = app.check_then_run(**known)
    assert [record.writes for record in done if record.writes] == [
        ["DeleteSlbAP"],
        ["DeleteService"],
        ["OfflineAppEnvironment"],
        ["DeletePersistentVolumeClaim"],
        ["DeleteAppEnvironment"],
        ["DeleteDeployConfig"],
        ["UnbindGroup"],
        ["DeleteAppGroup"],
        ["DeleteAppDetail"],
    ]
    assert difference(before, control(app.address, "state")).keys() == {"volumes", "databases", "accounts"}
    app.settled(**known)
    done, _dummy = app.run(**known, teardown_keep=[])
    assert [record.writes for record in done if record.writes] == [["DeleteRdsAccount"], ["DeleteDatabase"]]
    assert difference(before, control(app.address, "state")).keys() == {"volumes"}


def test_mistakes(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the right word nothing is even read, and the description is held to the rules of role application."""
    described = yaml.safe_load(example_host_vars())
    confirmed = {**described, "hello_password": f"{CANARY}-2"}
    environment = described["application_environments"][0]
    example("teardown", emulators, tmp_path, monkeypatch).refused(
        {
            "unconfirmed": (confirmed, "set teardown_confirm to its title: teardown_confirm=unconfirmed"),
            "another": ({**confirmed, "teardown_confirm": "unconfirmed"}, "removes app another"),
            "empty": ({**confirmed, "application_title": "the-empty", "teardown_confirm": "empty"}, "=the-empty"),
            "variable": ({**confirmed, "teardown_confirmed": True}, "no variable teardown_confirmed"),
            "choice": ({**confirmed, "teardown_unmanaged": "perhaps"}, "perhaps"),
            "described": ({**confirmed, "teardown_confirm": "described", "application_nmae": 1}, "application_nmae"),
            "twice": (
                {**confirmed, "teardown_confirm": "twice", "application_environments": [environment, environment]},
                "Names of environments have to differ",
            ),
            "half": (
                {**confirmed, "teardown_confirm": "half", "application_databases": [{"name": "orders"}]},
                "instance_id",
            ),
        }
    )


def example_host_vars() -> str:
    """The description in the README of the role."""
    readme = (Path(__file__).parents[2] / "roles" / "teardown" / "README.md").read_text()
    return readme.partition("# inventory/host_vars/hello.yml\n")[2].partition("```")[0]


# Accounts of apps that are there already, each with one of everything

DESCRIPTION: dict[str, Any] = {
    "application_biz_code": "JST",
    "application_language": "Java",
    "application_service_type": "GeneralApplication",
    "application_user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
    "application_group": {"name": "shop"},
    "application_deploy_configs": [{"name": "web", "env_type": "online"}],
    "application_environments": [
        {
            "name": "production",
            "env_type": "online",
            "region": "cn-zhangjiakou",
            "replicas": 1,
            "deploy_config": "web",
            "volume_claims": [
                {"name": "media", "capacity": "1Gi", "access_mode": "ReadWriteMany", "storage_class": "none"}
            ],
            "services": [
                {
                    "k8s_service_id": "web",
                    "name": "Web",
                    "service_type": "ClusterIP",
                    "port_mappings": [{"name": "http", "port": 80, "target_port": "8080"}],
                }
            ],
            "slb_aps": [
                {
                    "slb_id": "lb-emu-internet-1",
                    "listener_port": "{{ listener }}",
                    "protocol": "TCP",
                    "name": "web",
                    "real_server_port": 8080,
                }
            ],
        }
    ],
    "application_databases": [
        {"instance_id": MYSQL, "name": "{{ inventory_hostname }}", "character_set": "utf8mb4"},
    ],
    "application_accounts": [{"instance_id": MYSQL, "name": "{{ inventory_hostname }}", "password": CANARY}],
}


def service(env_id: int, name: str) -> dict[str, Any]:
    """A service of an environment."""
    ports = [{"name": "http", "protocol": "TCP", "port": 80, "target_port": "80"}]
    return {
        "env_id": env_id,
        "name": name,
        "service_type": "ClusterIP",
        "k8s_service_id": name,
        "port_mappings": ports,
    }


def environment(app: int, name: str) -> dict[str, Any]:
    """An environment of the app of that position in the list."""
    place = {"region": "cn-zhangjiakou", "cluster_instance_id": ONLINE}
    return {"app_id": 10001 + app, "name": name, "env_type": 1, "schema_id": 30001 + app, **place}


def world(titles: Sequence[str]) -> State:
    """An account in which each of these apps has an instance, an unfinished order, and one of everything else."""
    every = range(len(titles))
    return {
        "apps": [
            {"title": title, "biz_code": "JST", "language": "Java", "service_type": "GeneralApplication"}
            for title in titles
        ],
        "groups": [{"biz_code": "JST", "name": "shop"}],
        "group_members": [{"group_id": 70001, "app_id": 10001 + app} for app in every],
        "deploy_configs": [{"app_id": 10001 + app, "env_type": "online", "name": "web"} for app in every],
        "environments": [environment(app, "production") for app in every],
        "claims": [
            {
                "env_id": 20001 + app,
                "name": "media",
                "capacity": "1Gi",
                "access_modes": "ReadWriteMany",
                "storage_class": "none",
                "created_at": NOON,
            }
            for app in every
        ],
        "services": [service(20001 + app, "web") for app in every],
        "slb_access_points": [
            {
                "env_id": 20001 + app,
                "name": "web",
                "slb_id": "lb-emu-internet-1",
                "listener_port": 1000 + app,
                "real_server_port": 8080,
                "protocol": "TCP",
            }
            for app in every
        ],
        "orders": [
            {
                "env_id": 20001 + app,
                "name": "canary",
                "schema_id": 30001 + app,
                "batches": [1, 1],
                "replicas": 2,
                "current_partition": 1,
                "status": 2,
                "created_at": NOON,
            }
            for app in every
        ],
        "instances": [
            {"app_instance_id": f"{title}-1", "env_id": 20001 + app, "created_at": NOON}
            for app, title in enumerate(titles)
        ],
        "databases": [{"instance_id": MYSQL, "name": title, "character_set": "utf8mb4"} for title in titles],
        "accounts": [{"instance_id": MYSQL, "name": title} for title in titles],
    }


def prepared(emulators: Emulators, folder: Path, content: State, hosts: dict[str, dict[str, Any]]) -> tuple[str, Path]:
    """An emulator in that world, and an inventory of the apps in it that are described."""
    file = folder / "world.yml"
    file.write_text(yaml.safe_dump(content))
    ports = {app["title"]: 1000 + number for number, app in enumerate(content["apps"])}
    listed = {title: {"listener": ports.get(title, 0), **variables} for title, variables in hosts.items()}
    inventory = folder / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": listed, "vars": DESCRIPTION}}))
    return emulators.fresh("canonical", "--world", str(file)), inventory


STOPS = {
    "DeleteService": "business",
    "DeleteAppEnvironment": "business",
    "UnbindGroup": "business",
    "DeleteAppDetail": "business",
}


def test_stopped_on_the_way(emulators: Emulators, tmp_path: Path) -> None:
    """Each of several apps is stopped at another call; another run does the rest, and the last one takes the group."""
    titles = [f"app{number}" for number in range(len(STOPS))]
    address, inventory = prepared(emulators, tmp_path, world(titles), {title: {} for title in titles})
    for action, kind in STOPS.items():
        control(address, "faults", {"kind": kind, "action": action, "count": 1})
    stopped = teardown(address, tmp_path, inventory, *CONFIRMED)
    assert stopped.failed.keys() == set(titles), stopped.output
    assert stopped.results == {}
    for action in STOPS:
        assert any(action in message for message in stopped.failed.values())

    done = teardown(address, tmp_path, inventory, *CONFIRMED)
    assert done.failed == {}, done.output
    state = control(address, "state")
    assert [name for name in world([]) if state[name]] == []
    assert len(state["rds_instances"]) == len(state["clusters"]) == 2


def test_what_nobody_described_is_left(emulators: Emulators, tmp_path: Path) -> None:
    """With what it needs, and with the reason, foretold by check mode; and taken along when asked for."""
    titles = ["crowded", "twins", "keeper", "stranger"]
    content = world(titles)
    crowded, twins, keeper, stranger = range(len(titles))
    content["services"].append(service(20001 + crowded, "debug"))
    content["environments"] += [environment(crowded, "staging"), environment(twins, "production")]
    content["deploy_configs"].append({"app_id": 10001 + keeper, "env_type": "online", "name": "draft"})
    hosts: dict[str, dict[str, Any]] = {"crowded": {}, "twins": {}, "keeper": {"teardown_keep": ["databases"]}}
    address, inventory = prepared(emulators, tmp_path, content, {**hosts, "never_there": {}})

    foretold = teardown(address, tmp_path, inventory, *CONFIRMED, "--check")
    assert foretold.writes == []
    # Extra variables of this form are texts.
    done = teardown(address, tmp_path, inventory, *CONFIRMED, "-e", "teardown_unmanaged=false teardown_wait_timeout=60")
    assert CANARY not in done.output
    assert done.failed.keys() == foretold.failed.keys() == {"twins"}, done.output
    assert "more than one environment production" in done.failed["twins"]
    assert [record.task for record in done.records if record.host == "twins" and record.writes] == []

    left = {host: reasons(result) for host, result in done.results.items()}
    # Who is in a group that several apps leave is another matter at each moment.
    groups = [found.pop("group shop") for found in left.values()]
    assert all(f"{10001 + twins}, " in group and f"{10001 + stranger}" in group for group in groups), groups
    for host, result in foretold.results.items():
        assert result["removed"] == done.results[host]["removed"]
        assert {what: reason for what, reason in reasons(result).items() if what != "group shop"} == left[host]
    assert left == {
        "crowded": {
            "service production/debug": "it is unmanaged",
            "environment staging": "it is unmanaged",
            "environment production": "something in it is unmanaged",
            "volume claim production/media": "what runs in its environment, which is left, may mount it",
            "deploy config web/online": "an environment that is left uses it",
            f"account {MYSQL}/crowded": "an environment that is left may use it",
            f"database {MYSQL}/crowded": "an environment that is left may use it",
            "app crowded": "it is needed by what is left: "
            "environment production, environment staging, deploy config web/online",
        },
        "keeper": {
            "deploy config draft/online": "it is unmanaged",
            f"database {MYSQL}/keeper": "teardown_keep lists it",
            "app keeper": "it is needed by what is left: deploy config draft/online",
        },
        "never_there": {},
    }
    assert done.results["crowded"]["removed"] == [
        "SLB access point production/lb-emu-internet-1/1000",
        "service production/web",
        "membership in group shop",
    ]
    # What is left goes on running.
    state = control(address, "state")
    assert {one["app_instance_id"] for one in state["instances"]} == {"crowded-1", "twins-1", "stranger-1"}
    assert {one["env_id"] - 20001 for one in state["orders"] if one["status"] == 2} == {crowded, twins, stranger}

    taken = teardown(address, tmp_path, inventory, *CONFIRMED, "-e", "teardown_unmanaged=true")
    assert taken.failed == {}, taken.output
    state = control(address, "state")
    owners = ("apps", "environments", "deploy_configs", "group_members")
    assert {one["app_id"] for name in owners for one in state[name]} == {10001 + stranger}
    assert {one["name"] for one in state["databases"]} == {"keeper", "stranger"}


def reasons(result: Result) -> dict[str, str]:
    """What was left, and why."""
    return {item["what"]: item["reason"] for item in result["left"]}
