# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the page, and the headers that isolate it."""

from __future__ import annotations

from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

FOLDER = Path(__file__).parent / "static"
INDEX = "page.html"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FILES = {path.name: path for path in FOLDER.iterdir() if path.suffix in _TYPES}
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
#: The page loads and runs its own files only, no other page can frame it, and no other page can read its data.
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def served(name: str) -> Response:
    """Return one of the page's files.

    :raises NotFound: there is no such file.
    """
    path = _FILES.get(name)
    if path is None:
        raise NotFound(f"the page has no file {name!r}")
    return Response(path.read_bytes(), content_type=f"{_TYPES[path.suffix]}; charset=utf-8", headers=HEADERS)
