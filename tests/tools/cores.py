# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the collection on every ansible-core that it supports, on every Python found here that can run that core.

Each pair of both has a virtual environment of its own below ``build/matrix``, with the output of its checks. At the end
there is one table; the exit code is 1 when a check failed or none could be run.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.tools.run_in_collection import BUILD, ROOT
from tests.tools.sanity import find_pythons

TESTS = ROOT / "tests"

# The Pythons that can run each ansible-core on the controller, oldest first.
CORES: Mapping[str, tuple[str, ...]] = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
    # Whatever the index has, betas included.
    "newest": ("3.13", "3.14", "3.15"),
}
PYTHONS = sorted({python for pythons in CORES.values() for python in pythons}, key=lambda python: python.split(".")[1])

# Tests and emulator cannot run on older Pythons.
TOO_OLD_FOR_TESTS = ("3.10",)

# Environments have the pins of .venv, but for what is under test and the one dependency that old cores want older.
UNPINNED = ("ansible-core", "resolvelib")

SLICE = (
    TESTS / "conformance" / "test_module_lifecycle.py::test_lifecycle[jst_service]",
    TESTS / "matrix",
    TESTS / "unit" / "plugins" / "action",
    TESTS / "unit" / "plugins" / "plugin_utils",
)

NOT_RUN = "-"


@dataclass
class Pair:
    """An ansible-core on a Python.

    :ivar series: key of ``CORES``.
    :ivar python: version of Python, such as "3.12".
    :ivar base: the interpreter that its environment is made of.
    :ivar is_last: whether no newer Python here can run the core.
    :ivar core: the version of ansible-core that was installed.
    :ivar results: what came of each check, by the check's name.
    """

    series: str
    python: str
    base: Path
    is_last: bool
    core: str = ""
    results: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in all that is printed."""
        return f"ansible-core {self.core or self.series} on Python {self.python}"

    @property
    def folder(self) -> Path:
        """Its virtual environment."""
        return BUILD / "matrix" / f"{self.series}-{self.python}"

    @property
    def interpreter(self) -> Path:
        """The Python of its virtual environment."""
        return self.folder / "bin" / "python"

    @property
    def runs_tests(self) -> bool:
        """Whether its Python is new enough for the tests."""
        return self.python not in TOO_OLD_FOR_TESTS


Command = Sequence[str | Path]


def imports(pair: Pair) -> Command | None:
    """Every plugin is imported, and its documentation read."""
    return [pair.interpreter, "-m", "tests.tools.import_check"]


def parity(pair: Pair) -> Command | None:
    """A module in the worker and in a process of its own, compared to the last key."""
    return [sys.executable, "-m", "tests.tools.parity", pair.interpreter]


def conformance(pair: Pair) -> Command | None:
    """The life of a module and the bring-up of apps by role against the emulator, both ways."""
    return [pair.interpreter, "-m", "pytest", *SLICE] if pair.runs_tests else None


def sanity(pair: Pair) -> Command | None:
    """The core's own ansible-test. One run covers every Python it knows, so one is enough for a core."""
    left_out = [option for test in unavailable(pair) for option in ("--skip-test", test)]
    return [pair.interpreter, "-m", "tests.tools.sanity", *left_out] if pair.is_last and pair.runs_tests else None


def unavailable(pair: Pair) -> Iterator[str]:
    """The sanity tests of a core which install something that is on no package index, as betas do."""
    for file in pair.folder.glob("lib/*/site-packages/ansible_test/_data/requirements/sanity.*.txt"):
        if "://" in file.read_text():
            yield file.name.split(".")[1]


CHECKS: Mapping[str, Callable[[Pair], Command | None]] = {
    check.__name__: check for check in (imports, parity, conformance, sanity)
}


def pairs(cores: Sequence[str], pythons: Sequence[str]) -> Iterator[Pair]:
    """What of ``cores`` and ``pythons`` goes together and can be had here."""
    found = find_pythons(pythons)
    for series in cores:
        here = [python for python in CORES[series] if python in found]
        for python in here:
            yield Pair(series, python, found[python], is_last=python == here[-1])


