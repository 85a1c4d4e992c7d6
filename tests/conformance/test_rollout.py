# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is described is what runs: instances, documents and ports, what is due, what is left, and what is deleted."""

from __future__ import annotations

import copy
import json
import re
import shutil
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import config_map, deployment, secret
from tests.conformance.playbook_runner import Recorded, control, run_playbook, run_tasks, task
from tests.conformance.test_application import FLEET, SHOP
from tests.conformance.test_bring_up import EDITED, INVENTORY, PLAYBOOK, recap

ORDER_SERVICE = {"app": "order-service", "environment": "production"}
Options = dict[str, Any]


def described(**more: Any) -> Options:
    """Return the description of a shop, with other members of its environment."""
    options = copy.deepcopy(SHOP)
    options["environments"][0].update(more)
    return options


def with_document(options: Options, port: int | None = None, **config: Any) -> Options:
    """Return the description with another port in the workload, and other members of its deploy config."""
    changed = copy.deepcopy(options)
    document = deployment()
    if port is not None:
        document["spec"]["template"]["spec"]["containers"][0]["ports"] = [{"containerPort": port}]
    changed["deploy_configs"][0].update({"deployment": document, **config})
    return changed


def to_port(port: int) -> Options:
    """Return the description of a shop whose container, service and access point all use one port."""
    options = with_document(described(), port)
    environment = options["environments"][0]
    environment["services"][0]["port_mappings"] = [{"name": "http", "port": 80, "target_port": str(port)}]
    environment["slb_aps"][0]["real_server_port"] = port
    return options


def brought_up(address: str, tmp_path: Path, *steps: Mapping[str, Any], **keywords: Any) -> list[dict[str, Any]]:
    """Bring one description after the other up, and return the results."""
    tasks = [task(str(number), "jst_application", dict(step), **keywords) for number, step in enumerate(steps)]
    records = run_tasks(address, tmp_path, tasks)
    assert not [record.result["msg"] for record in records if record.result["failed"]]
    return [{**record.result, "writes": record.writes, "calls": record.calls} for record in records]


def instances(address: str, environment: str = "production") -> list[dict[str, Any]]:
    """Return what an environment runs."""
    ids = [one["env_id"] for one in control(address, "state")["environments"] if one["name"] == environment]
    return [one for one in control(address, "instances") if one["env_id"] in ids]


def warnings(result: Mapping[str, Any]) -> str:
    """Return the warnings of a result as one text."""
    return " ".join(map(str, result.get("warnings", [])))


def failed(records: list[Recorded]) -> list[str]:
    """Return the messages of failures."""
    return [str(record.result) for record in records if record.result["failed"]]


# Acts of an operator, with the playbooks


