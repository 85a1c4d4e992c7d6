# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to the control side: only callers on this machine, and no other web page in their browser.

A web page can let a browser send requests to the loopback. With an address of its own that resolves to the loopback
(DNS rebinding), the Host header contains that address. With a plain POST, the browser names the page in ``Origin`` and
``Sec-Fetch-Site``. Programs such as curl send neither of the two.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Request

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_SITES = ("same-origin", "none")


def check_access(request: Request) -> None:
    """Check whether a request may use the control side.

    :raises Forbidden: it comes from another machine, or names a host that is not the loopback, or is a change on behalf
        of another page.
    """
    if not _is_loopback(request.remote_addr or ""):
        raise Forbidden("the control side answers on loopback only")
    if not _is_loopback_name(request.host):
        raise Forbidden(f"the control side answers to localhost and loopback addresses, not to {request.host!r}")
    if request.method not in _SAFE_METHODS and not _is_own(request):
        raise Forbidden("the control side takes no orders from pages of other origins")


def _is_own(request: Request) -> bool:
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITES:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _is_loopback_name(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
