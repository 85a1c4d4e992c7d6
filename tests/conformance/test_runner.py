# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that the configuration of AWX makes possible, run by ansible-runner in the way of AWX."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jq
import yaml

from tests.conformance.awx import PROJECT, Awx, Job, configuration, imported, job_template
from tests.conformance.canaries import Canaries
from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import control
from tests.tools.run_in_collection import ROOT

QUICK = {"release_wait_interval": 0.2, "release_verify": False}
# A batch takes half a second of the test's time, so that a release is seen at work.
BATCH = {"durations": {"batch": 60}}
IMAGES = "registry-vpc.cn-zhangjiakou.aliyuncs.com/shop"
QUERIES = yaml.safe_load((ROOT / "extensions" / "audit" / "event_query.yml").read_text())


def inventory(canaries: Canaries) -> dict[str, Any]:
    """That of the project: both apps in one group and at one database, with passwords that show when they come out."""
    listed = imported(PROJECT / "inventory" / "hosts.yml")
    hosts = listed["_meta"]["hostvars"]
    database, account = (hosts["greeting"][f"application_{kind}"] for kind in ("databases", "accounts"))
    for name, variables in hosts.items():
        password = f"{name}_database_password"
        variables.update(
            QUICK,
            application_group={"name": "shop"},
            application_databases=database,
            application_accounts=[{**account[0], "name": name, "password": f"{{{{ {password} }}}}"}],
        )
        variables[password] = canaries.text(f"password of {name}")
    return listed


def managed(jobs: Iterable[Job]) -> set[str]:
    """What AWX counts as managed through the tasks of jobs, by its canonical facts."""
    results = [(module, result) for job in jobs for module, result in job.results() if module in QUERIES]
    found = [jq.compile(QUERIES[module]["query"]).input_value(result).all() for module, result in results]
    return {json.dumps(node["canonical_facts"]) for nodes in found for node in nodes}


def once_each(state: Mapping[str, Any], apps: set[str]) -> None:
    """Every app, and all that is its own, is there once, and what they share too."""
    assert sorted(app["title"] for app in state["apps"]) == sorted(apps)
    owners = sorted(ids(state).values())
    for kind in ("deploy_configs", "environments", "group_members"):
        assert sorted(one["app_id"] for one in state[kind]) == owners, kind
    assert [group["name"] for group in state["groups"]] == ["shop"]
    assert [database["name"] for database in state["databases"]] == ["greetings"]
    assert sorted(account["name"] for account in state["accounts"]) == sorted(apps)


def ids(state: Mapping[str, Any]) -> dict[str, int]:
    """Title -> id of every app."""
    return {app["title"]: app["app_id"] for app in state["apps"]}


def runs(state: Mapping[str, Any]) -> dict[str, str]:
    """Title -> the one image that all instances of the app run."""
    titles = {app_id: title for title, app_id in ids(state).items()}
    places = {one["env_id"]: titles[one["app_id"]] for one in state["environments"]}
    images = {(places[one["env_id"]], one["image"]) for one in state["instances"]}
    assert len(images) == len(dict(images)), images
    return dict(images)


def walk(workflow: Mapping[str, Any], answers: Mapping[str, Any], launch: Callable[..., Job]) -> Iterator[Job]:
    """Run the nodes of a workflow, each after the one before has gone well; approvals are given."""
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    defaults = {question["variable"]: question["default"] for question in workflow["survey_spec"]["spec"]}
    led_to = {
        after["identifier"] for node in nodes.values() for after in node.get("related", {}).get("success_nodes", [])
    }
    [following] = nodes.keys() - led_to
    while following:
        node = nodes.pop(following)
        name = node["unified_job_template"]["name"]
        if node["unified_job_template"]["type"] == "job_template":
            asked = {question["variable"] for question in job_template(name)["survey_spec"]["spec"]}
            given = {key: value for key, value in {**defaults, **answers}.items() if key in asked}
            sent = {**given, **node.get("extra_data", {})}
            yield launch(name, sent, launcher="node", limit=node.get("limit", ""))
        following = next((after["identifier"] for after in node.get("related", {}).get("success_nodes", [])), None)
    assert not nodes, "some nodes are never reached"


def operate(awx: Awx, launch: Callable[..., Job], instance: str) -> Job:
    """Examine the account, rebuild an instance, and return a job that fails, since the greeting has no schedule."""
    databases = {"doctor_database_instances": "rm-emu0000000000001"}
    assert "DescribeDatabases" in launch("JST: doctor", databases, limit="greeting").stdout
    answers: dict[str, Any] = {"rebuild_instance": instance}
    assert launch("JST: rebuild", answers, limit="greeting").counts("changed") == {"greeting": 1}
    # With fewer restarts than named it was rebuilt already.
    answers["rebuild_restarts"] = 9
    assert launch("JST: rebuild", answers, limit="greeting").counts("changed") == {"greeting": 0}
    rerun = awx.launch("JST: rerun a job", limit="greeting")
    assert "Environment production has no deploy config with a CronJob" in rerun.stdout
    return rerun


