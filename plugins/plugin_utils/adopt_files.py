# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write files of an inventory, and never over a file that somebody has changed.

A record in the directory holds the digests of the files that were written. A file with another digest was changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ansible.parsing.vault import is_encrypted

from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_folder import Folder, read_file
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_passwords import mask_passwords
from ansible_collections.jst.retailcloud.plugins.plugin_utils.atomic_files import remove_leftovers, replace_file

RECORD = ".adopted.json"
"""The record. Ansible does not read hidden files of an inventory."""

VAULT_HEADER = b"$ANSIBLE_VAULT;"
"""The beginning of what ansible-vault has encrypted, whether a file or a value in one."""

COLLECTION_ROOT = Path(__file__).resolve().parents[2]
MAX_DIFF_CHARACTERS = 100_000
"""The size of a file up to which the diff shows its text."""


@dataclass
class Record:
    """What earlier runs have written.

    :ivar digests: path -> digests of the content. There are two while a run writes a file.
    :ivar hosts: type of the resource -> id -> name of the host.
    :ivar shared: variables of all apps, as they were written first.
    :ivar instances: the RDS instances that the last run has read.
    :ivar databases: title or id of an app -> its databases and accounts, as options have named them.
    :ivar exclude: titles or ids of the apps that the last run was not to read.
    """

    digests: dict[str, list[str]] = field(default_factory=dict)
    hosts: dict[str, dict[str, str]] = field(default_factory=dict)
    shared: dict[str, Any] | None = None
    instances: list[str] = field(default_factory=list)
    databases: dict[str, list[str]] = field(default_factory=dict)
    exclude: list[str] = field(default_factory=list)

    def rename_host(self, kind: str, identity: str, name: str) -> None:
        """Give the host of a resource another name, and its files another path."""
        old = f"host_vars/{self.hosts[kind][identity]}/"
        self.hosts[kind][identity] = name
        self.digests = {
            f"host_vars/{name}/{path[len(old) :]}" if path.startswith(old) else path: digests
            for path, digests in self.digests.items()
        }

    def forget_host(self, kind: str, identity: str) -> None:
        """Drop the host of a resource, and its files."""
        folder = f"host_vars/{self.hosts[kind].pop(identity)}/"
        self.digests = {path: found for path, found in self.digests.items() if not path.startswith(folder)}

    def to_text(self) -> str:
        """Return the text of the file."""
        hosts = {kind: dict(sorted(names.items())) for kind, names in sorted(self.hosts.items())}
        content = {
            "version": 1,
            "hosts": hosts,
            "shared": self.shared,
            "rds_instances": self.instances,
            "databases": self.databases,
            "exclude": self.exclude,
            "files": dict(sorted(self.digests.items())),
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


class FileUpdate(Enum):
    """What a run does to a file that somebody has changed."""

    KEEP = "keep"
    NONE = "none"
    UPDATE = "update"


@dataclass
class FilePlan:
    """What a run does to the files of an inventory.

    :ivar new: paths of files to create.
    :ivar updated: paths of files to replace, which nobody has changed.
    :ivar unchanged: paths of files that are as they should be.
    :ivar equal: paths of files that somebody has changed, and that still say what they should.
    :ivar kept: paths of files that somebody has changed, and that therefore stay.
    :ivar replaced: those of the files to replace that somebody has changed.
    :ivar encrypted: paths of files that somebody has changed and that hold encrypted values, so they always stay.
    :ivar locked: paths of files that no given password decrypts. They stay.
    """

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    equal: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    encrypted: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)

    @property
    def written(self) -> list[str]:
        """The paths of the files to write."""
        return [*self.new, *self.updated]


def check_directory(directory: Path) -> None:
    """Reject a directory that cannot hold an inventory.

    :raises InvalidOptionError: with the reason.
    """
    existing = directory
    while not os.path.lexists(existing):
        existing = existing.parent
    reason = ""
    if not existing.is_dir():
        reason = f"{existing} is not a directory"
    elif not os.access(existing, os.W_OK | os.X_OK):
        reason = f"{existing} is not writable"
    elif COLLECTION_ROOT in (directory.resolve(), *directory.resolve().parents):
        reason = "it is inside the collection, where an upgrade would delete it"
    if reason:
        raise InvalidOptionError(
            f"Cannot write an inventory to {directory}: {reason}.",
            hint=Hint("Name another directory.", "请指定其他目录。"),
        )


def read_record(directory: Path) -> Record:
    """Return the record of a directory, an empty one when nothing was written there.

    :raises InvalidOptionError: when it cannot be read.
    """
    path = directory / RECORD
    try:
        stored = path.read_bytes()
        if is_encrypted(stored):
            raise InvalidOptionError(
                f"Cannot read {path}, the record of the files that were written: it is encrypted with ansible-vault. "
                "The record must not be encrypted. It holds no secret.",
                hint=Hint(
                    "Decrypt it with: ansible-vault decrypt {path}",
                    "请解密该文件：ansible-vault decrypt {path}",
                    path=path,
                ),
            )
        content = json.loads(stored.decode("utf-8"))
        return Record(
            {str(name): [str(digest) for digest in digests] for name, digests in content["files"].items()},
            {str(kind): _folder_names(hosts) for kind, hosts in content["hosts"].items()},
            content["shared"],
            list(content["rds_instances"]),
            {str(app): list(names) for app, names in content["databases"].items()},
            list(content.get("exclude", [])),
        )
    except FileNotFoundError:
        return Record()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidOptionError(
            f"Cannot read {path}, the record of the files that were written: {type(error).__name__}.",
            hint=Hint(
                "Restore it, or delete it. Without it, files that differ count as changed by a user and are kept.",
                "请恢复该记录文件，或将其删除：删除后，凡是有差异的文件都视为被人修改过，保留不变。",
            ),
        ) from None


