# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""TLS contexts: the trusted certificates, loaded once per process."""

from __future__ import annotations

import os
import ssl
import warnings
from functools import lru_cache

try:
    from requests.utils import DEFAULT_CA_BUNDLE_PATH
except ImportError:
    DEFAULT_CA_BUNDLE_PATH = ""  # no request is sent without it

from .errors import unreadable_ca_error


def tls_context(ca_path: str | None = None, validate: bool = True, checks_names: bool = True) -> ssl.SSLContext:
    """Return a context that trusts a file or folder of certificates, by default those of requests.

    Loading takes about 20 ms, so a context is loaded once for this process and its forks.
    """
    if not validate:
        warnings.filterwarnings("ignore", "Unverified HTTPS request")  # validate_certs turned the check off
        return _load_context(None, 0, False)
    named = ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    path: str = named or DEFAULT_CA_BUNDLE_PATH
    try:
        return _load_context(path, os.stat(path).st_mtime_ns, checks_names)
    except (OSError, ValueError) as error:
        raise unreadable_ca_error(path, error) from None


@lru_cache(maxsize=8)
def _load_context(path: str | None, _changed: int, checks_names: bool) -> ssl.SSLContext:
    if path is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    elif os.path.isdir(path):
        context = ssl.create_default_context(capath=path)
    else:
        context = ssl.create_default_context(cafile=path)
    context.check_hostname = checks_names
    context.verify_mode = ssl.CERT_REQUIRED if path else ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
