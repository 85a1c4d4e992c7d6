# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/coverage.md and its Chinese page: which module calls which operation, and what drives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.tools.generate.files import Files, code, file_with_part, table, with_part
from tests.tools.module_texts import MODULES
from tests.tools.module_texts import read as documented
from tests.tools.run_in_collection import ROOT

CONFORMANCE = ROOT / "tests" / "conformance"
# What the two generated parts of a page are generated from.
OPERATIONS = "the declarations, tests/conformance/coverage.yml and the conformance tests"
OPTIONS = "the documentation of the modules and the conformance tests"


class Texts(NamedTuple):
    """The texts of the tables in a language."""

    operations: tuple[str, str, str]
    modules: tuple[str, str, str]
    case: str


PAGES = {
    ROOT / "docs" / "coverage.md": Texts(
        operations=("operation", "modules", "conformance"),
        modules=("module", "options", "conformance"),
        case="case `{}`",
    ),
    ROOT / "docs" / "zh" / "coverage.md": Texts(
        operations=("接口", "模块", "一致性测试"),
        modules=("模块", "选项", "一致性测试"),
        case="用例 `{}`",
    ),
}


def drivers(module: str, case: str = "case `{}`") -> Iterator[str]:
    """What drives a module in the conformance tests: the case of its lifecycle, or else the files that name it."""
    from tests.conformance.module_cases import MODULE_CASES

    cases = {case.module for case in MODULE_CASES} | {
        f"{case.module}_info" for case in MODULE_CASES if case.info is not None
    }
    if module in cases:
        yield case.format(module.removesuffix("_info"))
        return
    for file in sorted(set(CONFORMANCE.glob("test_*.py")) - {CONFORMANCE / "test_coverage.py"}):
        if f'"{module}"' in file.read_text(encoding="utf-8"):
            yield f"`{file.name}`"


def _tables(texts: Texts) -> tuple[str, str]:
    """Return the table of the operations, and that of the modules."""
    from tests.conformance.coverage_requirements import coverage

    driven = {module: [*drivers(module, texts.case)] for module in MODULES}
    operations = [
        (f"`{operation}`", code(named), "; ".join(dict.fromkeys(driver for each in named for driver in driven[each])))
        for operation, named in coverage().items()
    ]
    modules = [
        (f"`{module}`", code(documented(module, "DOCUMENTATION")["options"]), "; ".join(driven[module]))
        for module in MODULES
    ]
    return table(texts.operations, operations), table(texts.modules, modules)


def render() -> Files:
    """Return the pages."""
    pages = {}
    for page, texts in PAGES.items():
        operations, modules = (f"\n{part}\n" for part in _tables(texts))
        pages[page] = with_part(file_with_part(page, OPERATIONS, operations), OPTIONS, modules)
    return pages
