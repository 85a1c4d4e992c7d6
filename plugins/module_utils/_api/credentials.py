# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""From the access options, the environment and a profile to the settings of a client."""

from __future__ import annotations

import os
import re
from typing import Any, Mapping, NamedTuple
from urllib.parse import urlsplit

from . import profiles
from .environment import ENVIRONMENT, look, switched_on
from .errors import ConfigError
from .number_forms import to_float
from .sources import FixedKeySource, Keys, KeySource

DEFAULT_ENDPOINT = "https://retailcloud.aliyuncs.com"
DEFAULTS: Mapping[str, Any] = {
    "endpoint": DEFAULT_ENDPOINT,
    "validate_certs": True,
    "connect_timeout": 5.0,
    "read_timeout": 10.0,
    "retry_timeout": 60.0,
    "signature_version": "acs3",
}
"""What holds where neither option, environment nor profile says anything. Times are seconds."""

MAX_RESPONSE_BYTES = 64 * 2**20
"""A bound for what one request brings back, where the environment names no other."""

# Some thirty years; sockets take no more than some hundreds.
_LONGEST = 1e9
_SIGNATURE_VERSIONS = ("acs3", "1.0")
_TRUE = ("1", "on", "true", "yes")
_FALSE = ("0", "off", "false", "no")

_HOST = re.compile(r"[\w.:-]+$", re.ASCII)

_THREE_WAYS = (
    "Give access_key_id and access_key_secret as options; or set the environment variables "
    f"{ENVIRONMENT['access_key_id'][0]} and {ENVIRONMENT['access_key_secret'][0]}; or run `aliyun configure`, "
    f"which writes a profile to ~/{profiles.DEFAULT_PATH}."
)


class Settings(NamedTuple):
    """All a client has to know. Times are seconds.

    endpoint: scheme, host and port, without a path.
    region: None where nothing names one; the API has no default for what is made in a region. It is not checked here:
        most tasks do not use it.
    region_origin: where the region was found, in words for a message.
    source: where the keys come from.
    retry_timeout: for how long after its first try a call may be tried again.
    max_response_bytes: a longer response is not read, neither as it travels nor decoded.
    signature_version: ``acs3`` or ``1.0``.
    warnings: what the user should be told, though it stops nothing.
    """

    endpoint: str
    region: str | None
    region_origin: str
    source: KeySource
    validate_certs: bool
    ca_path: str | None
    connect_timeout: float
    read_timeout: float
    retry_timeout: float
    max_response_bytes: int
    signature_version: str
    warnings: tuple[str, ...]


