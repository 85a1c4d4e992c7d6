# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Errors of modules.

Each class has a ``code``, and ``data`` holds the facts of the message. Programs compare these, never the message.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from .._api.errors import JstError
from .._api.hints import Hint
from .wording import suggest, value_words

MAX_NAMES_LISTED = 3
"""The maximum number of existing names that a message lists when none is similar to the wanted one."""


class InvalidOptionError(JstError):
    """An option, or a combination of options, is invalid. Nothing was sent.

    ``missing`` in its data names options that are required in addition.
    """

    code = "InvalidOption"


class NotFoundError(JstError):
    """A resource that the options refer to does not exist.

    :param kind: the type of the resource in the platform's words, such as ``app``.
    :param wanted: the name or id that was looked up.
    :param names: the existing names. The message suggests similar ones, or lists them when the place has few.
    :param place: where it was looked up, such as ``in app 'shop'``; empty for the whole account.
    """

    code = "NotFound"

    def __init__(
        self, kind: str, wanted: Any, hint: Hint | None = None, names: Sequence[str] = (), place: str = ""
    ) -> None:
        what = f"{kind} {wanted!r}{place and ' '}{place}"
        few = sorted(set(names)) if place and len(set(names)) <= MAX_NAMES_LISTED else []
        tail = suggest(str(wanted), names) or f"{', only ' if few else ''}{' and '.join(map(repr, few))}."
        super().__init__(f"There is no {what}{tail}", hint=hint, kind=kind, wanted=wanted)
        self.kind = kind
        self.wanted = wanted


class PlannedNotFoundError(NotFoundError):
    """A resource that the options refer to does not exist yet: the same task creates it."""


class AmbiguousNameError(JstError):
    """Several resources have a name. ``candidates`` in its data holds their ids.

    :param option: the option that takes an id of this type; ``None`` when there is none.
    """

    code = "AmbiguousName"

    def __init__(self, kind: str, wanted: Any, ids: Iterable[Any], option: str | None = None) -> None:
        self.candidates = list(ids)
        listed = ", ".join(str(item) for item in self.candidates)
        super().__init__(
            f"The name {wanted!r} fits more than one {kind}: {listed}.",
            hint=Hint(
                "Give {key} instead of the name.",
                "有多个资源使用该名称：请改用 {key} 指定。",
                key=option or Hint("the id of the {kind}", "{kind} 的 ID", kind=kind),
            ),
            kind=kind,
            wanted=wanted,
            candidates=self.candidates,
        )
        self.kind = kind
        self.wanted = wanted
        self.option = option

    def explain(self, module: str, uses: Mapping[Any, Sequence[str] | None]) -> None:
        """Add what refers to each candidate, and how to resolve the ambiguity.

        :param module: the module that deletes a candidate.
        :param uses: id -> what refers to it, in words; ``None`` when that is unknown. ``uses`` in the data.
        """
        listed = ", ".join(f"{resource_id}{_use_words(uses.get(resource_id))}" for resource_id in self.candidates)
        self.message = f"The name {self.wanted!r} fits more than one {self.kind}: {listed}."
        self.hint = Hint(
            "Delete the resource that is not needed with {module}, state=absent and its {option}, or give {option} "
            "instead of the name.",
            "有多个资源使用该名称：请用 {module}（state=absent 和 {option}）删除不需要的资源，或改用 {option} 指定。",
            module=module,
            option=self.option,
        )
        self.data["uses"] = {str(resource_id): list(words) for resource_id, words in uses.items() if words is not None}


def _use_words(uses: Sequence[str] | None) -> str:
    if uses is None:
        return ""
    return f" ({', '.join(uses)})" if uses else " (nothing found that uses it)"


class NameOrIdError(JstError):
    """A text is the name of one resource and the id of another.

    :param kind: the type of the resource in the platform's words, such as ``app``.
    :param named: the id of the resource that has the text as its name.
    :param option: the option that takes ids only.
    """

    code = "AmbiguousName"

    def __init__(self, kind: str, wanted: str, named: Any, option: str) -> None:
        super().__init__(
            f"{wanted!r} is both the name of {kind} {named} and the id of another {kind}.",
            hint=Hint(
                "For the resource with this name, set {option}={named}. For the resource with this id, set "
                "{option}={wanted}.",
                "要指定该名称的资源，请设置 {option}={named}；要指定该 ID 的资源，请设置 {option}={wanted}。",
                option=option,
                named=named,
                wanted=wanted,
            ),
            kind=kind,
            wanted=wanted,
            candidates=[named, type(named)(wanted)],
        )


class IncompleteKeyError(Exception):
    """A resource was about to be looked up by an incomplete key, which would match any resource.

    This is a defect of the collection: options that do not identify a resource are rejected before.
    """


class IncompleteDataError(JstError):
    """Responses lack fields that identify a resource. Taking it for missing could create it twice.

    :param kind: the type of the resource.
    :param names: the missing fields; ``missing`` in the data.
    """

    code = "IncompleteData"

    def __init__(self, kind: str, wanted: Any, names: Iterable[str]) -> None:
        missing = list(names)
        super().__init__(
            f"The service does not show the {' and '.join(missing)} of every {kind} that may be {wanted!r}.",
            hint=Hint(
                "Run the task again. If it fails again, the service may have changed: please report it.",
                "请重新运行任务。如果仍然失败，可能是服务端的行为有了变化：请向本项目反馈。",
            ),
            kind=kind,
            wanted=wanted,
            missing=missing,
        )


class ImmutableDifferenceError(JstError):
    """The resource exists, and differs in fields that cannot change after creation.

    :param label: the resource in words; ``subject`` in the data.
    :param differences: option -> (current value, desired value). In the data each is a mapping with ``current`` and
        ``desired``.
    :param remark: a sentence to add to the message.
    """

    code = "ImmutableDifference"

    def __init__(self, label: str, differences: Mapping[str, Any], remark: str = "", hint: Hint | None = None) -> None:
        listed = "; ".join(
            f"{name} is {value_words(now)}, asked for {value_words(wanted)}"
            for name, (now, wanted) in differences.items()
        )
        super().__init__(
            f"{label} cannot be changed as asked: {listed}.{remark and ' '}{remark}",
            hint=hint
            or Hint(
                "These are fixed at creation. Correct the task, or delete the resource and create it again.",
                "这些选项在创建后不能修改。请改正任务，或者删除资源后重新创建。",
            ),
            subject=label,
            differences={name: {"current": now, "desired": wanted} for name, (now, wanted) in differences.items()},
        )
        self.differences = dict(differences)


class FailedStateError(JstError):
    """The service reports a state from which the resource does not recover by waiting.

    :param last: the last state that was read, as the resource holds it.
    """

    code = "FailedState"

    def __init__(self, message: str, last: Any = None, hint: Hint | None = None) -> None:
        super().__init__(message, hint=hint)
        self.last = last


class WaitTimeoutError(JstError):
    """The deadline of a wait passed. ``last`` is the last state that was read, as the resource holds it."""

    code = "WaitTimeout"

    def __init__(self, message: str, last: Any = None, hint: Hint | None = None) -> None:
        super().__init__(message, hint=hint)
        self.last = last


UNEXPECTED = "Unexpected"
"""The code of a failure that is a defect of the collection."""
