# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select the hosts of an inventory by their facts."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import did_you_mean
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import Choice
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Field
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import is_blank

Facts = Mapping[str, Mapping[str, Any]]
"""The facts of a host: name of a resource, such as ``cluster`` -> the resource as its info module returns it."""

_WILD = frozenset("*?[")


class Filters:
    """Conditions on members of facts, such as ``cluster.env_type``.

    :param wanted: member -> a value or a list of values, one of which has to match. Texts may hold wildcards.
    :param excluded: sets of such conditions. A host that matches all conditions of a set is excluded.
    :param fields: name -> declaration of each member.
    :raises InvalidOptionError: for an unknown member, and a value that it cannot have.
    """

    def __init__(self, wanted: Any, excluded: Any, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._wanted = self._conditions("filters", wanted)
        self._excluded = [self._conditions("exclude", one) for one in excluded]
        if not all(self._excluded):
            raise InvalidOptionError(
                "Option exclude has an entry without any condition, which would exclude all hosts."
            )

    @property
    def members(self) -> set[str]:
        """The members that the conditions name."""
        return {name for conditions in (self._wanted, *self._excluded) for name in conditions}

    def server_side(self, resource: str) -> dict[str, str]:
        """Return the conditions on a resource that the service can evaluate: a single value without wildcards."""
        return {
            self._fields[name].name: values[0]
            for name, values in self._wanted.items()
            # The service ignores a filter with an empty value.
            if name.partition(".")[0] == resource
            and len(values) == 1
            and values[0]
            and not _WILD.intersection(values[0])
        }

    def matches(self, facts: Facts, partial: bool = False) -> bool:
        """Return whether a host matches.

        :param partial: whether the facts are incomplete. Conditions on missing members then do not exclude the host.
        """
        met = [_evaluate(facts, name, values, partial) for name, values in self._wanted.items()]
        if False in met:
            return False
        return not any(
            all(_evaluate(facts, name, values, partial) for name, values in one.items()) for one in self._excluded
        )

    def _conditions(self, option: str, given: Any) -> dict[str, list[str]]:
        if not isinstance(given, Mapping):
            raise InvalidOptionError(
                f"Option {option} has to be a dictionary of members and their values, not {given!r}."
            )
        return {str(name): self._values(option, str(name), value) for name, value in given.items()}

    def _values(self, option: str, name: str, given: Any) -> list[str]:
        if name not in self._fields:
            raise InvalidOptionError(f"Option {option} has no member {name!r}.", did_you_mean(name, self._fields))
        values = [_text(value) for value in (given if isinstance(given, list) else [given])]
        if not values or any(is_blank(value) and (value or _identifies(name)) for value in values):
            raise InvalidOptionError(f"Option {option} has no value for {name}. Give one, or leave {name} out.")
        kind = self._fields[name].type
        for value in values:
            if isinstance(kind, Choice) and value not in kind.words and not _WILD.intersection(value):
                raise InvalidOptionError(
                    f"Option {option} has {value!r} for {name}, whose values are {', '.join(kind.words)}."
                )
        return values


def _identifies(name: str) -> bool:
    """Return whether a member identifies a resource. Such a member always has a value."""
    resource, _dot, member = name.partition(".")
    return member in ("title", "name", f"{resource}_id") or name == "cluster_node.instance_id"


def _text(value: Any) -> str:
    """Return the text of a value that conditions compare."""
    if isinstance(value, (Mapping, list)):
        raise InvalidOptionError(f"A condition compares with strings, numbers and booleans, not with {value!r}.")
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _evaluate(facts: Facts, name: str, values: Sequence[str], partial: bool) -> bool | None:
    """Return whether a condition is met, ``None`` when incomplete facts do not show it."""
    resource, _dot, member = name.partition(".")
    value = facts.get(resource, {}).get(member)
    if value is None and partial:
        return None
    parts = value if isinstance(value, list) else [value]
    texts = [_text(part) for part in parts]
    return any(fnmatch.fnmatchcase(text, wanted) for text in texts for wanted in values)