def resolve(options: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the access options (missing, None or empty: not given), the environment and a profile.

    An option beats the environment, which beats a profile. Keys are taken from one place: a profile or a file that is
    given as an option beats keys in the environment. No metadata server is asked unless one is named.

    :param environ: read instead of the environment of this process.
    :raises ConfigError: when something is missing, unknown, malformed or cannot be read.
    """
    inputs = _Inputs(options or {}, os.environ if environ is None else environ)
    profile, source = _keys(inputs)
    if profile:
        inputs.add_profile(profile)
    endpoint, host = _endpoint(inputs)
    validate_certs = _flag(inputs, "validate_certs")
    region, region_origin = inputs.get("region")
    return Settings(
        endpoint=endpoint,
        region=str(region) if region is not None else None,
        region_origin=region_origin,
        source=source,
        validate_certs=validate_certs,
        ca_path=_path(inputs, "ca_path"),
        connect_timeout=_seconds(inputs, "connect_timeout"),
        read_timeout=_seconds(inputs, "read_timeout"),
        retry_timeout=_seconds(inputs, "retry_timeout", zero=True),
        max_response_bytes=_max_response_bytes(inputs),
        signature_version=_signature_version(inputs),
        warnings=(profile.warnings if profile else ()) + _warnings(endpoint, host, validate_certs),
    )


class _Inputs:
    """Options, environment and profile, asked in this order."""

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self.options = {name: value for name, value in options.items() if value is not None and value != ""}
        self.environ = environ
        self._profile: dict[str, Any] = {}
        self._profile_name = ""

    def add_profile(self, profile: profiles.Profile) -> None:
        self._profile = {"region": profile.region, "endpoint": profile.endpoint}
        self._profile_name = f"profile {profile.name} of {profile.path}"

    def get(self, name: str) -> tuple[Any, str]:
        """The value and, in words for a message, where it was found; the default where it is nowhere."""
        if name in self.options:
            return self.options[name], f"option {name}"
        found = look(self.environ, name)
        if found:
            return found.value, f"environment variable {found.variable}"
        if self._profile.get(name):
            return self._profile[name], f"{name} in {self._profile_name}"
        return DEFAULTS.get(name), f"default {name}"

    def env(self, purpose: str) -> str | None:
        found = look(self.environ, purpose)
        return found.value if found else None


def _keys(inputs: _Inputs) -> tuple[profiles.Profile | None, KeySource]:
    """The profile that was chosen, if one was, and the source of the keys, which need not be that profile."""
    profile_chosen = "profile" in inputs.options or "config_file" in inputs.options
    pair = _pair(inputs, {name: str(inputs.options[name]) for name in _KEY_NAMES if name in inputs.options}, "options")
    if pair:
        return (_profile(inputs) if profile_chosen else None), FixedKeySource("options", pair)
    if not profile_chosen:
        source = _environment_source(inputs)
        if source:
            return None, source
    profile = _profile(inputs)
    if profile:
        return profile, profile.source
    raise ConfigError("no credentials found", _THREE_WAYS)


_KEY = re.compile(r"[\x21-\x7e]+", re.ASCII)


def _checked(keys: Mapping[str, str], place: str) -> Keys:
    """Keys that can travel in a header: nothing but visible ASCII, as all keys of the service are."""
    for name, value in keys.items():
        if not _KEY.fullmatch(value):
            raise ConfigError(f"{name} ({place}) holds a blank or another character that no key of the service has")
    return Keys(keys["access_key_id"], keys["access_key_secret"], keys.get("security_token"))


_KEY_NAMES = ("access_key_id", "access_key_secret", "security_token")


def _pair(inputs: _Inputs, given: dict[str, str], place: str) -> Keys | None:
    """The keys that were given in one place, None where nothing was.

    Half a pair among the options is completed from the environment, unless the environment has a whole pair of its own:
    halves of two pairs never make one.
    """
    halves = ("access_key_id", "access_key_secret")
    missing = [name for name in halves if name not in given]
    if len(missing) == 2:
        if given:
            raise ConfigError("security_token is given without access_key_id and access_key_secret", _THREE_WAYS)
        return None
    if missing:
        (there,) = (name for name in halves if name in given)
        rest = inputs.env(missing[0]) if place == "options" else None
        if not rest or inputs.env(there) not in (None, given[there]):
            raise ConfigError(
                f"{missing[0]} is missing: {there} is given by {place} and {missing[0]} is not",
                f"Give {missing[0]} too, or leave {there} out.",
            )
        token = inputs.env("security_token")
        given = {**({"security_token": token} if token else {}), **given, missing[0]: rest}
    return _checked(given, place)


def _environment_source(inputs: _Inputs) -> KeySource | None:
    """The environment as the vendor's SDK reads it; a role to assume counts as their command line takes it."""
    env = inputs.env
    found = {name: look(inputs.environ, name) for name in _KEY_NAMES}
    halves = {name: value.value for name, value in found.items() if value}
    variables = " and ".join(value.variable for value in found.values() if value)
    role = {
        "role_arn": env("role_arn"),
        "role_session_name": env("role_session_name"),
        "role_session_expiration": _whole(env("role_session_expiration")),
    }
    oidc = {"oidc_provider_arn": env("oidc_provider_arn"), "oidc_token_file_path": env("oidc_token_file")}
    if halves.keys() & {"access_key_id", "access_key_secret"}:
        pair = _pair(inputs, halves, f"environment variable {variables}")
        if pair and role["role_arn"] and not any(oidc.values()):
            keys = {name: halves.get(name) for name in _KEY_NAMES}
            return _package("ram_role_arn", "a role to assume", {**keys, **role, "external_id": env("external_id")})
        return FixedKeySource("the environment", pair) if pair else None
    if role["role_arn"] and all(oidc.values()):
        return _package("oidc_role_arn", "OIDC", {**role, **oidc})
    if env("ecs_role_name") and not switched_on(inputs.environ, "ecs_metadata_disabled"):
        return _package("ecs_ram_role", "the role of this ECS instance", {"role_name": env("ecs_role_name")})
    if env("credentials_uri"):
        return _package("credentials_uri", "the credentials URI", {"credentials_uri": env("credentials_uri")})
    return None


def _package(kind: str, name: str, config: Mapping[str, Any]) -> KeySource:
    given = {key: value for key, value in config.items() if value}
    return profiles.from_config(f"the environment ({name})", {"type": kind, **given})


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ConfigError(f"{ENVIRONMENT['role_session_expiration'][0]} is not a whole number of seconds")
    return int(text)


def _profile(inputs: _Inputs) -> profiles.Profile | None:
    """The profile that is asked for, else the current one of the default file, None where there is no such file."""
    name = _text(inputs, "profile")
    path = _path(inputs, "config_file")
    if not (name or path) and switched_on(inputs.environ, "profile_disabled"):
        return None
    if not path:
        path = os.path.join(_home(inputs), profiles.DEFAULT_PATH)
        if not (name or os.path.exists(path)):
            return None
    return profiles.read(path, name)


def _endpoint(inputs: _Inputs) -> tuple[str, str]:
    """The endpoint, and the name or address of its host."""
    value, where = inputs.get("endpoint")
    text = str(value).strip()
    wanted = f"The endpoint ({where}) must be HOST, HOST:PORT, https://HOST[:PORT] or http://HOST[:PORT]"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        raise ConfigError(wanted) from None
    if parts.username is not None or parts.password is not None:
        raise ConfigError(f"{wanted}, without a user name or password")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"{wanted}, without a path or query")
    if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.match(parts.hostname):
        raise ConfigError(wanted)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else ""), parts.hostname


