# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a thing on the platform is: its fields, how it is found, and by which operations it changes.

A resource is a declaration. The base class turns it into requests; a subclass overrides a method only where the API is
odd.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, NoReturn, Sequence

from .duplicates import reread_while_ambiguous
from .errors import (
    AmbiguousNameError,
    ImmutableDifferenceError,
    IncompleteKeyError,
    InvalidOptionError,
    NameOrIdError,
    NotFoundError,
    Planned,
    UntoldError,
)
from .patience import settled_by_list
from .plan import Plan, Step
from .values import TEXT, Integer, Kind, TextId, is_blank, name_fault, whole_number

if TYPE_CHECKING:
    from .._api.client import Answer
    from .._api.errors import JstError
    from .task import Task

State = Dict[str, Any]
Resolver = Callable[["Task", Any, "Mapping[str, Any]"], Any]
Keep = Callable[[State], bool]
OptionOf = Callable[["Field"], str]

SAME = "="
IDENTITY = Integer(1)

# What becomes of a given value that responses do not show (Field.hidden).
ON_CREATE = "on_create"
BY_OPTION = "by_option"
PER_CALL = "per_call"
MANNER = "manner"

MAX_SUGGESTED_FROM = 10_000
"""How many names of a listing are kept to suggest one of them, for a listing as long as the account is large."""


@dataclass(frozen=True)
class Field:
    """One property of a resource.

    :param name: its name in results, and of the option unless ``option`` says otherwise.
    :param kind: how it is checked, sent, read back, compared and shown.
    :param wire: its parameter in the creating and updating operations; ``None`` when it is never sent.
    :param read: where answers hold it, a dotted path; empty when the service does not tell.
    :param option: the option that sets it; empty for what only the service sets.
    :param required: whether creation needs it.
    :param fixed: whether it cannot change after creation.
    :param whole: whether every update has to repeat it, lest the service drops it.
    :param default: what the service assumes when creation leaves it out.
    :param applies: (another field, its values) outside of which the service has no such property.
    :param resolve: turns a name or id given by the user into the id.
    :param forthcoming: whether check mode may assume that an earlier task of the same run makes what the name refers
        to. Otherwise a name that nothing has is an error there too.
    :param id_kind: the kind of a second option, named as the field, that takes the id alone and needs no look-up;
        ``None`` when there is no such option.
    :param aliases: other names of the option.
    :param rule: what the service demands of the value where it creates the resource. Whatever exists may break it, so
        nothing else checks it.
    :param hidden: what becomes of a given value that responses do not show. ``ON_CREATE``: only creation sends it, and
        every later run warns that it was not compared. ``BY_OPTION``: option ``update_<option>`` decides whether every
        run sends it (``always``) or only creation does (``on_create``, with that warning). ``PER_CALL``: every call of
        the resource sends it, and a run without a call warns. ``MANNER``: it only says how a call is carried out.
        Empty where responses show the value; where one leaves it out, a fixed value is treated like ``ON_CREATE``.
    :param update: the default of option ``update_<option>``.
    :param advice: what to do about a value that was not compared, for the warning.
    """

    name: str
    kind: Kind = TEXT
    wire: str | None = None
    read: str = SAME
    option: str = SAME
    required: bool = False
    fixed: bool = False
    whole: bool = False
    default: Any = None
    applies: tuple[str, tuple[Any, ...]] | None = None
    resolve: Resolver | None = None
    forthcoming: bool = False
    id_kind: Kind | None = None
    aliases: tuple[str, ...] = ()
    rule: Kind | None = None
    hidden: str = ""
    update: str = ""
    advice: str = ""

    @property
    def update_option(self) -> str:
        """The option that decides whether every run sends the value, empty where there is none."""
        return f"update_{self.option_name}" if self.hidden == BY_OPTION else ""

    @property
    def option_name(self) -> str:
        """The option's name, empty when the field is not an option."""
        return self.name if self.option == SAME else self.option

    @property
    def path(self) -> str:
        """Where answers hold the field, empty when they do not."""
        return self.name if self.read == SAME else self.read


def computed(name: str, kind: Kind = TEXT, read: str = SAME) -> Field:
    """A field that only the service sets."""
    return Field(name, kind, read=read, option="")


