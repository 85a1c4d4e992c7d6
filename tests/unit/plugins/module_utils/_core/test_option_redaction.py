# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results and logs show options without secrets, wherever these are."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_redaction import (
    NO_LOG_MASK,
    hidden_texts,
    misplaced_texts,
    redact_address,
    redact_documents,
    redact_options,
    scalar_texts,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.secret_detection import has_secret_document

SPEC: dict[str, Any] = {
    "name": {"type": "str"},
    "password": {"type": "str", "no_log": True, "aliases": ["pass"]},
    "secrets": {"type": "list", "elements": "raw", "no_log": True},
    "documents": {"type": "list", "elements": "raw"},
    "accounts": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str"}, "password": {"type": "str", "no_log": True}},
    },
}


def test_what_is_no_secret_stays() -> None:
    options = {"name": "shop", "documents": [{"kind": "ConfigMap"}, "kind: Service", 1, None], "accounts": None}
    assert redact_options(SPEC, options) == options


@pytest.mark.parametrize("given", [{"password": "word"}, {"pass": "word"}, {"secrets": ["a", {"kind": "b"}]}])
def test_secret_options_are_hidden(given: dict[str, Any]) -> None:
    assert redact_options(SPEC, {"name": "word", **given}) == {
        "name": "word",
        **dict.fromkeys(given, NO_LOG_MASK),
    }


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_that_no_secret_was_given_is_shown(nothing: Any) -> None:
    assert redact_options(SPEC, {"password": nothing}) == {"password": nothing}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([{"name": "a", "password": "word"}], [{"name": "a", "password": NO_LOG_MASK}]),
        (
            [{"name": "a", "pasword": "word", "none": None}],
            [{"name": "a", "pasword": NO_LOG_MASK, "none": None}],
        ),
        ({"name": "a", "password": "word"}, {"name": "a", "password": NO_LOG_MASK}),
        ("name=a password=word", NO_LOG_MASK),
        (["name=a password=word"], [NO_LOG_MASK]),
    ],
)
def test_options_inside_of_others(given: Any, shown: Any) -> None:
    assert redact_options(SPEC, {"accounts": given}) == {"accounts": shown}


@pytest.mark.parametrize("value", ["word", ["word"], {"x": "word"}, 4711, 0, True])
def test_what_is_no_option_is_hidden(value: Any) -> None:
    assert redact_options(SPEC, {"Password": value}) == {"Password": NO_LOG_MASK}


SECRETS = [
    "kind: Secret\n",
    "apiVersion: v1\nkind: Secret # mine\ndata: {}",
    "{apiVersion: v1, kind: Secret}",
    '{"kind":"Secret","data":{}}',
    "kind: 'Secret'",
    "kind: !!str &k Secret",
    "? kind\n: Secret\n",
    "kind: >-\n  Secret\n",
    "kind: secrets\ndata: [",
    "kind: ConfigMap\n---\nkind: Secret\n",
    "kind: List\nitems:\n- kind: Secret\n",
    "stringData: {user: word}",
    "kind: Secert\r\n",
    "KIND: Secret\n",
    "Kind: secret\ndata: {a: b}",
    '{"KIND":"SECRET"}',
    "StringData: {user: word}",
]


@pytest.mark.parametrize("text", SECRETS)
def test_texts_that_hold_a_secret(text: str) -> None:
    encoded = base64.b64encode(text.encode()).decode()
    for form in (text, encoded, encoded.rstrip("="), f"{encoded[:10]}\n{encoded[10:]}\n"):
        assert has_secret_document(form), form
        assert redact_options(SPEC, {"documents": ["kind: ConfigMap", form]}) == {
            "documents": ["kind: ConfigMap", NO_LOG_MASK]
        }


@pytest.mark.parametrize(
    "text",
    [
        "kind: ConfigMap",
        "kind: SecretProviderClass",
        "kind: Service",
        "mankind: Secret",
        "env: {secretRef: {name: shop}}",
        "kind of Secret",
        base64.b64encode(b"kind: ConfigMap").decode(),
        "registry.example.com/shop:1.0",
    ],
)
def test_texts_that_hold_none(text: str) -> None:
    assert not has_secret_document(text)
    assert redact_documents(text) == text


def test_mappings_that_are_secrets() -> None:
    secret = {"kind": "Secret", "data": {"x": "word"}}
    items = {
        "kind": "List",
        "items": [secret, {**secret, "kind": "secret "}, {"kind": "x", "stringData": {}}, {"kind": 1}],
    }
    assert redact_documents(items) == {
        "kind": "List",
        "items": [NO_LOG_MASK, NO_LOG_MASK, NO_LOG_MASK, {"kind": 1}],
    }


@pytest.mark.parametrize("key", ["KIND", "Kind", " kind"])
def test_keys_count_in_every_case(key: str) -> None:
    for kind in ("Secret", "secret", "SECRET"):
        assert redact_documents([{key: kind, "data": {"x": "word"}}, {key: "Service"}]) == [
            NO_LOG_MASK,
            {key: "Service"},
        ]
    assert redact_documents({"StringDATA": {"x": "word"}}) == NO_LOG_MASK


