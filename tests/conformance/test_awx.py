# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook ``awx`` applies the whole configuration, once, by modules that do what those of awx.awx do."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conformance.awx import PROJECT, configuration
from tests.conformance.canaries import Canaries
from tests.conformance.forkserver import fork_servers
from tests.tools.awx_options import COLLECTION, FILE, used
from tests.tools.run_in_collection import ROOT

ACTION = Path(__file__).parent / "awx_action.py"
LOOKUP = Path(__file__).parent / "awx_lookup.py"
SETTINGS = {"jst_awx_project_url": "https://git.example.com/apps.git", "jst_awx_image": "registry.example.com/jst:1"}
# The module of every kind of thing in the configuration.
KINDS = {
    "controller_credential_types": "credential_type",
    "controller_credentials": "credential",
    "controller_execution_environments": "execution_environment",
    "controller_inventories": "inventory",
    "controller_inventory_sources": "inventory_source",
    "controller_notifications": "notification_template",
    "controller_projects": "project",
    "controller_schedules": "schedule",
    "controller_templates": "job_template",
    "controller_workflows": "workflow_job_template",
}


# Settings that leave an option out when they are empty, and all that make the value of an option.
OPTIONAL = re.compile(r"_credential }}|__jst_awx_notifications }}")
SETTING = re.compile(r"{{ (__|jst_|not ansible_check_mode)")
NOTIFICATIONS = ROOT / "examples" / "awx" / "notifications.yml"
# What the roles of infra.aap_configuration take.
SCHEMA = json.loads((ROOT / "tests" / "data" / "aap_configuration.json").read_text())
# What every AWX has.
VAULT_FIELDS = [{"id": "vault_password", "secret": True}, {"id": "vault_id"}]
BUILT_IN: Mapping[str, dict[str, Any]] = {
    "1": {"kind": "organization", "name": "Default", "scope": {}, "fields": {}},
    "2": {"kind": "credential_type", "name": "Vault", "scope": {}, "fields": {"inputs": {"fields": VAULT_FIELDS}}},
}
# Variables by which infra.aap_configuration finds a controller, and the options of the lookup.
AAP = {"aap_hostname": "host", "aap_token": "oauth_token"}
WITH_ROLES: dict[str, Any] = {"jst_awx_with": "infra.aap_configuration", "aap_hostname": "aap", "aap_token": "token"}
VAULT_PASSWORD = {"JST_AWX_VAULT_PASSWORD": "only of this test"}


