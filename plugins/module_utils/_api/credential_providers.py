# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Credential providers: fixed credentials, credentials in a file, and credentials from the SDK."""

from __future__ import annotations

import importlib
import logging
import re
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Callable

from .errors import ConfigError, JstError
from .hints import Hint

SDK_PACKAGE = "alibabacloud_credentials"

_LOGGERS = ("credentials", "alibabacloud-tea")

_CODE = re.compile(r'"Code"\s*:\s*"([\w.]+)"')


@dataclass(frozen=True, repr=False)
class Credentials:
    """The access key that signs a request.

    :raises ConfigError: for a value that does not fit into a header, such as one with a line break at its end.
    """

    access_key_id: str
    access_key_secret: str
    security_token: str | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value and not (value.isascii() and value.isprintable()):
                raise ConfigError(f"The value of {name} has a line break or another character that no key has.")

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown."""
        return tuple(value for value in (self.access_key_secret, self.security_token) if value)


class CredentialProvider(ABC):
    """A source of credentials. Safe to use from several threads.

    name: the source, for a message.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    @property
    @abstractmethod
    def identity(self) -> str:
        """Whose credentials these are, without a secret. It is the same in all processes with the same settings."""

    @abstractmethod
    def get_credentials(self) -> Credentials:
        """Return the credentials for the next request.

        :raises ConfigError: when there are none.
        """

    @abstractmethod
    def refresh(self, expired: Credentials) -> bool:
        """Get newer credentials after the token expired. Return whether they may be newer.

        :param expired: the credentials of the request. Another thread may have refreshed them since.
        :raises ConfigError: when there are none.
        """


class StaticProvider(CredentialProvider):
    """Credentials that do not change, from options or environment variables."""

    def __init__(self, name: str, credentials: Credentials) -> None:
        super().__init__(name)
        self._credentials = credentials

    @property
    def identity(self) -> str:
        return self._credentials.access_key_id

    def get_credentials(self) -> Credentials:
        return self._credentials

    def refresh(self, expired: Credentials) -> bool:
        return False


class FileProvider(CredentialProvider):
    """Credentials in a file that another program may update.

    :param read: reads them from the file.
    """

    def __init__(self, name: str, read: Callable[[], Credentials]) -> None:
        super().__init__(name)
        self._read = read
        self._lock = threading.Lock()
        self._credentials = read()

    @property
    def identity(self) -> str:
        return self._credentials.access_key_id

    def get_credentials(self) -> Credentials:
        return self._credentials

    def refresh(self, expired: Credentials) -> bool:
        with self._lock:
            if self._credentials == expired:
                self._credentials = self._read()
            return self._credentials != expired


class SdkProvider(CredentialProvider):
    """Credentials from the vendor's package: roles, OIDC, metadata server, credentials URI, programs, single sign-on.

    Importing the package takes a quarter of a second, and it may use the network. It is imported only when one of these
    sources is configured, and called only to sign a request.

    :param build: returns the package's client. Receives a function that imports a module of the package.
    :param identity: further facts that say whose credentials these are, without a secret. Their keys change with time.
    :raises ConfigError: when the package is not installed.
    """

    def __init__(self, name: str, build: Callable[[Callable[[str], Any]], Any], identity: str = "") -> None:
        super().__init__(name)
        self._build = build
        self._identity = f"{name} {identity}"
        self._client: Any = None
        self._lock = threading.Lock()
        self._last: Credentials | None = None
        for logger in _LOGGERS:  # they log whole URLs to stderr, signatures and tokens included
            logging.getLogger(logger).disabled = True
        self._module("client")

    @property
    def identity(self) -> str:
        return self._identity

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
            # Messages of the package may quote the output of a program or a response, secrets included.
            code = _CODE.search(str(error))
            why = type(error).__name__ + (f" ({code.group(1)})" if code else "")
            raise ConfigError(
                f"Could not get credentials from {self.name}. {SDK_PACKAGE} failed with {why}.",
                Hint(
                    "Check the role, the network and the clock, or give a key pair.",
                    "请检查 RAM 角色、网络和时钟，或直接设置访问密钥。",
                ),
            ) from None
        if not (found.access_key_id and found.access_key_secret):
            raise ConfigError(
                f"Could not get credentials from {self.name}. {SDK_PACKAGE} found an incomplete key pair."
            )
        return Credentials(found.access_key_id, found.access_key_secret, found.security_token or None)

    def _module(self, name: str) -> Any:
        try:
            return importlib.import_module(f"{SDK_PACKAGE}.{name}")
        except ImportError:
            raise ConfigError(
                f"Could not get credentials from {self.name}. The Python package {SDK_PACKAGE} cannot be imported.",
                Hint(
                    "Install it for the Python that runs the task (pip install {package}), or give a key pair.",
                    "请为运行任务的 Python 安装该软件包（pip install {package}），或直接设置访问密钥。",
                    package=SDK_PACKAGE,
                ),
            ) from None
