# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare an inventory on disk with the account: read it as Ansible does, and run ``jst_application`` in check mode."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from ansible_collections.jst.retailcloud.plugins.plugin_utils import application_variables
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_folder import Folder, unlock_advice
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_names import HOSTS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_read import PROGRESS_LINES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import check, is_empty

PREFIX = "application_"
RESULT = "application_result"
"""A fact that the role sets."""

PARALLELISM = 2
"""Parallel reads of one app. Apps are compared in parallel, too."""


@dataclass(frozen=True)
class Difference:
    """How the description of an app differs from the account.

    :ivar host: the name of the host.
    :ivar what: resource and option in words, or the message of an error.
    :ivar is_compared: ``False`` for what is encrypted. Then ``what`` is the reason and what to do.
    """

    host: str
    what: list[str]
    is_compared: bool = True


@dataclass(frozen=True)
class Description:
    """The description of an app, as the inventory has it.

    :ivar options: the options of ``jst_application``; ``None`` when they cannot be compared.
    :ivar faults: why the role would reject it, in sentences.
    :ivar locked: what is encrypted and how to give the password; empty when everything could be read.
    """

    options: dict[str, Any] | None
    faults: list[str] = field(default_factory=list)
    locked: str = ""


def compare(
    client: Client,
    directory: Path,
    hosts: Sequence[str],
    loader: DataLoader,
    notify: Callable[[str], None],
    warn: Callable[[str], None],
) -> list[Difference]:
    """Return the differences between an inventory and the account, one for each app that has any.

    What no given password decrypts is another one of its app. The rest of the description is compared.

    :param hosts: names of the hosts to compare.
    :param loader: decrypts what is encrypted with the vault secrets of the run.
    :param notify: takes a line of progress.
    :param warn: takes a warning, which names the host.
    :raises AuthenticationError: when the credentials are rejected.
    """
    warnings: dict[str, list[str]] = {host: [] for host in hosts}
    read = read_descriptions(directory, hosts, loader)
    total, lock, done = len(hosts), threading.Lock(), [0]
    step = max(1, -(-total // PROGRESS_LINES))

    def work(host: str) -> list[Difference]:
        described = read[host]
        what = described.faults
        if described.options is not None:
            what = compare_app(client, described.options, warnings[host])
        with lock:
            done[0] += 1
            if done[0] % step == 0 or done[0] == total:
                notify(f"Compared {done[0]} of {total} apps")
        found = [Difference(host, what)] if what else []
        return [*found, Difference(host, [described.locked], is_compared=False)] if described.locked else found

    with DaemonThreadPool(MAX_CONCURRENCY) as pool:
        found = pool.map(work, hosts)
    for host, texts in warnings.items():
        for text in texts:
            warn(f"{host}: {text}")
    return [difference for differences in found for difference in differences]


def read_descriptions(directory: Path, hosts: Iterable[str], loader: DataLoader) -> dict[str, Description]:
    """Return host -> its description."""
    folder = Folder(directory, loader)
    if folder.is_locked(HOSTS):
        advice = unlock_advice([directory / HOSTS])
        locked = f"{HOSTS} is encrypted, and no given password decrypts it. {advice}"
        return dict.fromkeys(hosts, Description(None, locked=locked))
    readable = _ReadableLoader(loader)
    inventory = InventoryManager(loader=readable, sources=[str(directory / HOSTS)])
    variables = VariableManager(loader=readable, inventory=inventory)
    return {host: _description_of(directory, inventory, variables, readable, host) for host in hosts}


class _ReadableLoader(DataLoader):
    """Reads files of variables. One that no given password decrypts has none.

    :ivar met_locked: whether there was such a file.
    """

    def __init__(self, loader: DataLoader) -> None:
        super().__init__()
        self.set_vault_secrets(loader._vault.secrets)
        self.set_basedir(loader.get_basedir())
        self.met_locked = False
        self._locked: set[str] = set()

    def load_from_file(self, file_name: str, *args: Any, **options: Any) -> Any:
        """Return the value of a file."""
        if file_name not in self._locked:
            try:
                return super().load_from_file(file_name, *args, **options)
            except AnsibleError as error:
                if not _is_locked(error):
                    raise
                self._locked.add(file_name)
        self.met_locked = True
        return {}


def _is_locked(error: AnsibleError) -> bool:
    return "decrypt" in str(error).lower()


def _unlock(directory: Path, host: str) -> str:
    """Return which vault password the files of a host take."""
    folders = [directory / "host_vars" / host, directory / "group_vars"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return (
        "Variables are encrypted, and no given password decrypts them, so they were not compared. "
        f"{unlock_advice(files)}"
    )


def _description_of(
    directory: Path, inventory: InventoryManager, variables: VariableManager, loader: _ReadableLoader, name: str
) -> Description:
    host = inventory.hosts.get(name)
    if host is None:
        return Description(None, ["hosts.yml does not list it."])
    role_options = application_variables.options()
    values: dict[str, Any] = {PREFIX + "title": name}
    loader.met_locked = False
    try:
        found = variables.get_vars(host=host, include_hostvars=False)
        is_locked = loader.met_locked
        templar = Templar(loader=loader, variables=found)
        # The role takes a name in capitals for a misspelt variable.
        for variable in (one for one in found if one.lower().startswith(PREFIX) and one != RESULT):
            try:
                values[variable] = _plain(templar.template(found[variable])) if variable in role_options else None
            except AnsibleError as error:
                if not _is_locked(error):
                    raise
                is_locked = True
    except AnsibleError as error:
        return Description(None, [f"Its variables cannot be evaluated: {' '.join(str(error).split())}"])
    locked = _unlock(directory, name) if is_locked else ""
    if locked:
        # What is required may be among what is encrypted.
        role_options = {variable: {**option, "required": False} for variable, option in role_options.items()}
        # The rest of a description that is not whole may look superfluous.
        values.pop(PREFIX + "purge", None)
    faults = list(check("application", values, role_options, application_variables.IDENTIFYING)["problems"])
    if faults or (locked and PREFIX + "app_id" not in values):
        return Description(None, faults, locked)
    specification = Application().options()
    given = {option: values[PREFIX + option] for option in specification if PREFIX + option in values}
    kept = {option: value for option, value in given.items() if not is_empty(value)}
    faults = list(shape_faults(specification, kept))
    if faults:
        return Description(None, [" ".join(faults)], locked)
    checked = ArgumentSpecValidator(with_strict_types(specification)).validate(kept)
    if checked.error_messages:
        faults = [] if locked else [" ".join(f"{message.rstrip('.')}." for message in checked.error_messages)]
        return Description(None, faults, locked)
    return Description(checked.validated_parameters, locked=locked)


def _plain(value: Any) -> Any:
    """Return a value of Ansible in ordinary types. ansible-core marks texts by classes of their own."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if getattr(value, "__ENCRYPTED__", False):
        return str(value)
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
