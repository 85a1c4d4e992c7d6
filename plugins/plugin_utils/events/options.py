# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the event source."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import did_you_mean
from ansible_collections.jst.retailcloud.plugins.module_utils._api.number_parsing import to_float, to_int
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import parse_flag
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import parse
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.env_types import ENV_TYPE_WORD
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.event import EVENT_TYPES, LEVELS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.schedule import parse_zone
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import MINUTE

N = TypeVar("N", int, float)

NOW, BEGINNING = "now", "beginning"
WATCHES = ("deploy_orders", "events", "jobs", "instances")
ENV_TYPES = tuple(ENV_TYPE_WORD.words)
TYPES = {
    "deploy_orders": ("begun", "paused", "finished", "failed", "closed"),
    "events": ("recorded",),
    "jobs": ("failed", "missed"),
    "instances": ("abnormal", "restarted", "recovered", "gone"),
}
"""The types of events of each watch."""

FEEDBACK_QUEUE = "eda_feedback_queue"
"""The argument by which ansible-rulebook hands a feedback queue over."""

MIN_INTERVAL = 1.0
MAX_SECONDS = 10**9
MAX_SHOWN = 100
"""The most characters of a value in a message."""


@dataclass(frozen=True)
class Options:
    """The options of the source. Times are seconds.

    :ivar access: the access options, by their own names.
    :ivar start: ``now``, ``beginning``, or epoch seconds.
    :ivar hosts: title or id of an app -> name of its inventory host.
    """

    access: Mapping[str, Any] = field(default_factory=dict)
    watch: tuple[str, ...] = WATCHES
    apps: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    env_types: tuple[str, ...] = ENV_TYPES
    types: frozenset[str] = frozenset(kind for kinds in TYPES.values() for kind in kinds)
    levels: tuple[str, ...] = ("Warning", "Error")
    event_types: tuple[str, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)
    logs: bool = False
    start: str | float = NOW
    window: float = 600.0
    state_file: str | None = None
    feedback: bool = False
    settle_time: float = 10.0
    interval: float = 30.0
    max_interval: float = 120.0
    calls_per_minute: int = 120
    refresh_interval: float = 600.0
    missed_after: float = 300.0
    schedule_time_zone: str = "UTC"


def parse_options(args: Mapping[str, Any]) -> Options:
    """Return the options from the arguments of a rulebook.

    An argument that is null, or an empty text as a template without a value gives, is omitted.

    :raises InvalidOptionError: for an unknown option or an invalid value.
    """
    names = {alias: name for name, spec in ACCESS_OPTIONS.items() for alias in (name, *spec.get("aliases", ()))}
    known = [*_PARSERS, *names]
    access: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for name, value in args.items():
        if name not in known and name != FEEDBACK_QUEUE:
            raise InvalidOptionError(f"There is no option {shortened(str(name))!r}.", did_you_mean(str(name), known))
        if value is None or value == "" or name == FEEDBACK_QUEUE:
            continue
        if name in names:
            access[names[name]] = value
            continue
        try:
            own[name] = _PARSERS[name](value)
        except (TypeError, ValueError) as error:
            raise InvalidOptionError(f"Option {name} {error}.") from None
    options = Options(access=access, **own)
    if options.max_interval < options.interval:
        if "max_interval" in own:
            raise InvalidOptionError("Option max_interval has to be at least as long as interval.")
        options = Options(access=access, **own, max_interval=options.interval)
    return options


def shortened(text: str) -> str:
    """Return the start of a text for a message."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def _texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts. A text stands for its parts between commas, as from an environment variable."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not items:
        raise ValueError("has to be a list with at least one entry")
    texts = tuple(str(item).strip() for item in items if isinstance(item, (str, int)) and not isinstance(item, bool))
    if len(texts) != len(items) or not all(texts):
        raise ValueError("has an entry that is not a name")
    return tuple(dict.fromkeys(texts))


def _words(*choices: str) -> Callable[[Any], tuple[str, ...]]:
    def parse_words(value: Any) -> tuple[str, ...]:
        words = _texts(value)
        if not set(words) <= set(choices):
            raise ValueError(f"has to be a list of {', '.join(choices)}")
        return words

    return parse_words


def _number(convert: Callable[[Any], N], least: float) -> Callable[[Any], N]:
    def parse_number(value: Any) -> N:
        try:
            number = convert(value)
        except ValueError as error:
            raise ValueError(f"is wrong: {error}") from None
        if not least <= number <= MAX_SECONDS:
            raise ValueError(f"has to be a number of at least {least:g}")
        return number

    return parse_number


def _start(value: Any) -> str | float:
    text = str(value)
    if text in (NOW, BEGINNING):
        return text
    try:
        return parse(text).timestamp()
    except ValueError as error:
        raise ValueError(f"{error}. Give a timestamp, {NOW} or {BEGINNING}") from None


def _flag(value: Any) -> bool:
    flag = parse_flag(value)
    if flag is None:
        raise ValueError("has to be true or false")
    return flag


def _path(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or value.endswith("/"):
        raise ValueError("has to be the path of a file")
    return os.path.abspath(os.path.expanduser(value))


def _host_names(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) and name for name in value.values()):
        raise ValueError("has to be a dictionary that maps titles or ids of apps to host names")
    return {str(app): name for app, name in value.items()}


def _zone(value: Any) -> str:
    parse_zone(str(value))
    return str(value)


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "watch": _words(*WATCHES),
    "apps": _texts,
    "environments": _texts,
    "env_types": _words(*ENV_TYPES),
    "types": lambda value: frozenset(_words(*(word for words in TYPES.values() for word in words))(value)),
    "levels": _words(*LEVELS),
    "event_types": _words(*EVENT_TYPES),
    "hosts": _host_names,
    "logs": _flag,
    "start": _start,
    "window": _number(to_float, 0),
    "state_file": _path,
    "feedback": _flag,
    "settle_time": _number(to_float, 0),
    "interval": _number(to_float, MIN_INTERVAL),
    "max_interval": _number(to_float, MIN_INTERVAL),
    "calls_per_minute": _number(to_int, 1),
    "refresh_interval": _number(to_float, MIN_INTERVAL),
    "missed_after": _number(to_float, MINUTE),
    "schedule_time_zone": _zone,
}
OPTION_NAMES = tuple(_PARSERS)
