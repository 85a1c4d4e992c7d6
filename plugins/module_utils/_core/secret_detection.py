# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Detection of Kubernetes Secrets in texts and mappings, including misspelt ones."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, Iterator

# `kind: Secret` in YAML or JSON, with any tags and anchors, also misspelt, and also in a text that cannot be parsed.
# Texts are searched in lower case: patterns that ignore the case are many times slower.
_KIND_PATTERN = re.compile(r"""kind["']?\s*:\s*(?:[!&>|][^\s,}\]]*\s+)*["']?([a-z]+)["']?\s*(?:$|[,}#\n\r])""")
_STRING_DATA_PATTERN = re.compile(r"""stringdata["']?\s*:""")
_MIN_LENGTH = len("kind:sect")
_BASE64 = re.compile(r"[A-Za-z0-9+/_\s-]{16,}={0,2}\s*")
_MIN_SIMILARITY = 0.75


def is_secret_document(content: Mapping[Any, Any]) -> bool:
    """Return whether a mapping is a Kubernetes Secret, or nearly one.

    Keys are compared without case, and kinds by similarity.
    """
    for name, value in content.items():
        key = name.strip().lower() if isinstance(name, str) else ""
        if key == "stringdata" or (key == "kind" and isinstance(value, str) and _is_near_secret(value.strip().lower())):
            return True
    return False


def _is_near_secret(kind: str) -> bool:
    """Return whether a lower-case kind is that of a Secret, or a misspelt one."""
    return len(kind) <= 10 and SequenceMatcher(None, kind, "secret").ratio() >= _MIN_SIMILARITY


def has_secret_document(text: str) -> bool:
    """Return whether a text holds a Kubernetes Secret, as YAML or JSON, in base64 or not."""
    if len(text) < _MIN_LENGTH:
        return False
    return any(map(_holds_secret, map(str.lower, _decodings(text))))


def _holds_secret(text: str) -> bool:
    """Return whether a lower-case text holds a Secret. Most texts have neither word, which is found out quickly."""
    if "kind" not in text and "stringdata" not in text:
        return False
    return any(
        _begins_key(text, found) and (found.re is _STRING_DATA_PATTERN or _is_near_secret(found[1]))
        for pattern in (_KIND_PATTERN, _STRING_DATA_PATTERN)
        for found in pattern.finditer(text)
    )


def _begins_key(text: str, found: re.Match[str]) -> bool:
    """Return whether a match does not start inside a word. As a part of the pattern, this is nine times slower."""
    return found.start() == 0 or text[found.start() - 1] in "{,\"'?-" or text[found.start() - 1].isspace()


def _decodings(text: str) -> Iterator[str]:
    yield text
    if _BASE64.fullmatch(text):
        try:
            yield base64.b64decode(
                "".join(text.split()) + "==", altchars=b"-_" if set("-_") & set(text) else None
            ).decode()
        except (binascii.Error, ValueError):
            return
