# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specifications of the roles that hand variables on to modules.

``role_variables/<role>.yml`` describes each role:

- ``entry_points``: their descriptions. All take the same variables.
- ``module``: the module whose options are variables of the role. ``without`` names the options that are none.
- ``options``: what the role says otherwise of such a variable, key by key, and in full the variables of its own.
- ``names``: a file of the role for the names of its variables alone.

A variable that is a list can have ``module``, ``without`` and ``options`` too, for the members of its entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.tools.declarations import argument_spec, conditions_of_entries
from tests.tools.generate.files import LICENSE, Files, as_yaml, generated_from
from tests.tools.module_texts import read as documented
from tests.tools.run_in_collection import ROOT

FOLDER = Path(__file__).with_name("role_variables")
AUTHOR = "The jst.retailcloud contributors (@jst-retailcloud)"

Options = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Place:
    """Where the options of a module stand among the variables of a role.

    :param prefix: what the names of variables begin with. An option that begins with it keeps its name.
    :param holder: what precedes a reference to a member, such as ``shop_items[].``.
    """

    prefix: str = ""
    holder: str = ""

    def name(self, option: str) -> str:
        """Return the name of the variable or member for an option."""
        return option if option.startswith(self.prefix) else self.prefix + option

    def text(self, sentence: str) -> str:
        """Return a sentence about an option as one about the variable."""
        reference = r"\bO\(([a-z_]+)(?=[a-z_.\[\]]*[=)])"
        renamed = re.sub(reference, lambda found: f"O({self.holder}{self.name(found[1])}", sentence)
        return re.sub(r"\b([Tt])he module\b", r"\1he role", renamed)


def declared(role: str) -> dict[str, Any]:
    """Return what the file of a role describes."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{role}.yml").read_text(encoding="utf-8"))
    return found


def taken(described: Mapping[str, Any]) -> Options:
    """Return the documented options of the module in a description, without those that are left out.

    Options without a type belong to all modules, and the module only adds to what a fragment says.

    :raises ValueError: when one that is left out does not exist.
    """
    documentation: Options = documented(described["module"], "DOCUMENTATION")["options"]
    options = {name: option for name, option in documentation.items() if "type" in option}
    left_out = described.get("without", ())
    unknown = sorted(set(left_out) - set(options))
    if unknown:
        raise ValueError(f"{described['module']} has no options {', '.join(unknown)} to leave out")
    return {name: option for name, option in options.items() if name not in left_out}


def specification(described: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return the variables or members that a description stands for.

    :raises ValueError: for one that is neither an option of the module nor described in full.
    """
    module, otherwise = described.get("module"), dict(described.get("options", {}))
    variables: dict[str, Any] = {}
    if module:
        for name, option in converted(taken(described), argument_spec(module), place).items():
            variable = place.name(name)
            variables[variable] = {**option, **otherwise.pop(variable, {})}
    for variable, own in otherwise.items():
        if not {"description", "type"} <= set(own):
            raise ValueError(
                f"{variable} needs a description and a type, since {module or 'no module'} has no such option"
            )
        variables[variable] = with_members(variable, own)
    return variables


def converted(options: Options, spec: Options, place: Place) -> dict[str, Any]:
    """Return documented options as the specification of a role describes them.

    :param spec: the argument specification, which alone tells what is secret.
    """
    found = {}
    for name, documentation in options.items():
        # Argument specifications of roles have no aliases.
        option = {key: value for key, value in documentation.items() if key not in ("suboptions", "aliases")}
        texts = option["description"] if isinstance(option["description"], list) else [option["description"]]
        option["description"] = [place.text(text) for text in texts]
        if spec[name].get("no_log"):
            option["no_log"] = True
        if "suboptions" in documentation:
            option["options"] = converted(documentation["suboptions"], spec[name]["options"], place)
        found[name] = option
    return found


def with_members(variable: str, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a variable of the role itself, its entries with the options of the module that it names."""
    if "module" not in own:
        return own
    kept = {key: value for key, value in own.items() if key not in ("module", "without")}
    members = specification(own, Place(holder=f"{variable}[]."))
    return {**kept, **conditions_of_entries(own["module"]), "options": members}


def render() -> Files:
    """Return the files of the roles."""
    files = {}
    for file in sorted(FOLDER.glob("*.yml")):
        role, described = file.stem, declared(file.stem)
        options = specification(described, Place(prefix=f"{role}_"))
        entry_points = {
            name: {**about, "author": [AUTHOR], "version_added": "1.0.0", "options": options}
            for name, about in described["entry_points"].items()
        }
        folder, source = ROOT / "roles" / role, f"{file.relative_to(ROOT)} and the documentation of the modules"
        files[folder / "meta" / "argument_specs.yml"] = _written({"argument_specs": entry_points}, source)
        if "names" in described:
            files[folder / described["names"]] = _written({f"__{role}_known": sorted(options)}, source)
    return files


def _written(document: Mapping[str, Any], source: str) -> str:
    return f"---\n{LICENSE}\n# {generated_from(source)}\n\n{as_yaml(document)}"
