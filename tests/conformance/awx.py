# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX makes of a configuration: the rules by which it takes one, and the jobs that it runs from it.

The rules are those of AWX 24.6.1: ``awx/main/fields.py`` for credential types, ``awx/api/views`` and
``awx/main/models/mixins.py`` for surveys, ``JobLaunchSerializer`` and ``WorkflowJobTemplateNodeSerializer`` in
``awx/api/serializers.py`` for required answers, ``components/LaunchPrompt`` and ``util/prompt`` in ``awx/ui/src`` for
what the dialog of a launch sends, ``awx/main/models/inventory.py`` for slices, ``awx/main/tasks/jobs.py`` and
``awx/main/utils/safe_yaml.py`` for what lies in the private data directory of a job.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import sandbox

from tests.tools.run_in_collection import ROOT

CONFIGURATION = ROOT / "playbooks" / "vars" / "awx"
TEXTS = CONFIGURATION / "texts.yml"
TEXT = re.compile(r'"\{\{ __jst_awx_texts\.(\w+)\[__jst_awx_language\] \}\}"')
PROJECT = ROOT / "examples" / "awx" / "project"
# Settings of AWX that reach ansible-playbook.
SETTINGS = {
    "ANSIBLE_FORCE_COLOR": "True",
    "ANSIBLE_HOST_KEY_CHECKING": "False",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
    "ANSIBLE_RETRY_FILES_ENABLED": "False",
}
ANSWERS: Mapping[str, type | tuple[type, ...]] = {
    "float": (float, int),
    "integer": int,
    "multiplechoice": str,
    "multiselect": list,
    "password": str,
    "text": str,
    "textarea": str,
}
"""The types that a question can have, and what its answers are."""
Launcher = Literal["dialog", "api", "node"]
"""Who launches: the dialog of the user interface, a request (also of a module or a rulebook), a node of a workflow."""


class Loader(yaml.SafeLoader):
    """Reads what Ansible takes as it is (``!unsafe``) as text."""


Loader.add_constructor("!unsafe", lambda _loader, node: str(node.value))


class _Unsafe(yaml.SafeDumper):
    """Writes all texts so that Ansible takes them as they are."""

    def represent_data(self, data: Any) -> Any:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


def configuration(language: str = "en") -> dict[str, Any]:
    """Everything below ``playbooks/vars/awx``, by the names of its variables, with surveys in a language."""
    texts: dict[str, dict[str, str]] = yaml.safe_load(TEXTS.read_text())["__jst_awx_texts"]
    files = sorted(CONFIGURATION.glob("*.yml"))
    # What the files hold are texts and collections, and the loader is one of the safe ones.
    contents = [TEXT.sub(lambda match: json.dumps(texts[match[1]][language]), file.read_text()) for file in files]
    loaded = [yaml.load(content, Loader) for content in contents]
    return {name: value for variables in loaded for name, value in variables.items()}


def job_template(name: str) -> dict[str, Any]:
    """A job template."""
    [template] = [one for one in configuration()["controller_templates"] if one["name"] == name]
    return dict(template)


def survey_problems(spec: Mapping[str, Any]) -> list[str]:
    """Why AWX would refuse a survey, or its user interface show something else than it says."""
    problems = [f"{key} is missing" for key in ("name", "description", "spec") if key not in spec]
    variables = [question["variable"] for question in spec["spec"]]
    problems += [f"{name} is asked twice" for name in set(variables) if variables.count(name) > 1]
    for question in spec["spec"]:
        name = question["variable"]
        if set(question) - {"choices"} != {
            "default",
            "question_description",
            "question_name",
            "required",
            "type",
            "variable",
        } | ({"max", "min"} if question["type"] in ("integer", "float", "text", "textarea", "password") else set()):
            problems.append(f"{name} has other keys than a question of its type")
        if question["type"] not in ANSWERS or not isinstance(question["required"], bool):
            problems.append(f"{name} has a type or a 'required' that is not known")
        if ("choices" in question) is not question["type"].startswith("multi"):
            problems.append(f"{name} has choices and does not choose, or the other way round")
        if question["default"] != "" and answer_problem(question, question["default"]):
            problems.append(f"{name} has a default that is no answer")
    return problems


