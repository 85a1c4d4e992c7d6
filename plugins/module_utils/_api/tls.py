# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Which certificates are trusted: one TLS context for all connections."""

from __future__ import annotations

import functools
import os
import ssl

from .errors import ConfigError, missing_requests


def ca_path() -> str:
    """The certificates that are trusted where no option names others, as requests finds them.

    :raises ConfigError: when requests, which brings certificates along, is not installed.
    """
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        from certifi import where
    except ImportError:
        raise missing_requests() from None
    return where()


def tls_context(verify: bool | str) -> ssl.SSLContext:
    """A context that trusts the certificates at the path ``verify``, a file or a directory; False trusts everything.

    It takes some 20 ms to read certificates, so a context is made once for all clients of this process and of those
    that are forked from it, and anew when the file has changed.

    :raises ConfigError: when no certificates can be read there.
    """
    if verify is False:
        return _tls_context(False, 0)
    try:
        changed = os.stat(str(verify)).st_mtime_ns
    except (OSError, ValueError):
        changed = 0
    return _tls_context(verify, changed)


@functools.lru_cache(maxsize=8)
def _tls_context(verify: bool | str, changed: int) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if verify is False else _trusting(str(verify))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _trusting(path: str) -> ssl.SSLContext:
    try:
        if os.path.isdir(path):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no CA certificates can be read from {path}: {getattr(error, 'strerror', None) or 'not in PEM form'}",
            "Check ca_path, or REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE where ca_path is not given.",
        ) from None
