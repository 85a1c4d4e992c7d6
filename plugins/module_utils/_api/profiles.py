# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Profiles of the vendor's command line (``~/.aliyun/config.json``) and the credentials of each profile mode.

A file with sections is the vendor's INI file, which the SDK reads.
"""

from __future__ import annotations

import json
import os
import re
import stat
from typing import Any, Callable, Mapping

from .credential_providers import CredentialProvider, Credentials, FileProvider, SdkProvider
from .errors import ConfigError
from .hints import Hint, did_you_mean
from .sts_endpoint import find_sts_endpoint

DEFAULT_PATH = os.path.join(".aliyun", "config.json")

_SECTION = re.compile(r"^\[[\w .-]+\]\s*$", re.MULTILINE)
_STATIC_MODES = ("AK", "StsToken")
_STS_MODES = ("RamRoleArn", "OIDC")
_CHAINED_MODES = ("ChainableRamRoleArn", "CloudSSO", "External", "OAuth")
_SECRET_FIELDS = ("access_key_secret", "sts_token", "access_token", "oauth_refresh_token", "private_key")

_WRITE_ANEW_HINT = Hint("Run `aliyun configure` to write it anew.", "请运行 `aliyun configure` 重新生成该文件。")


class Profile:
    """One profile: name, file, region and endpoint if any, and the provider of its credentials."""

    def __init__(self, path: str, name: str, fields: Mapping[str, Any], provider: CredentialProvider) -> None:
        self.path = path
        self.name = name
        self.region: str | None = fields.get("region_id") or None
        self.endpoint: str | None = fields.get("endpoint") or None
        self.provider = provider
        self.warnings = _permission_warnings(path, fields)

    def __repr__(self) -> str:
        return f"Profile({self.name} of {self.path})"


def read_profile(path: str, name: str | None, environ: Mapping[str, str]) -> Profile:
    """Read one profile of a file, by default the current one.

    :param environ: completes the profile with the endpoint of STS.
    :raises ConfigError: when the file or profile is missing, unreadable or lacks a key. The message shows nothing of
        the file but the names of its profiles.
    """
    content = _read_text(path)
    if _SECTION.search(content) and not content.lstrip().startswith("{"):
        return _read_ini(path, name)
    profiles, current = _parse_profiles(path, content)
    name = name or current
    if name not in profiles:
        what = f"File {path} has no profile {name!r}." if name else f"File {path} names no current profile."
        raise ConfigError(what, did_you_mean(name or "", profiles))
    fields = profiles[name]
    return Profile(path, name, fields, _provider(path, name, fields, environ))


def _read_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError:
        raise ConfigError(f"Could not read {path}. It is not a text file in UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"Could not read {path}: {error.strerror}.") from None
    except ValueError:
        raise ConfigError(f"Could not read {path!r}. No file can have this name.") from None


def _parse_profiles(path: str, content: str) -> tuple[dict[str, dict[str, Any]], str | None]:
    try:
        document = json.loads(content)
    except ValueError as error:
        where = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else "somewhere"
        raise ConfigError(f"Could not read {path}. It is not valid JSON ({where}).", _WRITE_ANEW_HINT) from None
    entries = document.get("profiles") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ConfigError(f"File {path} has no list of profiles.", _WRITE_ANEW_HINT)
    profiles = {str(entry["name"]): entry for entry in entries if isinstance(entry, dict) and entry.get("name")}
    return profiles, document.get("current") or None


def _permission_warnings(path: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Warn about a file with secrets that every user of the machine can read."""
    if any(fields.get(key) for key in _SECRET_FIELDS) and os.stat(path).st_mode & stat.S_IROTH:
        return (f"{path} holds secrets and everyone on this machine can read it; chmod 600 would keep them out.",)
    return ()


