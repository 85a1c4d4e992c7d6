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
      - Whether to wait until the service reports that it is done.
      - Without waiting, the module returns as soon as the service has accepted the call.
    type: bool
    default: true
  wait_timeout:
    description: For how many seconds to wait at most, retries included.
    type: int
    default: 600
  wait_interval:
    description: How many seconds to leave between two looks at most, 0.05 or more. The first looks come sooner.
    type: float
    default: 5.0
"""
