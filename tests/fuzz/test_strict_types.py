# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number or a text that a task acts on is the one that the task names.

Python and ansible-core convert more to numbers than numbers, and everything to texts. Every option of these types of
every module, also inside of other options and as an element of a list, is given such values: each is an error before
the first call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pytest

from tests.conformance.canaries import something
from tests.fuzz.argument_specs import ANY, Spec, own_options, spec
from tests.fuzz.harness import Harness, Run
from tests.tools.module_texts import MODULES

NUMBERS = ("int", "float")
NO_NUMBERS = (True, False, "true", "1_000", "８０", "٣", " 5", "5\n", "0x10", "--5", "nan", "inf", "five", "")
NO_WHOLE_NUMBERS = (*NO_NUMBERS, "1e3", "5.0", "1e-3", 0.5, 2.0**53, float("nan"), float("inf"))
# What ansible-core makes a text, or several texts, of.
# What ansible-core makes the texts "['shop']", "{'name': 'shop'}", "True" and "None" of.
NO_TEXTS = (["shop"], {"name": "shop"}, True, False)
LISTS_OF_NO_TEXTS = ([["shop"]], ["shop", {"name": "shop"}], [True], [None])
# ansible-core breaks down over the first two, and does not say where the others stand.
NO_MAPPINGS = (True, 5, "yes", ["shop"])
LISTS_OF_NO_MAPPINGS = ([True], [5], ["yes"], [None], 5, {"name": "shop"})
LISTS = ([True], [1, "1e3"], ["1_000"], "1,1e3", "8_0", True, 1000.5)


def places(
    options: Mapping[str, Any], kinds: Sequence[str], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """Yield the way to each option of one of these types, its type, and whether it is a list."""
    for name, option in options.items():
        for kind, is_list in ((option["type"], False), (option.get("elements"), True)):
            if kind in kinds:
                yield (*path, name), kind, is_list
        yield from places(option.get("options") or {}, kinds, (*path, name))


def with_value(options: Spec, path: tuple[str, ...], value: Any, needed: Collection[str] = ()) -> dict[str, Any]:
    """Return options with what is required, and a value at one place.

    :param needed: options that are required, too.
    """
    required = {name: option for name, option in options.items() if option.get("required") or name in needed}
    given = {name: [] if option["type"] == "list" else something(option) for name, option in required.items()}
    name, *rest = path
    if not rest:
        return {**given, name: value}
    needed_inside = [each for condition in options[name].get("required_if", ()) for each in condition[2]]
    inner = with_value(options[name]["options"], tuple(rest), value, needed_inside)
    return {**given, name: [inner] if options[name]["type"] == "list" else inner}


def quoted(value: Any) -> str:
    """Return how a message quotes a value."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def check_refused(run: Run, path: tuple[str, ...], value: Any, *phrases: str) -> None:
    """The value is an error before the first call, whose message names the option and has these phrases."""
    title = f"{'.'.join(path)}={value!r}: {run.result}"
    assert run.failed, title
    assert run.calls == [], title
    assert all(phrase in run.result["msg"] for phrase in (path[-1], *phrases)), title


@pytest.mark.parametrize("module", MODULES)
def test_only_numbers_are_numbers(module: str, populated: Harness) -> None:
    options = spec(module) if module == ANY else own_options(module)
    for path, kind, is_list in places(options, NUMBERS):
        phrase = "is not a whole number" if kind == "int" else "is not a number"
        for value in LISTS if is_list else NO_WHOLE_NUMBERS if kind == "int" else NO_NUMBERS:
            said = phrase if is_list else f"{quoted(value)} {phrase}"
            check_refused(populated.run(module, with_value(options, path, value)), path, value, f"'{path[-1]}'", said)


@pytest.mark.parametrize("module", MODULES)
def test_only_texts_are_texts(module: str, populated: Harness) -> None:
    options = spec(module) if module == ANY else own_options(module)
    for path, _kind, is_list in places(options, ["str"]):
        for value in LISTS_OF_NO_TEXTS if is_list else NO_TEXTS:
            check_refused(populated.run(module, with_value(options, path, value)), path, value)


@pytest.mark.parametrize("module", MODULES)
def test_only_mappings_are_mappings(module: str, populated: Harness) -> None:
    options = spec(module) if module == ANY else own_options(module)
    for path, _kind, is_list in places(options, ["dict"]):
        for value in LISTS_OF_NO_MAPPINGS if is_list else NO_MAPPINGS:
            check_refused(populated.run(module, with_value(options, path, value)), path, value, "has to be a")


def test_every_kind_of_place_is_tried() -> None:
    found = {
        (len(path), is_list) for module in MODULES for path, _kind, is_list in places(own_options(module), NUMBERS)
    }
    assert {(1, False), (1, True), (2, False), (3, False), (4, False)} <= found
