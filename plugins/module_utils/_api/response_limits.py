# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Bounds of what is read for one response, in size and in time.

Timeouts of sockets start anew with every byte, and a server may send bytes for ever: within headers, instead of a
status line, or as a body that unpacks to a thousand times its size.
"""

from __future__ import annotations

import io
import socket
import time
from typing import Any

from .errors import TooLargeError, TooSlowError

TOTAL_TIMEOUT_FACTOR = 6
"""A response may take so many times as long in all as the timeout for the next byte of it."""

_CHUNK_BYTES = 16 * 2**10
_MAX_HEADER_BYTES = 2**20


def limit_responses(connection: Any, read_timeout: float, max_bytes: int, reading: list[Any]) -> None:
    """Let a connection of the HTTP library read every response within the bounds.

    :param read_timeout: seconds without a byte.
    :param max_bytes: of a body. Headers have a room of their own.
    :param reading: holds what the latest response is read from. Who gives a response up closes it: the library leaves
        it open where it cannot even make a response of what came.
    """
    create = connection.response_class

    def response_class(sock: Any, *args: Any, **kwargs: Any) -> Any:
        reading[:] = [_Reader(sock, read_timeout, max_bytes + _MAX_HEADER_BYTES)]
        return create(reading[0], *args, **kwargs)

    connection.response_class = response_class


def read_body(response: Any, max_bytes: int) -> bytes:
    """Return the whole decoded body of a response of the HTTP library.

    :raises TooLargeError: when it is longer than the bound.
    :raises EOFError: when it is shorter than its headers say, or in an encoding that nobody asked for.
    """
    if response.headers.get("content-encoding", "gzip").lower() not in ("gzip", "identity"):
        raise EOFError("an encoding that was not asked for")
    if (response.length_remaining or 0) > max_bytes:
        raise TooLargeError
    body = bytearray()
    for part in response.stream(_CHUNK_BYTES, decode_content=True):
        body += part
        if len(body) > max_bytes:
            raise TooLargeError
    if response.length_remaining:
        raise EOFError("the end came early")
    return bytes(body)


class _Reader(io.RawIOBase):
    """Takes the place of a socket that a response is read from."""

    def __init__(self, sock: Any, read_timeout: float, max_bytes: int) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._read_timeout = read_timeout
        self._end = time.monotonic() + TOTAL_TIMEOUT_FACTOR * read_timeout
        self._bytes_left = max_bytes

    def makefile(self, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        """Return what a response reads from."""
        return io.BufferedReader(self, _CHUNK_BYTES)

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has come, or wait for it.

        :raises TooSlowError: when there was time enough.
        :raises TooLargeError: when it is more than anybody reads.
        """
        left = max(self._end - time.monotonic(), 0.001)
        self._sock.settimeout(min(self._read_timeout, left))
        try:
            count: int | None = self._raw.readinto(buffer)
        except socket.timeout:
            if left < self._read_timeout:
                raise TooSlowError from None
            raise
        if time.monotonic() > self._end:
            raise TooSlowError
        self._bytes_left -= count or 0
        if self._bytes_left < 0:
            raise TooLargeError
        return count

    def close(self) -> None:
        """Close what belongs to it; the socket lives as long as its connection."""
        self._raw.close()
        super().close()
