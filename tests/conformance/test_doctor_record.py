# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded account: the emulator responds from the file as the account did, and nothing secret is in it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_survey import PROBES, Probe, Survey
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import TABLES
from jst_emulator.models import TABLES as WORLD_TABLES
from support.direct_account import MYSQL
from tests.conformance.full_account import SECRET, full_account, write_world
from tests.conformance.playbook_runner import COLLECTION, control, run_playbook
from tests.conformance.test_bring_up import recap
from tests.conformance.test_doctor import play, result_of, with_canaries
from tests.conformance.test_release import QUICK
from tests.tools.running_emulator import access, emulator

# Logs, events and metrics are no state.
NOT_RECORDED = (
    "DescribeAppMonitorMetric",
    "DescribeEventMonitorList",
    "DescribeJobLog",
    "DescribePodContainerLogList",
    "DescribePodEvents",
    "DescribePodLog",
)
STILL = ("--time-scale", "0")


def all_responses(address: str) -> dict[str, Any]:
    """Return every list and every detail of an account, by operation and parameters."""
    found: dict[str, Any] = {}
    survey = Survey([MYSQL], max_parents=None)
    with Client(resolve_settings({}, access(address))) as client:

        def call(probe: Probe, params: Mapping[str, Any]) -> tuple[Any, bool]:
            is_list = OPERATIONS[probe.action].page_parameter and not probe.records
            try:
                payload = client.list_all(probe.action, params) if is_list else client.call(probe.action, params).data
            except ApiError as error:
                return found.setdefault(f"{probe.action} {params}", error.code), False
            return found.setdefault(f"{probe.action} {params}", payload), True

        for probe in PROBES:
            if probe.action not in NOT_RECORDED:
                list(survey.run(probe, partial(call, probe)))
    return found


def without_secrets(responses: dict[str, Any]) -> dict[str, Any]:
    """Return responses without the documents of Secrets."""
    text = json.dumps(responses)
    shown: dict[str, Any] = json.loads(text)
    for key, records in shown.items():
        if key.startswith("ListDeployConfig"):
            for record in records:
                record["container_yaml_conf"].pop("secret_list", None)
    return shown


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_the_emulator_responds_as_the_recorded_account(answers: str, tmp_path: Path) -> None:
    file = tmp_path / "my-account.yml"
    world = write_world(tmp_path, full_account())
    with emulator(*STILL, "--answers", answers, "--world", world, log=tmp_path / "emulator.log") as address:
        before = all_responses(address)
        result, _records, output = play(address, tmp_path, doctor_record=str(file))
        assert control(address, "calls?since=0"), output
        assert "[doctor] Recording app 2 of 2\n" in output
        assert not [call for call in control(address, "calls") if call["kind"] == "write"]
    assert result["recorded"]["notes"] == []
    assert result["recorded"]["counts"]["apps"] == 2
    assert file.stat().st_mode & 0o777 == 0o600
    with emulator(*STILL, "--answers", answers, "--world", str(file), log=tmp_path / "emulator.log") as address:
        after = all_responses(address)
    assert len(before) > 50
    assert without_secrets(after) == without_secrets(before)


ODD_CONFIG_MAPS = [
    "# first\nkind: ConfigMap\nmetadata: {name: z}\ndata:\n  花:\tbed\n",
    "kind: ConfigMap\nmetadata: {name: a}\ndata: {one: !!binary aGVsbG8=, other: !custom 'word'}\n",
    "kind: ConfigMap\nmetadata: {name: b}\ndata: &all\n  text: |\n    two\n    lines\nmore: *all\n",
]