@dataclass(frozen=True)
class Request:
    """An operation and what identifies the thing it works on.

    :param action: the operation's name.
    :param keys: parameter -> name of a field, of an option or of a scope id.
    :param returns: field -> member of the answer that holds it.
    """

    action: str
    keys: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """How things of a kind are listed.

    :param action: the listing operation.
    :param keys: parameter -> scope id that it needs.
    :param filters: parameter -> field by which the service can narrow the list.
    """

    action: str
    keys: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """A parent: the option that takes its name or id, the scope id it gives, and how a name becomes an id.

    :param target: also the option that takes the id alone and needs no look-up, unless ``option`` has that name.
    :param read: where records hold the id, for listings across parents.
    :param id_kind: the kind of the id.
    """

    option: str
    target: str
    resolve: Resolver
    read: tuple[str, ...] = ()
    required: bool = True
    id_kind: Kind = IDENTITY

    @property
    def id_option(self) -> str | None:
        """The option that takes the id alone, ``None`` when there is none."""
        return None if self.target == self.option else self.target

    def given(self, options: Mapping[str, Any]) -> Any:
        """The value that the options name the parent by, as the user wrote it; ``None`` when they do not."""
        value = options.get(self.option)
        return options.get(self.target) if value is None else value


def dig(record: Mapping[str, Any], path: str) -> Any:
    """The member of a record at a dotted path, ``None`` when any part is missing."""
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def clean(option: str, kind: Kind, value: Any) -> Any:
    """The canonical value of an option.

    :raises InvalidOptionError: when it cannot be right.
    """
    try:
        return kind.clean(value)
    except ValueError as error:
        raise InvalidOptionError(f"Option {option} {error}.") from None


def known(value: Any) -> Any:
    """A value without the names of what has no id yet."""
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, Planned)]
    return None if isinstance(value, Planned) else value


def sentence(text: str) -> str:
    """A text with a capital at its start, its names untouched."""
    return text[:1].upper() + text[1:]


def _tells(value: Any) -> bool:
    """Whether a value identifies anything."""
    return value is not None and value != [] and not is_blank(value)


def check_not_blank(option: str, value: Any) -> None:
    """Refuse an empty or blank text, also as an item of a list; null counts as not given.

    :raises InvalidOptionError: naming the option.
    """
    if is_blank(value):
        word = "blank" if value else "empty"
        raise InvalidOptionError(f"Option {option} is {word}, so it names nothing.")
    if isinstance(value, list) and any(item is None or is_blank(item) for item in value):
        raise InvalidOptionError(f"Option {option} holds an empty entry, which names nothing.")


def check_name(option: str, value: Any) -> None:
    """Refuse what cannot be a name or an id, also as an item of a list; null counts as not given.

    :raises InvalidOptionError: naming the option.
    """
    check_not_blank(option, value)
    fault = next(filter(None, map(name_fault, value if isinstance(value, list) else [value])), "")
    if fault:
        raise InvalidOptionError(f"Option {option} {fault}, which no name has.")


def check_one_of(options: Mapping[str, Any], option: str, id_option: str) -> None:
    """Refuse a name and an id for the same thing.

    :raises InvalidOptionError: naming both options.
    """
    if options.get(option) is not None and options.get(id_option) is not None:
        raise InvalidOptionError(f"Options {option} and {id_option} exclude each other: give one of them.")


def check_parents(resource: Resource, options: Mapping[str, Any], optional: Sequence[str] = ()) -> None:
    """Refuse options that do not name each parent of a resource.

    :param optional: options of parents that need not be named.
    :raises InvalidOptionError: naming the option that is missing, null, empty or blank.
    """
    for reference in resource.scope:
        check_name(reference.option, options.get(reference.option))
        if reference.id_option is not None:
            check_name(reference.target, options.get(reference.target))
            check_one_of(options, reference.option, reference.target)
        if reference.required and reference.option not in optional and reference.given(options) is None:
            ways = " or ".join(filter(None, (reference.option, reference.id_option)))
            raise InvalidOptionError(
                f"Option {ways} is missing or null: it has to name the {reference.option.replace('_', ' ')}.",
                hint="An option that is null, such as an empty variable, names nothing.",
            )


def given_values(fields: Sequence[Field], options: Mapping[str, Any], option_of: OptionOf | None = None) -> State:
    """The canonical values of the options that set fields; names of other things are still names.

    :param option_of: gives the option of a field where it is not the one that sets it.
    :raises InvalidOptionError: when a value cannot be right.
    """
    values: State = {}
    for item in fields:
        option = option_of(item) if option_of else item.option_name
        kind: Kind | None = None if item.resolve else item.kind
        if item.id_kind is not None and options.get(item.name) is not None:
            option, kind = item.name, item.id_kind
        value = options.get(option) if option else None
        if value is None:
            continue
        values[item.name] = value if kind is None else clean(option, kind, value)
        if item.id_kind is not None and kind is item.id_kind and isinstance(values[item.name], str):
            values[item.name] = TextId(values[item.name])
    return values


