# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of an app never selects another one."""

from __future__ import annotations

import pytest
from ansible.inventory.manager import split_host_pattern
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.places import host_names


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
    assert host_names({10001: title}, {}) == {10001: host}


def test_options_name_hosts() -> None:
    assert host_names({10001: "shop"}, {"shop": "web"}) == {10001: "web"}
    assert host_names({10001: "shop"}, {"10001": "first", "shop": "web"}) == {10001: "first"}


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        ({10002: "all-10001", 10001: "all"}, {}),
        ({10001: "shop", 10002: "Shop"}, {}),
        ({10001: "shop", 10002: "web"}, {"web": "shop"}),
    ],
)
def test_no_two_apps_share_a_host(titles: dict[int, str], names: dict[str, str]) -> None:
    """Neither by their titles nor by the options, whatever the order of the list."""
    hosts = host_names(titles, names)
    assert len({host.casefold() for host in hosts.values()}) == 2
    assert host_names(dict(reversed(titles.items())), names) == hosts


@given(title=st.text(min_size=1))
def test_a_host_is_a_plain_pattern(title: str) -> None:
    host = host_names({10001: title}, {})[10001]
    assert split_host_pattern(host) == [host]
    assert not set(host) & set("*?[]!&~:,;")
    assert host not in ("all", "ungrouped", "localhost")
