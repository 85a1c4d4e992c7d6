# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The base of modules that manage several resources in one task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Iterable, Iterator, Mapping, Sequence

from .._api.errors import JstError
from .diff import render, with_written_names
from .errors import FailedStateError, WaitTimeoutError
from .graph import ResourceNode, reconcile_all
from .run_context import RunContext


class Composition(ABC):
    """The base of modules whose options describe several resources.

    :cvar name: the name of the result.
    :cvar settings: what messages call the options of the whole task; see :class:`.run_context.RunContext`.
    """

    name = ""
    settings: Mapping[str, str] = {}

    @abstractmethod
    def options(self) -> dict[str, Any]:
        """Return the argument specification of the module's own options."""

    @abstractmethod
    def check(self, options: Mapping[str, Any]) -> None:
        """Reject options that are invalid whatever the live state is."""

    @abstractmethod
    def check_not_null(self, given: Mapping[str, Any]) -> None:
        """Reject names and ids that were given as null; see :func:`.option_checks.check_not_null`."""

    @abstractmethod
    def nodes(self, options: Mapping[str, Any]) -> list[ResourceNode]:
        """Return the resources that the options describe, each after those that it depends on."""

    @abstractmethod
    def surplus_nodes(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> list[ResourceNode]:
        """Return nodes that delete what the options do not describe and ask to delete."""

    @abstractmethod
    def arrange(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> None:
        """Decide, by the previews of the nodes, which of them has to wait for which. It may warn.

        :param ctx: its reads are cached.
        """

    @abstractmethod
    def to_result(self, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        """Return the members of the module's result."""

    @abstractmethod
    def pending(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        """Return the members of a result of check mode that tell what a real run would change or wait for.

        :param ctx: the run of the whole task.
        """


def compose(ctx: RunContext, composition: Composition, nodes: Sequence[ResourceNode], diff: bool) -> dict[str, Any]:
    """Bring all resources to the state that the options describe.

    :param nodes: the composition's nodes.
    :param diff: whether the result contains the diff.
    :returns: the module's result.
    :raises JstError: see :func:`reconcile_all`.
    """
    ctx.settings = composition.settings
    ctx.subject = nodes[0].label
    composition.check(ctx.options)
    nodes = [*nodes, *composition.surplus_nodes(ctx, nodes)]
    try:
        reconcile_all(ctx, nodes, ctx.options["parallelism"], lambda reads: composition.arrange(reads, nodes))
    except JstError:
        if any(node.errors for node in nodes):
            ctx.found = {
                **_compared(composition, nodes, diff),
                "errors": [{"resource": node.label, "error": error} for node in nodes for error in node.errors],
                # Ansible itself reads "skipped" in a result.
                "not_previewed": [node.label for node in nodes if node.selected and not (node.preview or node.errors)],
            }
        elif any(node.failure for node in nodes):
            ctx.found = {"errors": [_failure(node, node.failure) for node in nodes if node.failure]}
        raise
    return {
        "changed": any(node.changed for node in nodes),
        **_compared(composition, nodes, diff),
        "steps": [step for node in nodes for step in node.remaining] if ctx.check_mode else ctx.completed,
        **(composition.pending(ctx, nodes) if ctx.check_mode else {}),
    }


def _failure(node: ResourceNode, error: JstError) -> dict[str, Any]:
    """Return the failed change of a resource, with the last state in which it was waited for, as its module does."""
    found: dict[str, Any] = {"resource": node.label, "error": error.as_dict()}
    if isinstance(error, (FailedStateError, WaitTimeoutError)):
        found["last_state"] = node.resource.to_result(error.last)
    return found


def _compared(composition: Composition, nodes: Sequence[ResourceNode], diff: bool) -> dict[str, Any]:
    """Return what the run has read, and how it differs from the options."""
    return {
        **composition.to_result(nodes),
        "differences": _options_by_resource((node.label, node.differing_options) for node in nodes),
        "not_compared": _options_by_resource((node.label, node.uncompared_options) for node in nodes),
        **({"diff": list(_diffs(nodes))} if diff else {}),
    }


def _options_by_resource(found: Iterable[tuple[str, list[str]]]) -> list[dict[str, Any]]:
    """Return the resources that have such options, with the options."""
    return [{"resource": label, "options": options} for label, options in found if options]


def _diffs(nodes: Sequence[ResourceNode]) -> Iterator[dict[str, Any]]:
    """Yield the diff of each resource that differs. Its header is the label, and what the whole description is about.

    A side without the resource is empty.
    """
    whole = nodes[0].label
    for node in nodes:
        plan = node.preview.plan if node.preview and node.selected else None
        if plan is None or node.is_held_back:
            continue
        sides = node.resource.to_diff(plan.before, plan.after)
        written = {
            name: value.name if isinstance(value, ResourceNode) else value for name, value in node.options.items()
        }
        given = node.preview.given if node.preview else {}
        with_written_names(node.resource, sides, (plan.before, plan.after), given, written)
        before, after = (side if state is not None else {} for side, state in zip(sides, (plan.before, plan.after)))
        if before != after:
            header = node.label if node is nodes[0] else f"{node.label} ({whole})"
            yield {"resource": node.label, **render(header, before, after)}
