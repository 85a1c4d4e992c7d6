# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that says which module calls which operation, and what drives it: docs/coverage.md."""

from __future__ import annotations

from collections.abc import Iterator

from tests.tools.generate.files import Files, code, markdown_head, table
from tests.tools.module_texts import MODULES
from tests.tools.module_texts import read as documented
from tests.tools.run_in_collection import ROOT

CONFORMANCE = ROOT / "tests" / "conformance"
PAGE = ROOT / "docs" / "coverage.md"
INTRODUCTION = """
# Coverage of the API

A whole run of the conformance tests fails unless every operation was called by every module that stands beside it here,
unless every parameter was sent by one of them, and unless every return value that a module documents was seen.
"""


def drivers(module: str) -> Iterator[str]:
    """What drives a module in the conformance tests: the case of its lifecycle, or else the files that name it."""
    from tests.conformance.module_cases import MODULE_CASES

    cases = {case.module for case in MODULE_CASES} | {
        f"{case.module}_info" for case in MODULE_CASES if case.info is not None
    }
    if module in cases:
        yield f"case `{module.removesuffix('_info')}`"
        return
    for file in sorted(set(CONFORMANCE.glob("test_*.py")) - {CONFORMANCE / "test_coverage.py"}):
        if f'"{module}"' in file.read_text(encoding="utf-8"):
            yield f"`{file.name}`"


def render() -> Files:
    """Return the page."""
    from tests.conformance.coverage_requirements import coverage

    operations = [
        (f"`{operation}`", code(named), "; ".join(dict.fromkeys(driver for each in named for driver in drivers(each))))
        for operation, named in coverage().items()
    ]
    modules = [
        (f"`{module}`", code(documented(module, "DOCUMENTATION")["options"]), "; ".join(drivers(module)))
        for module in MODULES
    ]
    head = markdown_head("the declarations, tests/conformance/coverage.yml and the conformance tests")
    text = "\n".join(
        [
            head + INTRODUCTION,
            "## Operations\n",
            table(("operation", "modules", "conformance"), operations),
            "## Modules\n",
            "Options of access, waiting and the like, which many modules share, are left out.\n",
            table(("module", "options", "conformance"), modules),
        ]
    )
    return {PAGE: text}
