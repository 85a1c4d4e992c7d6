# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The options of every module for the connection; ``_api.settings`` reads the other sources of these values."""

from __future__ import annotations

from typing import Any

ACCESS_OPTIONS: dict[str, dict[str, Any]] = {
    "access_key_id": {"type": "str", "no_log": False, "aliases": ["alicloud_access_key", "access_key"]},
    "access_key_secret": {
        "type": "str",
        "no_log": True,
        "aliases": ["alicloud_secret_key", "secret_access_key", "secret_key"],
    },
    "security_token": {"type": "str", "no_log": True, "aliases": ["alicloud_security_token"]},
    "region": {"type": "str", "aliases": ["alicloud_region", "region_id"]},
    "endpoint": {"type": "str"},
    "profile": {"type": "str"},
    "config_file": {"type": "path", "aliases": ["shared_credentials_file"]},
    "validate_certs": {"type": "bool"},
    "ca_path": {"type": "path"},
    "connect_timeout": {"type": "float"},
    "read_timeout": {"type": "float"},
    "retry_timeout": {"type": "float"},
    "signature_version": {"type": "str", "choices": ["acs3", "1.0"]},
}

WAIT_OPTIONS: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
    "wait_interval": {"type": "float", "default": 5.0},
}
