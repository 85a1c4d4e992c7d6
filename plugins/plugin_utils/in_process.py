# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a module inside this process, in the way in which ansible-core runs it in a process of its own.

The module finds its arguments where AnsibleModule reads them, the environment of its task and the directory of the
playbook, and nothing of the controller. The state that a module changes is restored afterwards.

This file uses private parts of ansible-core. Its import fails with ImportError or AttributeError when these parts
differ from those of the tested versions, and in a version that was not tested.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import signal
import sys
import traceback
from collections.abc import Mapping
from typing import Any

from ansible.executor import module_common
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as collected
from ansible.module_utils.common.text.converters import to_text
from ansible.release import __version__

OLDEST_TESTED, NEWEST_TESTED = (2, 16), (2, 22)
"""The versions of ansible-core, without their last part, on which ``make matrix`` tests this file."""


def is_tested(version: str) -> bool:
    """Return whether this file was tested with a version of ansible-core, such as 2.19.3 or 2.22.0b1."""
    series = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    return OLDEST_TESTED <= series <= NEWEST_TESTED


if not is_tested(__version__):
    raise ImportError(f"not tested with ansible-core {__version__}")

# The serialization profile of modules that do not name one, as those of this collection.
PROFILE = "legacy"

# The variables in which ansible.module_utils keeps the state of the one module of a process.
STATE = [(basic, "_ANSIBLE_ARGS"), (collected, "_global_warnings"), (collected, "_global_deprecations")]

ENCODING: dict[str, Any]
TAGGED = hasattr(module_common, "_BuiltModule")
if TAGGED:  # ansible-core 2.19 and newer: tagged values, serialization profiles, structured errors
    from ansible.module_utils import _internal as module_side
    from ansible.module_utils._internal._ansiballz._loader import _handle_exception
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

    ENCODING = {"cls": get_module_encoder(PROFILE, Direction.CONTROLLER_TO_MODULE)}
    STATE += [(basic, "_ANSIBLE_PROFILE"), (basic, "_PARSED_MODULE_ARGS"), (module_side, "is_controller")]
else:
    from ansible.module_utils.common.json import AnsibleJSONEncoder

    ENCODING = {"cls": AnsibleJSONEncoder, "vault_to_text": True}

for owner, name in STATE:
    getattr(owner, name)  # raises AttributeError in an ansible-core without it

# Newer versions of AnsibleModule handle SIGUSR1. The others end a worker or a task.
SIGNALS = (signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


def encode_arguments(arguments: Mapping[str, Any]) -> bytes:
    """Return ``arguments`` in the form that a module receives. They may hold vault, unsafe or tagged values."""
    return json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, **ENCODING).encode()


