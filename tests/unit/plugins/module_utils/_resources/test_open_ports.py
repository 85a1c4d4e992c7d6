# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of a deploy config stand in the mark of its release, whatever its document holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import parse
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import Mark, parse_mark
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.workload import open_ports

VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text("az09-.,/] A\u00e9\n", max_size=18))
PORTS = st.lists(
    st.fixed_dictionaries({}, optional={"containerPort": VALUES, "name": VALUES, "protocol": VALUES}), max_size=4
)


def config(ports: Any) -> dict[str, Any]:
    """Return a deploy config with one container."""
    return {"deployment": parse({"spec": {"template": {"spec": {"containers": [{"name": "web", "ports": ports}]}}}})}


@given(PORTS)
def test_every_mark_is_read_as_it_is_written(ports: list[dict[str, Any]]) -> None:
    mark = Mark("0" * 12, "1" * 12, open_ports(config(ports)), "2" * 12)
    assert parse_mark({"name": None, "description": f"Spring {mark}"}) == mark


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ({"containerPort": 8080, "name": "web-1"}, ("8080", "web-1")),
        ({"containerPort": 53, "name": "dns", "protocol": "UDP"}, ("53/udp", "dns/udp")),
        ({"containerPort": "8080", "name": "web.1"}, ("8080",)),
        ({"containerPort": 8080, "name": "1"}, ("8080",)),
        ({"containerPort": True, "name": "a--b"}, None),
        ({"name": "sixteen-letters-"}, None),
    ],
    ids=str,
)
def test_a_port_is_a_number_or_a_name_of_kubernetes(port: dict[str, Any], expected: tuple[str, ...] | None) -> None:
    assert open_ports(config([port])) == expected
