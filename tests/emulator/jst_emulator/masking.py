# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking of secret values before anything is shown or stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jst_emulator.api_spec import Operation

MASK = "********"
#: Names that are secret even when no operation has them: a misspelled parameter holds a secret too.
_LOOKS_SECRET = re.compile(r"password|secret", re.IGNORECASE)


def mask_secrets(operation: Operation | None, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of *parameters*, flat (``X.1``) or typed, with every secret value masked."""
    return {name: MASK if _is_secret(operation, name) else value for name, value in parameters.items()}


def _is_secret(operation: Operation | None, name: str) -> bool:
    base = name.split(".", maxsplit=1)[0]
    return bool(_LOOKS_SECRET.search(base)) or (operation is not None and base in operation.secret_parameters)