def answer_problem(question: Mapping[str, Any], answer: Any) -> str | None:
    """Why AWX would refuse an answer."""
    kind = question["type"]
    if not isinstance(answer, ANSWERS[kind]) or isinstance(answer, bool):
        return f"{answer!r} is no {kind}"
    if kind.startswith("multi"):
        choices = question["choices"].splitlines()
        chosen = answer if isinstance(answer, list) else [answer]
        return None if set(chosen) <= set(choices) else f"{answer!r} is not among {choices}"
    size = len(answer) if isinstance(answer, str) else answer
    return None if question["min"] <= size <= question["max"] else f"{answer!r} is too small or too large"


def variables_of(
    template: Mapping[str, Any], answers: Mapping[str, Any], launcher: Launcher = "dialog"
) -> dict[str, Any]:
    """The variables of a launch: of the template, the defaults of the survey, the answers.

    Every launcher but the API leaves out answers that are required and have a default.

    :raises AssertionError: when AWX would refuse the launch.
    """
    questions = {question["variable"]: question for question in template["survey_spec"]["spec"]}
    assert answers.keys() <= questions.keys(), "nobody asked"
    defaults = {name: question["default"] for name, question in questions.items()}
    sent = dict(answers)
    if launcher == "dialog":
        # The dialog starts with the defaults, and sends no empty answer.
        sent = {name: answer for name, answer in {**defaults, **answers}.items() if answer not in ("", [])}
    missing = [name for name, question in questions.items() if question["required"] and name not in sent]
    assert launcher == "node" or not missing, f"variables_needed_to_start: {missing}"
    problems = {name: answer_problem(questions[name], answer) for name, answer in sent.items()}
    assert not any(problems.values()), problems
    valid = {name: answer for name, answer in defaults.items() if not answer_problem(questions[name], answer)}
    return {**template.get("extra_vars", {}), **valid, **sent}


def written(variables: Mapping[str, Any], trusted: Mapping[str, Any]) -> str:
    """The file of extra variables: templates are evaluated in those of the job template alone."""
    texts = [
        yaml.dump({name: value}, Dumper=yaml.SafeDumper if trusted.get(name) == value else _Unsafe)
        for name, value in variables.items()
    ]
    return "".join(texts)


