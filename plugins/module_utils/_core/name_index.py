# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One list for all tasks of a run: the names and ids in lists of the whole account.

The list of apps has no filter, so a task that knows only a title reads all pages. The first task of a run that does so
puts the names and ids into an index, and the others look there. Only the worker process has an index: the action of
the module provides it. Without one, every task reads the list itself.

An entry is a hint, since others create, rename and delete resources while the run lasts:

- A resource that is read anyway is compared with the name, see :meth:`.reading.ReadOnlyResource.find_known`.
- Any other entry is assumed to be right as long as the task finds what it looks for there, and changes nothing. Before
  a plan with steps, and before a failure, the task reads the resource once and compares the name.
- When an entry is wrong, the task starts again without the index.
- A name without an entry is looked up in the list of the service. So nothing is created because the index lacks it.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Iterable, Iterator, Mapping, Sequence, TypeVar

from .._api.errors import ApiError, JstError
from .errors import IncompleteDataError
from .fields import Predicate, State

if TYPE_CHECKING:
    from .plan import Plan
    from .reading import ReadOnlyResource
    from .run_context import RunContext

Result = TypeVar("Result")


class StaleNameError(Exception):
    """A resource no longer has the name under which an earlier list of the same run showed it. Nothing was written.

    No task fails with it: it begins again, see :func:`retry_without_index`.
    """


class NameIndex(ABC):
    """The names and ids that the tasks of a run have read. Safe to use from several processes and threads.

    A failure of the index is not an error: a list is then unknown, or a change is lost.
    """

    @abstractmethod
    def reading(self, list_key: str) -> ContextManager[None]:
        """Return the context in which a task looks names up, and reads the list if it is unknown.

        While a list is unknown, one task at a time is in the context. The others wait for it. If it fails, they
        continue at the same time.
        """

    @abstractmethod
    def is_known(self, list_key: str) -> bool:
        """Return whether a task has published the list."""

    @abstractmethod
    def ids_of(self, list_key: str, name: str) -> list[Any]:
        """Return the ids of the resources of a name; none when the list is unknown."""

    @abstractmethod
    def has_id(self, list_key: str, resource_id: Any) -> bool:
        """Return whether the list has a resource with an id."""

    @abstractmethod
    def publish(self, list_key: str, entries: Iterable[tuple[str, Any]]) -> None:
        """Store the names and ids of a complete list."""

    @abstractmethod
    def change(self, list_key: str, name: str, edit: Callable[[list[Any]], list[Any]]) -> None:
        """Change the ids of a name, unless the list is unknown."""


_indexes: list[NameIndex] = []


@contextmanager
def provided(index: NameIndex) -> Iterator[None]:
    """Provide an index to the modules that run during the block."""
    _indexes.append(index)
    try:
        yield
    finally:
        _indexes.remove(index)


