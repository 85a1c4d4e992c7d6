# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Look up one setting by precedence: option, environment variable, profile, default."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Mapping

from .env_vars import lookup

if TYPE_CHECKING:
    from .profiles import Profile

DEFAULT_ENDPOINT = "https://retailcloud.aliyuncs.com"
DEFAULTS: Mapping[str, Any] = {
    "endpoint": DEFAULT_ENDPOINT,
    "validate_certs": True,
    "connect_timeout": 5.0,
    "read_timeout": 10.0,
    "retry_timeout": 60.0,
    "signature_version": "acs3",
}
"""Defaults of settings without an option, environment variable or profile value. Times are seconds."""


class SettingSources:
    """Options, environment and profile, in order of precedence."""

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self.options = {name: value for name, value in options.items() if value is not None and value != ""}
        self.environ = environ
        self._profile: dict[str, Any] = {}
        self._profile_name = ""

    def add_profile(self, profile: Profile) -> None:
        """Use the region and endpoint of a profile."""
        self._profile = {"region": profile.region, "endpoint": profile.endpoint}
        self._profile_name = f"profile {profile.name} of {profile.path}"

    def get(self, name: str) -> tuple[Any, str]:
        """Return the value or default, and where it was found, for a message."""
        if name in self.options:
            return self.options[name], f"option {name}"
        found = lookup(self.environ, name)
        if found:
            return found.value, f"environment variable {found.variable}"
        if self._profile.get(name):
            return self._profile[name], f"{name} in {self._profile_name}"
        return DEFAULTS.get(name), f"default {name}"

    def env(self, purpose: str) -> str | None:
        """Return the value of an environment variable for a purpose of ``ENV_VARS``."""
        found = lookup(self.environ, purpose)
        return found.value if found else None

    def text(self, name: str) -> str | None:
        """Return the value as text."""
        value = self.get(name)[0]
        return None if value is None else str(value)

    def home(self) -> str:
        """Return the home folder."""
        return self.environ.get("HOME") or os.path.expanduser("~")

    def path(self, name: str) -> str | None:
        """Return the value as a path, with ``~`` expanded."""
        path = self.text(name)
        if path is None:
            return None
        return os.path.join(self.home(), path[2:]) if path.startswith("~/") else os.path.expanduser(path)
