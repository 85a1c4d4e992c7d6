# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reconciliation of several resources that depend on each other.

All nodes are previewed first, as in check mode. The preview is the diff and the prediction, and decides what a real run
does. So nothing is written before every node was found to be possible.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, Sequence

from .._api.errors import JstError
from .._api.thread_pool import DaemonThreadPool
from .cache import CachingClient
from .engine import Outcome, reconcile, validate_options
from .errors import FailedStateError, InvalidOptionError
from .fields import State
from .names import PlannedRef
from .plan import Plan
from .resource import Resource
from .run_context import RunContext
from .wording import capitalize_first

if TYPE_CHECKING:
    from .._api.client import Client


class ResourceNode:
    """One of several resources.

    :param options: the options of its module. Another node stands for the id of that node's resource, also as an item
        of a list.
    :param after: nodes that have to be done before, in addition to those in the options.
    """

    def __init__(
        self, resource: type[Resource], options: Mapping[str, Any], after: Iterable[ResourceNode] = ()
    ) -> None:
        self.resource = resource()
        self.options = options
        self.parents = {name: value for name, value in options.items() if isinstance(value, ResourceNode)}
        self.references = [value for value in _flatten(options.values()) if isinstance(value, ResourceNode)]
        self.after = [*self.references, *after]
        self.ctx: RunContext | None = None
        self.preview: Outcome | None = None
        self.outcome: Outcome | None = None

    @property
    def name(self) -> Any:
        """Return the name that distinguishes the resource from others of its type."""
        return self.options.get(self.resource.key[0]) if self.resource.key else None

    @property
    def label(self) -> str:
        """Return the resource in words, with its parent where its own name may not be unique."""
        names = {name: value.name if isinstance(value, ResourceNode) else value for name, value in self.options.items()}
        label = self.resource.describe(names)
        place = [self.options[parent.option] for parent in self.resource.scope if self.resource.key]
        if not place or (isinstance(place[-1], ResourceNode) and not place[-1].parents):
            return label
        return f"{label} of {place[-1].label if isinstance(place[-1], ResourceNode) else place[-1]}"

    @property
    def state(self) -> State | None:
        """Return the resource as far as it is known."""
        outcome = self.outcome or self.preview
        return outcome.state if outcome else None

    @property
    def changed(self) -> bool:
        """Return whether the run changed the resource, or will change it."""
        outcome = self.outcome or self.preview
        return outcome is not None and outcome.changed

    @property
    def id_or_planned(self) -> Any:
        """Return the id of the resource, or a planned reference when it has none yet."""
        resource_id = (self.state or {}).get(self.resource.id_field or "")
        if resource_id is not None:
            return resource_id
        return PlannedRef.of(self.resource.label, self.name)

    def resolved_options(self) -> dict[str, Any]:
        """Return the options with ids in place of nodes."""
        return {name: _resolve_nodes(value) for name, value in self.options.items()}

    @property
    def remaining(self) -> list[str]:
        """Return the purposes of the remaining steps: of the plan that is carried out, or of the preview."""
        pending_steps = self.ctx.pending_steps if self.ctx else None
        if pending_steps is None:
            pending_steps = self.preview.plan.steps if self.preview else []
        return [step.purpose for step in pending_steps]

    @property
    def differing_options(self) -> list[str]:
        """Return the options in which the live state differs, including those whose values no diff shows."""
        before = self.preview.plan.before if self.preview else None
        if self.preview is None or before is None or not self.preview.plan.steps:
            return []
        names = self.resource.differences(self.preview.given, before)
        return [self.resource.field(name).option_name for name in names if name in before]

    @property
    def uncompared_options(self) -> list[str]:
        """Return the options that the service usually shows and now does not, so that they were not compared."""
        before = self.preview.plan.before if self.preview else None
        if self.preview is None or self.ctx is None or before is None:
            return []
        unsent = self.resource.unsent_fields(self.ctx, self.preview.given, before, Plan(before, before))
        return [item.option_name for item in unsent if item.path]

    def has_work(self) -> bool:
        """Return whether a step or a wait remains."""
        if self.preview is None or self.preview.changed:
            return True
        if not self.resource.supports_wait or self.preview.state is None or self.ctx is None:
            return False
        try:
            return self.resource.wait_reason(self.ctx, self.preview.given, self.preview.state) is not None
        except FailedStateError:
            return True


