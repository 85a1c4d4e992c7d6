# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Region ids."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import regions


def test_the_regions_of_the_vendors_sdk_are_known() -> None:
    assert len(regions.REGIONS) == 54
    assert [regions.unknown_region_warning(region) for region in regions.REGIONS] == [None] * 54
    assert all(map(regions.is_region_id, regions.REGIONS))


@pytest.mark.parametrize(
    ("word", "meant"),
    [("zhangjiakou", "cn-zhangjiakou"), ("cn-hangzou", "cn-hangzhou"), ("CN-Beijing", "cn-beijing")],
)
def test_a_region_that_is_not_known_brings_the_nearest(word: str, meant: str) -> None:
    """It is no error: no list of regions is documented, and new ones open."""
    assert regions.is_region_id(word)
    doubt = regions.unknown_region_warning(word) or ""
    assert doubt.startswith(f"Region {word!r} is not among")
    assert "Did you mean " in doubt and meant in doubt


@pytest.mark.parametrize(
    "text", ["", " ", "cn hangzhou", "-cn", "cn-", "cn--x", "1cn", "cn_hangzhou", "http://cn", "\u4e2d"]
)
def test_what_has_not_the_form_of_a_region_id(text: str) -> None:
    assert not regions.is_region_id(text)
