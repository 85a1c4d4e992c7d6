# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reconciliation of several resources that depend on each other.

All nodes are previewed first, as in check mode. The preview is the diff and the prediction, and decides what a real run
does. So nothing is written before every node was found to be possible.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence, TypeVar

from .._api.errors import ApiError, JstError
from .._api.hints import Hint
from .._api.thread_pool import DaemonThreadPool, wait_interruptibly
from .cache import CachingClient
from .engine import Outcome, locate, reconcile, validate_options
from .errors import FailedStateError, InvalidOptionError, NotFoundError
from .fields import State
from .names import PlannedRef
from .plan import Plan
from .resource import Resource
from .run_context import RunContext
from .wording import capitalize_first

if TYPE_CHECKING:
    from .._api.client import Client


class FromNode(NamedTuple):
    """An option that takes its value from another node, once that node is previewed or done."""

    node: ResourceNode
    value: Callable[[ResourceNode], Any]


class ResourceNode:
    """One of several resources.

    :param options: the options of its module. Another node stands for the id of that node's resource, also as an item
        of a list.
    :param after: nodes that have to be done before, in addition to those in the options.
    :ivar selected: whether the run manages the resource. Otherwise it is only looked up where others refer to it.
    :ivar is_needed: whether it is looked up in any case.
    :ivar settings: see :class:`.run_context.RunContext`.
    :ivar is_held_back: whether the run leaves the resource as it is, although it differs, until something else is done.
    :ivar remarks: what the composition has found out about the resource, for its result.
    :ivar remarks_until_changed: the same, of what the change of the resource mends.
    :ivar errors: why the run cannot bring it to its desired state, as far as that is known before the first write; each
        as ``JstError.as_dict`` returns it.
    :ivar failure: the error that ended the change of the resource, ``None`` unless it has failed.
    """

    def __init__(
        self, resource: type[Resource], options: Mapping[str, Any], after: Iterable[ResourceNode] = ()
    ) -> None:
        self.resource = resource()
        self.options = options
        self.parents = {name: value for name, value in options.items() if isinstance(value, ResourceNode)}
        self.references = list(_nodes_in(options.values()))
        # What a resource refers to is deleted after it.
        self.after = [*(node for node in self.references if not node.is_absent), *after]
        self.selected = True
        self.is_needed = False
        self.is_held_back = False
        self.remarks: list[dict[str, Any]] = []
        self.remarks_until_changed: list[dict[str, Any]] = []
        self.settings: Mapping[str, str] = {}
        self.ctx: RunContext | None = None
        self.preview: Outcome | None = None
        self.outcome: Outcome | None = None
        self.errors: list[dict[str, Any]] = []
        self.failure: JstError | None = None

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
    def is_absent(self) -> bool:
        """Return whether the resource is to be deleted."""
        return bool(self.options.get("state") == "absent")

    @property
    def state(self) -> State | None:
        """Return the resource as far as it is known."""
        if self.is_held_back:
            return self.before
        outcome = self.outcome or self.preview
        return outcome.state if outcome else None

    @property
    def before(self) -> State | None:
        """Return the resource before the run, ``None`` when it did not exist."""
        return self.preview.plan.before if self.preview else None

    @property
    def changed(self) -> bool:
        """Return whether the run changed the resource, or will change it."""
        outcome = self.outcome or self.preview
        return self.selected and not self.is_held_back and outcome is not None and outcome.changed

    @property
    def remarks_left(self) -> list[dict[str, Any]]:
        """Return the remarks that hold at the end of the run."""
        is_mended = self.outcome is not None and self.outcome.changed
        return self.remarks if is_mended else [*self.remarks, *self.remarks_until_changed]

    @property
    def id_or_planned(self) -> Any:
        """Return the id of the resource, or a planned reference when it has none yet."""
        state = self.before if self.is_absent else self.state
        resource_id = (state or {}).get(self.resource.id_field or "")
        if resource_id is not None:
            return resource_id
        return PlannedRef.of(self.resource.label, self.name)

    def resolved_options(self) -> dict[str, Any]:
        """Return the options with ids in place of nodes."""
        return {name: _resolve_nodes(value) for name, value in self.options.items()}

    def keep_parsed(self, given: State) -> None:
        """Replace the documents in the options by the parsed ones of a desired state, so they are parsed once."""
        parsed = [item for item in self.resource.fields if item.type.is_parsed and item.name in given]
        self.options = {**self.options, **{item.option_name: given[item.name] for item in parsed}}

    @property
    def remaining(self) -> list[str]:
        """Return the purposes of the remaining steps: of the plan that is carried out, or of the preview."""
        if not self.selected or self.is_held_back:
            return []
        pending_steps = self.ctx.pending_steps if self.ctx else None
        if pending_steps is None:
            pending_steps = self.preview.plan.steps if self.preview else []
        return [step.purpose for step in pending_steps]

    @property
    def differing_options(self) -> list[str]:
        """Return the options in which the live state differs, including those whose values no diff shows."""
        before = self.before
        if self.preview is None or before is None or not self.selected:
            return []
        if not self.preview.plan.steps and not self.errors:
            return []
        names = self.resource.differences(self.preview.given, before)
        return [self.resource.field(name).option_name for name in names if name in before]

    @property
    def uncompared_options(self) -> list[str]:
        """Return the options that the service usually shows and now does not, so that they were not compared."""
        before = self.before
        if self.preview is None or self.ctx is None or before is None or not self.selected:
            return []
        unsent = self.resource.unsent_fields(self.ctx, self.preview.given, before, Plan(before, before))
        return [item.option_name for item in unsent if item.path]

    def has_work(self) -> bool:
        """Return whether a step or a wait remains."""
        if not self.selected or self.is_held_back:
            return False
        if self.preview is None or self.preview.changed:
            return True
        if not self.resource.supports_wait or self.preview.state is None or self.ctx is None:
            return False
        try:
            return self.resource.wait_reason(self.ctx, self.preview.given, self.preview.state) is not None
        except FailedStateError:
            return True


