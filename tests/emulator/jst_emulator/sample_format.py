# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample format: a canonical answer in the form of the reference's sample of the operation.

Samples differ from the response tables: wrappers, lower-camel keys, numbers and booleans as texts, texts as numbers, a
message on success, members left out, one record spread over two list elements. Only the live service can show which
form is right. All differences are derived from the sample. Members that the sample does not show are kept, in the style
of the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jst_emulator.api_spec import Operation
from jst_emulator.models.env_types import ENV_TYPE_LABELS, ENV_TYPE_WORDS
from jst_emulator.response_builder import OK, as_text

_SUCCESS_CODES = ("0", "200")
_LAYERS = frozenset(("code", "data", "name", "message"))
_UNSEEN = object()
_PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_ZULU_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class _Style:
    """The style of members that the sample does not show."""

    lower_camel: bool
    numbers_as_text: bool


def to_sample_format(operation: Operation, answer: Mapping[str, Any], *, refused: bool = False) -> dict[str, Any]:
    """Return *answer*, a canonical one of *operation*, in the format of the sample.

    :param refused: whether the call was rejected although the code is that of a success.
    """
    wrapper, layered, example = _unwrap(operation.sample)
    spelling = {name.lower(): name for name in example}
    shown_code = example[spelling["code"]]
    style = _Style(
        lower_camel=spelling["code"].islower(),
        numbers_as_text=isinstance(shown_code, str),
    )
    members = dict(answer)
    if members["Code"] == OK and not refused:
        members = {
            name: value for name, value in members.items() if name.lower() in spelling or name == operation.payload
        }
        if str(shown_code) in _SUCCESS_CODES:
            members["Code"] = int(shown_code)
            if operation.message_key.lower() in spelling:
                members[operation.message_key] = example[spelling[operation.message_key.lower()]]
        if _total_is_wrong(example):
            members["TotalCount"] = 0
    shaped = _mimic(members, example, style)
    if layered:
        code = members["Code"]
        shaped = {"code": code, "data": shaped, "name": "" if code == OK else f"{code}Error", "message": ""}
    return {wrapper: shaped} if wrapper else shaped


def _unwrap(sample: Mapping[str, Any]) -> tuple[str | None, bool, Mapping[str, Any]]:
    """Return the name of the wrapper, whether there is a second layer, and the inner answer."""
    if len(sample) != 1:
        return None, False, sample
    ((wrapper, inner),) = sample.items()
    layered = inner.keys() == _LAYERS
    return wrapper, layered, inner["data"] if layered else inner


def _total_is_wrong(example: Mapping[str, Any]) -> bool:
    """Return whether the total of the sample is less than its number of records (ListPods has 0)."""
    return "TotalCount" in example and int(example["TotalCount"]) < len(example["Data"])


def _mimic(value: Any, example: Any, style: _Style) -> Any:
    if value is None:
        return None
    if isinstance(value, Mapping):
        shown = example if isinstance(example, Mapping) else {}
        spelling = {name.lower(): name for name in shown}
        shaped = {}
        for name, member in value.items():
            key = spelling.get(name.lower()) or (name[0].lower() + name[1:] if style.lower_camel else name)
            shaped[key] = _mimic(member, shown.get(key, _UNSEEN), style)
        return shaped
    if isinstance(value, list):
        return _mimic_list(value, example, style)
    return _mimic_scalar(value, example, style)


def _mimic_list(value: list[Any], example: Any, style: _Style) -> Any:
    if isinstance(example, str):
        return f"[{', '.join(map(as_text, value))}]"
    shown = example if isinstance(example, list) else []
    if len(shown) < 2:
        return [_mimic(item, shown[0] if shown else _UNSEEN, style) for item in value]
    # The sample spreads one record over several elements.
    parts = []
    for record in value:
        later = {name for part in shown[1:] for name in part}
        first = {name: member for name, member in record.items() if name not in later}
        rest = [{name: record[name] for name in part if name in record} for part in shown[1:]]
        parts += [_mimic(part, like, style) for part, like in zip([first, *rest], shown, strict=True) if part]
    return parts


def _displayed(text: str, example: str) -> str:
    """Return a text in the form of the sample: a time without zone, an environment type in Chinese."""
    if _PLAIN_TIME.fullmatch(example) and _ZULU_TIME.fullmatch(text):
        return f"{text[:10]} {text[11:19]}"
    if example in ENV_TYPE_LABELS.values():
        return {word: ENV_TYPE_LABELS[number] for number, word in ENV_TYPE_WORDS.items()}.get(text, text)
    return text


def _mimic_scalar(value: Any, example: Any, style: _Style) -> Any:
    is_text = isinstance(value, str)
    if not is_text and (isinstance(example, str) or (example is _UNSEEN and style.numbers_as_text)):
        return as_text(value)
    if is_text and isinstance(example, str):
        return _displayed(value, example)
    if is_text and isinstance(example, (int, float)) and not isinstance(example, bool):
        try:
            number = float(value)
        except ValueError:
            return value
        return int(number) if number.is_integer() else number
    return value
