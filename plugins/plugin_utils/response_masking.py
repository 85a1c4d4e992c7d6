# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace the values of a response, so that it shows the form and nothing of the account.

Names of members, types, known codes, and documented values of enumerations stay. Unknown members keep their name and
type alone, since the keys of an object in one may be data.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.known_codes import is_known_code
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_check import (
    NUMBER,
    TIME_FORMS,
    field_name,
    json_type,
    unwrap,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.response_contract import Member, contract

MAX_RECORDS = 5
"""Records of a list that are shown, each of another form."""

_TIME_NAMES = {
    "plain": "2020-01-01 00:00:00",
    "minute": "2020-01-01T00:00Z",
    "second": "2020-01-01T00:00:00",
    "zulu": "2020-01-01T00:00:00Z",
}


def masked_response(action: str, body: Any) -> Any:
    """Return a parsed response with all values replaced."""
    if not isinstance(body, dict):
        return f"<{json_type(body)}>"
    wrapper, is_layered, envelope = unwrap(action, body)
    masked: Any = {
        **_masked_object(contract(action), envelope),
        **{field_name(key): _masked_code(item) for key, item in envelope.items() if str(key).lower() == "code"},
    }
    if is_layered:
        holder = body if wrapper is None else body[wrapper]
        masked = {
            field_name(key): masked if str(key).lower() == "data" else _masked_unknown(item)
            for key, item in holder.items()
        }
    return masked if wrapper is None else {field_name(wrapper): masked}


def _masked_code(value: Any) -> Any:
    return value if is_known_code(value) else f"<{json_type(value)}>"


def _masked_object(known: Member, value: dict[str, Any]) -> dict[str, Any]:
    masked: dict[str, Any] = {}
    for key, item in value.items():
        member = known.members.get(str(key).lower())
        masked[field_name(key)] = _masked_unknown(item) if member is None else _masked(member, item)
    return masked


def _masked(member: Member, value: Any) -> Any:
    if isinstance(value, list):
        forms: list[Any] = []
        for item in value:
            form = _masked(member, item)
            if form not in forms:
                forms.append(form)
        more = len(value) - len(forms[:MAX_RECORDS])
        return forms[:MAX_RECORDS] + ([f"<{more} more>"] if more > 0 else [])
    if isinstance(value, dict):
        return _masked_object(member, value) if member.members else "<object>"
    if str(value) in member.choices:
        return value
    return _masked_unknown(value)


def _masked_unknown(value: Any) -> Any:
    if value is None or value in ("", [], {}):
        return value
    if not isinstance(value, str):
        return f"<{json_type(value)}>"
    if NUMBER.fullmatch(value):
        return "<text, a number>"
    form = next((name for name, pattern in TIME_FORMS.items() if pattern.fullmatch(value)), None)
    return f"<text, a time like {_TIME_NAMES[form]}>" if form else "<text>"
