# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Options and answers without secrets, which their place identifies: the name, or the kind of document.

A secret in a wrong place is hidden as well: under a name that no option has, or in a document of kind Secret where
another kind belongs.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, Iterator

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What ansible-core writes in the place of a secret option."""

# `kind: Secret` in YAML or JSON, with whatever tags and anchors, also misspelt; in a text that cannot be parsed too.
_KIND = re.compile(r"""kind["']?\s*:\s*(?:[!&>|][^\s,}\]]*\s+)*["']?([A-Za-z]+)["']?\s*(?:$|[,}#\n\r])""")
_DATA = re.compile(r"""stringData["']?\s*:""")
_SHORTEST = len("kind:sect")
_BASE64 = re.compile(r"[A-Za-z0-9+/_\s-]{16,}={0,2}\s*")
# The user name and password of a URL.
_USER_INFO = re.compile(r"(?<=://)[^/?#\s\"'@]*:[^/?#\s\"']*(?=@)")
_NEAR = 0.75


def redact_options(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of options, as given or validated, without the secrets among them.

    :param spec: the argument specification; options with ``no_log`` are secret, and so is what has no option.
    """
    names = {name: name for name in spec}
    names.update({alias: name for name, option in spec.items() for alias in option.get("aliases") or ()})
    return {
        str(name): _redact_option(spec[names[name]], value) if name in names else hide(value)
        for name, value in options.items()
    }


def hide(value: Any) -> Any:
    """Return what is shown of a secret: that there is none, or nothing."""
    return HIDDEN if value or isinstance(value, (bool, int)) else value


def _redact_option(option: Mapping[str, Any], value: Any) -> Any:
    if option.get("no_log"):
        return hide(value)
    inner = option.get("options")
    if not inner:
        return redact_documents(value)
    if isinstance(value, Mapping):
        return redact_options(inner, value)
    if isinstance(value, (list, tuple)):
        return [redact_options(inner, item) if isinstance(item, Mapping) else hide(item) for item in value]
    # A text that ansible-core would parse, or something that it refuses.
    return hide(value)


def redact_documents(value: Any) -> Any:
    """Return a copy of a value without the documents of kind Secret in it, and without passwords in URLs."""
    if isinstance(value, Mapping):
        if is_secret_document(value):
            return HIDDEN
        return {name: redact_documents(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_documents(item) for item in value]
    if isinstance(value, str):
        if has_secret_document(value):
            return HIDDEN
        return _USER_INFO.sub("********", value) if "://" in value else value
    return value


def is_secret_document(content: Mapping[Any, Any]) -> bool:
    """Return whether a mapping is a Kubernetes Secret, or nearly one: kinds are compared as misspelt names are."""
    kind = content.get("kind")
    return "stringData" in content or (isinstance(kind, str) and _is_near_secret(kind.strip()))


def _is_near_secret(kind: str) -> bool:
    return len(kind) <= 10 and SequenceMatcher(None, kind.lower(), "secret").ratio() >= _NEAR


def has_secret_document(text: str) -> bool:
    """Return whether a text holds a Kubernetes Secret, as YAML or JSON, in base64 or not."""
    if len(text) < _SHORTEST:
        return False
    return any(
        _begins_key(form, found) and (found.re is _DATA or _is_near_secret(found[1]))
        for form in _forms(text)
        for pattern in (_KIND, _DATA)
        for found in pattern.finditer(form)
    )


def _begins_key(text: str, found: re.Match[str]) -> bool:
    """Whether a match is not the end of another word. Patterns that begin with a word are found nine times faster."""
    return found.start() == 0 or text[found.start() - 1] in "{,\"'?-" or text[found.start() - 1].isspace()


def _forms(text: str) -> Iterator[str]:
    yield text
    if _BASE64.fullmatch(text):
        try:
            yield base64.b64decode(
                "".join(text.split()) + "==", altchars=b"-_" if set("-_") & set(text) else None
            ).decode()
        except (binascii.Error, ValueError):
            return
