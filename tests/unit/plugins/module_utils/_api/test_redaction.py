# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are found in texts of others in every escaping, and nothing else is masked."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import MASK
from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import (
    MIN_FRAGMENT,
    MIN_LENGTH,
    SecretText,
    is_secret_name,
    redact,
)

HARD = "Pa ss\"w'ö&<>+/=\\%\n\t~日𝄞"


def lower_percent(text: str) -> str:
    encoded = quote(text, safe="")
    return "".join(part if at == 0 else "%" + part[:2].lower() + part[2:] for at, part in enumerate(encoded.split("%")))


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lower_percent,
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in upper case": lambda text: json.dumps(text)[1:-1].replace("\\u00f6", "\\u00F6"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text, ensure_ascii=False), ensure_ascii=False)[3:-3],
    "HTML": html.escape,
    "HTML, decimal": lambda text: "".join(c if c.isascii() and c.isalnum() else f"&#{ord(c)};" for c in text),
    "HTML, hexadecimal": lambda text: "".join(c if c.isascii() and c.isalnum() else f"&#X{ord(c):X};" for c in text),
    "Python": lambda text: repr(text)[1:-1],
    "Python, ASCII": lambda text: ascii(text)[1:-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64, percent": lambda text: quote(base64.b64encode(text.encode()).decode().rstrip("="), safe=""),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [HARD, "Shop-2026&secret", "precious"])
def test_a_secret_is_found_in_every_form(form: str, secret: str) -> None:
    hidden = redact(f"The value [{FORMS[form](secret)}] is wrong.", [secret])
    masked = hidden.removeprefix("The value [").removesuffix("] is wrong.")
    assert len(masked) < len(hidden)
    # The last digits of base64 hold fewer bits than a character.
    assert masked.startswith(MASK)
    assert len(masked) <= len(MASK) + (1 if "base64" in form else 0)


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_a_secret_is_found_in_the_base64_of_a_longer_text(before: str) -> None:
    encoded = base64.b64encode(f"{before}Shop-2026-secret and more".encode()).decode()
    hidden = redact(encoded, ["Shop-2026-secret"])
    assert MASK in hidden
    assert not any(len(part) > 16 for part in hidden.split(MASK))


def test_many_backslashes_cost_nothing() -> None:
    secret = "\\" * 40 + "x" + "\\'\"" * 20
    assert redact(secret, [secret]) == redact(json.dumps(secret)[1:-1], [secret]) == MASK
    other = "\\" * 200 + "y"
    assert redact(other, [secret]).endswith("y")


def test_escapes_that_are_escaped() -> None:
    secret = 'first "one"\n\tC:\\two\n'
    assert redact(quote(json.dumps(secret)[1:-1]), [secret]) == MASK
    assert redact(html.escape(json.dumps(secret)[1:-1]), [secret]) == MASK


def test_short_secrets_are_found_where_they_stand_alone() -> None:
    assert redact("the pin 42, in 1942: '42'", ["42"]) == f"the pin {MASK}, in 1942: '{MASK}'"


def test_a_secret_that_holds_another_goes_first() -> None:
    assert redact("shop-secret, shop", ["shop", "shop-secret", ""]) == f"{MASK}, {MASK}"


@pytest.mark.parametrize("length", [40, 400, 4000])
def test_a_part_of_a_long_secret_is_found(length: int) -> None:
    secret = "".join(f"{number:05}" for number in range(length // 5))
    for text in (secret, secret[:-1], secret[MIN_FRAGMENT:], quote(f"/{secret}")):
        assert re.sub(r"\*+", "*", redact(f"rejected: {text}...", [secret])) in ("rejected: *...", "rejected: /*...")


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<>"), min_size=MIN_LENGTH, max_size=20),
    st.sampled_from([form for form in FORMS if "base64" not in form]),
)
@example("100 %", "percent, twice")
@settings(derandomize=True, database=None, deadline=None, max_examples=60)
def test_any_secret_is_found(secret: str, form: str) -> None:
    assert redact(f"<{FORMS[form](secret)}>", [secret]) == f"<{MASK}>"


def test_a_secret_text_is_sent_and_not_shown() -> None:
    secret = SecretText("canary", ["inside"])
    assert (secret, secret.parts, f"{[secret]} {secret!r}") == ("canary", ("inside",), f"['{MASK}'] '{MASK}'")


@pytest.mark.parametrize(
    "name", ["AccountPassword", "Accountpassword", "account_pass_word", "SecretList", "SecretList.1", "pwd", "api-key"]
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["AccessKeyId", "AccountName", "KeyPair", "PassPhraseless", "AppId"])
def test_names_of_what_is_no_secret(name: str) -> None:
    assert not is_secret_name(name)
