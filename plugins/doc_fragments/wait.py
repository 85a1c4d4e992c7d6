# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of modules that can wait."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the service reports that the operation has finished.
      - With V(false), the module returns as soon as the service accepts the call.
    type: bool
    default: true
  wait_timeout:
    description: The maximum number of seconds to wait, including retries.
    type: int
    default: 600
  wait_interval:
    description: The maximum number of seconds between two reads while the module waits, 0.05 or more. The first reads
      follow at shorter intervals.
    type: float
    default: 5.0
"""
