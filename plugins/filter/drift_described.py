# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_described
short_description: Collect the resources of an account that hosts describe
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Collects the names of apps, app groups, databases and accounts from the variables of the hosts that describe apps.
    The variables are those of role P(jst.retailcloud.application#role).
  - Role P(jst.retailcloud.drift#role) compares the resources of the account with these names.
positional: _input, hosts
options:
  _input:
    description: The variables of all hosts, C(hostvars).
    type: dict
    required: true
  hosts:
    description: The hosts that describe apps.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Collect the titles of the apps that hosts describe
  ansible.builtin.set_fact:
    titles: "{{ (hostvars | jst.retailcloud.drift_described(groups.jst_apps)).names.apps }}"
"""

RETURN = r"""
_value:
  description: The described resources.
  type: dict
  contains:
    names:
      description: The names of the described apps, app_groups, databases and accounts, written as in the drift report.
      type: dict
    biz_codes:
      description: The business domains of the apps.
      type: list
      elements: str
    instances:
      description: The ids of the RDS instances that hold databases or accounts.
      type: list
      elements: str
    access_hosts:
      description: The first host for each combination of endpoint, profile and access key id.
      type: list
      elements: str
    unclear:
      description: The hosts whose descriptions cannot be read, with the reason.
      type: list
      elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_account import described


def drift_described(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> dict[str, Any]:
    """Return the described resources; the options are documented above."""
    return described(hostvars, hosts)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"drift_described": drift_described}
