# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the same tasks in Ansible's worker and in processes of their own, and compares everything a user can see.

``python -m tests.tools.parity PYTHON...`` does so for the ansible-core of other Pythons; the one of ``.venv`` is
compared by ``make test``.
"""

from __future__ import annotations

import getpass
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from tests.tools.parity_cases import CANARY, CASES, HOSTS, TAGS, Case
from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT, environment

TOOLS = ROOT / "tests" / "tools"
PROBES = ("jst_parity_probe", "jst_parity_other")
VAULT_PASSWORD = "parity"


@dataclass(frozen=True)
class Outcome:
    """What one run of the playbook came to.

    ``registered`` has what each case registered, ``events`` the results as callbacks got them, ``shown`` what Ansible
    displayed for it, and ``runs`` for each run of the probe whether it was in the worker.
    """

    registered: Mapping[str, Any]
    events: Mapping[str, Sequence[Any]]
    shown: Mapping[str, str]
    runs: Mapping[str, Sequence[bool]]


def lay_collection(collections: Path) -> None:
    """Lay the collection out under ``collections``: what is under test, with the probe for its only module."""
    tree = collections / "ansible_collections" / NAMESPACE / NAME
    plugins = tree / "plugins"
    for folder in ("meta", "plugins/action", "plugins/modules"):
        (tree / folder).mkdir(parents=True)
    for folder in ("module_utils", "plugin_utils"):
        (plugins / folder).symlink_to(ROOT / "plugins" / folder)
    for probe in PROBES:
        (plugins / "action" / f"{probe}.py").symlink_to(ROOT / "plugins" / "action" / "jst_app.py")
        (plugins / "modules" / f"{probe}.py").symlink_to(TOOLS / "parity_probe.py")
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    runtime["action_groups"] = {"jst": list(PROBES)}
    (tree / "meta" / "runtime.yml").write_text(json.dumps(runtime))


def playbook() -> list[dict[str, Any]]:
    """The cases in their order, and at the end a task that writes down what they registered."""
    settings = {"gather_facts": False}
    # Discovery is slow and finds what the machine has, so it is told its finding beforehand.
    found = {"discovered_interpreter_python": "{{ ansible_playbook_python }}", "cacheable": True}
    plays: list[dict[str, Any]] = [
        {"hosts": "discovering", "tasks": [{"name": "Discover", "ansible.builtin.set_fact": found}], **settings}
    ]
    for host, group in groupby(CASES, lambda case: case.host):
        plays.append({"hosts": host, "tasks": [task(case) for case in group], **settings})
    registered = ", ".join(f"'{case.name}': hostvars['{case.host}']['case_{case.name}']" for case in CASES)
    write = {"content": f"{{{{ {{{registered}}} | to_json }}}}", "dest": "{{ run_directory }}/results.json"}
    plays.append(
        {"hosts": "here", "tasks": [{"name": "Write", "ansible.builtin.copy": write, "no_log": True}], **settings}
    )
    return plays


def task(case: Case) -> dict[str, Any]:
    """The task of ``case``."""
    return {
        "name": case.name,
        case.module: {"case": case.name, **case.options},
        "register": f"case_{case.name}",
        "ignore_errors": True,
        **case.keywords,
    }


def to_yaml(value: Any) -> str:
    """``value`` as JSON, which is YAML too, with the tags that only YAML has."""
    text = json.dumps(value)
    for placeholder, (tag, content) in TAGS.items():
        text = text.replace(json.dumps(placeholder), f"{tag} {json.dumps(content)}")
    return text


def inventory(python: Path, elsewhere: Path) -> dict[str, Any]:
    """Hosts that are all this machine. ``elsewhere`` starts ``python``, and is another interpreter by its path."""
    common = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "current_user": getpass.getuser(),
        "elsewhere_python": str(elsewhere),
    }
    elsewhere.write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
    elsewhere.chmod(0o755)
    return {"all": {"hosts": HOSTS, "vars": common}}


def run_both_ways(python: Path, directory: Path) -> tuple[Outcome, Outcome]:
    """Run the playbook with the ansible-core of ``python``, at the same time in the worker and not.

    ``directory`` is empty and takes all that is written. Returns the outcome in the worker, and the other one.
    """
    lay_collection(directory / "collections")
    (directory / "callbacks").mkdir()
    (directory / "callbacks" / "parity_callback.py").symlink_to(TOOLS / "parity_callback.py")
    files = {
        "playbook.yml": to_yaml(playbook()),
        "inventory.yml": json.dumps(inventory(python, directory / "python-elsewhere")),
        "vault-password": VAULT_PASSWORD,
    }
    for name, text in files.items():
        (directory / name).write_text(text)
    ways = {"worker": {}, "process": {"JST_IN_PROCESS": "0"}}
    running = {name: start(python, directory, directory / name, switch) for name, switch in ways.items()}
    inside, outside = (finish(process, directory / name) for name, process in running.items())
    return inside, outside


def start(python: Path, directory: Path, own: Path, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the playbook in ``directory`` for a run that writes into ``own``, with ``variables`` of the environment."""
    own.mkdir()
    settings = {
        "ANSIBLE_ASYNC_DIR": str(own / "async"),
        "ANSIBLE_CALLBACK_PLUGINS": str(directory / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "parity_callback",
        "ANSIBLE_HOME": str(own / "home"),
        "ANSIBLE_REMOTE_TEMP": str(own / "tmp"),
        "ANSIBLE_INJECT_INVOCATION": "1",
        "ANSIBLE_VAULT_PASSWORD_FILE": str(directory / "vault-password"),
        "JST_PARITY_EVENTS": str(own / "events"),
        "JST_PARITY_TRAIL": str(own / "trail"),
    }
    files = ["-i", str(directory / "inventory.yml"), str(directory / "playbook.yml")]
    with (own / "display").open("w") as display:
        return subprocess.Popen(
            [str(python), "-m", "ansible", "playbook", "-v", "-e", f"run_directory={own}", *files],
            cwd=own,
            env={**environment(directory / "collections"), **settings, **variables},
            stdout=display,
            stderr=subprocess.STDOUT,
        )


def finish(process: subprocess.Popen[bytes], own: Path) -> Outcome:
    """Wait for the run that writes into ``own``; its name is taken out of everything it wrote.

    :raises RuntimeError: it did not come to its end.
    """

    def read(name: str) -> str:
        return (own / name).read_text().replace(str(own), "RUN")

    if process.wait():
        raise RuntimeError(read("display"))

    def by_case(name: str) -> dict[str, list[Any]]:
        lines: dict[str, list[Any]] = {}
        for case, value in map(json.loads, read(name).splitlines()):
            lines.setdefault(case, []).append(value)
        return lines

    parts = re.split(r"^TASK \[(\w+)\] \*+$", read("display"), flags=re.MULTILINE)
    shown = dict(zip(parts[1::2], parts[2::2], strict=True))
    return Outcome(json.loads(read("results.json")), by_case("events"), shown, by_case("trail"))


def settle(value: Any, case: Case) -> Any:
    """``value``, part of the result of ``case``, without what is new in every run and what tells where it ran."""
    if isinstance(value, list):
        return [settle(item, case) for item in value]
    if not isinstance(value, dict):
        return value
    settled = {key: settle(item, case) for key, item in value.items() if key not in case.ignored}
    for key in case.last_line_only:
        if key in settled:
            settled[key] = settled[key].strip().splitlines()[-1:]
    return settled


def contains(whole: Any, part: Any) -> bool:
    """Whether ``part`` is in ``whole``: a mapping by its keys, anything else by equality."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(k in whole and contains(whole[k], v) for k, v in part.items())
    return bool(whole == part)


def faults(case: Case, inside: Outcome, outside: Outcome) -> list[str]:
    """What is wrong with ``case``, a line for each: nothing, when it is the same both ways and what it says it is."""
    found = []
    views = [
        ("registered", settle(inside.registered[case.name], case), settle(outside.registered[case.name], case)),
        ("for callbacks", settle(inside.events[case.name], case), settle(outside.events[case.name], case)),
    ]
    if not case.last_line_only and not case.ignored:
        views.append(("shown", inside.shown[case.name], outside.shown[case.name]))
    for view, worker, process in views:
        if worker != process:
            found += [f"{view} in the worker: {worker!r}", f"{view} in a process:  {process!r}"]
    for outcome, in_process in ((inside, case.worker), (outside, False)):
        registered = outcome.registered[case.name]
        if not contains(registered, case.expected):
            found.append(f"expected {case.expected} in {registered}")
        if CANARY in outcome.shown[case.name]:
            found.append(f"shows a secret: {outcome.shown[case.name]}")
        runs = outcome.runs.get(case.name, [])
        if runs != [in_process] * case.runs:
            found.append(f"expected {case.runs} runs with in_process={in_process}, not {runs}")
    return found


def main(pythons: Sequence[str]) -> int:
    """Compare on each of ``pythons``; returns 1 if anything differs."""
    failed = False
    for python in map(Path, pythons):
        version = "import ansible.release, sys; print(ansible.release.__version__, 'on Python', sys.version.split()[0])"
        name = subprocess.run([python, "-c", version], check=True, capture_output=True, text=True).stdout.strip()
        with tempfile.TemporaryDirectory() as directory:
            inside, outside = run_both_ways(python, Path(directory))
        found = {case.name: faults(case, inside, outside) for case in CASES}
        wrong = {case: lines for case, lines in found.items() if lines}
        print(f"ansible-core {name}: {len(found) - len(wrong)} of {len(found)} cases equal", flush=True)
        for case, lines in wrong.items():
            print(f"  {case}", *lines, sep="\n    ")
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
