# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``ansible-test sanity`` over the published files, on every Python found here that ansible-core supports.

The tests that only guard the main branch are no part of the archive; ruff and mypy read them, strictly.
"""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml
from ansible_test._util.target.common.constants import CONTROLLER_PYTHON_VERSIONS, REMOTE_ONLY_PYTHON_VERSIONS

from tests.tools.run_in_collection import BIN, BUILD, HOME, ROOT, environment
from tests.tools.stage import stage

# ansible-test fetches a script that puts pip into its virtual environments, from a host that is not a package index,
# unless it finds the script in its cache. This one takes the pip that comes with Python. The file's name holds the
# version of pip which ansible-core asks for: 2.16 and 2.17, 2.18 and 2.19, 2.20 and later.
PIP_SCRIPTS = tuple(HOME / ".ansible" / "test" / "cache" / f"get_pip_{pip}.py" for pip in ("23_1_2", "24_2", "25_2"))
COMPILE_ONCE = ROOT / "tests" / "tools" / "sanity_site" / "sitecustomize.py"
PIP_SCRIPT_TEXT = """\
import ensurepip
import pathlib
import runpy
import subprocess
import sys

# From its archive, since an installed one would only be replaced. Some distributions keep the archive elsewhere.
wheels = sorted(pathlib.Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))
if wheels:
    sys.path.insert(0, str(wheels[-1]))
else:
    subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
options = [option for option in sys.argv[1:] if option not in ("--no-setuptools", "--no-wheel")]
sys.argv = ["pip", "install"] + options
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def candidates(version: str) -> Iterator[Path]:
    """Yield where a Python ``version`` ("3.8") may be: on the path, or in a folder of pyenv."""
    found = shutil.which(f"python{version}")
    if found:
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))


def works(python: Path) -> bool:
    """Return whether ``python`` starts and can create virtual environments; a shim of pyenv may do neither."""
    return subprocess.run([python, "-c", "import ensurepip, venv"], check=False, capture_output=True).returncode == 0


def find_pythons(versions: Iterable[str]) -> dict[str, Path]:
    """Return the first working interpreter for each of ``versions`` that this machine has."""
    found = {}
    for version in versions:
        python = next(filter(works, candidates(version)), None)
        if python:
            found[version] = python
    return found


def lay_home() -> None:
    """Give ansible-test a home directory inside the checkout, with its pip script and the pip settings in force here.

    ansible-test passes neither the variables of pip nor the real home on, so an index set there would be forgotten.
    """
    for script in PIP_SCRIPTS:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(PIP_SCRIPT_TEXT)
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    settings = configparser.ConfigParser(interpolation=None)
    settings.add_section("global")
    for line in listing.splitlines():  # such as global.index-url='https://...' or :env:.index-url='https://...'
        name, value = line.split("=", maxsplit=1)
        settings.set("global", name.rpartition(".")[2], " ".join(ast.literal_eval(value).split()))
    settings.set("global", "cache-dir", str(HOME / ".cache" / "pip"))
    settings.set("global", "quiet", "2")
    configuration = HOME / ".config" / "pip" / "pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    with configuration.open("w") as file:
        settings.write(file)


def compile_once() -> None:
    """Make the virtual environments of the import test compile each module once."""
    venvs = HOME / ".ansible" / "test" / "venv"
    for kind in ("sanity", "sanity.import*"):  # the first one is for modules, which have no requirements
        for folder in venvs.glob(f"{kind}/*/*/lib/python*/site-packages"):
            shutil.copy(COMPILE_ONCE, folder)


def kept_back() -> list[str]:
    """Return the directories of tests that the archive leaves out."""
    ignored: list[str] = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]
    return [name for name in ignored if name.startswith("tests/")]


def main(options: Sequence[str]) -> int:
    """Run ansible-test with further ``options``; return its exit code."""
    found = find_pythons((*REMOTE_ONLY_PYTHON_VERSIONS, *CONTROLLER_PYTHON_VERSIONS))
    print("ansible-test sanity on Python", ", ".join(found), flush=True)
    lay_home()
    # ansible-test makes its virtual environments from what the path shows, whatever interpreter it is told to use.
    variables = environment()
    shown = [BIN, *(python.parent for python in found.values())]
    variables["PATH"] = os.pathsep.join([*map(str, shown), variables["PATH"]])
    targets = [option for version in found for option in ("--target-python", version)]
    command = ["ansible-test", "sanity", *targets]
    unpacked = stage(BUILD / "sanity", without=kept_back())
    subprocess.run([*command, "--test", "import", "--prime-venvs"], cwd=unpacked, env=variables, check=True)
    compile_once()
    return subprocess.run([*command, *options], cwd=unpacked, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
