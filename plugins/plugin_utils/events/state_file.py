# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file in which the source remembers what it has sent.

The file consists of lines of JSON. The first line is a complete snapshot. Each further line holds the changes of one
event, so one short write records an event. A kill may leave a last line without its end; such a line does not count. A
new snapshot replaces the whole file at once.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint

VERSION = 1
MIN_LINES = 1000
"""Lines after which a new snapshot may replace the file. A longer snapshot allows as many lines as it has entries."""

MAX_FACTOR = 10
"""The factor by which changes that are held back may delay a new snapshot."""

LOCK_TIMEOUT = 30.0
"""Seconds to wait for the lock. A source that was just stopped still finishes its last request."""


class Change(NamedTuple):
    """A new value of a key. None deletes the key."""

    section: str
    key: str
    value: Any


class StateFileError(ConfigError):
    """The file cannot be used, or not any more."""


class StateFile:
    """Values by section and key, in memory and in a file.

    Changes can be held back: they count at once, and are written later, in the order of their commits.

    :param path: None keeps the values in memory only.
    :param monotonic: the clock of changes that are held back.
    :param is_valid: whether a section may hold a key with a value. A file with an invalid value is rejected.
    """

    def __init__(
        self,
        path: str | None,
        monotonic: Callable[[], float] = time.monotonic,
        is_valid: Callable[[str, str, Any], bool] = lambda section, key, value: True,
    ) -> None:
        self._path = path
        self._is_valid = is_valid
        self._monotonic = monotonic
        # Lines to write, and from when on.
        self._held: deque[tuple[float, list[list[Any]]]] = deque()
        self._lock: int | None = None
        self._file: int | None = None
        self._size = 0
        self._sections: dict[str, dict[str, Any]] = {}
        self._lines = 0

    def open(self, wait: Callable[[float], bool]) -> None:
        """Lock and load the file.

        :param wait: waits for a number of seconds and returns whether the source was stopped.
        :raises ConfigError: when another process uses the file, or the file cannot be used.
        """
        if self._path is None:
            return
        with self._named_in_errors():
            self._acquire(self._path, wait)
            self._load(self._path)
            self._compact(self._path)

    def close(self) -> None:
        """Release the file. Changes that are still held back are not written."""
        for descriptor in (self._file, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._file = self._lock = None

    def get(self, section: str, key: str, default: Any = None) -> Any:
        """Return a value."""
        return self._sections.get(section, {}).get(key, default)

    def items(self, section: str) -> dict[str, Any]:
        """Return a copy of a section."""
        return dict(self._sections.get(section, {}))

    def sections(self, prefix: str) -> list[str]:
        """Return the names of the sections that begin with a prefix."""
        return [section for section in self._sections if section.startswith(prefix)]

    def commit(self, changes: Iterable[Change], hold: float = 0.0) -> None:
        """Apply changes and record them together. After a kill either all or none of them count.

        :param hold: the seconds for which they are held back.
        :raises StateFileError: when the file cannot be written.
        """
        line = [list(change) for change in changes]
        for section, key, value in line:
            self._set(section, key, value)
        if line and self._file is not None:
            self._held.append((self._monotonic() + hold, line))
        self.flush()

    def flush(self) -> None:
        """Write the changes that are not held back any more.

        :raises StateFileError: when the file cannot be written. The changes are then still to be written.
        """
        if self._file is None:
            return
        now = self._monotonic()
        with self._named_in_errors():
            while self._held and self._held[0][0] <= now:
                # An attempt that failed may have written a part of the line.
                os.ftruncate(self._file, self._size)
                self._size += _write(self._file, self._held[0][1])
                self._held.popleft()
                self._lines += 1
        most = max(MIN_LINES, sum(map(len, self._sections.values())))
        if self._lines > (MAX_FACTOR * most if self._held else most):
            self.compact()

    def compact(self) -> None:
        """Replace the file by a snapshot, which includes changes that are held back.

        :raises StateFileError: when that fails. The file before remains.
        """
        if self._path is not None:
            with self._named_in_errors():
                self._compact(self._path)

    def _compact(self, path: str) -> None:
        new = f"{path}.new"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            size = _write(descriptor, {"version": VERSION, "sections": self._sections})
            os.replace(new, path)
        except OSError:
            os.close(descriptor)
            raise
        if self._file is not None:
            os.close(self._file)
        self._file, self._size, self._lines = descriptor, size, 0
        self._held.clear()
        _sync_folder(path)

    @contextmanager
    def _named_in_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StateFileError(
                f"state_file {self._path} cannot be used: {error.strerror}",
                Hint(
                    "Free disk space, or make the file readable and writable, and start the source again. It continues "
                    "after the recorded events.",
                    "请释放磁盘空间，或让该文件可以读写，然后重新启动事件源。事件源会从文件中记录的位置继续。",
                ),
            ) from None

    def _set(self, section: str, key: str, value: Any) -> None:
        values = self._sections.setdefault(section, {})
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
        if not values:
            del self._sections[section]

    def _acquire(self, path: str, wait: Callable[[float], bool]) -> None:
        os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o700, exist_ok=True)
        self._lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        waited = 0.0
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if waited >= LOCK_TIMEOUT or wait(1.0):
                    raise ConfigError(
                        f"state_file {path} is in use by another event source",
                        Hint("Give each source a state_file of its own.", "请为每个事件源设置各自的 state_file。"),
                    ) from None
                waited += 1.0

    def _load(self, path: str) -> None:
        try:
            with open(path, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return
        first, *others = content.split(b"\n")
        # What follows the last line end was not written completely. It may end inside a character.
        del others[-1:]
        try:
            snapshot = json.loads(first)
            if not isinstance(snapshot, Mapping) or snapshot["version"] is True or snapshot["version"] != VERSION:
                raise ValueError
            self._sections = {section: dict(values) for section, values in snapshot["sections"].items()}
            for line in others:
                for section, key, value in json.loads(line):
                    self._set(section, key, value)
            for section, values in self._sections.items():
                for key, value in values.items():
                    if not self._is_valid(section, key, value):
                        raise ValueError
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            raise ConfigError(
                f"state_file {path} is not a state file of this event source",
                Hint(
                    "Name another file, or delete this one. Without a state file, the source begins at option start.",
                    "请指定其他文件，或删除该文件。没有状态文件时，事件源从选项 start 指定的位置开始。",
                ),
            ) from None


def _write(descriptor: int, content: Any) -> int:
    """Append a line, and return its size once it is on the disk."""
    line = (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "surrogatepass")
    written = 0
    while written < len(line):
        written += os.write(descriptor, line[written:])
    os.fsync(descriptor)
    return written


def _sync_folder(path: str) -> None:
    descriptor = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
