# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adopt an account: read it, write the inventory that describes it, and compare both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError, join_sentences
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable_texts
from ansible_collections.jst.retailcloud.plugins.module_utils._core.strict_types import (
    shape_faults,
    to_text,
    with_strict_types,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import count_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_compare import Difference, compare
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_databases import Existing, assign, instances_of
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_describe import (
    AppDescription,
    OmissionReason,
    Omissions,
    cluster_names,
    describe_app,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_existing import (
    ContentCheck,
    described_entries,
    hosts_in,
    read_yaml,
    recognize_hosts,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_files import (
    FilePlan,
    check_directory,
    diff_of,
    plan_files,
    read_record,
    write_files,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_folder import Folder, unlock_advice
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_inventory import (
    DOCUMENT_SUFFIX,
    Inventory,
    build,
    stale_files,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_names import APPS, HOSTS, UNREADABLE
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_passwords import documents_with_passwords
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_read import (
    ReadAccount,
    app_words,
    read_account,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.directory_lock import directory_lock
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import ACCOUNT_TYPES

OPTIONS: dict[str, Any] = {
    "directory": {"type": "path", "required": True},
    "apps": {"type": "list", "elements": "str", "default": []},
    "rds_instances": {"type": "list", "elements": "str"},
    "exclude": {"type": "list", "elements": "str"},
    "databases": {"type": "dict"},
    "overwrite": {"type": "bool", "default": False},
    **ACCESS_OPTIONS,
}
"""The options of action ``adopt_account``."""

MAX_LINES = 20
"""How many entries of a list the report shows."""


@dataclass(frozen=True)
class Run:
    """What Ansible says of the run.

    :ivar environ: the environment variables.
    :ivar notify: takes a line of progress.
    :ivar warn: takes a warning.
    """

    check_mode: bool
    diff: bool
    environ: Mapping[str, str]
    loader: DataLoader
    notify: Callable[[str], None]
    warn: Callable[[str], None]


def adopt(arguments: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return the result of the action.

    :raises JstError: when an option is invalid, another run writes to the directory, or the apps cannot be listed.
        Nothing was written then.
    """
    options = check_options(arguments)
    directory = Path(options["directory"]).absolute()
    check_directory(directory)
    # A check run reads only. Whatever else writes replaces each file as a whole.
    with nullcontext() if run.check_mode else directory_lock(directory):
        return _adopt_to(directory, options, run)


def _adopt_to(directory: Path, options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return the result of the action, with the differences between the account and the directory.

    :raises JstError: when the apps cannot be listed.
    """
    folder = Folder(directory, run.loader)
    record = read_record(directory)
    settings = resolve_settings(options, run.environ)
    for warning in settings.warnings:
        run.warn(warning)
    hosts_before = {host for names in record.hosts.values() for host in names.values()}
    names_before = {*record.databases, *record.hosts.get(APPS, {}), *hosts_before}
    databases_before = record.databases
    # What is not given is what earlier runs were given.
    record.instances = options["rds_instances"] or record.instances
    record.exclude = record.exclude if options["exclude"] is None else options["exclude"]
    record.databases = {**record.databases, **options["databases"]}
    with Client(settings) as client:
        instances = [*record.instances, *instances_of(record.databases)]
        account = read_account(client, options["apps"], record.exclude, instances, run.notify)
        omissions = Omissions()
        exclude_apps(account, record.exclude, omissions)
        recognize_hosts(folder, record, {str(state["app_id"]) for state in account.listed})
        existing = Existing(list(described_entries(folder, record)), names_before, databases_before)
        ownership = assign(account, record.databases, options["databases"], omissions, existing)
        apps = describe_apps(account, omissions)
        inventory = build(folder, record, account, apps, ownership, omissions, not options["apps"])
        judge = ContentCheck(hosts_before)
        plan = plan_files(folder, record, inventory.files, options["overwrite"], judge)
        diff = diff_of(folder, inventory.files, plan) if run.diff else None
        if not run.check_mode:
            write_files(directory, record, inventory.files, plan)
        differences = None
        if not (run.check_mode and plan.written):
            hosts = sorted(inventory.hosts.values())
            differences = compare(client, directory, hosts, run.loader, run.notify, run.warn)
    differing = [one for one in differences or () if one.is_compared]
    locked = [one for one in differences or () if not one.is_compared]
    result = {
        "changed": bool(plan.written),
        "directory": str(directory),
        "written": plan.written,
        "unchanged": len(plan.unchanged) + len(plan.equal),
        "kept": plan.kept,
        "replaced": plan.replaced,
        "encrypted": plan.encrypted,
        "locked": plan.locked,
        "vanished": inventory.vanished,
        "remarks": [*omissions.remarks, *_missing_hosts(folder, inventory, plan)],
        "unused": stale_files(inventory, record),
        "unreadable": [note.to_entry() for note in inventory.notes],
        "not_described": {host: [one.to_entry() for one in found] for host, found in inventory.not_described.items()},
        "not_read": [{"what": failure.what, "why": failure.message} for failure in account.failures],
        "documents_with_passwords": documents_with_passwords(inventory.files, DOCUMENT_SUFFIX),
        "compared": {
            "apps": 0 if differences is None else len(inventory.hosts) - len(_only_locked(differing, locked)),
            "differences": [{"host": one.host, "what": one.what} for one in differing],
            "not_compared": [{"host": one.host, "what": one.what} for one in locked],
        },
    }
    compared = differences is not None
    report = list(_report(result, inventory, plan, account, compared, run.check_mode))
    if diff and not plan.written:
        # Ansible shows the diff of a task only when it changes something.
        report[1:1] = [line for one in diff for line in _unified(one)]
    # Titles and messages in it come from others.
    report = printable_texts(report)
    undescribed = 0 if inventory.hosts else len(account.apps)
    failure = _failure(len(account.failures), len(differing), len(inventory.hosts), undescribed)
    return {**result, "report": report, **({"diff": diff} if diff else {}), **failure}


def _only_locked(differing: Sequence[Difference], locked: Sequence[Difference]) -> set[str]:
    """Return the hosts of which something is encrypted, and that have no known difference."""
    return {one.host for one in locked} - {one.host for one in differing}


def _failure(not_read: int, differing: int, apps: int, undescribed: int) -> dict[str, Any]:
    """Return what fails the task after everything is written, empty when all was read and nothing differs.

    :param undescribed: how many apps were read, when none of them has a description.
    """
    sentences = []
    if undescribed:
        sentences.append(
            f"No app was adopted: {count_words(undescribed, 'app')} could not be described; see the lines Not "
            "described of the report."
        )
    if not_read:
        sentences.append(f"{count_words(not_read, 'resource')} could not be read; see not_read.")
    if differing:
        verb = "differs from its description" if differing == 1 else "differ from their descriptions"
        sentences.append(
            f"{differing} of {count_words(apps, 'app')} {verb}; see the lines Differs of the report, and "
            "compared.differences. Correct the files or the account, or set adopt_overwrite=true to replace changed "
            "files. Then adopt again."
        )
    return {"failed": True, "msg": " ".join(sentences)} if sentences else {}


def check_options(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the action with their defaults.

    :raises InvalidOptionError: naming the first that is wrong.
    """
    faults = list(shape_faults(OPTIONS, arguments))
    if not faults:
        checked = ArgumentSpecValidator(with_strict_types(OPTIONS)).validate(dict(arguments))
        faults = [f"{message.rstrip('.')}." for message in checked.error_messages]
    if faults:
        raise InvalidOptionError(" ".join(faults))
    options: dict[str, Any] = checked.validated_parameters
    for name in ("directory", "apps", "rds_instances", "exclude"):
        value = options[name] or []
        if any(not str(text).strip() for text in (value if isinstance(value, list) else [value])):
            raise InvalidOptionError(f"Variable adopt_{name} holds an empty string.")
    databases = options["databases"] or {}
    for app, names in databases.items():
        try:
            to_text(app)
        except ValueError as error:
            raise InvalidOptionError(
                f"A key of variable adopt_databases is not a title or id of an app: {error}."
            ) from None
        if not isinstance(names, list) or not all(isinstance(name, str) and "/" in name for name in names):
            raise InvalidOptionError(
                f"Variable adopt_databases has to hold, for {app!r}, a list of strings such as rm-1/orders."
            )
    return {**options, "databases": {str(app): list(names) for app, names in databases.items()}}


def exclude_apps(account: ReadAccount, exclude: Sequence[str], omissions: Omissions) -> None:
    """Add the apps that were not to be read to the omissions."""
    reason = OmissionReason.of(
        "Variable adopt_exclude names it.", "Nothing is needed. To describe the app, remove it from adopt_exclude."
    )
    for state in account.excluded:
        omissions.add_resource(ACCOUNT_TYPES["apps"], [str(state["title"])], app_words(state), reason)
    seen = {name for state in account.excluded for name in (str(state["app_id"]), state["title"])}
    omissions.remarks += [
        f"Variable adopt_exclude names {name!r}, and no app has that title or id."
        for name in exclude
        if name not in seen
    ]


def describe_apps(account: ReadAccount, omissions: Omissions) -> list[AppDescription]:
    """Return the descriptions of the apps that can have one. The others are omissions."""
    described = []
    clusters = cluster_names(account.listed_clusters)
    for states in account.apps:
        description = describe_app(states, clusters)
        if isinstance(description, str):
            title = str(states.app["title"])
            what = f"app {title!r} ({states.app['app_id']})"
            omissions.add_resource(ACCOUNT_TYPES["apps"], [title], what, description)
        else:
            described.append(description)
    return described


def _unified(one: Mapping[str, str]) -> list[str]:
    """Return the lines of a diff."""
    before, after = (one[name].splitlines() for name in ("before", "after"))
    return list(unified_diff(before, after, one["before_header"], one["after_header"], lineterm=""))


def _missing_hosts(folder: Folder, inventory: Inventory, plan: FilePlan) -> list[str]:
    """Return a sentence about the hosts that somebody has removed, although their apps exist."""
    if HOSTS not in (*plan.kept, *plan.encrypted):
        return []
    found = hosts_in(read_yaml(folder, HOSTS))
    missing = [host for host in sorted({*inventory.hosts.values(), *inventory.clusters.values()}) if host not in found]
    return [f"{HOSTS} lacks the host {host}. Add it, or name its app in adopt_exclude." for host in missing]


def _report(
    result: Mapping[str, Any],
    inventory: Inventory,
    plan: FilePlan,
    account: ReadAccount,
    is_compared: bool,
    check_mode: bool,
) -> Any:
    """Yield the lines of the report."""
    counts = f"{count_words(len(inventory.hosts), 'app')}, {count_words(len(inventory.clusters), 'cluster')}"
    verb = "would be written" if check_mode else "written"
    files = f"{count_words(len(plan.written), 'file')} {verb}, {result['unchanged']} unchanged"
    yield f"{result['directory']}: {counts}, {files}"
    # What somebody has written and that is gone now is named as a whole.
    yield from (f"{'Would be replaced' if check_mode else 'Replaced'}: {path}" for path in plan.replaced)
    yield from _listed("Changed by somebody, so it was kept (adopt_overwrite=true replaces it)", plan.kept)
    keeping = (
        "Not replaced, since somebody has changed the file and it contains encrypted values. Delete it, or decrypt it "
        "and set adopt_overwrite=true"
    )
    yield from _listed(keeping, plan.encrypted)
    if plan.locked:
        paths = [Path(result["directory"], path) for path in plan.locked]
        more = f" and {len(plan.locked) - MAX_LINES} more" if len(plan.locked) > MAX_LINES else ""
        yield (
            "Not compared and kept, since none of the given vault passwords decrypts them: "
            f"{', '.join(plan.locked[:MAX_LINES])}{more}. {unlock_advice(paths)}"
        )
    advice = "The app of host {0} no longer exists, and its files stay: delete host_vars/{0} and its line in hosts.yml"
    yield from (advice.format(host) for host in inventory.vanished)
    yield from _listed("No longer written, and kept (delete the file when it is no longer needed)", result["unused"])
    yield from result["remarks"]
    for note in inventory.notes:
        hosts = (
            f" ({', '.join(note.of[:MAX_LINES])}{' and more' if len(note.of) > MAX_LINES else ''})" if note.of else ""
        )
        yield f"Not readable: {note.what}{hosts}. {note.why} {note.todo}"
    omitted = [
        f"{host}: {one['what']}. {one['why']} {one['todo']}"
        for host, found in result["not_described"].items()
        for one in found
    ]
    entries = [f"{item['what']}. {item['why']} {item.get('todo', '')}".rstrip() for item in inventory.account_omissions]
    yield from _listed("Not described", [*entries, *omitted])
    yield from _listed("Not read", [f"{failure.what}. {failure.message}" for failure in account.failures])
    if any(path.endswith(DOCUMENT_SUFFIX) for path in inventory.files):
        yield (
            "Kubernetes documents are written as they are stored: look through host_vars/*/*.k8s for passwords in "
            "ConfigMaps and environment variables before you share the files"
        )
    suspects = [f"{path}: {', '.join(keys)}" for path, keys in result["documents_with_passwords"].items()]
    yield from _listed("May hold a password", suspects)
    if not is_compared:
        yield "Not compared, since nothing was written"
        return
    compared = result["compared"]
    yield from (f"Differs: {one['host']}: {'; '.join(one['what'])}" for one in compared["differences"])
    reasons: dict[str, list[str]] = {}
    for one in compared["not_compared"]:
        reasons.setdefault(one["what"][0], []).append(one["host"])
    for reason, named in reasons.items():
        yield f"Not compared: {', '.join(named[:MAX_LINES])}{' and more' if len(named) > MAX_LINES else ''}: {reason}"
    others = len(account.listed) - len(inventory.hosts)
    locked = len(inventory.hosts) - compared["apps"]
    more = f", {locked} not compared" if locked else ""
    rest = f" ({count_words(others, 'other app')} of the account not compared)" if others > 0 else ""
    found = count_words(len(compared["differences"]), "difference")
    yield f"{count_words(compared['apps'], 'app')}, {found}{more}{rest}"


def _listed(label: str, entries: list[str]) -> Any:
    for entry in entries[:MAX_LINES]:
        yield f"{label}: {entry}"
    if len(entries) > MAX_LINES:
        yield f"{label}: {len(entries) - MAX_LINES} more, in the result of the task and in {UNREADABLE}"


def failure_of(error: JstError) -> dict[str, Any]:
    """Return the result of an action that failed."""
    return {"failed": True, "msg": join_sentences(error.message, error.hint), "error": error.as_dict()}
