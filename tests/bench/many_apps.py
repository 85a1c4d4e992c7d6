# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of many apps, each a copy of the order service in the example inventory, and the world to make them in.

An app is twelve things: itself, its membership in a group, two deploy configs, two environments, two services, an SLB
access point, a database, an account, and a release.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.tools.run_in_collection import ROOT

EXAMPLE = ROOT / "examples" / "inventory"
PATTERN = EXAMPLE / "host_vars" / "order-service"
THINGS = 12

# So many apps share a group and an RDS instance.
TEAM = 10

FIRST_PORT = 10000

# The tables of a world that hold what belongs to apps. Events are no part of a comparison, and are many.
TABLES = (
    *("databases", "accounts", "apps", "groups", "group_members", "deploy_configs", "environments", "allocations"),
    *("slb_access_points", "services", "orders", "pods", "instances"),
)
# What a state shows in the place of a secret.
MASK = "********"
# Ids are numbers of five digits. Those of a copy are higher by this for each team before it, which is more than a team
# has of any record.
ID_STEP = 1000


def write_world(file: Path, apps: int) -> None:
    """A world file in which so many apps find their RDS instances."""
    file.write_text(yaml.safe_dump({"rds_instances": rds_instances(apps), "backups": []}))


def rds_instances(apps: int) -> list[dict[str, str]]:
    """Return the RDS instances of so many apps, as records."""
    return [{"instance_id": rds_instance(number), "engine": "MySQL"} for number in range(1, apps + 1, TEAM)]


def write_inventory(folder: Path, apps: int) -> Path:
    """Write an inventory of so many apps into ``folder``, in place of what is there; returns it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(EXAMPLE / "group_vars", folder / "group_vars")
    names = [f"app-{number:05}" for number in range(1, apps + 1)]
    (folder / "hosts.yml").write_text(yaml.safe_dump({"jst_apps": {"hosts": dict.fromkeys(names)}}))
    for number, name in enumerate(names, start=1):
        shutil.copytree(PATTERN, folder / "host_vars" / name)
        description = folder / "host_vars" / name / "main.yml"
        description.write_text(yaml.safe_dump(vary(yaml.safe_load(description.read_text()), number), sort_keys=False))
    return folder


def write_grown_world(file: Path, state: Mapping[str, Any], apps: int) -> None:
    """Write a world file with so many apps that are up, copies of one team: to bring each up would take half an hour.

    :param state: the state of an emulator in which the apps of one team are up, and no others.
    """
    text = json.dumps({name: state[name] for name in TABLES})
    text = text.replace(f'"secret_list": ["{MASK}"]', f'"secret_list": {json.dumps(secrets())}')
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    for copy in range(team(apps)):
        copied = json.loads(moved(text, copy))
        for order in copied["orders"]:
            order["description"] = marked(order)
        for name, records in copied.items():
            tables[name] += records
    world = {**tables, "rds_instances": rds_instances(apps), "backups": [], "events": []}
    file.write_text(json.dumps(world))


def marked(order: Mapping[str, Any]) -> str:
    """Return the description of a deploy order with the fingerprint of what it deploys, which the ids are part of."""
    from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import content_fingerprint

    fingerprint = content_fingerprint({"deploy_config_id": order["schema_id"], "images": order["images"]})
    return re.sub(r"\[jst:\w+", f"[jst:{fingerprint}", order["description"])


def secrets() -> list[str]:
    """Return the secrets of an app as they are sent, which a state does not show."""
    described = yaml.safe_load((PATTERN / "kubernetes.yml").read_text())["order_service_database"]
    for name, value in yaml.safe_load((PATTERN / "vault.yml").read_text()).items():
        described = described.replace(f"{{{{ {name} }}}}", value)
    return [described]


def moved(text: str, teams: int) -> str:
    """Return the records of the first team, as JSON, with the names, ids and ports that they have so many teams on."""

    def higher(step: int) -> Callable[[re.Match[str]], str]:
        return lambda match: f"{match[1]}{int(match[2]) + teams * step:0{len(match[2])}}"

    text = re.sub(r"(\bapp-)(\d{5})\b", higher(TEAM), text)
    text = re.sub(r"(\borders_)(\d+)\b", higher(TEAM), text)
    text = re.sub(r'("listener_port": )(\d+)', higher(TEAM), text)
    text = re.sub(r"(\bteam-)(\d{3})\b", higher(1), text)
    text = re.sub(r"(\brm-team)(\d{9})\b", higher(1), text)
    text = re.sub(r'("\w+_id": )(\d{5})\b', higher(ID_STEP), text)
    return re.sub(r'("app_instance_id": "[^"]+)', rf"\g<1>-{teams}", text)


def vary(description: dict[str, Any], number: int) -> dict[str, Any]:
    """The description of the order service, made that of an app of its own."""
    production, staging = description["application_environments"]
    production["slb_aps"][0]["listener_port"] = FIRST_PORT + number
    del staging["release"]
    [database], [account] = description["application_databases"], description["application_accounts"]
    database.update(instance_id=rds_instance(number), name=f"orders_{number}")
    account.update(instance_id=rds_instance(number), name=f"orders_{number}")
    account["privileges"][0]["database"] = database["name"]
    return {**description, "application_group": {"name": f"team-{team(number):03}"}}


def team(number: int) -> int:
    """The team of an app; both count from 1."""
    return (number - 1) // TEAM + 1


def rds_instance(number: int) -> str:
    """The RDS instance of an app."""
    return f"rm-team{team(number):09}"