def _nodes_in(values: Iterable[Any]) -> Iterator[ResourceNode]:
    for value in values:
        if isinstance(value, list):
            yield from _nodes_in(value)
        elif isinstance(value, FromNode):
            yield value.node
        elif isinstance(value, ResourceNode):
            yield value


def _resolve_nodes(value: Any) -> Any:
    if isinstance(value, list):
        return [_resolve_nodes(item) for item in value]
    if isinstance(value, FromNode):
        return value.value(value.node)
    return value.id_or_planned if isinstance(value, ResourceNode) else value


Arrange = Callable[[RunContext], None]
"""Called between preview and changes: may add to ``after`` of nodes, and warn. Its reads are cached."""


def reconcile_all(
    ctx: RunContext, nodes: Sequence[ResourceNode], max_parallel: int, arrange: Arrange | None = None
) -> None:
    """Bring several resources to their desired states. The outcome of each is in its node.

    :param ctx: the run of the whole task. Its deadline applies to all, and it records the completed and remaining
        steps.
    :param nodes: each after those that it refers to.
    :param max_parallel: how many nodes to work on at once.
    :param arrange: decides on the order of the changes by what the preview shows.
    :raises JstError: the first failure, before any write if it can be known before. The run context then holds
        the messages of the others. Each node has its own: in ``errors`` before the first write, and in ``failure``
        after it.
    :raises ValueError: when nodes depend on each other in a circle, or on one that is not in the list.
    """
    check_dependencies(nodes)
    for node in nodes:
        with _prefix_errors(node):
            node.keep_parsed(
                validate_options(
                    node.resource, {**node.options, **{name: str(value) for name, value in node.parents.items()}}
                )
            )
    cache = CachingClient(ctx.client)
    # In check mode, an earlier task with the same description may have predicted what this one refers to.
    predicts_all = ctx.may_differ(())

    def preview(node: ResourceNode) -> None:
        node.ctx = _node_context(ctx, node, cache, check_mode=True)
        node.ctx.collects_errors = True
        if node.selected or predicts_all:
            check_found(node)
            node.preview = reconcile(node.ctx, node.resource)
        else:
            node.preview = locate(node.ctx, node.resource)

    def carry_out(node: ResourceNode) -> None:
        if node.has_work():
            node.ctx = _node_context(ctx, node, ctx.client, check_mode=False)
            node.outcome = reconcile(node.ctx, node.resource)

    try:
        needed = needed_nodes(nodes)
        failed = _run_topologically(needed, lambda node: node.references, preview, max_parallel, _is_of_one_node)
        _raise_all(ctx, needed, failed)
        if arrange is not None:
            ctx.activity = f"read the unmanaged resources of {nodes[0].label}"
            known = len(ctx.warnings)
            arrange(_run_context_of(ctx, cache))
            check_dependencies(nodes)
            # Ansible shows the warnings of a task when it has ended. These are about what is going to be written.
            if not ctx.check_mode and any(node.remaining for node in nodes):
                for warning in ctx.warnings[known:]:
                    ctx.notify(f"{nodes[0].label}: before the first change: {warning}")
        if not ctx.check_mode:
            failed = _run_topologically(nodes, lambda node: node.after, carry_out, max_parallel)
            _raise_first(ctx, failed)
    except _NodeFailedError as failure:
        ctx.activity = (failure.node.ctx.activity if failure.node.ctx else "") or failure.node.label
        if not any(node.errors for node in nodes):
            ctx.remaining = [step for node in nodes if node.outcome is None for step in node.remaining]
        raise failure.error from None
    finally:
        for node in nodes:
            if node.ctx is not None:
                ctx.completed += node.ctx.completed
                ctx.begun += node.ctx.begun
                ctx.may_have_written = ctx.may_have_written or node.ctx.may_have_written
            for warning in node.ctx.warnings if node.ctx and node.selected else []:
                ctx.warn(warning)


