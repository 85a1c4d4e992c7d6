# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks name what exists: members of events, playbooks with their variables, job templates, options of sources.

``make eda`` runs them. These tests need no Java.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ansiblelint
import jsonschema
import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import ENV_VARS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import parse_options
from tests.conformance.awx import PROJECT, configuration
from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT

EDA = ROOT / "extensions" / "eda"
DECISION_ENVIRONMENT = ROOT / "examples" / "awx" / "decision-environment"
CREDENTIAL_TYPE = yaml.safe_load((DECISION_ENVIRONMENT / "credential_type.yml").read_text())
GUIDE = ROOT / "docs" / "guides" / "events.md"
FILES = sorted([*(EDA / "rulebooks").glob("*.yml"), *(PROJECT / "extensions" / "eda" / "rulebooks").glob("*.yml")])
TEMPLATES = {template["name"]: template for template in configuration()["controller_templates"]}
LINT = Path(ansiblelint.__file__).parent
RULEBOOK_SCHEMA = json.loads((LINT / "schemas" / "rulebook.json").read_text())
PREFIX = f"{NAMESPACE}.{NAME}."
# Parts of the rulebook that hold no templates of events.
REFERENCE = re.compile(r"\bevent\.([a-z_]+(?:\.[a-z_]+)*)")
VARIABLE = re.compile(r"(?<![\w.'\"\[])(jst_\w+)")
# Members that ansible-rulebook adds, and those of the source daily.
META = {"meta": {"hosts": None, "uuid": None}}
DAILY = {"daily": {"name": None, "date": None, "due_at": None}}
# What role drift sets with set_stats.
DRIFT = {
    "jst_drift": dict.fromkeys(
        ("drifted", "apps", "as_described", "differ", "with_unmanaged", "not_known", "not_read", "differences")
    )
}

Members = dict[str, Any]


def rulesets(file: Path) -> list[dict[str, Any]]:
    """Return the rulesets of a rulebook."""
    loaded: list[dict[str, Any]] = yaml.safe_load(file.read_text())
    return loaded


def all_rulesets() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each ruleset with the name of its file."""
    for file in FILES:
        for ruleset in rulesets(file):
            yield f"{file.stem}: {ruleset['name']}", ruleset


RULESETS = dict(all_rulesets())


def actions(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the actions of a rule."""
    return rule["actions"] if "actions" in rule else [rule["action"]]


