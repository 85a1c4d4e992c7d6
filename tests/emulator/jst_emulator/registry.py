# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of handlers, and the errors that they raise.

A handler takes the world and the parameters of a call and returns the payload of the response. The gateway does
everything else: signature, parameter checks, paging, the shape of the response.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, ClassVar

#: The typed parameters of a call by API name.
Params = dict[str, Any]
Handler = Callable[[Any, Params], Any]

#: The handlers by operation.
HANDLERS: dict[str, Handler] = {}


class ErrorKind(enum.Enum):
    """Why the platform rejects a call; readings of the reference have a response for each kind."""

    NOT_FOUND = "what a request names does not exist"
    ALREADY_EXISTS = "what a request would create exists already"
    INVALID_STATE = "the present state does not allow it"
    INVALID_VALUE = "a value is not valid"


class BusinessError(Exception):
    """A business error: HTTP 200 with its code, and its message under the message key of the operation.

    :param message: the text for the caller; must not contain secrets.
    :param code: the ``Code`` of the response, neither 0 nor 200.
    :cvar kind: why; None for an error that is the same under every reading.
    """

    kind: ClassVar[ErrorKind | None] = ErrorKind.INVALID_VALUE

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class InjectedBusinessError(BusinessError):
    """A business error of a fault."""

    kind = None


class NotFoundError(BusinessError):
    """An object in the request does not exist."""

    kind = ErrorKind.NOT_FOUND


class AlreadyExistsError(BusinessError):
    """The object to create exists."""

    kind = ErrorKind.ALREADY_EXISTS


class InvalidStateError(BusinessError):
    """The present state does not allow the call."""

    kind = ErrorKind.INVALID_STATE


def operation(name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of operation *name*.

    The function is called as ``handler(world, p)``. ``p`` maps API parameter names to typed values (int, bool, str).
    ``X.N`` is a list under ``X``, ``X.N.Y`` a list of dicts under ``X``. Absent parameters are absent keys, base64
    texts are decoded, and paging parameters are removed.

    It returns the members of ``Result``, or all records of ``Data`` (the gateway selects the page), or None when the
    response has no payload. Members that are None are left out of the response.

    :raises ValueError: the operation has a handler.
    """

    def register(handler: Handler) -> Handler:
        if name in HANDLERS:
            raise ValueError(f"operation {name} is registered twice")
        HANDLERS[name] = handler
        return handler

    return register
