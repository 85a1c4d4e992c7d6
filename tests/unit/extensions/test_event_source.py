# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that ansible-rulebook loads, its documentation, and the schemas of the events."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstance
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import DeployOrder
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.event import EVENT_TYPES, Event
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.job import Job
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import (
    OPTION_NAMES,
    TYPES,
    WATCHES,
    Options,
    parse_options,
)
from tests.tools.module_texts import text
from tests.tools.run_in_collection import ROOT

FOLDER = ROOT / "extensions" / "eda" / "plugins" / "event_source"
SOURCE = FOLDER / "jst.py"
DOCUMENTED = yaml.safe_load((FOLDER / "jst.yaml").read_text())
OPTIONS = DOCUMENTED["DOCUMENTATION"]["options"]
SCHEMAS = {file.stem: json.loads(file.read_text()) for file in (ROOT / "extensions" / "eda" / "schemas").glob("*.json")}
KINDS = {"deploy_orders": "deploy_order", "events": "event", "jobs": "job", "instances": "instance"}
RESOURCES = {"deploy_order": DeployOrder, "event": Event, "job": Job, "instance": AppInstance}

# What a source knows besides what the list of the service shows.
ADDED = {
    "deploy_order": set(),
    "event": {"type"},
    "job": {"schedule", "scheduled_time"},
    "instance": {"new_restarts"},
}


def jst(kind: str) -> dict[str, Any]:
    """Return the members of events of a kind."""
    members: dict[str, Any] = SCHEMAS[kind]["properties"]["jst"]["properties"]
    return members


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every description of an object or member within a schema."""
    if isinstance(schema, dict):
        if "description" in schema or "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_a_schema_describes_what_is_sent(kind: str) -> None:
    schema = SCHEMAS[kind]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/extensions/eda/schemas/{kind}.json")
    assert jst(kind)["kind"]["const"] == kind
    watch = next(watch for watch, name in KINDS.items() if name == kind)
    assert tuple(entry["const"] for entry in jst(kind)["type"]["oneOf"]) == TYPES[watch]
    shown = {item.name for item in RESOURCES[kind].fields}
    assert set(jst(kind)[kind]["properties"]) == shown | ADDED[kind]
    for entry in objects(schema):
        # A member may have the name "description".
        assert isinstance(entry["description"], dict) or entry["description"].endswith("."), entry
        if "properties" in entry:
            # meta belongs to ansible-rulebook, which adds members.
            assert entry["additionalProperties"] is (entry is schema["properties"]["meta"])
            assert set(entry["required"]) <= set(entry["properties"])


def test_every_kind_of_events_has_a_schema() -> None:
    assert {*SCHEMAS} == {*KINDS.values()}
    assert set(KINDS) == set(WATCHES) == set(TYPES)


def test_the_types_of_monitor_events_are_those_of_the_module() -> None:
    assert set(jst("event")["event"]["properties"]["type"]["enum"]) == {*EVENT_TYPES, None}


def test_every_option_is_documented() -> None:
    assert set(OPTIONS) == {*OPTION_NAMES, *ACCESS_OPTIONS}


@pytest.mark.parametrize("name", sorted(set(OPTION_NAMES) - {"state_file", "types", "apps", "environments", "hosts"}))
def test_documented_defaults_are_those_of_the_code(name: str) -> None:
    default = getattr(Options(), name)
    documented = OPTIONS[name].get("default")
    assert documented == (list(default) if isinstance(default, tuple) and default else default or None) or (
        default in ((), False) and not documented
    )


def test_access_options_are_those_of_the_modules() -> None:
    fragment = yaml.safe_load(text(ROOT / "plugins" / "doc_fragments" / "access.py", "DOCUMENTATION"))["options"]
    assert {name: OPTIONS[name] for name in fragment} == fragment


@pytest.mark.parametrize("name", ["watch", "types", "levels", "event_types", "env_types"])
def test_documented_choices_are_those_of_the_code(name: str) -> None:
    choices = OPTIONS[name]["choices"]
    parse_options({name: choices})
    assert len(choices) == len(set(choices))
    with pytest.raises(Exception, match="has to be a list of"):
        parse_options({name: ["other"]})


def test_the_examples_are_valid() -> None:
    examples = DOCUMENTED["EXAMPLES"]
    assert len(examples) > 2
    for source in examples:
        [(_name, arguments)] = [(name, value) for name, value in source.items() if name != "name"]
        literal = {name: value for name, value in arguments.items() if "{{" not in str(value)}
        parse_options(literal)


# How the file finds the rest of the collection.


def loaded(folder: Path, path: str = "", code: str = "", arguments: str = "{'bogus': 1}") -> str:
    """Load the source of a folder as ansible-rulebook does, run it, and return what it says."""
    script = (
        f"import asyncio, runpy; {code}\n"
        f"main = runpy.run_path({str(folder / SOURCE.relative_to(ROOT))!r})['main']\n"
        f"try:\n    asyncio.run(main(None, {arguments}))\nexcept Exception as error:\n    print(error)\n"
        "from ansible_collections.jst.retailcloud.plugins.plugin_utils import events\nprint(events.__file__)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONPATH": path}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of collections with this one in it."""
    root = tmp_path_factory.mktemp("collections")
    target = root / "ansible_collections" / "jst" / "retailcloud"
    for part in ("plugins", "extensions"):
        shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_the_source_of_a_checkout_is_loaded_by_its_path() -> None:
    output = loaded(ROOT)
    assert "There is no option 'bogus'" in output
    assert str(ROOT / "plugins") in output


