# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Map exceptions of the HTTP library to errors: whether the request was sent, the reason and the hint.

Texts of exceptions are not used, since some contain the URL with all parameters.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import errors
from .hints import Hint
from .response_limits import TOTAL_TIMEOUT_FACTOR

if TYPE_CHECKING:
    from .operations import Operation
    from .settings import Settings

# The most specific first. A wrong certificate or host name in it is always a ValueError.
CONNECT_FAILURES = {
    "CertificateNotTrusted": (ValueError, "its certificate is not trusted ({detail})"),
    "TlsHandshake": (ssl.SSLError, "the TLS handshake failed ({detail})"),
    "Proxy": (BaseException, "the connection through the proxy {proxy} failed ({detail})"),
    "NameResolution": (socket.gaierror, "its name cannot be resolved"),
    "ConnectionRefused": (ConnectionRefusedError, "no server listens on this port (connection refused)"),
    "ConnectTimeout": (socket.timeout, "no connection within {timeout:g} s"),
    "NoConnection": (BaseException, "no connection could be made ({detail})"),
}
"""Reasons for a failed connect: code, type of one of the causes, and text. Proxy requires a proxy."""

_HINTS = {
    "CertificateNotTrusted": Hint(
        "Give the certificate of its CA as ca_path, or in REQUESTS_CA_BUNDLE.",
        "请用 ca_path 或 REQUESTS_CA_BUNDLE 指定服务端证书的 CA 证书。",
    ),
    "TlsHandshake": Hint(
        "Check that the endpoint speaks HTTPS, and the proxy if there is one.",
        "请确认接入地址（endpoint）支持 HTTPS；如果使用代理，请检查代理。",
    ),
    "Proxy": Hint(
        "Check HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY.",
        "请检查 HTTP_PROXY 和 HTTPS_PROXY，或把要访问的主机加入 NO_PROXY。",
    ),
    "NameResolution": Hint(
        "Check the endpoint for a typing error, and the name servers of this machine.",
        "请检查 endpoint 是否写错，以及本机的 DNS 设置。",
    ),
    "ConnectionRefused": Hint(
        "Check host and port of the endpoint, and firewalls between it and this machine.",
        "请检查 endpoint 的主机和端口，以及途经的防火墙。",
    ),
    "ConnectTimeout": Hint(
        "Check endpoint and firewalls, or raise connect_timeout.",
        "请检查 endpoint 和防火墙，或增大 connect_timeout。",
    ),
    "NoConnection": Hint("Check the endpoint and the network.", "请检查 endpoint 和网络。"),
}
# Python 3.13 and newer check certificates against RFC 5280. These are OpenSSL's codes for violations.
_STRICT_CODES = range(80, 94)
_STRICT_HINT = Hint(
    "The certificate, or that of its CA, breaks RFC 5280, which Python 3.13 and newer check: issue it anew.",
    "服务端证书或其 CA 证书不符合 RFC 5280，Python 3.13 及更高版本会检查这一点：请重新签发证书。",
)


def to_api_error(error: Exception, operation: Operation, settings: Settings, proxy: str | None) -> errors.JstError:
    """Return the error for an exception of the HTTP library.

    Only a failure to connect certainly happens before the first byte of a request.

    :param proxy: URL of the proxy for the endpoint, None without one.
    """
    causes = _causes(error)
    host = urlsplit(settings.endpoint).netloc
    if not isinstance(error, errors.NotConnectedError):
        return _response_lost_error(host, causes, operation, settings)
    if any(isinstance(cause, UnicodeError) for cause in causes):  # an invalid host name
        return errors.invalid_endpoint_error(settings.endpoint)
    code, cause = next(
        (code, cause)
        for code, (kind, _text) in CONNECT_FAILURES.items()
        for cause in causes
        if isinstance(cause, kind) and (proxy or code != "Proxy")
    )
    via = urlsplit(proxy or "").netloc.rpartition("@")[2]
    words = {"detail": _detail(cause, causes), "proxy": via, "timeout": settings.connect_timeout}
    hint = _STRICT_HINT if getattr(cause, "verify_code", 0) in _STRICT_CODES else _HINTS[code]
    return errors.ConnectionFailedError(
        f"{host} cannot be reached: {CONNECT_FAILURES[code][1].format(**words)}",
        action=operation.name,
        code=f"ConnectionFailed.{code}",
        transient=code != "CertificateNotTrusted",
        hint=hint,
    )


def _response_lost_error(
    host: str, causes: list[BaseException], operation: Operation, settings: Settings
) -> errors.ResponseLostError:
    code = "ResponseLost.ReadTimeout"
    hint = Hint("If the service is only slow, raise read_timeout.", "如果只是服务端响应较慢，请增大 read_timeout。")
    if any(isinstance(cause, errors.TooLargeError) for cause in causes):
        code = "ResponseLost.TooLarge"
        text = f"the response of {host} is larger than the limit"
        hint = Hint(
            "Check that the endpoint is a retailcloud endpoint. If it is, raise JST_MAX_RESPONSE_BYTES "
            "(default: 67108864 bytes).",
            "请确认 endpoint 填的是 retailcloud 的接入地址。"
            "如果确实是，请增大 JST_MAX_RESPONSE_BYTES（默认 67108864 字节）。",
        )
    elif any(isinstance(cause, errors.TooSlowError) for cause in causes):
        text = f"no complete response from {host} within {TOTAL_TIMEOUT_FACTOR * settings.read_timeout:g} s"
    elif any(isinstance(cause, socket.timeout) for cause in causes):
        text = f"no response from {host} within {settings.read_timeout:g} s"
    else:
        code = "ResponseLost.ConnectionLost"
        text = f"the connection to {host} broke before the response was complete"
        hint = Hint("Check the network and the proxy.", "请检查网络和代理。")
        if settings.endpoint.startswith("http:"):
            hint = Hint(
                "Check the network and the proxy, and whether the endpoint wants https://.",
                "请检查网络和代理，以及 endpoint 是否需要加 https://。",
            )
    return errors.ResponseLostError(
        text,
        action=operation.name,
        code=code,
        unknown_outcome=not operation.is_read,
        transient=code != "ResponseLost.TooLarge",
        hint=hint,
    )


# The library's text for a proxy that rejects a tunnel. Status and reason follow.
_TUNNEL = "Tunnel connection"


def _detail(cause: BaseException, causes: list[BaseException]) -> str:
    """Return the short text of OpenSSL, the operating system or the proxy."""
    if isinstance(cause, ValueError):
        return getattr(cause, "verify_message", None) or str(cause)
    words = [cause.reason if isinstance(cause, ssl.SSLError) else getattr(cause, "strerror", None) for cause in causes]
    tunnel = [str(cause) for cause in causes if isinstance(cause, OSError) and str(cause).startswith(_TUNNEL)]
    return next((str(word) for word in [*words, *tunnel] if word), "it broke off")


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exception and all its causes."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
    return found
