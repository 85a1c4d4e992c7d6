# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the roles' variables names variables that the role has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from tests.tools.run_in_collection import ROOT

SPECS = sorted((ROOT / "roles").glob("*/meta/argument_specs.yml"))


def options_of(options: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each variable and member with its path, such as ``application_environments.name``."""
    for name, option in options.items():
        yield prefix + name, option
        yield from options_of(option.get("options") or {}, f"{prefix}{name}.")


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parent.parent.name)
def test_references_exist(path: Any) -> None:
    """What ``O()`` refers to in a text is a variable of the same role."""
    entry_points = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
    known = dict(options_of(entry_points["main"]["options"]))
    texts = [str(described["description"]) for described in (*entry_points.values(), *known.values())]
    references = {name.replace("[]", "") for text in texts for name in re.findall(r"\bO\(([\w.\[\]]+)", text)}
    assert references - set(known) == set()
    assert known
