# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Resolve the settings of a client: access options, then environment variables, then a profile."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple
from urllib.parse import urlsplit

from .credential_chain import resolve_credentials
from .env_vars import lookup
from .errors import ConfigError
from .number_parsing import to_float
from .setting_sources import SettingSources

if TYPE_CHECKING:
    from .credential_providers import CredentialProvider

MAX_RESPONSE_BYTES = 64 * 2**20
"""Size limit of one response, unless an environment variable sets another."""

# About thirty years. Sockets accept at most some hundred years.
_MAX_SECONDS = 1e9
_SIGNATURE_VERSIONS = ("acs3", "1.0")
_TRUE = ("1", "on", "true", "yes")
_FALSE = ("0", "off", "false", "no")

_HOST = re.compile(r"[\w.:-]+$", re.ASCII)


class Settings(NamedTuple):
    """The settings of a client. Times are seconds.

    endpoint: scheme, host and port, without a path.
    region: None when nothing names one. The API has no default region. Most tasks do not use it, so it is not checked.
    region_origin: where the region was found, for a message.
    credential_provider: returns the credentials.
    retry_timeout: the time after the first attempt of a call in which it is retried.
    max_response_bytes: the size limit of a response, both compressed and decompressed.
    signature_version: ``acs3`` or ``1.0``.
    warnings: warnings for the user.
    """

    endpoint: str
    region: str | None
    region_origin: str
    credential_provider: CredentialProvider
    validate_certs: bool
    ca_path: str | None
    connect_timeout: float
    read_timeout: float
    retry_timeout: float
    max_response_bytes: int
    signature_version: str
    warnings: tuple[str, ...]


def resolve_settings(options: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from the access options, the environment and a profile.

    An option takes precedence over the environment, and the environment over a profile. An option is omitted when it is
    missing, None or empty. Credentials come from one place only, see :func:`resolve_credentials`.

    :param environ: used in place of the environment of this process.
    :raises ConfigError: for a missing, unknown or malformed value, or an unreadable file.
    """
    inputs = SettingSources(options or {}, os.environ if environ is None else environ)
    profile, credential_provider = resolve_credentials(inputs)
    if profile:
        inputs.add_profile(profile)
    endpoint, host = _endpoint(inputs)
    validate_certs = _flag(inputs, "validate_certs")
    region, region_origin = inputs.get("region")
    return Settings(
        endpoint=endpoint,
        region=str(region) if region is not None else None,
        region_origin=region_origin,
        credential_provider=credential_provider,
        validate_certs=validate_certs,
        ca_path=inputs.path("ca_path"),
        connect_timeout=_seconds(inputs, "connect_timeout"),
        read_timeout=_seconds(inputs, "read_timeout"),
        retry_timeout=_seconds(inputs, "retry_timeout", zero=True),
        max_response_bytes=_max_response_bytes(inputs),
        signature_version=_signature_version(inputs),
        warnings=(profile.warnings if profile else ()) + _warnings(endpoint, host, validate_certs),
    )


def _endpoint(inputs: SettingSources) -> tuple[str, str]:
    """Return the endpoint, and the name or address of its host."""
    value, where = inputs.get("endpoint")
    text = str(value).strip()
    wanted = f"The endpoint ({where}) must be HOST, HOST:PORT, https://HOST[:PORT] or http://HOST[:PORT]"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        raise ConfigError(f"{wanted}.") from None
    if parts.username is not None or parts.password is not None:
        raise ConfigError(f"{wanted}, without a user name or password.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"{wanted}, without a path or query.")
    if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.match(parts.hostname):
        raise ConfigError(f"{wanted}.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else ""), parts.hostname


def _warnings(endpoint: str, host: str, validate_certs: bool) -> tuple[str, ...]:
    """Return warnings about a connection that others can read. A loopback connection is private."""
    if _is_loopback(host):
        return ()
    if endpoint.startswith("http:"):
        return (f"The endpoint {endpoint} is not encrypted: anyone on the network path can read passwords.",)
    if not validate_certs:
        return (
            f"The certificate of {endpoint} is not checked (validate_certs): anyone on the network path can pose as "
            "the service and read passwords.",
        )
    return ()


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())


def parse_flag(value: Any) -> bool | None:
    """Return a boolean or its word as one, and ``None`` for anything else."""
    word = str(value).lower()
    return word in _TRUE if word in _TRUE + _FALSE else None


def _flag(inputs: SettingSources, name: str) -> bool:
    value, where = inputs.get(name)
    flag = parse_flag(value)
    if flag is None:
        raise ConfigError(f"The value of {where} must be true or false, not {value!r}.")
    return flag


def _seconds(inputs: SettingSources, name: str, zero: bool = False) -> float:
    value, where = inputs.get(name)
    limits = f"from 0 to {_MAX_SECONDS:.0f}" if zero else f"greater than 0 and at most {_MAX_SECONDS:.0f}"
    message = f"The value of {where} must be a number of seconds {limits}, not {value!r}."
    try:
        seconds = to_float(value)
    except ValueError:
        raise ConfigError(message) from None
    if not (seconds > 0 or (zero and seconds == 0)) or seconds > _MAX_SECONDS:
        raise ConfigError(message)
    return seconds


def _max_response_bytes(inputs: SettingSources) -> int:
    found = lookup(inputs.environ, "max_response_bytes")
    if not found:
        return MAX_RESPONSE_BYTES
    if not (found.value.isascii() and found.value.isdecimal() and len(found.value) < 19 and int(found.value)):
        raise ConfigError(
            f"The value of environment variable {found.variable} must be a whole number of at least 1, "
            f"not {found.value!r}."
        )
    return int(found.value)


def _signature_version(inputs: SettingSources) -> str:
    value, where = inputs.get("signature_version")
    version = str(value).lower()
    if version not in _SIGNATURE_VERSIONS:
        raise ConfigError(f"The value of {where} must be one of {', '.join(_SIGNATURE_VERSIONS)}, not {value!r}.")
    return version
