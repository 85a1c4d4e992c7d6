# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare an inventory on disk with the account: read it as Ansible does, and run ``jst_application`` in check mode."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.concurrency_limit import MAX_CONCURRENCY
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import AuthenticationError, JstError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.thread_pool import DaemonThreadPool
from ansible_collections.jst.retailcloud.plugins.module_utils._core.composition import compose
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import WAIT_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._core.strict_types import shape_faults, with_strict_types
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import Application
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_read import PROGRESS_LINES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import is_empty

PREFIX = "application_"
_VAULT_LABEL = re.compile(rb"\$ANSIBLE_VAULT;1\.2;\w+;(\S+)")

PARALLELISM = 2
"""Parallel reads of one app. Apps are compared in parallel, too."""


@dataclass(frozen=True)
class Difference:
    """How the description of an app differs from the account.

    :ivar host: the name of the host.
    :ivar what: resource and option in words, or the message of an error.
    :ivar is_compared: whether the description could be read. When it could not, ``what`` is the reason and what to do.
    """

    host: str
    what: list[str]
    is_compared: bool = True


class Locked(str):
    """The error of variables that no given password decrypts."""


def compare(
    client: Client,
    directory: Path,
    hosts: Sequence[str],
    loader: DataLoader,
    notify: Callable[[str], None],
    warn: Callable[[str], None],
) -> list[Difference]:
    """Return the differences between an inventory and the account, one for each app that has any.

    :param hosts: names of the hosts to compare.
    :param loader: decrypts what is encrypted with the vault secrets of the run.
    :param notify: takes a line of progress.
    :param warn: takes a warning, which names the host.
    :raises AuthenticationError: when the credentials are rejected.
    """
    warnings: dict[str, list[str]] = {host: [] for host in hosts}
    read = read_options(directory, hosts, loader)
    total, lock, done = len(hosts), threading.Lock(), [0]
    step = max(1, -(-total // PROGRESS_LINES))

    def work(host: str) -> Difference | None:
        options = read[host]
        what = [options] if isinstance(options, str) else compare_app(client, options, warnings[host])
        with lock:
            done[0] += 1
            if done[0] % step == 0 or done[0] == total:
                notify(f"Compared {done[0]} of {total} apps")
        return Difference(host, what, not isinstance(options, Locked)) if what else None

    with DaemonThreadPool(MAX_CONCURRENCY) as pool:
        found = pool.map(work, hosts)
    for host, texts in warnings.items():
        for text in texts:
            warn(f"{host}: {text}")
    return [difference for difference in found if difference is not None]


def read_options(directory: Path, hosts: Iterable[str], loader: DataLoader) -> dict[str, dict[str, Any] | str]:
    """Return host -> options of ``jst_application``, or why there are none."""
    inventory = InventoryManager(loader=loader, sources=[str(directory / "hosts.yml")])
    variables = VariableManager(loader=loader, inventory=inventory)
    return {host: _options_of(directory, inventory, variables, loader, host) for host in hosts}


def _unlock(directory: Path, host: str) -> Locked:
    """Return which vault password the files of a host take."""
    folders = [directory / "host_vars" / host, directory / "group_vars"]
    files = [path for folder in folders for path in folder.rglob("*.yml")]
    labels = sorted({label for path in files for label in _VAULT_LABEL.findall(path.read_bytes())})
    given = " ".join(f"--vault-id {label.decode('utf-8', 'replace')}@prompt" for label in labels)
    return Locked(
        "Its variables are encrypted, and no given password decrypts them. "
        f"Run again with {given or '--ask-vault-pass or --vault-password-file'}."
    )


def _options_of(
    directory: Path, inventory: InventoryManager, variables: VariableManager, loader: DataLoader, name: str
) -> dict[str, Any] | str:
    host = inventory.hosts.get(name)
    if host is None:
        return "hosts.yml does not list it."
    specification = Application().options()
    try:
        found = variables.get_vars(host=host, include_hostvars=False)
        templar = Templar(loader=loader, variables=found)
        given = {
            option: templar.template(found[PREFIX + option]) for option in specification if PREFIX + option in found
        }
    except AnsibleError as error:
        if "decrypt" in str(error).lower():
            return _unlock(directory, name)
        return f"Its variables cannot be evaluated: {' '.join(str(error).split())}"
    given.setdefault("title", name)
    kept = {option: _plain(value) for option, value in given.items() if not is_empty(value)}
    faults = list(shape_faults(specification, kept))
    if faults:
        return " ".join(faults)
    checked = ArgumentSpecValidator(with_strict_types(specification)).validate(kept)
    if checked.error_messages:
        return " ".join(f"{message.rstrip('.')}." for message in checked.error_messages)
    options: dict[str, Any] = checked.validated_parameters
    return options


def _plain(value: Any) -> Any:
    """Return a value of Ansible in ordinary types. ansible-core marks texts by classes of their own."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(item) for item in value]
    return str.__str__(value) if isinstance(value, str) else value


def compare_app(client: Client, options: Mapping[str, Any], warnings: list[str]) -> list[str]:
    """Return how the description of one app differs from the account, in words; empty when it does not.

    :param warnings: gets the warnings of the comparison.

    :raises AuthenticationError: when the credentials are rejected.
    """
    composition = Application()
    whole = {**_with_nulls(options, {**composition.options(), **WAIT_OPTIONS}), "parallelism": PARALLELISM}
    ctx = RunContext(client, whole, check_mode=True)
    ctx.warnings = warnings
    try:
        result = compose(ctx, composition, composition.nodes(whole), False)
    except AuthenticationError:
        raise
    except JstError as error:
        return [ctx.failure_message(error)]
    differences = [f"{item['resource']}: {', '.join(item['options'])}" for item in result["differences"]]
    return differences or [str(step) for step in result["steps"]]


def _with_nulls(options: Mapping[str, Any], specification: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with null for each that is not given, at every level, as a module gets them."""
    whole: dict[str, Any] = {name: option.get("default") for name, option in specification.items()}
    whole.update({name: value for name, value in options.items() if value is not None or name not in whole})
    for name, option in specification.items():
        members, value = option.get("options"), whole[name]
        if members and isinstance(value, Mapping):
            whole[name] = _with_nulls(value, members)
        elif members and isinstance(value, list):
            whole[name] = [_with_nulls(item, members) for item in value]
    return whole
