# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the variables of a role.

Ansible validates them too, and rejects an optional number that is an empty text. AWX sends an empty text for a survey
question without an answer, so here an optional variable that is empty counts as not given. A variable that identifies
something is an error when it is empty: a filter that is null filters nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import redact
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import is_blank, name_fault
from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_redaction import hidden_texts, redact_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.strict_types import shape_faults, with_strict_types

Spec = Mapping[str, Mapping[str, Any]]

RENAMED = {
    "drift_undescribed": "drift_unmanaged",
    "teardown_undescribed": "teardown_unmanaged",
}
"""Variables of roles and playbooks that had another name: old name -> new name."""


def is_empty(value: Any) -> bool:
    """Return whether an optional variable with this value counts as not given: null, an empty text or an empty list."""
    return value is None or (isinstance(value, (str, Sequence)) and len(value) == 0)


def variables_of(role: str, names: Iterable[str]) -> list[str]:
    """Return the names of variables that begin with the name of a role in any case, without the result of the role."""
    prefix = f"{role}_"
    return [name for name in names if name.lower().startswith(prefix) and name != f"{role}_result"]


def check(role: str, values: Mapping[str, Any], options: Spec, identifying: Iterable[str] = ()) -> dict[str, Any]:
    """Validate the variables of a role.

    :param role: name of the role; the names of its variables begin with it and an underscore.
    :param values: variable -> value, for every variable with such a name.
    :param options: the argument specification of an entry point.
    :param identifying: optional variables that identify something, ``variable`` or ``variable.member``. Required
        variables and members, and the elements of lists of texts, always count as such.
    :returns: ``given``: variable without its prefix -> value in the type of the specification, or its default;
        ``problems``: a sentence for each error.
    """
    named = set(identifying)
    problems = list(unknown_variables(values, options))
    known = {name: _plain(value) for name, value in values.items() if name in options}
    problems.extend(_faults(known, options, named))
    kept = {
        name: value
        for name, value in known.items()
        if options[name].get("required") or name in named or not is_empty(value)
    }
    misshapen = list(shape_faults(options, kept))
    problems.extend(misshapen)
    # The validator raises for some of them.
    checked = ArgumentSpecValidator(with_strict_types(options)).validate({} if misshapen else kept)
    # A value with an error above can also have the wrong type. It is reported once.
    if not problems:
        # The validator quotes values of a wrong type, such as passwords in a list that is nested too deep.
        hidden = hidden_texts(kept, redact_options(options, kept))
        problems.extend(f"{redact(_sentence(error), hidden).rstrip('.')}." for error in checked.errors.errors)
    given = _given(checked.validated_parameters, options)
    return {"given": {name.removeprefix(f"{role}_"): value for name, value in given.items()}, "problems": problems}


def _sentence(error: Any) -> str:
    """Return the message of the validator. That about unknown members only has their names, without a verb."""
    return f"There is no {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)


def unknown_variables(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Yield sentences about the variables that a role does not have."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        yield f"The role has no variable {', '.join(unknown)}. It has: {', '.join(sorted(known))}."
        yield from (f"{name} is called {RENAMED[name]} now." for name in unknown if name in RENAMED)


def _plain(value: Any) -> Any:
    """Return a value with ordinary containers, which the validator can copy."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(item) for item in value]
    return value


def _given(values: Mapping[str, Any], options: Spec) -> dict[str, Any]:
    """Return the values without those that are null, at every level that the specification describes."""
    given: dict[str, Any] = {}
    for name, value in values.items():
        if value is None:
            continue
        members = options.get(name, {}).get("options")
        if members and isinstance(value, list):
            given[name] = [_given(item, members) if isinstance(item, Mapping) else item for item in value]
        else:
            given[name] = _given(value, members) if members and isinstance(value, Mapping) else value
    return given


def _faults(
    values: Mapping[str, Any], options: Spec, named: set[str], place: str = "", path: str = ""
) -> Iterator[str]:
    """Yield a sentence for each value that has to identify something and cannot.

    :param place: the prefix of a name in messages, with the positions of list elements.
    :param path: the prefix without positions.
    """
    for name, option in options.items():
        if name not in values:
            continue
        value, said = values[name], place + name
        if option.get("required") or path + name in named:
            is_empty_container = value in ([], {}) and option.get("type") not in ("list", "dict")
            fault = "is empty, and needs a value" if is_empty_container else _fault(value, option)
            if fault:
                yield f"{said} {fault}."
                continue
        if not isinstance(value, list):
            members = [(said, value)]
        else:
            members = [(f"{said}[{position}]", item) for position, item in enumerate(value)]
        for label, member in members:
            if isinstance(member, Mapping) and "options" in option:
                yield from _faults(member, option["options"], named, f"{label}.", f"{path}{name}.")
            elif member is not value and option.get("elements") in ("str", "int") and _fault(member, option):
                yield f"{label} {_fault(member, option)}."


def _fault(value: Any, option: Mapping[str, Any]) -> str:
    """Return the error of a value that has to identify something, an empty text when it has none."""
    if value is None:
        return "is null, and needs a value"
    fault = name_fault(value)
    if is_blank(value):
        return f"{fault}, and needs a value"
    # A password is no name.
    return f"{fault}, which a name cannot contain" if fault and not option.get("no_log") else ""
