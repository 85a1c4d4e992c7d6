# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Region options."""

from __future__ import annotations

from typing import Any

from .._api import regions
from .._api.errors import ConfigError
from .._core.values import Text


class Region(Text):
    """The id of an Alibaba Cloud region that the service is known to have."""

    def clean(self, value: Any) -> str:
        try:
            regions.check(str(value))
        except ConfigError as error:
            raise ValueError(f"is not right: {error.message}") from None
        return str(value)
