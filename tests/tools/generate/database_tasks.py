# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options in the tasks of role ``database``, which takes two lists of role ``application``.

Values that a task computes in another way are written by hand, beside the generated part. Tasks of role ``application``
name no options: the action reads the variables of the role.
"""

from __future__ import annotations

from tests.tools.generate.files import Files, generated_from, with_part
from tests.tools.generate.role_specs import Options, declared, taken
from tests.tools.run_in_collection import ROOT

DESCRIBED = declared("application")
TASKS = ROOT / "roles" / "database" / "tasks"
SOURCE = f"the options of {DESCRIBED['module']}"

# The lists, and the variable of a task that holds one entry.
ENTRIES = {"databases": "item", "accounts": "__database_account"}
BY_HAND = "state"


def arguments(options: Options, entry: str) -> str:
    """Return the arguments of a task, from the members of an entry."""
    values = {
        name: f"{entry}.{name}" if option.get("required") else f"{entry}.{name} | default(omit)"
        for name, option in options.items()
        if name != BY_HAND
    }
    return "".join(f'{name}: "{{{{ {value} }}}}"\n' for name, value in values.items())


def parts() -> dict[str, str]:
    """Return the generated parts by what their markers say that they are generated from."""
    options = taken(DESCRIBED)
    return {f"{SOURCE}, {name}": arguments(options[name]["suboptions"], entry) for name, entry in ENTRIES.items()}


def render() -> Files:
    """Return the task files.

    :raises ValueError: when a part has no place, or two.
    """
    found = {file: file.read_text(encoding="utf-8") for file in sorted(TASKS.glob("*.yml"))}
    for source, content in parts().items():
        files = [file for file, text in found.items() if f"# {generated_from(source)}\n" in text]
        if len(files) != 1:
            raise ValueError(f"one task file has to have the part '{generated_from(source)}', and {len(files)} have it")
        found[files[0]] = with_part(found[files[0]], source, content)
    return found
