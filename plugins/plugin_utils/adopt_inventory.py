# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an inventory that describes an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from glob import escape
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import is_blank, name_fault
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import Cluster
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_databases import Ownership
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_describe import (
    RENAME,
    AppDescription,
    Document,
    Omission,
    OmissionReason,
    Omissions,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_existing import (
    hosts_in,
    mapping_in,
    read_yaml,
    records_in,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_files import Record
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_folder import Folder
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_names import (
    APPS,
    CLUSTERS,
    HOSTS,
    UNASSIGNED,
    UNREADABLE,
    assign_names,
    fold,
    unique_name,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_notes import (
    ACCOUNT_FILE,
    README,
    Note,
    notes_about,
    with_earlier_notes,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_read import CLUSTER_CHILDREN, ReadAccount
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_yaml import (
    Commented,
    Expression,
    scalar,
    write_yaml,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import APP_GROUPS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import to_options

SHARED = ("biz_code", "state_type", "language", "operating_system", "service_type", "user_roles")
"""The options that stand with the group where all apps have the same value. Every app has them."""

DOCUMENT_SUFFIX = ".k8s"
"""Ansible reads every file below host_vars that ends in .yml, .yaml or .json, or has no ending, as variables."""

# The role cluster requires them of a volume, and no operation shows them. They are used on creation only.
VOLUME_PLACEHOLDERS = {"mount_target_domain": "not-readable", "nfs_version": "4.0"}
PLACEHOLDER = "not readable, used on creation only"

CLUSTER_OPTIONS = (
    "cluster_id",
    "title",
    "biz_code",
    "env_type",
    "region",
    "region_name",
    "vpc_id",
    "vswitch_ids",
    "pod_cidr",
    "service_cidr",
    "key_pair",
)
"""The options of a cluster that the service shows and the role ``cluster`` has."""

UNMANAGED_FILE = "group_vars/jst_apps/unmanaged.yml"


@dataclass
class Inventory:
    """The files of an inventory.

    :ivar files: path -> content.
    :ivar hosts: id of an app -> name of its host, for the apps of this run.
    :ivar vanished: names of hosts whose apps no longer exist.
    :ivar notes: what the service does not show.
    :ivar not_described: host -> what its description lacks, and why.
    :ivar account_omissions: what belongs to no app, and is not described.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    not_described: dict[str, list[Omission]] = field(default_factory=dict)
    account_omissions: list[dict[str, str]] = field(default_factory=list)

    def add(self, path: str, comment: str, variables: Mapping[str, Any]) -> None:
        """Add a file of variables."""
        lines = "".join(f"# {line}\n" for line in comment.splitlines())
        self.files[path] = f"{lines}---\n{write_yaml(variables)}".encode()


def build(
    folder: Folder,
    record: Record,
    account: ReadAccount,
    apps: Sequence[AppDescription],
    ownership: Ownership,
    omissions: Omissions,
    is_whole: bool,
) -> Inventory:
    """Return the inventory of an account. Names of hosts are added to the record.

    :param apps: the descriptions of the apps of this run.
    :param omissions: what belongs to no app and is not described.
    :param is_whole: whether the run reads the whole account.
    """
    inventory = Inventory()
    known = record.hosts.setdefault(APPS, {})
    ids = [(str(app.app_id), app.title) for app in sorted(apps, key=lambda app: int(app.app_id))]
    inventory.hosts = assign_names(ids, known, record.hosts.get(CLUSTERS, {}).values())
    listed = {str(state["app_id"]) for state in account.listed}
    inventory.vanished = sorted(host for identity, host in known.items() if identity not in listed)
    known.update(inventory.hosts)
    groups = _groups_of(account.groups, omissions)
    if record.shared is None and len(apps) > 1:
        record.shared = _shared_values(apps)
    for app in apps:
        _add_app(inventory, app, ownership, groups, record.shared or {})
    _add_clusters(inventory, record, account)
    excluded = {str(state["app_id"]) for state in account.excluded}
    _add_hosts(inventory, folder, record, {host for identity, host in known.items() if identity in excluded})
    _add_group_variables(inventory, record)
    unmanaged = [pair for app in apps for pair in app.omissions.unmanaged] + omissions.unmanaged
    _add_unmanaged(inventory, folder, unmanaged, [app.title for app in apps], is_whole)
    _add_unassigned(inventory, folder, account, ownership, is_whole)
    _add_unreadable(inventory, folder, record, omissions, account, apps, ownership, is_whole)
    inventory.files["README.md"] = README.encode()
    return inventory


def _groups_of(groups: Sequence[State], omissions: Omissions) -> dict[str, list[str]]:
    """Return id of an app -> names of its groups. A group whose members are unknown is an omission."""
    found: dict[str, list[str]] = {}
    names = [(group["biz_code"], group["name"]) for group in groups]
    for group, name in zip(groups, names, strict=True):
        what = f"app group {'/'.join(map(str, name))} ({group['app_group_id']})"
        if names.count(name) > 1:
            reason = OmissionReason.of("Another group has the same name.", RENAME)
            omissions.add_resource(APP_GROUPS, map(str, name), what, reason)
            continue
        members = group["app_ids"] or []
        if not members:
            omissions.unmanaged.append((APP_GROUPS.option, "/".join(map(str, name))))
        for member in members:
            found.setdefault(str(member), []).append(str(group["name"]))
    return {identity: sorted(names) for identity, names in found.items()}


def _shared_values(apps: Sequence[AppDescription]) -> dict[str, Any]:
    first = apps[0].options
    return {
        name: first[name]
        for name in SHARED
        if name in first and all(app.options.get(name) == first[name] for app in apps)
    }


def _add_app(
    inventory: Inventory,
    app: AppDescription,
    ownership: Ownership,
    groups: Mapping[str, Sequence[str]],
    shared: Mapping[str, Any],
) -> None:
    host = inventory.hosts[str(app.app_id)]
    folder = f"host_vars/{host}"
    names: set[str] = set()

    def place(document: Document) -> Expression:
        stem = unique_name(".".join(document.name), len(names), names)
        names.add(fold(stem))
        inventory.files[f"{folder}/{stem}{DOCUMENT_SUFFIX}"] = str(document).encode()
        path = f"{host}/{stem}{DOCUMENT_SUFFIX}"
        return Expression(f"{{{{ lookup('ansible.builtin.file', adopted_files ~ '/{path}', rstrip=false) }}}}")

    own = groups.get(str(app.app_id), [])
    for name in own[1:]:
        reason = OmissionReason.of(
            f"A description can name one group, and this description names {own[0]}.",
            "Nothing is needed, or remove the app from one of the groups.",
        )
        app.omissions.add(f"app group {name}", reason)
        app.omissions.unmanaged.append((APP_GROUPS.option, f"{app.options['biz_code']}/{name}"))
    options = {name: value for name, value in app.options.items() if shared.get(name) != value}
    if own:
        options["group"] = {"name": own[0]}
    variables = {f"application_{name}": _with_files(value, place) for name, value in options.items()}
    inventory.add(f"{folder}/app.yml", f"App {scalar(app.title)} ({app.app_id}), as the service shows it.", variables)
    databases = {
        f"application_{name}": found[app.app_id]
        for name, found in (("databases", ownership.databases), ("accounts", ownership.accounts))
        if app.app_id in found
    }
    if databases:
        inventory.add(f"{folder}/databases.yml", "Databases and accounts of the app.", databases)
    if app.omissions.reasons:
        inventory.not_described[host] = app.omissions.reasons


def _with_files(value: Any, place: Any) -> Any:
    """Return a value with a lookup of a file in the place of each document."""
    if isinstance(value, Document):
        return place(value)
    if isinstance(value, list):
        return [_with_files(item, place) for item in value]
    return {name: _with_files(item, place) for name, item in value.items()} if isinstance(value, Mapping) else value


def _add_clusters(inventory: Inventory, record: Record, account: ReadAccount) -> None:
    known = record.hosts.setdefault(CLUSTERS, {})
    ids = [
        (str(state["cluster_id"]), str(state["title"] or ""))
        for state, _children in sorted(account.clusters, key=lambda pair: str(pair[0]["cluster_id"]))
    ]
    inventory.clusters = assign_names(ids, known, record.hosts[APPS].values())
    known.update(inventory.clusters)
    for state, children in account.clusters:
        shown = to_options(Cluster(), {**state}, {name: {} for name in CLUSTER_OPTIONS})
        shown = {"title": state["title"], "cluster_id": state["cluster_id"], **shown}
        variables = {
            name if name.startswith("cluster_") else f"cluster_{name}": value
            for name, value in shown.items()
            if value not in (None, [], "")
        }
        for option, kind in CLUSTER_CHILDREN.items():
            entries = [_child_entry(option, kind().to_result(child) or {}) for child in children[option]]
            if entries:
                variables[f"cluster_{option}"] = sorted(
                    entries, key=lambda entry: [str(item) for item in entry.values()]
                )
        host = inventory.clusters[str(state["cluster_id"])]
        inventory.add(
            f"host_vars/{host}/cluster.yml", f"Cluster {scalar(state['title'])}, as the service shows it.", variables
        )


# Variable of role cluster without its prefix -> the members of an entry.
CLUSTER_ENTRIES = {
    "nodes": ("instance_id",),
    "node_labels": ("key", "value", "instance_ids"),
    "persistent_volumes": ("name", "capacity", "access_mode", "storage_class", "reclaim_policy", "mount_dir"),
}


def _child_entry(option: str, child: Mapping[str, Any]) -> dict[str, Any]:
    entry = {name: child[name] for name in CLUSTER_ENTRIES[option] if child.get(name) is not None}
    if option == "persistent_volumes":
        entry.update((name, Commented.of(text, PLACEHOLDER)) for name, text in VOLUME_PLACEHOLDERS.items())
    if "instance_ids" in entry:
        entry["instance_ids"] = sorted(entry["instance_ids"])
    return entry


def _add_hosts(inventory: Inventory, folder: Folder, record: Record, excluded: set[str]) -> None:
    """Add the list of hosts, with those of earlier runs. A vanished one that somebody has removed stays removed."""
    dropped = excluded | (set(inventory.vanished) - hosts_in(read_yaml(folder, HOSTS)))
    names = {kind: set(record.hosts[kind].values()) - dropped for kind in (APPS, CLUSTERS)}
    groups = {
        group: {"hosts": dict.fromkeys(sorted(names[kind]))}
        for group, kind in (("jst_apps", APPS), ("jst_clusters", CLUSTERS))
        if names[kind]
    }
    inventory.add(HOSTS, "Each host is an app or a cluster.", groups or {"jst_apps": {"hosts": {}}})


def _add_group_variables(inventory: Inventory, record: Record) -> None:
    inventory.add(
        "group_vars/jst_apps/adopted.yml",
        "The directory of the Kubernetes documents, and a random password in place of unreadable passwords.\n"
        "Runs do not change the password of an existing account.",
        {
            "adopted_files": Expression("{{ inventory_dir }}/host_vars"),
            "unknown_password": Expression(
                "{{ 'Aa1' ~ lookup('ansible.builtin.password', '/dev/null', length=29, chars=['ascii_letters']) }}"
            ),
        },
    )
    if record.shared:
        shared = {f"application_{name}": value for name, value in record.shared.items()}
        inventory.add("group_vars/jst_apps/main.yml", "Variables of all apps. A host can have another value.", shared)


def drift_pattern(name: str) -> str:
    """Return a pattern of ``drift_ignore`` that matches a name, with ``?`` for characters that no option takes."""
    pattern = "".join("?" if name_fault(f"x{one}") else one for one in escape(name))
    return "?" * len(name) if is_blank(pattern) else pattern


def _add_unmanaged(
    inventory: Inventory, folder: Folder, unmanaged: Sequence[tuple[str, str]], titles: Sequence[str], is_whole: bool
) -> None:
    """Add the patterns that keep known omissions out of drift reports.

    A run over some apps keeps the patterns of the others.
    """
    patterns: dict[str, set[str]] = {}
    if not is_whole:
        own = tuple(f"{escape(title)}/" for title in titles)
        for option, names in mapping_in(read_yaml(folder, UNMANAGED_FILE), "drift_ignore").items():
            kept = {str(name) for name in names or () if not str(name).startswith(own)}
            patterns.setdefault(str(option), set()).update(kept)
    for option, name in unmanaged:
        patterns.setdefault(option, set()).add(drift_pattern(name))
    ignored = {option: sorted(names) for option, names in sorted(patterns.items()) if names}
    if ignored or folder.read(UNMANAGED_FILE) is not None:
        inventory.add(
            UNMANAGED_FILE,
            f"Resources without a description, which drift reports omit. {UNREADABLE} and {UNASSIGNED} state why.",
            {"drift_ignore": ignored},
        )


def _add_unassigned(
    inventory: Inventory,
    folder: Folder,
    account: ReadAccount,
    ownership: Ownership,
    is_whole: bool,
) -> None:
    """Add the databases, accounts and groups that belong to no app. Groups of other domains stay."""
    used = {(str(group["biz_code"]), str(group["name"])) for group in account.groups if group["app_ids"]}
    found = {(str(group["biz_code"]), str(group["name"])) for group in account.groups}
    if not is_whole:
        domains = {str(item.app["biz_code"]) for item in account.apps}
        earlier = records_in(read_yaml(folder, UNASSIGNED), "jst_unassigned", "vars", "unassigned_groups")
        names = [(str(one.get("biz_code")), str(one.get("name"))) for one in earlier]
        found.update(name for name in names if name[0] not in domains)
    unused = sorted(found - used)
    content = {
        "unassigned_databases": ownership.databases.get(None, []),
        "unassigned_accounts": ownership.accounts.get(None, []),
        "unassigned_groups": [{"biz_code": code, "name": name} for code, name in unused],
    }
    inventory.add(
        UNASSIGNED,
        "Resources that belong to no app, as far as privileges and adopt_databases show. Name an entry in\n"
        "adopt_databases and adopt again, or move the entry to host_vars/<app>/databases.yml. The next run adds an\n"
        "entry again that no app has.\n"
        "Ansible reads this file as a group without hosts. No playbook uses it.",
        {"jst_unassigned": {"vars": {name: value for name, value in content.items() if value}}},
    )


def _add_unreadable(
    inventory: Inventory,
    folder: Folder,
    record: Record,
    omissions: Omissions,
    account: ReadAccount,
    apps: Sequence[AppDescription],
    ownership: Ownership,
    is_whole: bool,
) -> None:
    """Add what the service does not show, and what descriptions lack. Entries of what this run did not read stay."""
    earlier = mapping_in(read_yaml(folder, UNREADABLE), "jst_unreadable", "vars")
    read = {*inventory.hosts.values(), *inventory.clusters.values()}
    others = {host for names in record.hosts.values() for host in names.values()} - read - set(inventory.vanished)
    notes = notes_about(inventory.hosts, apps, ownership, list(inventory.clusters.values()))
    inventory.notes = with_earlier_notes(notes, records_in(earlier, "unreadable"), others)
    kept = {host: found for host, found in mapping_in(earlier, "not_described").items() if host in others}
    current = {host: [one.to_entry() for one in found] for host, found in inventory.not_described.items()}
    inventory.account_omissions = [one.to_entry() for one in omissions.reasons]
    not_read = [{"what": failure.what, "why": failure.message} for failure in account.failures]
    if not is_whole:
        for entries, before in (
            (inventory.account_omissions, records_in(earlier, "not_described", ACCOUNT_FILE)),
            (not_read, records_in(earlier, "not_read")),
        ):
            done = account.attempted | {one["what"] for one in entries}
            entries += [one for one in before if "what" in one and one["what"] not in done]
    if inventory.account_omissions:
        current[ACCOUNT_FILE] = inventory.account_omissions
    variables: dict[str, Any] = {
        "unreadable": [note.to_entry() for note in inventory.notes],
        "not_described": dict(sorted({**kept, **current}.items())),
        "not_read": not_read,
    }
    inventory.add(
        UNREADABLE,
        "Values that the service does not show (unreadable), resources without a description (not_described), and\n"
        "resources that could not be read in the last run (not_read).\n"
        "Ansible reads this file as a group without hosts. No playbook uses it.",
        {"jst_unreadable": {"vars": {name: value for name, value in variables.items() if value}}},
    )


def stale_files(inventory: Inventory, record: Record) -> list[str]:
    """Return the files of earlier runs that the descriptions of this run no longer use."""
    return sorted(_stale(inventory, record))


def _stale(inventory: Inventory, record: Record) -> Iterator[str]:
    hosts = {*inventory.hosts.values(), *inventory.clusters.values()}
    for path in record.digests:
        parts = path.split("/")
        if parts[0] == "host_vars" and parts[1] in hosts and path not in inventory.files:
            yield path
