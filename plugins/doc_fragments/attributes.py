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
    description: Can run in check mode and report what would change, without changing anything.
    support: full
  diff_mode:
    description: Can show the difference between the current state and the desired state.
    support: full
  idempotent:
    description: Changes nothing and reports C(changed=false) when the current state matches the desired state.
    support: full
"""

    STATE = r"""
options: {}
notes:
  - Check mode assumes that an earlier task creates an app, environment or deploy config that does not exist yet. The
    cluster of a node, label or volume is assumed in the same way. A warning names the assumed resource. Any other name
    that does not exist is an error.
  - In check mode, the module also reports the errors that the service would return, as far as reads show them. An
    example is the deletion of a resource in use. It reports no such error when an earlier task of the run predicts a
    change that may resolve it.
"""

    INFO = r"""
options: {}
attributes:
  diff_mode:
    support: N/A
    details: The module changes nothing.
"""
