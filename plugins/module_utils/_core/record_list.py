# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The field type of a list of small records, compared as a set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Sequence

from .field_types import FieldType, as_records
from .names import is_blank, name_fault


class RecordList(FieldType):
    """A list of small records, compared as a set.

    :param members: (option name, request name, type) of each member. Responses use the option name.
    :param key: the members that identify a record. Two records with the same key are rejected.
    :param required: the members that each record needs.
    :param defaults: the defaults of members.
    :param response_names: option name -> name in responses, where the two differ.
    :param extra_shown: further members of responses that results show.
    """

    def __init__(
        self,
        members: Sequence[tuple[str, str, FieldType]],
        key: Sequence[str],
        required: Sequence[str],
        defaults: Mapping[str, Any] | None = None,
        response_names: Mapping[str, str] | None = None,
        extra_shown: Sequence[str] = (),
    ) -> None:
        self._members = tuple(members)
        self._key = tuple(key)
        self._required = tuple(required)
        self._defaults = dict(defaults or {})
        self._response_names = dict(response_names or {})
        self._shown = tuple(extra_shown)

    def spec(self) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for name, _param, field_type in self._members:
            options[name] = field_type.spec()
            if name in self._required:
                options[name]["required"] = True
            if name in self._defaults:
                options[name]["default"] = self._defaults[name]
        return {"type": "list", "elements": "dict", "options": options}

    def _key_of(self, record: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(record.get(name) for name in self._key)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        cleaned: list[dict[str, Any]] = []
        for position, record in enumerate(value, start=1):
            item: dict[str, Any] = {}
            for name, _param, field_type in self._members:
                if record.get(name) is None:
                    continue
                try:
                    if name in self._required and is_blank(record[name]):
                        raise ValueError("is empty")
                    if name in self._key and name_fault(record[name]):
                        raise ValueError(name_fault(record[name]))
                    item[name] = field_type.clean(record[name])
                except ValueError as error:
                    raise ValueError(f"is wrong in entry {position}: {name} {error}") from None
            cleaned.append(item)
        seen = set()
        for item in cleaned:
            record_key = self._key_of(item)
            if record_key in seen:
                raise ValueError(f"names {' '.join(str(part) for part in record_key)} twice")
            seen.add(record_key)
        return cleaned

    def serialize(self, value: Any) -> list[dict[str, Any]]:
        return [
            {
                param: field_type.serialize(record[name])
                for name, param, field_type in self._members
                if record.get(name) is not None
            }
            for record in value
        ]

    def deserialize(self, raw: Any) -> list[dict[str, Any]] | None:
        records = as_records(raw)
        if records is None:
            return None
        states = []
        for record in records:
            item = {
                name: field_type.deserialize(record.get(self._response_names.get(name, name)))
                for name, _param, field_type in self._members
            }
            item.update({name: record.get(self._response_names.get(name, name)) for name in self._shown})
            states.append(item)
        return sorted(states, key=lambda item: [str(part) for part in self._key_of(item)])

    def is_comparable(self, desired: Any, current: Any) -> bool:
        # Some responses omit the list.
        return current is not None

    def equals(self, desired: Any, current: Any) -> bool:
        if current is None:
            return True
        present = {self._key_of(item): item for item in current}
        if {self._key_of(item) for item in desired} != set(present):
            return False
        return all(self._matches(item, present[self._key_of(item)]) for item in desired)

    def _matches(self, desired: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
        """Return whether a live record has the given members, as far as they are comparable."""
        return all(
            field_type.equals(desired[name], current.get(name))
            or not field_type.is_comparable(desired[name], current.get(name))
            for name, _param, field_type in self._members
            if desired.get(name) is not None
        )

    def to_result(self, value: Any) -> Any:
        if value is None:
            return None
        return self._sorted(value, [*self._names, *self._shown])

    def to_option(self, value: Any) -> Any:
        return None if value is None else self._sorted(value, self._names)

    @property
    def _names(self) -> list[str]:
        return [name for name, _param, _type in self._members]

    def _sorted(self, value: Any, names: Sequence[str]) -> list[dict[str, Any]]:
        shown = [{name: record.get(name) for name in names} for record in value]
        return sorted(shown, key=lambda item: [str(part) for part in self._key_of(item)])