def needed_nodes(nodes: Iterable[ResourceNode]) -> list[ResourceNode]:
    """Return the nodes that the run manages or needs, and those that they refer to."""
    needed: set[ResourceNode] = set()
    waiting = [node for node in nodes if node.selected or node.is_needed]
    while waiting:
        node = waiting.pop()
        if node not in needed:
            needed.add(node)
            waiting += node.references
    return [node for node in nodes if node in needed]


def check_found(node: ResourceNode) -> None:
    """Check that what a node refers to exists, or that the same run creates it.

    :raises NotFoundError: naming the first that was only looked up, and does not exist.
    """
    for other in _nodes_in(value for value in node.options.values() if not isinstance(value, FromNode)):
        if not other.selected and other.state is None and not node.is_absent:
            hint = Hint(
                "The description contains it, but this run does not create it. Run once without parts and tags.",
                "描述中有该资源，但本次运行不会创建它。请先不加 parts 或 tags 运行一次。",
            )
            raise NotFoundError(other.resource.label, other.name, hint)


def _run_context_of(run: RunContext, client: CachingClient) -> RunContext:
    """Return a run context for reads of the whole task, whose warnings are those of the task."""
    ctx = RunContext(client, run.options, True, run.sleep, run.notify, strict=True)
    ctx.warnings = run.warnings
    ctx.deadline = run.deadline
    return ctx


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
    ctx.settings = node.settings
    # A resource may have a limit of its own. Messages name the one that ends first.
    if run.deadline is not None and (ctx.deadline is None or run.deadline < ctx.deadline):
        ctx.deadline, ctx.timeout = run.deadline, run.timeout
        ctx.settings = {**run.settings, **node.settings}
    return ctx


def _is_of_one_node(error: BaseException) -> bool:
    """Return whether other nodes can be previewed after the failure of one: not while the service does not respond.

    An error that passes was repeated until the time for retries was over.
    """
    if isinstance(error, ApiError):
        return error.is_rejection and not error.transient
    return isinstance(error, JstError)


