# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world file of an account with an object of each type, whose releases ended a few minutes ago."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.populated_account import PopulatedAccount

# What a bring-up takes in virtual time, and some more: instances and events have to lie in the last hour.
SECONDS_AGO = 600

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: b}\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {word: Secret-Word-1}\n"


@cache
def _snapshot() -> str:
    account = PopulatedAccount(start=time.time() - SECONDS_AGO)
    state = account.emulator.world.snapshot()
    del state["credentials"]
    for holder in (
        *state["deploy_configs"],
        *state["orders"],
        *(one["baseline"] or {} for one in state["environments"]),
    ):
        if holder.get("secret_list"):  # a snapshot masks it
            holder["secret_list"] = [SECRET]
            holder["config_map_list"] = [CONFIG_MAP]
    return yaml.safe_dump(state, allow_unicode=True)


def full_account() -> dict[str, Any]:
    """Return the content of the world file, which the caller may change."""
    content: dict[str, Any] = yaml.safe_load(_snapshot())
    return content


def write_world(folder: Path, content: dict[str, Any]) -> str:
    """Write a world file, and return its path."""
    path = folder / "world.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(path)