def odd_account() -> dict[str, Any]:
    """Return a world with odd documents, and with lists that are not sorted."""
    content = full_account()
    app = content["apps"][0]
    config = next(one for one in content["deploy_configs"] if one["app_id"] == app["app_id"])
    config.update(config_map_list=ODD_CONFIG_MAPS, config_map=ODD_CONFIG_MAPS[2])
    app["user_roles"] = [
        {"role_name": role, "user_id": user, "user_type": kind}
        for role, user, kind in (
            ("Test", "dt-1003", "DING_TALK"),
            ("Owner", "1001", "TAOBAO"),
            ("Dev", "1002", "TAOBAO"),
        )
    ]
    app["middle_ware_ids"] = [7, 3]
    app["description"] = "one\u0085two"
    for table in ("clusters", "vpcs"):
        content[table][0]["vswitch_ids"] = ["vsw-emu-2", "vsw-emu-1"]
    [service] = content["services"]
    service["port_mappings"] = [
        *service["port_mappings"],
        {"name": "admin", "protocol": "TCP", "port": 81, "target_port": "8081"},
    ]
    database, account = content["databases"][0], content["accounts"][0]
    content["databases"].append({**database, "name": "another"})
    account["privileges"] = {"shop": "ReadWrite", "another": "ReadOnly"}
    content["backups"][0]["databases"] = ["shop", "another"]
    for number, instance in enumerate(content["instances"], start=1):
        instance["restart_count"] = number
    content["instances"][0].update(broken=True, status="Failed")
    run = content["job_runs"][0]
    content["job_runs"].insert(0, {**run, "name": f"{run['name']}-2", "pod_name": f"{run['pod_name']}-2"})
    return content


def test_lists_and_documents_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "my-account.yml"
    with emulator(*STILL, "--world", write_world(tmp_path, odd_account()), log=tmp_path / "emulator.log") as address:
        before = all_responses(address)
        result, _records, _output = play(address, tmp_path, doctor_record=str(file))
    assert result["recorded"]["notes"] == []
    with emulator(*STILL, "--world", str(file), log=tmp_path / "emulator.log") as address:
        after = all_responses(address)
    assert without_secrets(after) == without_secrets(before)
    shown = json.dumps(before)
    assert all(json.dumps(text)[1:-1] in shown for text in ODD_CONFIG_MAPS)
    assert '"restart_count": 3' in shown


def test_pseudonyms_keep_the_form_of_documents(tmp_path: Path) -> None:
    file = tmp_path / "my-account.yml"
    with emulator(*STILL, "--world", write_world(tmp_path, odd_account()), log=tmp_path / "emulator.log") as address:
        result, _records, _output = play(address, tmp_path, doctor_record=str(file), doctor_pseudonyms=True)
    assert result["recorded"]["notes"] == []
    recorded = yaml.safe_load(file.read_text(encoding="utf-8"))
    texts = next(one["config_map_list"] for one in recorded["deploy_configs"] if len(one["config_map_list"]) == 3)
    forms = [re.sub(r"name-\d{4}", "N", text) for text in texts]
    assert forms[0] == "# N\nkind: ConfigMap\nmetadata: {name: N}\ndata:\n  N~:\tN\n"
    assert re.sub("!!binary [A-Za-z0-9]+=*", "!!binary B", forms[1]) == (
        "kind: ConfigMap\nmetadata: {name: N}\ndata: {N: !!binary B, N: !N 'N'}\n"
    )
    assert forms[2] == 'kind: ConfigMap\nmetadata: {name: N}\ndata: &N\n  N: "N"\nmore: *N\n'


def test_what_a_copy_lacks_is_named(tmp_path: Path) -> None:
    content, file = full_account(), tmp_path / "my-account.yml"
    secret = "kind: Secret\nmetadata: {name: s}\ndata: {key: !!binary Q2FuYXJ5LXNlY3JldA==}\n"
    config = content["deploy_configs"][0]
    config.update(secret_list=[secret], config_map_list=["no document: [Canary-text\n"])
    with emulator(*STILL, "--world", write_world(tmp_path, content), log=tmp_path / "emulator.log") as address:
        result, _records, output = play(address, tmp_path, doctor_record=str(file), doctor_pseudonyms=True)
    place = f"deploy_configs {config['schema_id']}"
    assert result["recorded"]["notes"] == [
        f"Entry 1 in secret_list of deploy config {config['schema_id']} is not YAML that Kubernetes accepts, and is "
        "recorded as a Secret without name and keys.",
        f"A document in config_map_list of {place} is not a YAML mapping. It is replaced by one pseudonym as a whole.",
    ]
    assert all(f"- {note}" in output for note in result["recorded"]["notes"])
    text = file.read_text(encoding="utf-8")
    assert [one for one in ("Canary", "Q2FuYXJ5") if one in text] == []


