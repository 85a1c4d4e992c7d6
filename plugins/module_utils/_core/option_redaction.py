# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Removal of secrets from options before they are shown or logged.

A misplaced secret is removed, too: under a name that no option has, as a Secret where another kind belongs, or in an
option that takes only numbers or a few words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Collection, Iterator

from .._api.redaction import MAX_PATTERN
from .secret_detection import has_secret_document, is_secret_document

NO_LOG_MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What ansible-core writes in place of a secret option."""

# The user name and password of a URL.
_USER_INFO = re.compile(r"(?<=://)[^/?#\s\"'@]*:[^/?#\s\"']*(?=@)")
# The same in an option that is an address, with or without a scheme. A password may hold any character.
_SCHEME = r"\s*[A-Za-z][A-Za-z0-9+.-]*://"
_USER_INFO_OF_ADDRESS = re.compile(rf"\A({_SCHEME}|(?!{_SCHEME}))[^/?#@:]*(?::.*)?@", re.DOTALL)
_ADDRESS_SUFFIXES = ("endpoint", "url")
# Query parameters that grant access, as in a signed address of an object store.
_ACCESS_QUERY = re.compile(r"(?i)([?&][^=&#\s]*(?:sign|token|secret|passw|pwd|credential|key)[^=&#\s]*=)[^&#\s]+")
_CLOSED_TYPES = frozenset(("int", "float", "bool"))

# The length and the number of character classes from which on a text cannot be an ordinary word or name.
MIN_UNMISTAKABLE_LENGTH = 8
MIN_CHARACTER_CLASSES = 3
CHARACTER_CLASSES = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")))


def is_unmistakable(text: str) -> bool:
    """Return whether a text is probably a password or key, and cannot be an ordinary word or name."""
    return (
        len(text) >= MIN_UNMISTAKABLE_LENGTH
        and sum(bool(kind.search(text)) for kind in CHARACTER_CLASSES) >= MIN_CHARACTER_CLASSES
    )


def redact_options(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of options, as given or validated, without secrets.

    :param spec: the argument specification. Options with ``no_log`` are secret, and so are unknown options.
    """
    names = _names_of(spec, options)
    return {
        str(name): _redact_option(names[name], spec[names[name]], value) if name in names else mask(value)
        for name, value in options.items()
    }


def _names_of(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, str]:
    """Return name or alias -> option, for the names of all options that the specification has."""
    if options.keys() <= spec.keys():
        return {name: name for name in options}
    names = {name: name for name in spec}
    names.update({alias: name for name, option in spec.items() for alias in option.get("aliases") or ()})
    return names


def misplaced_texts(spec: Mapping[str, Any], options: Mapping[str, Any]) -> set[str]:
    """Return the secrets in options that are not secret, for messages that quote options.

    Messages never quote a secret option, and its value may be an ordinary word.
    """
    public = _public_options(spec, options)
    hidden = set(scalar_texts(public)) - set(scalar_texts(redact_options(spec, public)))
    return {text for text in hidden if is_unmistakable(text) or "@" in text or has_secret_document(text)}


def _public_options(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of options without the secret ones."""
    names = _names_of(spec, options)
    public: dict[str, Any] = {}
    for name, value in options.items():
        option = spec.get(names.get(name, ""), {})
        if option.get("no_log"):
            continue
        inner = option.get("options")
        public[name] = value
        if inner and isinstance(value, Mapping):
            public[name] = _public_options(inner, value)
        elif inner and isinstance(value, (list, tuple)):
            public[name] = [_public_options(inner, item) if isinstance(item, Mapping) else item for item in value]
    return public


def hidden_texts(value: Any, shown: Any) -> set[str]:
    """Return the texts of a value that are missing in its redacted copy.

    ansible-core splits a text that stands for a list at its commas, so the parts of short texts are included.
    """
    hidden = set(scalar_texts(value)) - set(scalar_texts(shown))
    parts = {part.strip() for text in hidden if len(text) <= MAX_PATTERN for part in text.split(",")}
    return hidden | set(filter(is_unmistakable, parts))


def scalar_texts(value: Any) -> Iterator[str]:
    """Yield all texts and numbers inside a value, as text."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        # Most parts are texts, and to find out that one is no mapping takes long.
        if isinstance(part, str):
            yield str(part)
        elif isinstance(part, Mapping):
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part
        elif part is not None and not isinstance(part, bool):
            yield str(part)


def mask(value: Any) -> Any:
    """Return the mask of a secret. An empty value stays, because it shows that there is no secret."""
    return NO_LOG_MASK if value or isinstance(value, (bool, int)) else value


def redact_value(name: str, value: Any) -> Any:
    """Return the value of an option that is not secret without the secrets in it."""
    return redact_documents(redact_address(name, value))


def redact_address(name: str, value: Any) -> Any:
    """Return the value of an option; if that is an address, without user name, password and signature."""
    if not isinstance(value, str) or not name.lower().endswith(_ADDRESS_SUFFIXES):
        return value
    return _ACCESS_QUERY.sub(r"\1********", _USER_INFO_OF_ADDRESS.sub(r"\1********@", value))


def _redact_option(name: str, option: Mapping[str, Any], value: Any) -> Any:
    if value is None:
        return None
    if option.get("no_log"):
        return mask(value)
    inner = option.get("options")
    if not inner:
        shown = redact_value(name, value)
        is_closed = option.get("choices") or _CLOSED_TYPES.intersection((option.get("type"), option.get("elements")))
        return _redact_outside(shown, option.get("choices") or ()) if is_closed else shown
    if isinstance(value, Mapping):
        return redact_options(inner, value)
    if isinstance(value, (list, tuple)):
        return [redact_options(inner, item) if isinstance(item, Mapping) else mask(item) for item in value]
    # A text that ansible-core would parse, or a value that it rejects.
    return mask(value)


def _redact_outside(value: Any, known: Collection[Any]) -> Any:
    """Mask passwords and keys in an option that takes only numbers, booleans or a few words."""
    if isinstance(value, (list, tuple)):
        return [_redact_outside(item, known) for item in value]
    return mask(value) if isinstance(value, str) and value not in known and is_unmistakable(value) else value


def redact_documents(value: Any) -> Any:
    """Return a copy of a value without Kubernetes Secrets, and without passwords in URLs."""
    if isinstance(value, str):
        if has_secret_document(value):
            return NO_LOG_MASK
        return _USER_INFO.sub("********", value) if "://" in value else value
    if isinstance(value, Mapping):
        if is_secret_document(value):
            return NO_LOG_MASK
        return {name: redact_documents(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_documents(item) for item in value]
    return value
