# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that roles hand on to modules have the types and choices of the options.

Role ``application`` is not here: its argument specification is generated.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.tools.checkout import ROOT
from tests.tools.module_texts import read

# Role -> variable that holds what a module takes, empty for the variables themselves -> module.
HANDED_ON = {
    "cluster": {
        "": "jst_cluster",
        "cluster_node_labels": "jst_node_label",
        "cluster_persistent_volumes": "jst_persistent_volume",
    },
    "database": {"database_databases": "jst_rds_db", "database_accounts": "jst_rds_account"},
    "release": {"": "jst_deployment"},
}


def compared(described: dict[str, Any]) -> dict[str, Any]:
    """Return what has to agree."""
    return {key: described.get(key) for key in ("type", "elements", "choices")}


@pytest.mark.parametrize(
    ("role", "variable", "module"),
    [(role, variable, module) for role, held in HANDED_ON.items() for variable, module in held.items()],
)
def test_variables_agree_with_options(role: str, variable: str, module: str) -> None:
    file = ROOT / "roles" / role / "meta" / "argument_specs.yml"
    variables = yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    described = variables[variable]["options"] if variable else variables
    options = read(module, "DOCUMENTATION")["options"]
    pairs = {
        name: (compared(item), compared(options[option]))
        for name, item in described.items()
        for option in ([name] if name in options else [name.removeprefix(f"{role}_")])
        # A description of a shared option that has no type of its own comes from a fragment.
        if "type" in options.get(option, {})
    }
    assert len(pairs) > 3
    assert {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} == {}
