# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Diffs for people: one YAML document a side, with manifests inside it as YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .option_redaction import redact_address
from .yaml_reader import HAS_YAML, PlainScalar

if TYPE_CHECKING:
    from .fields import State
    from .resource import Resource

UNICODE_LINE_BREAKS = {"\x85", "\u2028", "\u2029"}

# Words that some YAML reader does not take for text.
_AMBIGUOUS_WORDS = frozenset(("<<", "y", "yes", "n", "no", "on", "off", "true", "false", "null"))

# First characters without a meaning in YAML.
_SAFE_FIRST_CHARACTERS = frozenset("/_<($^;")

# The characters of numbers in any base, dates and times.
_DIGITS = frozenset("0123456789")
_NUMBER_CHARACTERS = _DIGITS | frozenset("abcdefABCDEFoOxX_.:,+-tTzZ ")

if HAS_YAML:
    import yaml

    class _Dumper(yaml.SafeDumper):
        """Writes YAML that all readers understand alike, with multi-line texts as blocks for diffs."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def _text(dumper: Any, value: str) -> Any:
        # A block would replace the other line breaks of Unicode.
        if set(value) & UNICODE_LINE_BREAKS:
            style = '"'
        elif "\n" in value:
            style = "|"
        else:
            style = "" if _is_text_to_all(value) else "'"
        return dumper.represent_scalar(_TEXT, value, style=style)

    def _plain(dumper: Any, value: PlainScalar) -> Any:
        tag = dumper.resolve(yaml.ScalarNode, str(value), (True, False))
        return dumper.represent_scalar(tag, str(value), style="")

    _TEXT = "tag:yaml.org,2002:str"
    _Dumper.add_representer(str, _text)
    _Dumper.add_representer(PlainScalar, _plain)


def _is_text_to_all(value: str) -> bool:
    """Return whether a text needs no quotes: no reader takes it for a number, a date, a boolean or an indicator."""
    first = value[:1]
    if first.isalpha() or first in _SAFE_FIRST_CHARACTERS:
        return value.lower() not in _AMBIGUOUS_WORDS
    return first in _DIGITS and not set(value) <= _NUMBER_CHARACTERS


def mark_whitespace(value: Any) -> Any:
    """Return a value whose multi-line texts have marks for blanks that a YAML block cannot show."""
    if isinstance(value, Mapping):
        return {name: mark_whitespace(item) for name, item in value.items()}
    if isinstance(value, list):
        return [mark_whitespace(item) for item in value]
    if isinstance(value, str) and not isinstance(value, PlainScalar):
        value = str(value)  # PyYAML represents str, but no subclass such as PlannedRef
    if isinstance(value, str) and "\n" in value:
        marked = value.replace("\t", "⇥").replace("\r", "␍")
        return re.sub(r" +$", lambda match: "·" * len(match[0]), marked, flags=re.MULTILINE)
    return value


def dump(value: Any) -> str:
    """Return a value as YAML that readers of YAML 1.1 and YAML 1.2 understand alike. Requires PyYAML."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=float("inf")
    )
    return text


def with_written_names(
    resource: Resource,
    sides: Sequence[dict[str, Any]],
    states: Sequence[State | None],
    given: State,
    written: Mapping[str, Any],
) -> None:
    """Replace ids in the sides of a diff by the names that the user wrote for them.

    An id that the options do not name stays: its name would cost a call.

    :param states: the states of the sides.
    :param given: the desired state, with ids.
    :param written: option -> value as the user wrote it.
    """
    for item in resource.fields:
        name, resource_id = written.get(item.option_name), given.get(item.name)
        if item.refers_to is None or not isinstance(name, str) or resource_id is None or name == str(resource_id):
            continue
        for side, state in zip(sides, states):
            if item.option_name in side and (state or {}).get(item.name) == resource_id:
                side[item.option_name] = name


def render(label: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``diff`` of a module's result, with a label as the header of both sides."""
    sides = {
        side: {name: redact_address(name, value) for name, value in values.items()}
        for side, values in (("before", before), ("after", after))
    }
    rendered: dict[str, Any] = {f"{side}_header": label for side in sides}
    for side, value in sides.items():
        rendered[side] = (dump(mark_whitespace(value)) if value else "") if HAS_YAML else value
    return rendered
