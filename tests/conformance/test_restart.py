# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook ``restart``, releases of other documents, and what each release writes down for a later one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, HERE, Account, encoded
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, cron_job, deployment
from tests.conformance.playbook_runner import task
from tests.conformance.test_release import NEW, OLD, OTHER, QUICK, Run, baseline, play, prepared, release, versions

PROXY = "registry.example.com/proxy:1.0"
BROKEN = [{"url": "http://127.0.0.1:9"}]
DOCUMENTS = "documents of the deploy config as they are stored now, which differ from those of deploy order"


def restart(account: Account, *options: str, **variables: Any) -> Run:
    """Restart the environment."""
    return play(account, "restart", *options, **{**QUICK, **variables})


def text(run: Run) -> str:
    """The output in one line, without the escapes of JSON."""
    return " ".join(run.output.replace('\\"', '"').split())


def edited(account: Account, document: dict[str, Any] | None = None) -> None:
    """Store another document in the deploy config, by hand."""
    document = document or deployment()
    document["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "MODE", "value": "new"}]
    account.call("UpdateDeployConfig", AppId=APP_ID, Id=DEPLOY_CONFIG_ID, Deployment=encoded(document))


def two_containers() -> dict[str, Any]:
    """A Deployment with two containers."""
    document = deployment()
    document["spec"]["template"]["spec"]["containers"].append({"name": "proxy", "image": PROXY})
    return document


# Restart


def test_what_runs_is_released_anew(emulators: Emulators, tmp_path: Path) -> None:
    """With the images that run and not those that the variables name, in the batches of a release, each time."""
    account = prepared(emulators, tmp_path)
    assert not release(account, NEW).failed
    preview = restart(account, "--check")
    assert (preview.failed, preview.changed, preview.writes) == (False, True, []), preview.output
    done = restart(account, release_images=[OLD])
    assert (done.failed, done.result["status"], done.result["changed"]) == (False, "released", True), done.output
    assert done.writes == ["DeployApp", "ResumeDeploy"]
    said = f"Restarting environment production of app shop with what it runs: image {NEW}."
    assert preview.result["message"] == said
    assert said in text(preview)
    said += f" The variables name image {OLD}, which a restart does not release. To release that, run playbook release."
    assert done.result["message"] == said
    assert said in text(done).partition("Deploy until the order pauses")[0]
    assert versions(account) == ["1.1"] * 4
    assert restart(account, release_strategy="all_at_once").writes == ["DeployApp"]
    unchanged = release(account, NEW)
    assert (unchanged.changed, unchanged.result["status"]) == (False, "unchanged"), unchanged.output
    # The restarts deployed what ran before them, so a rollback goes to the release before.
    refused = play(account, "rollback", **QUICK, release_images=[])
    assert (refused.changed, refused.writes) == (False, []), refused.output
    failed = restart(account, release_probes=BROKEN)
    assert (failed.failed, failed.result["status"]) == (True, "closed"), failed.output
    assert failed.writes == ["DeployApp", "CloseDeployOrder"]


def test_what_is_not_known_is_not_restarted(emulators: Emulators, tmp_path: Path) -> None:
    """Two images of which the baseline shows one: nothing is written unless the user says what runs."""
    account = Account(emulators.fresh(), tmp_path, document=two_containers())
    nothing = restart(account)
    assert (nothing.failed, nothing.writes, nothing.result["status"]) == (False, [], "unchanged"), nothing.output
    assert "Environment production runs no release that has succeeded, so nothing is restarted." in text(nothing)
    account.deployed(OLD, ContainerImageList=[OLD, PROXY])
    refused = restart(account, release_on_failure="keep", release_images=[NEW, PROXY])
    assert (refused.failed, refused.writes) == (True, []), refused.output
    assert "What environment production runs is not known in full, so it is not restarted." in text(refused)
    assert "only one of its 2 images. Set release_previous to what runs" in text(refused)
    done = restart(account, release_previous={"images": [OLD, PROXY]})
    assert (done.failed, done.writes) == (False, ["DeployApp", "ResumeDeploy"]), done.output
    again = restart(account)
    assert (again.failed, again.writes) == (False, ["DeployApp", "ResumeDeploy"]), again.output
    assert f"images {OLD}, {PROXY}" in text(again)


def test_a_package_is_restarted(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    assert not play(account, "release", **QUICK, release_packet_id=2001).failed
    assert not restart(account).failed
    assert baseline(account)["packet_id"] == 2001
    assert len(account.orders()) == 2


def test_an_unfinished_release_is_in_the_way_of_a_restart(emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    account.deployed(NEW, PauseType="first")
    refused = restart(account)
    assert (refused.failed, refused.writes) == (True, []), refused.output
    assert "unfinished deploy order 60002 ('by hand')" in text(refused)
    done = restart(account, release_on_unfinished="close")
    deployed = f"with what the last release that succeeded deployed: image {OLD}."
    assert f"{deployed} Its instances may run parts of" in text(done)
    assert (done.failed, done.writes) == (False, ["CloseDeployOrder", "DeployApp", "ResumeDeploy"]), done.output
    assert versions(account) == ["1.0"] * 4


def test_a_mixture_is_not_restarted(emulators: Emulators, tmp_path: Path) -> None:
    """Instances run releases that were closed: a restart would roll them back. A release names them all."""
    account = Account(emulators.fresh(), tmp_path)
    assert not release(account, OLD).failed
    closed = {"release_on_failure": "close", "release_probes": BROKEN}
    failed = restart(account, **closed)
    assert failed.result["status"] == "closed", failed.output
    # The same content, so there is nothing to decide.
    assert not restart(account).failed
    for image in (NEW, OTHER):
        assert release(account, image, **closed).result["status"] == "closed"
    assert versions(account) == ["1.1", "1.2"]
    parts = f"image {OLD}, image {NEW} and image {OTHER}"
    mixture = f"Its instances may run parts of {parts}: deploy order 60005 ('ansible-"
    for options in (["--check"], []):
        refused = restart(account, *options)
        assert (refused.failed, refused.writes) == (True, []), refused.output
        assert f"so it is not restarted. {mixture}" in text(refused)
        assert "playbook rollback deploys what the last release that succeeded deployed, and playb" in text(refused)
    preview = release(account, OLD, "--check")
    assert f"Releasing image {OLD} to environment production of app shop. {mixture}" in text(preview)
    assert "runs there" not in text(preview)
    back = play(account, "rollback", **QUICK)
    assert (back.failed, versions(account)) == (False, ["1.0"] * 2), back.output
    again = restart(account)
    assert f"with what it runs: image {OLD}." in text(again)
    # Without instances, nothing runs a release that was closed.
    assert release(account, NEW, **closed).result["status"] == "closed"
    account.call("OfflineAppEnvironment", AppId=APP_ID, EnvId=ENVIRONMENT_ID)
    account.advance(600)
    offline = restart(account)
    assert (offline.failed, offline.writes, offline.result["status"]) == (False, [], "unchanged"), offline.output


def test_a_cron_job_is_restarted(emulators: Emulators, tmp_path: Path) -> None:
    """It has no instances between its jobs."""
    account = Account(emulators.fresh(), tmp_path)
    place: dict[str, Any] = {"app": "report", "env_type": "online"}
    environment = {**place, "name": "production", "region": "cn-zhangjiakou", "cluster": "emu-online"}
    account.run_tasks(
        task("app", "jst_app", {**APP, "title": "report", "state_type": "cron_job"}),
        task("config", "jst_deploy_config", {**place, "name": "report", "cron_job": cron_job()}),
        task("environment", "jst_environment", {**environment, "replicas": 1, "deploy_config": "report"}),
    )
    image = "registry.example.com/report:2.0"
    done = release(account, image, release_app="report")
    assert not done.failed, done.output
    again = restart(account, release_app="report")
    assert (again.failed, again.result["status"]) == (False, "released"), again.output
    first, second = account.orders()
    assert first["result"] == second["result"] == 1
    assert image in account.order(second["deploy_order_id"])["description"]


# Other documents


def test_a_release_of_other_documents_says_so(emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    doubted = release(account, OLD)
    assert (doubted.failed, doubted.writes, doubted.result["status"]) == (False, [], "unchanged"), doubted.output
    not_known = "It is not known whether environment 'production' runs its deploy config as it is stored now"
    assert not_known in doubted.result["message"]
    assert not_known in text(doubted)
    assert "already" not in doubted.output
    assert not restart(account).failed
    known = release(account, OLD)
    assert known.changed is False
    assert known.result["message"].startswith(f"Environment production runs image {OLD} already")
    assert f"runs image {OLD} already, with its documents as they are stored now." in text(known)
    edited(account)
    done = release(account, OLD)
    assert (done.failed, done.writes) == (False, ["DeployApp", "ResumeDeploy"]), done.output
    assert done.result["message"].endswith(
        "Environment production runs the same content with the documents of deploy order 60002. "
        "This releases the deploy config as it is stored now."
    )
    assert done.result["message"] in text(done)
    assert release(account, OLD).writes == []


def test_a_rollback_deploys_the_present_documents(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    for image in (OLD, NEW):
        assert not release(account, image).failed
    edited(account)
    back = play(account, "rollback", **QUICK)
    assert (back.failed, versions(account)) == (False, ["1.0"] * 2), back.output
    assert back.result["message"].endswith(f"The service releases the {DOCUMENTS} 60001.")
    assert back.result["message"] in text(back)


@pytest.mark.parametrize("shown", ["shown", "masked", "names", "missing"])
def test_hidden_secrets_are_named_as_not_known(shown: str, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh("canonical", "--reading", f"secret_documents={shown}"), tmp_path)
    secret = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "key"}, "stringData": {"a": "canary"}}
    config = {"app": "shop", "env_type": "online", "name": "web", "deployment": deployment(), "secrets": [secret]}
    [stored] = account.run_tasks(task("stored", "jst_deploy_config", config))
    assert stored.result["changed"], stored.result
    for image in (OLD, NEW):
        assert not release(account, image).failed
    unchanged = release(account, NEW)
    assert (unchanged.failed, unchanged.writes, unchanged.result["status"]) == (False, [], "unchanged")
    known = {
        "shown": "its deploy config as it is stored now.",
        "missing": "its documents as they are stored now.",
    }
    hidden = "its documents as they are stored now; whether its Secrets are those is not known."
    assert f"runs image {NEW} already, with {known.get(shown, hidden)}" in text(unchanged)
    back = play(account, "rollback", "--check", **QUICK)
    said = "Whether its Secrets are those of deploy order 60001 is not known."
    assert (said in back.result["message"]) == (shown in ("masked", "names")), back.result


def test_a_port_that_closes_is_named(emulators: Emulators, tmp_path: Path) -> None:
    """Before the write, by each playbook. Services and access points are moved by role application."""
    documents = [deployment(), deployment()]
    for document, port in zip(documents, (8080, 9090), strict=True):
        document["spec"]["template"]["spec"]["containers"][0]["ports"] = [{"containerPort": port}]
    account = Account(emulators.fresh(), tmp_path, document=documents[0])
    for image in (OLD, NEW):
        assert "The instances open port" not in text(release(account, image))
    edited(account, documents[1])
    said = (
        "The instances open port 8080 now, and port 9090 after this. No instance then answers a service or an access "
        "point that sends requests to port 8080, until playbook bring_up has moved it."
    )
    for playbook, images in (("release", [OLD]), ("rollback", []), ("restart", [])):
        preview = play(account, playbook, "--check", **QUICK, release_images=images)
        assert said in text(preview), preview.output
    done = restart(account)
    assert said in text(done).partition("Deploy until the order pauses")[0]
    assert "The instances open port" not in text(restart(account, "--check"))


def test_a_failed_release_of_other_documents(emulators: Emulators, tmp_path: Path) -> None:
    """Other content is rolled back with the present documents; where only these differ, nothing is rolled back."""
    account = Account(emulators.fresh(), tmp_path)
    for image in (OLD, NEW):
        assert not release(account, image).failed
    edited(account)
    only = release(account, NEW, release_probes=BROKEN)
    assert only.result["status"] == "closed", only.output
    assert "The same content ran before, with the documents of deploy order 60002." in only.result["message"]
    assert "Nothing else ran before." not in only.result["message"]
    failed = release(account, f"{OLD}-fail")
    assert failed.result["status"] == "rolled_back", failed.output
    assert f"It runs with the {DOCUMENTS} 60002: the service cannot release earlier ones." in failed.result["message"]


def test_the_order_of_a_failure_is_named_beside_a_longer_id(emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    tasks = tmp_path / "verify.yml"
    failing = {"name": "See", "ansible.builtin.fail": {"msg": "Like deploy order 600021."}}
    tasks.write_text(yaml.safe_dump([failing]))
    failed = release(account, NEW, release_verify_tasks=str(tasks))
    assert "failed (deploy order 60002, batch 1 of 2): Like deploy order 600021." in failed.result["message"]


# The note of every release


@pytest.mark.parametrize("by", ["jst_deployment", "jst_application"])
def test_two_containers_from_their_deploy_config(by: str, emulators: Emulators, tmp_path: Path) -> None:
    """The first release has nothing to go back to; later ones are rolled back by whichever module made the last."""
    account = Account(emulators.fresh(), tmp_path, document=two_containers())
    failed = play(account, "release", **QUICK, release_images=[f"{OLD}-fail", PROXY])
    assert failed.result["status"] == "closed", failed.output
    first = play(account, "release", **QUICK)
    assert (first.failed, first.result["status"]) == (False, "released"), first.output
    images = [container["image"] for container in two_containers()["spec"]["template"]["spec"]["containers"]]
    edited(account, two_containers())
    assert not play(account, "release", **QUICK, release_images=[NEW, PROXY]).failed
    made = account.run(by, **(HERE if by == "jst_deployment" else application()))
    assert made.result["changed"], made.result
    # The deploy config does not tell any more what runs.
    other = two_containers()
    other["spec"]["template"]["spec"]["containers"][1]["image"] = "registry.example.com/proxy:2.0"
    edited(account, other)
    failed = play(account, "release", **QUICK, release_images=[f"{NEW}-fail", PROXY])
    assert failed.result["status"] == "rolled_back", failed.output
    assert f"Rolled back to images {images[0]}, {PROXY}." in failed.result["message"]
    assert not restart(account).failed


def application() -> dict[str, Any]:
    """The description of app ``shop`` as the account holds it, released from its deploy config."""
    environment = {
        "name": "production",
        "env_type": "online",
        "region": "cn-zhangjiakou",
        "replicas": 2,
        "deploy_config": "web",
        "release": {},
    }
    return {**APP, "environments": [environment]}


def test_a_release_by_hand_leaves_nothing_due(emulators: Emulators, tmp_path: Path) -> None:
    """After a release by each way, the description of the same images is what runs."""
    account = Account(emulators.fresh(), tmp_path)
    edited(account)
    description = application()
    [container] = deployment()["spec"]["template"]["spec"]["containers"]
    for images in ([NEW], [container["image"]]):
        description["environments"][0]["release"] = {"images": images}
        assert account.run("jst_application", check=True, **description).result["changed"]
        assert not release(account, images[0]).failed
        settled = account.run("jst_application", **description)
        assert (settled.result["changed"], settled.result["release_due"]) == (False, []), settled.result
    assert not restart(account).failed
    for release_options in ({"images": [container["image"]]}, {}):
        description["environments"][0]["release"] = release_options
        settled = account.run("jst_application", **description)
        assert (settled.result["changed"], settled.result["release_due"]) == (False, []), settled.result
    hosts = {f"application_{name}": value for name, value in description.items()}
    fleet = play(account, "fleet", **hosts)
    assert (fleet.failed, fleet.changed, fleet.writes) == (False, False, []), fleet.output
