# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook several times in parallel for the same app, each host with an access key of its own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.account import ONLINE
from tests.conformance.module_cases import CLAIM, ENVIRONMENT, MYSQL, OWNER, VOLUME, config_map, deployment, secret
from tests.tools.running_emulator import access

GROUP = {"biz_code": "JST", "name": "storefronts"}
SERVICE = {
    "k8s_service_id": "web",
    "name": "web",
    "service_type": "ClusterIP",
    "port_mappings": [{"name": "http", "protocol": "TCP", "port": 80, "target_port": "8080"}],
}
BALANCER = {
    "name": "web",
    "slb_id": "lb-emu-internet-1",
    "listener_port": 80,
    "protocol": "TCP",
    "real_server_port": 8080,
}
# What the crowd's app is made of, by the names of the emulator's tables.
ONE_OF_EACH = (
    "apps",
    "groups",
    "group_members",
    "deploy_configs",
    "environments",
    "allocations",
    "services",
    "slb_access_points",
    "claims",
    "databases",
    "accounts",
    "orders",
)


def app_variables(title: str) -> dict[str, Any]:
    """Return a small app with one resource of each kind, as variables of role application."""
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "app"}
    return {
        "application_title": title,
        "application_biz_code": "JST",
        "application_language": "Java",
        "application_service_type": "StoreApplication",
        "application_user_roles": OWNER,
        "application_group": {"name": "storefronts"},
        "application_deploy_configs": [
            {
                "name": "web",
                "env_type": "online",
                "deployment": deployment(),
                "config_maps": [config_map("web", level="info")],
                "secrets": [secret("token", "canary-secret-one")],
            }
        ],
        "application_environments": [
            {
                **environment,
                "replicas": 1,
                "cluster": "emu-online",
                "services": [SERVICE],
                "slb_aps": [BALANCER],
                "volume_claims": [{**CLAIM, "name": "media"}],
                "release": {"partitions": 1},
            }
        ],
        "application_databases": [{"instance_id": MYSQL, "name": "shop", "character_set": "utf8mb4"}],
        "application_accounts": [
            {
                "instance_id": MYSQL,
                "name": "shop",
                "password": "Canary-Password-1",
                "privileges": [{"database": "shop", "privilege": "ReadWrite"}],
            }
        ],
    }


class Runs:
    """Runs of ansible-playbook that start together.

    :param folder: for the inventories.
    :param environment: further variables of all of them.
    """

    def __init__(self, address: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._environment = {**os.environ, **access(address), **(environment or {})}
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []

    def begin(self, hosts: Mapping[str, Mapping[str, Any]], playbook: str | Path) -> None:
        """Start a run over these hosts, all in parallel."""
        inventory = self._folder / f"inventory-{len(self._running)}.yml"
        inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {name: dict(hosts[name]) for name in hosts}}}))
        command = ["ansible-playbook", "-i", str(inventory), "-f", str(len(hosts)), str(playbook)]
        pipe = subprocess.PIPE
        self._running.append(
            subprocess.Popen(command, env=self._environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)
        )

    def end(self, may_fail: bool = False) -> dict[str, dict[str, int]]:
        """Wait for all runs, and return the recap of each host.

        :param may_fail: whether hosts may fail.
        :raises AssertionError: when a run broke down instead of failing, or a host failed that may not.
        """
        outputs = [running.communicate()[0] for running in self._running]
        self._running = []
        text = "\n".join(outputs)
        assert not re.search(r"Traceback|Unexpected \w+ while|UNREACHABLE", text), text
        lines = re.findall(r"^(\S+) +: (ok=.*)$", text, re.MULTILINE)
        counts = {name: {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", rest)} for name, rest in lines}
        assert may_fail or not any(count["failed"] for count in counts.values()), text
        return counts


def split_hosts(sizes: Sequence[int], in_one_task: Collection[int]) -> list[dict[str, dict[str, Any]]]:
    """Return the hosts of each process. Each host has an access key of its own.

    :param sizes: how many hosts each process has.
    :param in_one_task: the processes that manage the app in one task.
    """
    numbers = iter(range(sum(sizes)))
    return [
        {
            f"host-{number}": {
                **app_variables("shop"),
                "application_in_one_task": process in in_one_task,
                "jst_access_key_id": f"key-{number}",
                "jst_access_key_secret": "canary-secret",
            }
            for number in (next(numbers) for _dummy in range(size))
        }
        for process, size in enumerate(sizes)
    ]


def write_world(folder: Path, keys: int) -> Path:
    """Write a world file with this many keys, and a volume to claim."""
    volume = {
        "cluster_instance_id": ONLINE,
        "access_modes": CLAIM["access_mode"],
        "storage_class": CLAIM["storage_class"],
        "capacity": CLAIM["capacity"],
        "reclaim_policy": "Retain",
        "mount_target_domain": VOLUME["mount_target_domain"],
        "created_at": 1767603780,
        "name": "media",
    }
    credentials = [{"access_key_id": f"key-{number}", "access_key_secret": "canary-secret"} for number in range(keys)]
    file = folder / "keys.yml"
    file.write_text(yaml.safe_dump({"credentials": credentials, "volumes": [volume]}), encoding="utf-8")
    return file
