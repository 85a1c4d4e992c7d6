# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and the way to the service, from the task to the wire, in both ways of running.

What each source and each obstacle means is tested with the client alone. Here it has to come through Ansible: options,
the environment of a task, its home, and what the operator is told.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import Recorded, run_tasks, task

KEY = {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret"}
SESSION = {"access_key_id": "session-id", "access_key_secret": "session-secret-hush", "security_token": "token-hush"}
PAST = {**SESSION, "access_key_id": "past-id", "expires": "2020-01-01T00:00:00Z"}
NO_KEYS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}
WRONG_KEYS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "nobody", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong-hush"}
PROXY = {"HTTP_PROXY": "http://somebody:proxy-hush@127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
SOCKS = {"ALL_PROXY": "socks5h://somebody:proxy-hush@127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
NO_RETRY = {"retry_timeout": 0}


@dataclass(frozen=True)
class Case:
    """A task by its access alone: what is set for it, and the texts that its message has to hold if it has to fail."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    message: tuple[str, ...] = ()
    warning: str | None = None


def profile(name: str, mode: str, keys: dict[str, str]) -> dict[str, str]:
    """A profile as the command line writes it."""
    renamed = {"security_token": "sts_token"}
    return {"name": name, "mode": mode, **{renamed.get(key, key): value for key, value in keys.items()}}


def write_home(home: Path) -> Path:
    """A home with profiles that everybody can read, and a password for every host; gives the file of the profiles."""
    config = home / ".aliyun" / "config.json"
    config.parent.mkdir(parents=True)
    profiles = [
        profile("current", "AK", {"access_key_id": "nobody", "access_key_secret": "file-hush"}),
        profile("good", "AK", KEY),
        profile("session", "StsToken", SESSION),
        profile("past", "StsToken", {name: value for name, value in PAST.items() if name != "expires"}),
        {"name": "role", "mode": "EcsRamRole", "ram_role_name": "r"},
    ]
    config.write_text(json.dumps({"current": "current", "profiles": profiles}), encoding="utf-8")
    config.chmod(0o644)
    netrc = home / ".netrc"
    netrc.write_text("default login somebody password netrc-hush\n", encoding="utf-8")
    netrc.chmod(0o600)
    return config


def cases(address: str, home: Path, config: Path) -> list[Case]:
    """What is tried."""
    at_home = {"HOME": str(home)}
    from_file = {**NO_KEYS, **at_home}
    readable = f"{config} holds secrets and everyone on this machine can read it"
    nowhere = {"HOME": os.devnull}
    return [
        Case("environment alone, nothing at home, and no home", environment=nowhere),
        Case("environment before file and netrc", environment=at_home),
        Case("option before environment and file", dict(KEY), {**WRONG_KEYS, **at_home}),
        Case("profile that is an option before environment", {"profile": "good"}, at_home, warning=readable),
        Case("file that is an option", {"config_file": str(config), "profile": "good"}, NO_KEYS, warning=readable),
        Case("temporary key of a profile", {"profile": "session"}, from_file, warning=readable),
        Case(
            "token that has expired",
            {"profile": "past"},
            from_file,
            ("InvalidSecurityToken.Expired", "log in or assume the role again"),
            readable,
        ),
        Case("profile that is not there", {"profile": "god"}, from_file, ("no profile 'god'", "Did you mean good")),
        Case("no profile file", {"profile": "good"}, {**NO_KEYS, **nowhere}, ("Could not read", "Not a directory")),
        Case("nothing at all", {}, {**NO_KEYS, **nowhere}, ("No credentials were found", "aliyun configure")),
        Case("role without the package", {"profile": "role"}, from_file, ("pip install alibabacloud_credentials",)),
        Case("unknown key", {}, WRONG_KEYS, ("InvalidAccessKeyId", "check access_key_id")),
        Case("wrong secret", {**KEY, "access_key_secret": "wrong-hush"}, {}, ("SignatureDoesNotMatch", "same pair")),
        Case("proxy that is not there", NO_RETRY, PROXY, ("through the proxy 127.0.0.1:9 failed", "NO_PROXY")),
        Case("SOCKS proxy that is not there", NO_RETRY, SOCKS, ("through the proxy 127.0.0.1:9 failed", "NO_PROXY")),
        Case("past the proxy", NO_RETRY, {**PROXY, "NO_PROXY": "127.0.0.1"}),
        Case(
            "no TLS where it was asked for",
            {**NO_RETRY, "endpoint": address.replace("http:", "https:")},
            {},
            ("the TLS handshake failed", "speaks HTTPS"),
        ),
        Case(
            "certificates that are not there",
            {"ca_path": "/nowhere.pem", "endpoint": "https://127.0.0.1:9"},
            {},
            ("No CA certificates can be read from /nowhere.pem",),
        ),
    ]


def of(case: Case, in_process: bool) -> dict[str, Any]:
    """The task of a case."""
    where = {"jst_in_process": in_process}
    return task(case.name, "jst_user_info", case.options, environment=case.environment, vars=where)


def check(case: Case, record: Recorded) -> None:
    """The task has read the users, or says what is in its way."""
    result = record.result
    assert result["failed"] is bool(case.message), f"{case.name}: {result}"
    assert [text for text in case.message if text not in result.get("msg", "")] == [], f"{case.name}: {result['msg']}"
    assert bool(result.get("users")) is not bool(case.message)
    warnings = [text for text in result.get("warnings", []) if "holds secrets" in text]
    assert warnings == ([] if case.warning is None else [f"{case.warning}; chmod 600 would keep them out."]), case.name
    shown = json.dumps(result)
    assert "hush" not in shown, f"{case.name}: {shown}"
    assert KEY["access_key_secret"] not in shown, f"{case.name}: {shown}"


def comparable(record: Recorded) -> dict[str, Any]:
    """A result without the id that each request has of its own."""
    error = record.result.get("error")
    return {**record.result, "error": error and {**error, "request_id": None}}


def test_access(emulators: Emulators, tmp_path: Path) -> None:
    """Every source of keys and every obstacle, in the worker and in a process of its own, with the same result."""
    world = tmp_path / "world.yml"
    world.write_text(yaml.safe_dump({"credentials": [SESSION, PAST]}), encoding="utf-8")
    address = emulators.fresh("canonical", "--world", str(world))
    tried = cases(address, tmp_path / "home", write_home(tmp_path / "home"))
    tasks = [of(case, in_process) for case in tried for in_process in (True, False)]
    records = run_tasks(address, tmp_path, tasks)
    for case, inside, outside in zip(tried, records[::2], records[1::2], strict=True):
        check(case, inside)
        assert comparable(inside) == comparable(outside), case.name
        assert len(inside.calls) == len(outside.calls)
