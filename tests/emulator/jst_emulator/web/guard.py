# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may use the control side: callers on this machine, and no page of somebody else's in their browser.

A web page can make the browser that shows it send requests to the loopback. Where it does so by an address of its own
that it made lead here (DNS rebinding), the Host header names that address. Where it simply posts here, the browser says
in ``Origin`` and ``Sec-Fetch-Site`` whose page asks. Programs such as curl send neither of the two.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Request

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_SITES = ("same-origin", "none")


def admit(request: Request) -> None:
    """Let the request pass.

    :raises Forbidden: it comes from another machine, under a name that is not the loopback's, or wants to change
        something on behalf of another page.
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