def test_a_secret_keeps_its_revision(tmp_path: Path) -> None:
    content, file = full_account(), tmp_path / "my-account.yml"
    revision = "# jst.retailcloud revision: 0123456789ab\n"
    content["deploy_configs"][0]["secret_list"] = [revision + SECRET]
    with emulator(*STILL, "--world", write_world(tmp_path, content), log=tmp_path / "emulator.log") as address:
        play(address, tmp_path, doctor_record=str(file), doctor_pseudonyms=True)
    [text] = yaml.safe_load(file.read_text(encoding="utf-8"))["deploy_configs"][0]["secret_list"]
    assert text.startswith(revision)


def test_a_recorded_file_holds_no_secret(tmp_path: Path) -> None:
    content, file = full_account(), tmp_path / "my-account.yml"
    encoded = base64.b64encode(b"Canary-encoded").decode()
    content["deploy_configs"][0]["secret_list"] = [
        SECRET,
        f"kind: Secret\nmetadata:\n  name: t\n  annotations: {{last-applied: '{encoded}'}}\ndata: {{key: {encoded}}}\n",
    ]
    content["clusters"][0]["password"] = "Canary-node-password"
    content["environments"][0]["baseline"].update(packet_url="https://store.example/app.jar?Signature=Canary-signature")
    with emulator(*STILL, "--world", write_world(tmp_path, content), log=tmp_path / "emulator.log") as address:
        play(address, tmp_path, doctor_record=str(file))
    text = file.read_text(encoding="utf-8")
    assert [one for one in ("Secret-Word-1", encoded, "Canary", "emulator-key") if one in text] == []
    recorded = yaml.safe_load(text)["deploy_configs"][0]["secret_list"]
    assert [list(yaml.safe_load(one)) for one in recorded] == [
        ["apiVersion", "kind", "metadata", "stringData"],
        ["apiVersion", "kind", "metadata", "data"],
    ]


def test_pseudonyms_replace_every_text_of_the_account(tmp_path: Path) -> None:
    content, file = full_account(), tmp_path / "my-account.yml"
    planted = with_canaries(content)
    with emulator(*STILL, "--world", write_world(tmp_path, content), log=tmp_path / "emulator.log") as address:
        play(address, tmp_path, doctor_record=str(file), doctor_pseudonyms=True)
        names = [one["title"] for one in control(address, "state")["apps"]]
    text = file.read_text(encoding="utf-8")
    known = [*planted, *names, MYSQL, "registry.example/shop", "r/shop", "192.168.48", "lb-emu", "i-emu", "emu-online"]
    assert [one for one in known if one in text] == []
    recorded = yaml.safe_load(text)
    titles = {one["app_id"]: one["title"] for one in recorded["apps"]}
    assert sorted(titles.values()) == [f"app-{number:04}" for number in range(1, len(names) + 1)]
    assert {one["name"].split("-")[0] for one in recorded["environments"]} == {"environment"}
    assert [one["instance_id"] for one in recorded["rds_instances"]] == ["rm-0001"]
    assert {one["instance_id"] for one in recorded["databases"]} == {"rm-0001"}
    vpcs = {one["vpc_id"] for one in recorded["vpcs"]}
    assert vpcs == {f"vpc-{number:04}" for number in range(1, len(vpcs) + 1)}
    assert {one["vpc_id"] for one in recorded["clusters"]} <= vpcs
    machines = {one["instance_id"] for one in recorded["ecs"]}
    assert {one["host"] for one in recorded["instances"]} <= machines
    with emulator(*STILL, "--world", str(file), log=tmp_path / "emulator.log") as address:
        assert {one["title"] for one in control(address, "state")["apps"]} == set(titles.values())


