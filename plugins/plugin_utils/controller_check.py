# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Examine the controller: versions, limits, credentials, and the way to the endpoint."""

from __future__ import annotations

import platform
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible.release import __version__ as ansible_version

from ansible_collections.jst.retailcloud.plugins.module_utils._api.connection import environment_proxies
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import Settings
from ansible_collections.jst.retailcloud.plugins.module_utils._api.tls import tls_context
from ansible_collections.jst.retailcloud.plugins.plugin_utils.open_files import files_needed, open_files_limit
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_check import Finding

Json = dict[str, Any]

MAX_SKEW = 60.0
"""Seconds from which a wrong clock is reported. The gateway rejects requests from 15 minutes on."""

MIN_CERTIFICATE_DAYS = 14
_VISIBLE = 4
_PORTS = {"http": 80, "https": 443}


def short_key_id(key_id: str) -> str:
    """Return an access key id with its first and last characters only."""
    return f"{key_id[:_VISIBLE]}...{key_id[-_VISIBLE:]}" if len(key_id) > 3 * _VISIBLE else f"{key_id[:2]}..."


def controller_facts(forks: int) -> Json:
    """Return the versions and limits of the controller."""
    return {
        "ansible_core": ansible_version,
        "python": platform.python_version(),
        "requests": _requests_version(),
        "openssl": ssl.OPENSSL_VERSION,
        "platform": f"{platform.system()} {platform.machine()}",
        "forks": forks,
        "open_files": open_files_limit(),
        "open_files_needed": files_needed(forks),
    }


def _requests_version() -> str | None:
    try:
        import requests
    except ImportError:
        return None
    version: str = requests.__version__
    return version


def controller_findings(facts: Json) -> Iterator[Finding]:
    """Return what is wrong with the controller."""
    limit, needed = facts["open_files"], facts["open_files_needed"]
    if limit is not None and needed > limit:
        yield Finding(
            "controller",
            f"{facts['forks']} forks need about {needed} open files, and the limit of open files is {limit}. "
            f"Use fewer forks, or raise the limit with: ulimit -n {needed}",
        )
    if facts["requests"] is None:
        yield Finding("controller", "The Python package requests is missing. Install it: pip install requests.")


def credential_facts(settings: Settings) -> Json:
    """Return the source of the credentials and the shortened id of the key.

    :raises JstError: when there are none.
    """
    credentials = settings.credential_provider.get_credentials()
    return {
        "source": settings.credential_provider.name,
        "access_key_id": short_key_id(credentials.access_key_id),
        "temporary": credentials.security_token is not None,
    }


def network_facts(settings: Settings) -> Json:
    """Return name resolution, connection and certificate of the endpoint, none of them with a proxy."""
    parts = urlsplit(settings.endpoint)
    facts: Json = {
        "endpoint": settings.endpoint,
        "proxy": _proxy(settings),
        "addresses": None,
        "dns_seconds": None,
        "connect_seconds": None,
        "tls": None,
        "certificate_days": None,
        "error": None,
    }
    if facts["proxy"]:
        return facts
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        begin = time.monotonic()
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        facts["dns_seconds"] = round(time.monotonic() - begin, 4)
        facts["addresses"] = len(found)
        begin = time.monotonic()
        with socket.create_connection((host, port), timeout=settings.connect_timeout) as connection:
            facts["connect_seconds"] = round(time.monotonic() - begin, 4)
            if parts.scheme == "https":
                facts.update(_tls(settings, connection, host))
    except JstError as error:
        facts["error"] = error.message
    except (OSError, UnicodeError) as error:
        facts["error"] = f"{type(error).__name__}: {getattr(error, 'strerror', None) or 'no further reason'}"
    return facts


def _proxy(settings: Settings) -> str | None:
    try:
        proxies = environment_proxies(settings.endpoint)
    except JstError:
        return None
    chosen = proxies.get(urlsplit(settings.endpoint).scheme) or proxies.get("all")
    if not chosen:
        return None
    try:
        parts = urlsplit(chosen if "://" in chosen else f"http://{chosen}")
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "malformed"


def _tls(settings: Settings, connection: socket.socket, host: str) -> Json:
    """Return protocol and certificate. The connection is closed without a request."""
    context = tls_context(settings.ca_path, settings.validate_certs)
    with context.wrap_socket(connection, server_hostname=host) as secured:
        certificate: Mapping[str, Any] = secured.getpeercert() or {}
        expires = certificate.get("notAfter")
        days = int((ssl.cert_time_to_seconds(str(expires)) - time.time()) // 86400) if expires else None
        return {"tls": secured.version(), "certificate_days": days}


def network_findings(facts: Json, skew: float | None) -> Iterator[Finding]:
    """Return what is wrong on the way to the endpoint."""
    if facts["error"]:
        yield Finding("network", f"No connection to {facts['endpoint']}: {facts['error']}.")
    days = facts["certificate_days"]
    if days is not None and days < MIN_CERTIFICATE_DAYS:
        yield Finding("network", f"The certificate of {facts['endpoint']} expires in {days} days.")
    if skew is not None and abs(skew) >= MAX_SKEW:
        place = "behind" if skew > 0 else "ahead of"
        yield Finding(
            "clock",
            f"The clock of this machine is {abs(skew):.0f} seconds {place} the clock of the service. Synchronize it, "
            "for example with NTP.",
        )
