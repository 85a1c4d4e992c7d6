# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of AWX is one that AWX takes, and names what there is in the collection."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from jinja2 import StrictUndefined, sandbox

from ansible_collections.jst.retailcloud.plugins.module_utils._api.credential_providers import Credentials
from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import ENV_VARS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.awx_ownership import TYPES
from tests.conformance.awx import (
    PROJECT,
    TEXT,
    TEXTS,
    Launcher,
    Loader,
    configuration,
    injected,
    survey_problems,
    variables_of,
    written,
)
from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT

DATA = configuration()
TEMPLATES = {template["name"]: template for template in DATA["controller_templates"]}
[WORKFLOW] = DATA["controller_workflows"]
[CREDENTIAL_TYPE] = DATA["controller_credential_types"]
SCHEMA = json.loads((ROOT / "tests" / "data" / "awx_credential_type.json").read_text())
GUIDE = ROOT / "docs" / "guides" / "awx.md"
DESCRIPTIONS = json.loads((ROOT / "tests" / "data" / "awx_descriptions.json").read_text())
NOTIFICATIONS = ROOT / "examples" / "awx" / "notifications.yml"
DEFINITION = ROOT / "examples" / "awx" / "execution-environment" / "execution-environment.yml"
ROLE = re.compile(rf"{NAMESPACE}\.{NAME}\.(\w+)")

# Playbooks that no job template runs.
WITHOUT_TEMPLATE = {
    "adopt": "writes files that have to stay",
    "awx": "sets AWX up, from outside",
    "notify": "job templates have notifications",
}


def playbook(template: Mapping[str, Any]) -> str:
    """The text of the playbook of the collection that a job template runs by way of the project."""
    [play] = yaml.safe_load((PROJECT / template["playbook"]).read_text())
    name = play["ansible.builtin.import_playbook"].removeprefix(f"{NAMESPACE}.{NAME}.")
    return (ROOT / "playbooks" / f"{name}.yml").read_text()


