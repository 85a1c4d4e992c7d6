# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where operations meet their handlers.

A handler takes the world and the parameters of one call and returns the payload of the answer. Everything around
it (signature, parameter checks, paging, the shape of the answer) is done by the gateway, so a handler is only the
behaviour of the platform.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, ClassVar

#: The typed parameters of a call by API name.
Params = dict[str, Any]
Handler = Callable[[Any, Params], Any]

#: Every registered operation, by its API name.
HANDLERS: dict[str, Handler] = {}


class ErrorKind(enum.Enum):
    """Why the platform refuses; readings of the reference answer each kind in a way of its own."""

    NOT_FOUND = "what a request names does not exist"
    ALREADY_EXISTS = "what a request would create exists already"
    INVALID_STATE = "the present state does not allow it"
    INVALID_VALUE = "a value is not valid"


class BusinessError(Exception):
    """A business failure: answered with HTTP 200, the code given and the text under the operation's message key.

    :param message: what the caller reads; must not hold secrets.
    :param code: the ``Code`` of the answer, neither 0 nor 200.
    :cvar kind: why; None for a refusal that is answered as it is under every reading of the reference.
    """

    kind: ClassVar[ErrorKind | None] = ErrorKind.INVALID_VALUE

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class InjectedBusinessError(BusinessError):
    """A refusal that a fault asks for."""

    kind = None


class NotFoundError(BusinessError):
    """A refusal because of something that does not exist."""

    kind = ErrorKind.NOT_FOUND


class AlreadyExistsError(BusinessError):
    """A refusal because of something that exists already."""

    kind = ErrorKind.ALREADY_EXISTS


class InvalidStateError(BusinessError):
    """A refusal because of the present state."""

    kind = ErrorKind.INVALID_STATE


def operation(name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of operation *name*.

    The function is called as ``handler(world, p)``. ``p`` maps API parameter names to typed values (int, bool, str);
    ``X.N`` becomes a list under ``X``, ``X.N.Y`` a list of dicts under ``X``; absent parameters are absent keys,
    base64 texts come decoded, paging parameters never arrive.
    It returns the members of ``Result``, or all records of ``Data`` (the gateway cuts the page), or None when the
    answer has no payload. Members that are None are left out of the answer.

    :raises ValueError: the operation has a handler already.
    """

    def register(handler: Handler) -> Handler:
        if name in HANDLERS:
            raise ValueError(f"operation {name} is registered twice")
        HANDLERS[name] = handler
        return handler

    return register
