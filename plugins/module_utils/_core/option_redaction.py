# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Options and answers without secrets, which their place identifies: the name, or the kind of document.

A secret in a wrong place is hidden as well: under a name that no option has, in a document of kind Secret where another
kind belongs, or as the value of an option that takes numbers or a few words only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Collection, Iterator

from .._api.redaction import MAX_PATTERN
from .secret_detection import has_secret_document, is_secret_document

NO_LOG_MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What ansible-core writes in the place of a secret option."""

# The user name and password of a URL.
_USER_INFO = re.compile(r"(?<=://)[^/?#\s\"'@]*:[^/?#\s\"']*(?=@)")
# The same of an option that is an address, with or without a scheme. A password may hold any character.
_SCHEME = r"\s*[A-Za-z][A-Za-z0-9+.-]*://"
_USER_INFO_OF_ADDRESS = re.compile(rf"\A({_SCHEME}|(?!{_SCHEME}))[^/?#@:]*(?::.*)?@", re.DOTALL)
_ADDRESS_SUFFIXES = ("endpoint", "url")
# Parameters of a URL that give whoever has them access, as those of a signed address of an object store.
_ACCESS_QUERY = re.compile(r"(?i)([?&][^=&#\s]*(?:sign|token|secret|passw|pwd|credential|key)[^=&#\s]*=)[^&#\s]+")
_CLOSED_TYPES = frozenset(("int", "float", "bool"))

# How long a text is, and how many kinds of characters it has, when it cannot be an ordinary word or name.
MIN_UNMISTAKABLE_LENGTH = 8
MIN_CHARACTER_CLASSES = 3
CHARACTER_CLASSES = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")))


def is_unmistakable(text: str) -> bool:
    """Return whether a text cannot be an ordinary word or name, and may well be a password or key."""
    return (
        len(text) >= MIN_UNMISTAKABLE_LENGTH
        and sum(bool(kind.search(text)) for kind in CHARACTER_CLASSES) >= MIN_CHARACTER_CLASSES
    )


def redact_options(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of options, as given or validated, without the secrets among them.

    :param spec: the argument specification; options with ``no_log`` are secret, and so is what has no option.
    """
    names = _names_and_aliases(spec)
    return {
        str(name): _redact_option(names[name], spec[names[name]], value) if name in names else mask_value(value)
        for name, value in options.items()
    }


def _names_and_aliases(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return the option of each name and alias."""
    names = {name: name for name in spec}
    names.update({alias: name for name, option in spec.items() for alias in option.get("aliases") or ()})
    return names


def misplaced_texts(spec: Mapping[str, Any], options: Mapping[str, Any]) -> set[str]:
    """Return the secrets in options that are no secret options, for messages that quote options.

    A secret option is never quoted, and what it holds may be an ordinary word.
    """
    public = _public_options(spec, options)
    hidden = set(scalar_texts(public)) - set(scalar_texts(redact_options(spec, public)))
    return {text for text in hidden if is_unmistakable(text) or "@" in text or has_secret_document(text)}


def _public_options(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of options without those that are secret."""
    names = _names_and_aliases(spec)
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
    """Return the texts of a value that are not in what is shown of it.

    ansible-core splits a text that stands for a list at its commas, so the parts of short texts are among them.
    """
    hidden = set(scalar_texts(value)) - set(scalar_texts(shown))
    parts = {part.strip() for text in hidden if len(text) <= MAX_PATTERN for part in text.split(",")}
    return hidden | set(filter(is_unmistakable, parts))


def scalar_texts(value: Any) -> Iterator[str]:
    """All texts and numbers inside a value, as text."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from scalar_texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def mask_value(value: Any) -> Any:
    """Return what is shown of a secret: that there is none, or nothing."""
    return NO_LOG_MASK if value or isinstance(value, (bool, int)) else value


def redact_value(name: str, value: Any) -> Any:
    """Return what is shown of the value of an option that is no secret.

    :param name: of the option.
    """
    return redact_documents(redact_address(name, value))


def redact_address(name: str, value: Any) -> Any:
    """Return the value of an option without user name, password and signature if the option is an address.

    :param name: of the option.
    """
    if not isinstance(value, str) or not name.lower().endswith(_ADDRESS_SUFFIXES):
        return value
    return _ACCESS_QUERY.sub(r"\1********", _USER_INFO_OF_ADDRESS.sub(r"\1********@", value))


def _redact_option(name: str, option: Mapping[str, Any], value: Any) -> Any:
    if option.get("no_log"):
        return mask_value(value)
    inner = option.get("options")
    if not inner:
        shown = redact_value(name, value)
        is_closed = option.get("choices") or _CLOSED_TYPES.intersection((option.get("type"), option.get("elements")))
        return _redact_outside(shown, option.get("choices") or ()) if is_closed else shown
    if isinstance(value, Mapping):
        return redact_options(inner, value)
    if isinstance(value, (list, tuple)):
        return [redact_options(inner, item) if isinstance(item, Mapping) else mask_value(item) for item in value]
    # A text that ansible-core would parse, or something that it refuses.
    return mask_value(value)


def _redact_outside(value: Any, known: Collection[Any]) -> Any:
    """Hide passwords and keys where only numbers, switches or a few words belong, so that none of them can be right."""
    if isinstance(value, (list, tuple)):
        return [_redact_outside(item, known) for item in value]
    return mask_value(value) if isinstance(value, str) and value not in known and is_unmistakable(value) else value


def redact_documents(value: Any) -> Any:
    """Return a copy of a value without the documents of kind Secret in it, and without passwords in URLs."""
    if isinstance(value, Mapping):
        if is_secret_document(value):
            return NO_LOG_MASK
        return {name: redact_documents(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_documents(item) for item in value]
    if isinstance(value, str):
        if has_secret_document(value):
            return NO_LOG_MASK
        return _USER_INFO.sub("********", value) if "://" in value else value
    return value
