# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fast parser of request heads, for heads in the form that HTTP libraries write.

Benchmarks of clients run against the emulator, so its own share of a call has to be small. The e-mail parser of
http.server and a WSGI environment take longer than the handling of the call. They serve every other form.
"""

from __future__ import annotations

import re
from io import BufferedReader
from typing import NamedTuple

from werkzeug.wsgi import LimitedStream

from jst_emulator.request import Request

_LINE = re.compile(rb"(GET|POST) /(?:\?([!\"$-~]*))? HTTP/1\.1\r\n")
# http.server accepts up to 100 lines and drops names with an underscore.
_LINES = re.compile(rb"((?:[!#$%&'*+.^`|~0-9A-Za-z-]+: ?(?:[!-~](?:[ -~]*[!-~])?)?\r\n){1,99})\r\n")
_HEADER = re.compile(r"(.+?): ?(.*)\r\n")
_LENGTH = re.compile(r"[0-9]{1,9}")
# Headers that change how the body is read.
_INVOLVED = frozenset(("expect", "transfer-encoding"))


class RequestHead(NamedTuple):
    """The head of a call.

    query: as sent.
    headers: by names in lower case.
    """

    method: str
    query: str
    headers: dict[str, str]

    @property
    def is_last(self) -> bool:
        """Whether the caller wants the connection closed after the response."""
        return self.headers.get("connection", "").lower() == "close"

    def request(self, stream: BufferedReader) -> Request:
        """Return the call, with its body from *stream*.

        :raises werkzeug.exceptions.ClientDisconnected: the body ends early.
        """
        length = int(self.headers.get("content-length", 0))
        body = LimitedStream(stream, length).readall() if length else b""
        return Request.of(self.method, "/", self.query, self.headers, body)


def parse_head(line: bytes, stream: BufferedReader) -> RequestHead | None:
    """Read the rest of a head from *stream*, after its first line.

    :returns: the head; None for any other request and any other form, with *stream* unchanged.
    """
    first = _LINE.fullmatch(line)
    rest = _LINES.match(stream.peek()) if first else None
    if not first or not rest:
        return None
    pairs = _HEADER.findall(rest[1].decode())
    headers = {name.lower(): value for name, value in pairs}
    if len(headers) < len(pairs) or not _INVOLVED.isdisjoint(headers):
        return None
    if not _LENGTH.fullmatch(headers.get("content-length", "0")):
        return None
    stream.read(rest.end())
    return RequestHead(first[1].decode(), (first[2] or b"").decode(), headers)
