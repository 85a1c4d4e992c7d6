# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What can go wrong on the wire, one class for each way a caller has to react, and hints for typing errors."""

from __future__ import annotations

import socket
import sys
from difflib import get_close_matches
from typing import Any, Iterable

MASK = "********"
"""What stands in the place of a secret."""


HTTP_CODE_PREFIX = "HTTP."
"""How the code of an answer begins that has none itself. The HTTP status follows."""

CLIENT_CODES = ("MalformedResponse", "UnexpectedResponse", "EmptyResponse", "Redirect")
"""Codes that this package gives to answers which are none of the API."""


class JstError(Exception):
    """Root of all errors of this package.

    :param message: what happened, in one sentence, free of secrets.
    :param hint: what the reader can do about it, if there is something.
    :param data: the facts in the message, JSON-safe and free of secrets, for programs that must not read sentences.
    :cvar code: a stable word for the kind of error; whoever has to tell errors apart compares it.
    """

    code: str = "Failed"

    def __init__(self, message: str, hint: str | None = None, **data: Any) -> None:
        super().__init__(message)
        self.hint = hint
        self.data = data

    @property
    def message(self) -> str:
        """What happened; also what ``str`` gives."""
        return str(self.args[0])

    @message.setter
    def message(self, message: str) -> None:
        self.args = (message,)

    def as_dict(self) -> dict[str, Any]:
        """Return the error as a module returns it under ``error``.

        ``action``, ``http_status`` and ``request_id`` are None where no call failed. Data follow under their own names.
        """
        return {
            "code": self.code,
            "message": self.message,
            "action": None,
            "http_status": None,
            "request_id": None,
            "hint": self.hint,
            **self.data,
        }


class StoppedError(JstError):
    """The task has ended, or nobody waits for it any more. This call was not sent."""

    code = "Stopped"


class ConfigError(JstError):
    """Settings, credentials, an unknown action or an unknown parameter. Nothing was sent."""

    code = "InvalidConfiguration"


def missing_requests_error() -> ConfigError:
    """The error where requests, or what it brings along, is needed and not installed."""
    return ConfigError(
        f"the Python package requests is missing for {sys.executable}",
        "Install it there (pip install requests), or let ansible_python_interpreter name a Python that has it.",
    )


def invalid_endpoint_error(endpoint: str) -> ConfigError:
    """Return the error for an endpoint or a proxy that cannot even be tried."""
    hint = "Check the endpoint and the proxy settings (HTTP_PROXY, HTTPS_PROXY)."
    return ConfigError(f"no request can be made to {endpoint}", hint)


def missing_pysocks_error() -> ConfigError:
    """Return the error for a SOCKS proxy where requests cannot use one."""
    return ConfigError(
        f"the proxy is a SOCKS proxy, and the Python package PySocks is missing for {sys.executable}",
        "Install it there (pip install PySocks), or name the host in NO_PROXY.",
    )


def unreadable_ca_error(path: str, error: Exception) -> ConfigError:
    """Return the error for trusted certificates that cannot be loaded."""
    return ConfigError(
        f"no CA certificates can be read from {path}: {getattr(error, 'strerror', None) or 'not in PEM form'}",
        "Check ca_path, or REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE where ca_path is not given.",
    )


class NotConnectedError(Exception):
    """No connection was made, so no byte of a request was sent. Its cause says why."""


class TooLargeError(OSError):
    """A response is larger than any that is read."""


class TooSlowError(socket.timeout):
    """A response was not complete in the time that it had in all."""


class ApiError(JstError):
    """A call that was tried and did not succeed.

    :param action: the operation.
    :param code: the code of the gateway or the service; a word of ours such as ``ResponseLost`` where none came.
    :param http_status: status of the answer, None where there was no answer.
    :param request_id: what the vendor's support asks for, None where none came.
    :param attempts: how many requests were sent or tried for this call.
    :param unknown_outcome: True for a write that may or may not have been carried out: look before sending it again.
    :param transient: whether the same call may well succeed a little later.
    :param retry_after: seconds the gateway asked to wait, None where it did not.
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
        hint: str | None = None,
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
        """Whether anybody responded to the call: an HTTP status came back."""
        return self.http_status is not None

    @property
    def source(self) -> str:
        """Return which operation failed and the code of the failure, for the end of a message."""
        is_api_code = self.has_response and self.code not in CLIENT_CODES
        return f"{self.action} answered {self.code}" if is_api_code else f"{self.action}: {self.code}"

    def as_dict(self) -> dict[str, Any]:
        """Return the error as a module returns it under ``error``."""
        facts = {"action": self.action, "http_status": self.http_status, "request_id": self.request_id}
        return {**super().as_dict(), **facts}

    @property
    def is_rejection(self) -> bool:
        """Whether the service or its gateway is_api_code that it does not do what was asked for."""
        return False


class ConnectionFailedError(ApiError):
    """No byte of the request left: name resolution, connection, proxy or TLS handshake failed."""


class ResponseLostError(ApiError):
    """The request was sent and no whole answer came back."""


class ThrottledError(ApiError):
    """Refused before execution because of a rate limit, until the time for retries was spent."""


class AuthenticationError(ApiError):
    """Key, secret, token, signature or clock were not accepted."""


class RejectionError(ApiError):
    """The call was taken in and turned down."""

    @property
    def is_rejection(self) -> bool:
        """Always true."""
        return True


class PermissionDeniedError(RejectionError):
    """The caller is known and not allowed to do this."""


class RequestRejectedError(RejectionError):
    """The gateway refused the request itself: its address, its size, what it lacks (HTTP 4xx)."""


class ServiceFailureError(ApiError):
    """HTTP 5xx, or an answer that is not one of this API: a redirect, a page, garbage, nothing."""

    @property
    def is_rejection(self) -> bool:
        """Whether a code of the API came: monitoring has no other error (reference 4.3)."""
        return self.has_response and self.code not in CLIENT_CODES and not self.code.startswith(HTTP_CODE_PREFIX)


class EmptyResponseError(ServiceFailureError):
    """A success by its HTTP status, and no body at all. Nothing follows from it."""


class BusinessError(RejectionError):
    """The service rejected the call, which was not carried out.

    Where it says so is left open by the reference: HTTP 200 with a Code other than 0 and 200, or with a success flag
    that says no, or HTTP 4xx with a code that is none of the gateway.
    """


class DeploymentNotApprovedError(BusinessError):
    """A deployment that was taken in and turned down: ``Result.Admitted`` is false (reference 5.1.1, 5.1.3)."""


def join_sentences(*parts: str | None) -> str:
    """The parts that there are, one after the other, each with an end."""
    return " ".join(part if part.endswith((".", "?", "!", ")")) else f"{part}." for part in parts if part)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A sentence that names what may have been meant, compared without regard to case; all words if nothing is near."""
    known = {entry.lower(): entry for entry in words}
    near = get_close_matches(word.lower(), known, n=5, cutoff=0.5)
    if near:
        return "Did you mean " + ", ".join(known[match] for match in near) + "?"
    if not known:
        return "There are none."
    return "Known are " + ", ".join(sorted(known.values())) + "."
