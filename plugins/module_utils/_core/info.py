# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading modules: everything of a kind that fits the filters, as a list."""

from __future__ import annotations

import copy
from typing import Any, Mapping, Sequence

from .engine import locate
from .errors import InvalidOptionError
from .resource import Field, Resource
from .task import Task


class Info:
    """The declaration of an ``*_info`` module.

    :cvar resource: what is listed.
    :cvar extra_options: further options, which :meth:`choose` reads.
    :cvar filters: names of fields that are options; what the service cannot filter by is filtered here.
    :cvar details: whether the describe call tells more than the list, which adds the option ``details``.
    :cvar optional_scope: parents that narrow the list but are not needed for it.
    """

    resource: Resource
    extra_options: Mapping[str, Mapping[str, Any]] = {}
    filters: tuple[str, ...] = ()
    details = False
    optional_scope: tuple[str, ...] = ()
    constraints: Mapping[str, Sequence[Any]] = {}

    def options(self) -> dict[str, Any]:
        """The argument specification of the module's own options."""
        spec: dict[str, Any] = {}
        for reference in self.resource.scope:
            required = reference.required and reference.option not in self.optional_scope
            spec[reference.option] = {"type": "str", "required": required}
        for item in self.fields():
            option = {"type": "str"} if item.resolve else item.kind.spec()
            spec[item.option_name or item.name] = option
        if self.details:
            spec["details"] = {"type": "bool", "default": False}
        return {**spec, **copy.deepcopy(dict(self.extra_options))}

    def choose(self, options: Mapping[str, Any]) -> Resource:
        """What the options ask to list."""
        return self.resource

    def fields(self) -> list[Field]:
        """The fields that can be filtered by."""
        return [self.resource.field(name) for name in self.filters]


def inquire(task: Task, info: Info) -> list[dict[str, Any] | None]:
    """All things that fit, in the order of the service.

    :raises JstError: when a parent is not there or a call fails.
    """
    resource = info.choose(task.options)
    wanted: dict[str, Any] = {}
    for item in info.fields():
        value = task.options.get(item.option_name or item.name)
        if value is None:
            continue
        try:
            wanted[item.name] = value if item.resolve else item.kind.clean(value)
        except ValueError as error:
            raise InvalidOptionError(f"Option {item.option_name or item.name} {error}.") from None
    scope, absent = locate(task, resource)
    if absent is not None:
        raise absent
    for item in info.fields():
        if item.resolve and item.name in wanted:
            wanted[item.name] = item.resolve(task, wanted[item.name], {**scope, **wanted})
    task.doing = f"list {resource.plural.replace('_', ' ')}"
    identity = wanted.get(resource.identity or "")
    if identity is not None:
        found = resource.read(task, scope, identity)
        return [resource.show(state) for state in (found,) if state is not None and resource.matches(state, wanted)]
    states = [state for state in resource.records(task, scope, wanted) if resource.matches(state, wanted)]
    if task.options.get("details"):
        completed = [resource.complete(task, scope, state) for state in states]
        states = [state for state in completed if state is not None]
    return [resource.show(state) for state in states]
