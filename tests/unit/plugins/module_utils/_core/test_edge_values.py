# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that once broke a module, each in its smallest form."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.parameters import encode_params
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import (
    TEXT,
    FieldType,
    Ids,
    NumberSet,
    StringSet,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import MAX_DEPTH, parse
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest_types import ManifestSet
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import parse_id
from ansible_collections.jst.retailcloud.plugins.module_utils._core.quantities import Quantity
from ansible_collections.jst.retailcloud.plugins.module_utils._core.record_list import RecordList
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import Timestamp

RECORDS = RecordList((("user", "user", TEXT),), key=("user",), required=())
LEVELS = range(1, 12)
ALIASES = "b0: &b0 x\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in LEVELS)
MERGED = "b0: &b0 {k: v}\n" + "".join(f"b{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}'] * 9)}]}}\n" for n in LEVELS)


def nested(levels: int) -> Any:
    """Return nested mappings."""
    value: Any = 1
    for _dummy in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value", [ALIASES, MERGED, "a: &a [*a]", f"a: {'[' * 3000}{']' * 3000}", nested(MAX_DEPTH + 1)]
)
def test_documents_that_could_not_be_walked_through(value: Any) -> None:
    with pytest.raises(ValueError, match=r"nested too deeply or too large|is not valid YAML"):
        parse(value)


def test_aliases_are_fine_as_long_as_they_stay_small() -> None:
    assert parse("a: &a [1, 2]\nb: [*a, *a]\nc: {<<: {d: 1}}").data == {
        "a": [1, 2],
        "b": [[1, 2], [1, 2]],
        "c": {"d": 1},
    }
    assert parse(nested(MAX_DEPTH - 5)).data


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(ValueError, match="JSON does not have"):
        parse({"data": "\ud800"})
    with pytest.raises(ConfigError, match="Title cannot be sent: it holds half a surrogate pair"):
        encode_params(OPERATIONS["CreateApp"], {"Title": "\udcff"})


def test_a_list_inside_of_a_list_has_no_form_on_the_wire() -> None:
    with pytest.raises(ConfigError, match="a list or a mapping inside of another"):
        encode_params(OPERATIONS["DeployApp"], {"ContainerImageList": [["a"]]})


@pytest.mark.parametrize("kind", [StringSet(), Ids(), NumberSet(), RECORDS, ManifestSet("ConfigMap")])
@pytest.mark.parametrize("raw", [1, "text", {"a": 1}, True])
def test_what_is_no_list_tells_nothing_of_one(kind: FieldType, raw: Any) -> None:
    assert kind.deserialize(raw) is None


def test_what_is_no_record_tells_nothing_of_one() -> None:
    assert RECORDS.deserialize([None, 1, [], {"user": "a"}]) == [{"user": "a"}]


@pytest.mark.parametrize("raw", [[], {}, [None], {"a": 1}])
def test_what_is_no_text_tells_nothing_of_one(raw: Any) -> None:
    assert TEXT.deserialize(raw) is None


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (7, 7), ("²", None), ("１２", None), ("9" * 5000, None), ("", None), ("-1", None)]
)
def test_only_plain_digits_are_an_id(text: Any, number: int | None) -> None:
    assert parse_id(text) == number


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_moments_that_utc_does_not_have(text: str) -> None:
    with pytest.raises(ValueError, match="which is not a valid time"):
        Timestamp().clean(text)


def test_sizes_beyond_all_bounds_are_no_sizes() -> None:
    assert not Quantity().equals("1Gi", "1e999999999999999999999")


@pytest.mark.parametrize("key", ["line\r\nbreak", "聚石塔", "\x00", "a b"])
def test_keys_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(ConfigError, match="access_key_id"):
        resolve_settings({"access_key_id": key, "access_key_secret": "secret"}, {})


def test_a_file_that_no_system_can_have() -> None:
    with pytest.raises(ConfigError, match="No file can have this name"):
        resolve_settings({"config_file": "/a\x00b"}, {})


@pytest.mark.parametrize("seconds", [10**400, float("nan"), float("inf"), -(10**400), -1])
@pytest.mark.parametrize("option", ["wait_timeout", "wait_interval"])
def test_seconds_that_no_clock_can_take(option: str, seconds: float) -> None:
    client: Any = None
    with pytest.raises(InvalidOptionError, match=f"Option {option} has to be a number of seconds"):
        RunContext(client, {option: seconds})


@pytest.mark.parametrize("seconds", [0, 5e-324, 0.049])
def test_a_wait_is_no_flood_of_calls(seconds: float) -> None:
    client: Any = None
    with pytest.raises(InvalidOptionError, match=r"Option wait_interval is .*, but has to be at least 0\.05"):
        RunContext(client, {"wait_interval": seconds})
    assert RunContext(client, {"wait_interval": 0.05}).interval == 0.05


@pytest.mark.parametrize("option", ["connect_timeout", "read_timeout", "retry_timeout"])
@pytest.mark.parametrize("seconds", [9_223_372_037, 10**400, float("nan"), float("inf")])
def test_seconds_that_no_socket_can_take(option: str, seconds: float) -> None:
    with pytest.raises(ConfigError, match=f"option {option} must be"):
        resolve_settings({"access_key_id": "id", "access_key_secret": "secret", option: seconds}, {})
