# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Limits of one response in size and time.

Socket timeouts restart with every byte. A server may send bytes forever, in headers, in place of a status line, or in a
body that decompresses to a thousand times its size.
"""

from __future__ import annotations

import io
import socket
import time
from typing import Any

from .errors import TooLargeError, TooSlowError

TOTAL_TIMEOUT_FACTOR = 6
"""The time limit of a response, as a multiple of the read timeout."""

_CHUNK_BYTES = 16 * 2**10
_MAX_HEADER_BYTES = 2**20


def limit_responses(connection: Any, read_timeout: float, max_bytes: int, readers: list[Any]) -> None:
    """Make a connection of the HTTP library read every response within the limits.

    :param read_timeout: seconds without a byte.
    :param max_bytes: size limit of the body. Headers have a limit of their own.
    :param readers: receives the reader of the latest response. The caller closes it after a failure: the library leaves
        it open when it cannot parse a response.
    """
    create = connection.response_class

    def response_class(sock: Any, *args: Any, **kwargs: Any) -> Any:
        readers[:] = [_Reader(sock, read_timeout, max_bytes + _MAX_HEADER_BYTES)]
        return create(readers[0], *args, **kwargs)

    connection.response_class = response_class


def read_body(response: Any, max_bytes: int) -> bytes:
    """Return the complete decoded body of a response of the HTTP library.

    :raises TooLargeError: for a body over the limit.
    :raises EOFError: for a body shorter than its headers say, or in an encoding that was not requested.
    """
    if response.headers.get("content-encoding", "gzip").lower() not in ("gzip", "identity"):
        raise EOFError("an encoding that was not requested")
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
    """Replaces the socket that a response is read from."""

    def __init__(self, sock: Any, read_timeout: float, max_bytes: int) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._read_timeout = read_timeout
        self._end = time.monotonic() + TOTAL_TIMEOUT_FACTOR * read_timeout
        self._bytes_left = max_bytes

    def makefile(self, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        """Return a buffered reader of the response."""
        return io.BufferedReader(self, _CHUNK_BYTES)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read the next bytes, and wait for them if necessary.

        :raises TooSlowError: after the time limit.
        :raises TooLargeError: over the size limit.
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
        """Close the reader. The socket belongs to the connection and stays open."""
        self._raw.close()
        super().close()
