# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of roles and playbooks that are null, empty or blank.

What identifies something is rejected before the first call. What is optional counts as not given: AWX sends an empty
text for a survey question without an answer. The variables are read from argument specifications and playbooks, so a
new one is covered as well.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import ONLINE, Account, encoded
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import deployment
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.conformance.role_examples import ROLES
from tests.conformance.test_release import prepared

PLAYBOOKS = ROLES.parent / "playbooks"
MYSQL = "rm-emu0000000000001"
EMPTY: dict[str, Any] = {"text": "", "list": [], "null": None}
# Blank is also what has no character that shows.
BLANK: dict[str, Any] = {"null": None, "empty": "", "blank": " \u200b"}

# What a variable or a member is called that identifies something, without the name of the role in front.
IDENTIFYING = re.compile(
    r"(title|name|id|app|environment|cluster|database|deploy_config|confirm|key|value|instance_ids|listener_port"
    r"|(app|environment|cluster|deploy_config|app_group|instance|k8s_service|slb|user)_id)"
)
# These describe a thing that something else identifies.
DESCRIBING = {"release_name", "drift_name", "application_environments.release.name"}

# The app that the account has, and what it could have besides.
SHOP: dict[str, Any] = {
    "application_title": "shop",
    "application_biz_code": "JST",
    "application_language": "Java",
    "application_service_type": "StoreApplication",
    "application_user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
    "application_deploy_configs": [{"name": "web", "env_type": "online", "deployment": deployment()}],
    "application_environments": [
        {
            "name": "production",
            "env_type": "online",
            "region": "cn-zhangjiakou",
            "cluster": "emu-online",
            "replicas": 4,
            "deploy_config": "web",
        }
    ],
}
PARTS: dict[str, Any] = {
    "volume_claims": [
        {"name": "media", "capacity": "1Gi", "access_mode": "ReadWriteMany", "storage_class": "emu-media"}
    ],
    "services": [
        {
            "k8s_service_id": "web",
            "name": "web",
            "service_type": "ClusterIP",
            "port_mappings": [{"name": "http", "port": 80, "target_port": "8080"}],
        }
    ],
    "slb_aps": [
        {
            "slb_id": "lb-emu-internet-1",
            "listener_port": 80,
            "protocol": "TCP",
            "name": "tcp",
            "real_server_port": 8080,
        }
    ],
    "release": {"name": "first"},
}
DATABASES: dict[str, Any] = {
    "databases": [{"instance_id": MYSQL, "name": "orders", "character_set": "utf8mb4"}],
    "accounts": [
        {
            "instance_id": MYSQL,
            "name": "shop",
            "password": "Shop-Password-1",
            "privileges": [{"database": "orders", "privilege": "ReadWrite"}],
        }
    ],
}
EVERYTHING: dict[str, Any] = {
    **SHOP,
    "application_app_id": 10001,
    "application_group": {"name": "storefronts", "app_group_id": 1},
    "application_environments": [
        {**SHOP["application_environments"][0], **PARTS, "deploy_config_id": 30001, "cluster_id": "c1"}
    ],
    **{f"application_{name}": listed for name, listed in DATABASES.items()},
}
# By name and by id, of which a play takes one.
PLACE = {"app": "shop", "app_id": 10001, "environment": "production", "environment_id": 20001}

# The variables of a play that is complete, by the role or playbook.
COMPLETE: dict[str, dict[str, Any]] = {
    "application": EVERYTHING,
    "teardown": {**SHOP, "application_app_id": 10001, "teardown_confirm": "{{ application_title }}"},
    "release": {"application_title": "shop", **{f"release_{name}": value for name, value in PLACE.items()}},
    "scale": {
        "application_title": "shop",
        "scale_replicas": 2,
        **{f"scale_{name}": value for name, value in PLACE.items()},
    },
    "database": {f"database_{name}": listed for name, listed in DATABASES.items()},
    "cluster": {
        "cluster_title": "emu-online",
        "cluster_id": "c000000000000000000000000000000e1",
        "cluster_nodes": [{"instance_id": "i-emu-node-1"}],
        "cluster_node_labels": [{"key": "label.jst.com/role", "value": "web", "instance_ids": ["i-emu-node-1"]}],
        "cluster_persistent_volumes": [{"name": "media", "state": "absent"}],
    },
}


def options(role: str) -> dict[str, Any]:
    """Return what a role or a playbook takes, as an argument specification."""
    if role == "scale":
        [play] = yaml.safe_load((PLAYBOOKS / "scale.yml").read_text())
        found: dict[str, Any] = play["vars"]["__scale_options"]
        return found
    specs = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text())
    found = specs["argument_specs"]["main"]["options"]
    return found