def injected(credential_type: Mapping[str, Any], inputs: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment variables of a credential, whose files go to a folder."""
    fields = credential_type["inputs"]["fields"]
    assert inputs.keys() <= {field["id"] for field in fields}
    environment = sandbox.ImmutableSandboxedEnvironment()
    names: dict[str, Any] = {name: value for name, value in inputs.items() if value}
    files = {}
    for label, template in credential_type["injectors"].get("file", {}).items():
        file = folder / f"awx_{label.replace('.', '_')}"
        file.write_text(environment.from_string(template).render(**names))
        files[label.partition(".")[2]] = str(file)
    names["tower"] = {"filename": files}
    variables = credential_type["injectors"]["env"]
    return {name: environment.from_string(template).render(**names) for name, template in variables.items()}


def imported(source: Path, credential: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What an inventory source brings into AWX.

    :param credential: its environment variables.
    """
    command = ["ansible-inventory", "--inventory", str(source), "--list", "--export"]
    environment = {**os.environ, **SETTINGS, **(credential or {})}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    listed: dict[str, Any] = json.loads(done.stdout)
    return listed


def sliced(inventory: Mapping[str, Any], number: int, count: int) -> dict[str, Any]:
    """The part of an inventory that a slice gets, counted from 1."""
    hosts = sorted(inventory["_meta"]["hostvars"])[number - 1 :: count]
    part: dict[str, Any] = copy.deepcopy(dict(inventory))
    part["_meta"]["hostvars"] = {host: inventory["_meta"]["hostvars"][host] for host in hosts}
    for group in part.values():
        group.setdefault("hosts", [])
        group["hosts"] = [host for host in group["hosts"] if host in hosts]
    return part


@dataclass(frozen=True)
class Job:
    """A job that has ended.

    :ivar name: of the job template.
    :ivar events: what AWX keeps of the job.
    """

    name: str
    status: str
    events: list[dict[str, Any]]

    @property
    def stdout(self) -> str:
        """What the page of the job shows, without colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(event["stdout"] for event in self.events))

    def counts(self, name: str) -> dict[str, int]:
        """What the last event counts for each host, such as ``changed`` or ``failures``."""
        [stats] = [event["event_data"] for event in self.events if event["event"] == "playbook_on_stats"]
        return {host: stats[name].get(host, 0) for host in stats["processed"]}

    def results(self) -> list[tuple[str, dict[str, Any]]]:
        """The full name of the module and the result of every task."""
        done = [event["event_data"] for event in self.events if event["event"] in ("runner_on_ok", "runner_item_on_ok")]
        return [(data.get("resolved_action", data["task_action"]), data["res"]) for data in done]


@dataclass(frozen=True)
class Awx:
    """Runs jobs as AWX does.

    :ivar folder: for the private data directories.
    :ivar inputs: what somebody typed into the form of the credential.
    :ivar inventory: that AWX has.
    :ivar numbers: of the jobs to come.
    """

    folder: Path
    inputs: Mapping[str, str]
    inventory: Mapping[str, Any]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def credential(self, folder: Path) -> dict[str, str]:
        """The environment variables of the credential, whose files go to a folder."""
        [credential_type] = configuration()["controller_credential_types"]
        return injected(credential_type, self.inputs, folder)

    def launch(
        self,
        name: str,
        answers: Mapping[str, Any] | None = None,
        *,
        launcher: Launcher = "dialog",
        limit: str = "",
        job_type: str = "",
        part: tuple[int, int] = (1, 1),
    ) -> Job:
        """Launch a job template.

        :param job_type: ``run`` or ``check``, what the template says unless given.
        :param part: the number of the slice, and how many there are.
        :raises AssertionError: when AWX would refuse the launch.
        """
        template = job_template(name)
        # What only a template with one slice asks for is an expression.
        assert not limit or template["ask_limit_on_launch"] is True or part[1] == 1
        assert not job_type or template["ask_job_type_on_launch"]
        number = next(self.numbers)
        data = self.folder / f"awx_{number}"
        (data / "env").mkdir(parents=True)
        (data / "inventory").mkdir()
        shutil.copytree(PROJECT, data / "project")
        hosts = data / "inventory" / "hosts"
        content = json.dumps(sliced(self.inventory, *part))
        hosts.write_text(f"#! /usr/bin/env python3\n# -*- coding: utf-8 -*-\nprint({content!r})\n")
        hosts.chmod(0o700)
        about = {"awx_job_id": number, "awx_job_template_name": name}
        variables = {**variables_of(template, answers or {}, launcher), **about}
        extra = data / "env" / "variables"
        extra.write_text(written(variables, template.get("extra_vars", {})))
        arguments = [f"--forks={template['forks']}", "-e", f"@{extra}"]
        arguments += ["-l", limit] if limit else []
        arguments += ["--check"] if (job_type or template["job_type"]) == "check" else []
        (data / "env" / "cmdline").write_text(" ".join(f"'{argument}'" for argument in arguments))
        environment = {**SETTINGS, **self.credential(data / "env")}
        (data / "env" / "envvars").write_text(json.dumps(environment))
        command = ["ansible-runner", "run", str(data), "--ident", "job", "--quiet", "--playbook", template["playbook"]]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=os.environ)
        artifacts = data / "artifacts" / "job"
        events = [json.loads(file.read_text()) for file in (artifacts / "job_events").glob("*-*.json")]
        status = (artifacts / "status").read_text()
        return Job(name, status, sorted(events, key=lambda event: int(event["counter"])))
