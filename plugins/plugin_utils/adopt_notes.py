# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a description cannot hold of any account, and what to do about each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_databases import Ownership
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_describe import AppDescription

ACCOUNT_FILE = "(account)"
"""The place of what belongs to no app. No host has a name with parentheses."""


@dataclass(frozen=True)
class Note:
    """Something that the service does not show.

    :ivar of: the hosts that it concerns; empty for all.
    """

    what: str
    why: str
    todo: str
    of: tuple[str, ...] = ()

    def to_entry(self) -> dict[str, Any]:
        """Return the note for the file."""
        entry: dict[str, Any] = {"what": self.what, "why": self.why, "todo": self.todo}
        return {**entry, "of": list(self.of)} if self.of else entry


def notes_about(
    hosts: Mapping[str, str], apps: Sequence[AppDescription], ownership: Ownership, clusters: Sequence[str]
) -> list[Note]:
    """Return the notes that concern an inventory.

    :param hosts: id of an app -> name of its host.
    :param clusters: names of the hosts of the clusters.
    """

    def of(chosen: Sequence[Any]) -> tuple[str, ...]:
        return tuple(sorted(hosts[str(identity)] for identity in chosen))

    secrets = of([app.app_id for app in apps if app.has_secrets])
    accounts = of([app.app_id for app in apps if app.app_id in ownership.accounts])
    notes = [
        Note(
            "application_namespace, application_middleware_ids",
            "The service uses them when it creates an app, and does not show them.",
            "Existing apps need nothing. Set these variables before a run creates an app.",
        ),
        Note(
            "application_environments[].release",
            "If the description contained a release, the next run would release the environment.",
            "To let playbook bring_up release an environment, add release: {} to it. Until then, the environment keeps "
            "its live content. When another tool made its last release, drift reports state that its running "
            "configuration is not known.",
        ),
    ]
    if secrets:
        notes.append(
            Note(
                "application_deploy_configs[].secrets",
                "The service never shows the content of a Secret.",
                "A deploy config without the option keeps its Secrets. To change a Secret, describe all Secrets of the "
                "deploy config in a file that is encrypted with ansible-vault.",
                secrets,
            )
        )
    if accounts:
        notes.append(
            Note(
                "application_accounts[].password",
                "No operation shows a password.",
                "Existing accounts need nothing. Before a run creates an account, replace unknown_password with a "
                "password that is encrypted with ansible-vault.",
                accounts,
            )
        )
    if not (ownership.databases or ownership.accounts):
        notes.append(
            Note(
                "application_databases, application_accounts",
                "No operation lists RDS instances.",
                "Name the instances in adopt_rds_instances, and adopt again.",
            )
        )
    if clusters:
        notes.append(
            Note(
                "cluster_type, cluster_password, and other variables that only the creation of a cluster uses",
                "The service does not show them.",
                "Existing clusters need nothing. Set these variables before a run creates a cluster.",
                tuple(sorted(clusters)),
            )
        )
        notes.append(
            Note(
                "cluster_persistent_volumes[].mount_target_domain and nfs_version",
                "The service does not show them, and role cluster requires them.",
                "Before a run creates a volume, replace the placeholder 'not-readable' with the domain of the mount "
                "target, and check nfs_version, which has the placeholder '4.0'.",
                tuple(sorted(clusters)),
            )
        )
    return notes


def with_earlier_notes(
    notes: Iterable[Note], earlier: Iterable[Mapping[str, Any]], others: Collection[str]
) -> list[Note]:
    """Return notes together with those of an earlier run about hosts that this run did not read.

    :param others: the names of these hosts.
    """
    merged = {note.what: note for note in notes}
    for entry in earlier:
        kept = tuple(host for host in entry.get("of") or () if host in others)
        note = merged.get(str(entry.get("what")))
        if kept and note is not None and note.of:
            merged[note.what] = replace(note, of=tuple(sorted({*note.of, *kept})))
        elif kept and note is None:
            what, why, todo = (str(entry.get(name)) for name in ("what", "why", "todo"))
            merged[what] = Note(what, why, todo, kept)
    return list(merged.values())


README = """# Inventory of an account

The playbook `jst.retailcloud.adopt` wrote these files. They are yours: edit them, and put them under version control.
The playbook does not replace a file that you have changed, unless `adopt_overwrite` is true. It never replaces a
changed file that contains encrypted values.

Kubernetes documents (`*.k8s`) are as the service stores them. A ConfigMap or an environment variable in one may hold a
password in plain text. Read the documents before you share the files. The output of the run names the documents that
contain keys such as `password`.

| file | content |
| --- | --- |
| `hosts.yml` | the apps (group `jst_apps`) and the clusters (group `jst_clusters`) |
| `group_vars/jst_apps/adopted.yml` | the directory of the documents, and a random password for accounts |
| `group_vars/jst_apps/main.yml` | the variables that all apps share |
| `host_vars/<app>/app.yml` | the description of an app, for role `jst.retailcloud.application` |
| `host_vars/<app>/databases.yml` | the databases and accounts of the app |
| `host_vars/<app>/*.k8s` | the Kubernetes documents of the app, as the service stores them |
| `host_vars/<cluster>/cluster.yml` | the description of a cluster, for role `jst.retailcloud.cluster` |
| `unreadable.yml` | values that cannot be read or described, with the reason and the action to take |
| `unassigned.yml` | databases, accounts and groups that belong to no app |
| `group_vars/jst_apps/unmanaged.yml` | the names of resources without a description, which drift reports omit |
| `.adopted.json` | digests of the files, which show the next run the files that were changed |

Encrypt passwords of accounts (`ansible-vault encrypt_string`), and files with Secrets or other passwords
(`ansible-vault encrypt`). Any file may be encrypted but `.adopted.json`, which holds no secret.

`application_app_id` is the id of the existing app. Remove this variable to create the app in another account.

    ansible-playbook -i . jst.retailcloud.bring_up --check --diff
    ansible-playbook -i . jst.retailcloud.drift
"""
