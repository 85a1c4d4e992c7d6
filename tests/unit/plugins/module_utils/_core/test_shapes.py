# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that ansible-core would convert with a loss are rejected, by every option of every module.

It cuts a text at commas inside an entry of a list, and drops all but the last value of a repeated key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible.module_utils.common.validation import check_type_dict

from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.mapping_texts import repeated_keys, to_mapping
from ansible_collections.jst.retailcloud.plugins.module_utils._core.strict_types import shape_faults
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import Application
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deployment import Deployment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import Service

SPECS = [
    *(module_options(kind()) for kind in (AppGroup, DeployConfig, Deployment, Service)),
    Application().options(),
]


def lists(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the options of a specification that take a list, and of the specifications in it."""
    for name, option in spec.items():
        if option.get("type") == "list":
            yield name, option
        yield from lists(option.get("options") or {})


LISTS = [pytest.param(name, option, id=name) for spec in SPECS for name, option in lists(spec)]


@pytest.mark.parametrize(("name", "option"), LISTS)
def test_text_of_a_list(name: str, option: Mapping[str, Any]) -> None:
    """The text of a list or mapping is no list. A list with a text is one."""
    for text in ('["a", "b"]', " [{a: 1, b: 2}]", "{a: 1, b: 2}"):
        [fault] = shape_faults({name: option}, {name: text})
        assert fault.startswith(f"{name} has to be a list")
        assert not [one for one in shape_faults({name: {**option, "elements": "raw"}}, {name: [text]})]
    assert [*shape_faults({name: option}, {name: None})] == []


@pytest.mark.parametrize(
    ("elements", "text", "is_cut"),
    [
        ("raw", "kind: ConfigMap", True),
        ("raw", " ", False),
        ("dict", "a=1, b=2", True),
        ("str", "shop, cart", False),
        ("int", "1, 2", False),
        ("int", "[1, 2]", True),
        ("str", "", False),
    ],
)
def test_text_as_ansible_takes_it(elements: str, text: str, is_cut: bool) -> None:
    """Names and numbers with commas between them are a list in Ansible. Documents and mappings are not."""
    spec = {"entries": {"type": "list", "elements": elements, "aliases": ["other"]}}
    for name in ("entries", "other"):
        assert [fault.startswith(f"{name} has to be") for fault in shape_faults(spec, {name: text})] == [True] * is_cut


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"name": "http", "port": 80, "port": 81}', ["port"]),
        ('{"port": 80, "port": 80}', ["port"]),
        ('{"a": 1, "a": 2, "a": 3, "b": {"c": 1, "c": 2}}', ["c", "a"]),
        ('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}', []),
        ("{'port': 80, 'port': 81}", ["port"]),
        ("{'a': True, 'b': [{1: 1, 1.0: 2}]}", ["1.0"]),
        ("{'port': 80, 'target_port': 80}", []),
        ("name=http port=80 port=90", ["port"]),
        ("port=80, port=90,port=100", ["port"]),
        ("port=80 target_port=80", []),
        ("a='port=1 port=2' port=3", []),
        ('a="it\'s, b=1" b=2 c=\\" c=\\"', ["c"]),
        (" {a=1 {a=2", ["{a"]),
    ],
)
def test_keys_of_a_mapping_given_as_text(text: str, keys: list[str]) -> None:
    """Those that ansible-core reads once and that occur twice."""
    assert to_mapping(text) == check_type_dict(text)
    assert repeated_keys(text) == keys
    assert repeated_keys(check_type_dict(text)) == []


def test_a_key_that_occurs_twice_is_named() -> None:
    """With its option, its entry, and entries inside of entries. What may be a value is not quoted."""
    ports = {"type": "list", "elements": "dict", "options": {"port": {"type": "int"}, "hosts": {"type": "dict"}}}
    spec = {"ports": ports, "labels": {"type": "dict"}}
    values = {
        "ports": [{"port": 1}, "port=1 port=2", {"hosts": '{"a": 1, "a": 2}'}, '{"hosts": "b=1 b=2"}'],
        "labels": '{"hunter2 secret": 1, "hunter2 secret": 2}',
    }
    assert [*shape_faults(spec, values)] == [
        "ports[1] has the key 'port' twice in one mapping.",
        "ports[2].hosts has the key 'a' twice in one mapping.",
        "ports[3].hosts has the key 'b' twice in one mapping.",
        "labels has a key twice in one mapping.",
    ]
