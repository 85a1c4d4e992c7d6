# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variable ``jst_serial``: how many apps the playbooks work on at once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, run_playbook
from tests.conformance.test_forks import APP
from tests.tools.run_in_collection import ROOT

OLD, NEW = "registry.example.com/shop:1.0", "registry.example.com/shop:1.1"
RELEASE: dict[str, Any] = {"release_app": "shop", "release_environment": "production", "release_images": [NEW]}
VARIABLES: dict[str, dict[str, Any]] = {
    "bring_up": APP,
    "fleet": APP,
    "drift": APP,
    "release": RELEASE,
    "rollback": RELEASE,
    "restart": RELEASE,
    "scale": {"scale_app": "shop", "scale_environment": "production", "scale_replicas": 3},
    "teardown": {**APP, "teardown_confirm": "{{ inventory_hostname }}"},
}
HOSTS = ["a", "b", "c", "d", "e"]


def batches(playbook: str, serial: Any, forks: int, emulators: Emulators, folder: Path) -> list[list[str]]:
    """Run a playbook in check mode over five hosts. Return the hosts of each batch, as the output shows them."""
    account = Account(emulators.fresh(), folder)
    account.deployed(OLD)
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"jst_apps": {"hosts": {name: VARIABLES[playbook] for name in HOSTS}}}))
    arguments = ["-i", str(inventory), f"{COLLECTION}.{playbook}", "--check", "--forks", str(forks)]
    # A rollback takes from the inventory no content to deploy.
    extra = {"jst_serial": serial, **({"release_images": [NEW]} if playbook == "rollback" else {})}
    _records, output = run_playbook(
        account.address, folder, [*arguments, "-e", json.dumps(extra)], environment={"NO_COLOR": "1"}
    )
    [title] = (
        play["name"] for play in yaml.safe_load((ROOT / f"playbooks/{playbook}.yml").read_text()) if "serial" in play
    )
    plays = [text for text in output.split("\nPLAY ")[1:] if text.startswith(f"[{title}]")]
    plays[-1] = plays[-1].partition("\nPLAY RECAP")[0]
    return [
        sorted({*re.findall(r"^(?:ok|changed|skipping|fatal|included): .*?\b([a-e])\b", play, re.M)}) for play in plays
    ]


@pytest.mark.parametrize("playbook", VARIABLES)
def test_batches_of_the_given_sizes(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    assert batches(playbook, [1, "40%"], 5, emulators, tmp_path) == [["a"], ["b", "c"], ["d", "e"]]


@pytest.mark.parametrize("playbook", ["fleet", "drift"])
def test_no_batch_is_larger_than_the_number_of_forks(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    """A worker that is killed is noticed only when no other host of the batch follows in its place."""
    assert batches(playbook, [1, "100%"], 2, emulators, tmp_path) == [["a"], ["b", "c"], ["d", "e"]]


def test_an_empty_answer_is_the_default(emulators: Emulators, tmp_path: Path) -> None:
    assert batches("scale", "", 2, emulators, tmp_path) == [HOSTS]