def _provider(path: str, name: str, fields: Mapping[str, Any], environ: Mapping[str, str]) -> CredentialProvider:
    mode = str(fields.get("mode") or "AK")
    where = f"profile {name} of {path}"
    if mode in _STATIC_MODES:
        return FileProvider(where, lambda: _read_credentials(path, name))
    if mode in _SDK_CONFIGS:
        config = {key: value for key, value in _SDK_CONFIGS[mode](fields).items() if value}
        sts_endpoint = find_sts_endpoint(environ, fields) if mode in _STS_MODES else None
        if sts_endpoint:
            config["sts_endpoint"] = sts_endpoint
        return sdk_provider(f"{where} (mode {mode})", config)
    if mode in _CHAINED_MODES:
        # These modes refer to other profiles, or cache tokens in the file, whose format the SDK knows.
        return SdkProvider(
            f"{where} (mode {mode})",
            lambda module: module("client").Client(
                provider=module("provider").CLIProfileCredentialsProvider(profile_name=name, profile_file=path)
            ),
        )
    known = (*_STATIC_MODES, *_SDK_CONFIGS, *_CHAINED_MODES)
    raise ConfigError(
        f"Profile {name} of {path} has the mode {mode!r}, which is not supported.", did_you_mean(mode, known)
    )


def _read_credentials(path: str, name: str) -> Credentials:
    fields = _parse_profiles(path, _read_text(path))[0].get(name, {})
    wanted = ["access_key_id", "access_key_secret"] + (["sts_token"] if fields.get("mode") == "StsToken" else [])
    missing = [key for key in wanted if not fields.get(key)]
    if missing:
        raise ConfigError(
            f"Profile {name} of {path} has no {' and no '.join(missing)}.",
            Hint("Run `aliyun configure --profile {name}`.", "请运行 `aliyun configure --profile {name}`。", name=name),
        )
    return Credentials(*(str(fields[key]) for key in wanted))


# The arguments that say whose credentials the SDK obtains. A URI may hold a secret.
_IDENTIFYING = ("type", "access_key_id", "role_arn", "role_name", "oidc_provider_arn")


def sdk_provider(name: str, config: Mapping[str, Any]) -> CredentialProvider:
    """Return a provider of credentials that the SDK obtains by its own configuration.

    :param name: the source, for a message.
    :param config: arguments of ``alibabacloud_credentials.models.Config``.
    """
    identity = " ".join(str(config[key]) for key in _IDENTIFYING if config.get(key))
    return SdkProvider(name, lambda module: module("client").Client(module("models").Config(**config)), identity)


def _read_ini(path: str, name: str | None) -> Profile:
    name = name or "default"
    provider = SdkProvider(
        f"profile {name} of the INI file {path}",
        lambda module: module("client").Client(
            provider=module("provider").ProfileCredentialsProvider(profile_name=name, profile_file=path)
        ),
    )
    return Profile(path, name, {"access_key_secret": True}, provider)


# Names of the command line to names of the SDK's configuration.
_SDK_CONFIGS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "RamRoleArn": lambda fields: {
        "type": "ram_role_arn",
        "access_key_id": fields.get("access_key_id"),
        "access_key_secret": fields.get("access_key_secret"),
        "security_token": fields.get("sts_token"),
        "role_arn": fields.get("ram_role_arn"),
        "role_session_name": fields.get("ram_session_name"),
        "role_session_expiration": fields.get("expired_seconds"),
        "policy": fields.get("policy"),
        "external_id": fields.get("external_id"),
    },
    "EcsRamRole": lambda fields: {"type": "ecs_ram_role", "role_name": fields.get("ram_role_name")},
    "OIDC": lambda fields: {
        "type": "oidc_role_arn",
        "role_arn": fields.get("ram_role_arn"),
        "oidc_provider_arn": fields.get("oidc_provider_arn"),
        "oidc_token_file_path": fields.get("oidc_token_file"),
        "role_session_name": fields.get("ram_session_name"),
        "role_session_expiration": fields.get("expired_seconds"),
        "policy": fields.get("policy"),
    },
    "CredentialsURI": lambda fields: {"type": "credentials_uri", "credentials_uri": fields.get("credentials_uri")},
}
