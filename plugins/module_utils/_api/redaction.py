# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Removes secrets from texts that others wrote, such as messages of the service and tracebacks.

What this package writes itself never holds a secret, so nothing is searched there, and no ordinary word is spoilt. A
text of somebody else may repeat what was sent, in whatever escaping it passed through on its way.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import Iterable, Iterator

from .errors import MASK

MIN_LENGTH = 4
"""Shorter secrets are masked only where they stand alone: their letters occur in every text."""

MIN_FRAGMENT = 16
"""So many characters in a row that stand in a long secret are taken for a part of it, for one that was cut off."""

MAX_PATTERN = 512
"""The longest secret that is searched for as a whole, in characters."""
_MIN_BASE64 = 6
_HTML_ENTITIES = {'"': "&quot;", "'": "&apos;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BACKSLASH_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", '"': '"', "'": "'", "/": "/"}
# A text in JSON in JSON has its backslashes doubled, and one in a URL has them encoded.
_BACKSLASH = r"(?i:\\|%5c|%255c|&#92;|&#x5c;)"
# A name that holds one of these says that its value is a secret.
_SECRET_WORDS = re.compile("passw|pwd|secret|token|credential|privatekey|apikey|accesskey(?!id)")
_NOT_ALPHANUMERIC = re.compile("[^a-z0-9]")


class SecretText(str):
    """A text that must not be shown. It is sent as it is, and represented without its content.

    :ivar parts: other texts that must not be shown because they stand inside it, encoded.
    """

    parts: tuple[str, ...] = ()

    def __new__(cls, text: str, parts: Iterable[str] = ()) -> SecretText:
        created = super().__new__(cls, text)
        created.parts = tuple(parts)
        return created

    def __repr__(self) -> str:
        return repr(MASK)


@lru_cache(maxsize=1024)
def is_secret_name(name: object) -> bool:
    """Return whether a parameter, option or member of that name holds a secret, however the name is spelt.

    ``AccountPassword``, ``account_password`` and ``Accountpassword`` are one name. Ids of access keys are no secrets.
    """
    return bool(_SECRET_WORDS.search(_NOT_ALPHANUMERIC.sub("", str(name).lower())))


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with a mask in the place of each secret.

    A secret is found as it is, percent-encoded once or twice, escaped for HTML, JSON or Python, in any mixture of these
    and in upper and lower case of the digits, and in base64 at any position.
    """
    longest_first = sorted(set(filter(None, secrets)), key=lambda one: (-len(one), one))
    for secret in longest_first:
        if len(secret) <= MAX_PATTERN:
            for form in (secret, *_base64_forms(secret)):
                text = re.sub(_pattern(form), MASK, text)
    # Only then the parts: a part of one may be a part of another, whose rest would stay.
    for secret in longest_first:
        if len(secret) >= 2 * MIN_FRAGMENT:
            text = _mask_fragments(text, secret)
    return text


def _mask_fragments(text: str, secret: str) -> str:
    """Mask what a text has in common with a long secret, which may be there in part, or broken up by escapes."""
    kept: list[str] = []
    at = copied = 0
    while at + MIN_FRAGMENT <= len(text):
        if text[at : at + MIN_FRAGMENT] not in secret:
            at += 1
            continue
        end = at + MIN_FRAGMENT
        while end < len(text) and text[at : end + 1] in secret:
            end += 1
        kept += [text[copied:at], MASK]
        at = copied = end
    return "".join([*kept, text[copied:]])


def _pattern(secret: str) -> str:
    # Backslashes in a row are one repetition: several, one after the other, would take for ever not to match.
    parts = re.findall(r"\\+|[^\\]", secret)
    pattern = "".join(f"{_BACKSLASH}{{{len(part)},}}" if part[0] == "\\" else _escapes(part) for part in parts)
    return pattern if len(secret) >= MIN_LENGTH else rf"(?<!\w){pattern}(?!\w)"


def _escapes(character: str) -> str:
    """A pattern for one character in every escaping. Letters and digits of ASCII stay as they are in all of them."""
    if character.isascii() and character.isalnum():
        return character
    octets = character.encode("utf-8", "surrogatepass")
    once = "".join(f"%{octet:02x}" for octet in octets)
    number = ord(character)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    forms = [once.replace("%", "%25"), once]  # the longer first: a percent sign that is the last would leave two digits
    patterns = [*map(re.escape, forms), f"&#0*{number};", f"&#x0*{number:x};"]
    if character in _HTML_ENTITIES:
        patterns.append(_HTML_ENTITIES[character])
    if character == " ":
        patterns.append(r"\+")
    patterns.append("".join(rf"{_BACKSLASH}+u{units[at : at + 4]}" for at in range(0, len(units), 4)))
    patterns += [rf"{_BACKSLASH}+U{number:08x}", rf"{_BACKSLASH}+x{number:02x}"]
    if character in _BACKSLASH_ESCAPES:
        escaped = _BACKSLASH_ESCAPES[character]
        after = re.escape(escaped) if escaped.isalpha() else f"(?:{'|'.join([*patterns[:-3], re.escape(escaped)])})"
        patterns.append(f"{_BACKSLASH}+{after}")
    patterns.append(re.escape(character))
    return f"(?i:{'|'.join(patterns)})" if character.lower() == character.upper() else _case_sensitive(patterns)


def _case_sensitive(patterns: list[str]) -> str:
    """A pattern for a letter, which counts in its own case only; its escapes do in both."""
    return f"(?:(?i:{'|'.join(patterns[:-1])})|{patterns[-1]})"


def _base64_forms(secret: str) -> Iterator[str]:
    """What stays of a secret in the base64 of a longer text, for each position in a group of three bytes."""
    octets = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + octets).decode("ascii")
        # The first and the last digit may hold bits of the neighbours.
        certain = whole[(before * 8 + 5) // 6 : (before + len(octets)) * 8 // 6]
        if len(certain) >= _MIN_BASE64:
            yield certain
            if "+" in certain or "/" in certain:
                yield certain.replace("+", "-").replace("/", "_")