def constraints() -> Iterator[str]:
    """The pins of .venv as far as they hold for every core."""
    for name in ("requirements-dev.txt", "constraints.txt"):
        for line in (ROOT / name).read_text().splitlines():
            pinned = re.match(r"([\w.-]+) ?==", line)
            if pinned and pinned[1] not in UNPINNED:
                yield line


def prepare(pair: Pair) -> None:
    """Make the environment of ``pair`` unless it is there, and set ``core``.

    :raises subprocess.CalledProcessError: when it cannot be made.
    """
    ready = pair.folder / "ready"
    if not ready.exists():
        shutil.rmtree(pair.folder, ignore_errors=True)
        subprocess.run([pair.base, "-m", "venv", pair.folder], check=True)
        install = [str(pair.interpreter), "-m", "pip", "install", "--quiet"]
        if pair.runs_tests:  # the pins are for Pythons that can run tests
            (pair.folder / "constraints.txt").write_text("".join(f"{line}\n" for line in constraints()))
            install += ["--constraint", str(pair.folder / "constraints.txt")]
        tools = ["pytest", "pytest-xdist", "--editable", str(TESTS / "emulator")] if pair.runs_tests else []
        subprocess.run([*install, "--requirement", str(ROOT / "requirements.txt"), *tools], check=True)
        core = ["--pre", "ansible-core"] if pair.series == "newest" else [f"ansible-core=={pair.series}.*"]
        subprocess.run([*install, *core], check=True)
        ready.touch()
    code = "import ansible.release; print(ansible.release.__version__)"
    command = [str(pair.interpreter), "-c", code]
    pair.core = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def run(pair: Pair, name: str, command: Command) -> bool:
    """Run the command of a check, whose output goes into a file of the environment; returns whether it passed."""
    log = pair.folder / f"{name}.log"
    began = time.monotonic()
    with log.open("w") as output:
        code = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        ).returncode
    pair.results[name] = f"{'FAILED' if code else 'ok'} {time.monotonic() - began:.0f} s"
    print(f"{pair.name}: {name} {pair.results[name]}", f"see {log.relative_to(ROOT)}" if code else "", flush=True)
    return not code


def table(tried: Sequence[Pair]) -> str:
    """The results, a line for each pair."""
    lines = [("ansible-core", "Python", *CHECKS)]
    for pair in tried:
        lines.append((pair.core or pair.series, pair.python, *(pair.results.get(name, NOT_RUN) for name in CHECKS)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def main() -> int:
    """Run what the command line asks for, everything unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--core", nargs="+", choices=CORES, default=list(CORES))
    parser.add_argument("--python", nargs="+", choices=PYTHONS, default=PYTHONS)
    parser.add_argument("--check", nargs="+", choices=CHECKS, default=list(CHECKS))
    asked = parser.parse_args()
    tried: list[Pair] = []
    failed = False
    for pair in pairs(asked.core, asked.python):
        try:
            prepare(pair)
        except subprocess.CalledProcessError as error:
            print(f"{pair.name} cannot be installed: {error}", flush=True)
            failed = True
        else:
            if (pair.core, pair.python) in [(other.core, other.python) for other in tried]:
                continue  # no core is newer than those with a name
            for name in asked.check:
                command = CHECKS[name](pair)
                if command and not run(pair, name, command):
                    failed = True
        tried.append(pair)
    missing = sorted({*asked.python} - {pair.python for pair in tried}, key=PYTHONS.index)
    print(table(tried), *([f"Not found here: Python {', '.join(missing)}"] if missing else []), sep="\n")
    for pair in tried:
        if "sanity" in pair.results:
            for test in unavailable(pair):
                print(f"{pair.name}: sanity without {test}, which needs what is on no package index")
    return int(failed or not tried)


if __name__ == "__main__":
    sys.exit(main())
