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

import pytest
from ansible import module_utils
from ansible.module_utils import basic

from ansible_collections.jst.retailcloud.plugins.plugin_utils import in_worker

PLUGINS = "ansible_collections.jst.retailcloud.plugins"


def modules_after(code: str) -> set[str]:
    """The names of the modules that a new Python has loaded once it has run ``code``."""
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, env=paths).stdout.split())


def test_a_module_comes_with_its_action() -> None:
    loaded = modules_after(f"import {PLUGINS}.action.jst_app")
    assert {f"{PLUGINS}.modules.jst_app", f"{PLUGINS}.module_utils._api.client"} <= loaded


@pytest.mark.parametrize(("proxy", "needed"), [("", False), ("http://127.0.0.1:9", True)])
def test_requests_comes_with_it_where_there_may_be_a_proxy(proxy: str, needed: bool) -> None:
    cleared = "import os; [os.environ.pop(name) for name in list(os.environ) if name.lower().endswith('_proxy')]"
    code = f"{cleared}; os.environ.update({ {'HTTP_PROXY': proxy} if proxy else {} }); import {PLUGINS}.action.jst_app"
    assert ("requests" in modules_after(code)) is needed


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
        f"{change}; import {PLUGINS}.action.jst_app as a; assert sys.modules[a.Action.__module__].in_worker is None"
    )
    assert f"{PLUGINS}.modules.jst_app" in loaded


def test_what_is_no_exception_passes_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class TimeIsUp(BaseException):
        """As ansible-core's: a task's own handlers of exceptions must not stop it."""

    (tmp_path / "sleeper.py").write_text("def main():\n    print('stray')\n    raise TimeIsUp\n")
    monkeypatch.syspath_prepend(tmp_path)
    sleeper = importlib.import_module("sleeper")
    monkeypatch.setattr(sleeper, "TimeIsUp", TimeIsUp, raising=False)
    before = (sys.stdout, Path.cwd(), basic._ANSIBLE_ARGS)
    with pytest.raises(TimeIsUp):
        in_worker.call("sleeper", b"{}", {"JST_PARITY_VARIABLE": "x"}, str(tmp_path))
    assert (sys.stdout, Path.cwd(), basic._ANSIBLE_ARGS) == before
