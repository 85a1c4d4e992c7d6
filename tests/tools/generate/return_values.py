# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reading module returns of each record, from the documentation of the module that manages the resource.

A member that the reading module documents itself, beside the generated part, is left out. Check mode predicts nothing
in a reading module, so sentences about it are left out too.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import yaml

from tests.tools.declarations import declaration, record_members
from tests.tools.generate.files import Files, as_yaml, file_with_part, with_part
from tests.tools.module_texts import FOLDER, MODULES, text

SUFFIX = "_info"
ABOUT = "check mode"


def source(state_module: str) -> str:
    """Return what the marker says that a part is generated from."""
    return f"the return values of {state_module}"


def members(documentation: str) -> dict[str, str]:
    """Return the YAML of each member of the records that the first return value holds."""
    lines = documentation.splitlines(keepends=True)
    document = yaml.compose(documentation)
    assert isinstance(document, yaml.MappingNode)
    [(_name, value), *_others] = document.value
    contains = next(node for key, node in value.value if key.value == "contains")
    if not isinstance(contains, yaml.MappingNode):
        return {}  # Nothing stands there, or a comment alone.
    starts = [key.start_mark for key, _node in contains.value]
    ends = [*(mark.line for mark in starts[1:]), contains.end_mark.line]
    return {
        key.value: textwrap.dedent("".join(lines[mark.line : end]))
        for (key, _node), mark, end in zip(contains.value, starts, ends, strict=True)
    }


def without_prediction(member: str) -> str:
    """Return a member without the sentences of its description that are about check mode."""
    [(name, documented)] = yaml.safe_load(member).items()
    given = documented["description"]
    texts = given if isinstance(given, list) else [given]
    kept = [" ".join(s for s in re.split(r"(?<=\.) (?=[A-Z])", each) if ABOUT not in s) for each in texts]
    if kept == texts:
        return member
    told = [each for each in kept if each]
    documented["description"] = told[0] if len(told) == 1 else told
    return as_yaml({name: documented})


def render() -> Files:
    """Return the files of all reading modules beside which a module manages the resource."""
    return dict(map(rendered, (module for module in MODULES if f"{module}{SUFFIX}" in MODULES)))


def rendered(state_module: str) -> tuple[Path, str]:
    """Return the file of the reading module of a resource."""
    file = FOLDER / f"{state_module}{SUFFIX}.py"
    own = members(with_part(text(file, "RETURN"), source(state_module), ""))
    returned = record_members(declaration(f"{state_module}{SUFFIX}"))
    documented = members(text(FOLDER / f"{state_module}.py", "RETURN"))
    shared = [member for name, member in documented.items() if name in returned and name not in own]
    return file, file_with_part(file, source(state_module), "".join(map(without_prediction, shared)))
