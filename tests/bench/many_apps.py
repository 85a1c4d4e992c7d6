# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of many apps, each a copy of the order service in the example inventory, and the world to make them in.

An app is twelve things: itself, its membership in a group, two deploy configs, two environments, two services, an SLB
access point, a database, an account, and a release.
"""

from __future__ import annotations

import shutil
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


def write_world(file: Path, apps: int) -> None:
    """A world file in which so many apps find their RDS instances."""
    teams = [{"instance_id": rds_instance(number), "engine": "MySQL"} for number in range(1, apps + 1, TEAM)]
    file.write_text(yaml.safe_dump({"rds_instances": teams, "backups": []}))


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
