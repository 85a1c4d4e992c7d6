# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Where the keys of a call come from, and whether newer ones can be had there."""

from __future__ import annotations

import importlib
import logging
import re
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Callable

from .errors import ConfigError, JstError

SDK_PACKAGE = "alibabacloud_credentials"

_LOGGERS = ("credentials", "alibabacloud-tea")

_CODE = re.compile(r'"Code"\s*:\s*"([\w.]+)"')


@dataclass(frozen=True, repr=False)
class Credentials:
    """What a request is signed with.

    :raises ConfigError: for a value that cannot be part of a header, a line break at its end for one.
    """

    access_key_id: str
    access_key_secret: str
    security_token: str | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value and not (value.isascii() and value.isprintable()):
                raise ConfigError(f"{name} holds a line break or another character that no key has")

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be repeated anywhere."""
        return tuple(value for value in (self.access_key_secret, self.security_token) if value)


class CredentialProvider(ABC):
    """A place that keys come from. Safe to use from several threads.

    name: the place in words for a message.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    @abstractmethod
    def get_credentials(self) -> Credentials:
        """The keys to sign the next request with.

        :raises ConfigError: when they cannot be had.
        """

    @abstractmethod
    def refresh(self, expired: Credentials) -> bool:
        """Look for newer keys after a token was called expired; whether there may be any.

        :param expired: what the request was signed with. Another thread may have renewed them since.
        :raises ConfigError: when they cannot be had.
        """


class StaticProvider(CredentialProvider):
    """Keys that stay as they are: options and environment variables."""

    def __init__(self, name: str, credentials: Credentials) -> None:
        super().__init__(name)
        self._credentials = credentials

    def get_credentials(self) -> Credentials:
        return self._credentials

    def refresh(self, expired: Credentials) -> bool:
        return False


class FileProvider(CredentialProvider):
    """Keys that stand in a file, which some other program may have written anew since.

    :param read: reads them from the file.
    """

    def __init__(self, name: str, read: Callable[[], Credentials]) -> None:
        super().__init__(name)
        self._read = read
        self._lock = threading.Lock()
        self._credentials = read()

    def get_credentials(self) -> Credentials:
        return self._credentials

    def refresh(self, expired: Credentials) -> bool:
        with self._lock:
            if self._credentials == expired:
                self._credentials = self._read()
            return self._credentials != expired


class SdkProvider(CredentialProvider):
    """Keys that the vendor's package obtains: roles, OIDC, metadata server, credentials URI, programs, single sign-on.

    The package costs a quarter of a second to import and may go over the network, so it is imported only where one of
    these was asked for, and asked for keys only when a request is about to be signed.

    :param build: makes the package's client when given a function that imports a module of the package.
    :raises ConfigError: when the package is not installed.
    """

    def __init__(self, name: str, build: Callable[[Callable[[str], Any]], Any]) -> None:
        super().__init__(name)
        self._build = build
        self._client: Any = None
        self._lock = threading.Lock()
        self._last: Credentials | None = None
        for logger in _LOGGERS:  # they write whole URLs to stderr, with signatures and tokens in them
            logging.getLogger(logger).disabled = True
        self._module("client")

    def get_credentials(self) -> Credentials:
        with self._lock:
            self._last = self._obtain()
            return self._last

    def refresh(self, expired: Credentials) -> bool:
        with self._lock:
            if self._last == expired:
                self._client = None
            return True

    def _obtain(self) -> Credentials:
        try:
            if self._client is None:
                self._client = self._build(self._module)
            found = self._client.get_credential()
        except JstError:
            raise
        except Exception as error:
            # What the package says may quote what a program printed or a server answered, keys included.
            code = _CODE.search(str(error))
            why = type(error).__name__ + (f" ({code.group(1)})" if code else "")
            message = f"no credentials from {self.name}: {SDK_PACKAGE} failed with {why}"
            raise ConfigError(message, "Check the role, the network and the clock, or give a key pair.") from None
        if not (found.access_key_id and found.access_key_secret):
            raise ConfigError(f"no credentials from {self.name}: {SDK_PACKAGE} found an incomplete key pair")
        return Credentials(found.access_key_id, found.access_key_secret, found.security_token or None)

    def _module(self, name: str) -> Any:
        try:
            return importlib.import_module(f"{SDK_PACKAGE}.{name}")
        except ImportError:
            raise ConfigError(
                f"credentials from {self.name} need the Python package {SDK_PACKAGE}, which cannot be imported",
                f"Install it for the Python that runs the task (pip install {SDK_PACKAGE}), or give a key pair.",
            ) from None
