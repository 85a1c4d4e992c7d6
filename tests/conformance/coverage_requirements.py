# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requirements of a whole run of the conformance tests: it covers the API and the modules completely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from jst_emulator.api_spec import OPERATIONS
from tests.conformance.coverage_recorder import Observed, documented_values
from tests.tools.declarations import declaration
from tests.tools.declarations import operations as declared_operations
from tests.tools.module_texts import MODULES

HERE = Path(__file__).resolve().parent
TABLE = HERE / "coverage.yml"
UNSENT_PARAMETERS = HERE / "unsent_parameters.yml"

# Options of pytest by which a session runs some of the tests only.
PICKING = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly", "stepwise")


@dataclass(frozen=True)
class Requirement:
    """One requirement, and what is missing.

    :ivar line: what came of it.
    :ivar missing: what is missing.
    """

    line: str
    missing: list[str]


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


def unsent_parameters() -> dict[str, dict[str, str]]:
    """Return the parameters that no module sends: operation -> parameter -> reason."""
    table: dict[str, dict[str, str]] = yaml.safe_load(UNSENT_PARAMETERS.read_text(encoding="utf-8"))
    return table


def requirements(observed: Observed) -> list[Requirement]:
    """Return all requirements, those not met with what is missing."""
    return [operations(observed), parameters(observed), modules(observed), values(observed)]


def operations(observed: Observed) -> Requirement:
    """Require that each module calls the operations that the table names."""
    table = coverage()
    gaps = [
        f"{operation} was never called by {module}"
        for operation, named in table.items()
        for module in named
        if (module, operation) not in observed.calls
    ]
    covered = len(table) - len({gap.split()[0] for gap in gaps})
    return Requirement(f"operations covered: {covered}/{len(table)}", gaps)


def parameters(observed: Observed) -> Requirement:
    """Require that a module sends each parameter, except those that are left out for a reason."""
    unsent = {f"{operation}.{name}" for operation, names in unsent_parameters().items() for name in names}
    wanted = [name for name in map(".".join, documented_parameters()) if name not in unsent]
    seen = {f"{operation}.{name}" for operation, name in observed.parameters}
    gaps = [f"{name} was never sent" for name in wanted if name not in seen]
    line = f"parameters sent: {_share(wanted, gaps)}, {len(unsent)} left out for a reason"
    return Requirement(
        line, [*gaps, *(f"{name} was sent, and is said to be left out" for name in sorted(unsent & seen))]
    )


def documented_parameters() -> Iterator[tuple[str, str]]:
    """Yield (operation, parameter) of all parameters. Members of lists are dotted."""
    for operation in OPERATIONS.values():
        for name, parameter in operation.parameters.items():
            yield operation.name, name
            yield from ((operation.name, f"{name}.{member.name}") for member in parameter.members)


def modules(observed: Observed) -> Requirement:
    """Require that each module runs and calls an operation."""
    driven = {module for module, _dummy in observed.calls}
    gaps = [f"{module} has no conformance case" for module in MODULES if module not in driven]
    return Requirement(f"modules with a conformance case: {_share(MODULES, gaps)}", gaps)


def values(observed: Observed) -> Requirement:
    """Require that a result shows each return value that a module documents."""
    documented = [(module, path) for module in MODULES for path in documented_values(module)]
    gaps = [f"{module} never returned {path}" for module, path in documented if (module, path) not in observed.values]
    return Requirement(f"documented return values seen: {_share(documented, gaps)}", gaps)


def is_whole(config: pytest.Config) -> bool:
    """Return whether a session runs all conformance tests."""
    if any(config.getoption(name, None) for name in PICKING):
        return False
    start = config.invocation_params.dir
    return any((start / argument).resolve() in (HERE, *HERE.parents) for argument in config.args)


def _share(things: Iterable[object], gaps: list[str]) -> str:
    total = len(list(things))
    return "all" if not gaps else f"{total - len(gaps)}/{total}"
