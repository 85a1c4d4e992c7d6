# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_described
short_description: What the descriptions of many apps name that belongs to the account
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Collects from the variables of hosts that describe apps, see role P(jst.retailcloud.application#role), what role
    P(jst.retailcloud.drift#role) compares the account with.
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
  description: What is described.
  type: dict
  contains:
    names:
      description: The names of apps, app_groups, databases and accounts, as the report has them.
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
      description: For each way of access, by endpoint, profile and access key id, the first host that has it.
      type: list
      elements: str
    unclear:
      description: Hosts whose descriptions cannot be read, and why.
      type: list
      elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift import described


def drift_described(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> dict[str, Any]:
    """What is described; the options are documented above."""
    return described(hostvars, hosts)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """It by its name."""
        return {"drift_described": drift_described}
