# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values are numbers, and that no other value becomes one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.number_parsing import to_float, to_int
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), (10**400, 10**400), ("3", 3), ("+3", 3), ("-3", -3), ("0", 0), ("007", 7), (3.0, 3), (-0.0, 0)],
)
def test_whole_numbers(value: Any, number: int) -> None:
    assert (to_int(value), type(to_int(value))) == (number, int)


@pytest.mark.parametrize("value", [2.0**53, -(2.0**53), 1e300])
def test_a_float_that_may_stand_for_several_numbers_is_none(value: float) -> None:
    assert to_int(2.0**53 - 1) == 2**53 - 1
    with pytest.raises(ValueError, match="is not a whole number"):
        to_int(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3.0), (0.5, 0.5), ("3", 3.0), ("-.5", -0.5), ("+5.", 5.0), ("1e3", 1000.0), ("2.5E-1", 0.25)],
)
def test_numbers(value: Any, number: float) -> None:
    assert (to_float(value), type(to_float(value))) == (number, float)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true is not"),
        (False, "false is not"),
        ("8_0", "'8_0' is not"),
        ("８０", "'８０' is not"),
        (" 5", "' 5' is not"),
        ("5\n", r"'5\\n' is not"),
        ("0x10", "'0x10' is not"),
        ("", "'' is not"),
        (None, "a value of type NoneType is not"),
        (["hush"], "a value of type list is not"),
    ],
)
def test_everything_else_is_refused(value: Any, words: str) -> None:
    for convert in (to_int, to_float):
        with pytest.raises(ValueError, match=f"^{words} a (whole )?number$") as error:
            convert(value)
        assert "hush" not in str(error.value)


@pytest.mark.parametrize("value", ["1e3", "5.0", 0.5, float("nan"), float("inf")])
def test_what_is_a_number_and_not_whole(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a whole number"):
        to_int(value)


def test_a_number_that_no_float_can_hold() -> None:
    with pytest.raises(ValueError, match="too large"):
        to_float(10**400)


@pytest.mark.parametrize("value", ["1_0", "true", "nan", "１"])
def test_environment_variables_take_the_same_forms(value: str) -> None:
    with pytest.raises(ConfigError, match="environment variable JST_READ_TIMEOUT must be a number of seconds greater"):
        resolve_settings({"access_key_id": "id", "access_key_secret": "secret"}, {"JST_READ_TIMEOUT": value})
