# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that role ``application`` hands on to modules, in its task files and those of role ``database``.

The role takes what ``jst_application`` takes, as a variable for each option. Values that a task computes in another way
are written by hand, beside the generated part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.tools.generate.files import Files, generated_from, with_part
from tests.tools.generate.role_specs import Options, declared, taken
from tests.tools.run_in_collection import ROOT

ROLE = "application"
MODULE = declared(ROLE)["module"]
TASKS = [ROOT / "roles" / role / "tasks" for role in (ROLE, "database")]
SOURCE = f"the options of {MODULE}"


def options_at(path: str) -> Options:
    """Return the documented options at a dotted path, those at the top for an empty one."""
    found = taken(declared(ROLE))
    for name in filter(None, path.split(".")):
        found = found[name]["suboptions"]
    return found


def from_variable(name: str, option: Mapping[str, Any]) -> str:
    """Return the expression that hands a variable of the role on.

    A variable that is empty counts as not given, where the module has a value for that. Number 0 is not empty.
    """
    variable = f"{ROLE}_{name}"
    if option.get("required"):
        return variable
    if option["type"] == "int":
        default = option.get("default")
        return f"{variable} | default(omit)" if default is None else _unless_nothing(variable, default)
    if option["type"] == "dict":
        return f"omit if {variable} | default('') in __{ROLE}_nothing else {variable}"
    return (
        f"{variable} | default({option['default']!r}, true)"
        if "default" in option
        else f"{variable} | default(omit, true)"
    )


def _unless_nothing(variable: str, default: Any) -> str:
    return f"{default} if {variable} in __{ROLE}_nothing else {variable}"


def without_updates(name: str, option: Mapping[str, Any]) -> str:
    """Return the expression for a comparison, in which nothing is sent because the service does not show it."""
    switches = [inner for inner in option.get("suboptions", {}) if inner.startswith("update_")]
    combined = "".join(f" | map('combine', {{'{switch}': 'on_create'}}) | list" for switch in switches)
    return f"{from_variable(name, option)}{combined}"


def from_member(holder: str, name: str, option: Mapping[str, Any]) -> str:
    """Return the expression that hands a member of a variable on."""
    return f"{holder}.{name}" if option.get("required") else f"{holder}.{name} | default(omit)"


def arguments(options: Options, expression: Callable[[str, Mapping[str, Any]], str], *by_hand: str) -> str:
    """Return the arguments of a task."""
    written = {name: expression(name, option) for name, option in options.items() if name not in by_hand}
    return "".join(f'{name}: "{{{{ {value} }}}}"\n' for name, value in written.items())


def parts() -> dict[str, str]:
    """Return the generated parts by what their markers say that they are generated from."""
    whole = options_at("")
    members = {"databases": "item", "accounts": "__database_account"}
    return {
        SOURCE: arguments(whole, from_variable, "title"),
        f"{SOURCE}, to find differences": arguments(whole, from_variable, "title"),
        f"{SOURCE}, part by part": arguments(whole, from_variable, "title", "app_id"),
        f"{SOURCE}, to compare": arguments(whole, without_updates, "title"),
        **{
            f"{SOURCE}, {path}": arguments(options_at(path), partial(from_member, holder), "state")
            for path, holder in members.items()
        },
    }


def render() -> Files:
    """Return the task files.

    :raises ValueError: when a part has no place, or two.
    """
    found = {file: file.read_text(encoding="utf-8") for folder in TASKS for file in sorted(folder.glob("*.yml"))}
    for source, content in parts().items():
        files = [file for file, text in found.items() if f"# {generated_from(source)}\n" in text]
        if len(files) != 1:
            raise ValueError(f"one task file has to have the part '{generated_from(source)}', and {len(files)} have it")
        found[files[0]] = with_part(found[files[0]], source, content)
    return found
