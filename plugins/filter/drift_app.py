# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_app
short_description: What role drift keeps of one app
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Takes from the result of M(jst.retailcloud.jst_application) in check mode, and from those of info modules, what the
    report of role P(jst.retailcloud.drift#role) needs, and nothing else.
  - What comes out is one text, which P(jst.retailcloud.drift_report#filter) reads.
positional: _input
options:
  _input:
    description: The result of M(jst.retailcloud.jst_application) in check mode with diff, also one that failed.
    type: dict
    required: true
  title:
    description: The title of the app.
    type: str
    required: true
  described:
    description: What the app is to have, with the members C(environments) and C(deploy_configs) of the description.
    type: dict
    default: {}
  found:
    description:
      - What the app has. Each member is the result of an info module under the name of the list that it returns, or of
        a loop over one.
    type: dict
    default: {}
  kinds:
    description: The types of unmanaged resources to report, see C(drift_unmanaged) of the role.
    type: list
    elements: str
    default: []
  ignore:
    description: Patterns of names that need no description, by kind, see C(drift_ignore) of the role.
    type: dict
    default: {}
  lines:
    description: How many lines to keep of the diff of a thing.
    type: int
    default: 40
"""

EXAMPLES = r"""
- name: Keep what the report needs
  ansible.builtin.set_fact:
    __drift_app: "{{ compared | jst.retailcloud.drift_app(title=application_title) }}"
"""

RETURN = r"""
_value:
  description: What the report needs of the app.
  type: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift import DriftOptions, app_record, encode


def drift_app(
    compared: Mapping[str, Any],
    title: str,
    described: Mapping[str, Any] | None = None,
    found: Mapping[str, Any] | None = None,
    kinds: Sequence[str] = (),
    ignore: Mapping[str, Any] | None = None,
    lines: int = 40,
) -> str:
    """The record of one app as text; the options are documented above."""
    options = DriftOptions(kinds, ignore or {}, int(lines))
    return encode(app_record(str(title), compared, described or {}, found or {}, options))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """It by its name."""
        return {"drift_app": drift_app}
