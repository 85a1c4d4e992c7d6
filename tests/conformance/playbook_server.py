# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that has imported what ansible-playbook imports, and runs it in a fork of itself for each order.

Orders come as lines of JSON on the standard input: arguments, environment, folder, and the files for the standard
output and the standard error. The exit code of each goes to the standard output.

Ansible reads its configuration from the environment while it is imported. So a server is for runs whose variables are
those that it was started with, but for variables that only modules and callbacks read.
"""

from __future__ import annotations

import atexit
import functools
import gc
import glob
import importlib
import json
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import ansible
from ansible import constants
from ansible.cli.playbook import main
from ansible.plugins import loader
from ansible.utils.collection_loader import _collection_finder
from ansible.utils.path import cleanup_tmp_file

# Kinds of Ansible's plugins of which each run loads most, and what else it loads. The collection is not imported.
KINDS = ("become", "callback", "connection", "filter", "inventory", "shell", "test", "vars")
PLUGINS = ("action.normal", "cache.memory", "strategy.linear")
LIBRARIES = ("ansible.executor.process.worker", "requests")
# Seconds between two checks for results. Ansible's default of a millisecond keeps a core busy while tasks only wait.
POLL_INTERVAL = 0.005
# The folder, beside other temporary files, with the archives of modules that run in processes of their own. Ansible
# builds each of them once for a run, which takes a third of a second; here all runs share them.
ARCHIVES = "ansiballz_cache"
ROUTES = Path(ansible.__file__).parent / "config" / "ansible_builtin_runtime.yml"


def plugins_of(kinds: Iterable[str]) -> Iterator[str]:
    """``kind.name`` of all plugins of these kinds."""
    for kind in kinds:
        found = pkgutil.iter_modules(importlib.import_module(f"ansible.plugins.{kind}").__path__)
        yield from (f"{kind}.{module.name}" for module in found)


def compile_collections() -> None:
    """Compile the collections once for all runs.

    Ansible's loader for collections keeps no byte code. A file that has changed since is compiled by the loader.
    """
    loader_class: Any = _collection_finder._AnsibleCollectionPkgLoaderBase
    load: Callable[[Any, str], CodeType | None] = loader_class.get_code
    files = [
        file
        for path in constants.COLLECTIONS_PATHS
        for file in glob.iglob(f"{path}/*/*/*/plugins/**/*.py", recursive=True)
    ]
    known = {file: Path(file).read_bytes() for file in files}
    codes = {file: compile(source, file, "exec", 0, True) for file, source in known.items()}

    def get_code(self: Any, fullname: str) -> CodeType | None:
        file = self.get_filename(fullname)
        if file in known and self.get_source(fullname) == known[file]:
            return codes[file]
        return load(self, fullname)

    loader_class.get_code = get_code


def prepare() -> None:
    """Import and read what every run begins with."""
    constants.DEFAULT_INTERNAL_POLL_INTERVAL = POLL_INTERVAL
    (Path(constants.DEFAULT_LOCAL_TMP) / ARCHIVES).mkdir()
    compile_collections()
    for library in LIBRARIES:
        importlib.import_module(library)
    for plugin in (*PLUGINS, *plugins_of(KINDS)):
        kind, _dummy, name = plugin.partition(".")
        module = importlib.import_module(f"ansible.plugins.{plugin}")
        getattr(loader, f"{kind}_loader")._load_config_defs(name, module, module.__file__)
    read_routes = functools.cache(_collection_finder._meta_yml_to_dict)
    read_routes(ROUTES.read_bytes(), ("ansible.builtin", "runtime.yml"))
    _collection_finder._meta_yml_to_dict = read_routes
    gc.collect()
    gc.freeze()


def become(order: dict[str, Any]) -> None:
    """Turn this fork into what a start of the command would be."""
    for descriptor, file, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["stdout"], os.O_WRONLY | os.O_CREAT),
        (2, order["stderr"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(file, flags)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = order["arguments"]
    # The folder for temporary files was made while the configuration was read; each run has its own, and removes it.
    atexit.unregister(cleanup_tmp_file)
    parent, name = os.path.split(constants.DEFAULT_LOCAL_TMP)
    archives = Path(constants.DEFAULT_LOCAL_TMP) / ARCHIVES
    constants.DEFAULT_LOCAL_TMP = tempfile.mkdtemp(prefix=f"{name}-", dir=parent)
    (Path(constants.DEFAULT_LOCAL_TMP) / ARCHIVES).symlink_to(archives)
    atexit.register(cleanup_tmp_file, constants.DEFAULT_LOCAL_TMP, warn=True)


def serve(answers: int) -> bool:
    """Take orders until there are no more, and write exit codes to the descriptor ``answers``.

    :returns: whether this is a fork, which has become the command.
    """
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(answers)
            become(json.loads(line))
            return True
        _pid, status = os.waitpid(child, 0)
        os.write(answers, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    return False


if __name__ == "__main__":
    channel = os.dup(1)
    os.dup2(2, 1)
    prepare()
    if serve(channel):
        main()
