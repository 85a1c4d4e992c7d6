# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
short_description: Create the drift report over all apps
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns a report of the records of P(jst.retailcloud.drift_app#filter) and of unmanaged resources of the account.
  - Equal findings give an equal report, whatever their order.
positional: _input, hosts
options:
  _input:
    description: The variables of all hosts, C(hostvars). The fact C(__drift_app) of a host is the record of its app.
    type: dict
    required: true
  hosts:
    description: The hosts whose apps were read.
    type: list
    elements: str
    required: true
  names:
    description: The described resources, C(names) of P(jst.retailcloud.drift_described#filter).
    type: dict
    default: {}
  unclear:
    description: Hosts whose descriptions cannot be read, C(unclear) of P(jst.retailcloud.drift_described#filter).
    type: list
    elements: dict
    default: []
  accounts:
    description:
      - The resources of the account for each set of access settings, as base64 of JSON. Each member has the name of the
        list that an info module returns. The value of a member is the result of that module, or of a loop that runs the
        module.
      - Without this option, the report states that the account was not read.
    type: list
    elements: str
  kinds:
    description: The types of unmanaged resources to report, see C(drift_unmanaged) of the role.
    type: list
    elements: str
    default: []
  ignore:
    description: Patterns of names of unmanaged resources to ignore, by type, see C(drift_ignore) of the role.
    type: dict
    default: {}
  covers:
    description: Members of C(covers) in the report.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Create the report
  ansible.builtin.set_fact:
    drift: "{{ hostvars | jst.retailcloud.drift_report(ansible_play_hosts_all) }}"
"""

RETURN = r"""
_value:
  description: The report as base64 of JSON. The guide on drift describes its members.
  type: str
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_account import account_findings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_report import collect_records, report
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions, decode, encode


def drift_report(
    hostvars: Mapping[str, Any],
    hosts: Iterable[str],
    names: Mapping[str, Any] | None = None,
    unclear: Sequence[Mapping[str, Any]] = (),
    accounts: Sequence[str] | None = None,
    kinds: Sequence[str] = (),
    ignore: Mapping[str, Any] | None = None,
    covers: Mapping[str, Any] | None = None,
) -> str:
    """Return the report as text; the options are documented above."""
    found = None
    if accounts is not None:
        options = DriftOptions(kinds, ignore or {}, 0)
        found = account_findings(names or {}, [decode(account) for account in accounts], options)
        found["not_read"] += list(unclear)
    return encode(report(collect_records(hostvars, hosts), found, covers or {}))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"drift_report": drift_report}
