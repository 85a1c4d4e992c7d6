# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: deploy_note
short_description: Write the note on what a deploy order deploys
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns the note that M(jst.retailcloud.jst_deployment) adds to the description of a deploy order. The note also
    names the order that this order rolls back. The service does not show what an order deploys.
positional: _input, rollback_of
options:
  _input:
    description: The content of the order, options of M(jst.retailcloud.jst_deployment).
    type: dict
    required: true
  rollback_of:
    description: The id of the deploy order that this order rolls back.
    type: int
"""

EXAMPLES = r"""
- name: Deploy with a note
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images: ["shop:1.1"]
    description: "{{ {'images': ['shop:1.1']} | jst.retailcloud.deploy_note }}"
"""

RETURN = r"""
_value:
  description:
    - The note.
    - Empty without content. Also empty for a package address with a query or a user, which can hold a signature or a
      password.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import format_note


def deploy_note(content: Mapping[str, Any], rollback_of: int | None = None) -> str:
    """Return the note; the arguments are documented above."""
    return format_note(content, int(rollback_of) if rollback_of else None)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"deploy_note": deploy_note}