class Controller:
    """What stands in for AWX and for the collection that talks to it.

    :ivar file: the objects of the AWX, and the repository of its projects.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "state.json"
        playbooks = sorted(file.name for file in PROJECT.glob("*.yml"))
        repository = {"reachable": True, "revision": 1, "playbooks": playbooks}
        self.write({"objects": BUILT_IN, "repository": repository, "updates": 0})
        collection = folder / "ansible_collections" / "awx" / "awx"
        actions, lookups = collection / "plugins" / "action", collection / "plugins" / "lookup"
        actions.mkdir(parents=True)
        lookups.mkdir()
        about = {"namespace": "awx", "name": "awx", "version": "24.6.1"}
        (collection / "MANIFEST.json").write_text(json.dumps({"collection_info": about}))
        for module in set(used()):
            (actions / f"{module.removeprefix(f'{COLLECTION}.')}.py").symlink_to(ACTION)
        (lookups / "controller_api.py").symlink_to(LOOKUP)
        of_controller = folder / "ansible_collections" / "ansible" / "controller"
        (of_controller / "plugins" / "lookup").mkdir(parents=True)
        about = {"namespace": "ansible", "name": "controller", "version": "4.6.0"}
        (of_controller / "MANIFEST.json").write_text(json.dumps({"collection_info": about}))
        # The environment does not tell this one where the controller is.
        needed = LOOKUP.read_text().replace("NEEDED: tuple[str, ...] = ()", f"NEEDED = {tuple(AAP.values())}")
        (of_controller / "plugins" / "lookup" / "controller_api.py").write_text(needed)
        self.dispatched = folder / "dispatched.json"
        roles = folder / "ansible_collections" / "infra" / "aap_configuration"
        tasks = roles / "roles" / "dispatch" / "tasks"
        tasks.mkdir(parents=True)
        about = {"namespace": "infra", "name": "aap_configuration", "version": "3.0.0"}
        (roles / "MANIFEST.json").write_text(json.dumps({"collection_info": about}))
        names = list(SCHEMA["properties"])
        content = f"{{{{ dict({names} | zip(query('ansible.builtin.vars', *{names}))) | to_json }}}}"
        copy = {"ansible.builtin.copy": {"dest": str(self.dispatched), "content": content, "mode": "0600"}}
        (tasks / "main.yml").write_text(json.dumps([copy]))

    def run(
        self, settings: Mapping[str, Any], *options: str, environment: Mapping[str, str] | None = None
    ) -> tuple[str, dict[str, int]]:
        """Run the playbook.

        :returns: what Ansible printed, and what it counted.
        """
        variables = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": f"{self.folder}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "AWX_OPTIONS": str(FILE),
            "AWX_STATE": str(self.file),
            **(environment or {}),
        }
        done = fork_servers.run(["jst.retailcloud.awx", "-e", json.dumps(dict(settings)), *options], variables)
        output = done.stdout + done.stderr
        return output, {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", output.rpartition("RECAP")[2])}

    def apply(self, *options: str, environment: Mapping[str, str] | None = None, **settings: str) -> dict[str, int]:
        """Run the playbook, which has to succeed.

        :returns: what Ansible counted.
        """
        output, counts = self.run({**SETTINGS, **settings}, *options, environment=environment)
        assert counts["failed"] == 0, output
        return counts

    def read(self) -> dict[str, Any]:
        """Return all that the file holds."""
        return dict(json.loads(self.file.read_text()))

    def write(self, content: Mapping[str, Any]) -> None:
        """Replace all that the file holds."""
        self.file.write_text(json.dumps(content))

    def change(self, part: str, **members: Any) -> None:
        """Change the repository, or add objects."""
        content = self.read()
        content[part].update(members)
        self.write(content)

    @property
    def state(self) -> dict[str, Any]:
        """Kind and name -> the options that made it."""
        objects = self.read()["objects"]
        return {f"{one['kind']} {one['name']}": one["options"] for one in objects.values() if "options" in one}

    def credentials(self) -> set[tuple[str, ...]]:
        """Return the credentials that job templates have."""
        objects = self.read()["objects"].values()
        return {tuple(one["options"]["credentials"]) for one in objects if one["kind"] == "job_template"}


def test_applied(tmp_path: Path) -> None:
    """Foretold, applied, and applied again with secrets: the credentials change and who has them, and nothing else."""
    controller = Controller(tmp_path)
    output, counts = controller.run(SETTINGS, "--check")
    assert (counts["failed"], controller.state) == (0, {}), output
    assert counts["ignored"], "what needs something that is not there yet is passed over"

    output, counts = controller.run(SETTINGS)
    # The project is synchronized when it is made, and nothing is new a moment later. Nobody gave notifications.
    assert (counts["failed"], counts["changed"]) == (0, len(used()) - 2), output
    assert "WARNING" not in output
    there = controller.state
    written = {f"{KINDS[kind]} {one['name']}": one for kind, listed in items() for one in listed}
    nodes = {
        node["identifier"]: node
        for node in written["workflow_job_template JST: release in waves"].pop("workflow_nodes")
    }
    assert there.keys() == written.keys() | {f"workflow_job_template_node {name}" for name in nodes}
    for name, node in nodes.items():
        made = there[f"workflow_job_template_node {name}"]
        approval = made.get("approval_node", {}).get("name")
        assert node["unified_job_template"]["name"] == (approval or made["unified_job_template"])
        assert [after["identifier"] for after in node.get("related", {}).get("success_nodes", [])] == made.get(
            "success_nodes", []
        )
        assert {key: node.get(key) for key in ("limit", "extra_data")} == {
            key: made.get(key) for key in ("limit", "extra_data")
        }
    for name, one in written.items():
        # The credential of a project, that of an image and notifications are there when somebody names one.
        left_out = {key for key in one.keys() - there[name].keys() if not OPTIONAL.search(str(one[key]))}
        assert not left_out, f"{name} is applied without {left_out}"
        plain = {key: value for key, value in one.items() if not SETTING.search(str(value))}
        assert plain.items() <= there[name].items(), (
            "what is not a setting arrives as it stands, templates for jobs too"
        )
    assert {one["inputs"] == {} for key, one in there.items() if key.startswith("credential ")} == {True}
    assert "{{ __" not in json.dumps(there)

    canaries = Canaries()
    secrets = {
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": canaries.text("access key"),
        "JST_AWX_VAULT_PASSWORD": canaries.text("vault password"),
    }
    output, counts = controller.run({**SETTINGS, "jst_awx_update_secrets": "true"}, "-vvv", environment=secrets)
    assert (counts["failed"], counts["changed"]) == (0, 2), output
    assert {key for key, one in controller.state.items() if one != there[key]} == {
        *(key for key in there if key.startswith(("credential ", "job_template "))),
    }
    assert canaries.found(output) == []
    assert controller.state["credential JST"]["inputs"] == {
        "access_key_secret": secrets["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    }
    assert controller.state["credential JST vault"]["inputs"] == {"vault_password": secrets["JST_AWX_VAULT_PASSWORD"]}
    assert controller.state["job_template JST: release"]["credentials"] == ["JST", "JST vault"]


def test_a_project_that_failed_or_is_old_is_synchronized(tmp_path: Path) -> None:
    """A run continues where one ended at a repository that did not respond, and finds playbooks that are new in it."""
    controller = Controller(tmp_path)
    playbooks = controller.read()["repository"]["playbooks"]
    controller.change("repository", reachable=False, playbooks=[name for name in playbooks if name != "release.yml"])
    output, counts = controller.run(SETTINGS)
    assert (counts["failed"], "Project update failed" in output) == (1, True), output

    controller.change("repository", reachable=True)
    output, counts = controller.run(SETTINGS)
    assert (counts["failed"], "Playbook not found for project" in output) == (1, True), output

    controller.change("repository", revision=2, playbooks=playbooks)
    before = controller.read()
    output, _ = controller.run(SETTINGS, "--check")
    assert controller.read() == before, f"check mode updates no project: {output}"
    controller.apply()
    # A run that finds nothing new reports no change.
    assert controller.apply()["changed"] == 0


def test_check_mode_on_a_complete_awx_reports_no_change(tmp_path: Path) -> None:
    """With notifications, whose address is not shown."""
    controller = Controller(tmp_path)
    canaries = Canaries()
    address = {"JST_NOTIFY_URL": f"https://robot.example.com/send?access_token={canaries.text('token')}"}
    options = ("-e", f"@{NOTIFICATIONS}", "-vvv")
    output, counts = controller.run(SETTINGS, *options, environment=address)
    assert (counts["failed"], canaries.found(output)) == (0, []), output
    before = controller.read()
    counts = controller.apply("--check", *options, environment=address)
    assert (counts["changed"], counts["ignored"]) == (0, 0)
    assert controller.read() == before

    notification = controller.state["notification_template JST: DingTalk"]
    assert notification["notification_configuration"]["url"] == address["JST_NOTIFY_URL"]
    names = [notification["name"]]
    assert controller.state["job_template JST: drift"]["notification_templates_error"] == names
    workflow = controller.state["workflow_job_template JST: release in waves"]
    assert (workflow["notification_templates_error"], workflow["notification_templates_approvals"]) == (names, names)


def test_roles_for_automation_controller_get_the_same(tmp_path: Path) -> None:
    """What infra.aap_configuration is handed follows its form, and says what the modules are told."""
    controller = Controller(tmp_path)
    options = ("-e", f"@{NOTIFICATIONS}")
    # Without a name, a credential is omitted, which is nothing that could be written to a file.
    optional: dict[str, Any] = {"jst_awx_project_credential": "git", "jst_awx_image_credential": "registry"}
    controller.apply(*options, jst_awx_vault="true", **WITH_ROLES, **optional)
    dispatched = json.loads(controller.dispatched.read_text())
    jsonschema.validate(dispatched, SCHEMA)
    assert {kind: len(listed) for kind, listed in dispatched.items()} == {
        kind: len(listed) or 1 for kind, listed in items()
    }
    assert controller.state == {}

    controller.apply(*options, jst_awx_vault="true")
    for kind, listed in dispatched.items():
        for one in listed:
            told = controller.state[f"{KINDS[kind]} {one['name']}"]
            assert {key: value for key, value in one.items() if key in told} == {
                key: value for key, value in told.items() if key in one
            }


def test_templates_keep_the_vault_credential(tmp_path: Path) -> None:
    """A run without its password leaves it where it is, and a run that is told so takes it away."""
    controller = Controller(tmp_path)
    controller.apply(environment=VAULT_PASSWORD)
    assert controller.credentials() == {("JST", "JST vault")}
    for options in ([], ["--check"]):
        output, counts = controller.run(SETTINGS, *options)
        assert (counts["failed"], counts["changed"]) == (0, 0), output
        assert controller.credentials() == {("JST", "JST vault")}
    controller.apply(jst_awx_vault="false")
    assert controller.credentials() == {("JST",)}
    assert controller.apply()["changed"] == 0


def test_two_organizations_on_one_awx(tmp_path: Path) -> None:
    """Each gets objects of its own, with the same names, that refer to one another."""
    controller = Controller(tmp_path)
    controller.change("objects", **{"3": {"kind": "organization", "name": "Shop", "scope": {}, "fields": {}}})
    controller.apply()
    shop: dict[str, Any] = {"jst_awx_organization": "Shop", "jst_awx_language": "zh", "jst_awx_vault_id": "shop"}
    controller.apply(environment=VAULT_PASSWORD, **shop)
    assert controller.apply()["changed"] == 0
    assert controller.apply("--check", **shop)["changed"] == 0
    objects = controller.read()["objects"]
    owners = {
        int(number): one["scope"]["organization"] for number, one in objects.items() if "organization" in one["scope"]
    }
    templates = [number for number, one in objects.items() if one["kind"] == "job_template"]
    assert len(templates) == 2 * len(configuration()["controller_templates"])
    for number, one in objects.items():
        fields = one["fields"]
        used_ids = [fields[key] for key in ("inventory", "project", "source_project", "credential") if key in fields]
        used_ids += fields.get("credentials", [])
        owner = owners.get(int(number)) or owners.get(fields.get("inventory"))
        assert {owners[used_id] for used_id in used_ids} <= {owner}, one
    # The one without the password has no vault credential.
    assert controller.credentials() == {("JST",), ("JST", "JST vault")}
    inputs = [one["fields"].get("inputs") for one in objects.values() if one["name"] == "JST vault"]
    assert inputs == [None, {"vault_password": VAULT_PASSWORD["JST_AWX_VAULT_PASSWORD"], "vault_id": "shop"}]
    # Each has the surveys in its language.
    for number, language in ((1, "en"), (3, "zh")):
        wanted = {one["name"]: one["survey_spec"] for one in configuration(language)["controller_templates"]}
        made = [one for one in objects.values() if one["scope"] == {"organization": number} and one["name"] in wanted]
        assert {one["name"]: one["fields"]["survey_spec"] for one in made} == wanted


def items() -> list[tuple[str, list[dict[str, Any]]]]:
    """The lists of the configuration."""
    found = {kind: listed for kind, listed in configuration().items() if kind.startswith("controller_")}
    assert found.keys() == KINDS.keys()
    return list(found.items())


@pytest.mark.parametrize(
    ("missing", "said"),
    [("jst_awx_image", "Set jst_awx_project_url"), ("awx.awx", "ansible-galaxy collection install awx.awx")],
)
def test_what_is_missing_is_said(missing: str, said: str, tmp_path: Path) -> None:
    """Before anything is done."""
    controller = Controller(tmp_path)
    if missing == COLLECTION:
        (tmp_path / "ansible_collections" / "awx").rename(tmp_path / "elsewhere")
    output, counts = controller.run({name: value for name, value in SETTINGS.items() if name != missing})
    assert said in output
    assert (counts["failed"], controller.state) == (1, {}), output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"jst_awx_language": "fr"}, "value of jst_awx_language must be one of: en, zh"),
        ({"jst_awx_with": "ansible.controller"}, "value of jst_awx_with must be one of: awx.awx, infra.aap_config"),
        ({"jst_awx_with": "infra.aap_configuration"}, "Set jst_awx_vault, or the password"),
        ({"jst_awx_vault": "ja"}, "argument 'jst_awx_vault' is of type str and we were unable to convert to bool"),
        ({"jst_awx_vault": 2}, "argument 'jst_awx_vault' is of type int and we were unable to convert to bool"),
        ({"jst_awx_update_secrets": "nonsense"}, "argument 'jst_awx_update_secrets' is of type str"),
        ({"jst_awx_slices": "abc"}, "'abc' is not a whole number"),
        ({"jst_awx_slices": 2.5}, "2.5 is not a whole number"),
        ({"jst_awx_slices": "0"}, "jst_awx_slices has to be at least 1."),
        ({"jst_awx_slices": -1}, "jst_awx_slices has to be at least 1."),
        ({"jst_awx_time_zone": "Mars/X;FREQ=YEARLY"}, "AWX knows no time zone Mars/X;FREQ=YEARLY"),
        ({"jst_awx_organization": "Nowhere"}, "AWX has no organization with the name Nowhere"),
        ({"jst_awx_organization": ["Default"]}, "argument 'jst_awx_organization' is of type list"),
        ({"jst_awx_image": " "}, "jst_awx_image is blank, and needs a value."),
        ({"controller_notifications": {"name": "a"}}, "controller_notifications has to be a list of mappings"),
        (
            {"controller_notifications": [{"name": "a"}]},
            "Each entry of controller_notifications needs name",
        ),
        ({"jst_awx_langauge": "zh"}, "The role has no variable jst_awx_langauge."),
        (
            {"jst_awx_take_over": ["project jst"]},
            "jst_awx_take_over contains project jst. The playbook has: ",
        ),
    ],
)
def test_what_is_not_known_is_refused(settings: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Before anything is done: values that would become others, and roles that would take a credential away."""
    controller = Controller(tmp_path)
    before = controller.read()
    output, counts = controller.run({**SETTINGS, **settings})
    assert said in " ".join(output.split()), output
    assert counts["failed"] == 1, output
    assert controller.read() == before


@pytest.mark.parametrize(
    ("address", "is_secret"),
    [
        ("https://user:{canary}@git.example.com/x.git", True),
        ("HTTPS://{canary}@git.example.com/x.git", True),
        ("https://git.example.com/x.git?private_token={canary}", True),
        ("ssh://git:{canary}@git.example.com:22/x.git", True),
        ("user:{canary}@git.example.com/x.git", True),
        ("ssh://git@git.example.com:22/x.git", False),
        ("git@git.example.com:shop/x.git", False),
    ],
)
def test_an_address_with_a_password_is_refused(address: str, is_secret: bool, tmp_path: Path) -> None:
    """AWX would show it, and so would a run that shows results."""
    controller = Controller(tmp_path)
    canaries = Canaries()
    url = address.format(canary=canaries.text("token"))
    output, counts = controller.run({**SETTINGS, "jst_awx_project_url": url}, "--check", "-vvv", "--diff")
    refused = "jst_awx_project_url contains a user name, a password or a query" in " ".join(output.split())
    assert (counts["failed"], refused) == (is_secret, is_secret), output
    assert canaries.found(output) == []
