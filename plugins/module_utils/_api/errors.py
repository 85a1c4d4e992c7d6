# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Exceptions of the client, one class per reaction of the caller."""

from __future__ import annotations

import socket
import sys
from typing import Any

from .hints import Hint

MASK = "********"
"""Replaces secrets."""


HTTP_CODE_PREFIX = "HTTP."
"""Prefix of the code of a response without a code. The HTTP status follows."""

CLIENT_CODES = ("MalformedResponse", "UnexpectedResponse", "EmptyResponse", "Redirect")
"""Codes that the client gives to responses that do not come from the API."""


class JstError(Exception):
    """Base class of all errors of this package.

    :param message: what failed, in one sentence, without secrets.
    :param hint: what the user can do, if anything.
    :param data: the facts of the message as JSON types without secrets, for programs.
    :cvar code: a stable identifier of the kind of error, for programs.
    """

    code: str = "Failed"

    def __init__(self, message: str, hint: Hint | None = None, **data: Any) -> None:
        super().__init__(message)
        self.hint = hint
        self.data = data

    @property
    def message(self) -> str:
        """What happened; also what ``str`` gives."""
        return str(self.args[0])

    @message.setter
    def message(self, message: str) -> None:
        """The message, which is also the text of the exception."""
        self.args = (message,)

    def as_dict(self) -> dict[str, Any]:
        """Return the error as a module returns it under ``error``.

        ``action``, ``http_status`` and ``request_id`` are None when no call failed. ``hint`` has the language of the
        user. ``data`` follows under its names.
        """
        return {
            "code": self.code,
            "message": self.message,
            "action": None,
            "http_status": None,
            "request_id": None,
            "hint": None if self.hint is None else str(self.hint),
            **self.data,
        }


class StoppedError(JstError):
    """The task has ended, or nobody waits for it any more. The call was not sent."""

    code = "Stopped"


class ConfigError(JstError):
    """Wrong settings, credentials, action or parameters. Nothing was sent."""

    code = "InvalidConfiguration"


def missing_requests_error() -> ConfigError:
    """Return the error for a missing requests package, or a missing dependency of it."""
    return ConfigError(
        f"The Python package requests is missing for {sys.executable}.",
        Hint(
            "Install it there (pip install requests), or let ansible_python_interpreter name a Python that has it.",
            "请为该 Python 安装 requests（pip install requests），或用 ansible_python_interpreter 指定其他 Python。",
        ),
    )


def invalid_endpoint_error(endpoint: str) -> ConfigError:
    """Return the error for a malformed endpoint or proxy."""
    hint = Hint(
        "Check the endpoint and the proxy settings (HTTP_PROXY, HTTPS_PROXY).",
        "请检查 endpoint 和代理设置（HTTP_PROXY、HTTPS_PROXY）。",
    )
    return ConfigError(f"No request can be made to {endpoint}.", hint)


def missing_pysocks_error() -> ConfigError:
    """Return the error for a SOCKS proxy without PySocks."""
    return ConfigError(
        f"The proxy is a SOCKS proxy, and the Python package PySocks is missing for {sys.executable}.",
        Hint(
            "Install it there (pip install PySocks), or name the host in NO_PROXY.",
            "请在该 Python 中安装 PySocks（pip install PySocks），或把要访问的主机加入 NO_PROXY。",
        ),
    )


def unreadable_ca_error(path: str, error: Exception) -> ConfigError:
    """Return the error for CA certificates that cannot be loaded."""
    return ConfigError(
        f"No CA certificates can be read from {path}: {getattr(error, 'strerror', None) or 'not in PEM form'}.",
        Hint(
            "Check ca_path, or REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE where ca_path is not given.",
            "请检查 ca_path；没有设置 ca_path 时，请检查 REQUESTS_CA_BUNDLE 和 CURL_CA_BUNDLE。",
        ),
    )


class NotConnectedError(Exception):
    """No connection was established, so no byte of a request was sent. The cause says why."""


class TooLargeError(OSError):
    """A response exceeds the size limit."""