def _raise_all(run: RunContext, nodes: Sequence[ResourceNode], failed: Sequence[_NodeFailedError]) -> None:
    """Keep the errors of all previews in their nodes, and raise the first.

    :raises _NodeFailedError: when a preview has failed, or collected an error.
    """
    failed = _distinct_failures(sorted(failed, key=lambda failure: nodes.index(failure.node)))
    ended = [failure for failure in failed if not _is_of_one_node(failure.error)]
    by_node = {failure.node: failure.error for failure in failed}
    found: list[tuple[ResourceNode, JstError]] = []
    for node in nodes:
        errors = [*(node.ctx.errors if node.ctx else ()), by_node.get(node)]
        found += [(node, _named_error(node, error)) for error in errors if isinstance(error, JstError)]
    for node, error in found:
        node.errors.append(error.as_dict())
    # What ended the previews comes first.
    found.sort(key=lambda item: item[1] not in [failure.error for failure in ended])
    run.other_failures = [node.ctx.error_message(error) for node, error in found[1:] if node.ctx]
    if found:
        raise _NodeFailedError(*found[0])


def _raise_first(run: RunContext, failed: Sequence[_NodeFailedError]) -> None:
    """Keep the errors of all changes in their nodes, and raise the first.

    :param failed: in the sequence of time: the first may be the cause of the others.
    :raises _NodeFailedError: when a change has failed.
    """
    failures = _distinct_failures(failed)
    for failure in failures:
        error = _named_error(failure.node, failure.error)
        failure.node.failure = error if isinstance(error, JstError) else None
    run.other_failures = [
        failure.node.ctx.error_message(failure.node.failure)
        for failure in failures[1:]
        if failure.node.ctx and failure.node.failure
    ]
    if failures:
        raise failures[0]


def _distinct_failures(failed: Sequence[_NodeFailedError]) -> list[_NodeFailedError]:
    """Return failures with one of those for which several nodes fail at once, such as a service that does not respond.

    :raises _NodeFailedError: for a defect of the collection.
    """
    for failure in failed:
        if not isinstance(failure.error, JstError):
            raise failure
    ended = [failure for failure in failed if not _is_of_one_node(failure.error)]
    return [failure for failure in failed if failure not in ended[1:]]


E = TypeVar("E", bound=BaseException)


def _named_error(node: ResourceNode, error: E) -> E:
    """Return the error of a node with the label of the node, which names the parent.

    An error about an option begins with it.
    """
    if isinstance(error, JstError):
        error.data["subject"] = node.label
    if isinstance(error, InvalidOptionError):
        error.message = f"{capitalize_first(node.label)}: {error.message}"
    return error


@contextmanager
def _prefix_errors(node: ResourceNode) -> Iterator[None]:
    """Prefix an error about an option with the resource it belongs to."""
    try:
        yield
    except InvalidOptionError as error:
        raise _named_error(node, error) from None


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
    is_survived: Callable[[BaseException], bool] = lambda error: False,
) -> list[_NodeFailedError]:
    """Run an action on every node after those that it needs, in parallel. Return the failures.

    After a failure no further action starts, and running ones finish. After one that is survived, the nodes that do not
    need the failed one follow. An interruption, such as a signal or the
    ``timeout`` of Ansible, ends the run at once: the running threads do not keep the process alive.
    """
    waiting = list(nodes)
    done: set[ResourceNode] = set()
    running: dict[Future[None], ResourceNode] = {}
    failed: list[_NodeFailedError] = []
    with DaemonThreadPool(max_parallel) as pool:
        while waiting or running:
            # No more than there are threads: a queued action would start after a failure.
            may_start = all(is_survived(failure.error) for failure in failed)
            ready = [node for node in waiting if may_start and done.issuperset(needs(node))][
                : max_parallel - len(running)
            ]
            waiting = [node for node in waiting if node not in ready]
            running.update({pool.submit(action, node): node for node in ready})
            if not running:
                break  # after a failure; check_dependencies has ruled out everything else
            ended = wait_interruptibly(running, FIRST_COMPLETED)
            for future in [each for each in running if each in ended]:
                node = running.pop(future)
                error = future.exception()
                if error is None:
                    done.add(node)
                else:
                    failed.append(_NodeFailedError(node, error))
    return failed