def identifying(role: str, spec: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to each member that identifies something, through lists and mappings."""
    for name, option in spec.items():
        here = (*path, name)
        word = name.removeprefix(f"{role}_").removeprefix("application_") if not path else name
        if IDENTIFYING.fullmatch(word) and ".".join(here) not in DESCRIBING:
            yield here
        yield from identifying(role, option.get("options", {}), here)


def with_value(variables: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return the variables with another value at one place; an element of a list of texts is replaced."""
    changed = copy.deepcopy(dict(variables))
    place: Any = changed
    for name in path[:-1]:
        place = place[name]
        place = place[0] if isinstance(place, list) else place
    assert path[-1] in place, f"{'.'.join(path)} is missing in the complete example"
    place[path[-1]] = [value] if isinstance(place[path[-1]], list) else value
    return changed


def optional(role: str) -> list[str]:
    """Return the optional variables of a role or playbook that identify nothing."""
    ways = {path[0] for path in identifying(role, options(role)) if len(path) == 1}
    return [name for name, option in options(role).items() if not option.get("required") and name not in ways]


def inventory(folder: Path, hosts: Mapping[str, Mapping[str, Any]]) -> str:
    """Write an inventory whose group is that of the playbooks."""
    file = folder / "hosts.json"
    file.write_text(json.dumps({"jst_apps": {"hosts": hosts}}))
    return str(file)


def playbook(folder: Path, role: str) -> str:
    """Return what runs a role or playbook; roles without a playbook get one."""
    shipped = {"application": "bring_up"}.get(role, role)
    if (PLAYBOOKS / f"{shipped}.yml").exists():
        return f"{COLLECTION}.{shipped}"
    file = folder / f"{role}.yml"
    plays = [{"hosts": "jst_apps", "connection": "local", "gather_facts": False, "roles": [f"{COLLECTION}.{role}"]}]
    file.write_text(yaml.safe_dump(plays))
    return str(file)


@pytest.mark.parametrize("role", COMPLETE)
def test_what_identifies_needs_a_value(role: str, emulators: Emulators, tmp_path: Path) -> None:
    """Null, empty and blank are rejected with the name of the variable, and nothing is called."""
    account = prepared(emulators, tmp_path)
    ways = list(identifying(role, options(role)))
    if role == "teardown":
        ways += [path for path in identifying("application", options("application")) if len(path) == 1]
    assert ways
    hosts: dict[str, dict[str, Any]] = {}
    for path in ways:
        # What is empty or blank further in is the matter of test_role_variables.py among the unit tests.
        for word, value in BLANK.items() if len(path) == 1 else [("null", None)]:
            hosts[f"{'.'.join(path)}:{word}"] = with_value(COMPLETE[role], path, value)
    if role in ("release", "scale"):
        for word, value in BLANK.items():
            titled = {**COMPLETE[role], "application_title": value}
            titled = {name: given for name, given in titled.items() if not name.startswith(f"{role}_app")}
            hosts[f"application_title:{word}"] = titled
    before = control(account.address, "state")
    records, output = run_playbook(
        account.address, tmp_path, ["-i", inventory(tmp_path, hosts), playbook(tmp_path, role)]
    )
    failed = {record.host: str(record.result) for record in records if record.result["failed"]}
    assert failed.keys() == hosts.keys(), output
    for host, message in failed.items():
        variable, word = host.split(":")
        assert re.search(variable.replace(".", r"(\[0\])?\."), message), f"{host}: {message}"
        assert re.search(f"{word}|unable to convert|set teardown_confirm", message), f"{host}: {message}"
    assert [record.task for record in records if record.calls] == []
    assert control(account.address, "state") == before


# Optional variables

RUNS = ("application", "fleet", "release", "scale", "drift", "cluster", "database", "teardown")
# What must be known to find the account, and what the tests themselves set.
GIVEN = {"teardown_confirm"}


def told(records: list[Recorded]) -> list[tuple[str, str, str]]:
    """Return what was done: task, host, and what of its result does not depend on the time."""
    done = []
    for record in records:
        result = {name: record.result.get(name) for name in ("failed", "changed", "skipped", "msg", "diff")}
        facts = record.result.get("ansible_facts", {})
        result["facts"] = {name: facts[name] for name in ("release_result", "teardown_result") if name in facts}
        done.append((record.task, record.host, json.dumps(result, sort_keys=True, default=str)))
    return sorted(done)


def play_variables() -> set[str]:
    """Return the optional variables of playbooks that begin with ``jst_``, by their texts."""
    texts = "".join(file.read_text() for file in PLAYBOOKS.glob("*.yml") if file.stem != "awx")
    return {"jst_in_process", *re.findall(r"(?<![\w.\[])(jst_\w+) \| default", texts)}


@pytest.fixture(scope="module")
def settled(emulators: Emulators, tmp_path_factory: pytest.TempPathFactory) -> Account:
    """An account that is as described."""
    return prepared(emulators, tmp_path_factory.mktemp("settled"))


def answers(role: str, value: Any) -> dict[str, Any]:
    """Return each optional variable of a play with this value."""
    names = {
        "application": optional("application"),
        "fleet": optional("application"),
        "teardown": [*optional("application"), *optional("teardown")],
    }.get(role) or optional(role)
    described = {*SHOP, *GIVEN}
    return {name: value for name in {*names, *play_variables()} if name not in described}


@pytest.mark.parametrize("role", RUNS)
def test_empty_answers_count_as_none(role: str, settled: Account, tmp_path: Path) -> None:
    """All optional variables at once, as extra variables: the run is the one without them."""
    hosts = {"shop": {**SHOP, "cluster_title": "emu-online", "scale_environment": "production", "scale_replicas": 4}}
    hosts["shop"].update(release_environment="production", teardown_confirm="shop")
    kept = {
        "application": SHOP,
        "fleet": SHOP,
        "drift": SHOP,
        "teardown": {**SHOP, "teardown_confirm": "shop"},
        "cluster": {"cluster_title": "emu-online"},
        "scale": {"application_title": "shop", "scale_environment": "production", "scale_replicas": 4},
        "release": {"application_title": "shop", "release_environment": "production"},
    }.get(role, {})
    arguments = ["-i", inventory(tmp_path, {"shop": kept}), playbook(tmp_path, role), "--check"]
    before = control(settled.address, "state")
    records, output = run_playbook(settled.address, tmp_path, arguments)
    wanted = told(records)
    assert " failed=0 " in output, output
    for word, value in EMPTY.items():
        given = answers(role, value)
        assert given
        records, output = run_playbook(settled.address, tmp_path, [*arguments, "-e", json.dumps(given)])
        assert told(records) == wanted, f"{word}: {output}"
    assert control(settled.address, "state") == before


# Titles and names of digits

DIGITS = "10001"


def test_digits_are_a_title(emulators: Emulators, tmp_path: Path) -> None:
    """A title that is the id of another app, in playbooks that act on the app of a host."""
    account = prepared(emulators, tmp_path)
    place = {"scale_environment": "production", "release_environment": "production", "release_verify": False}
    hosts = inventory(tmp_path, {DIGITS: {**place, "scale_replicas": 2}})

    def play(name: str, *arguments: str) -> tuple[list[Recorded], str]:
        return run_playbook(account.address, tmp_path, ["-i", hosts, f"{COLLECTION}.{name}", *arguments])

    before = control(account.address, "state")
    for name in ("scale", "release", "rollback", "restart"):
        _records, output = play(name)
        assert f"0 apps have the title {DIGITS}" in output
        assert " failed=1 " in output
    assert control(account.address, "state") == before

    role = {"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}
    usual = {"BizCode": "JST", "Language": "Java", "OperatingSystem": "Linux", "ServiceType": "StoreApplication"}
    account.call("CreateApp", Title=DIGITS, StateType=1, UserRoles=[role], **usual)
    config = {"Name": "web", "EnvType": "online", "Deployment": encoded(deployment())}
    account.call("CreateDeployConfig", AppId=10002, **config)
    named = {"EnvName": "20001", "EnvType": 1, "Region": "cn-zhangjiakou", "Replicas": 1, "ClusterId": ONLINE}
    account.call("CreateEnvironment", AppId=10002, AppSchemaId=30002, **named)
    for name in ("release", "scale"):
        records, output = play(name, "-e", "scale_environment=20001", "-e", "release_environment=20001")
        assert " failed=0 " in output, output
        assert [write for record in records for write in record.writes] == [
            "DeployApp" if name == "release" else "ScaleApp"
        ]
    after = control(account.address, "state")
    assert {order["env_id"] for order in after["orders"][len(before["orders"]) :]} == {20002}
    assert [one for one in after["environments"] if one["env_id"] == 20001] == before["environments"]
    # An id is given as an id.
    by_id = {"scale_app_id": 10001, "scale_environment": None, "scale_environment_id": 20001, "scale_replicas": 4}
    hosts = inventory(tmp_path, {DIGITS: {name: value for name, value in by_id.items() if value is not None}})
    _records, output = play("scale", "--check")
    assert " changed=0 " in output, output
