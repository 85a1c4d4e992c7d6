# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What the modules support."""

    DOCUMENTATION = r"""
attributes:
  action_group:
    description: Use C(group/jst.retailcloud.jst) in C(module_defaults) to set the access options for all modules.
    support: full
    membership: [jst.retailcloud.jst]
  check_mode:
    description: Can run in check mode and say what would change, without changing anything.
    support: full
  diff_mode:
    description: Can show the difference between what is and what was asked for.
    support: full
  idempotent:
    description: Changes nothing, and says so, when everything is as asked for.
    support: full
"""

    STATE = r"""
options: {}
notes:
  - Check mode assumes that an earlier task creates an app, environment or deploy config which does not exist yet, and
    the cluster of a node, label or volume. A warning names it. Any other name that does not exist is an error.
  - What the service would reject, such as the deletion of a resource that is in use, is an error in check mode too, as
    far as reads show it. It is none where an earlier task of the same run predicts a change that may settle it.
"""

    INFO = r"""
options: {}
attributes:
  diff_mode:
    support: N/A
    details: The module changes nothing.
"""