def round_trip(arguments: Mapping[str, Any], result: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return arguments as a module decodes them, and a result as the controller does."""
    payload = encode_arguments(arguments)
    if not TAGGED:
        return json.loads(payload)["ANSIBLE_MODULE_ARGS"], json.loads(json.dumps(result))
    to_module, to_controller = Direction.CONTROLLER_TO_MODULE, Direction.MODULE_TO_CONTROLLER
    decoded = json.loads(payload, cls=get_module_decoder(PROFILE, to_module))["ANSIBLE_MODULE_ARGS"]
    text = json.dumps(result, cls=get_module_encoder(PROFILE, to_controller))
    return decoded, json.loads(text, cls=get_module_decoder(PROFILE, to_controller))


def describe_payload(payload: bytes, module: str) -> tuple[Any, ...]:
    """Return the result of ``ActionBase._configure_module`` for a ``module``, an import name, that is only called."""
    path = f"{module} in the worker"
    shebang = f"#!{sys.executable}"
    if TAGGED:
        built = module_common._BuiltModule(
            b_module_data=payload, module_style="new", shebang=shebang, serialization_profile=PROFILE
        )
        return built, path
    return "new", shebang, payload, path


def call(module: str, payload: bytes, environment: Mapping[str, Any], directory: str) -> dict[str, Any]:
    """Call ``main()`` of a module.

    :param module: the import name.
    :param payload: from ``encode_arguments``.
    :param environment: variables of the task, in addition to those of this process.
    :param directory: the working directory of an ordinary module.
    :returns: the result of ``ActionBase._low_level_execute_command``, exit code and output. Exceptions of the module
        are part of the output. A ``BaseException`` such as the timeout of the task passes through.
    """
    stdout, stderr = _Captured(), _Captured()
    before = _ProcessState()
    try:
        sys.stdout, sys.stderr = stdout, stderr
        os.chdir(directory)
        os.environ.update({name: str(value) for name, value in environment.items()})
        _set_module_globals(payload)
        code = _exit_code(module)
    finally:
        before.restore()
    out, err = stdout.text(), stderr.text()
    return {
        "rc": code,
        "stdout": out,
        "stdout_lines": out.splitlines(),
        "stderr": err,
        "stderr_lines": err.splitlines(),
    }


def _exit_code(module: str) -> int:
    """Run ``module`` and return its exit code, as the wrapper of ansible-core does."""
    try:
        importlib.import_module(module).main()
        if TAGGED:
            raise RuntimeError("New-style module did not handle its own exit.")
        print('{"msg": "New-style module did not handle its own exit", "failed": true}')
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return (stop.code or 0) & 0xFF
        print(stop.code, file=sys.stderr)
    except Exception as error:
        if TAGGED:
            with contextlib.suppress(SystemExit):
                _handle_exception(error, PROFILE)
        else:
            traceback.print_exc()
    return 1


class _Captured(io.TextIOWrapper):
    """A stream for ``sys.stdout`` that captures text, and bytes that are written to its ``buffer``."""

    def __init__(self) -> None:
        self._written = io.BytesIO()
        super().__init__(self._written, encoding="utf-8", errors="surrogateescape", write_through=True)

    def text(self) -> str:
        """Return the captured text, decoded as ansible-core decodes the output of a command."""
        return str(to_text(self._written.getvalue(), errors="surrogate_then_replace"))


def _set_module_globals(payload: bytes) -> None:
    """Set the variables of ``ansible.module_utils`` as in a process that runs a single module with ``payload``.

    Otherwise warnings would not be in the result, and in a loop those of one item would also be in the next.
    """
    values = {
        "_ANSIBLE_ARGS": payload,
        "_ANSIBLE_PROFILE": PROFILE,
        "_PARSED_MODULE_ARGS": None,
        "_global_warnings": type(collected._global_warnings)(),
        "_global_deprecations": type(collected._global_deprecations)(),
        "is_controller": False,
    }
    for owner, name in STATE:
        setattr(owner, name, values[name])


class _ProcessState:
    """The state of the process that a module can change.

    One class, and not a context manager for each part: in a fork, each function that runs copies the memory that it
    touches.
    """

    def __init__(self) -> None:
        self._streams = sys.stdout, sys.stderr
        # Its private dictionary, since the public methods decode item by item, which takes 0.1 ms.
        self._environment: dict[bytes, bytes] = vars(os.environ)["_data"].copy()
        self._handlers = [(number, signal.getsignal(number)) for number in SIGNALS]
        self._state = [(owner, name, getattr(owner, name)) for owner, name in STATE]
        try:
            self._directory: str | None = os.getcwd()
        except OSError:  # removed or not readable, so it cannot be restored
            self._directory = None

    def restore(self) -> None:
        """Restore the state."""
        sys.stdout, sys.stderr = self._streams
        for owner, name, value in self._state:
            setattr(owner, name, value)
        for number, handler in self._handlers:
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        if vars(os.environ)["_data"] != self._environment:
            before = {os.fsdecode(name): os.fsdecode(value) for name, value in self._environment.items()}
            for name in os.environ.keys() - before.keys():
                del os.environ[name]
            os.environ.update({name: value for name, value in before.items() if os.environ.get(name) != value})
        if self._directory is not None:
            os.chdir(self._directory)
