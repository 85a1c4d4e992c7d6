# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy configs of a world file: the texts of their documents as they are stored, and what a release runs of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_documents import recorded_document
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World

Json = dict[str, Any]

_WORKLOADS = ("deployment", "stateful_set", "cron_job")


def record_configs(world: World, reader: AccountReader, app: Json) -> dict[int, Json]:
    """Record the deploy configs of an app, and return the records by id."""
    records = {}
    for config, documents in reader.configs(app):
        number = config["deploy_config_id"]
        record = {
            "schema_id": number,
            "app_id": config["app_id"],
            "env_type": config["env_type"],
            "name": config["name"],
            "code_path": config["code_path"] or "",
            **_documents(documents, f"of deploy config {number}", reader.notes),
        }
        world.add("deploy_configs", number, **record)
        records[number] = record
    return records


def _documents(shown: Mapping[str, Any], place: str, notes: list[str]) -> Json:
    """Return the documents of a deploy config as texts.

    :param shown: the documents as the service shows them.
    """
    single = {
        name: recorded_document(shown.get(name), f"The {name} {place}", notes) for name in (*_WORKLOADS, "config_map")
    }
    lists = {
        name: [
            recorded_document(text, f"Entry {number} in {name} {place}", notes, is_secret=name == "secret_list")
            for number, text in enumerate(shown.get(name) or (), start=1)
            if text
        ]
        for name in ("config_map_list", "secret_list")
    }
    return {**single, **lists}


def release_of(schema_id: int | None, configs: Mapping[int, Json]) -> Json:
    """Return what a release ran with: the documents of its deploy config as they are stored now."""
    config = configs.get(schema_id or 0)
    if config is None:
        return {"schema_id": schema_id or 0}
    return {
        "schema_id": schema_id,
        "workload": next((config[name] for name in _WORKLOADS if config[name]), ""),
        "config_map_list": config["config_map_list"] or [config["config_map"]] * bool(config["config_map"]),
        "secret_list": config["secret_list"],
        "code_path": config["code_path"],
    }
