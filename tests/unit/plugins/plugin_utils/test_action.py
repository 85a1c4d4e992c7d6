# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action does before and beside a module."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import module_utils
from ansible.module_utils import basic
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.jst.retailcloud.plugins.plugin_utils import eligibility, in_process
from ansible_collections.jst.retailcloud.plugins.plugin_utils.action import Action, UnexpectedHandoffError
from tests.tools.cores import CORES
from tests.tools.run_in_collection import ROOT

PLUGINS = "ansible_collections.jst.retailcloud.plugins"


def modules_after(code: str) -> set[str]:
    """The names of the modules that a new Python has loaded once it has run ``code``."""
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, env=paths).stdout.split())


def test_a_module_comes_with_its_action() -> None:
    loaded = modules_after(f"import {PLUGINS}.action.jst_app")
    assert {f"{PLUGINS}.modules.jst_app", f"{PLUGINS}.module_utils._api.client", "requests"} <= loaded


def test_a_module_that_cannot_be_imported_is_left_to_its_task() -> None:
    loaded = modules_after(f"sys.modules['{PLUGINS}.modules.jst_app'] = None; import {PLUGINS}.action.jst_app")
    assert f"{PLUGINS}.module_utils._api.client" not in loaded


# Before 2.19, ansible-core has no loader that handles exceptions.
LOADER = Path(module_utils.__file__).parent / "_internal" / "_ansiballz" / "_loader.py"
CHANGES = [
    "from ansible.module_utils import basic; del basic._ANSIBLE_ARGS",
    *(
        ["from ansible.module_utils._internal._ansiballz import _loader; del _loader._handle_exception"]
        if LOADER.exists()
        else []
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_unknown_core_leaves_modules_to_their_processes(change: str) -> None:
    loaded = modules_after(
        f"{change}; import {PLUGINS}.action.jst_app as a; assert sys.modules[a.Action.__module__].in_process is None"
    )
    assert f"{PLUGINS}.modules.jst_app" in loaded


@pytest.mark.parametrize("version", ["2.15.13", "2.23.0b1", "3.0.0", "unknown"])
def test_an_untested_core_leaves_modules_to_their_processes_and_says_so(version: str) -> None:
    code = (
        f"import ansible.release; ansible.release.__version__ = {version!r}; "
        "from ansible.utils.display import Display; said = []; Display.v = lambda self, line: said.append(line); "
        f"import {PLUGINS}.action.jst_app as a, {PLUGINS}.action.jst_service; "
        "assert sys.modules[a.Action.__module__].in_process is None; "
        f"assert [{version!r} in line for line in said] == [True], said"
    )
    assert f"{PLUGINS}.modules.jst_app" in modules_after(code)


def test_the_tested_cores_are_those_of_the_matrix() -> None:
    named = [series for series in CORES if series != "newest"]
    oldest = ".".join(map(str, in_process.OLDEST_TESTED))
    assert named[0] == oldest
    assert all(in_process.is_tested(f"{series}.0") for series in named)
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    assert runtime["requires_ansible"] == f">={oldest}.0"


PAYLOAD = b'{"ANSIBLE_MODULE_ARGS": {"access_key_secret": "canary"}}'


class Acted(Action):
    """An action whose module was found fit for the worker."""

    def __init__(self, payload: bytes | None = PAYLOAD) -> None:
        self._module: str | None = f"{PLUGINS}.modules.jst_app"
        self._payload = payload
        self._task = SimpleNamespace(action="jst.retailcloud.jst_app", resolved_action=None, check_mode=False, args={})
        self._templar = None


@pytest.mark.parametrize("in_data", [None, b"#!/usr/bin/python\n" + PAYLOAD, PAYLOAD[:-1]])
def test_a_payload_that_is_handed_on_otherwise_is_not_executed(
    in_data: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed: list[Any] = []
    monkeypatch.setattr(NormalAction, "_low_level_execute_command", lambda self, *args, **more: executed.append(args))
    monkeypatch.setattr(NormalAction, "_transfer_data", lambda self, *args: executed.append(args))
    with pytest.raises(UnexpectedHandoffError):
        Acted()._low_level_execute_command("/usr/bin/python", in_data=in_data)
    with pytest.raises(UnexpectedHandoffError):
        Acted()._transfer_data("/tmp/module.py", in_data)
    assert executed == []
    Acted(None)._low_level_execute_command("rm -r /tmp/x")
    Acted(None)._transfer_data("/tmp/module.py", b"")
    assert len(executed) == 2


def test_a_copy_of_the_payload_is_the_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "call", lambda *args: {"called with": args[1]})
    monkeypatch.setattr(Acted, "_compute_environment_string", lambda self, found: None)
    acted = Acted()
    acted._loader = SimpleNamespace(get_basedir=str)
    assert acted._low_level_execute_command("", in_data=bytes(bytearray(PAYLOAD))) == {"called with": PAYLOAD}
    assert acted._payload is None, "the commands that come after it are ordinary ones"


def test_the_module_then_runs_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("ansible.utils.display.Display.v", lambda self, line: said.append(line))
    monkeypatch.setattr(eligibility, "find_module", lambda task: "some.module")
    monkeypatch.setattr(eligibility, "why_not_in_process", lambda action, variables: None)

    def run(action: Acted, tmp: str | None, task_vars: Any) -> dict[str, Any]:
        if action._module is not None:
            action._payload = PAYLOAD
            action._low_level_execute_command("python -m something_new", in_data=None)
        return {"ran in the worker": action._module is not None}

    monkeypatch.setattr(NormalAction, "run", run)
    assert Acted().run() == {"ran in the worker": False}
    assert len(said) == 1
    assert "a process of its own" in said[0]


def test_what_is_no_exception_passes_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class TimeIsUp(BaseException):
        """As ansible-core's: a task's own handlers of exceptions must not stop it."""

    (tmp_path / "sleeper.py").write_text("def main():\n    print('stray')\n    raise TimeIsUp\n")
    monkeypatch.syspath_prepend(tmp_path)
    sleeper = importlib.import_module("sleeper")
    monkeypatch.setattr(sleeper, "TimeIsUp", TimeIsUp, raising=False)
    before = (sys.stdout, Path.cwd(), basic._ANSIBLE_ARGS)
    with pytest.raises(TimeIsUp):
        in_process.call("sleeper", b"{}", {"JST_PARITY_VARIABLE": "x"}, str(tmp_path))
    assert (sys.stdout, Path.cwd(), basic._ANSIBLE_ARGS) == before


def test_a_line_of_progress_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Display(), "display", lambda line, stderr: told.append(line))
    teller: Any = SimpleNamespace(_task=SimpleNamespace(no_log=False), _host="web\x1b]0;title\x07")
    Action._tell(teller, "app 'sh\u202epo' is Running\r\x1b[31m")
    assert told == ["[web\\x1b]0;title\\x07] app 'sh\\u202epo' is Running\\r\\x1b[31m"]
