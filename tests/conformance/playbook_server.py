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
import marshal
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import ansible
import jinja2
from ansible import constants
from ansible.cli.playbook import main
from ansible.executor.process import worker
from ansible.executor.task_executor import TaskExecutor
from ansible.plugins import loader
from ansible.utils.collection_loader import AnsibleCollectionConfig, _collection_finder
from ansible.utils.path import cleanup_tmp_file
from jinja2.environment import TemplateExpression

# Kinds of Ansible's plugins of which each run loads most, and what else it loads.
KINDS = ("become", "callback", "connection", "filter", "inventory", "shell", "test", "vars")
PLUGINS = ("action.normal", "cache.memory", "strategy.linear")
LIBRARIES = ("ansible.executor.process.worker", "requests")
# Packages of the collection that only define things. Its actions act while they are imported: a run imports them.
COLLECTION = "ansible_collections.jst.retailcloud"
PACKAGES = ("module_utils", "modules")
# Seconds between two checks for results. Ansible's default of a millisecond keeps a core busy while tasks only wait.
POLL_INTERVAL = 0.005
# The folder, beside other temporary files, with the archives of modules that run in processes of their own. Ansible
# builds each of them once for a run, which takes a third of a second; here all runs share them.
ARCHIVES = "ansiballz_cache"
# The byte code of templates. All runs share it, as the archives.
TEMPLATES = Path(__file__).parents[2] / "build" / "cache" / "templates"
# Actions of ansible-core that compute values, check them or name files. They run in the main process.
INLINE = {
    f"{prefix}{name}"
    for prefix in ("", "ansible.builtin.", "ansible.legacy.")
    for name in ("assert", "debug", "fail", "include_role", "include_tasks", "set_fact", "validate_argument_spec")
}
ROUTES = Path(ansible.__file__).parent / "config" / "ansible_builtin_runtime.yml"


def plugins_of(kinds: Iterable[str]) -> Iterator[str]:
    """``kind.name`` of all plugins of these kinds."""
    for kind in kinds:
        found = pkgutil.iter_modules(importlib.import_module(f"ansible.plugins.{kind}").__path__)
        yield from (f"{kind}.{module.name}" for module in found)


