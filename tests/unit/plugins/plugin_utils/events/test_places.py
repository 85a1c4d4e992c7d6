# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of an app never selects another one."""

from __future__ import annotations

import pytest
from ansible.inventory.manager import split_host_pattern
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.places import host_name


@pytest.mark.parametrize(
    ("title", "host"),
    [
        ("shop", "shop"),
        ("订单", "订单"),
        ("all", "all-10001"),
        ("localhost", "localhost-10001"),
        ("shop,payment", "shop_payment-10001"),
        ("!shop", "shop-10001"),
        ("~.*", "unnamed-10001"),
        ("shop:&payment", "shop_payment-10001"),
        ("*", "unnamed-10001"),
    ],
)
def test_hosts_of_titles(title: str, host: str) -> None:
    assert host_name(title, 10001, {}) == host


def test_options_name_hosts() -> None:
    assert host_name("shop", 10001, {"shop": "web"}) == "web"
    assert host_name("shop", 10001, {"10001": "first", "shop": "web"}) == "first"


@given(title=st.text(min_size=1))
def test_a_host_is_a_plain_pattern(title: str) -> None:
    host = host_name(title, 10001, {})
    assert split_host_pattern(host) == [host]
    assert not set(host) & set("*?[]!&~:,;")
    assert host not in ("all", "ungrouped", "localhost")