class Resource:
    """The base of all resources. Class attributes are the declaration, methods the machine that reads it."""

    name = ""
    plural = ""
    label = ""
    fields: tuple[Field, ...] = ()
    scope: tuple[Reference, ...] = ()
    identity: str | None = None
    id_kind: Kind = IDENTITY
    key: tuple[str, ...] = ()
    other_key: tuple[str, ...] = ()
    # The id that tells which of two things of one key was there first, where the service lets both be.
    elder: str | None = None
    listing: Listing
    detail: Request | None = None
    thin_listing = False
    creating: Request
    updating: Request | None = None
    deleting: Request
    states: tuple[str, ...] = ("present", "absent")
    waits = False
    reports = False
    observes = False
    # Modules of which an earlier task may change what `obstacle` sees, besides those that manage anything.
    unblocked_by: tuple[str, ...] = ()
    extra_options: Mapping[str, Mapping[str, Any]] = {}
    constraints: Mapping[str, Sequence[Any]] = {}

    def __setattr__(self, name: str, value: NoReturn) -> None:
        """Refuse to keep anything: a declaration is a constant, and a run has its own memory (:meth:`Task.memo`)."""
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set: a declaration holds no state of a run.")

    # What the options say

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(item for item in self.fields if item.name == name)

    def given(self, options: Mapping[str, Any]) -> State:
        """The canonical values of all options that were given; names of other things are still names.

        :raises InvalidOptionError: when one of them cannot be right.
        """
        values = given_values(self.fields, options)
        self.check_applicable(values, values)
        self.check(values)
        return values

    def check(self, given: State) -> None:
        """Refuse combinations of options that cannot be right whatever the service holds."""

    def remarks(self, given: State) -> list[str]:
        """Return what to warn of in the options that were given."""
        return [
            f"Option {item.option_name} {remark}"
            for item in self.fields
            if item.name in given
            for remark in item.kind.remarks(given[item.name])
        ]

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Every set of fields of which each identifies the resource within its parents."""
        own = [(self.identity,)] if self.identity else []
        return [key for key in [*own, self.key, self.other_key] if key]

    def check_named(self, options: Mapping[str, Any], optional: Sequence[str] = ()) -> None:
        """Refuse options that do not identify one resource: what is null, empty or blank matches whatever exists.

        Ansible takes an option that was given as null for one that was given, so nothing is left to its own checks.

        :param optional: options of parents that need not be named.
        :raises InvalidOptionError: naming the option, before anything is sent.
        """
        check_parents(self, options, optional)
        names = {name for key in self.keys for name in key}
        for item in self.fields:
            if item.option_name and (item.name in names or item.resolve):
                check_name(item.option_name, options.get(item.option_name))
            elif item.option_name and item.required:
                check_not_blank(item.option_name, options.get(item.option_name))
            if item.name in names and options.get(item.option_name) == []:
                raise InvalidOptionError(f"Option {item.option_name} is empty, so it names no {self.label}.")
            if item.id_kind is not None:
                check_name(item.name, options.get(item.name))
                check_one_of(options, item.option_name, item.name)
        self._check_own_key(options)

    def check_not_null(self, given: Mapping[str, Any]) -> None:
        """Refuse what names something and was given as null, such as an empty variable. It is not left out by that.

        :param given: the options as they were given, without those that were not.
        :raises InvalidOptionError: naming the option, before anything is sent.
        """
        known = self.identity is not None and given.get(self.identity) is not None
        keys = set() if known else {name for key in self.keys for name in key} - {self.identity}
        for item in self.fields:
            names = [item.option_name, *([item.name] if item.id_kind is not None else [])]
            refers = item.resolve is not None or item.name in keys
            nulls = [name for name in names if name in given]
            if refers and item.option_name and nulls and all(given.get(name) is None for name in names):
                raise InvalidOptionError(
                    f"Option {' and '.join(nulls)} is null, so it names nothing.",
                    hint="Leave it out where nothing is meant, as with default(omit).",
                )

    def _check_own_key(self, options: Mapping[str, Any]) -> None:
        """Refuse options that hold no complete key of the resource itself; its parents may be all that names it."""
        places = {reference.target for reference in self.scope}
        keys = [[self._option_of(name) for name in key if name not in places] for key in self.keys]
        if any(all(options.get(name) is not None for name in key) for key in keys):
            return
        begun = next((key for key in keys if any(options.get(name) is not None for name in key)), None)
        ways = " or ".join(" and ".join(key) for key in keys)
        if begun is not None:
            missing = " and ".join(name for name in begun if options.get(name) is None)
            raise InvalidOptionError(
                f"Option {missing} is missing or null, and without it the {self.label} is not identified: give {ways}."
            )
        if keys:
            raise InvalidOptionError(
                f"No {self.label} is named: give {ways}.",
                hint="An option that is null, such as an empty variable, names nothing.",
            )

    def _option_of(self, name: str) -> str:
        """The option that sets a field; fields that only the service sets are named like the option."""
        return next((item.option_name or name for item in self.fields if item.name == name), name)

    def require_key(self, scope: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Refuse to look for anything by less than identifies it.

        :raises IncompleteKeyError: when a parent is unknown, or no key is complete.
        """
        unknown = [item.target for item in self.scope if item.required and not _tells(scope.get(item.target))]
        if unknown:
            raise IncompleteKeyError(f"{self.label} without {', '.join(unknown)}")
        namespace = {**given, **{item.target: scope.get(item.target) for item in self.scope}}
        if self.keys and not any(all(_tells(namespace.get(name)) for name in key) for key in self.keys):
            raise IncompleteKeyError(f"{self.label} by {', '.join(sorted(given)) or 'nothing'}")

    def describe(self, values: Mapping[str, Any]) -> str:
        """The thing in words for messages, such as ``app 'shop'``."""
        names = [str(values[name]) for name in self.key or self.other_key if values.get(name) is not None]
        if names:
            return f"{self.label} {'/'.join(names)!r}"
        identity = values.get(self.identity) if self.identity else None
        return self.label if identity is None else f"{self.label} {identity}"

    def place(self, task: Task, scope: Mapping[str, Any]) -> str:
        """Return the parents in words for messages, such as ``in app 'shop'``; empty when none is known."""
        parents = []
        for reference in reversed(self.scope):
            identity = scope.get(reference.target)
            if identity is not None:
                given = reference.given(task.options)
                name = task.titles.get(reference.option, identity if given is None else given)
                parents.append(f"{reference.option.replace('_', ' ')} {name!r}")
        return f"in {' of '.join(parents)}" if parents else ""

    # What the service says

    def receive(self, record: Mapping[str, Any], scope: Mapping[str, Any]) -> State:
        """The state that a record of an answer describes."""
        state: State = dict(scope)
        for reference in self.scope:
            if state.get(reference.target) is None:
                told = (self.id_kind.receive(record.get(name)) for name in reference.read)
                state[reference.target] = next((value for value in told if value is not None), None)
        for item in self.fields:
            value = item.kind.receive(dig(record, item.path)) if item.path else None
            if value is not None or item.name not in state:
                state[item.name] = value
        return state

    def elsewhere(self, record: Mapping[str, Any], scope: Mapping[str, Any]) -> bool:
        """Whether a record tells of another parent than the one in scope: ids are unique beyond one parent."""
        for reference in self.scope:
            told = [self.id_kind.receive(record.get(name)) for name in reference.read]
            known = scope.get(reference.target)
            if known is not None and any(value not in (None, known) for value in told):
                return True
        return False

    def parameters(self, keys: Mapping[str, str], namespace: Mapping[str, Any]) -> dict[str, Any]:
        """Request parameters drawn from a namespace of fields, options and scope ids."""
        return {parameter: namespace.get(name) for parameter, name in keys.items()}

    def records(
        self,
        task: Task,
        scope: Mapping[str, Any],
        given: Mapping[str, Any],
        further: Mapping[str, Any] | None = None,
        keep: Keep | None = None,
    ) -> Iterator[State]:
        """Everything in scope, narrowed by the filters that the service has for what was given.

        :param further: parameters for the listing request besides.
        :param keep: what is wanted of it; the rest of a long list takes no memory.
        """

        def make(record: dict[str, Any]) -> State | None:
            state = self.receive(record, scope)
            return state if keep is None or keep(state) else None

        parameters = {**self.parameters(self.listing.keys, scope), **(further or {})}
        for parameter, name in self.listing.filters.items():
            if given.get(name) is not None:
                parameters[parameter] = self.field(name).kind.send(given[name])
        how: dict[str, Any] = {"observe": lambda answer: self.observe(task, answer)} if self.observes else {}
        if keep is None or task.whole_lists:
            how["thorough"] = True
        states = task.client.select(self.listing.action, parameters, make, deadline=task.deadline, **how)
        # A record that changes while it moves over a page edge comes twice: what was read last counts.
        identity = self.identity or ""
        latest = {state[identity]: state for state in states if state.get(identity) is not None}
        yield from (state for state in states if latest.get(state.get(identity), state) is state)

    def observe(self, task: Task, answer: Answer) -> None:
        """Keep what a page of the list tells besides its records, for resources that set ``observes``."""

    def find(self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """The thing as the service has it, ``None`` when it is not there.

        :raises AmbiguousNameError: when the natural key fits more than one.
        :raises IncompleteKeyError: when neither an id nor a natural key is complete.
        """
        self.require_key(scope, given)
        if self.identity and given.get(self.identity) is not None:
            return self.read(task, scope, given[self.identity])
        narrowed = self.natural_key(given)
        matches = self.fitting(task, scope, narrowed)
        if not matches:
            return None
        if len(matches) > 1:
            ids = [state.get(self.identity) if self.identity else self.describe(state) for state in matches]
            wanted = "/".join(str(value) for value in narrowed.values())
            raise AmbiguousNameError(self.label, wanted, ids, self.identity)
        return self.complete(task, scope, matches[0])

    def fitting(self, task: Task, scope: Mapping[str, Any], key: Mapping[str, Any]) -> list[State]:
        """Everything that fits the key.

        :raises UntoldError: when nothing does by what the service tells, but might by what it does not.
        :raises IncompleteKeyError: when the key is none, or not whole.
        """
        self.require_key(scope, key)

        def may_fit(state: State) -> bool:
            return all(
                state.get(name) in (None, "") or self.field(name).kind.same(value, state[name])
                for name, value in key.items()
            )

        states = list(self.records(task, scope, key, keep=may_fit))
        matches = [state for state in states if self.matches(state, key)]
        needed = [self.identity] if matches and self.identity else list(key)
        untold = [name for name in needed if any(state.get(name) in (None, "") for state in matches or states)]
        if untold:
            raise UntoldError(self.label, "/".join(str(value) for value in key.values()), untold)
        return matches

    def natural_key(self, given: Mapping[str, Any]) -> State:
        """What finds the thing without its id: the key, or else the other key.

        :raises IncompleteKeyError: when neither is complete.
        """
        for key in (self.key, self.other_key):
            if key and all(_tells(given.get(name)) for name in key):
                return {name: given[name] for name in key}
        raise IncompleteKeyError(f"{self.label} by {', '.join(sorted(given)) or 'nothing'}")

    def matches(self, state: State, key: Mapping[str, Any]) -> bool:
        """Whether a state is the one that the natural key names."""
        return all(self.field(name).kind.same(value, state.get(name)) for name, value in key.items())

    def candidates(
        self, task: Task, scope: Mapping[str, Any], key: Mapping[str, Any], keep: Keep | None = None
    ) -> Iterator[State]:
        """What a name or id is looked up in. Nothing narrows it, so that it holds names to suggest, and every id."""
        return self.records(task, scope, {}, keep=keep)

    def look_up(
        self, task: Task, scope: Mapping[str, Any], wanted: Sequence[str], beside: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what each text names, by name or by id: the id, or a :class:`NotFoundError`.

        :param beside: further fields of the key.
        :raises NameOrIdError: when a text is the name of one resource and the id of another.
        :raises AmbiguousNameError: when a name fits several.
        :raises UntoldError: when the service does not tell enough to know.
        """
        name, identity = self.key[0], self.identity or ""
        further = dict(beside or {})
        numbers = {text: self.id_of(text) for text in wanted}
        ids = {number for number in numbers.values() if number is not None}
        suggestions: list[str] = []

        def fits(state: State) -> bool:
            return all(self.field(each).kind.same(further[each], state[each]) for each in further)

        def keep(state: State) -> bool:
            title = state.get(name)
            if title and len(suggestions) < MAX_SUGGESTED_FROM:
                suggestions.append(title)
            told = [title, state.get(identity), *(state.get(each) for each in further)]
            return title in numbers or state.get(identity) in ids or any(value in (None, "") for value in told)

        states = list(self.candidates(task, scope, {name: list(wanted), identity: ids, **further}, keep))
        found: dict[str, Any] = {}
        for text in wanted:
            named = [state for state in states if state.get(name) == text and fits(state)]
            numbered = [state for state in states if numbers[text] is not None and state[identity] == numbers[text]]
            self._check_told(states, named, numbered, text, (name, *further), numbers[text] is not None)
            by_name = list(dict.fromkeys(state[identity] for state in named))
            if len(by_name) > 1:
                raise AmbiguousNameError(self.label, text, by_name, identity)
            if by_name and numbered and by_name != [numbers[text]]:
                raise NameOrIdError(self.label, text, by_name[0], identity)
            if by_name or numbered:
                found[text] = by_name[0] if by_name else numbers[text]
            else:
                found[text] = NotFoundError(self.label, text, names=suggestions, place=self.place(task, scope))
        return found

    def _check_told(
        self,
        states: Sequence[State],
        named: Sequence[State],
        numbered: Sequence[State],
        text: str,
        key: Sequence[str],
        digits: bool,
    ) -> None:
        """Refuse a verdict on a text that names something only by what the service does not tell.

        :raises UntoldError: naming what it does not tell.
        """
        identity = self.identity or ""
        untold = [each for each in key if any(state.get(each) in (None, "") for state in states)]
        if named or (numbered and not untold):
            untold = [identity] if any(state.get(identity) is None for state in named or numbered) else []
        elif digits and any(state.get(identity) is None for state in states):
            untold.append(identity)
        if untold:
            raise UntoldError(self.label, text, untold)

    def id_of(self, text: str) -> Any:
        """The id that a text can be, ``None`` when it can be none."""
        return whole_number(text) if isinstance(self.id_kind, Integer) else text

    def identify(
        self, task: Task, scope: Mapping[str, Any], wanted: str, beside: Mapping[str, Any] | None = None
    ) -> Any:
        """The id of what a text names, by name or by id; otherwise as :meth:`look_up`.

        :raises NotFoundError: when nothing has that name or id.
        """
        text = str(wanted)
        found = reread_while_ambiguous(task, self, scope, lambda: self.look_up(task, scope, [text], beside))[text]
        if isinstance(found, NotFoundError):
            raise found
        return found

    def uses(self, task: Task, scope: Mapping[str, Any], identity: Any) -> Sequence[str] | None:
        """What refers to one of several resources of the same name, in words; ``None`` where the service shows nothing.

        It costs calls, and is asked for when a task is about to fail.
        """
        return None

    def read(self, task: Task, scope: Mapping[str, Any], identity: Any) -> State | None:
        """The thing with that id, ``None`` when there is none.

        :raises UntoldError: when the list shows the thing, and the describe call shows nothing, or another thing.
        """
        name = self.identity or ""
        if self.detail is None:
            return next(iter(self.fitting(task, scope, {name: identity})), None)
        action, place = self.detail.action, self.parameters(self.detail.keys, {**scope, name: identity})
        record = settled_by_list(
            task,
            lambda: self._telling(task.read(action, place)),
            lambda: any(self.records(task, scope, {}, keep=lambda state: bool(state.get(name) == identity))),
            UntoldError(self.label, identity, ["details"]),
        )
        if record is None or self.elsewhere(record, scope):
            return None
        state = self.receive(record, scope)
        if state.get(name) not in (None, identity):
            raise UntoldError(self.label, identity, ["details"])
        return {**state, name: identity}

    def _telling(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return a record, ``None`` when it holds no value of any field, but empty members or unknown ones."""
        state = self.receive(record, {})
        return record if any(_tells(state.get(item.name)) for item in self.fields if item.path) else None

    def complete(self, task: Task, scope: Mapping[str, Any], listed: State) -> State | None:
        """A listed state with what only the describe call tells."""
        name = self.identity
        if name is None or not self.thin_listing:
            return listed
        return self.read(task, scope, listed[name])

    # What has to happen

    def plan(self, task: Task, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """The steps from what is to what was asked for; the same for check mode, diff and the real run."""
        if task.state == "absent":
            return self.plan_absent(task, scope, given, current)
        if current is None:
            return self.plan_creation(task, scope, given)
        return self.plan_update(task, scope, given, current)

    def plan_absent(self, task: Task, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """The steps that take the thing away."""
        if current is None:
            return Plan(None, None)
        return Plan(current, None, self.deletion({**task.options, **scope, **current}))

    def plan_creation(self, task: Task, scope: Mapping[str, Any], given: State) -> Plan:
        """The steps that make the thing.

        :raises InvalidOptionError: when something that creation needs was not given, or breaks a rule for what is new.
        :raises NotFoundError: when the options name an id: the service gives ids, nobody can ask for one.
        """
        if self.identity and given.get(self.identity) is not None:
            raise NotFoundError(self.label, given[self.identity], place=self.place(task, scope))
        self.check_rules(given)
        missing = [item.option_name for item in self.fields if item.required and given.get(item.name) in (None, [])]
        if missing:
            raise InvalidOptionError(
                f"To create {self.describe(given)}, give also: {', '.join(missing)}.", missing=missing
            )
        after: State = dict(scope)
        after.update({item.name: given.get(item.name, item.default) for item in self.fields if item.name not in after})
        self.check_applicable(given, after)
        return Plan(None, after, self.creation(task, {**task.options, **scope, **given}, given))

    def check_rules(self, given: State) -> None:
        """Refuse values that the service takes for nothing new.

        :raises InvalidOptionError: naming the first.
        """
        for item in self.fields:
            if item.rule is not None and item.name in given:
                clean(item.option_name, item.rule, given[item.name])

    def plan_update(self, task: Task, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """The steps that change the thing.

        :raises ImmutableDifferenceError: when it differs in something that cannot change.
        """
        changed = [*self.differences(given, current), *self.forced(task, given, current)]
        self.check_fixed(given, current)
        self.check_applicable(given, {**current, **{name: given[name] for name in changed}})
        given = self.cleared(task, self.completed(given, current), current, changed)
        after = {**current, **{name: given[name] for name in changed}}
        if not changed:
            return Plan(current, current)
        return Plan(current, after, self.alteration(task, {**scope, **after}, given, current, changed))

    def differences(self, given: State, current: State) -> list[str]:
        """Return the names of the fields in which the live state is seen to differ from the desired one."""
        return [
            item.name
            for item in self.fields
            if item.name in given
            and self.is_shown(item, given, current)
            and not item.kind.same(given[item.name], current.get(item.name))
        ]

    def is_shown(self, item: Field, given: State, current: State) -> bool:
        """Whether the service shows enough of a field to compare it with the given value.

        A fixed field that a response leaves out is not compared: nothing could change it anyway.
        """
        value = current.get(item.name)
        if not item.path or (item.fixed and value is None):
            return False
        return item.kind.is_comparable(given[item.name], value)

    def forced(self, task: Task, given: State, current: State) -> list[str]:
        """Return the names of the fields that are sent without being compared, since an option says so."""
        return [
            item.name
            for item in self.fields
            if item.update_option
            and task.options.get(item.update_option) == "always"
            and given.get(item.name)
            and not self.is_shown(item, given, current)
        ]

    def kept_back(self, task: Task, given: State, current: State, plan: Plan) -> list[Field]:
        """Return the fields that were given and that this run neither compares nor sends."""
        sent = {name for name in given if plan.steps and (plan.after or {}).get(name) is given[name]}
        if self.updating is not None and any(step.action == self.updating.action for step in plan.steps):
            sent |= {item.name for item in self.fields if item.whole}
        return [
            item
            for item in self.fields
            if item.name in given
            and item.name not in sent
            and item.hidden != MANNER
            and (not plan.steps if item.hidden == PER_CALL else not self.is_shown(item, given, current))
            and (item.applies is None or current.get(item.applies[0]) in (None, *item.applies[1]))
        ]

    def warn_of_kept_back(self, task: Task, given: State, current: State | None, plan: Plan) -> None:
        """Warn of every field that was given and that this run neither compares nor sends."""
        if current is None or task.state != "present":
            return
        by_advice: dict[str, list[str]] = {}
        for item in self.kept_back(task, given, current, plan):
            advice = f"Set {item.update_option}=always to send it in every run." if item.update_option else item.advice
            by_advice.setdefault(advice, []).append(item.option_name)
        for advice, names in by_advice.items():
            whose = self.describe({**given, **current})
            text = f"The service does not show {', '.join(names)} of {whose}, so what was given was neither compared"
            task.warn(f"{text} nor sent. {advice}".strip())

    def check_applicable(self, given: State, after: State) -> None:
        """Refuse options that the thing, as it will be, does not have; what is not told is not held against them."""
        for item in self.fields:
            if item.applies is None or item.name not in given or (item.fixed and given[item.name] is False):
                continue
            name, values = item.applies
            if after.get(name) is not None and after[name] not in values:
                raise InvalidOptionError(
                    f"Option {item.option_name} only applies when {name} is {' or '.join(map(str, values))}, "
                    f"and it is {after.get(name)}."
                )

    def check_fixed(self, given: State, current: State) -> None:
        """Refuse differences in what cannot change.

        :raises ImmutableDifferenceError: naming each.
        """
        changed = self.differences(given, current)
        fixed = {
            item.option_name: (item.kind.write(current.get(item.name)), item.kind.write(given[item.name]))
            for item in self.fields
            if item.name in changed and (item.fixed or self.updating is None)
        }
        if fixed:
            raise ImmutableDifferenceError(sentence(self.describe(current)), fixed)

    def complete_given(self, given: State, current: State | None) -> State:
        """Return what was asked for, with what only the live state tells about it, such as a name for messages."""
        return given

    def completed(self, given: State, current: State) -> State:
        """Return what to send in an update: what was given, and what only the service has set.

        What the service has set is no option, so no check of options sees it.
        """
        return given

    def cleared(self, task: Task, given: State, current: State, changed: Sequence[str]) -> State:
        """Return what to send for lists that are to become empty.

        A list without entries is no parameter, so the service would keep the list.

        :raises InvalidOptionError: when nothing else can stand for an empty list.
        """
        replaced = dict(given)
        for item in self.fields:
            if item.name not in changed or not item.wire or item.kind.send(given[item.name]) != []:
                continue
            replaced[item.name] = item.kind.empty_form(current.get(item.name))
            if replaced[item.name] is None:
                raise InvalidOptionError(
                    f"Option {item.option_name} is an empty list, but the service has no way to empty it."
                )
            task.warn(
                f"The service has no way to empty {item.option_name} of {self.describe(current)}. "
                f"{item.kind.name_of_rest(replaced[item.name])} stays, without content."
            )
        return replaced

    def creation(self, task: Task, namespace: State, given: State) -> list[Step]:
        """The steps of a creation."""
        parameters = self.parameters(self.creating.keys, namespace)
        parameters.update(self.sent(given, given))
        purpose = f"create {self.describe(given)}"
        return [Step(self.creating.action, parameters, purpose, self.creating.returns)]

    def alteration(
        self, task: Task, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """The steps of an update.

        :param namespace: the state as it will be, and the scope.
        :param current: the state as it is.
        :param changed: the names of the fields that differ.
        """
        if self.updating is None:
            return []
        parameters = self.parameters(self.updating.keys, namespace)
        along = [item.name for item in self.fields if item.whole and not item.fixed]
        values = {**namespace, **{name: given[name] for name in along if name in given}}
        parameters.update(self.sent(values, [*changed, *along]))
        return [Step(self.updating.action, parameters, f"update {self.describe(namespace)}")]

    def learn(self, step: Step, result: Mapping[str, Any]) -> State:
        """What the answer to a step tells of the thing, such as its id."""
        told = {name: self.id_kind.receive(result.get(member)) for name, member in step.returns.items()}
        return {name: value for name, value in told.items() if value is not None}

    def deletion(self, namespace: State) -> list[Step]:
        """The steps of a deletion."""
        parameters = self.parameters(self.deleting.keys, namespace)
        return [Step(self.deleting.action, parameters, f"delete {self.describe(namespace)}")]

    def sent(self, values: Mapping[str, Any], names: Any) -> dict[str, Any]:
        """Request parameters for the named fields that have a value."""
        return {
            item.wire: item.kind.send(values[item.name])
            for item in self.fields
            if item.wire and item.name in names and values.get(item.name) is not None
        }

    def exists(self, state: State | None) -> bool:
        """Whether what was read is a thing that the service has."""
        return state is not None

    def reached(self, task: Task, given: State, current: State | None) -> bool:
        """Whether what was read is what was asked for."""
        if task.state == "absent":
            return current is None
        return current is not None and not self.differences(given, current)

    def overtaken(self, task: Task, given: State, current: State | None) -> bool:
        """Whether a write was refused over something that came in between, so that a new plan is worth making."""
        return False

    def recheck_late_create(self, task: Task, scope: Mapping[str, Any], given: State, state: State | None) -> None:
        """Look, at the end of a task, for a create that was carried out after its answer had been given up.

        The engine itself looks for duplicates of resources with ``elder``.
        """

    def preflight(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Checks that cost calls and are worth them only when something is about to be written, in check mode too."""

    def obstacle(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return why the service rejects a plan, as far as reads show it; ``None`` when they show nothing.

        Check mode asks for it, and so does a real run once the service has rejected the plan: what the service rejects
        it knows best. What passes by itself, such as an unfinished deploy order, is no obstacle.
        """
        return None

    def pending(self, task: Task, given: State, state: State) -> str | None:
        """What a waiting task still waits for, ``None`` when the thing is ready.

        :raises FailedStateError: when it will never be.
        """
        return None

    # What is shown

    def show(self, state: State | None) -> dict[str, Any] | None:
        """The resource as the module returns it: every field that the service tells, whether known or not."""
        if state is None:
            return None
        shown = {reference.target: state.get(reference.target) for reference in self.scope}
        shown.update({item.name: item.kind.show(known(state.get(item.name))) for item in self.fields if item.path})
        return shown

    def show_difference(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both sides of a diff, by option names, without what only the service sets."""

        sides: tuple[dict[str, Any], dict[str, Any]] = {}, {}
        for item in self.fields:
            if not item.option_name or item.name == self.identity:
                continue
            values = [state.get(item.name) if state is not None else None for state in (before, after)]
            for side, value, written in zip(sides, values, item.kind.write_both(*values)):
                if value is not None:
                    side[item.option_name] = written
        return sides
