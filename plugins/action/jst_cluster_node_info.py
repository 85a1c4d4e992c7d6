# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action beside the module of the same name."""

from __future__ import annotations

from ansible_collections.jst.retailcloud.plugins.plugin_utils.action import Action


class ActionModule(Action):
    """Runs it in the worker where that changes nothing else."""
