# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_options
short_description: Derive the options of a deploy order from the variables of role release
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the content that role P(jst.retailcloud.release#role) deploys, the number of batches, when the deploy order
    pauses, and what is wrong with the values of the variables.
positional: _input
options:
  _input:
    description: The variables of the role, C(given) of P(jst.retailcloud.role_variables#lookup).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what role release would deploy
  ansible.builtin.debug:
    msg: "{{ variables | jst.retailcloud.release_options }}"
  vars:
    variables:
      environment: production
      images: ['shop:1.1']
      strategy: canary
      partitions: 2
      verify_each_batch: false
      verify_timeout: 120
      verify_interval: 5
      soak: 30
      soak_interval: 30
      max_restarts: 0
      metrics: []
"""

RETURN = r"""
_value:
  description: Options of M(jst.retailcloud.jst_deployment).
  type: dict
  contains:
    content:
      description: The options C(packet_id), C(packet_url), C(images) and C(init_images) that are given and not empty.
      type: dict
    partitions:
      description: The number of batches.
      type: int
    pause_type:
      description: When the order pauses, V(first), V(each) or V(none).
      type: str
    problems:
      description: One sentence for each rule on values that the variables break.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_options import order_options


def release_options(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of a deploy order; the arguments are documented above."""
    return order_options(variables)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"release_options": release_options}
