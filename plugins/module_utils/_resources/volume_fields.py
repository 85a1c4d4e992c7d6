# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Fields that volumes and their claims share (reference 1.5, 6.1)."""

from __future__ import annotations

from .._core.field_types import Choice, Text
from .._core.fields import Field
from .._core.quantities import Quantity

NAME = Text(r"[a-z][a-z0-9.-]*", "lower-case letters, digits, dots and hyphens, starting with a letter")
CAPACITY = Field("capacity", Quantity(), "Capacity", required=True, immutable=True)
ACCESS_MODE = Field(
    "access_mode",
    Choice(("ReadWriteMany", "ReadWriteOnce")),
    "AccessModes",
    response_path="access_modes",
    required=True,
    immutable=True,
)
STORAGE_CLASS = Field("storage_class", param="StorageClass", required=True, immutable=True, create_type=NAME)