def options(template: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that its playbook and the roles in it take, by their argument specifications."""
    roles = {role for role in ROLE.findall(playbook(template)) if (ROOT / "roles" / role).is_dir()}
    files = [ROOT / "roles" / role / "meta" / "argument_specs.yml" for role in sorted(roles)]
    specs = [yaml.safe_load(file.read_text())["argument_specs"]["main"]["options"] for file in files]
    variables = [item for play in yaml.safe_load(playbook(template)) for item in play.get("vars", {}).items()]
    own = [value for name, value in variables if re.fullmatch(r"__[a-z]+_options", name)]
    return {name: option for spec in [*specs, *own] for name, option in spec.items()}


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """The job template and every question of its survey."""
    for name, template in TEMPLATES.items():
        for question in template["survey_spec"]["spec"]:
            yield name, question


def test_the_credential_type_is_one_that_awx_takes(tmp_path: Path) -> None:
    for part in ("inputs", "injectors"):
        jsonschema.validate(CREDENTIAL_TYPE[part], SCHEMA[part])
    fields = CREDENTIAL_TYPE["inputs"]["fields"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert {field["id"] for field in fields if field.get("secret")} == {
        "access_key_secret",
        "security_token",
        "profiles",
    }
    assert not [field for field in fields if field.get("secret") and "default" in field]


def test_what_is_injected_is_read(tmp_path: Path) -> None:
    """Every input arrives in the first variable that is looked at for it, since another could be set in the image."""
    inputs = {field["id"]: field["id"] for field in CREDENTIAL_TYPE["inputs"]["fields"]}
    variables = injected(CREDENTIAL_TYPE, inputs, tmp_path)
    file = variables.pop(ENV_VARS["config_file"][0])
    assert Path(file).read_text() == inputs.pop("profiles")
    assert variables == {ENV_VARS[name][0]: name for name in inputs}
    assert set(injected(CREDENTIAL_TYPE, {}, tmp_path).values()) == {""}


def test_what_is_injected_is_understood(tmp_path: Path) -> None:
    """A key, and in its place a profile."""
    key = {
        "access_key_id": "id",
        "access_key_secret": "secret",
        "region": "cn-zhangjiakou",
        "endpoint": "http://[::1]:1",
    }
    settings = resolve_settings({}, injected(CREDENTIAL_TYPE, {**key, "security_token": "token"}, tmp_path))
    assert (settings.region, settings.endpoint) == (key["region"], key["endpoint"])
    assert settings.credential_provider.get_credentials() == Credentials("id", "secret", "token")
    profile = {"name": "shop", "mode": "AK", "access_key_id": "id2", "access_key_secret": "secret2"}
    other = {**profile, "name": "other", "access_key_id": "id3"}
    file = json.dumps({"current": "other", "profiles": [profile, other]})
    settings = resolve_settings({}, injected(CREDENTIAL_TYPE, {"profiles": file, "profile": "shop"}, tmp_path))
    assert settings.credential_provider.get_credentials() == Credentials("id2", "secret2", None)
    settings = resolve_settings({}, injected(CREDENTIAL_TYPE, {"profiles": file}, tmp_path))
    assert settings.credential_provider.get_credentials() == Credentials("id3", "secret2", None)


@pytest.mark.parametrize("survey", [*TEMPLATES.values(), WORKFLOW], ids=lambda one: str(one["name"]))
def test_surveys_are_such_that_awx_takes(survey: dict[str, Any]) -> None:
    assert survey["survey_enabled"]
    assert survey_problems(survey["survey_spec"]) == []
    assert not [one for one in survey["survey_spec"]["spec"] if one["type"] == "password"]


def test_surveys_speak_two_languages() -> None:
    """Every text is used, and says the same in English and Chinese, with the same codes."""
    texts = yaml.safe_load(TEXTS.read_text())["__jst_awx_texts"]
    used = [name for file in TEXTS.parent.glob("*.yml") for name in TEXT.findall(file.read_text())]
    assert texts.keys() == set(used)
    for name, text in texts.items():
        assert text.keys() == {"en", "zh"}, name
        assert re.search(r"[\u4e00-\u9fff]", text["zh"]), name
        assert not re.search(r"[\u4e00-\u9fff]", text["en"]), name
        assert re.findall(r"\d[\w:-]+", text["en"]) == re.findall(r"\d[\w:-]+", text["zh"], re.ASCII), name
    surveys = [*DATA["controller_templates"], *DATA["controller_workflows"]]
    asked = [question for one in surveys for question in one["survey_spec"]["spec"]]
    assert {one["question_name"] for one in asked} <= {text["en"] for text in texts.values()}


@pytest.mark.parametrize(
    ("name", "question"), list(questions()), ids=lambda one: one if isinstance(one, str) else one["variable"]
)
def test_what_is_asked_is_taken(name: str, question: dict[str, Any]) -> None:
    """A variable of a role, with answers that it takes, or one of the playbook."""
    known = options(TEMPLATES[name])
    variable = question["variable"]
    if variable not in known:
        assert re.search(rf"{{{{ {variable}\b", playbook(TEMPLATES[name])), f"nobody reads {variable}"
        return
    option = known[variable]
    choices = {"true", "false"} if option.get("type") == "bool" else set(option.get("choices", []))
    assert set(question.get("choices", "").split()) == choices
    numbers = {"integer": "int", "float": "float"}
    assert numbers.get(question["type"]) == (option["type"] if option.get("type") in numbers.values() else None)


def test_the_messages_of_the_notification_are_json() -> None:
    """AWX sends an empty body in place of one that is not. It renders them with facts of the job."""
    [notification] = yaml.load(NOTIFICATIONS.read_text(), Loader)["controller_notifications"]
    messages = notification["messages"]
    # AWX adds events that are missing, and fields of the configuration with defaults.
    assert messages.keys() == {"started", "success", "error", "workflow_approval"}
    assert notification["notification_configuration"].keys() == {
        *("url", "http_method", "headers", "username", "password", "disable_ssl_verification"),
    }
    facts = {
        "job": {"name": "JST: drift", "status": "failed"},
        "url": "u",
        "approval_node_name": "a",
        "workflow_url": "w",
    }
    environment = sandbox.ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    for event in (messages["error"], messages["workflow_approval"]["running"]):
        body = json.loads(environment.from_string(event["body"]).render(facts))
        assert body["msgtype"] == "text"
        # The keyword of the robot.
        assert "JST" in body["text"]["content"]


def test_what_templates_set_is_taken() -> None:
    for template in TEMPLATES.values():
        assert template.get("extra_vars", {}).keys() <= options(template).keys()


def test_nodes_of_the_workflow_get_what_they_ask_for() -> None:
    """What a node is given it asks for, and what the workflow asks for somebody gets."""
    asked = {name: {one["variable"] for one in template["survey_spec"]["spec"]} for name, template in TEMPLATES.items()}
    jobs = [node for node in WORKFLOW["workflow_nodes"] if node["unified_job_template"]["type"] == "job_template"]
    for node in jobs:
        name = node["unified_job_template"]["name"]
        assert node.get("extra_data", {}).keys() <= asked[name]
        assert "limit" not in node or TEMPLATES[name]["ask_limit_on_launch"]
    for question in WORKFLOW["survey_spec"]["spec"]:
        assert any(question["variable"] in asked[node["unified_job_template"]["name"]] for node in jobs)
    assert [node["unified_job_template"]["type"] for node in WORKFLOW["workflow_nodes"]].count("workflow_approval") == 1


def test_schedules_give_what_is_asked_for() -> None:
    for schedule in DATA["controller_schedules"]:
        survey = TEMPLATES[schedule["unified_job_template"]]["survey_spec"]["spec"]
        choices = {question["variable"]: question.get("choices", "").split() for question in survey}
        assert all(answer in choices[variable] for variable, answer in schedule["extra_data"].items())
        # Nobody is asked when a schedule launches.
        assert variables_of(TEMPLATES[schedule["unified_job_template"]], schedule["extra_data"], "api")
        assert re.fullmatch(r"DTSTART;TZID=[^:]+:\d{8}T\d{6} RRULE:FREQ=DAILY;INTERVAL=1", schedule["rrule"])


def test_every_playbook_has_a_template() -> None:
    run = {template["playbook"] for template in TEMPLATES.values()}
    assert run == {file.name for file in PROJECT.glob("*.yml")}
    names = {file.stem for file in (ROOT / "playbooks").glob("*.yml")}
    assert {Path(file).stem for file in run} | WITHOUT_TEMPLATE.keys() == names
    for template in TEMPLATES.values():
        assert playbook(template) == (ROOT / "playbooks" / template["playbook"]).read_text()


def test_a_teardown_is_a_check_unless_told_otherwise() -> None:
    assert {name for name, template in TEMPLATES.items() if template["job_type"] == "check"} == {"JST: tear down"}
    [confirm] = [question for name, question in questions() if question["variable"] == "teardown_confirm"]
    assert (confirm["required"], confirm["default"]) == (True, "")


def test_jobs_that_need_the_whole_inventory_are_not_sliced() -> None:
    """Waves are counted within a job, and drift looks for what no host describes."""
    sliced = {name for name, template in TEMPLATES.items() if template["job_slice_count"] != 1}
    assert sliced == {"JST: bring a fleet up"}
    # A limit leaves slices without hosts.
    assert not [name for name in sliced if TEMPLATES[name]["ask_limit_on_launch"] is True]


@pytest.mark.parametrize("launcher", ["dialog", "node"])
def test_defaults_stand_for_required_answers(launcher: Launcher) -> None:
    """In the dialog, which starts with them, and in workflows. Who launches otherwise gives every required answer."""
    release = TEMPLATES["JST: release"]
    answers = {"release_environment": "production", "release_description": "", "jst_serial": "100%"}
    assert variables_of(release, {}, launcher) == answers
    with pytest.raises(AssertionError, match=r"variables_needed_to_start: \['release_environment', 'jst_serial'\]"):
        variables_of(release, {}, "api")
    assert variables_of(release, {"release_environment": "staging", "jst_serial": "1"}, "api") == {
        **answers,
        "release_environment": "staging",
        "jst_serial": "1",
    }


def test_a_choice_of_nothing_is_not_sent() -> None:
    """An empty text is, since the default of the question is one."""
    teardown = TEMPLATES["JST: tear down"]
    answers = {"teardown_confirm": "shop", "teardown_unmanaged": "false"}
    assert variables_of(teardown, {**answers, "teardown_keep": []}) == answers
    assert variables_of(teardown, {**answers, "teardown_keep": []}, "api") == {**answers, "teardown_keep": []}
    with pytest.raises(AssertionError, match="teardown_confirm"):
        variables_of(teardown, {})


def test_what_only_reads_has_no_check() -> None:
    """A job of these writes nothing in either job type, and asks for no file, which AWX would delete with the job."""
    for name in ("JST: drift", "JST: doctor"):
        assert (TEMPLATES[name]["job_type"], TEMPLATES[name]["ask_job_type_on_launch"]) == ("run", False)
        paths = {variable for variable, option in options(TEMPLATES[name]).items() if option.get("type") == "path"}
        assert not paths & {question["variable"] for owner, question in questions() if owner == name}


def test_sources_are_in_the_project() -> None:
    paths = [source["source_path"] for source in DATA["controller_inventory_sources"]]
    assert paths
    assert all((PROJECT / path).is_file() for path in paths)


def test_every_description_that_was_written_is_known() -> None:
    """A run recognizes its objects by them. The file has all that any version wrote; add a new one there."""
    written: dict[str, set[str]] = {}
    for variable, kind in TYPES.items():
        for one in DATA[variable]:
            written.setdefault(f"{kind.label} {one['name']}", set()).add(one["description"])
    earlier = set(DATA["__jst_awx_earlier_descriptions"])
    assert {label for label, texts in written.items() if not texts <= {*DESCRIPTIONS.get(label, ())}} == set()
    known = {label: written.get(label, set()) | earlier for label in DESCRIPTIONS}
    assert {label for label, texts in DESCRIPTIONS.items() if not {*texts} <= known[label]} == set()
    assert len(TYPES) == len(DATA["__jst_awx_lists"])
    assert TYPES.keys() == {one["variable"] for one in DATA["__jst_awx_lists"]}


def test_the_guide_names_everything() -> None:
    """Every object by its name, and every setting."""
    guide = GUIDE.read_text()
    names = {one["name"] for kind in DATA if kind.startswith("controller_") for one in DATA[kind]}
    names |= set(re.findall(r"\bjst_awx_\w+", "".join(map(str, DATA.values()))))
    assert {name for name in names if f"`{name}`" not in guide} == set()


def test_the_guide_says_what_templates_prompt_for() -> None:
    """The row of each job template in the table of the setup by hand: playbook, forks and fields."""
    words = {
        "ask_limit_on_launch": "limit",
        "ask_job_type_on_launch": "job type",
        "ask_diff_mode_on_launch": "show changes",
    }
    for name, template in TEMPLATES.items():
        [row] = re.findall(rf"(?m)^ +\| `{name}` \| `(\w+\.yml)`[^|]*\| (\d+) \| ([^|]+) \|", GUIDE.read_text())
        asked = [word for option, word in words.items() if template[option] is True]
        assert row == (template["playbook"], str(template["forks"]), ", ".join(asked))


def test_the_launch_in_the_guide_gives_what_is_required() -> None:
    [block] = re.findall(r"(?s)```yaml\n(- name: [^`]+job_launch[^`]+)```", GUIDE.read_text())
    [task] = yaml.safe_load(block)
    launch = task["awx.awx.job_launch"]
    template = TEMPLATES[launch["name"]]
    assert variables_of(template, launch["extra_vars"], "api")
    assert template["ask_limit_on_launch"] is True


def test_the_execution_environment_has_what_the_collection_needs(tmp_path: Path) -> None:
    """The definition makes a build context, and what the collection asks for is found in it."""
    shutil.copy(DEFINITION, tmp_path)
    (archive,) = [entry["src"] for entry in yaml.safe_load(DEFINITION.read_text())["additional_build_files"]]
    (tmp_path / archive).write_text("")
    command = ["ansible-builder", "create", "--verbosity", "1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    context = tmp_path / "context" / "_build"
    [collection] = yaml.safe_load((context / "requirements.yml").read_text())["collections"]
    assert (context / collection["name"]).is_file()
    collections = ROOT / ".venv" / "collections"
    command = ["ansible-builder", "introspect", str(collections)]
    told = yaml.safe_load(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    [wanted] = [
        line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#") and line
    ]
    assert [entry.partition("  #")[0] for entry in told["python"]] == [wanted]


def test_templates_in_answers_stay_texts() -> None:
    """The form in which the other tests hand variables to Ansible, which is that of AWX."""
    text = written({"a": "{{ x }}", "b": ["{{ x }}"], "c": "{{ x }}"}, {"c": "{{ x }}"})
    assert text == "!unsafe 'a': !unsafe '{{ x }}'\n!unsafe 'b':\n- !unsafe '{{ x }}'\nc: '{{ x }}'\n"
