# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the example inventory up against the emulator, twice, previews a change to it, and releases a new version."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from tests.tools.package import build, install
from tests.tools.run_in_collection import BUILD, ROOT, environment
from tests.tools.running_emulator import access, emulator

DEMO = BUILD / "demo"
BRING_UP, RELEASE = "jst.retailcloud.bring_up", "jst.retailcloud.release"
TIME_SCALE = "30"

# What the third run previews, in a copy of the inventory: one value of a ConfigMap.
CONFIG_MAP = Path("host_vars", "storefront", "kubernetes", "php.yaml.j2")
BEFORE, AFTER = "memory_limit = 256M", "memory_limit = 512M"

# What is released in the end: a canary of one app.
NEW_VERSION = {
    "release_environment": "production",
    "release_images": ["registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/order-service:1.5.0"],
    "release_partitions": 2,
    "release_soak": 2,
    "release_verify_interval": 1,
    "release_wait_interval": 0.5,
}


class Recap(NamedTuple):
    """What Ansible counted for one host."""

    host: str
    changed: int
    unreachable: int
    failed: int


def play(
    title: str, inventory: Path, variables: dict[str, str], *options: str, playbook: str = BRING_UP
) -> list[Recap]:
    """Run ``playbook`` over ``inventory``, show its output as it comes, and return the recap of each host."""
    command = ["ansible-playbook", "--inventory", str(inventory), *options, playbook]
    print(f"\n=== {title}: {' '.join(command)}", flush=True)
    recaps = []
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            recap = re.match(r"(\S+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", line)
            if recap:
                recaps.append(Recap(recap[1], int(recap[2]), int(recap[3]), int(recap[4])))
    if process.returncode or not recaps or any(recap.failed or recap.unreachable for recap in recaps):
        sys.exit(f"{title}: the playbook failed")
    return recaps


def edited(inventory: Path) -> Path:
    """A copy of ``inventory`` in which one ConfigMap holds another value."""
    copy = DEMO / "inventory"
    shutil.copytree(inventory, copy)
    text = (copy / CONFIG_MAP).read_text()
    if BEFORE not in text:
        sys.exit(f"{CONFIG_MAP} no longer says {BEFORE!r}")
    (copy / CONFIG_MAP).write_text(text.replace(BEFORE, AFTER))
    return copy


def release(title: str, inventory: Path, variables: dict[str, str]) -> list[Recap]:
    """Release the new version."""
    options = ("--limit", "order-service", "--extra-vars", json.dumps(NEW_VERSION))
    return play(title, inventory, variables, *options, playbook=RELEASE)


def main() -> None:
    """Exits with a message unless first runs change something and second runs nothing."""
    shutil.rmtree(DEMO, ignore_errors=True)
    collections = DEMO / "collections"
    install(build(DEMO / "package"), collections)
    inventory = ROOT / "examples" / "inventory"
    with emulator("--time-scale", TIME_SCALE, log=DEMO / "emulator.log") as address:
        variables = environment(collections) | access(address)
        first = play("First run", inventory, variables)
        second = play("Second run", inventory, variables)
        play("What an edited ConfigMap would do", edited(inventory), variables, "--check", "--diff")
        released = release("Release", inventory, variables)
        repeated = release("Release again", inventory, variables)
        with urlopen(f"{address}/_emulator/state") as answer:
            state = json.load(answer)
    print("\n=== In the emulator:", *(f"{app['title']} ({app['app_id']})" for app in state["apps"]))
    firsts = {"First run": first, "Release": released}
    seconds = {"Second run": second, "Release again": repeated}
    for title, recaps in (firsts | seconds).items():
        print(f"{title}:", *(f"{recap.host} changed={recap.changed} failed={recap.failed}" for recap in recaps))
    for title, recaps in firsts.items():
        if not any(recap.changed for recap in recaps):
            sys.exit(f"{title}: nothing changed")
    for title, recaps in seconds.items():
        if any(recap.changed for recap in recaps):
            sys.exit(f"{title}: something changed")


if __name__ == "__main__":
    main()