class SharedNames:
    """What one run of a module takes from the index, and what it adds.

    :ivar assumed: the entries that the run relies on, and that no read has confirmed.
    """

    def __init__(self) -> None:
        self._index = _indexes[-1] if _indexes else None
        self.assumed: dict[str, tuple[ReadOnlyResource, State, Any]] = {}

    def ignore(self) -> None:
        """Use the index no more, because an entry was wrong."""
        self._index = None
        self.assumed = {}

    @contextmanager
    def reading(self, ctx: RunContext, resource: ReadOnlyResource, key: Mapping[str, Any]) -> Iterator[None]:
        """Look a name up in this context, and read the list if the index does not have it."""
        index = self._index_for(ctx, resource, key)
        if index is None:
            yield
            return
        with index.reading(_list_key(ctx, resource, key)):
            yield

    def id_of(self, ctx: RunContext, resource: ReadOnlyResource, key: Mapping[str, Any]) -> Any:
        """Return the id of the one resource that has a natural key; ``None`` when the index shows none, or several."""
        index = self._index_for(ctx, resource, key)
        if index is None:
            return None
        ids = index.ids_of(_list_key(ctx, resource, key), str(key[resource.key[0]]))
        return ids[0] if len(ids) == 1 else None

    def id_named(self, ctx: RunContext, resource: ReadOnlyResource, text: str, as_id: Any) -> Any:
        """Return the id of the one resource that a text names, by name or by id. The run relies on it.

        :param as_id: the id that the text can be; ``None`` when it can be none.
        :returns: ``None`` when the index shows none, or several.
        """
        key = {resource.key[0]: text}
        index = self._index_for(ctx, resource, key)
        if index is None:
            return None
        list_key = _list_key(ctx, resource, key)
        ids = index.ids_of(list_key, text)
        if as_id is not None and as_id not in ids and index.has_id(list_key, as_id):
            ids.append(as_id)
            key = {resource.id_field or "": as_id}
        if len(ids) != 1:
            return None
        self.assume(resource, key, ids[0])
        return ids[0]

    def assume(self, resource: ReadOnlyResource, key: Mapping[str, Any], resource_id: Any) -> None:
        """Record that the run relies on an entry that no read has confirmed."""
        self.assumed[json.dumps([resource.name, key, resource_id], default=str)] = (resource, dict(key), resource_id)

    def confirm(self, ctx: RunContext) -> None:
        """Read each resource that the run relies on, and compare its name.

        :raises StaleNameError: when one has another name, or no longer exists.
        """
        assumed, self.assumed = self.assumed, {}
        activity = ctx.activity
        for resource, key, resource_id in assumed.values():
            ctx.activity = f"confirm that {resource.label} {resource_id} has its name"
            try:
                is_right = resource.has_key(ctx, key, resource_id)
            except (ApiError, IncompleteDataError) as error:
                if isinstance(error, ApiError) and not error.is_rejection:
                    raise
                is_right = False
            if not is_right:
                raise StaleNameError(f"{resource.describe(key)} is no longer {resource_id}")
        ctx.activity = activity

    def confirm_for(self, ctx: RunContext, plan: Plan) -> None:
        """Confirm what a plan relies on, if it has steps or found nothing; see :meth:`confirm`."""
        if plan.steps or plan.before is None:
            self.confirm(ctx)

    def explains(self, ctx: RunContext, error: JstError | StaleNameError) -> bool:
        """Return whether a failure may be due to a wrong entry, so that the task starts again without the index."""
        if isinstance(error, StaleNameError):
            return True
        if ctx.writing or not self.assumed or (isinstance(error, ApiError) and not error.is_rejection):
            return False
        activity = ctx.activity
        try:
            self.confirm(ctx)
        except StaleNameError:
            return True
        except JstError:
            pass
        ctx.activity = activity
        return False

    def read_list(
        self,
        ctx: RunContext,
        resource: ReadOnlyResource,
        keys: Sequence[Mapping[str, Any]],
        predicate: Predicate,
        read: Callable[[Predicate], Iterable[State]],
    ) -> list[State]:
        """Return the states of a list that the predicate keeps, and put the names and ids into the index.

        The first complete list is published. Later ones correct the names that were looked up.

        :param keys: what is looked up, each by the key of the resource.
        :param read: reads the whole list with a predicate.
        """
        index = self._index_for(ctx, resource, keys[0])
        if index is None:
            return list(read(predicate))
        name_field, id_field = resource.key[0], resource.id_field or ""
        list_key = _list_key(ctx, resource, keys[0])
        names: dict[Any, Any] = {}
        is_known = index.is_known(list_key)

        def collect(state: State) -> bool:
            names[state.get(id_field)] = state.get(name_field)
            return predicate(state)

        states = list(read(predicate if is_known else collect))
        if not is_known:
            if all(names) and all(names.values()):  # no record lacks what the index is about
                index.publish(list_key, ((str(name), resource_id) for resource_id, name in names.items()))
            return states
        for key in keys:
            name = str(key[name_field])
            ids = [state[id_field] for state in states if state.get(name_field) == name and state.get(id_field)]
            index.change(list_key, name, partial(_replace, ids))
        return states

    def record(self, ctx: RunContext, resource: ReadOnlyResource, before: State | None, after: State | None) -> None:
        """Put into the index what the run has created or deleted."""
        state = after or before
        if state is None or not _is_identified(resource, state):
            return
        index = self._index_for(ctx, resource, state, after_write=True)
        if index is None:
            return
        resource_id = state[resource.id_field or ""]

        def edit(ids: list[Any]) -> list[Any]:
            others = [other for other in ids if other != resource_id]
            return others if after is None else [*others, resource_id]

        index.change(_list_key(ctx, resource, state), str(state[resource.key[0]]), edit)

    def _index_for(
        self, ctx: RunContext, resource: ReadOnlyResource, key: Mapping[str, Any], after_write: bool = False
    ) -> NameIndex | None:
        """Return the index, if names of the resource are shared. After its first write, a run reads the service."""
        if not resource.shares_names or (ctx.writing and not after_write):
            return None
        return self._index


def retry_without_index(ctx: RunContext, act: Callable[[], Result]) -> Result:
    """Return what an act returns. When a wrong entry of the index made it fail, it runs again without the index.

    :raises JstError: the failure of the act, if no entry explains it.
    """
    try:
        return act()
    except (JstError, StaleNameError) as error:
        if not ctx.shared_names.explains(ctx, error):
            raise
    ctx.start_again()
    return act()


def _replace(new: list[Any], old: list[Any]) -> list[Any]:
    return new


def _is_identified(resource: ReadOnlyResource, state: State) -> bool:
    """Return whether a state has the id of the resource, and all fields of its natural key."""
    return all(state.get(name) not in (None, "") for name in (resource.id_field or "", *resource.key))


def _list_key(ctx: RunContext, resource: ReadOnlyResource, key: Mapping[str, Any]) -> str:
    """Return what identifies a list: a digest of the service, the account as far as it is no secret, and the list.

    :param key: holds the fields of the natural key without the name, which select the list.
    """
    settings = ctx.client.settings
    facts = [settings.endpoint, settings.region, settings.credential_provider.identity, resource.name]
    facts += [key[name] for name in resource.key[1:]]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:32]