@pytest.mark.parametrize("playbook", [PLAYBOOK, FLEET])
def test_a_scaling_by_hand_is_taken_back(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    arguments = ["-i", str(INVENTORY), playbook, "--limit", "order-service"]
    run_playbook(address, tmp_path, arguments)
    run_tasks(address, tmp_path, [task("scale", "jst_scale", {**ORDER_SERVICE, "replicas": 6})])
    assert len(instances(address)) == 6
    foretold, _output = run_playbook(address, tmp_path, [*arguments, "--check"])
    records, _output = run_playbook(address, tmp_path, arguments)
    assert failed(records) == []
    writes = [write for record in records for write in record.writes]
    assert writes == ["UpdateEnvironment", "ScaleApp"]
    told = [step for record in foretold for step in record.result.get("steps", [])]
    assert told == [step for record in records for step in record.result.get("steps", [])]
    assert len(instances(address)) == 4
    records, output = run_playbook(address, tmp_path, arguments)
    assert recap(output)["order-service"]["changed"] == 0, output
    assert [record.writes for record in records if record.writes] == []


def test_a_changed_config_map_reaches_the_instances(emulators: Emulators, tmp_path: Path) -> None:
    """With on_change=report, every run and the fact of the role name what is due, until somebody releases it."""
    address = emulators.fresh()
    inventory = tmp_path / "inventory"
    shutil.copytree(INVENTORY, inventory)
    arguments = ["-i", str(inventory), "--limit", "order-service"]
    run_playbook(address, tmp_path, [*arguments, FLEET])
    file = inventory / EDITED
    file.write_text(re.sub('GIFT_CARDS: "false"', 'GIFT_CARDS: "true"', file.read_text(encoding="utf-8")))
    places = inventory / "host_vars/order-service/main.yml"
    original = places.read_text(encoding="utf-8")
    places.write_text(re.sub(r"( +)release:\n", r"\1release:\n\1  on_change: report\n", original), encoding="utf-8")
    assert places.read_text(encoding="utf-8") != original
    for number in range(2):
        records, output = run_playbook(address, tmp_path, [*arguments, PLAYBOOK])
        assert failed(records) == []
        assert recap(output)["order-service"]["changed"] == (1 if number == 0 else 0), output
        facts = [record.result["ansible_facts"] for record in records if "ansible_facts" in record.result]
        [result] = [fact["application_result"] for fact in facts if "application_result" in fact]
        due = {each["environment"]: [one["reason"] for one in each["reasons"]] for each in result["release_due"]}
        assert due["production"] == ["configuration"]
        assert result["running"]["production"]["instances"] == 4
        assert "runs the deploy config as it was at deploy order" in output
        assert all(one["differs_from_stored"] == ["config_map_list"] for one in instances(address))
    places.write_text(original, encoding="utf-8")
    records, _output = run_playbook(address, tmp_path, [*arguments, PLAYBOOK])
    assert {write for record in records for write in record.writes} == {"DeployApp"}
    assert all(one["differs_from_stored"] == [] for one in instances(address))


def test_tags(emulators: Emulators, tmp_path: Path) -> None:
    """Each part has a tag. A part is managed alone, and left out alone; what it refers to is looked up."""
    address = emulators.fresh()
    arguments = ["-i", str(INVENTORY), PLAYBOOK, "--limit", "order-service"]

    def writes(*further: str) -> list[str]:
        records, output = run_playbook(address, tmp_path, [*arguments, *further])
        assert failed(records) == [], output
        return [write for record in records for write in record.writes]

    records, _output = run_playbook(address, tmp_path, [*arguments, "--tags", "service"])
    assert "There is no app 'order-service'." in failed(records)[0]
    assert [record.writes for record in records if record.writes] == []
    assert set(writes("--skip-tags", "release,slb_ap,service,database,account,group,volume")) == {
        "CreateApp",
        "CreateDeployConfig",
        "CreateEnvironment",
    }
    assert set(writes("--tags", "service")) == {"CreateService"}
    assert set(writes("--tags", "slb_ap")) == {"CreateSlbAP"}
    assert set(writes("--tags", "group,database")) <= {"CreateAppGroup", "BindGroup", "CreateDb"}
    assert writes("--skip-tags", "account,release") == []
    assert set(writes("--skip-tags", "release", "-e", "application_in_one_task=true")) <= {
        "CreateAccount",
        "GrantDbToAccount",
    }
    assert set(writes("--tags", "release")) == {"DeployApp"}
    assert writes() == []


def test_tags_of_other_roles(emulators: Emulators, tmp_path: Path) -> None:
    """A tag reaches the tasks of files that a role includes."""
    address = emulators.fresh()
    arguments = ["-i", str(INVENTORY), "--limit", "order-service"]
    run_playbook(address, tmp_path, [*arguments, FLEET])
    release = [*arguments, "jst.retailcloud.release", "-e", "release_environment=staging", "-e", "release_force=true"]
    for tags, writes in ((["--skip-tags", "release"], []), (["--tags", "release"], ["DeployApp"])):
        records, output = run_playbook(address, tmp_path, [*release, *tags])
        assert failed(records) == [], output
        assert [write for record in records for write in record.writes] == writes
    _records, output = run_playbook(address, tmp_path, [*arguments, "jst.retailcloud.drift", "--tags", "drift"])
    assert "1 app, 1 as described" in output


# Documents, numbers and Secrets


def test_what_a_release_takes_along(emulators: Emulators, tmp_path: Path) -> None:
    """Any difference of documents, Secrets or init images is released."""
    address = emulators.fresh()
    plain = with_document(described(), config_maps=[config_map("a", level="info")], secrets=[secret("s", "canary-1")])
    two = copy.deepcopy(plain)
    containers = two["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"]
    containers.append({"name": "side", "image": "registry.example.com/side:1"})
    initial = copy.deepcopy(plain)
    pod = initial["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]
    pod["initContainers"] = [{"name": "first", "image": "registry.example.com/first:1"}]
    other_init = copy.deepcopy(initial)
    other_init["environments"][0]["release"] = {"init_images": ["registry.example.com/first:2"]}
    hidden = with_document(
        plain, secrets=[secret("s", "canary-2")], config_maps=plain["deploy_configs"][0]["config_maps"]
    )
    spelled = copy.deepcopy(hidden)
    spelled["deploy_configs"][0]["config_maps"] = [
        'data: {"level": info}\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}'
    ]
    steps = [plain, two, plain, initial, other_init, initial, plain, hidden, spelled]
    results = brought_up(address, tmp_path, *steps)
    assert ["DeployApp" in result["writes"] for result in results] == [True] * 8 + [False]
    assert "canary" not in str(results)
    assert all(one["differs_from_stored"] == [] for one in instances(address))


def reasons(result: Mapping[str, Any]) -> list[str]:
    """Return how an environment differs from its description."""
    running = result["application"]["environments"][0]["running"]
    return [] if running is None else [each["reason"] for each in running["differences"]]


def is_released(address: str, tmp_path: Path) -> bool:
    """Return whether the environment runs its deploy config as it is stored."""
    options = {"app": "shop", "name": "production", "running": True}
    [record] = run_tasks(address, tmp_path, [task("running", "jst_environment_info", options)])
    released: bool = record.result["environments"][0]["running"]["configuration_is_released"]
    return released


def test_a_changed_secret_is_named_until_it_is_released(emulators: Emulators, tmp_path: Path) -> None:
    """By every run, whoever changed it. A change of another document is none of the Secret."""
    address = emulators.fresh()
    made = with_document(described(), secrets=[secret("s", "canary-1"), secret("other", "canary-other")])
    config = with_document(made, secrets=[secret("s", "canary-2"), secret("other", "canary-other")])
    report = {"release": {"on_change": "report"}}
    config["environments"][0].update(report)
    brought_up(address, tmp_path, made)
    assert is_released(address, tmp_path)
    [foretold] = brought_up(address, tmp_path, config, check_mode=True)
    changed, again = brought_up(address, tmp_path, config, config)
    [checked] = brought_up(address, tmp_path, config, check_mode=True)
    for result in (foretold, changed, again, checked):
        assert reasons(result) == ["secrets"]
        assert [due["reasons"][0]["reason"] for due in result["release_due"]] == ["secrets"]
        assert "Secrets" in warnings(result)
    assert (changed["writes"], again["writes"], checked["changed"]) == (["UpdateDeployConfig"], [], False)
    assert re.search("Secrets as they were at deploy order 60001 ", warnings(again))
    assert not is_released(address, tmp_path)
    release = task("release", "jst_deployment", {"app": "shop", "environment": "production"})
    [record] = run_tasks(address, tmp_path, [release])
    assert record.writes == ["DeployApp"]
    other = copy.deepcopy(config)
    other["deploy_configs"][0]["config_maps"] = [config_map("a", level="info")]
    settled, second = brought_up(address, tmp_path, config, other)
    assert (reasons(settled), settled["writes"]) == ([], [])
    assert (reasons(second), second["writes"]) == (["configuration"], ["UpdateDeployConfig"])
    both = with_document(other, secrets=[secret("s", "canary-3")])
    both["environments"][0]["release"] = {"images": ["registry.example.com/shop:9"], **report["release"]}
    for result in brought_up(address, tmp_path, both, both):
        assert reasons(result) == ["content", "configuration", "secrets"]
        images = "registry.example.com/shop:1.0, described is registry.example.com/shop:9"
        assert f"Environment 'production' runs {images}." in warnings(result)


@pytest.mark.parametrize("stored", [{}, {"secrets": []}], ids=["none", "empty"])
def test_the_first_secret_is_named_until_it_is_released(
    stored: dict[str, Any], emulators: Emulators, tmp_path: Path
) -> None:
    """The service may show no list of Secrets where there is none."""
    address = emulators.fresh()
    made = with_document(described(), **stored)
    added = with_document(made, secrets=[secret("s", "canary-1")])
    added["environments"][0]["release"] = {"on_change": "report"}
    brought_up(address, tmp_path, made)
    changed, again = brought_up(address, tmp_path, added, added)
    assert (reasons(changed), reasons(again)) == (["secrets"], ["secrets"])
    assert (changed["writes"], again["writes"]) == (["UpdateDeployConfig"], [])


def test_a_secret_that_another_run_changed_is_released(emulators: Emulators, tmp_path: Path) -> None:
    """The run that changed it was stopped, or changed the deploy config alone."""
    address = emulators.fresh()
    made, changed, again = [with_document(described(), secrets=[secret("s", f"canary-{n}")]) for n in range(3)]
    brought_up(address, tmp_path, made, {**changed, "parts": ["deploy_configs"]})
    [foretold] = brought_up(address, tmp_path, changed, check_mode=True)
    [released] = brought_up(address, tmp_path, changed)
    assert (reasons(foretold), released["writes"]) == (["secrets"], ["DeployApp"])
    config = {**again["deploy_configs"][0], "app": "shop"}
    records = run_tasks(address, tmp_path, [task("config", "jst_deploy_config", config)])
    assert [record.writes for record in records] == [["UpdateDeployConfig"]]
    released, unchanged = brought_up(address, tmp_path, again, again)
    assert (released["writes"], unchanged["writes"]) == (["DeployApp"], [])
    assert all(one["differs_from_stored"] == [] for one in instances(address))


@pytest.mark.parametrize(
    "reading",
    [
        "document_form=sorted",
        "document_form=json",
        "document_form=trimmed",
        "document_encoding=base64",
        "documents=with_defaults",
        "secret_documents=masked",
        "secret_documents=without_values",
        "secret_documents=names",
        "secret_documents=missing",
    ],
)
def test_no_run_releases_what_another_has_released(reading: str, emulators: Emulators, tmp_path: Path) -> None:
    """Also where the service hides Secrets, or drops the comments of documents."""
    address = emulators.fresh("canonical", "--reading", reading)
    made, changed = [
        with_document(described(), secrets=[secret("s", f"canary-{n}")], update_secrets="on_create") for n in range(2)
    ]
    results = brought_up(address, tmp_path, made, made, changed, changed)
    assert [results[1]["writes"], results[3]["writes"]] == [[], []]
    assert "not known" not in " ".join(map(warnings, results))
    is_shown = not reading.startswith("secret_documents")
    assert results[2]["writes"] == (["UpdateDeployConfig", "DeployApp"] if is_shown else [])
    sent = [{**each, "deploy_configs": [{**each["deploy_configs"][0], "update_secrets": "always"}]} for each in (made,)]
    if not is_shown:
        for result in brought_up(address, tmp_path, *sent, *sent):
            assert result["writes"] == ["UpdateDeployConfig"]


def test_a_secret_that_somebody_stored_again_is_not_known(emulators: Emulators, tmp_path: Path) -> None:
    """It lost its revision, and has the described content. Nothing is released, and the next release makes it known."""
    address = emulators.fresh()
    options = with_document(described(), secrets=[secret("s", "canary-1")])
    brought_up(address, tmp_path, options)
    config = options["deploy_configs"][0]
    documents, secrets = [
        [b64encode(json.dumps(one).encode()).decode() for one in each]
        for each in ([config["deployment"]], config["secrets"])
    ]
    parameters = {"AppId": 10001, "Id": 30001, "CodePath": "", "Deployment": documents[0], "SecretList": secrets}
    stored = task("stored", "jst_api", {"action": "UpdateDeployConfig", "parameters": parameters})
    assert failed(run_tasks(address, tmp_path, [stored])) == []
    [result] = brought_up(address, tmp_path, options)
    assert (reasons(result), result["writes"]) == ([], [])
    assert "not known whether environment 'production' runs its deploy config as it is stored" in warnings(result)
    assert result["application"]["environments"][0]["running"]["configuration_is_known"] is False
    forced = task("forced", "jst_deployment", {"app": "shop", "environment": "production", "force": True})
    assert failed(run_tasks(address, tmp_path, [forced])) == []
    changed = with_document(options, secrets=[secret("s", "canary-2")])
    results = brought_up(address, tmp_path, options, {**changed, "parts": ["deploy_configs"]}, changed, changed)
    assert [one["writes"] for one in results] == [[], ["UpdateDeployConfig"], ["DeployApp"], []]
    assert "not known" not in " ".join(map(warnings, results))


def test_a_person_who_scales_is_let_alone(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    options = described(release={"scale": False})
    [first] = brought_up(address, tmp_path, options)
    [environment] = first["application"]["environments"]
    control(address, "instances", {"env_id": environment["environment_id"], "count": 5})
    control(address, "clock", {"advance_s": 600})
    [left] = brought_up(address, tmp_path, options)
    assert (left["changed"], left["writes"], len(instances(address))) == (False, [], 5)
    assert left["application"]["environments"][0]["running"]["differences"] == []
    released = described(release={"scale": False, "images": ["registry.example.com/shop:9"]})
    [warned] = brought_up(address, tmp_path, released, check_mode=True)
    replicas = released["environments"][0]["replicas"]
    assert f"runs 5 instances, and the release starts {replicas}, its replicas" in warnings(warned)
    [taken_back] = brought_up(address, tmp_path, described())
    assert taken_back["writes"] == ["ScaleApp"]
    assert len(instances(address)) == described()["environments"][0]["replicas"]


@pytest.mark.parametrize("release", [None, {"on_change": "report"}], ids=["none", "report"])
def test_a_scaling_names_the_release_that_is_due(
    release: dict[str, Any] | None, emulators: Emulators, tmp_path: Path
) -> None:
    """New instances start with what was released last, whatever is stored now."""
    address = emulators.fresh()
    brought_up(address, tmp_path, described())
    changed = with_document(described(), config_maps=[config_map("a", level="debug")])
    environment = changed["environments"][0]
    environment["replicas"] += 1
    if release is None:
        del environment["release"]
    else:
        environment["release"] = release
    [foretold] = brought_up(address, tmp_path, changed, check_mode=True)
    [scaled] = brought_up(address, tmp_path, changed)
    for result in (foretold, scaled):
        [due] = result["release_due"]
        assert [reason["reason"] for reason in due["reasons"]] == ["configuration"]
        assert re.search(
            "runs the deploy config as it was at .* does not release it. Playbook restart does", warnings(result)
        )
    assert "ScaleApp" in scaled["writes"] or release is None
    assert "DeployApp" not in scaled["writes"]


@pytest.mark.parametrize("release", [None, {"on_change": "report"}], ids=["none", "report"])
def test_a_paused_order_of_somebody_else_is_not_awaited(
    release: dict[str, Any] | None, emulators: Emulators, tmp_path: Path
) -> None:
    """A canary can be paused for days."""
    address = emulators.fresh()
    brought_up(address, tmp_path, described())
    paused = {"images": ["registry.example.com/shop:2.0"], "pause_type": "first", "wait": False}
    begun = task("canary", "jst_deployment", {"app": "shop", "environment": "production", **paused})
    assert failed(run_tasks(address, tmp_path, [begun])) == []
    control(address, "clock", {"advance_s": 600})
    options = described()
    if release is None:
        del options["environments"][0]["release"]
    else:
        options["environments"][0]["release"] = release
    [foretold] = brought_up(address, tmp_path, options, check_mode=True)
    [result] = brought_up(address, tmp_path, options)
    for each in (foretold, result):
        assert (each["changed"], each["writes"]) == (False, [])
        assert "unfinished" in reasons(each)
        assert "paused" in warnings(each)


def test_an_order_of_somebody_else_is_not_known(emulators: Emulators, tmp_path: Path) -> None:
    """An order without a mark shows neither its documents nor, here, that they are as described."""
    address = emulators.fresh()
    order = {"environment_id": 20001, "app_id": 10001, "force": True}
    brought_up(address, tmp_path, described())
    parameters = {"EnvId": 20001, "Name": "by hand", "TotalPartitions": 1}
    by_hand = task("by hand", "jst_api", {"action": "DeployApp", "parameters": parameters})
    records = run_tasks(address, tmp_path, [by_hand])
    assert failed(records) == []
    control(address, "clock", {"advance_s": 600})
    [unknown] = brought_up(address, tmp_path, described())
    assert (unknown["changed"], unknown["writes"]) == (False, [])
    assert "not known whether environment 'production' runs its deploy config as it is stored" in warnings(unknown)
    assert unknown["application"]["environments"][0]["running"]["configuration_is_known"] is False
    run_tasks(address, tmp_path, [task("release", "jst_deployment", order)])
    [known] = brought_up(address, tmp_path, described())
    assert known["application"]["environments"][0]["running"]["configuration_is_known"] is True
    assert "not known" not in warnings(known)


# Traffic


def traffic(address: str) -> list[str]:
    """Return the states that the endpoints were in, without those of deleted ones."""
    return [change["state"] for change in control(address, "traffic/changes") if change["state"] != "deleted"]


def test_a_port_is_opened_before_requests_go_there(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    both = with_document(to_port(9090))
    ports = both["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"][0]
    ports["ports"] = [{"containerPort": 8080}, {"containerPort": 9090}]
    opened = copy.deepcopy(to_port(8080))
    opened["deploy_configs"] = both["deploy_configs"]
    results = brought_up(address, tmp_path, to_port(8080), opened, both, to_port(9090))
    assert "closed" not in traffic(address)
    released = ["UpdateDeployConfig", "DeployApp"]
    assert [results[1]["writes"], results[3]["writes"]] == [released, released]
    assert set(results[2]["writes"]) == {"ModifyService", "ModifySlbAP"}
    assert "sends requests" not in warnings(results[-1])


@pytest.mark.parametrize("backwards", [False, True], ids=["opened", "left"])
def test_one_run_opens_a_port_first_and_leaves_one_first(backwards: bool, emulators: Emulators, tmp_path: Path) -> None:
    """The release comes before the access point where it opens the port, and after it where it closes the other."""
    address = emulators.fresh()
    both = to_port(9090)
    container = both["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"][0]
    container["ports"] = [{"containerPort": 8080}, {"containerPort": 9090}]
    first, second = (both, to_port(8080)) if backwards else (to_port(8080), both)
    _made, moved = brought_up(address, tmp_path, first, second)
    release, point = moved["writes"].index("DeployApp"), moved["writes"].index("ModifySlbAP")
    assert (release < point) is not backwards
    assert "closed" not in traffic(address)
    assert "sends requests" not in warnings(moved)


def test_a_move_in_one_step_is_warned_of(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    _made, moved = brought_up(address, tmp_path, to_port(8080), to_port(9090))
    assert moved["writes"].index("DeployApp") < moved["writes"].index("ModifySlbAP")
    assert re.search(r"sends requests to port 8080 until the release has ended\. .* go to 9090", warnings(moved))
    assert {one["state"] for one in control(address, "traffic")} == {"open"}


def test_requests_to_a_port_that_nothing_opens_are_warned_of(emulators: Emulators, tmp_path: Path) -> None:
    """With a release that is only reported, nothing moves to the new port. The run after the release moves it."""
    address = emulators.fresh()
    reported = to_port(9090)
    reported["environments"][0]["release"] = {"on_change": "report"}
    brought_up(address, tmp_path, to_port(8080))
    [foretold] = brought_up(address, tmp_path, reported, check_mode=True)
    changed, again = brought_up(address, tmp_path, reported, reported)
    for result in (foretold, changed, again):
        assert re.search(r"SLB access point .* is not changed yet.* port 9090\. .* open only 8080", warnings(result))
        assert [due["reasons"][0]["reason"] for due in result["release_due"]] == ["configuration"]
        assert [each["held_back"] for each in result["closed_ports"]] == [True, True]
        assert {"port_mappings", "real_server_port"} <= {
            name for each in result["differences"] for name in each["options"]
        }
    assert (changed["writes"], again["writes"], again["changed"]) == (["UpdateDeployConfig"], [], False)
    assert foretold["steps"] == changed["steps"]
    assert {one["state"] for one in control(address, "traffic")} == {"open"}
    release = task("release", "jst_deployment", {"app": "shop", "environment": "production"})
    assert failed(run_tasks(address, tmp_path, [release])) == []
    [foretold] = brought_up(address, tmp_path, reported, check_mode=True)
    until_moved = {each["message"] for each in foretold["closed_ports"]}
    assert until_moved == {"sends requests to port 8080 until it is moved. No running release opens this port"}
    moved, settled = brought_up(address, tmp_path, reported, reported)
    assert set(moved["writes"]) == {"ModifyService", "ModifySlbAP"}
    assert (settled["writes"], settled["closed_ports"], moved["closed_ports"]) == ([], [], [])
    assert {one["state"] for one in control(address, "traffic")} == {"open"}


def closed_order(address: str, tmp_path: Path) -> None:
    """Release, and close the order before it reaches an instance."""
    control(address, "clock", {"scale": 0})
    order = {"app": "shop", "environment": "production"}
    start = task("start", "jst_deployment", {**order, "wait": False})
    close = task("close", "jst_deploy_order", {**order, "state": "closed"})
    assert failed(run_tasks(address, tmp_path, [start, close])) == []
    control(address, "clock", {"scale": 1000})


def failed_order(address: str, tmp_path: Path) -> None:
    """Release an image whose instances do not start."""
    order = {"app": "shop", "environment": "production", "images": ["registry.example.com/shop:2-crash"]}
    [record] = run_tasks(address, tmp_path, [task("crash", "jst_deployment", order)])
    assert "ended as failed" in record.result["msg"]


@pytest.mark.parametrize("end", [closed_order, failed_order])
def test_a_release_that_did_not_succeed_opens_no_port(end: Any, emulators: Emulators, tmp_path: Path) -> None:
    """Instances of the release before it may run. The next release moves the traffic, after it has opened the port."""
    address = emulators.fresh()
    moved, reported = to_port(9090), to_port(9090)
    reported["environments"][0]["release"] = {"on_change": "report"}
    brought_up(address, tmp_path, to_port(8080), {**moved, "parts": ["deploy_configs"]})
    end(address, tmp_path)
    seen = len(traffic(address))
    parts = {**moved, "parts": ["services", "slb_aps"]}
    results = brought_up(address, tmp_path, parts, reported, reported)
    words = r"is not changed yet.* port 8080, 9090\. .* open only 8080\. Any .* open only 9090"
    for result in results:
        assert result["writes"] == []
        assert [each["held_back"] for each in result["closed_ports"]] == [True, True]
        assert re.search(words, warnings(result))
    assert "closed" not in traffic(address)[seen:]
    [released] = brought_up(address, tmp_path, moved)
    assert released["writes"][0] == "DeployApp"
    assert set(released["writes"][1:]) == {"ModifyService", "ModifySlbAP"}
    assert {one["state"] for one in control(address, "traffic")} == {"open"}


def test_a_release_that_pauses_moves_no_traffic(emulators: Emulators, tmp_path: Path) -> None:
    """The instances of the release before it go on answering on their port alone."""
    address = emulators.fresh()
    paused = to_port(9090)
    paused["environments"][0]["release"] = {"pause_type": "first"}
    brought_up(address, tmp_path, to_port(8080))
    results = brought_up(address, tmp_path, paused, paused)
    assert [result["writes"] for result in results] == [["UpdateDeployConfig", "DeployApp"], []]
    assert [[each["held_back"] for each in result["closed_ports"]] for result in results] == [[True, True]] * 2
    resumed = task("resumed", "jst_deploy_order", {"app": "shop", "environment": "production", "state": "resumed"})
    assert failed(run_tasks(address, tmp_path, [resumed])) == []
    [followed] = brought_up(address, tmp_path, paused)
    assert set(followed["writes"]) == {"ModifyService", "ModifySlbAP"}


def test_traffic_moves_after_an_order_that_the_run_waits_for(emulators: Emulators, tmp_path: Path) -> None:
    """As after one of its own: an earlier run was stopped while it waited."""
    address = emulators.fresh()
    moved = to_port(9090)
    brought_up(address, tmp_path, to_port(8080), {**moved, "parts": ["deploy_configs"]})
    control(address, "clock", {"scale": 0})
    start = task("start", "jst_deployment", {"app": "shop", "environment": "production", "wait": False})
    assert failed(run_tasks(address, tmp_path, [start])) == []
    [foretold] = brought_up(address, tmp_path, moved, check_mode=True)
    assert foretold["closed_ports"] == []
    assert len(foretold["steps"]) == 2
    control(address, "clock", {"scale": 20})
    [joined] = brought_up(address, tmp_path, moved)
    assert (set(joined["writes"]), joined["closed_ports"]) == ({"ModifyService", "ModifySlbAP"}, [])
    assert {one["state"] for one in control(address, "traffic")} == {"open"}


def test_ports_of_an_order_of_somebody_else_are_not_known(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    brought_up(address, tmp_path, to_port(8080))
    parameters = {"EnvId": 20001, "Name": "by hand", "TotalPartitions": 1}
    by_hand = task("by hand", "jst_api", {"action": "DeployApp", "parameters": parameters})
    assert failed(run_tasks(address, tmp_path, [by_hand])) == []
    control(address, "clock", {"advance_s": 600})
    unchanged, changed, again = brought_up(address, tmp_path, to_port(8080), to_port(9090), to_port(9090))
    assert (unchanged["closed_ports"], changed["writes"], again["writes"]) == ([], ["UpdateDeployConfig"], [])
    for result in (changed, again):
        assert [each["held_back"] for each in result["closed_ports"]] == [True, True]
        assert "port 9090. The ports of the instances that deploy order 60002 " in warnings(result)
    assert {one["state"] for one in control(address, "traffic")} == {"open"}
    release = task("release", "jst_deployment", {"app": "shop", "environment": "production", "force": True})
    assert failed(run_tasks(address, tmp_path, [release])) == []
    [followed] = brought_up(address, tmp_path, to_port(9090))
    assert set(followed["writes"]) == {"ModifyService", "ModifySlbAP"}
    assert {one["state"] for one in control(address, "traffic")} == {"open"}


@pytest.mark.parametrize("names", ["as_given", "cut"])
def test_a_list_without_descriptions_hides_no_release(names: str, emulators: Emulators, tmp_path: Path) -> None:
    """The description of the last order tells of documents, Secrets and ports. One call more reads it."""
    readings = ("--reading", "order_description=missing_in_lists", "--reading", f"order_names={names}")
    address = emulators.fresh("canonical", *readings)
    made, other = [with_document(to_port(8080), secrets=[secret("s", f"canary-{n}")]) for n in range(2)]
    changed = with_document(other, config_maps=[config_map("more", level="debug")])
    stored = [{**one, "parts": ["deploy_configs"]} for one in (other, changed)]
    results = brought_up(address, tmp_path, made, stored[0], other, other, stored[1], changed, changed)
    release, store = ["DeployApp"], ["UpdateDeployConfig"]
    assert [one["writes"] for one in results[1:]] == [store, release, [], store, release, []]
    assert "not known" not in " ".join(map(warnings, results))
    reported = to_port(9090)
    reported["environments"][0]["release"] = {"on_change": "report"}
    [held] = brought_up(address, tmp_path, reported)
    assert [each["held_back"] for each in held["closed_ports"]] == [True, True]
    described_orders = [call for call in results[-1]["calls"] if call["action"] == "DescribeDeployOrderDetail"]
    assert len(described_orders) == 1


def test_a_first_run_warns_of_ports_that_its_release_does_not_open(emulators: Emulators, tmp_path: Path) -> None:
    """What is new is made nevertheless. A port of TCP answers no requests of UDP."""
    address = emulators.fresh()
    options = to_port(9090)
    options["deploy_configs"] = to_port(8080)["deploy_configs"]
    udp = {"name": "dns", "port": 53, "target_port": "8080", "protocol": "UDP"}
    options["environments"][0]["services"][0]["port_mappings"].append(udp)
    [foretold] = brought_up(address, tmp_path, options, check_mode=True)
    made, again = brought_up(address, tmp_path, options, options)
    for result, words in ((foretold, "the release of this run starts"), (made, "the release of this run starts")):
        assert f"port 8080/udp, 9090. The instances that {words} open only 8080" in warnings(result)
    assert "port 8080/udp, 9090. The instances that deploy order 60001 " in warnings(again)
    for result in (foretold, made, again):
        assert [each["held_back"] for each in result["closed_ports"]] == [False, False]
    assert again["writes"] == []


@pytest.mark.parametrize("ports", [9090, "http", None, ["http"], {"containerPort": 1}], ids=str)
def test_ports_that_are_no_list_are_left_to_kubernetes(ports: Any, emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    options = to_port(8080)
    options["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"][0]["ports"] = ports
    [foretold] = run_tasks(address, tmp_path, [task("ports", "jst_application", options, check_mode=True)])
    assert "Traceback" not in str(foretold.result)
    assert not foretold.result["failed"]


def test_what_a_release_would_be_rejected_for_is_checked_first(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    silent, text = to_port(8080), to_port(8080)
    pod = silent["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]
    pod["initContainers"] = [{"name": "first"}]
    given = copy.deepcopy(silent)
    given["environments"][0]["release"] = {"init_images": ["registry.example.com/first:1"]}
    container = text["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"][0]
    container["ports"] = [{"containerPort": "http"}]
    for options, words in ((silent, "no image for init container first"), (text, "containerPort is a string")):
        for check_mode in (True, False):
            [record] = run_tasks(address, tmp_path, [task("no", "jst_application", options, check_mode=check_mode)])
            assert words in record.result["msg"]
            assert record.writes == []
    [made] = brought_up(address, tmp_path, given)
    assert "DeployApp" in made["writes"]


# Leaving


def test_entries_that_are_absent_are_deleted_in_a_safe_order(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    gone = described(services=[{"k8s_service_id": "web", "state": "absent"}])
    gone["environments"][0]["slb_aps"] = [
        {"slb_id": "lb-emu-internet-1", "listener_port": each["listener_port"], "state": "absent"}
        for each in SHOP["environments"][0]["slb_aps"]
    ]
    kept = {"name": "production", "state": "absent"}
    refused = {**SHOP, "databases": [], "accounts": [], "environments": [kept]}
    forced = {**refused, "environments": [{**kept, "force": True}]}
    forced["deploy_configs"] = [{"name": "web", "env_type": "online", "state": "absent"}]
    brought_up(address, tmp_path, SHOP)
    gone["environments"][0]["volume_claims"] = [{"name": "media", "state": "absent"}]
    for option, names in (("databases", ("instance_id", "name")), ("accounts", ("instance_id", "name"))):
        gone[option] = [{**{name: each[name] for name in names}, "state": "absent"} for each in SHOP[option]]
    claim = {"name": "media", "capacity": "1Gi", "access_mode": "ReadWriteMany", "storage_class": "emu-media"}
    brought_up(address, tmp_path, described(volume_claims=[claim]))
    [foretold] = brought_up(address, tmp_path, gone, check_mode=True)
    [done, again] = brought_up(address, tmp_path, gone, gone)
    assert sorted(foretold["steps"]) == sorted(done["steps"])
    assert sorted(done["writes"]) == [
        "DeleteDatabase",
        "DeletePersistentVolumeClaim",
        "DeleteRdsAccount",
        "DeleteService",
        "DeleteSlbAP",
    ]
    assert done["writes"].index("DeleteRdsAccount") < done["writes"].index("DeleteDatabase")
    assert again["writes"] == []
    for check_mode in (True, False):
        [record] = run_tasks(address, tmp_path, [task("refused", "jst_application", refused, check_mode=check_mode)])
        assert record.result["failed"]
        assert "still has" in record.result["msg"]
    assert len(instances(address)) == 2
    [foretold] = brought_up(address, tmp_path, forced, check_mode=True)
    [done, again] = brought_up(address, tmp_path, forced, forced)
    assert foretold["steps"] == done["steps"]
    assert done["writes"] == ["DeleteAppEnvironment", "DeleteDeployConfig"]
    assert (again["changed"], again["writes"]) == (False, [])
    assert control(address, "state")["environments"] == []


def test_what_is_not_described_is_purged_by_type(emulators: Emulators, tmp_path: Path) -> None:
    """Only the types that are named, never databases, and no environment of instances unless forced."""
    address = emulators.fresh()
    other = copy.deepcopy(SHOP["environments"][0])
    other.update(name="staging", slb_aps=[], volume_claims=[])
    more = {**SHOP, "environments": [*SHOP["environments"], other]}
    bare = described(services=[], slb_aps=[])
    bare["databases"] = bare["accounts"] = []
    types = ["environments", "slb_aps", "services"]
    brought_up(address, tmp_path, more)
    [kept] = brought_up(address, tmp_path, bare)
    assert kept["writes"] == []
    [refused] = run_tasks(address, tmp_path, [task("refused", "jst_application", {**bare, "purge": types})])
    assert "still has 2 instances" in refused.result["msg"]
    advice = "set purge_force=true (in role application: application_purge_force=true)."
    assert advice in refused.result["msg"]
    purged = {**bare, "purge": types, "purge_force": True}
    [foretold] = brought_up(address, tmp_path, purged, check_mode=True)
    assert foretold["writes"] == []
    done, again = brought_up(address, tmp_path, purged, purged)
    assert sorted(foretold["steps"]) == sorted(done["steps"])
    state = control(address, "state")
    assert [one["name"] for one in state["environments"]] == ["production"]
    assert (state["services"], state["slb_access_points"]) == ([], [])
    assert len(state["databases"]) == len(SHOP["databases"])
    assert again["writes"] == []
    assert done["writes"].index("DeleteAppEnvironment") > done["writes"].index("DeleteService")


def test_a_renamed_environment_leaves_the_old_one(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    renamed = described(name="live", slb_aps=[], volume_claims=[])
    _made, moved = brought_up(address, tmp_path, SHOP, renamed)
    assert "Environment 'live' is new, and the app has unmanaged environments: production" in warnings(moved)
    assert "for example with option purge (in role application: application_purge)." in warnings(moved)


def test_changed_secrets_are_released_where_the_deploy_config_is_given_by_its_id(
    emulators: Emulators, tmp_path: Path
) -> None:
    address = emulators.fresh()
    by_id = with_document(described(deploy_config="30001"), secrets=[secret("s", "canary-1")])
    made = with_document(described(), secrets=[secret("s", "canary-1")])
    other = with_document(by_id, secrets=[secret("s", "canary-2")])
    results = brought_up(address, tmp_path, made, by_id, other, other)
    assert [result["writes"] for result in results[1:]] == [[], ["UpdateDeployConfig", "DeployApp"], []]
    assert results[2]["changed_secrets"] == [{"name": "web", "env_type": "online"}]


def test_an_unfinished_order_with_the_earlier_secrets_is_not_joined(emulators: Emulators, tmp_path: Path) -> None:
    """It would leave the environment with them, and no later run could tell."""
    address = emulators.fresh()
    made = with_document(described(), secrets=[secret("s", "canary-1")])
    brought_up(address, tmp_path, made)
    control(address, "clock", {"scale": 0})
    one = {**with_document(made, secrets=[secret("s", "canary-1")], port=9090), "wait": False}
    two = with_document(one, secrets=[secret("s", "canary-2")], port=9090)
    closing = copy.deepcopy(two)
    closing["environments"][0]["release"] = {"on_unfinished": "close"}
    brought_up(address, tmp_path, one)
    [refused] = run_tasks(address, tmp_path, [task("refused", "jst_application", two)])
    assert "unfinished deploy order" in refused.result["msg"]
    assert refused.writes == []
    [done] = brought_up(address, tmp_path, closing)
    assert done["writes"] == ["UpdateDeployConfig", "CloseDeployOrder", "DeployApp"]


def test_a_deploy_config_in_use_is_not_deleted(emulators: Emulators, tmp_path: Path) -> None:
    """Check mode and a real run reject it before anything is written, however the environment names it."""
    address = emulators.fresh()
    brought_up(address, tmp_path, SHOP)
    gone = {**SHOP, "deploy_configs": [{"name": "web", "env_type": "online", "state": "absent"}]}
    by_id = {**described(deploy_config="30001"), "deploy_configs": gone["deploy_configs"]}
    for options, words in ((gone, "state=absent in deploy_configs"), (by_id, "is used by environment 'production'")):
        for check_mode in (True, False):
            [record] = run_tasks(address, tmp_path, [task("gone", "jst_application", options, check_mode=check_mode)])
            assert words in record.result["msg"]
            assert record.writes == []


def test_a_deleted_access_point_goes_before_a_release(emulators: Emulators, tmp_path: Path) -> None:
    """Also where no port is known."""
    address = emulators.fresh()
    silent = described()
    silent["deploy_configs"][0]["deployment"] = deployment()
    del silent["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"][0]["ports"]
    gone = copy.deepcopy(silent)
    gone["environments"][0]["slb_aps"] = [
        {"slb_id": each["slb_id"], "listener_port": each["listener_port"], "state": "absent"}
        for each in SHOP["environments"][0]["slb_aps"]
    ]
    gone["environments"][0]["release"] = {"images": ["registry.example.com/shop:9"]}
    _made, done = brought_up(address, tmp_path, silent, gone)
    assert done["writes"] == ["DeleteSlbAP", "DeployApp"]


def test_production_follows_when_somebody_says_so(emulators: Emulators, tmp_path: Path) -> None:
    """One run releases all environments. One that only reports changes is released by playbook release."""
    address = emulators.fresh()
    options = described(release={"on_change": "report"})
    staging = {**options["environments"][0], "name": "staging", "release": {}, "services": [], "slb_aps": []}
    options["environments"].append(staging)
    first, second = brought_up(
        address, tmp_path, options, with_document(options, config_maps=[config_map("settings", colour="blue")])
    )
    assert first["writes"].count("DeployApp") == 2  # The first release of an environment is no change.
    assert second["writes"].count("DeployApp") == 1
    assert [due["environment"] for due in second["release_due"]] == ["production"]
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(json.dumps({"jst_apps": {"hosts": {"shop": {"release_soak": 0}}}}))
    arguments = ["-i", str(inventory), "jst.retailcloud.release", "-e", "release_environment=production"]
    records, output = run_playbook(address, tmp_path, arguments)
    assert recap(output)["shop"]["failed"] == 0, output
    assert "DeployApp" in [action for record in records for action in record.writes]
    [third] = brought_up(address, tmp_path, with_document(options, config_maps=[config_map("settings", colour="blue")]))
    assert (third["changed"], third["release_due"]) == (False, [])