def test_jobs(emulators: Emulators, tmp_path: Path) -> None:
    """Two slices bring a fleet up at once, a workflow releases it, and every other template has its turn."""
    canaries = Canaries()
    secret = canaries.text("secret of the access key")
    world = tmp_path / "world.yml"
    key = {"access_key_id": "awx-key", "access_key_secret": secret}
    world.write_text(yaml.safe_dump({"credentials": [key], "settings": BATCH}))
    address = emulators.fresh("canonical", "--world", str(world))
    awx = Awx(tmp_path, {**key, "endpoint": address}, inventory(canaries))
    awx.inventory["_meta"]["hostvars"]["greeting"]["rebuild_watch"] = 1
    apps = set(awx.inventory["_meta"]["hostvars"])
    jobs = []

    def state() -> dict[str, Any]:
        found: dict[str, Any] = control(address, "state")
        return found

    def launch(name: str, answers: Mapping[str, Any] | None = None, **prompts: Any) -> Job:
        jobs.append(awx.launch(name, answers, **prompts))
        assert jobs[-1].status == "successful", jobs[-1].stdout
        return jobs[-1]

    with ThreadPoolExecutor(2) as pool:
        slices = list(pool.map(lambda number: launch("JST: bring a fleet up", part=(number, 2)), (1, 2)))
    assert [job.counts("changed") for job in slices] == [{"catalogue": 1}, {"greeting": 1}]
    there = state()
    once_each(there, apps)

    # What the slices made is what a job of many tasks would make, and what AWX counts is what there is.
    assert set(launch("JST: bring up", job_type="check", limit="jst_pilot").counts("changed").values()) == {0}
    assert managed(jobs) == {
        *(json.dumps({"jst_app_id": app["app_id"]}) for app in there["apps"]),
        *(json.dumps({"jst_environment_id": environment["env_id"]}) for environment in there["environments"]),
        json.dumps({"rds_instance_id": "rm-emu0000000000001"}),
    }

    [workflow] = configuration()["controller_workflows"]
    released = list(walk(workflow, {"release_description": "spring"}, launch))
    assert [sorted(job.counts("ok")) for job in released] == [["greeting"], sorted(apps), sorted(apps)]
    assert runs(state()) == {app: f"{IMAGES}/{app}:{'3.2.0' if app == 'catalogue' else '1.0.0'}" for app in apps}
    assert re.search(r"\[greeting\] .*environment production: release by deploy order \d+: ", released[0].stdout)
    orders = [order for order in state()["orders"] if "spring" in order["description"]]
    assert len(orders) == len(apps), "an app of the pilot is released once"

    with ThreadPoolExecutor(2) as pool:
        ways = (
            lambda: launch("JST: release images", {"release_images": f"{IMAGES}/greeting:1.1.0"}, limit="greeting"),
            lambda: launch("JST: scale", {"scale_replicas": 3}, limit="catalogue"),
        )
        list(pool.map(lambda way: way(), ways))
    assert runs(state())["greeting"] == f"{IMAGES}/greeting:1.1.0"
    assert [one["replicas"] for one in state()["environments"] if one["app_id"] == ids(state())["catalogue"]] == [3]

    with ThreadPoolExecutor(2) as pool:
        ways = (
            lambda: launch("JST: roll back", limit="greeting"),
            lambda: launch("JST: tear down", {"teardown_confirm": "catalogue"}, limit="catalogue", job_type="run"),
        )
        list(pool.map(lambda way: way(), ways))
    assert runs(state())["greeting"] == f"{IMAGES}/greeting:1.0.0"
    assert ids(state()).keys() == apps - {"catalogue"}

    orders = state()["orders"]
    launch("JST: restart", limit="greeting")
    assert len(state()["orders"]) == len(orders) + 1
    assert runs(state())["greeting"] == f"{IMAGES}/greeting:1.0.0"

    jobs.append(operate(awx, launch, state()["instances"][0]["app_instance_id"]))

    nodes = imported(PROJECT / "nodes" / "nodes.jst.yml", awx.credential(tmp_path))
    assert set(nodes["cluster_emu_test"]["hosts"]) == {"i-emu-node-4", "i-emu-node-5"}

    left_out = {template["name"] for template in configuration()["controller_templates"]} - {job.name for job in jobs}
    assert not left_out
    assert canaries.found("".join(job.stdout + json.dumps(job.events) for job in jobs)) == []


def test_a_slice_without_a_host_of_the_limit_fails(tmp_path: Path) -> None:
    """So no template is sliced and asks for a limit."""
    awx = Awx(tmp_path, {}, imported(PROJECT / "inventory" / "hosts.yml"))
    job = awx.launch("JST: bring up", limit="greeting", part=(1, 2))
    assert job.status == "failed"
    assert "leaves us with no hosts to target" in job.stdout
