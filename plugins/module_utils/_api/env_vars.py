# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Environment variables of options and other sources of credentials. Nothing else here reads the environment."""

from __future__ import annotations

from typing import Mapping, NamedTuple

ENV_VARS: Mapping[str, tuple[str, ...]] = {
    # Options. The names of the vendor's SDK come first, then those of its command line, Terraform and alibaba.alicloud.
    # The command line also reads bare names (REGION, ACCESS_KEY_ID and so on), which may belong to any other program.
    "access_key_id": (
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABACLOUD_ACCESS_KEY_ID",
        "ALICLOUD_ACCESS_KEY_ID",
        "ALICLOUD_ACCESS_KEY",
    ),
    "access_key_secret": (
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABACLOUD_ACCESS_KEY_SECRET",
        "ALICLOUD_ACCESS_KEY_SECRET",
        "ALICLOUD_SECRET_KEY",
        "ALICLOUD_SECRET_ACCESS_KEY",
    ),
    "security_token": (
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "ALIBABACLOUD_SECURITY_TOKEN",
        "ALICLOUD_SECURITY_TOKEN",
    ),
    "region": (
        "ALIBABA_CLOUD_REGION_ID",
        "ALIBABACLOUD_REGION_ID",
        "ALICLOUD_REGION_ID",
        "ALIBABA_CLOUD_REGION",
        "ALICLOUD_REGION",
    ),
    "endpoint": ("ALIBABA_CLOUD_ENDPOINT",),
    "profile": ("ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE", "ALICLOUD_PROFILE"),
    "config_file": (
        "ALIBABA_CLOUD_CREDENTIALS_FILE",
        "ALIBABA_CLOUD_CONFIG_FILE",
        "ALICLOUD_SHARED_CREDENTIALS_FILE",
    ),
    "validate_certs": ("JST_VALIDATE_CERTS",),
    "ca_path": ("JST_CA_PATH", "ALIBABA_CLOUD_CA_BUNDLE"),
    "connect_timeout": ("JST_CONNECT_TIMEOUT",),
    "read_timeout": ("JST_READ_TIMEOUT",),
    "retry_timeout": ("JST_RETRY_TIMEOUT",),
    "signature_version": ("JST_SIGNATURE_VERSION",),
    # A limit without an option: only a service that violates its reference needs another one.
    "max_response_bytes": ("JST_MAX_RESPONSE_BYTES",),
    # Other sources of credentials, used when they are set.
    "role_arn": (
        "ALICLOUD_ASSUME_ROLE_ARN",
        "ALIBABA_CLOUD_ROLE_ARN",
        "ALIBABACLOUD_ROLE_ARN",
    ),
    "role_session_name": (
        "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
        "ALIBABA_CLOUD_ROLE_SESSION_NAME",
        "ALIBABACLOUD_ROLE_SESSION_NAME",
    ),
    "role_session_expiration": ("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION",),
    "external_id": ("ALIBABA_CLOUD_EXTERNAL_ID", "ALIBABACLOUD_EXTERNAL_ID"),
    "oidc_provider_arn": ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABACLOUD_OIDC_PROVIDER_ARN"),
    "sts_endpoint": ("ALIBABA_CLOUD_STS_ENDPOINT", "ALIBABACLOUD_STS_ENDPOINT"),
    "sts_region": ("ALIBABA_CLOUD_STS_REGION",),
    "oidc_token_file": ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABACLOUD_OIDC_TOKEN_FILE"),
    "credentials_uri": ("ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"),
    "ecs_role_name": ("ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"),
    # The language of hints: the collection's own variable, then those of the locale in the order of POSIX.
    "language": ("JST_LANG", "LC_ALL", "LC_MESSAGES", "LANG"),
    # Switches.
    "sts_vpc": ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED",),
    "ecs_metadata_disabled": ("ALIBABA_CLOUD_ECS_METADATA_DISABLED",),
    "profile_disabled": ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE"),
}
"""Variables by purpose. The first one that is set and not empty counts."""


class EnvValue(NamedTuple):
    """A value and its variable."""

    value: str
    variable: str

    def __repr__(self) -> str:
        # The value may be a secret.
        return f"EnvValue({self.variable})"


def lookup(environ: Mapping[str, str], purpose: str) -> EnvValue | None:
    """Return the value for a purpose, None when no variable for it is set."""
    for variable in ENV_VARS[purpose]:
        value = environ.get(variable)
        if value:
            return EnvValue(value, variable)
    return None


def is_enabled(environ: Mapping[str, str], purpose: str) -> bool:
    """Return whether a switch is set to ``true``."""
    found = lookup(environ, purpose)
    return found is not None and found.value.lower() == "true"
