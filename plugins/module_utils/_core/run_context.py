# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One run of one module: its options, its client, its clock and what it has to say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Collection, Mapping, TypeVar

from .._api.errors import ApiError, JstError, join_sentences
from . import progress
from .cache import CachingClient
from .errors import InvalidOptionError, NotFoundError, PlannedNotFoundError
from .plan import Step

if TYPE_CHECKING:
    from .._api.client import ApiResponse, Client


T = TypeVar("T")

# Seconds between two looks at most, where a module does not say.
DEFAULT_INTERVAL = 5.0

# What a task may ask for at least: a wait is not to be a flood of calls.
MIN_INTERVAL = 0.05

# Some thirty years, in seconds.
MAX_SECONDS = 10**9

PREDICTING_MODULES_VARIABLE = "JST_PREDICTING_MODULES"
"""The environment variable that names modules whose earlier tasks predicted a change in check mode. It is set for a
module by its action."""

ANY_RESOURCE_MODULES = ("jst_application", "jst_api")
"""Modules whose tasks may change whatever a later task reads."""


class RunContext:
    """What a resource needs to know of the run it serves.

    :param client: sends the calls.
    :param options: the module's parameters.
    :param check_mode: whether nothing may be written.
    :param sleep: waits so many seconds.
    :param notify: takes a line for the operator.
    :param strict: whether check mode assumes nothing but what the same task makes.
    :param predicting_modules: modules of earlier tasks of the same run that predicted a change in check mode.
    :ivar whole_lists: whether lists are wanted as a whole, and not to find one thing in them.
    :ivar names: id -> name of what the options refer to, as far as they name it. Before it exists it has the name only.
    :ivar titles: option -> name of the parent that it refers to by an id.
    :ivar step: the step that was begun last, None before the first.
    :ivar ahead: the steps of the plan in hand that are not done yet, None as long as no plan is being carried out.
    :raises InvalidOptionError: when the task could not wait as asked.
    """

    def __init__(
        self,
        client: Client | CachingClient,
        options: Mapping[str, Any],
        check_mode: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        notify: Callable[[str], None] = progress.notify,
        strict: bool = False,
        predicting_modules: Collection[str] = (),
    ) -> None:
        self.client = client
        self.options = options
        self.check_mode = check_mode
        self.strict = strict
        self.predicting_modules = frozenset(predicting_modules)
        self.sleep = sleep
        self.notify = notify
        self.state: str = options.get("state") or "present"
        self.wait = bool(options.get("wait"))
        self.interval = _seconds(options.get("wait_interval", DEFAULT_INTERVAL), "wait_interval")
        if self.interval < MIN_INTERVAL:
            raise InvalidOptionError(f"Option wait_interval is {self.interval}, but has to be at least {MIN_INTERVAL}.")
        timeout = options.get("wait_timeout")
        self.timeout = None if timeout is None else _seconds(timeout, "wait_timeout")
        self.deadline = None if self.timeout is None else time.monotonic() + self.timeout
        self.whole_lists = False
        self.names: dict[Any, str] = {}
        self.parent_names: Mapping[str, str] = {}
        self.warnings: list[str] = []
        self.completed: list[str] = []
        self.remaining: list[str] = []
        self.activity = ""
        self.step: Step | None = None
        self.pending_steps: list[Step] | None = None
        self.writing = False
        self._memos: dict[Any, Any] = {}

    def memo(self, of: type[T]) -> T:
        """Return what this run remembers in objects of a class: one object, made at its first use.

        Declarations are constants, so a resource keeps here what it has to know again later in the same run.
        """
        memo: T = self._memos.setdefault(of, of())
        return memo

    def warn(self, text: str) -> None:
        """Say something once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def sleep_and_invalidate(self, seconds: float) -> None:
        """Wait for what others are doing; what is asked for afterwards is asked anew."""
        self.sleep(seconds)
        if isinstance(self.client, CachingClient):
            self.client.invalidate()

    def assume_created(self, absent: NotFoundError) -> None:
        """In check mode, go on as if an earlier task of a real run had made what is not there.

        :raises NotFoundError: when the task is strict, and does not make it itself.
        """
        planned = isinstance(absent, PlannedNotFoundError)
        if self.strict and not planned:
            raise absent
        if not planned:
            self.warn(f"{absent.message} It is assumed that a real run makes it first.")

    def may_differ(self, modules: Collection[str]) -> bool:
        """Whether check mode reads what a real run would find changed, by an earlier task of one of these modules."""
        return self.check_mode and not self.predicting_modules.isdisjoint((*modules, *ANY_RESOURCE_MODULES))

    def failure_message(self, error: JstError) -> str:
        """What was attempted on what, what came of it, and what had been done before."""
        parts = [error.message]
        if isinstance(error, ApiError):
            parts = [f"Could not {self.activity}: {error.message} ({error.source})"]
        if self.completed:
            parts.append(f"Done before that: {', '.join(self.completed)}.")
        if self.remaining:
            parts.append(f"Not done: {', '.join(self.remaining)}.")
        return join_sentences(*parts, error.hint)

    def read(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation that changes nothing; gives its result, empty when it has none."""
        return _result(self.client.call(action, parameters, deadline=self.deadline))

    def write(self, step: Step) -> dict[str, Any]:
        """Carry out a step of a plan; gives its result, empty when it has none."""
        self.activity = step.purpose
        self.step = step
        self.writing = True
        answer = self.client.call(step.action, step.parameters, deadline=self.deadline)
        self.completed.append(step.purpose)
        self.pending_steps = [other for other in self.pending_steps or () if other is not step]
        return _result(answer)


def _seconds(number: Any, option: str) -> float:
    """A number of seconds that clocks and timers can take."""
    # A whole number may be too large for any float; compared with one it need not become one.
    if not 0 <= number <= MAX_SECONDS:
        raise InvalidOptionError(f"Option {option} has to be a number of seconds from 0 to {MAX_SECONDS}.")
    return float(number)


def _result(answer: ApiResponse) -> dict[str, Any]:
    return answer.data if isinstance(answer.data, dict) else {}
