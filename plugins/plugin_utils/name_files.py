# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names and ids that the tasks of a run share, in files of the run.

Workers are forks that share no memory. The files are in the temporary directory of the run, which only its owner can
read and which Ansible removes at the end. Each holds one list: a line for each resource, with its name and its id,
sorted. A worker finds a name by bisection, without reading the file. A file is always replaced as a whole, so a reader
needs no lock and never sees half of it.

A lock shows that a worker reads the list of the service. The kernel releases it when the worker is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import mmap
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.jst.retailcloud.plugins.module_utils._core.name_index import NameIndex
from ansible_collections.jst.retailcloud.plugins.plugin_utils.atomic_files import replace_file


class NameFiles(NameIndex):
    """The files of one run.

    :param directory: where the files are.
    :param run: distinguishes runs that share the directory.
    :param report: receives a message when the files cannot be used. Tasks then read the lists themselves.
    """

    def __init__(self, directory: Path, run: int, report: Callable[[str], Any]) -> None:
        self._prefix = str(directory / f"jst-names-{run}-")
        self._report = report

    @classmethod
    def of_run(cls, report: Callable[[str], Any]) -> NameFiles:
        """Return the files of the run of this worker. Its parent process is the main process."""
        return cls(Path(constants.DEFAULT_LOCAL_TMP), os.getppid(), report)

    @contextlib.contextmanager
    def reading(self, list_key: str) -> Iterator[None]:
        """See :meth:`NameIndex.reading`."""
        with contextlib.ExitStack() as stack:
            if not self.is_known(list_key):
                with self._reported():
                    lock = stack.enter_context(_opened(self._path(list_key, ".lock")))
                    try:
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        # Shared, so that all who wait continue at once. Released, so that nobody waits for them.
                        fcntl.flock(lock, fcntl.LOCK_SH)
                        fcntl.flock(lock, fcntl.LOCK_UN)
            yield

    def is_known(self, list_key: str) -> bool:
        """See :meth:`NameIndex.is_known`."""
        return os.path.exists(self._path(list_key))

    def ids_of(self, list_key: str, name: str) -> list[Any]:
        """See :meth:`NameIndex.ids_of`."""
        with self._content(list_key) as content:
            return _ids_in(content[slice(*_range_of(content, name))])

    def has_id(self, list_key: str, resource_id: Any) -> bool:
        """See :meth:`NameIndex.has_id`."""
        with self._content(list_key) as content:
            return content.find(f"\t{json.dumps(resource_id)}\n".encode()) >= 0

    def publish(self, list_key: str, entries: Iterable[tuple[str, Any]]) -> None:
        """See :meth:`NameIndex.publish`."""
        lines = sorted({_line(name, resource_id) for name, resource_id in entries})
        with self._reported(), self._changing(list_key):
            self._replace(list_key, b"".join(lines))

    def change(self, list_key: str, name: str, edit: Callable[[list[Any]], list[Any]]) -> None:
        """See :meth:`NameIndex.change`."""
        if not self.is_known(list_key):
            return
        with self._reported(), self._changing(list_key):
            content = Path(self._path(list_key)).read_bytes()
            start, end = _range_of(content, name)
            lines = sorted({_line(name, resource_id) for resource_id in edit(_ids_in(content[start:end]))})
            if content[start:end] != b"".join(lines):
                self._replace(list_key, b"".join([content[:start], *lines, content[end:]]))

    def _path(self, list_key: str, suffix: str = "") -> str:
        return f"{self._prefix}{list_key}{suffix}"

    @contextlib.contextmanager
    def _content(self, list_key: str) -> Iterator[mmap.mmap | bytes]:
        """Map the file of a list into memory. Without one, the content is empty."""
        with contextlib.ExitStack() as stack:
            content: mmap.mmap | bytes = b""
            with self._reported(), contextlib.suppress(FileNotFoundError):
                file = stack.enter_context(open(self._path(list_key), "rb"))
                if os.fstat(file.fileno()).st_size:  # an empty file cannot be mapped
                    content = stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            yield content

    @contextlib.contextmanager
    def _changing(self, list_key: str) -> Iterator[None]:
        """Change a file, one worker at a time, so that no change is lost."""
        with _opened(self._path(list_key, ".change")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _replace(self, list_key: str, content: bytes) -> None:
        """Replace the file of a list, which only the owner can read."""
        replace_file(Path(self._path(list_key)), content, 0o600)

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Report that the files cannot be used, and continue without them."""
        try:
            yield
        except OSError as error:
            self._report(
                f"The files for sharing resource lists between tasks cannot be used: {error}. Each task reads the "
                "lists itself, which needs more calls."
            )


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    """Open a file for locking, and close it, which releases the lock."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _start(name: str) -> bytes:
    """Return the beginning of the lines of a name. It is ASCII without line breaks and tabs, whatever the name is."""
    return f"{json.dumps(name)}\t".encode()


def _line(name: str, resource_id: Any) -> bytes:
    return _start(name) + f"{json.dumps(resource_id)}\n".encode()


def _ids_in(lines: bytes) -> list[Any]:
    return [json.loads(line.rpartition(b"\t")[2]) for line in lines.splitlines()]


def _range_of(content: mmap.mmap | bytes, name: str) -> tuple[int, int]:
    """Return where the lines of a name begin and end. They are the place to insert them where there is none."""
    start = _start(name)
    low, high = 0, len(content)
    while low < high:
        middle = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = content.find(b"\n", middle) + 1
        if content[middle:end] < start:
            low = end
        else:
            high = middle
    end = low
    while content[end : end + len(start)] == start:
        end = content.find(b"\n", end) + 1
    return low, end
