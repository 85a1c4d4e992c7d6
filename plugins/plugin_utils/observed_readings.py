# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which readings of the reference a service follows, as far as responses show them (docs/readings.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.examination import Examined
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_check import unwrap
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_contract import (
    CODE_200,
    SAMPLES_WITH_SMALL_LETTERS,
    SAMPLES_WITH_WRAPPER,
    SAMPLES_WITHOUT_BODY,
    contract,
)

Detector = Callable[[Examined], Iterable[str]]


def _wrappers(one: Examined) -> Iterator[str]:
    if one.form and one.action not in SAMPLES_WITH_WRAPPER:
        yield "layered" if one.form.is_layered else "outer" if one.form.wrapper else "none"


def _shape(one: Examined) -> Iterator[str]:
    if one.form and one.action in SAMPLES_WITH_WRAPPER:
        yield "sample" if one.form.wrapper else "table"
    if one.form and one.action in SAMPLES_WITH_SMALL_LETTERS:
        yield "sample" if one.form.keys["lower"] else "table"


def _keys(one: Examined) -> Iterator[str]:
    if one.form and one.action not in SAMPLES_WITH_SMALL_LETTERS:
        yield from one.form.keys


def _code(one: Examined) -> Iterator[str]:
    if one.form and one.form.code in ("0", "200", "absent"):
        if one.form.code == "200":
            yield "table" if one.action in CODE_200 else "two_hundred"
        elif one.form.code == "absent":
            yield "absent"
        elif one.action in CODE_200:
            yield "zero"


def _success_flag(one: Examined) -> Iterator[str]:
    if one.form and "success" in contract(one.action).members:
        yield "missing" if one.form.success == "absent" else "shown"


def _message(one: Examined) -> Iterator[str]:
    if one.form:
        yield {"absent": "none", "empty": "empty", "text": "tip"}[one.form.message]


def _empty(one: Examined) -> Iterator[str]:
    if one.action in SAMPLES_WITHOUT_BODY and one.calls:
        yield "never" if one.body is not None else "status_line"


def _request_id(one: Examined) -> Iterator[str]:
    if one.form and one.header_request_id:
        yield "both" if one.form.request_id else "header"


def _counted(name: str) -> Detector:
    def words(one: Examined) -> Iterator[str]:
        if one.form:
            yield from getattr(one.form, name)

    return words


def _times(one: Examined) -> Iterator[str]:
    if one.form:
        yield from one.form.times


def _some(name: str, word: str) -> Detector:
    def words(one: Examined) -> Iterator[str]:
        if one.form and getattr(one.form, name):
            yield word

    return words


def _further_members(one: Examined) -> Iterator[str]:
    if one.form and one.records:
        yield "some" if one.form.unknown else "none"


def _page_size(one: Examined) -> Iterator[str]:
    if one.page and one.page.get("asked"):
        shown = one.page["page_size"]
        yield "missing" if shown is None else "asked" if shown == one.page["asked"] else "used"


def _max_page_size(one: Examined) -> Iterator[str]:
    if one.page and one.page.get("asked") and one.page["total_count"] is not None:
        page = one.page
        if page["total_count"] > page["records"] and page["records"] < page["asked"]:
            yield str(page["records"])


def _total_count(one: Examined) -> Iterator[str]:
    if one.page and one.page["records"]:
        total = one.page["total_count"]
        if total is None:
            yield "missing"
        elif total == 0:
            yield "zero"
        elif total > one.page["records"]:
            yield "all"


def _values(one: Examined, member: str) -> Iterator[Any]:
    """Yield the values of a member of the records, which stay within this file."""
    if not isinstance(one.body, Mapping):
        return
    envelope = {str(key).lower(): value for key, value in unwrap(one.action, one.body)[2].items()}
    payload = envelope.get("data", envelope.get("result"))
    for record in payload if isinstance(payload, list) else [payload]:
        if isinstance(record, Mapping):
            yield from (value for key, value in record.items() if str(key).lower() == member.lower())


def _by_value(action: str, member: str, words: Mapping[str, str]) -> Detector:
    def found(one: Examined) -> Iterator[str]:
        if one.action == action:
            yield from (words[str(value)] for value in _values(one, member) if str(value) in words)

    return found


def _password(one: Examined) -> Iterator[str]:
    if one.action == "ListCluster" and one.records:
        values = [str(value) for value in _values(one, "Password") if value]
        yield "missing" if not values else "masked" if all(not text.strip("*") for text in values) else "clear"


DETECTORS: Mapping[str, Detector] = {
    "shape": _shape,
    "wrappers": _wrappers,
    "key_case": _keys,
    "success_code": _code,
    "success_flag": _success_flag,
    "success_message": _message,
    "empty_answers": _empty,
    "request_id": _request_id,
    "numbers": _counted("numbers"),
    "numeric_texts": _counted("texts"),
    "booleans": _counted("booleans"),
    "absent_members": _some("nulls", "nulls"),
    "empty_texts": _some("empty_texts", "shown"),
    "empty_lists": _some("empty_lists", "shown"),
    "times": _times,
    "further_members": _further_members,
    "page_size_shown": _page_size,
    "max_page_size": _max_page_size,
    "total_count": _total_count,
    "cluster_password": _password,
    "cluster_kind": _by_value("ListCluster", "EnvType", {"0": "number", "1": "number", "TEST": "word", "PRO": "word"}),
    "user_type": _by_value("ListUsers", "UserType", {"DING_TALK": "table", "DINGDING_TALK": "sample"}),
    "env_type_name": _by_value(
        "ListAppEnvironment",
        "EnvTypeName",
        {"测试环境": "long", "正式环境": "long", "test": "word", "online": "word"},
    ),
}
"""Reading -> the function that returns the values which a response shows."""


def observed_readings(operations: Iterable[Examined]) -> dict[str, dict[str, list[str]]]:
    """Return the values of each reading that responses showed, each with the operations that showed it."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in operations:
        for reading, detector in DETECTORS.items():
            for value in sorted(Counter(detector(one))):
                found.setdefault(reading, {}).setdefault(value, []).append(one.action)
    return {name: found[name] for name in DETECTORS if name in found}
