# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole run of the conformance tests has to have shown: nothing of the API and of the modules is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from jst_emulator.api_spec import OPERATIONS
from tests.conformance.coverage_recorder import Witness, documented_values
from tests.tools.declarations import declaration
from tests.tools.declarations import operations as declared_operations
from tests.tools.module_texts import MODULES

HERE = Path(__file__).resolve().parent
TABLE = HERE / "coverage.yml"
LEFT_OUT = HERE / "unsent_parameters.yml"

# Options of pytest by which a session runs some of the tests only.
PICKING = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly", "stepwise")


@dataclass(frozen=True)
class Proof:
    """One thing that was to be shown.

    :ivar line: what came of it.
    :ivar gaps: what is missing.
    """

    line: str
    gaps: list[str]


@cache
def coverage() -> dict[str, list[str]]:
    """Return the modules that have to call each operation, in the order of the reference.

    They are those whose declaration names it, but for the differences that the table has.
    """
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    called = {
        module: {*declared_operations(declaration(module)), *table["also_called"].get(module, ())}
        - {*table["not_called"].get(module, ())}
        for module in MODULES
    }
    return {operation: [module for module in MODULES if operation in called[module]] for operation in OPERATIONS}


def table_faults() -> list[str]:
    """Return what the table says although the declarations say the same, or nothing like it."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    declared = {module: {*declared_operations(declaration(module))} for module in MODULES}
    also = [(module, name) for module, names in table["also_called"].items() for name in names]
    never = [(module, name) for module, names in table["not_called"].items() for name in names]
    return [
        *(f"{module} declares {name}" for module, name in also if name in declared[module]),
        *(f"{module} does not declare {name}" for module, name in never if name not in declared[module]),
        *(f"there is no {name}" for _module, name in also if name not in OPERATIONS),
    ]


def left_out() -> dict[str, dict[str, str]]:
    """Operation -> parameter that no module sends -> why."""
    table: dict[str, dict[str, str]] = yaml.safe_load(LEFT_OUT.read_text(encoding="utf-8"))
    return table


def proofs(witness: Witness) -> list[Proof]:
    """All proofs, the failed ones with what they lack."""
    return [operations(witness), parameters(witness), modules(witness), values(witness)]


def operations(witness: Witness) -> Proof:
    """Each operation was called by each module that the table names."""
    table = coverage()
    gaps = [
        f"{operation} was never called by {module}"
        for operation, named in table.items()
        for module in named
        if (module, operation) not in witness.calls
    ]
    covered = len(table) - len({gap.split()[0] for gap in gaps})
    return Proof(f"operations covered: {covered}/{len(table)}", gaps)


def parameters(witness: Witness) -> Proof:
    """Each parameter was sent by some module, but for those that are left out for a reason."""
    unsent = {f"{operation}.{name}" for operation, names in left_out().items() for name in names}
    wanted = [name for name in map(".".join, documented_parameters()) if name not in unsent]
    seen = {f"{operation}.{name}" for operation, name in witness.parameters}
    gaps = [f"{name} was never sent" for name in wanted if name not in seen]
    line = f"parameters sent: {_share(wanted, gaps)}, {len(unsent)} left out for a reason"
    return Proof(line, [*gaps, *(f"{name} was sent, and is said to be left out" for name in sorted(unsent & seen))])


def documented_parameters() -> Iterator[tuple[str, str]]:
    """(operation, parameter) of all that there are; members of lists are dotted."""
    for operation in OPERATIONS.values():
        for name, parameter in operation.parameters.items():
            yield operation.name, name
            yield from ((operation.name, f"{name}.{member.name}") for member in parameter.members)


def modules(witness: Witness) -> Proof:
    """Each module has run, and called something."""
    driven = {module for module, _dummy in witness.calls}
    gaps = [f"{module} has no conformance row" for module in MODULES if module not in driven]
    return Proof(f"modules with a conformance row: {_share(MODULES, gaps)}", gaps)


def values(witness: Witness) -> Proof:
    """Each return value that a module documents was seen in a result."""
    documented = [(module, path) for module in MODULES for path in documented_values(module)]
    gaps = [f"{module} never returned {path}" for module, path in documented if (module, path) not in witness.values]
    return Proof(f"documented return values seen: {_share(documented, gaps)}", gaps)


def is_whole(config: pytest.Config) -> bool:
    """Whether nothing is picked out of the conformance tests in a session."""
    if any(config.getoption(name, None) for name in PICKING):
        return False
    start = config.invocation_params.dir
    return any((start / argument).resolve() in (HERE, *HERE.parents) for argument in config.args)


def _share(things: Iterable[object], gaps: list[str]) -> str:
    total = len(list(things))
    return "all" if not gaps else f"{total - len(gaps)}/{total}"