def _folder_names(hosts: Mapping[str, str]) -> dict[str, str]:
    """Return id -> name of a host.

    :raises ValueError: for a name that leads out of its folder. Anybody who can change the inventory can write it.
    """
    for host in hosts.values():
        if Path(host).name != host or host in ("", "..") or "\\" in host:
            raise ValueError(host)
    return dict(hosts)


def digest(content: bytes) -> str:
    """Return the digest of a content."""
    return hashlib.sha256(content).hexdigest()


def keep_changed(_path: str, _current: bytes, _new: bytes) -> FileUpdate:
    """Keep every file that somebody has changed."""
    return FileUpdate.KEEP


def plan_files(
    folder: Folder,
    record: Record,
    files: Mapping[str, bytes],
    overwrite: bool,
    judge: Callable[[str, bytes, bytes], FileUpdate] = keep_changed,
) -> FilePlan:
    """Compare the files to write with those of a directory.

    A file is never replaced when it holds what is encrypted: nothing could restore it.

    :param files: path -> content.
    :param overwrite: whether to replace files that somebody has changed.
    :param judge: takes path, current and new content of a file that somebody has changed.
    :raises InvalidOptionError: for a file that cannot be read.
    """
    plan = FilePlan()
    for path, content in files.items():
        current = folder.read(path)
        if current is None:
            plan.new.append(path)
        elif current == content:
            plan.unchanged.append(path)
        elif digest(current) in record.digests.get(path, ()):
            plan.updated.append(path)
        else:
            _plan_changed(plan, path, folder.decrypt(current), content, is_encrypted(current), overwrite, judge)
    return plan


def _plan_changed(
    plan: FilePlan,
    path: str,
    current: bytes | None,
    new: bytes,
    is_whole_encrypted: bool,
    overwrite: bool,
    judge: Callable[[str, bytes, bytes], FileUpdate],
) -> None:
    """Add a file that somebody has changed to a plan.

    :param current: its content in plain text, ``None`` when no given password decrypts it.
    """
    if current is None:
        plan.locked.append(path)
        return
    change = FileUpdate.NONE if current == new else judge(path, current, new)
    if change is FileUpdate.NONE:
        plan.equal.append(path)
    elif is_whole_encrypted or VAULT_HEADER in current:
        plan.encrypted.append(path)
    elif change is FileUpdate.UPDATE:
        plan.updated.append(path)
    elif overwrite:
        plan.updated.append(path)
        plan.replaced.append(path)
    else:
        plan.kept.append(path)


def write_files(directory: Path, record: Record, files: Mapping[str, bytes], plan: FilePlan) -> None:
    """Write the planned files, and the record.

    The record is written before and after the files. A run that was stopped between the two leaves files that
    the next run knows as its own. Hidden files that a killed run has left are removed.

    :raises InvalidOptionError: for a file that cannot be written.
    """
    for folder in _folders(directory, record, files):
        remove_leftovers(folder)
    for path in plan.written:
        record.digests[path] = [*record.digests.get(path, ()), digest(files[path])]
    if plan.written:
        write_file(directory / RECORD, record.to_text().encode())
        for path in plan.written:
            write_file(directory / path, files[path])
    for path in (*plan.written, *plan.unchanged):
        record.digests[path] = [digest(files[path])]
    content = record.to_text().encode()
    if read_file(directory / RECORD) != content:
        write_file(directory / RECORD, content)


def write_file(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all. A symbolic link stays, and so does the mode of the file.

    :raises InvalidOptionError: when that is not possible.
    """
    try:
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, content, _mode_of(target))
    except OSError as error:
        raise InvalidOptionError(f"Cannot write {path}: {error.strerror}.") from None


def _mode_of(path: Path) -> int:
    """Return the mode of a file, for a new one that which the umask leaves."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _folders(directory: Path, record: Record, files: Mapping[str, bytes]) -> set[Path]:
    """Return the folders in which this run or an earlier one may have written a file."""
    hosts = [directory / "host_vars" / host for names in record.hosts.values() for host in names.values()]
    # A link in an inventory is followed: the hidden file stands beside the file itself.
    return {directory, *hosts, *((directory / path).resolve().parent for path in files)}


def diff_of(folder: Folder, files: Mapping[str, bytes], plan: FilePlan) -> list[dict[str, Any]]:
    """Return the differences that the run makes, in the form in which Ansible shows them.

    For a file that is kept, it is what the account has and the file has not. What is encrypted is not shown.
    """
    labels = {**dict.fromkeys(plan.written, ""), **dict.fromkeys(plan.kept, " (changed by somebody, not written)")}
    return [
        {
            "before_header": str(folder.path / path),
            "after_header": f"{folder.path / path}{label}",
            "before": _shown(folder.read(path) or b""),
            "after": _shown(files[path]),
        }
        for path, label in labels.items()
    ]


def _shown(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    if len(text) > MAX_DIFF_CHARACTERS:
        return f"(a text of {len(text)} characters)\n"
    return printable(mask_passwords(text))
