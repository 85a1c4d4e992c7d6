# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the variables of role application that reach the module in every playbook as the operator gave them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.conformance.test_release import prepared
from tests.conformance.test_role_variables import SHOP, inventory

PLAYBOOKS = ("fleet", "bring_up", "drift", "teardown")
PURGE = {"application_purge": ["environments"], "application_purge_force": True}


def play(address: str, folder: Path, name: str, hosts: dict[str, Any]) -> tuple[list[Recorded], str]:
    """Run a playbook for apps with these variables."""
    return run_playbook(address, folder, ["-i", inventory(folder, hosts), f"{COLLECTION}.{name}"])


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_value_of_a_wrong_type_is_not_an_empty_one(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    """Nothing is written: with option purge, an empty list of environments deletes them all."""
    account = prepared(emulators, tmp_path)
    shop = {**SHOP, **PURGE, "teardown_confirm": "shop"}
    lists = ("environments", "deploy_configs", "databases", "accounts", "purge")
    wrong = {f"{name} {value}": {**shop, f"application_{name}": value} for name in lists for value in (False, 0, 0.0)}
    wrong["environments {}"] = {**shop, "application_environments": {}}
    before = control(account.address, "state")
    records, output = play(account.address, tmp_path, playbook, wrong)
    assert [write for record in records for write in record.writes] == []
    assert control(account.address, "state") == before
    for host in wrong:
        messages = " ".join(str(record.result.get("msg")) for record in records if record.host == host)
        assert f"application_{host.split()[0]} " in messages, output


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_an_error_names_the_variable(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    wrong: dict[str, dict[str, Any]] = {
        "language": {"application_language": ""},
        "name": {"application_group": {"name": None}},
        "parallelism": {"application_parallelism": "many"},
        "purge": {"application_purge": ["everything"]},
    }
    hosts = {host: {**SHOP, "teardown_confirm": "shop", **variables} for host, variables in wrong.items()}
    records, output = play(account.address, tmp_path, playbook, hosts)
    assert [record.task for record in records if record.calls and record.host in hosts and record.writes] == []
    for host, variables in wrong.items():
        messages = " ".join(str(record.result.get("msg")) for record in records if record.host == host)
        assert next(iter(variables)) in messages, output


@pytest.mark.parametrize("playbook", ["fleet", "bring_up"])
def test_zero_is_a_text(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    account = prepared(emulators, tmp_path)
    texts = {"application_description": 0, "application_biz_title": 0.0}
    records, output = play(account.address, tmp_path, playbook, {"shop": {**SHOP, **texts}})
    assert " failed=0 " in output, output
    assert [write for record in records for write in record.writes] == ["UpdateApp"]
    [app] = control(account.address, "state")["apps"]
    assert (app["description"], app["biz_title"]) == ("0", "0.0")


OMITTED = "{{ not_defined | default(omit) }}"


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_what_is_omitted_is_not_given(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    """A variable, or an entry of a list."""
    account = prepared(emulators, tmp_path)
    names = ("databases", "deploy_configs", "environments", "group", "app_id", "purge", "description", "parallelism")
    omitted = {f"application_{name}": OMITTED for name in names}
    listed = {name: [*SHOP[name], OMITTED] for name in ("application_environments", "application_deploy_configs")}
    for variables in ({**SHOP, "application_accounts": [OMITTED]} | listed, {**SHOP, **omitted}):
        shop = {**variables, "teardown_confirm": "shop", "drift_unmanaged": OMITTED, "teardown_keep": OMITTED}
        records, output = play(account.address, tmp_path, playbook, {"shop": shop})
        assert " failed=0 " in output, output
        assert "could not be read: " not in output
        assert playbook == "teardown" or [write for record in records for write in record.writes] == []
    assert len(control(account.address, "state")["apps"]) == (0 if playbook == "teardown" else 1)


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("playbook", "variable"),
    [
        *((name, "application_accounts") for name in PLAYBOOKS),
        ("drift", "application_deploy_configs"),
        *((name, f"{name}_wait_timeout") for name in ("scale", "rerun", "rebuild")),
        ("release", "release_probes"),
        ("drift", "drift_ignore"),
        ("teardown", "teardown_keep"),
    ],
)
def test_an_error_of_a_template_quotes_no_value(
    playbook: str, variable: str, emulators: Emulators, tmp_path: Path
) -> None:
    """The message names the variable, and a password that reads like a template stays out of the output."""
    account = prepared(emulators, tmp_path)
    complete = {**SHOP, "teardown_confirm": "shop", "scale_replicas": 4, "rerun_job": "a"}
    for text in (f"{SECRET}{{{{x", f"{{{{ '{SECRET}' | to_datetime }}}}"):
        hosts = {"shop": {**complete, variable: [{"password": "{{ vaulted }}"}], "vaulted": text}}
        records, output = play(account.address, tmp_path, playbook, hosts)
        messages = " ".join(str(record.result.get("msg")) for record in records)
        assert "unhandled exception" not in messages, output
        assert f"The value of variable '{variable}' cannot be evaluated. 'vaulted': " in messages
        assert SECRET not in messages
        assert [write for record in records for write in record.writes] == []
