# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provide emulators to the tests, and check what the whole session covered."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.conformance import coverage_recorder
from tests.conformance.coverage_requirements import Requirement, is_whole, requirements
from tests.conformance.emulators import Emulators
from tests.conformance.forkserver import fork_servers
from tests.tools.run_in_collection import BUILD

# What tests start keeps the byte code of archives.
COMPILED = BUILD / "cache" / "compiled"
COMPILED.mkdir(parents=True, exist_ok=True)
os.environ["COMPILE_ONCE"] = str(COMPILED)
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(Path(__file__).parent / "compile_once"), os.environ.get("PYTHONPATH")])
)

FOLDER = pytest.StashKey[Path]()
REQUIREMENTS = pytest.StashKey[list[Requirement]]()

# The files whose tests take from a quarter of a minute to a minute and a half each.
LONG = (
    "test_faults",
    "test_secrets",
    "test_teardown",
    "test_runner",
    "test_release",
    "test_bad_input",
    "test_documents",
    "test_guides",
    "test_role_variables",
    "test_races",
    "test_readings_rejections",
    "test_readings_releases",
    "test_readings_forms",
    "test_running",
    "test_lists",
    "test_null_and_digits",
    "test_bring_up",
    "test_roles",
    "test_module_lifecycle",
)

# Tests whose cases share an account that takes long to make. One test process runs all cases of each.
SHARED = ("test_bad_input.py::test_bad_input", "test_examples.py::test_examples")


class Scheduler(LoadScopeScheduling):
    """Give each test to the next process that is free, and all cases of a test with an account to the same.

    The groups of pytest-xdist 3.8 have no effect under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        function = nodeid.partition("[")[0]
        return function if function.endswith(SHARED) else nodeid


@pytest.fixture(scope="session")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulators]:
    """Return the emulators of this test process. Each is reset whenever a test asks for it."""
    with ExitStack() as stack:
        yield Emulators(stack, tmp_path_factory)


def pytest_configure(config: pytest.Config) -> None:
    """Set the folder of the coverage records: the main process creates it and passes it to its workers."""
    told = getattr(config, "workerinput", None)
    if told is None:
        (BUILD / "coverage").mkdir(parents=True, exist_ok=True)
        config.stash[FOLDER] = Path(tempfile.mkdtemp(dir=BUILD / "coverage"))
    else:
        config.stash[FOLDER] = Path(told["coverage_folder"])
    coverage_recorder.recorder.open(config.stash[FOLDER])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first: started last, they would run alone at the end."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    """Return the scheduler of these tests."""
    return Scheduler(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Pass the folder to a worker."""
    node.workerinput["coverage_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the fork servers and delete the folder."""
    fork_servers.stop()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a whole run that misses a requirement."""
    if hasattr(session.config, "workerinput") or not is_whole(session.config):
        return
    session.config.stash[REQUIREMENTS] = requirements(coverage_recorder.read_observed(session.config.stash[FOLDER]))
    if exitstatus == pytest.ExitCode.OK and any(
        requirement.missing for requirement in session.config.stash[REQUIREMENTS]
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print which requirements are met, and what is missing."""
    notes = sorted(coverage_recorder.read_observed(config.stash[FOLDER]).notes)
    shown = config.stash.get(REQUIREMENTS, [])
    if notes or shown:
        terminalreporter.section("conformance")
    for line in notes:
        terminalreporter.line(line)
    for requirement in shown:
        terminalreporter.line(requirement.line, green=not requirement.missing, red=bool(requirement.missing))
        for gap in requirement.missing:
            terminalreporter.line(f"  {gap}", red=True)
