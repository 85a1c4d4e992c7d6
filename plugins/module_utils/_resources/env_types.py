# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The two types of environments. Operations write them in three ways."""

from __future__ import annotations

from .._core.field_types import Choice

ENV_TYPE_NUMBER = Choice({"test": 0, "online": 1})
"""Of environments (reference 1.2)."""

ENV_TYPE_WORD = Choice(("test", "online"))
"""Of deploy configurations and deploy orders (reference 1.3, 5.1)."""

CLUSTER_ENV_TYPE = Choice({"test": "TEST", "online": "PRO"})
"""Of clusters (reference 6.4)."""