def compile_collections() -> None:
    """Take the byte code of the collections from the cache that Python keeps, and make it if need be.

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
    codes = {file: SourceFileLoader(file, file).get_code(file) for file in known}

    def get_code(self: Any, fullname: str) -> CodeType | None:
        file = self.get_filename(fullname)
        if file in known and self.get_source(fullname) == known[file]:
            return codes[file]
        return load(self, fullname)

    loader_class.get_code = get_code


def import_library() -> None:
    """Import the library of the collection and its modules. Their import takes half the time of a short run.

    The packages that hold them are left to the run, since Ansible shows where it finds a collection.
    """
    loader.init_plugin_loader()
    for folder in PACKAGES:
        package = importlib.import_module(f"{COLLECTION}.plugins.{folder}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in (COLLECTION, COLLECTION.rpartition(".")[0], COLLECTION.partition(".")[0]):
        del sys.modules[name]
    AnsibleCollectionConfig._collection_finder = None


def share_templates() -> None:
    """Keep the byte code of templates and expressions in files.

    Ansible runs each task in a fork, which compiles every template that it meets: a third of the CPU time of a task.
    In ansible-core before 2.19 templates are other classes, and nothing is kept.
    """
    try:
        from ansible._internal._templating import _jinja_bits as templating
    except ImportError:
        return
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    versions = (ansible.__version__, jinja2.__version__, sys.implementation.cache_tag)
    environments: Any = templating.AnsibleEnvironment
    templates: Any = templating.AnsibleTemplate
    make_template, make_expression = environments.from_string, environments.compile_expression
    load = templates.from_code.__func__

    def file_of(environment: Any, form: str, source: str) -> Path:
        """Return the file for a text. Its name covers all that decides what the text is compiled to."""
        context = templating._TemplateCompileContext.current(optional=True)
        settings = [getattr(environment, name) for name in templating._TEMPLATE_OVERRIDE_FIELD_NAMES]
        config = (templating._TemplateConfig.allow_embedded_templates, sorted(environment.extensions))
        parts = (versions, form, context and context.escape_backslashes, settings, config, str.encode(source))
        return TEMPLATES / blake2b(repr(parts).encode(), digest_size=20).hexdigest()

    def from_code(cls: Any, environment: Any, code: CodeType, names: Any, uptodate: Any = None) -> Any:
        template = load(cls, environment, code, names, uptodate)
        template.code = code
        return template

    def from_string(self: Any, source: Any, names: Any = None, template_class: Any = None) -> Any:
        if not isinstance(source, str) or template_class:
            return make_template(self, source, names, template_class)
        file = file_of(self, "template", source)
        code = read_code(file)
        if code:
            return templates.from_code(self, code, self.make_globals(names))
        template = make_template(self, source, names)
        write_code(file, template.code)
        return template

    def compile_expression(self: Any, source: str, undefined_to_none: bool = True) -> Any:
        file = file_of(self, "expression", source)
        code = read_code(file)
        if code:
            template = templates.from_code(self, code, self.make_globals(None))
            return TemplateExpression(template, undefined_to_none)
        expression = make_expression(self, source, undefined_to_none)
        write_code(file, expression._template.code)
        return expression

    templates.from_code = classmethod(from_code)
    environments.from_string = from_string
    environments.compile_expression = compile_expression


def keep_core_actions() -> None:
    """Run tasks of some actions of ansible-core in the main process, and not in a fork.

    Most tasks of a role are of these actions, and most of the CPU time of such a task is for the fork and the memory
    that it copies. All tasks of the collection run in forks as ever. In versions other than ansible-core 2.19 and 2.20
    workers are other classes, and all tasks run in forks.
    """
    try:
        result_class, task_context = worker._RawTaskResult, worker._task.TaskContext
    except AttributeError:
        return
    workers: Any = worker.WorkerProcess
    fork = workers.start

    def start(self: Any) -> None:
        if self._task.action not in INLINE or self._task.until or self._task.retries:
            fork(self)
            return
        # What a fork changes is a copy. It is not here.
        task, variables = self._task.copy(exclude_parent=True, exclude_tasks=True), self._task_vars.copy()
        task._parent = self._task._parent
        with task_context(task):
            done = TaskExecutor(
                self._host,
                task,
                variables,
                self._play_context.copy(),
                self._loader,
                self._shared_loader_obj,
                self._final_q,
                self._variable_manager,
            ).run()
        self._final_q.send_task_result(
            result_class(host=self._host, task=task, return_data=done, task_fields=task.dump_attrs())
        )

    workers.start = start


def read_code(file: Path) -> CodeType | None:
    """Return the byte code in a file, ``None`` when there is no file."""
    try:
        code: CodeType = marshal.loads(file.read_bytes())
    except OSError:
        return None
    return code


def write_code(file: Path, code: CodeType) -> None:
    """Write byte code to a file that other processes may write at the same time."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_bytes(marshal.dumps(code))
    part.replace(file)


def prepare() -> None:
    """Import and read what every run begins with."""
    constants.DEFAULT_INTERNAL_POLL_INTERVAL = POLL_INTERVAL
    (Path(constants.DEFAULT_LOCAL_TMP) / ARCHIVES).mkdir()
    compile_collections()
    share_templates()
    keep_core_actions()
    for library in LIBRARIES:
        importlib.import_module(library)
    for plugin in (*PLUGINS, *plugins_of(KINDS)):
        kind, _dummy, name = plugin.partition(".")
        module = importlib.import_module(f"ansible.plugins.{plugin}")
        getattr(loader, f"{kind}_loader")._load_config_defs(name, module, module.__file__)
    read_routes = functools.cache(_collection_finder._meta_yml_to_dict)
    read_routes(ROUTES.read_bytes(), ("ansible.builtin", "runtime.yml"))
    _collection_finder._meta_yml_to_dict = read_routes
    import_library()
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


def run() -> None:
    """Run the command, and end this fork without the finalization of the interpreter.

    Finalization touches every object of the server, and the kernel would copy all of its memory for every run.
    """
    try:
        main()
    except SystemExit as stop:
        if not isinstance(stop.code, int):
            raise
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(stop.code)


if __name__ == "__main__":
    channel = os.dup(1)
    os.dup2(2, 1)
    prepare()
    if serve(channel):
        run()
