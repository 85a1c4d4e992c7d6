# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The context of one run of one module: its options, client, clock, warnings and progress."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Collection, Mapping, TypeVar

from .._api.errors import ApiError, JstError, join_sentences
from . import progress
from .cache import CachingClient
from .errors import InvalidOptionError, NotFoundError, PlannedNotFoundError
from .name_index import SharedNames
from .plan import Step
from .wording import capitalize_first

if TYPE_CHECKING:
    from .._api.client import ApiResponse, Client


T = TypeVar("T")

# The default of wait_interval, in seconds.
DEFAULT_INTERVAL = 5.0

# The minimum of wait_interval, in seconds, since a wait must not flood the service.
MIN_INTERVAL = 0.05

# About thirty years.
MAX_SECONDS = 10**9

PREDICTING_MODULES_VARIABLE = "JST_PREDICTING_MODULES"
"""The environment variable that names modules whose earlier tasks predicted a change in check mode. The module's action
sets it."""

ANY_RESOURCE_MODULES = ("jst_application", "jst_api")
"""Modules whose tasks may change any resource."""


class RunContext:
    """The state of one run.

    :param client: sends the calls.
    :param options: the module's parameters.
    :param check_mode: whether writes are forbidden.
    :param sleep: sleeps for a number of seconds.
    :param notify: takes a line for the operator.
    :param strict: whether check mode assumes only what the same task creates.
    :param predicting_modules: modules of earlier tasks of the same run that predicted a change in check mode.
    :ivar whole_lists: whether lists are read completely, and not only until one resource is found.
    :ivar names: id -> name of the resources that the options name.
    :ivar parent_names: option -> name of the parent that the option refers to by id.
    :ivar subject: what the whole task is about, in words; empty when its options name a single resource.
    :ivar settings: setting of the resource's own module, such as ``force=true`` -> what the user sets instead, when the
        resource is one of several in a description.
    :ivar step: the step that was started last; ``None`` before the first.
    :ivar lost_step: the last step, when its response was lost and no read has shown yet whether it was carried out.
    :ivar begun: the purposes of those in ``completed`` whose effect the run has not seen yet, such as a release that it
        waits for.
    :ivar awaits_effects: whether the service carries out steps after its response, so that they are only begun.
    :ivar may_have_written: whether a write was executed, or may have been because its response was lost.
    :ivar pending_steps: the remaining steps of the current plan; ``None`` before one is carried out.
    :ivar collects_errors: whether :meth:`reject` collects errors in ``errors`` instead of raising them.
    :ivar other_failures: the messages of failures other than the one that ends the run.
    :ivar shared_names: the names that the tasks of a run share.
    :ivar found: what a module returns in addition to the error when it fails.
    :raises InvalidOptionError: when a wait option is invalid.
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
        self.subject = ""
        self.settings: Mapping[str, str] = {}
        self.warnings: list[str] = []
        self.completed: list[str] = []
        self.begun: list[str] = []
        self.remaining: list[str] = []
        self.activity = ""
        self.step: Step | None = None
        self.lost_step: Step | None = None
        self.pending_steps: list[Step] | None = None
        self.writing = False
        self.awaits_effects = False
        self.may_have_written = False
        self.collects_errors = False
        self.errors: list[JstError] = []
        self.other_failures: list[str] = []
        self.found: dict[str, Any] = {}
        self.shared_names = SharedNames()
        self._memos: dict[Any, Any] = {}

    def start_again(self) -> None:
        """Forget what was read under a wrong name. Nothing was written, and all names are read from the service now."""
        self.shared_names.ignore()
        self.warnings, self.errors, self._memos = [], [], {}

    def memo(self, of: type[T]) -> T:
        """Return the one object of a class that this run has, created at its first use.

        Declarations are constants, so a resource keeps its state of a run here.
        """
        memo: T = self._memos.setdefault(of, of())
        return memo

    def setting_words(self, setting: str) -> str:
        """Return a setting that a message advises, by the names that the user has for it.

        :param setting: an option of the resource's own module, or an option with its value, such as ``force=true``.
        """
        return self.settings.get(setting, setting)

    def warn(self, text: str) -> None:
        """Add a warning once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def warning_texts(self) -> list[str]:
        """Return the warnings. Each names what the task is about: Ansible shows no host in a warning.

        It also shows equal warnings once, so that of a second app would be lost.
        """
        return [self.warning_text(text) for text in self.warnings]

    def warning_text(self, text: str) -> str:
        """Return a warning with what the task is about, see :meth:`warning_texts`."""
        subject = capitalize_first(self.subject)
        return text if self.subject in text or subject in text else f"{subject}: {text}"

    def reject(self, error: JstError) -> None:
        """Raise an error about the live state that leaves the rest of the plan valid, or collect it.

        An error of the same class replaces an earlier one, which covered a part of the options.
        """
        if not self.collects_errors:
            raise error
        self.errors = [*(known for known in self.errors if type(known) is not type(error)), error]

    def sleep_and_invalidate(self, seconds: float) -> None:
        """Sleep while others finish. Later reads are not answered from the cache."""
        self.sleep(seconds)
        if isinstance(self.client, CachingClient):
            self.client.invalidate()

    def assume_created(self, absent: NotFoundError) -> None:
        """Continue check mode as if an earlier task of a real run had created the missing resource.

        :raises NotFoundError: when the run is strict, and does not create it itself.
        """
        planned = isinstance(absent, PlannedNotFoundError)
        if self.strict and not planned:
            raise absent
        if not planned:
            self.warn(f"{absent.message} A real run is assumed to create it first.")

    def may_differ(self, modules: Collection[str]) -> bool:
        """Return whether check mode may read what an earlier task of one of these modules changes in a real run."""
        return self.check_mode and not self.predicting_modules.isdisjoint((*modules, *ANY_RESOURCE_MODULES))

    def failure_message(self, error: JstError) -> str:
        """Return the message of a failure: the activity, the errors, and the completed, begun and remaining steps."""
        progress = []
        completed = [purpose for purpose in self.completed if purpose not in self.begun]
        for words, purposes in (
            ("Done before that", completed),
            ("Begun, but not completed", self.begun),
            ("Not done", self.remaining),
        ):
            if purposes:
                progress.append(f"{words}: {', '.join(purposes)}.")
        if self.other_failures:
            return join_sentences(self.error_message(error), *dict.fromkeys(self.other_failures), *progress)
        return join_sentences(self._failed_activity(error), *progress, error.hint)

    def error_message(self, error: JstError) -> str:
        """Return the message of one of several failures: the activity, the error and its hint."""
        return join_sentences(self._failed_activity(error), error.hint)

    def _failed_activity(self, error: JstError) -> str:
        if isinstance(error, ApiError):
            return f"Could not {self.activity}: {error.message} ({error.source})"
        return error.message

    def read(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result of an operation that changes nothing; empty when it has none."""
        return _result(self.client.call(action, parameters, deadline=self.deadline))

    def write(self, step: Step) -> dict[str, Any]:
        """Carry out a step of a plan, and return its result; empty when it has none."""
        self.activity = step.purpose
        self.step = step
        self.writing = True
        self.lost_step = None
        try:
            response = self.client.call(step.action, step.parameters, deadline=self.deadline)
        except ApiError as error:
            self.lost_step = step if error.unknown_outcome else None
            self.may_have_written = self.may_have_written or error.unknown_outcome
            raise
        self.may_have_written = True
        self._complete(step)
        return _result(response)

    def complete_lost(self, remaining: Collection[Step] = ()) -> None:
        """Record a step whose response was lost, once a read has shown its effect.

        :param remaining: the steps of a new plan. A step that it repeats was not carried out.
        """
        step, self.lost_step = self.lost_step, None
        if step is not None and step.purpose not in [other.purpose for other in remaining]:
            self._complete(step)

    def _complete(self, step: Step) -> None:
        self.completed.append(step.purpose)
        if self.awaits_effects:
            self.begun.append(step.purpose)
        self.pending_steps = [other for other in self.pending_steps or () if other is not step]


def _seconds(number: Any, option: str) -> float:
    """Return a number of seconds, if clocks and timers accept it."""
    # A large integer has no float, but can be compared with one.
    if not 0 <= number <= MAX_SECONDS:
        raise InvalidOptionError(f"Option {option} has to be a number of seconds from 0 to {MAX_SECONDS}.")
    return float(number)


def _result(response: ApiResponse) -> dict[str, Any]:
    return response.data if isinstance(response.data, dict) else {}
