# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Region options."""

from __future__ import annotations

from typing import Any

from .._api import regions
from .._core.errors import InvalidOptionError
from .._core.field_types import Text
from .._core.fields import State
from .._core.run_context import RunContext


class Region(Text):
    """The id of an Alibaba Cloud region. Only its form is checked: the reference has no list of regions."""

    def clean(self, value: Any) -> str:
        text = str(value)
        if not regions.is_region_id(text):
            raise ValueError(f"is {text!r}, but has to be a region id: {regions.RULE}")
        return text


def set_default_region(ctx: RunContext, given: State) -> None:
    """Set the region of a new resource to that of the access settings unless given. Warn of an unknown region.

    :param given: the desired state, which is changed.
    :raises InvalidOptionError: when the region of the access settings is used and is no region id.
    """
    settings = ctx.client.settings
    if "region" not in given and settings.region:
        try:
            given["region"] = Region().clean(settings.region)
        except ValueError as error:
            raise InvalidOptionError(f"The region ({settings.region_origin}) {error}.") from None
    warning = regions.unknown_region_warning(given["region"]) if "region" in given else None
    if warning:
        ctx.warn(warning)
