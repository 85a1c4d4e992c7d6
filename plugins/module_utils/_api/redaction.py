# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Remove secrets from foreign texts, such as messages of the service and tracebacks.

Texts of this package never contain a secret. They are not searched, so that no ordinary word is masked. A foreign text
may repeat parts of a request, in any escaping.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import Iterable, Iterator

from .errors import MASK

MIN_LENGTH = 4
"""Shorter secrets are masked only as whole words, since their letters occur in every text."""

MIN_FRAGMENT = 16
"""Characters in a row of a long secret that are masked as a fragment of it."""

MAX_PATTERN = 512
"""Characters of the longest secret that is searched for as a whole."""
_MIN_BASE64 = 6
_HTML_ENTITIES = {'"': "&quot;", "'": "&apos;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BACKSLASH_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", '"': '"', "'": "'", "/": "/"}
# JSON within JSON doubles backslashes, a URL encodes them.
_BACKSLASH = r"(?i:\\|%5c|%255c|&#92;|&#x5c;)"
# Names that contain one of these words hold a secret.
_SECRET_WORDS = re.compile("passw|pwd|secret|token|credential|privatekey|apikey|accesskey(?!id)")
_NOT_ALPHANUMERIC = re.compile("[^a-z0-9]")
# In a log, the names of secrets. A bare "pass" needs a neighbor that makes it a name: "pass: 3" counts tests.
_NAME = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|token|access[_-]?key(?:[_-]?(?:id|secret))?|api[_-]?key|private[_-]?key"
    r"|authorization|credentials?|(?<=[_.\-\"'])pass|(?<![a-z])pass(?==)|(?-i:(?<=[a-z])Pass)|密码|口令|密钥|令牌)"
    r"(?:[_-]?(?:key|value|base))?\d{0,3}"
)
# A quoted value ends at a quote that is escaped as often as the first one, or with its line.
_QUOTED = r"[bu]?(?P<{0}>\\{{0,8}}[\"'])(?:(?!(?<!\\)(?P={0})).)*"
_UNQUOTED = r"(?:[^\s\"'&,;\\]|\\(?![\"']))+"
_ASSIGNED_SECRET = re.compile(
    rf"(?P<name>{_NAME}(?:\\{{0,8}}[\"'])?\s*(?:=>|={{1,3}}|:=|:(?!:)|：|%3[ad])\s*)"
    rf"(?:{_QUOTED.format('quote')}|(?P<scheme>(?:bearer\s+|basic\s+|token\s+)?)(?![\u3400-\u9fff]){_UNQUOTED})"
    rf"|(?P<tag>{_NAME}>)[^<>]+(?=</)",
    re.IGNORECASE,
)
# A word that follows an option in a sentence about the option is no value of it.
_OPTION_SECRET = re.compile(
    rf"(?P<name>(?<![\w-])--[a-z0-9-]{{0,40}}?{_NAME}[ \t]+)"
    r"(?!(?:is|are|was|to|or|and|must|for|in|with|without|not|cannot|option|flag|needs|requires)(?![^\s.,;:])|-)"
    rf"(?:{_QUOTED.format('quote')}|(?P<scheme>){_UNQUOTED})",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(://[^\s/:@\[\"'<>]*:)[^\s/\"'<>]+(?=@)")
# Tokens that are recognized without a name: JWT, GitHub, GitLab, OpenAI, Alibaba Cloud STS.
_TOKEN = re.compile(
    r"(?<![\w-])(?:eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)*|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,}"
    r"|glpat-[\w-]{16,}|sk-[A-Za-z0-9]{20,}|STS\.(?=[A-Za-z]*\d)[A-Za-z0-9]{8,})"
)
_KEY_MARKER = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?-----")
# The lines of a private key that is cut off: after its first marker, and, in reverse order, before its last one.
_KEY_START = re.compile(
    r"(?:\s*(?:Proc-Type|DEK-Info): [^\r\n]*)*"
    r"(?:(?:\s|\\+[nr])*[A-Za-z0-9+/]{20,}={0,2})*(?:(?:\s|\\+[nr])*[A-Za-z0-9+/=]+(?=(?:\s|\\+[nr])*(?:\Z|--)))?"
)
_KEY_END_REVERSED = re.compile(
    r"(?:\s|[nr]?\\+)*={0,2}[A-Za-z0-9+/]+"
    r"(?:(?:\s|[nr]?\\+)*[A-Za-z0-9+/]{20,})*(?:(?:\s|[nr]?\\+)*[A-Za-z0-9+/]+\Z)?"
)


class SecretText(str):
    """A text that must not be shown. It is sent unchanged, and its ``repr`` is a mask.

    :ivar parts: further secret texts, which the text contains in encoded form.
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
    """Return whether a parameter, option or member of this name holds a secret, in any spelling of the name.

    ``AccountPassword``, ``account_password`` and ``Accountpassword`` are the same name. Access key ids are not secret.
    """
    return bool(_SECRET_WORDS.search(_NOT_ALPHANUMERIC.sub("", str(name).lower())))


def redact_log(text: str) -> str:
    """Return the log of an app with everything masked that looks like a secret in it.

    Logs belong to the app. Nothing can promise that one holds no other secret.
    """
    text = _mask_private_keys(text)
    for pattern in (_ASSIGNED_SECRET, _OPTION_SECRET):
        text = pattern.sub(_mask_value, text)
    return _TOKEN.sub(MASK, _URL_PASSWORD.sub(rf"\g<1>{MASK}", text))


def _mask_value(found: re.Match[str]) -> str:
    """Return an assignment with its value masked. Name and opening quote stay."""
    return "".join(part for name, part in found.groupdict().items() if part) + MASK


def _mask_private_keys(text: str) -> str:
    """Mask the private keys in PEM format, whole ones and those of which one end is cut off. The markers stay."""
    kept: list[str] = []
    copied = previous = 0
    markers = list(_KEY_MARKER.finditer(text))
    for marker, following in zip(markers, [*markers[1:], None]):
        if marker[1] == "END":
            cut_off = _KEY_END_REVERSED.match(text[max(copied, previous) : marker.start()][::-1])
            if cut_off is not None:
                kept += [text[copied : marker.start() - cut_off.end()], MASK]
                copied = marker.start()
            previous = marker.end()
            continue
        previous = start = end = marker.end()
        if following is not None and following[1] == "END":
            end = following.start()
        else:
            cut_off = _KEY_START.match(text, start, len(text) if following is None else following.start())
            end = start if cut_off is None else cut_off.end()
        if end > start:
            kept += [text[copied:start], MASK]
            copied = end
    return "".join([*kept, text[copied:]])


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret masked.

    It finds a secret unchanged, percent-encoded once or twice, escaped for HTML, JSON or Python in any mixture, with
    escapes in upper or lower case, and in base64 at any position.
    """
    longest_first = sorted(set(filter(None, secrets)), key=lambda one: (-len(one), one))
    for secret in longest_first:
        if len(secret) <= MAX_PATTERN:
            for form in (secret, *_base64_forms(secret)):
                text = re.sub(_pattern(form), MASK, text)
    # Fragments afterwards: a fragment of one secret may belong to another, whose rest would stay.
    for secret in longest_first:
        if len(secret) >= 2 * MIN_FRAGMENT:
            text = _mask_fragments(text, secret)
    return text


def _mask_fragments(text: str, secret: str) -> str:
    """Mask fragments of a long secret, which may be cut off or interrupted by escapes."""
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
    # Backslashes in a row are a single repetition: several in sequence would backtrack endlessly.
    parts = re.findall(r"\\+|[^\\]", secret)
    pattern = "".join(f"{_BACKSLASH}{{{len(part)},}}" if part[0] == "\\" else _escapes(part) for part in parts)
    return pattern if len(secret) >= MIN_LENGTH else rf"(?<!\w){pattern}(?!\w)"


def _escapes(character: str) -> str:
    """Return a pattern for one character in every escaping. ASCII letters and digits are never escaped."""
    if character.isascii() and character.isalnum():
        return character
    octets = character.encode("utf-8", "surrogatepass")
    once = "".join(f"%{octet:02x}" for octet in octets)
    number = ord(character)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    forms = [once.replace("%", "%25"), once]  # the longer first, or a percent sign would leave two digits
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
    """Return a pattern for a letter in its own case, and for its escapes in any case."""
    return f"(?:(?i:{'|'.join(patterns[:-1])})|{patterns[-1]})"


def _base64_forms(secret: str) -> Iterator[str]:
    """Yield the base64 of a secret within a longer text, for each offset in a group of three bytes."""
    octets = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + octets).decode("ascii")
        # The first and last digit may contain bits of the neighbours.
        certain = whole[(before * 8 + 5) // 6 : (before + len(octets)) * 8 // 6]
        if len(certain) >= _MIN_BASE64:
            yield certain
            if "+" in certain or "/" in certain:
                yield certain.replace("+", "-").replace("/", "_")
