# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Region ids."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import regions
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError


def test_the_regions_of_the_vendors_sdk_are_known() -> None:
    assert len(regions.REGIONS) == 54
    assert regions.check("cn-zhangjiakou") == "cn-zhangjiakou"


@pytest.mark.parametrize(
    ("word", "meant"),
    [("zhangjiakou", "cn-zhangjiakou"), ("cn-hangzou", "cn-hangzhou"), ("CN-Beijing", "cn-beijing")],
)
def test_an_unknown_region_brings_the_nearest(word: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown region '{word}'") as caught:
        regions.check(word)
    assert meant in str(caught.value.hint)
    assert str(caught.value.hint).startswith("Did you mean ")
