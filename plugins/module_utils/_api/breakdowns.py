# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What a request without an answer tells: how far it came, why it broke off, and what a person can do about it.

Texts of exceptions are not repeated, since some quote the URL with all parameters.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from . import connections
from .errors import ApiError, JstError, LostAnswerError, NotSentError

if TYPE_CHECKING:
    from .credentials import Settings
    from .operations import Operation


class _Reason(NamedTuple):
    """Why nothing was sent, if one of the causes is of this type."""

    cause: type[BaseException]
    code: str
    text: str
    hint: str
    transient: bool = True


# The most telling first.
_REASONS = (
    _Reason(
        ssl.SSLCertVerificationError,
        "CertificateNotTrusted",
        "its certificate is not trusted ({detail})",
        "Give the certificate of its CA as ca_path, or in REQUESTS_CA_BUNDLE.",
        transient=False,
    ),
    _Reason(
        connections.ProxyFailure,
        "Proxy",
        "the way through the proxy {proxy} is closed",
        "Check HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY.",
    ),
    _Reason(
        ssl.SSLError,
        "TlsHandshake",
        "the TLS handshake failed ({detail})",
        "Check that the endpoint speaks HTTPS{and_proxy}.",
    ),
    _Reason(
        socket.gaierror,
        "NameResolution",
        "its name cannot be resolved",
        "Check the endpoint for a typing error, and the name servers of this machine.",
    ),
    _Reason(
        ConnectionRefusedError,
        "ConnectionRefused",
        "nothing listens there (connection refused)",
        "Check host and port of the endpoint, and firewalls on the way.",
    ),
    _Reason(
        socket.timeout,
        "ConnectTimeout",
        "no connection within {connect_timeout:g} s",
        "Check endpoint and firewalls{and_proxy}, or raise connect_timeout.",
    ),
    _Reason(
        BaseException,
        "NoConnection",
        "no connection could be made ({detail})",
        "Check the endpoint and the network{and_proxy}.",
    ),
)


def explain(error: Exception, operation: Operation, settings: Settings, sent: bool) -> JstError:
    """The error to raise for what a connection raised.

    :param sent: whether the request had begun to leave.
    """
    causes = _causes(error)
    host = urlsplit(settings.endpoint).netloc
    if sent:
        return _lost(host, causes, operation, settings)
    return _not_sent(host, causes, operation, settings)


def _lost(host: str, causes: list[BaseException], operation: Operation, settings: Settings) -> ApiError:
    timed_out = any(isinstance(cause, socket.timeout) for cause in causes)
    if timed_out:
        text = f"no answer from {host} within {settings.read_timeout:g} s"
    else:
        text = f"the connection to {host} broke before the answer was complete"
    return LostAnswerError(
        text,
        action=operation.name,
        code="LostAnswer.ReadTimeout" if timed_out else "LostAnswer.ConnectionLost",
        unknown_outcome=not operation.reads,
        transient=True,
        hint=_lost_hint(timed_out, settings.endpoint),
    )


def _lost_hint(timed_out: bool, endpoint: str) -> str:
    if timed_out:
        return "If the service is only slow, raise read_timeout."
    plain = endpoint.startswith("http:")
    return "Check the network and the proxy" + (", and whether the endpoint wants https://." if plain else ".")


def _not_sent(host: str, causes: list[BaseException], operation: Operation, settings: Settings) -> ApiError:
    reason, cause = next((reason, cause) for reason in _REASONS for cause in causes if isinstance(cause, reason.cause))
    proxy = _proxy(settings.endpoint)
    words = {
        "detail": _detail(cause, causes),
        "proxy": proxy,
        "and_proxy": f", and the proxy {proxy}" if proxy else "",
        "connect_timeout": settings.connect_timeout,
    }
    return NotSentError(
        f"{host} cannot be reached: {reason.text.format(**words)}",
        action=operation.name,
        code=f"NotSent.{reason.code}",
        transient=reason.transient,
        hint=reason.hint.format(**words),
    )


def _detail(cause: BaseException, causes: list[BaseException]) -> str:
    """The short word of OpenSSL or of the operating system for it."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return cause.verify_message
    words = [cause.reason if isinstance(cause, ssl.SSLError) else getattr(cause, "strerror", None) for cause in causes]
    return next((str(word) for word in words if word), "it broke off")


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and everything that led to it, wherever that is kept."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
    return found


def _proxy(endpoint: str) -> str | None:
    """Host and port of the proxy in the environment that leads to the endpoint; what it wants to know stays out."""
    proxy = connections.proxy_to(endpoint) or ""
    return urlsplit(proxy).netloc.rpartition("@")[2] or None
