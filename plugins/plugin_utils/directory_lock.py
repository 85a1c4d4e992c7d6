# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a directory, which one run at a time writes to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError

LOCK = ".adopt.lock"
"""The file that holds the lock. Ansible does not read hidden files of an inventory."""


@contextmanager
def directory_lock(directory: Path) -> Iterator[None]:
    """Hold the lock of a directory, which is created. A directory that is still empty afterwards is removed.

    The kernel releases the lock of a killed run. The file that such a run leaves is harmless.

    :raises InvalidOptionError: when another run holds the lock, or the directory cannot be locked.
    """
    created = _missing_folders(directory)
    path = directory / LOCK
    try:
        try:
            lock = _acquire(path)
        except BlockingIOError:
            raise InvalidOptionError(
                f"Another run is writing to {directory}.",
                hint=Hint(
                    "Run again once it has ended. Nothing was read.",
                    "请等另一次运行结束后再重新运行。本次没有读取任何内容。",
                ),
            ) from None
        except OSError as error:
            raise InvalidOptionError(f"Cannot write {path}, the lock of the directory: {error.strerror}.") from None
        try:
            yield
        finally:
            # Removed before it is released, so nobody else can hold a lock on this file.
            with suppress(OSError):
                path.unlink()
            os.close(lock)
    finally:
        with suppress(OSError):
            for folder in created:
                folder.rmdir()


def _missing_folders(directory: Path) -> list[Path]:
    """Return the folders of a path that do not exist, the innermost first."""
    return [folder for folder in (directory, *directory.parents) if not os.path.lexists(folder)]


def _acquire(path: Path) -> int:
    """Return the descriptor of the locked file.

    :raises BlockingIOError: when another run holds the lock.
    :raises OSError: when the file cannot be created or locked.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            # A run that has ended has removed the empty directory.
            if path.parent.is_dir():
                raise
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_file_of(lock, path):
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _is_file_of(descriptor: int, path: Path) -> bool:
    """Return whether a path still names an open file. The run that held the lock before has removed it."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
