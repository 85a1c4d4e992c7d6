# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The credential chain: options, environment variables, profile. The first place with credentials counts."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Mapping

from . import profiles
from .credential_providers import CredentialProvider, Credentials, StaticProvider
from .env_vars import ENV_VARS, is_enabled, lookup
from .errors import ConfigError
from .hints import Hint
from .sts_endpoint import find_sts_endpoint

if TYPE_CHECKING:
    from .setting_sources import SettingSources

_CREDENTIALS_HINT = Hint(
    "Give access_key_id and access_key_secret as options. Or set the environment variables {id} and {secret}. Or run "
    "`aliyun configure`, which writes a profile to ~/{file}.",
    "请用选项设置 access_key_id 和 access_key_secret。也可以设置环境变量 {id} 和 {secret}，"
    "或者运行 `aliyun configure`，它会在 ~/{file} 中写入一个配置（profile）。",
    id=ENV_VARS["access_key_id"][0],
    secret=ENV_VARS["access_key_secret"][0],
    file=profiles.DEFAULT_PATH,
)


def resolve_credentials(inputs: SettingSources) -> tuple[profiles.Profile | None, CredentialProvider]:
    """Return the chosen profile, if any, and the provider of the credentials.

    Credentials among the options take precedence. A profile or profile file in an option takes precedence over the
    environment. The metadata server of an ECS instance is used only when its role is named.

    :raises ConfigError: without credentials, or with half of them.
    """
    profile_chosen = "profile" in inputs.options or "config_file" in inputs.options
    pair = _complete_pair(
        inputs, {name: str(inputs.options[name]) for name in _CREDENTIAL_OPTIONS if name in inputs.options}, "options"
    )
    if pair:
        return (_read_profile(inputs) if profile_chosen else None), StaticProvider("options", pair)
    if not profile_chosen:
        provider = _environment_provider(inputs)
        if provider:
            return None, provider
    profile = _read_profile(inputs)
    if profile:
        return profile, profile.provider
    raise ConfigError("No credentials were found.", _CREDENTIALS_HINT)


_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+", re.ASCII)


def _to_credentials(keys: Mapping[str, str], place: str) -> Credentials:
    """Return credentials that fit into a header: all keys of the service are visible ASCII."""
    for name, value in keys.items():
        if not _VISIBLE_ASCII.fullmatch(value):
            raise ConfigError(f"The value of {name} ({place}) has a blank or another character that no key has.")
    return Credentials(keys["access_key_id"], keys["access_key_secret"], keys.get("security_token"))


_CREDENTIAL_OPTIONS = ("access_key_id", "access_key_secret", "security_token")


def _complete_pair(inputs: SettingSources, given: dict[str, str], place: str) -> Credentials | None:
    """Return the credentials of one place, None when it has none.

    The environment completes half a pair among the options, unless it has a complete pair of its own: halves of
    different pairs are never combined.
    """
    halves = ("access_key_id", "access_key_secret")
    missing = [name for name in halves if name not in given]
    if len(missing) == 2:
        if given:
            raise ConfigError(
                "A security_token is given without access_key_id and access_key_secret.", _CREDENTIALS_HINT
            )
        return None
    if missing:
        (there,) = (name for name in halves if name in given)
        rest = inputs.env(missing[0]) if place == "options" else None
        if not rest or inputs.env(there) not in (None, given[there]):
            raise ConfigError(
                f"Half of a key pair is missing. {there} is given by {place}, and {missing[0]} is not.",
                Hint(
                    "Give {missing} too, or leave {there} out.",
                    "请同时设置 {missing}，或去掉 {there}。",
                    missing=missing[0],
                    there=there,
                ),
            )
        token = inputs.env("security_token")
        given = {**({"security_token": token} if token else {}), **given, missing[0]: rest}
    return _to_credentials(given, place)


def _environment_provider(inputs: SettingSources) -> CredentialProvider | None:
    """Return the provider that the environment names, as the vendor's SDK and command line read it."""
    env = inputs.env
    env_values = {name: lookup(inputs.environ, name) for name in _CREDENTIAL_OPTIONS}
    halves = {name: value.value for name, value in env_values.items() if value}
    variables = " and ".join(value.variable for value in env_values.values() if value)
    role: dict[str, Any] = {
        "role_arn": env("role_arn"),
        "role_session_name": env("role_session_name"),
        "role_session_expiration": _parse_expiration(env("role_session_expiration")),
    }
    oidc = {"oidc_provider_arn": env("oidc_provider_arn"), "oidc_token_file_path": env("oidc_token_file")}
    if halves.keys() & {"access_key_id", "access_key_secret"}:
        pair = _complete_pair(inputs, halves, f"environment variable {variables}")
        if pair and role["role_arn"] and not any(oidc.values()):
            role["sts_endpoint"] = find_sts_endpoint(inputs.environ)
            keys = {name: halves.get(name) for name in _CREDENTIAL_OPTIONS}
            return _sdk_provider(
                "ram_role_arn", "a role to assume", {**keys, **role, "external_id": env("external_id")}
            )
        return StaticProvider("the environment", pair) if pair else None
    if role["role_arn"] and all(oidc.values()):
        role["sts_endpoint"] = find_sts_endpoint(inputs.environ)
        return _sdk_provider("oidc_role_arn", "OIDC", {**role, **oidc})
    if env("ecs_role_name") and not is_enabled(inputs.environ, "ecs_metadata_disabled"):
        return _sdk_provider("ecs_ram_role", "the role of this ECS instance", {"role_name": env("ecs_role_name")})
    if env("credentials_uri"):
        return _sdk_provider("credentials_uri", "the credentials URI", {"credentials_uri": env("credentials_uri")})
    return None


def _sdk_provider(kind: str, name: str, config: Mapping[str, Any]) -> CredentialProvider:
    given = {key: value for key, value in config.items() if value}
    return profiles.sdk_provider(f"the environment ({name})", {"type": kind, **given})


def _parse_expiration(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ConfigError(
            f"Environment variable {ENV_VARS['role_session_expiration'][0]} is not a whole number of seconds."
        )
    return int(text)


def _read_profile(inputs: SettingSources) -> profiles.Profile | None:
    """Return the chosen profile, else the current one of the default file, None without that file."""
    name = inputs.text("profile")
    path = inputs.path("config_file")
    if not (name or path) and is_enabled(inputs.environ, "profile_disabled"):
        return None
    if not path:
        path = os.path.join(inputs.home(), profiles.DEFAULT_PATH)
        if not (name or os.path.exists(path)):
            return None
    return profiles.read_profile(path, name, inputs.environ)