def test_the_source_of_an_installed_collection_uses_its_own_collection(installed: Path) -> None:
    folder = installed / "ansible_collections" / "jst" / "retailcloud"
    output = loaded(folder)
    assert "There is no option 'bogus'" in output
    assert str(folder / "plugins") in output


def test_another_copy_on_the_path_is_not_used(installed: Path) -> None:
    assert str(ROOT / "plugins") in loaded(ROOT, path=str(installed))


def test_a_package_of_collections_is_no_obstacle(tmp_path: Path) -> None:
    """The community package of Ansible makes ansible_collections a package with a file of its own."""
    other = tmp_path / "ansible_collections" / "jst" / "other"
    other.mkdir(parents=True)
    for folder in (other.parent.parent, other.parent):
        (folder / "__init__.py").write_text("")
    output = loaded(ROOT, path=str(tmp_path), code="import ansible_collections.jst.other")
    assert "There is no option 'bogus'" in output


def test_a_copy_of_the_file_uses_the_installed_collection(installed: Path, tmp_path: Path) -> None:
    copy = tmp_path / SOURCE.relative_to(ROOT)
    copy.parent.mkdir(parents=True)
    shutil.copy(SOURCE, copy)
    output = loaded(tmp_path, path=str(installed))
    assert "There is no option 'bogus'" in output
    assert str(installed) in output


def test_the_source_works_without_ansible() -> None:
    """ansible-rulebook may run in an environment of its own."""
    blocked = "import sys; sys.modules['ansible'] = None"
    assert "There is no option 'bogus'" in loaded(ROOT, code=blocked)


def test_feedback_without_a_queue_is_an_error() -> None:
    assert "--persistence-id" in loaded(ROOT, arguments="{'feedback': True}")


def test_a_missing_key_ends_the_source_with_a_message(tmp_path: Path) -> None:
    code = f"import os; os.environ.update(HOME={str(tmp_path)!r}, ALIBABA_CLOUD_ECS_METADATA_DISABLED='true')"
    output = loaded(ROOT, code=code, arguments="{'endpoint': 'http://127.0.0.1:9'}")
    assert "access_key_id" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("bogus=1", "There is no option 'bogus'"),
        ("watch", "Argument 'watch' has no '='.\nUsage: python jst.py OPTION="),
        ("", "No option is given, so there is nothing to print.\nUsage: python jst.py OPTION="),
    ],
)
def test_the_command_shows_errors_without_a_traceback(argument: str, message: str) -> None:
    done = command(*argument.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr


def command(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run the file itself, after some code."""
    script = f"import runpy, sys; {code}\nsys.argv = {[str(SOURCE), *arguments]}\n"
    script += f"runpy.run_path({str(SOURCE)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd="/")


@pytest.mark.parametrize("argument", ["--help", "-h"])
def test_the_help_lists_the_options_that_an_argument_can_give(argument: str) -> None:
    done = command(argument)
    assert (done.returncode, done.stderr) == (0, "")
    head, _title, options = done.stdout.partition("Options, which jst.yaml beside this file documents:\n")
    assert head.startswith("Usage: python jst.py OPTION=VALUE ...\n")
    # An option whose documented default is null has none here.
    listed = re.findall(r"^  (\w+)(?: \(default (.+)\))?$", options, re.MULTILINE)
    assert {name for name, _default in listed} == set(OPTIONS) - {"hosts", "feedback"}
    defaults = dict(listed)
    assert defaults["watch"] == "deploy_orders,events,jobs,instances"
    assert (defaults["interval"], defaults["start"], defaults["logs"], defaults["apps"]) == ("30", "now", "false", "")
    parse_options({name: default for name, default in listed if default})
    assert "Choices: acs3, 1.0." in options
    assert not re.search(r"\b[A-Z]\(", options)
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_the_help_needs_no_pyyaml() -> None:
    done = command("--help", code="sys.modules['yaml'] = None")
    assert done.stdout.startswith("Usage: python jst.py OPTION=VALUE ...\n")
    assert done.stdout.endswith("It is shown here when PyYAML is installed.\n")