def texts(value: Any) -> Iterator[str]:
    """Yield each text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def schema_members(schema: dict[str, Any]) -> Members | None:
    """Return the members that a schema has, ``None`` where it has none."""
    if "properties" not in schema:
        return None
    return {name: schema_members(part) for name, part in schema["properties"].items()}


def event_schema(kind: str) -> Members:
    """Return the members of the events of a kind."""
    members = schema_members(json.loads((EDA / "schemas" / f"{kind}.json").read_text()))
    assert members is not None
    return members


def condition_of(rule: dict[str, Any]) -> str:
    """Return the condition of a rule, all of its parts in one text."""
    return " and ".join(texts(rule["condition"]))


def kinds(condition: str) -> list[str]:
    """Return the kinds of events of the source that a condition asks for."""
    return re.findall(r'event\.jst\.kind == "(\w+)"', condition)


def has_member(members: Members | None, path: str) -> bool:
    """Return whether a path of names leads to a member."""
    for name in path.split("."):
        if members is None or name not in members:
            return False
        members = members[name]
    return True


def posted(ruleset: dict[str, Any]) -> Members:
    """Return the members of the events that the rules post themselves.

    A member that is a whole event of the source, or of a rule before, has its members. Events of one name have the
    members that any of them has.
    """
    found: Members = {}
    for rule in ruleset["rules"]:
        for action in actions(rule):
            event = action.get("post_event", {}).get("event", {})
            for name, value in event.items():
                whole = re.fullmatch(r"{{ event\.(\w+) }}", value) if isinstance(value, str) else None
                if value == "{{ event.jst }}":
                    [kind] = kinds(condition_of(rule))
                    found[name] = event_schema(kind)["jst"]
                elif isinstance(value, dict) and name != "meta":
                    found[name] = {**(found.get(name) or {}), **dict.fromkeys(value)}
                elif name != "meta":
                    found[name] = found[whole[1]] if whole else None
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_schema_of_rulebooks(file: Path) -> None:
    jsonschema.validate(rulesets(file), RULEBOOK_SCHEMA)


@pytest.mark.parametrize("name", RULESETS)
def test_members_of_events(name: str) -> None:
    """Each condition, throttle and action names members that the events of its condition have."""
    ruleset = RULESETS[name]
    other = {**posted(ruleset), **META, **DAILY, **DRIFT}
    for rule in ruleset["rules"]:
        condition = condition_of(rule)
        paths = [path for text in texts(rule) for path in REFERENCE.findall(text)]
        assert paths
        for path in paths:
            if path == "jst" or path.startswith("jst."):
                assert kinds(condition), f"{rule['name']}: the condition asks for no kind"
                schemas = [event_schema(kind) for kind in kinds(condition)]
                assert all(has_member(schema, path) for schema in schemas), f"{rule['name']}: {path}"
            else:
                assert has_member(other, path), f"{rule['name']}: {path}"


@pytest.mark.parametrize("name", RULESETS)
def test_values_of_conditions(name: str) -> None:
    """A kind and a type that a condition asks for are those of a schema."""
    for rule in RULESETS[name]["rules"]:
        for kind in kinds(condition_of(rule)):
            types = json.loads((EDA / "schemas" / f"{kind}.json").read_text())["properties"]["jst"]["properties"][
                "type"
            ]
            known = {one["const"] for one in types["oneOf"]}
            assert set(re.findall(r'event\.jst\.type == "(\w+)"', condition_of(rule))) <= known


@pytest.mark.parametrize("name", RULESETS)
def test_what_writes_is_throttled(name: str) -> None:
    """A rule that starts a playbook or a job has a throttle, so that a storm of events starts it once."""
    for rule in RULESETS[name]["rules"]:
        if any(action.keys() & {"run_playbook", "run_job_template"} for action in actions(rule)):
            assert rule.get("throttle", {}).get("group_by_attributes"), rule["name"]


@pytest.mark.parametrize("name", RULESETS)
def test_texts_of_events_are_no_templates(name: str) -> None:
    """Ansible templates extra variables, and anybody who can name a deploy order writes texts of events.

    So variables are ids and times, names that the condition has checked, and texts without braces.
    """
    safe = re.compile(r"(_id|scheduled_time|restart_count|instance\.instance)$")
    for rule in RULESETS[name]["rules"]:
        for action in actions(rule):
            for kind in ("run_playbook", "run_job_template"):
                given = action.get(kind, {})
                for text in texts(given.get("extra_vars", given.get("job_args", {}).get("extra_vars", {}))):
                    for path in REFERENCE.findall(text):
                        checked = f'event.{path} is not regex("[{{}}]")' in condition_of(rule)
                        bare = "replace('{', '(') | replace('}', ')')" in text
                        assert safe.search(path) or checked or bare or path.startswith("jst_drift."), (
                            f"{rule['name']}: {path}"
                        )


OWN = {name: ruleset for name, ruleset in RULESETS.items() if not name.startswith("operate")}


@pytest.mark.parametrize("name", OWN)
def test_what_a_throttle_suppresses_is_reported(name: str) -> None:
    """Each event that may start an action is reported, and an event tells the report when the action starts.

    The event for the report comes after the one for the action, and a playbook runs before the outcome counts.
    """
    rules = {rule["name"]: rule for rule in OWN[name]["rules"]}
    acting = [rule for rule in rules.values() if has_host_of_event(rule)]
    for rule in acting:
        [used] = {path.partition(".")[0] for path in REFERENCE.findall(condition_of(rule))}
        [finding] = [other for other in rules.values() if used in posted_names(other)]
        names = [next(iter(one["post_event"]["event"])) for one in actions(finding)]
        assert names == [used, f"{used}_to_report"]
        assert "throttle" not in finding or "accumulate_within" in finding["throttle"]
        [started] = actions(rule)[0]["post_event"]["event"]
        [reporting] = [other for other in rules.values() if f"{used}_to_report" in condition_of(other)]
        assert [next(iter(one)) for one in actions(reporting)] == ["run_playbook", "post_event"]
        reported = next(iter(actions(reporting)[1]["post_event"]["event"]))
        order = [other["name"] for other in rules.values() if f"event.{reported} is defined" in condition_of(other)]
        assert len(order) == 2
        # The first rule that matches takes the event.
        assert f"event.{started}." in condition_of(rules[order[0]])
        assert "notice" in posted_names(rules[order[1]])
    assert bool(acting) == (OWN[name]["name"] != "Nightly drift")


@pytest.mark.parametrize("name", OWN)
def test_what_is_announced_depends_on_the_host(name: str) -> None:
    """A rule whose playbook runs on the host of the event announces that with the host, and a text for its absence."""
    for rule in OWN[name]["rules"]:
        notices = [one["post_event"]["event"].get("notice") for one in actions(rule) if "post_event" in one]
        for notice in filter(None, notices):
            assert ("host" in notice) == ("text_without_host" in notice) == has_host_of_event(rule)
            assert notice.get("host", "{{ event.meta.hosts[0] }}") == "{{ event.meta.hosts[0] }}"
            # Otherwise the report about one object suppresses that about another.
            assert notice["of"]


def has_host_of_event(rule: dict[str, Any]) -> bool:
    """Return whether a rule runs a playbook on the host of its event."""
    own = [one["run_playbook"]["name"] for one in actions(rule) if "run_playbook" in one]
    return bool(set(own) - {f"{PREFIX}notify", f"{PREFIX}drift"})


def posted_names(rule: dict[str, Any]) -> set[str]:
    """Return the names of the events that a rule posts."""
    return {name for one in actions(rule) if "post_event" in one for name in one["post_event"]["event"]}


@pytest.mark.parametrize("name", RULESETS)
def test_playbooks(name: str) -> None:
    """Each playbook exists, and reads the variables that it is given."""
    for rule in RULESETS[name]["rules"]:
        for action in actions(rule):
            given = action.get("run_playbook")
            if given is None:
                continue
            file = ROOT / "playbooks" / f"{given['name'].removeprefix(PREFIX)}.yml"
            text = file.read_text()
            roles = set(re.findall(rf"{re.escape(PREFIX)}(\w+)", text))
            specs = [ROOT / "roles" / role / "meta" / "argument_specs.yml" for role in roles]
            text += "".join(spec.read_text() for spec in specs if spec.exists())
            assert [variable for variable in given.get("extra_vars", {}) if variable not in text] == []


@pytest.mark.parametrize("name", RULESETS)
def test_job_templates(name: str) -> None:
    """Each job template exists, takes a limit, and gets variables that it asks for, among them the required ones."""
    for rule in RULESETS[name]["rules"]:
        for action in actions(rule):
            given = action.get("run_job_template")
            if given is None:
                continue
            template = TEMPLATES[given["name"]]
            asked = {question["variable"]: question["required"] for question in template["survey_spec"]["spec"]}
            arguments = given.get("job_args", {})
            answers = arguments.get("extra_vars", {}).keys()
            assert {variable for variable, required in asked.items() if required} <= answers <= asked.keys()
            assert template["ask_limit_on_launch"] is True
            assert "limit" in arguments or "meta.hosts" not in condition_of(rule)


@pytest.mark.parametrize("name", RULESETS)
def test_options_of_sources(name: str) -> None:
    """Each source takes its options, with the variables at their defaults."""
    for source in RULESETS[name]["sources"]:
        for plugin in ("jst", "daily"):
            if f"{PREFIX}{plugin}" not in source:
                continue
            given = {
                option: re.sub(r"{{ \w+ \| default\('?([^')]+)'?\) }}", r"\1", value)
                if isinstance(value, str)
                else value
                for option, value in source[f"{PREFIX}{plugin}"].items()
            }
            assert "{{" not in json.dumps(given)
            if plugin == "jst":
                parse_options(given)


def test_state_files_are_different() -> None:
    """Each source of a rulebook has a state file of its own."""
    files = [
        options["state_file"]
        for file in (EDA / "rulebooks").glob("*.yml")
        for ruleset in rulesets(file)
        for source in ruleset["sources"]
        for options in source.values()
        if isinstance(options, dict)
    ]
    assert len(files) == len(set(files))


def test_the_guide_names_everything() -> None:
    """Every rulebook, rule and variable."""
    guide = GUIDE.read_text()
    names = {file.stem for file in (EDA / "rulebooks").glob("*.yml")}
    names |= {variable for name in RULESETS for text in texts(RULESETS[name]) for variable in VARIABLE.findall(text)}
    assert {name for name in names - {"jst_drift"} if f"`{name}`" not in guide} == set()
    rules = {rule["name"] for ruleset in RULESETS.values() for rule in ruleset["rules"]}
    assert {rule for rule in rules if rule not in guide} == set()


@pytest.mark.parametrize("guide", [GUIDE, ROOT / "docs" / "zh" / "guides" / "events.md"], ids=["English", "Chinese"])
def test_the_guide_keeps_the_database_in_a_private_directory(guide: Path) -> None:
    """The engine creates the file with mode 0644, and it holds bodies of events."""
    text = guide.read_text()
    [folder] = re.findall(r"^ *mkdir -p -m 700 (\S+)$", text, re.MULTILINE)
    [variables] = re.findall(r"# variables.yml\n(.*?)```", text, re.DOTALL)
    settings = yaml.safe_load(variables)
    assert settings["drools_db_file_path"].partition(";")[0] == f"./{folder}/engine"
    assert settings["jst_state_dir"] == f"./{folder}"
    assert f"`{folder}/engine.*`" in text


def test_the_decision_environment_is_resolved(tmp_path: Path) -> None:
    """The definition makes a build context, with ansible-rulebook of the version that is tested, and Java."""
    shutil.copy(DECISION_ENVIRONMENT / "decision-environment.yml", tmp_path)
    definition = yaml.safe_load((tmp_path / "decision-environment.yml").read_text())
    (archive,) = [entry["src"] for entry in definition["additional_build_files"]]
    (tmp_path / archive).write_text("")
    command = ["ansible-builder", "create", "--file", "decision-environment.yml", "--verbosity", "1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    context = tmp_path / "context" / "_build"
    [collection] = yaml.safe_load((context / "requirements.yml").read_text())["collections"]
    assert (context / collection["name"]).is_file()
    tested = re.search(r"^ansible-rulebook == .*$", (ROOT / "requirements-eda.txt").read_text(), re.MULTILINE)
    assert tested and tested[0] in (context / "requirements.txt").read_text()
    assert "java-17-openjdk-headless" in (context / "bindep.txt").read_text()


def injected(inputs: dict[str, str], file: str) -> dict[str, str]:
    """Return the environment variables of the credential, as EDA controller and then ansible-rulebook render them.

    EDA controller makes a file of a template that is not empty, and leaves what names a file to ansible-rulebook.
    """
    env = NativeEnvironment(undefined=StrictUndefined)
    [template] = CREDENTIAL_TYPE["injectors"]["file"].values()
    files = {"eda": {"filename": {"profiles": file}}} if env.from_string(template).render(inputs) else {}
    return {
        name: str(env.from_string(value).render(files if "eda.filename" in value else inputs))
        for name, value in CREDENTIAL_TYPE["injectors"]["env"].items()
    }


def test_what_the_credential_injects_is_read() -> None:
    """Every input arrives in the first variable that is looked at for it. An omitted input is an empty variable."""
    fields = CREDENTIAL_TYPE["inputs"]["fields"]
    inputs = {field["id"]: field["id"] for field in fields}
    variables = injected(inputs, "/tmp/profiles")
    assert variables.pop(ENV_VARS["config_file"][0]) == "/tmp/profiles"
    assert variables == {ENV_VARS[name][0]: name for name in inputs if name != "profiles"}
    assert set(injected({}, "").values()) == {""}
    secrets = {field["id"] for field in fields if field.get("secret")}
    assert secrets == {"access_key_secret", "security_token", "profiles"}
