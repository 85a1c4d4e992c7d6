# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of hosts that a drift report of an account needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_account import described
from tests.unit.plugins.plugin_utils.test_variable_values import variables_of_files

SECRET = "hunter2"
DATABASE = {"instance_id": "rm-1", "name": "orders"}


class Host(Mapping[str, Any]):
    """The entry of a host in ``hostvars``: each variable is evaluated when it is read."""

    def __init__(self, **variables: Any) -> None:
        self._variables = variables_of_files(**variables)
        self._templar = Templar(loader=DataLoader(), variables=self._variables)

    def __getitem__(self, name: str) -> Any:
        return self._templar.template(self._variables[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


@pytest.mark.parametrize("name", ["application_databases", "application_accounts", "application_group", "jst_profile"])
def test_what_is_omitted_counts_as_not_given(name: str) -> None:
    found = described({"shop": Host(**{name: "{{ missing | default(omit) }}"})}, ["shop"])
    assert (found["unclear"], found["names"]["apps"]) == ([], ["shop"])


def test_an_omitted_entry_is_not_in_its_list() -> None:
    found = described({"shop": Host(application_databases=[DATABASE, "{{ missing | default(omit) }}"])}, ["shop"])
    assert (found["unclear"], found["names"]["databases"]) == ([], ["rm-1/orders"])


@pytest.mark.parametrize("text", [f"{SECRET}{{{{x", f"{{{{ '{SECRET}' | to_datetime }}}}"])
def test_an_error_names_the_variable_and_quotes_no_value(text: str) -> None:
    [unclear] = described({"shop": Host(application_accounts=[{**DATABASE, "password": text}])}, ["shop"])["unclear"]
    assert "The value of variable 'application_accounts' cannot be evaluated. " in unclear["message"]
    assert SECRET not in str(unclear)


@pytest.mark.parametrize("value", [[{"name": "orders"}], ["orders"], 1])
def test_a_wrong_value_is_named(value: Any) -> None:
    [unclear] = described({"shop": Host(application_databases=value)}, ["shop"])["unclear"]
    assert unclear["message"].startswith("The value of variable 'application_databases' has a wrong type, or an entry")
