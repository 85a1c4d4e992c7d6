# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tasks may run in the worker; what a playbook can say about that is in the parity test."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible import constants
from ansible.errors import AnsibleActionFail

from ansible_collections.jst.retailcloud.plugins.plugin_utils import eligibility


@pytest.fixture
def action() -> SimpleNamespace:
    """As much of an action as `why_not_in_process` looks at, with nothing in its way."""
    return SimpleNamespace(
        _task=SimpleNamespace(delegate_to=None, async_val=0),
        _connection=SimpleNamespace(transport="local", become=None),
        _templar=SimpleNamespace(template=lambda value: value),
    )


def test_nothing_is_in_the_way(action: SimpleNamespace) -> None:
    assert eligibility.why_not_in_process(action, {}) is None


def test_files_to_be_kept_need_a_process(action: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_KEEP_REMOTE_FILES", True)
    assert eligibility.why_not_in_process(action, {}) == "option keep_remote_files of Ansible is true"


def test_macos_must_not_be_asked_for_proxies(action: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert eligibility.why_not_in_process(action, {}) == "macOS without proxy variables"
    monkeypatch.setenv("no_proxy", "*")
    assert eligibility.why_not_in_process(action, {}) is None


@pytest.mark.parametrize("value", ["0", "no", "False"])
def test_the_environment_switches_off(action: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("JST_IN_PROCESS", value)
    assert eligibility.why_not_in_process(action, {"jst_in_process": True}) == "environment variable JST_IN_PROCESS"


def test_an_empty_environment_variable_says_nothing(action: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JST_IN_PROCESS", "")
    assert eligibility.why_not_in_process(action, {}) is None


def test_a_misspelt_switch_is_an_error(action: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JST_IN_PROCESS", "never")
    with pytest.raises(AnsibleActionFail, match="JST_IN_PROCESS must be true or false, not 'never'"):
        eligibility.why_not_in_process(action, {})


def test_a_python_is_known_by_its_other_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, venv = tmp_path / "base", tmp_path / "venv"
    for directory in (base, venv):
        directory.mkdir()
    (base / "python3.11").touch()
    for link in (base / "python", venv / "python", venv / "python3"):
        link.symlink_to(base / "python3.11")
    (tmp_path / "bin").symlink_to(venv)
    monkeypatch.setattr(sys, "executable", str(venv / "python"))
    assert eligibility.is_this_python(str(venv / "python3"))
    assert eligibility.is_this_python(str(tmp_path / "bin" / "python"))
    assert not eligibility.is_this_python(str(base / "python"))  # the same program, and other packages
    assert not eligibility.is_this_python("/usr/bin/env python3")
