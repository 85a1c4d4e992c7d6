# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understand what somebody has changed in an inventory: hosts renamed or deleted, entries moved to an app."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_files import FileUpdate, Record, digest
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_folder import Folder
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_names import (
    APPS,
    CLUSTERS,
    HOSTS,
    UNASSIGNED,
    UNREADABLE,
)

DATABASES_FILE = "host_vars/{}/databases.yml"
_APP_ID = re.compile(rb"^application_app_id:\s*[\"']?(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)


class _Loader(yaml.SafeLoader):
    """Reads files of this collection. A text is a text, whatever Ansible does with it."""


class _StrictLoader(yaml.SafeLoader):
    """Read files of this collection, and distinguish a text with a tag from one without."""


def _construct_text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    return loader.construct_scalar(node)


def _construct_tagged(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    return node.tag, loader.construct_scalar(node)


for _tag in ("!unsafe", "!vault", "!vault-encrypted"):
    _Loader.add_constructor(_tag, _construct_text)
    _StrictLoader.add_constructor(_tag, _construct_tagged)


def parse_yaml(content: bytes, loader: type[yaml.SafeLoader] = _Loader) -> Any:
    """Return the value of a YAML text, ``None`` when it has none that can be read."""
    try:
        return yaml.load(content, Loader=loader)
    except (yaml.YAMLError, ValueError):
        return None


def read_yaml(folder: Folder, path: str) -> Any:
    """Return the value of a YAML file, ``None`` when it has none that can be read."""
    return parse_yaml(folder.read_plain(path) or b"")


def mapping_in(content: Any, *path: str) -> dict[str, Any]:
    """Return the mapping at a path, an empty one where there is none."""
    for name in path:
        content = content.get(name) if isinstance(content, Mapping) else None
    return dict(content) if isinstance(content, Mapping) else {}


def records_in(content: Any, *path: str) -> list[dict[str, Any]]:
    """Return the mappings of the list at a path, none where there is no list."""
    found = mapping_in(content, *path[:-1]).get(path[-1])
    return [dict(item) for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def recognize_hosts(folder: Folder, record: Record, listed: Collection[str]) -> None:
    """Update the hosts of a record: somebody may have renamed one, or deleted one whose app no longer exists.

    :param listed: the ids of all apps of the account.
    """
    known = record.hosts.setdefault(APPS, {})
    gone = {identity: host for identity, host in known.items() if not (folder.path / "host_vars" / host).exists()}
    if not gone:
        return
    taken = {*known.values(), *record.hosts.get(CLUSTERS, {}).values()}
    for place in sorted((folder.path / "host_vars").glob("*/")):
        for identity in _app_ids_in(folder, place) if place.name not in taken else ():
            if identity in gone:
                record.rename_host(APPS, identity, place.name)
                del gone[identity]
    for identity in gone:
        if identity not in listed:
            record.forget_host(APPS, identity)


def _app_ids_in(folder: Folder, place: Path) -> set[str]:
    return {
        match.decode()
        for path in sorted(place.glob("*.yml"))
        for match in _APP_ID.findall(folder.read_plain(str(path.relative_to(folder.path))) or b"")
    }


def hosts_in(content: Any) -> set[str]:
    """Return the names of all hosts that a value of an inventory file lists."""
    if not isinstance(content, Mapping):
        return set()
    found = {str(name) for name in mapping_in(content, "hosts")}
    return found.union(*(hosts_in(value) for name, value in content.items() if name not in ("hosts", "vars")))


@dataclass(frozen=True)
class DescribedEntry:
    """A database or an account in a file of the inventory.

    :ivar app_id: the id of the app whose file it is, ``None`` in the list of those of no app.
    :ivar option: ``databases`` or ``accounts``.
    :ivar is_changed: whether somebody has changed the file since it was written.
    """

    app_id: str | None
    option: str
    options: dict[str, Any]
    is_changed: bool

    @property
    def key(self) -> tuple[str, str]:
        """The id of the RDS instance, and the name."""
        return str(self.options.get("instance_id")), str(self.options.get("name"))


def described_entries(folder: Folder, record: Record) -> Iterator[DescribedEntry]:
    """Yield the databases and accounts that the files of an inventory hold."""
    places: list[tuple[str | None, str]] = [
        (identity, DATABASES_FILE.format(host)) for identity, host in record.hosts.get(APPS, {}).items()
    ]
    for app_id, path in (*places, (None, UNASSIGNED)):
        stored, content = folder.read(path), folder.read_plain(path)
        if stored is None or content is None:
            continue
        is_changed = digest(stored) not in record.digests.get(path, ())
        found = parse_yaml(content)
        variables = mapping_in(found) if app_id else mapping_in(found, "jst_unassigned", "vars")
        for option in ("databases", "accounts"):
            for entry in records_in(variables, f"{'application' if app_id else 'unassigned'}_{option}"):
                yield DescribedEntry(app_id, option, entry, is_changed)


@dataclass(frozen=True)
class ContentCheck:
    """Judges by its content a file that somebody has changed.

    :ivar known: the names of the hosts that earlier runs have written.
    """

    known: Collection[str]

    def __call__(self, path: str, current: bytes, new: bytes) -> FileUpdate:
        """Return what a run does to a file that somebody has changed."""
        if not path.endswith(".yml"):
            return FileUpdate.KEEP
        before, after = (parse_yaml(text, _StrictLoader) for text in (current, new))
        is_equal = before is not None and _without_unreadable(before) == _without_unreadable(after)
        if is_equal or (path == HOSTS and before is not None and contains(before, after)):
            return FileUpdate.NONE
        if path not in (HOSTS, UNASSIGNED, UNREADABLE) or not _comments(current) <= _comments(new):
            return FileUpdate.KEEP
        removed = (hosts_in(after) - hosts_in(before)) & set(self.known) if path == HOSTS else set()
        return FileUpdate.UPDATE if not removed and contains(after, before) else FileUpdate.KEEP


def _comments(content: bytes) -> set[str]:
    return {found.strip() for found in _COMMENT.findall(content.decode("utf-8", "replace"))}


# List -> the members of its entries that the service does not show. A file of adopt has placeholders for them.
_UNREADABLE_MEMBERS = {
    "application_accounts": {"password"},
    "unassigned_accounts": {"password"},
    "cluster_persistent_volumes": {"mount_target_domain", "nfs_version"},
}


def _without_unreadable(value: Any) -> Any:
    """Return a value without the members that the service does not show."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: [
            {key: one for key, one in item.items() if key not in _UNREADABLE_MEMBERS[name]}
            if isinstance(item, Mapping)
            else item
            for item in found
        ]
        if name in _UNREADABLE_MEMBERS and isinstance(found, list)
        else _without_unreadable(found)
        for name, found in value.items()
    }


def contains(whole: Any, part: Any) -> bool:
    """Return whether a value holds all that another holds."""
    if part is None:
        return True
    if isinstance(whole, Mapping) and isinstance(part, Mapping):
        return all(name in whole and contains(whole[name], value) for name, value in part.items())
    if isinstance(whole, list) and isinstance(part, list):
        return all(item in whole for item in part)
    return bool(whole == part)