CLOSED: dict[str, Any] = {
    "mode": {"type": "str", "choices": ["fast", "Very-Safe-1"]},
    "modes": {"type": "list", "elements": "str", "choices": ["fast", "safe"]},
    "size": {"type": "int"},
    "sizes": {"type": "list", "elements": "int"},
    "wait": {"type": "bool"},
    "interval": {"type": "float"},
}


@pytest.mark.parametrize("name", CLOSED)
def test_a_password_where_only_a_few_words_belong_is_hidden(name: str) -> None:
    given = {name: ["fast", "Zq7Kx-Canary"] if name.endswith("s") else "Zq7Kx-Canary"}
    assert "Zq7Kx" not in str(redact_options(CLOSED, given))
    assert "Zq7Kx-Canary" in hidden_texts(given, redact_options(CLOSED, given))
    for word in ("Very-Safe-1", "production", "1e3"):
        wrong = {"mode": word, "size": "many", "wait": "perhaps"}
        assert redact_options(CLOSED, wrong) == wrong


def test_a_password_in_a_text_for_a_list() -> None:
    given = {"modes": "fast, Zq7Kx-Canary"}
    assert "Zq7Kx-Canary" in hidden_texts(given, redact_options(CLOSED, given))


ADDRESSES: dict[str, Any] = {"endpoint": {"type": "str"}, "packet_url": {"type": "str"}, "name": {"type": "str"}}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("user:word@example.com", "********@example.com"),
        ("user:wo/r?d#@example.com:80/x", "********@example.com:80/x"),
        ("https://user:w@rd/@example.com", "https://********@example.com"),
        ("http://token@example.com", "http://********@example.com"),
        ("example.com:80", "example.com:80"),
        ("https://example.com/@scope/x.tgz", "https://example.com/@scope/x.tgz"),
    ],
)
def test_user_names_and_passwords_of_addresses(given: str, shown: str) -> None:
    for name in ("endpoint", "packet_url"):
        assert redact_options(ADDRESSES, {name: given}) == {name: shown}
    image = {"name": "shop:1.0@sha256:00"}
    assert redact_options(ADDRESSES, image) == image


def test_misplaced_secrets_are_told_from_those_in_their_place() -> None:
    word: dict[str, Any] = {"password": "Precious-1", "accounts": [{"name": "a", "password": "Precious-2"}]}
    word["secrets"] = [{"kind": "Secret", "name": "Precious-3"}]
    assert misplaced_texts(SPEC, {"name": "shop", **word}) == set()
    wrong = {"kind": "Secret", "stringData": {"a": "Precious-4", "b": "v1"}}
    text = '{"kind": "Secret", "a": "Precious-5"}'
    assert misplaced_texts(SPEC, {"name": text, "documents": [wrong]}) == {text, "Precious-4"}
    assert misplaced_texts(ADDRESSES, {"packet_url": "a:b@c"}) == {"a:b@c"}


def test_passwords_in_urls() -> None:
    shown = redact_documents(["https://user:word@example.com/x?a@b:c", "https://example.com:80/a@b", "a:b@c"])
    assert shown == ["https://********@example.com/x?a@b:c", "https://example.com:80/a@b", "a:b@c"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (
            "https://oss.example/a.war?Expires=1&Signature=x%2B&v=2",
            "https://oss.example/a.war?Expires=1&Signature=********&v=2",
        ),
        ("https://user:word@oss.example/a.war?token=x", "https://********@oss.example/a.war?token=********"),
        ("https://oss.example/a.war?version=2", "https://oss.example/a.war?version=2"),
    ],
)
def test_what_gives_access_in_an_address_is_hidden(address: str, shown: str) -> None:
    assert redact_address("packet_url", address) == shown
    assert redact_address("description", address) == address


def test_texts_and_numbers_are_found_at_every_depth() -> None:
    value = {"a": ["one", ("two", {"b": 3, "c": None}), [[4.5]]], "d": True, "e": {"f": "six"}}
    assert sorted(scalar_texts(value)) == ["3", "4.5", "one", "six", "two"]
    assert list(scalar_texts("alone")) == ["alone"]


def test_an_alias_is_the_option_that_it_stands_for() -> None:
    spec = {"password": {"type": "str", "no_log": True, "aliases": ["pass"]}, "name": {"type": "str"}}
    assert redact_options(spec, {"pass": "x", "name": "shop"}) == {"pass": NO_LOG_MASK, "name": "shop"}
    assert redact_options(spec, {"password": "x", "name": "shop"}) == {"password": NO_LOG_MASK, "name": "shop"}
    assert redact_options(spec, {"name": "shop", "unknown": "x"}) == {"name": "shop", "unknown": NO_LOG_MASK}