def _warnings(endpoint: str, host: str, validate_certs: bool) -> tuple[str, ...]:
    """What is open to others on the way to the service. Nobody else is on the way within one machine."""
    if _is_loopback(host):
        return ()
    if endpoint.startswith("http:"):
        return (f"The endpoint {endpoint} is not encrypted: whoever is on the way can read passwords.",)
    if not validate_certs:
        return (
            f"The certificate of {endpoint} is not checked (validate_certs): whoever is on the way can pose as the "
            "service, and read passwords.",
        )
    return ()


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())


def _text(inputs: _Inputs, name: str) -> str | None:
    value = inputs.get(name)[0]
    return None if value is None else str(value)


def _home(inputs: _Inputs) -> str:
    return inputs.environ.get("HOME") or os.path.expanduser("~")


def _path(inputs: _Inputs, name: str) -> str | None:
    path = _text(inputs, name)
    if path is None:
        return None
    return os.path.join(_home(inputs), path[2:]) if path.startswith("~/") else os.path.expanduser(path)


def _flag(inputs: _Inputs, name: str) -> bool:
    value, where = inputs.get(name)
    word = str(value).lower()
    if word not in _TRUE + _FALSE:
        raise ConfigError(f"{where} must be true or false, not {value!r}")
    return word in _TRUE


def _seconds(inputs: _Inputs, name: str, zero: bool = False) -> float:
    value, where = inputs.get(name)
    wanted = "zero or a positive number" if zero else "a positive number"
    try:
        seconds = to_float(value)
    except ValueError:
        raise ConfigError(f"{where} must be {wanted} of seconds, not {value!r}") from None
    if not (seconds > 0 or (zero and seconds == 0)) or seconds > _LONGEST:
        raise ConfigError(f"{where} must be {wanted} of seconds, not {value!r}")
    return seconds


def _max_response_bytes(inputs: _Inputs) -> int:
    found = look(inputs.environ, "max_response_bytes")
    if not found:
        return MAX_RESPONSE_BYTES
    if not (found.value.isascii() and found.value.isdecimal() and len(found.value) < 19 and int(found.value)):
        raise ConfigError(
            f"environment variable {found.variable} must be a whole number from 1 on, not {found.value!r}"
        )
    return int(found.value)


def _signature_version(inputs: _Inputs) -> str:
    value, where = inputs.get("signature_version")
    version = str(value).lower()
    if version not in _SIGNATURE_VERSIONS:
        raise ConfigError(f"{where} must be one of {', '.join(_SIGNATURE_VERSIONS)}, not {value!r}")
    return version