def _flatten(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _resolve_nodes(value: Any) -> Any:
    if isinstance(value, list):
        return [_resolve_nodes(item) for item in value]
    return value.id_or_planned if isinstance(value, ResourceNode) else value


def reconcile_all(ctx: RunContext, nodes: Sequence[ResourceNode], max_parallel: int) -> None:
    """Bring several resources to their desired states. The outcome of each is in its node.

    :param ctx: the run of the whole task. Its deadline applies to all, and it records the completed and remaining
        steps.
    :param nodes: each after those that it refers to.
    :param max_parallel: how many nodes to work on at once.
    :raises JstError: the first failure, before any write if it can be known before.
    :raises ValueError: when nodes depend on each other in a circle, or on one that is not in the list.
    """
    check_dependencies(nodes)
    for node in nodes:
        with _prefix_errors(node):
            validate_options(
                node.resource, {**node.options, **{name: str(value) for name, value in node.parents.items()}}
            )
    cache = CachingClient(ctx.client)

    def preview(node: ResourceNode) -> None:
        node.ctx = _node_context(ctx, node, cache, check_mode=True)
        node.preview = reconcile(node.ctx, node.resource)

    def carry_out(node: ResourceNode) -> None:
        if node.has_work():
            node.ctx = _node_context(ctx, node, ctx.client, check_mode=False)
            node.outcome = reconcile(node.ctx, node.resource)

    try:
        _run_topologically(nodes, lambda node: node.references, preview, max_parallel)
        if not ctx.check_mode:
            _run_topologically(nodes, lambda node: node.after, carry_out, max_parallel)
    except _NodeFailedError as failure:
        ctx.activity = (failure.node.ctx.activity if failure.node.ctx else "") or failure.node.label
        if all(node.preview for node in nodes):
            ctx.remaining = [step for node in nodes if node.outcome is None for step in node.remaining]
        if isinstance(failure.error, JstError):
            # The label names the parent, which the resource's own name may not show.
            failure.error.data["subject"] = failure.node.label
        with _prefix_errors(failure.node):
            raise failure.error from None
    finally:
        for node in nodes:
            ctx.completed += node.ctx.completed if node.ctx else []
            for warning in node.ctx.warnings if node.ctx else []:
                ctx.warn(warning)


def check_dependencies(nodes: Iterable[ResourceNode]) -> None:
    """Check that there is an order in which every node comes after those that it depends on.

    :raises ValueError: when there is none.
    """
    waiting = list(nodes)
    done: set[ResourceNode] = set()
    while waiting:
        ready = [node for node in waiting if done.issuperset(node.after)]
        if not ready:
            raise ValueError(
                f"These resources depend on each other, or on one that is not in the description: "
                f"{', '.join(node.label for node in waiting)}."
            )
        done.update(ready)
        waiting = [node for node in waiting if node not in done]


def _node_context(run: RunContext, node: ResourceNode, client: Client | CachingClient, check_mode: bool) -> RunContext:
    """Return the run context of one node."""
    options = {**node.resolved_options(), "wait_interval": run.interval, "wait": node.options.get("wait", True)}
    ctx = RunContext(
        client, options, check_mode, run.sleep, run.notify, strict=True, predicting_modules=run.predicting_modules
    )
    ctx.names = {known.id_or_planned: str(known.name) for known in node.references}
    ctx.parent_names = {option: str(parent.name) for option, parent in node.parents.items()}
    deadlines = [deadline for deadline in (ctx.deadline, run.deadline) if deadline is not None]
    ctx.deadline = min(deadlines, default=None)
    return ctx


@contextmanager
def _prefix_errors(node: ResourceNode) -> Iterator[None]:
    """Prefix an error about an option with the resource it belongs to."""
    try:
        yield
    except InvalidOptionError as error:
        error.message = f"{capitalize_first(node.label)}: {error.message}"
        raise


class _NodeFailedError(Exception):
    """The first failure, with its node."""

    def __init__(self, node: ResourceNode, error: BaseException) -> None:
        super().__init__(str(error))
        self.node = node
        self.error = error


def _run_topologically(
    nodes: Sequence[ResourceNode],
    needs: Callable[[ResourceNode], Sequence[ResourceNode]],
    action: Callable[[ResourceNode], None],
    max_parallel: int,
) -> None:
    """Run an action on every node after those that it needs, in parallel.

    After a failure no further action starts, and running ones finish. An interruption, such as a signal or the
    ``timeout`` of Ansible, ends the run at once: the running threads do not keep the process alive.

    :raises _NodeFailedError: after a failure.
    """
    waiting = list(nodes)
    done: set[ResourceNode] = set()
    running: dict[Future[None], ResourceNode] = {}
    failed: list[_NodeFailedError] = []
    with DaemonThreadPool(max_parallel) as pool:
        while waiting or running:
            # No more than there are threads: a queued action would start after a failure.
            ready = [node for node in waiting if not failed and done.issuperset(needs(node))][
                : max_parallel - len(running)
            ]
            waiting = [node for node in waiting if node not in ready]
            running.update({pool.submit(action, node): node for node in ready})
            if not running:
                break  # after a failure; check_dependencies has ruled out everything else
            ended = wait(running, return_when=FIRST_COMPLETED).done
            for future in [each for each in running if each in ended]:
                node = running.pop(future)
                error = future.exception()
                if error is None:
                    done.add(node)
                else:
                    failed.append(_NodeFailedError(node, error))
    if failed:
        raise failed[0]
