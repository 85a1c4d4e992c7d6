# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action beside each module: plugins/action."""

from __future__ import annotations

from tests.tools.generate.files import LICENSE, Files, generated_from
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import ROOT

ACTIONS = ROOT / "plugins" / "action"
HEAD = generated_from("the names of the modules")
TEXT = f'''\
{LICENSE}\
# {HEAD}
"""The action beside the module of the same name."""

from __future__ import annotations

from ansible_collections.jst.retailcloud.plugins.plugin_utils.action import Action


class ActionModule(Action):
    """Runs the module in the worker when the result is the same."""
'''


def render() -> Files:
    """Return the action of each module, and generated ones without a module, which must not exist."""
    generated = (file.stem for file in ACTIONS.glob("*.py") if HEAD in file.read_text(encoding="utf-8"))
    files: dict[str, str | None] = dict.fromkeys(generated)
    files.update(dict.fromkeys(MODULES, TEXT))
    return {ACTIONS / f"{name}.py": text for name, text in files.items()}
