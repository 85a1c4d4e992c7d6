# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook ``awx`` overwrites its own objects, and those of others only when they are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.awx import configuration
from tests.conformance.test_awx import KINDS, NOTIFICATIONS, SETTINGS, WITH_ROLES, Controller, items


def foreign_objects() -> dict[str, dict[str, Any]]:
    """An object of somebody else for each definition, without those that it would need in a real AWX."""
    objects: dict[str, dict[str, Any]] = {}
    definitions = [*items(), ("controller_notifications", [{"name": "JST: DingTalk"}])]
    for number, (kind, one) in enumerate(((KINDS[kind], one) for kind, listed in definitions for one in listed), 50):
        scope = {} if kind in ("credential_type", "execution_environment") else {"organization": 1}
        objects[str(number)] = {"kind": kind, "name": one["name"], "scope": scope, "fields": {"description": "Mine"}}
    numbers = {f"{one['kind']} {one['name']}": int(number) for number, one in objects.items()}
    types = {"credential JST": numbers["credential_type JST"], "credential JST vault": 2}
    for name, one in zip(numbers, objects.values(), strict=True):
        if one["kind"] == "credential_type":
            one["fields"].update(kind="cloud", inputs={"fields": [{"id": "token", "secret": True}]}, injectors={})
        elif one["kind"] == "credential":
            one["scope"]["credential_type"] = types[name]
            one["fields"] = {**one["fields"], **one["scope"], "inputs": {"token": "of somebody else"}}
        elif one["kind"] == "inventory_source":
            one["scope"] = {"inventory": numbers[f"inventory {one['name']}"]}
        elif one["kind"] == "schedule":
            one["scope"] = {"unified_job_template": numbers["job_template JST: drift"]}
        elif one["kind"] == "project":
            one["fields"]["scm_url"] = "https://git.example.com/other.git"
    return objects


LABELS = {
    "job_template": "job template",
    "notification_template": "notification",
    "workflow_job_template": "workflow job template",
}


@pytest.mark.parametrize("options", [(), ("--check",)])
@pytest.mark.parametrize("settings", [{}, {**WITH_ROLES, "jst_awx_vault": "true"}], ids=["modules", "roles"])
def test_objects_of_others_are_not_overwritten(
    settings: dict[str, str], options: tuple[str, ...], tmp_path: Path
) -> None:
    """A run names each of them, and writes nothing."""
    controller = Controller(tmp_path)
    objects = foreign_objects()
    controller.change("objects", **objects)
    before = controller.read()
    output, counts = controller.run({**SETTINGS, **settings}, "-e", f"@{NOTIFICATIONS}", *options)
    assert counts["failed"] == 1, output
    said = " ".join(output.split())
    for one in objects.values():
        label = LABELS.get(one["kind"], one["kind"].replace("_", " "))
        assert f"{label} {one['name']}" in said
    assert "jst_awx_take_over" in said
    assert controller.read() == before
    assert not controller.dispatched.exists()


def test_objects_of_others_in_other_places_are_none(tmp_path: Path) -> None:
    """What another organization has, and what has another type, is neither reported nor written."""
    controller = Controller(tmp_path)
    others = {
        "3": {"kind": "organization", "name": "Shop", "scope": {}, "fields": {}},
        "50": {"kind": "project", "name": "JST", "scope": {"organization": 3}, "fields": {"description": "Mine"}},
        "51": {"kind": "credential_type", "name": "Other", "scope": {}, "fields": {"inputs": {"fields": []}}},
        "52": {
            "kind": "credential",
            "name": "JST vault",
            "scope": {"organization": 1, "credential_type": 51},
            "fields": {"organization": 1, "credential_type": 51},
        },
    }
    controller.change("objects", **others)
    controller.apply()
    objects = controller.read()["objects"]
    assert {number: objects[number] for number in others} == others


def test_objects_are_taken_over_by_their_names(tmp_path: Path) -> None:
    """Those that are named are overwritten, once. The secrets of a credential stay."""
    controller = Controller(tmp_path)
    foreign = foreign_objects()
    kinds = ("credential", "credential_type", "project")
    mine = {number: one for number, one in foreign.items() if one["kind"] in kinds and one["name"] == "JST"}
    controller.change("objects", **mine)
    names = ["credential type JST", "credential JST"]
    output, counts = controller.run({**SETTINGS, "jst_awx_take_over": names})
    assert (counts["failed"], "did not make: project JST." in " ".join(output.split())) == (1, True), output

    secrets = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "of this run"}
    controller.apply(environment=secrets, jst_awx_take_over=",".join([*names, "project JST"]))
    objects = controller.read()["objects"]
    for number, one in mine.items():
        assert objects[number]["fields"]["description"] != "Mine", one
    [credential] = [objects[number] for number, one in mine.items() if one["kind"] == "credential"]
    assert credential["fields"]["inputs"] == {"token": "of somebody else"}
    assert controller.apply(environment=secrets)["changed"] == 0


def test_objects_of_an_earlier_version_belong_to_the_playbook(tmp_path: Path) -> None:
    """By the description that it wrote, and by content that is already the defined one."""
    controller = Controller(tmp_path)
    controller.apply()
    content = controller.read()
    wanted = json.loads(json.dumps(content))
    [earlier] = configuration()["__jst_awx_earlier_descriptions"]
    for one in content["objects"].values():
        kinds = ("credential_type", "execution_environment", "inventory_source", "project", "schedule")
        if f"{one['kind']} {one['name']}" == "job_template JST: release":
            one["fields"]["description"] = earlier
        elif one["kind"] in kinds and one["name"].startswith("JST"):
            one["fields"]["description"] = "Set up by hand"
    controller.write(content)
    # The synchronization of a project is counted in the file.
    controller.apply()
    assert controller.read()["objects"] == wanted["objects"]

    # With another content, what was set up by hand could be anybody's.
    for one in content["objects"].values():
        if one["kind"] == "execution_environment":
            one["fields"]["image"] = "other.example.com/mine:7"
    controller.write(content)
    output, counts = controller.run(SETTINGS)
    assert counts["failed"] == 1
    assert "did not make: execution environment JST." in " ".join(output.split())
