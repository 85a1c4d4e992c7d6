# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_app
short_description: Reduce the results for one app to its drift record
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the data of one app for the report of role P(jst.retailcloud.drift#role). The input is the result of
    M(jst.retailcloud.jst_application) in check mode and the results of info modules.
  - The data is one string, which P(jst.retailcloud.drift_report#filter) reads.
positional: _input
options:
  _input:
    description: The result of M(jst.retailcloud.jst_application) in check mode with diff. A failed result is valid.
    type: dict
    required: true
  title:
    description: The title of the app.
    type: str
    required: true
  described:
    description: The members C(environments) and C(deploy_configs) of the description of the app.
    type: dict
    default: {}
  found:
    description:
      - The resources of the app. Each member has the name of the list that an info module returns. The value of a
        member is the result of that module, or of a loop that runs the module.
    type: dict
    default: {}
  kinds:
    description: The types of unmanaged resources to report, see C(drift_unmanaged) of the role.
    type: list
    elements: str
    default: []
  ignore:
    description: Patterns of names of unmanaged resources to ignore, by type, see C(drift_ignore) of the role.
    type: dict
    default: {}
  lines:
    description: The maximum number of diff lines to keep for a resource.
    type: int
    default: 40
"""

EXAMPLES = r"""
- name: Keep the record of the app
  ansible.builtin.set_fact:
    __drift_app: "{{ compared | jst.retailcloud.drift_app(title=application_title) }}"
"""

RETURN = r"""
_value:
  description: The record of the app.
  type: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_app import app_record
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions, encode


def drift_app(
    compared: Mapping[str, Any],
    title: str,
    described: Mapping[str, Any] | None = None,
    found: Mapping[str, Any] | None = None,
    kinds: Sequence[str] = (),
    ignore: Mapping[str, Any] | None = None,
    lines: int = 40,
) -> str:
    """Return the record of one app as text; the options are documented above."""
    options = DriftOptions(kinds, ignore or {}, int(lines))
    return encode(app_record(str(title), compared, described or {}, found or {}, options))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"drift_app": drift_app}
