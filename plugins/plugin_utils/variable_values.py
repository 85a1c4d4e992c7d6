# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read variables of a task with few compiled templates.

Each fork of ansible-core compiles each template that it evaluates, and forgets it. Most texts of a description hold no
template, and most templates are only the name of another variable, as in ``"{{ deployment }}"``. Neither needs to be
compiled: this file follows such names itself. Nor does ``"{{ name | default(omit, true) }}"``, where the variable is
empty. ansible-core evaluates all other templates.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

import ansible.errors
from ansible.errors import AnsibleActionFail
from jinja2.defaults import DEFAULT_NAMESPACE

from ansible_collections.jst.retailcloud.plugins.plugin_utils.template_faults import fault_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils.unsafe import MARK, OPENINGS, is_evaluated

NAME_ALONE = re.compile(r"\{\{-? *([A-Za-z_][A-Za-z0-9_]*) *-?\}\}")

OPTIONAL = re.compile(r"\{\{-? *([A-Za-z_][A-Za-z0-9_]*) *\| *default\(omit, *true\) *-?\}\}")
"""The value of a variable, which is omitted where that is empty."""

# Words and functions of Jinja, functions of ansible-core, and variables that it computes when a template reads them.
RESERVED = {
    *map(str.lower, keyword.kwlist),
    *map(str.lower, DEFAULT_NAMESPACE),
    *("hostvars", "lookup", "now", "omit", "q", "query", "undef", "vars"),
}

# ansible-core 2.19 and newer report a value that is omitted as a whole by this error. Older versions return a
# placeholder, which is the value of variable `omit`.
OmittedError: Any = getattr(ansible.errors, "AnsibleValueOmittedError", ())

# Before ansible-core 2.19, a template whose result reads like a list, a mapping or a boolean has that type.
CONVERTS_TEXTS = MARK is not None


class _Omitted:
    """The type of ``OMITTED``."""


OMITTED = _Omitted()
"""The value of a variable that is undefined, or omitted by ``omit``."""


class VariableError(AnsibleActionFail):
    """The value of a variable cannot be evaluated."""


class VariableValues:
    """The values of the variables of a task.

    :param templar: the templar of the task's action.
    :param variables: the variables that ``templar`` knows.
    """

    def __init__(self, templar: Any, variables: Mapping[str, Any]) -> None:
        self._templar = templar
        self._variables = variables

    def value(self, name: str) -> Any:
        """Return the value of a variable, ``OMITTED`` when it has none.

        :raises VariableError: when one of its templates cannot be evaluated. The message names the variable and the
            kind of the fault, and quotes no value: a text of a vault can read like a template.
        """
        if name not in self._variables:
            return OMITTED
        try:
            return self._follow(name, frozenset())
        except Exception as error:  # before ansible-core 2.19, filters and lookups raise errors of any type
            fault = fault_words(error)
        # Not in the handler: before ansible-core 2.19, the result would have the traceback of the error, with the text.
        place = self._faulty_place(name, self._variables[name], frozenset({name}))
        at = "" if place == name else f" '{place}':"
        raise VariableError(f"The value of variable '{name}' cannot be evaluated.{at} {fault}")

    def all(self, names: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
        """Return the values of the variables that have one, and a sentence for each that cannot be evaluated."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name in names:
            try:
                values[name] = self.value(name)
            except VariableError as error:
                problems.append(str(error))
        return {name: value for name, value in values.items() if value is not OMITTED}, problems

    def _faulty_place(self, place: str, value: Any, outer: frozenset[str]) -> str:
        """Return the member or the variable whose template cannot be evaluated.

        :param place: what has the value: a variable, or a member of one.
        """
        if isinstance(value, str):
            name = self._name_alone(value) or self._optional_name(value)
            if name is None or name in outer or name not in self._variables:
                return place
            return self._faulty_place(name, self._variables[name], outer | {name})
        members: list[tuple[str, Any]] = []
        if isinstance(value, dict):
            members = [(f"{place}.{key}", member) for key, member in value.items()]
        elif isinstance(value, (list, tuple)):
            members = [(f"{place}[{number}]", item) for number, item in enumerate(value)]
        for inner, member in members:
            try:
                self._evaluate(member, outer)
            except Exception:
                return self._faulty_place(inner, member, outer)
        return place

    def _follow(self, name: str, outer: frozenset[str]) -> Any:
        """Return the value of the variable that ``"{{ name }}"`` stands for.

        :param outer: the variables whose values contain this name.
        """
        value = self._evaluate(self._variables[name], outer | {name})
        if CONVERTS_TEXTS and isinstance(value, str) and (value.startswith(("{", "[")) or value in ("True", "False")):
            return self._template(f"{{{{ {name} }}}}")
        return value

    def _evaluate(self, value: Any, outer: frozenset[str]) -> Any:
        """Return a value with its templates evaluated, and without its omitted members."""
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, str):
            return self._evaluate_text(value, outer) if any(opening in value for opening in OPENINGS) else value
        if isinstance(value, dict):
            members = {key: self._evaluate(member, outer) for key, member in value.items()}
            return {key: member for key, member in members.items() if member is not OMITTED}
        if isinstance(value, (list, tuple)):
            items = [self._evaluate(item, outer) for item in value]
            return [item for item in items if item is not OMITTED]
        return self._template(value)

    def _evaluate_text(self, text: str, outer: frozenset[str]) -> Any:
        """Return the value of a text that may be a template."""
        name = self._name_alone(text)
        if name is not None and name not in outer:
            return self._follow(name, outer)
        return OMITTED if self._is_omitted(text) else self._template(text)

    def _name_alone(self, text: str) -> str | None:
        """Return the variable that a template consists of, ``None`` when it is another template or none."""
        found = NAME_ALONE.fullmatch(text)
        if not found or found[1].lower() in RESERVED or found[1] not in self._variables or not is_evaluated(text):
            return None
        return found[1]

    def _is_omitted(self, text: str) -> bool:
        """Return whether a template is the value of a variable that is empty, so that it is omitted."""
        name = self._optional_name(text)
        return name is not None and self._variables.get(name) in (None, "")

    def _optional_name(self, text: str) -> str | None:
        """Return the variable that a template omits when it is empty, ``None`` when it is another template or none."""
        found = OPTIONAL.fullmatch(text)
        return found[1] if found and found[1].lower() not in RESERVED and is_evaluated(text) else None

    def _template(self, value: Any) -> Any:
        """Return the result of ansible-core, ``OMITTED`` for an omitted value."""
        try:
            result = self._templar.template(value)
        except OmittedError:
            return OMITTED
        return self._without_placeholders(result) if CONVERTS_TEXTS else result

    def _without_placeholders(self, value: Any) -> Any:
        """Return a result without what the placeholder of ansible-core before 2.19 stands for."""
        if isinstance(value, str):
            return OMITTED if value == self._variables.get("omit") else value
        if isinstance(value, dict):
            members = {key: self._without_placeholders(member) for key, member in value.items()}
            return {key: member for key, member in members.items() if member is not OMITTED}
        if isinstance(value, list):
            items = [self._without_placeholders(item) for item in value]
            return [item for item in items if item is not OMITTED]
        return value