def test_a_copy_with_pseudonyms_is_adopted(tmp_path: Path) -> None:
    file, inventory = tmp_path / "my-account.yml", tmp_path / "copy"
    with emulator(*STILL, "--world", write_world(tmp_path, full_account()), log=tmp_path / "emulator.log") as address:
        play(address, tmp_path, doctor_record=str(file), doctor_pseudonyms=True)
        shop = next(one["app_id"] for one in control(address, "state")["apps"] if one["title"] == "shop")
    given = {"adopt_directory": str(inventory), "adopt_apps": [str(shop)], "adopt_rds_instances": ["rm-0001"]}
    with emulator(*STILL, "--world", str(file), log=tmp_path / "emulator.log") as address:
        _records, output = run_playbook(address, tmp_path, [f"{COLLECTION}.adopt", "-e", json.dumps(given)])
        assert recap(output)["localhost"]["failed"] == 0, output
        arguments = ["-i", str(inventory), f"{COLLECTION}.bring_up", "--check"]
        _records, output = run_playbook(address, tmp_path, arguments)
    counts = recap(output)
    assert [(name, one["changed"], one["failed"]) for name, one in counts.items()] == [("app-0001", 0, 0)], output


def test_an_account_that_cannot_be_read_is_not_recorded(tmp_path: Path) -> None:
    file = tmp_path / "my-account.yml"
    with emulator(*STILL, "--world", write_world(tmp_path, full_account()), log=tmp_path / "emulator.log") as address:
        denied = {"kind": "gateway", "action": "ListServices", "code": "Forbidden.RAM", "count": None}
        control(address, "faults", denied)
        result, _records, output = play(address, tmp_path, doctor_record=str(file))
    assert not file.exists()
    assert "The account was not recorded, since ListServices is denied." in output
    assert result["recorded"] is None


def test_a_recorded_app_is_brought_up_released_and_torn_down(tmp_path: Path) -> None:
    file = tmp_path / "my-account.yml"
    with emulator(*STILL, "--world", write_world(tmp_path, full_account()), log=tmp_path / "emulator.log") as address:
        play(address, tmp_path, doctor_record=str(file))
    inventory = tmp_path / "own.jst.yml"
    inventory.write_text("plugin: jst.retailcloud.jst\nhosts: apps\napps: [shop]\ndescription: true\n")
    with emulator("--time-scale", "120", "--world", str(file), log=tmp_path / "emulator.log") as address:

        def run(playbook: str, **variables: Any) -> dict[str, int]:
            given = ["-i", str(inventory), f"{COLLECTION}.{playbook}", "-e", json.dumps(variables)]
            _records, output = run_playbook(address, tmp_path, given)
            counts = recap(output)["shop"]
            assert counts["failed"] == 0, output
            return counts

        assert run("bring_up")["changed"] == 0
        assert run("release", release_images=["r/shop:2"], **QUICK)["changed"] > 0
        assert run("teardown", teardown_confirm="shop", teardown_unmanaged=True)["changed"] > 0
        assert [one["title"] for one in control(address, "state")["apps"]] == ["job"]


def test_databases_of_the_inventory_are_recorded(tmp_path: Path) -> None:
    file, inventory = tmp_path / "my-account.yml", tmp_path / "inventory.yml"
    described = {
        "shop": {"application_databases": [{"instance_id": MYSQL, "name": "shop"}]},
        "job": {"application_accounts": [{"instance_id": "rm-missing", "name": "job"}]},
        "data": {"database_databases": "{{ nowhere }}"},
        "lost": {"jst_profile": "{{ nowhere }}"},
        "other": {"database_databases": [{"instance_id": "rm-other", "name": "o"}], "jst_access_key_id": "another"},
    }
    inventory.write_text(json.dumps({"jst_apps": {"hosts": described}}))
    given = ["-i", str(inventory), f"{COLLECTION}.doctor", "-e", f"doctor_record={file}"]
    with emulator(*STILL, "--world", write_world(tmp_path, full_account()), log=tmp_path / "emulator.log") as address:
        records, output = run_playbook(address, tmp_path, given)
    notes = result_of(records)["recorded"]["notes"]
    assert [one["instance_id"] for one in yaml.safe_load(file.read_text(encoding="utf-8"))["rds_instances"]] == [MYSQL]
    assert [note.partition(":")[0] for note in notes] == [
        "RDS instance rm-missing, which the inventory describes, is not recorded",
        "Variable database_databases of host data cannot be read. RDS instances that only it names are not recorded.",
        "The access variables of host lost cannot be read. Its RDS instances are not recorded.",
    ]
    assert all(f"- {note}" in output for note in notes)


def test_the_tables_are_those_of_the_emulator() -> None:
    assert tuple(WORLD_TABLES) == TABLES
