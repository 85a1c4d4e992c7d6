# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The endpoint of STS, which the vendor's SDK calls for the temporary keys of a role or of OIDC.

The SDK (alibabacloud_credentials 1.0.12) reads region and network from the environment when it is imported, which may
be before the environment of the task is known. It reads no endpoint. The variable for one is that of the vendor's
Kubernetes (ack-pod-identity-webhook 0.4.0) and command line.
"""

from __future__ import annotations

import re
from typing import Any, Mapping

from .env_vars import is_enabled, lookup
from .errors import ConfigError
from .regions import RULE, is_region_id

_ADDRESS = re.compile(r"[\w.-]+(:\d{1,5})?", re.ASCII)


def find_sts_endpoint(environ: Mapping[str, str], profile: Mapping[str, Any] | None = None) -> str | None:
    """Return host and port of STS. None stands for the default of the SDK, ``sts.aliyuncs.com``.

    What the profile holds takes precedence over the environment, as in the SDK, and an endpoint over a region.

    :param profile: the fields of a profile.
    :raises ConfigError: when a value is not an endpoint or not a region.
    """
    fields = profile or {}
    if fields.get("sts_endpoint"):
        return _endpoint(str(fields["sts_endpoint"]), "sts_endpoint of the profile")
    private = fields.get("enable_vpc")
    if private is None:
        private = is_enabled(environ, "sts_vpc")
    if fields.get("sts_region"):
        return _endpoint_of_region(str(fields["sts_region"]), bool(private), "sts_region of the profile")
    found = lookup(environ, "sts_endpoint")
    if found:
        return _endpoint(found.value, f"environment variable {found.variable}")
    found = lookup(environ, "sts_region")
    return _endpoint_of_region(found.value, bool(private), f"environment variable {found.variable}") if found else None


# Neither function repeats the value: an address can contain a password.
def _endpoint(text: str, where: str) -> str:
    address = text[len("https://") :] if text.startswith("https://") else text
    if not _ADDRESS.fullmatch(address):
        raise ConfigError(f"The endpoint of STS ({where}) must be HOST, HOST:PORT or https://HOST[:PORT].")
    return address


def _endpoint_of_region(region: str, private: bool, where: str) -> str:
    if not is_region_id(region):
        raise ConfigError(f"The region of STS ({where}) must be {RULE}.")
    return f"{'sts-vpc' if private else 'sts'}.{region}.aliyuncs.com"
