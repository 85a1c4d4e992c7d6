# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Many things in one task: each goes the way of ``engine.reconcile``, those that need each other one after the other.

Everything is previewed first, as check mode previews it. The preview is the diff and the prediction, and it alone says
what is then done for real; so nothing is written before all of it was found to be possible.
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
    """One thing among many.

    :param resource: what it is.
    :param options: what is asked for; another node stands for the id of its thing, also as an item of a list.
    :param after: nodes that have to be done before, besides those that the options hold.
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
        """The name that tells it from others of its kind."""
        return self.options.get(self.resource.key[0]) if self.resource.key else None

    @property
    def label(self) -> str:
        """The thing in words, with what it belongs to where its own name may not be the only one."""
        names = {name: value.name if isinstance(value, ResourceNode) else value for name, value in self.options.items()}
        label = self.resource.describe(names)
        place = [self.options[parent.option] for parent in self.resource.scope if self.resource.key]
        if not place or (isinstance(place[-1], ResourceNode) and not place[-1].parents):
            return label
        return f"{label} of {place[-1].label if isinstance(place[-1], ResourceNode) else place[-1]}"

    @property
    def state(self) -> State | None:
        """The thing as far as it is known."""
        outcome = self.outcome or self.preview
        return outcome.state if outcome else None

    @property
    def changed(self) -> bool:
        """Whether something was done to the thing, or will be."""
        outcome = self.outcome or self.preview
        return outcome is not None and outcome.changed

    @property
    def id_or_planned(self) -> Any:
        """The id of the thing, or the name of one that has none yet."""
        resource_id = (self.state or {}).get(self.resource.id_field or "")
        if resource_id is not None:
            return resource_id
        return PlannedRef.of(self.resource.label, self.name)

    def resolved_options(self) -> dict[str, Any]:
        """The options, with ids in place of nodes."""
        return {name: _resolve_nodes(value) for name, value in self.options.items()}

    @property
    def remaining(self) -> list[str]:
        """What is still to be done for the thing: by the plan in hand, or by its preview before there is one."""
        pending_steps = self.ctx.pending_steps if self.ctx else None
        if pending_steps is None:
            pending_steps = self.preview.plan.steps if self.preview else []
        return [step.purpose for step in pending_steps]

    @property
    def differing_options(self) -> list[str]:
        """The options in which what exists was seen to differ, also those whose values no diff shows."""
        before = self.preview.plan.before if self.preview else None
        if self.preview is None or before is None or not self.preview.plan.steps:
            return []
        names = self.resource.differences(self.preview.given, before)
        return [self.resource.field(name).option_name for name in names if name in before]

    @property
    def uncompared_options(self) -> list[str]:
        """The options that the service usually shows, and here does not show: whether they differ is not known."""
        before = self.preview.plan.before if self.preview else None
        if self.preview is None or self.ctx is None or before is None:
            return []
        kept = self.resource.unsent_fields(self.ctx, self.preview.given, before, Plan(before, before))
        return [item.option_name for item in kept if item.path]

    def has_work(self) -> bool:
        """Whether there is something left to do for the thing, if only to wait."""
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
    """Bring many things to the state that is asked for; what comes of each is then in its node.

    :param ctx: the run that they belong to; its deadline is theirs, and it learns what was done and what was not.
    :param nodes: each after those that it refers to.
    :param width: how many to work on at once.
    :raises JstError: what went wrong first. Nothing was written if that could be known before.
    :raises ValueError: when the nodes need each other in a circle, or one that is not in the list. Nothing was sent.
    """
    check_order(nodes)
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
            # Where the thing stands, which its own name need not tell.
            failure.error.data["subject"] = failure.node.label
        with _prefix_errors(failure.node):
            raise failure.error from None
    finally:
        for node in nodes:
            ctx.completed += node.ctx.completed if node.ctx else []
            for warning in node.ctx.warnings if node.ctx else []:
                ctx.warn(warning)


def check_order(nodes: Iterable[ResourceNode]) -> None:
    """See that there is an order in which every node comes after those that it needs.

    :raises ValueError: when there is none.
    """
    waiting = list(nodes)
    done: set[ResourceNode] = set()
    while waiting:
        ready = [node for node in waiting if done.issuperset(node.after)]
        if not ready:
            raise ValueError(f"These need each other, or what is not described: {', '.join(n.label for n in waiting)}.")
        done.update(ready)
        waiting = [node for node in waiting if node not in done]


def _node_context(run: RunContext, node: ResourceNode, client: Client | CachingClient, check_mode: bool) -> RunContext:
    """The run of one node within the run of all."""
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
    """Let an error about an option say whose it is."""
    try:
        yield
    except InvalidOptionError as error:
        error.message = f"{capitalize_first(node.label)}: {error.message}"
        raise


class _NodeFailedError(Exception):
    """What went wrong first, and with what."""

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
    """Work on every node once those that it needs are done, several at once.

    After a failure nothing more is begun, and what has begun is brought to its end. What interrupts the task, such as a
    signal or the ``timeout`` of Ansible, ends it at once: the threads that still run do not keep the process.

    :raises _BrokenOffError: after a failure.
    """
    waiting = list(nodes)
    done: set[ResourceNode] = set()
    running: dict[Future[None], ResourceNode] = {}
    failed: list[_NodeFailedError] = []
    with DaemonThreadPool(max_parallel) as pool:
        while waiting or running:
            # No more than there are threads: what is queued would begin after a failure.
            ready = [node for node in waiting if not failed and done.issuperset(needs(node))][
                : max_parallel - len(running)
            ]
            waiting = [node for node in waiting if node not in ready]
            running.update({pool.submit(action, node): node for node in ready})
            if not running:
                break  # after a failure; check_order has ruled out everything else
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