class TooSlowError(socket.timeout):
    """A response was not complete within the time limit."""


class ApiError(JstError):
    """A call failed.

    :param action: the operation.
    :param code: the code of the gateway or service, or a code of the client such as ``ResponseLost.ReadTimeout``.
    :param http_status: the status of the response, None without a response.
    :param request_id: the id that the vendor's support asks for, None without one.
    :param attempts: the number of requests sent or tried for this call.
    :param unknown_outcome: whether the service may have executed a write. Read the state before sending it again.
    :param transient: whether the same call may succeed a little later.
    :param retry_after: seconds to wait by request of the gateway, None without a request.
    """

    def __init__(
        self,
        message: str,
        *,
        action: str,
        code: str,
        http_status: int | None = None,
        request_id: str | None = None,
        attempts: int = 1,
        unknown_outcome: bool = False,
        transient: bool = False,
        retry_after: float | None = None,
        hint: Hint | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.action = action
        self.code = code
        self.http_status = http_status
        self.request_id = request_id
        self.attempts = attempts
        self.unknown_outcome = unknown_outcome
        self.transient = transient
        self.retry_after = retry_after

    @property
    def has_response(self) -> bool:
        """Whether the call got an HTTP response."""
        return self.http_status is not None

    @property
    def source(self) -> str:
        """The operation and the code of the failure, for the end of a message."""
        is_api_code = self.has_response and self.code not in CLIENT_CODES
        return f"{self.action} returned code {self.code}" if is_api_code else f"{self.action}: {self.code}"

    def as_dict(self) -> dict[str, Any]:
        """Return the error as a module returns it under ``error``."""
        facts = {"action": self.action, "http_status": self.http_status, "request_id": self.request_id}
        return {**super().as_dict(), **facts}

    @property
    def is_rejection(self) -> bool:
        """Whether the service or the gateway rejected the call."""
        return False


class ConnectionFailedError(ApiError):
    """No connection was established (name resolution, TCP, proxy or TLS handshake). No byte of the request was sent."""


class ResponseLostError(ApiError):
    """The request was sent, and no complete response arrived."""


class ThrottledError(ApiError):
    """A rate limit rejected the call before execution, until the time for retries was over."""


class AuthenticationError(ApiError):
    """The access key, signature, security token or clock was rejected."""


class RejectionError(ApiError):
    """The call was received and rejected."""

    @property
    def is_rejection(self) -> bool:
        """Always true."""
        return True


class PermissionDeniedError(RejectionError):
    """The account of the access key has no permission for the call."""


class RequestRejectedError(RejectionError):
    """The gateway rejected the request itself: its address, size or missing parts (HTTP 4xx)."""


class ServiceFailureError(ApiError):
    """HTTP 5xx, or a response that does not come from the API or contradicts its reference."""

    @property
    def is_rejection(self) -> bool:
        """Whether the code is one of the API: monitoring operations have no other error (reference 4.3)."""
        return self.has_response and self.code not in CLIENT_CODES and not self.code.startswith(HTTP_CODE_PREFIX)


class EmptyResponseError(ServiceFailureError):
    """The HTTP status is a success, and the body is empty. Whether the call had an effect is unknown."""


class BusinessError(RejectionError):
    """The service rejected the call and did not execute it.

    The reference does not say how the service reports this: HTTP 200 with a Code other than 0 and 200, HTTP 200 with a
    false success flag, or HTTP 4xx with a code that is not one of the gateway.
    """


class DeploymentNotApprovedError(BusinessError):
    """The deployment is not approved: ``Result.Admitted`` is false (reference 5.1.1, 5.1.3)."""


_SENTENCE_ENDS = (".", "?", "!", ")", "。", "？", "！", "）")


def join_sentences(*parts: str | Hint | None) -> str:
    """Join the given parts, each as a sentence. None is omitted, and a hint has the language of the user."""
    texts = [str(part) for part in parts if part]
    return " ".join(text if text.endswith(_SENTENCE_ENDS) else f"{text}." for text in texts)
