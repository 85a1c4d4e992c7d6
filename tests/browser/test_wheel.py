# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as pip installs it from the checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from jst_emulator.api_spec import OPERATIONS
from tests.tools.run_in_collection import ROOT
from tests.tools.running_emulator import GREETING

SOURCE = ROOT / "tests" / "emulator"
LEFTOVERS = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: setuptools leaves things beside the source."""
    folder = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(SOURCE, folder / "source", ignore=LEFTOVERS)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_every_file_is_in_it_and_no_test(wheel: Path) -> None:
    wanted = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "jst_emulator").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == wanted
    assert "jst_emulator/web/static/page.js" in packed


def test_its_command_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    constraints = ROOT / "constraints.txt"
    subprocess.run([programs / "pip", "install", "--quiet", "-c", constraints, wheel], cwd=tmp_path, check=True)
    for command in ([programs / "jst-emulator"], [programs / "python", "-m", "jst_emulator"]):
        with subprocess.Popen([*command, "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                address = process.stdout.readline().removeprefix(GREETING).strip()
                with urlopen(f"{address}/_emulator/health") as answer:
                    assert json.load(answer)["operations"] == len(OPERATIONS)
                with urlopen(f"{address}/_emulator/state") as answer:
                    assert [one["title"] for one in json.load(answer)["clusters"]] == ["emu-online", "emu-test"]
                for path in ("", "static/page.js", "static/page.css", "static/icon.svg"):
                    with urlopen(f"{address}/_emulator/{path}") as answer:
                        assert len(answer.read()) > 500
            finally:
                process.terminate()
        assert process.returncode == 0
