# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed release tells without telling secrets."""

from __future__ import annotations

import time

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import redact_log


@pytest.mark.parametrize(
    "text",
    [
        "spring.datasource.password=hunter2 url=jdbc:mysql://db",
        '{"api_key": "hunter2", "level": "info"}',
        "Authorization: Bearer hunter2",
        "DB_PASSWORD: 'hunter2'",
        "GET /x?access_key_id=a&token=hunter2&page=1",
        "mysql://u:hunter2@db/shop",
        "mysql://u:p@hunter2@db/shop",
        "redis://:hunter2@cache",
        'secret_key = "hunter2"',
        "DB_PASS=hunter2",
        "dbPass=hunter2",
        "api-key: hunter2",
        "X-Api-Key: hunter2",
        r"{\"password\":\"my hunter2\"}",
        r"{\\\"password\\\":\\\"my hunter2\\\"}",
        "<password>hunter2</password>",
        "<db-password>my hunter2</db-password>",
        "--password hunter2",
        "--db-password 'my hunter2'",
        "login with eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.hunter2",
        "git clone with ghp_hunter2hunter2hunter2",
        "key id STS.hunter2hunter2",
        "密码: hunter2",
        "密码：hunter2",
        'password="a hunter2" is wrong',
        r'password="a \" hunter2" is wrong',
        'password="a hunter2',
        "{'password': b'hunter2'}",
        "password%3Dhunter2",
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    """The value goes, the name and the rest stay."""
    shown = redact_log(text)
    assert "hunter2" not in shown
    assert "********" in shown


KEY = "\n".join(
    ["-----BEGIN RSA PRIVATE KEY-----", *["hunter2+" * 8] * 20, "hunter2=", "-----END RSA PRIVATE KEY-----"]
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n    ", r"\n", r"\\n"])
@pytest.mark.parametrize(("start", "end"), [(0, None), (300, None), (0, 300), (0, -5), (5, None)])
def test_private_keys_are_masked(newline: str, start: int, end: int | None) -> None:
    """A key is masked as a whole, and where one end of it is cut off."""
    shown = redact_log(KEY.replace("\n", newline)[start:end])
    assert "hunter2" not in shown
    assert "PRIVATE KEY-----" in shown


def test_the_text_around_private_keys_stays() -> None:
    """What stands before, between and after keys is shown."""
    shown = redact_log(f"first line\n{KEY}\nbetween\n{KEY}\nlast line")
    assert shown.startswith("first line\n-----BEGIN")
    assert "-----\nbetween\n-----" in shown
    assert shown.endswith("-----\nlast line")


def test_what_follows_a_quoted_secret_stays() -> None:
    """A quoted value ends at its closing quote."""
    assert redact_log('password="a b", user="c"') == 'password="********", user="c"'
    assert redact_log(r'"{\"password\":\"a b\",\"user\":\"c\"}"') == r'"{\"password\":\"********\",\"user\":\"c\"}"'


@pytest.mark.parametrize(
    "text",
    [
        "Fatal: could not start\nCaused by: java.net.ConnectException: refused at 10.0.0.1:3306",
        "tests pass: 3, fail: 2, bypass=true, PASSED=3",
        "Unexpected token < in JSON",
        "secretName: shop-tls, token_type: bearer",
        "密码错误，密码：不能为空",
        "--password is required, use --token to log in",
        "http://shop:8080/path, git@example.com:a/b, https://shop:80/a@b",
        "STS.AssumeRoleException in std::token::parse",
        "no line -----BEGIN PRIVATE KEY-----\nCaused by: EOF",
        "password > 8 characters",
    ],
)
def test_the_rest_of_a_log_stays(text: str) -> None:
    """A log that holds no secret is shown as it is."""
    assert redact_log(text) == text


@pytest.mark.parametrize(
    "part",
    [
        *["password", 'password="', "password>", "--a", "://a:", "eyJ", "eyJaaaaaa.", '\\"', "\\", " ", "pass"],
        *["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----END PRIVATE KEY-----" + "A" * 30],
    ],
)
def test_the_time_grows_with_the_length_only(part: str) -> None:
    """A text ten times as long takes about ten times as long, not a hundred times."""
    spent = []
    for length in (20_000, 200_000):
        text = part * (length // len(part))
        begin = time.process_time()
        redact_log(text)
        spent.append(time.process_time() - begin)
    assert spent[1] < 40 * max(spent[0], 0.01)
