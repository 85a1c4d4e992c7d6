# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of error codes in docs/guides/troubleshooting.md and its Chinese page: the client meets each of them.

Hints have their Chinese with them. ``error_page.yml`` has that of all other texts.
"""

from __future__ import annotations

import json
import math
import re
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._api import (
    connection_errors,
    error_codes,
    response_errors,
    responses,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    NotConnectedError,
    TooLargeError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import Operation, get_operation
from ansible_collections.jst.retailcloud.plugins.module_utils._api.retry_policy import RetryPolicy
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import (
    Settings,
    resolve_settings,
)
from tests.tools.generate.files import Files, file_with_part, table
from tests.tools.generate.translator import Translator
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "guides" / "troubleshooting.md"
CHINESE_PAGE = ROOT / "docs" / "zh" / "guides" / "troubleshooting.md"
CHINESE = Path(__file__).with_suffix(".yml")
HEAD = ("code", "what happened", "what to do", "retried", "write executed")
SOURCE = "the errors of the client"
READ, WRITE = "ListApp", "CreateApp"
HOST = "the endpoint"
NO_HINT = Hint("See the message.", "见报错信息。")
PROXY = "http://proxy.example:3128"
KEYS = {"access_key_id": "id", "access_key_secret": "secret"}


class Met(NamedTuple):
    """A code, and the error that the client raises for it when it reads and when it writes."""

    code: str
    reading: ApiError
    writing: ApiError


def met(code: str, meet: Callable[[Operation], ApiError]) -> Met:
    """A code with both of its errors."""
    return Met(code, meet(get_operation(READ)), meet(get_operation(WRITE)))


def refused(status: int, code: str = "") -> Callable[[Operation], ApiError]:
    """What the gateway refuses with a status and a code."""
    return lambda called: error_codes.error_for(called, HttpResponse(status, b"", HOST), {"code": code})


def gateway() -> Iterator[Met]:
    """Codes of the gateway. What is not among them is told by its status."""
    for kind in error_codes._CODE_RULES:
        yield met(f"`{kind.prefix}`", refused(400, kind.prefix))
    for status in error_codes.SIZE_HINTS:
        yield met(f"any, HTTP {status}", refused(status, "Other"))
    for status, words in ((401, "401"), (403, "403"), (404, "4xx"), (501, "501"), (503, "5xx")):
        yield met(f"any other, HTTP {words}", refused(status, "Other"))


def answered(status: int, body: bytes, content_type: str = "application/json") -> Callable[[Operation], ApiError]:
    """What an answer is taken for."""

    def meet(called: Operation) -> ApiError:
        try:
            responses.parse(called, HttpResponse(status, body, HOST, content_type))
        except ApiError as error:
            return error
        raise AssertionError(body)

    return meet


def body(**members: object) -> bytes:
    """An answer of the service."""
    return json.dumps({"RequestId": "1", **members}).encode()


def service() -> Iterator[Met]:
    """What the service says with HTTP 200, and what is no answer of it at all."""
    for code in responses.BUSINESS_CODE_HINTS:
        yield met(f"`{code}`", answered(200, body(Code=code, ErrMsg="what the service says")))
    yield met("any other, HTTP 200", answered(200, body(Code=1, ErrMsg="what the service says")))
    yield met("`Unsuccessful`", answered(200, body(Code=0, Success=False)))
    for code in responses._REVIEW_STATES:
        yield met(f"`{code}`", answered(200, body(Code=0, Result={"Admitted": False, "BusinessCode": code})))
    yield met("`DeploymentNotApproved`", answered(200, body(Code=0, Result={"Admitted": False})))
    yield met(
        "`MalformedResponse`", lambda called: response_errors.unexpected_payload_error(called, None, "something else")
    )
    yield met("`UnexpectedResponse`", answered(200, b"<html>", "text/html"))
    yield met("`EmptyResponse`", answered(200, b""))
    yield met("`Redirect`", answered(302, b""))


def network() -> Iterator[Met]:
    """What happens before there is an answer."""
    settings = resolve_settings({**KEYS, "endpoint": "https://endpoint.example"}, {})
    for code, (kind, _text) in connection_errors.CONNECT_FAILURES.items():
        cause = kind.__new__(kind)  # what it would want to know does not matter here
        if isinstance(cause, ssl.SSLError):
            vars(cause).update(reason="what OpenSSL says")
        failed = NotConnectedError()
        failed.__cause__ = cause
        yield met(f"`ConnectionFailed.{code}`", broken(failed, settings, PROXY if code == "Proxy" else None))
    yield met("`ResponseLost.ReadTimeout`", broken(TimeoutError(), settings))
    yield met("`ResponseLost.TooLarge`", broken(TooLargeError(), settings))
    yield met("`ResponseLost.ConnectionLost`", broken(ConnectionResetError(), settings))


def broken(error: Exception, settings: Settings, proxy: str | None = None) -> Callable[[Operation], ApiError]:
    """What comes of an exception."""

    def meet(called: Operation) -> ApiError:
        explained = connection_errors.to_api_error(error, called, settings, proxy)
        assert isinstance(explained, ApiError)
        return explained

    return meet


def row(found: Met) -> list[str | Hint]:
    """Return a line of a table."""
    meaning = str(type(found.reading).__doc__).partition("\n")[0].replace("``", "`")
    return [found.code, meaning, found.reading.hint or NO_HINT, retried(found), executed(found)]


def english(text: str | Hint) -> str:
    """Return the English text, in which the operation and the endpoint are not those of the call."""
    return text.en.replace(READ, "the operation").replace("|", "\\|") if isinstance(text, Hint) else text


def chinese(hint: Hint) -> str:
    """Return the Chinese text of a hint, in which the operation and the endpoint are not those of the call."""
    text = re.sub(f" ?{READ} ?", "该接口", hint.zh)
    return re.sub(f" ?{HOST} ?", "接入地址", text).replace("|", "\\|")


def retried(found: Met) -> str:
    """Which calls are retried without being told to."""
    reads, writes = (
        RetryPolicy(reading, math.inf, lambda: 0.0).next_delay(error) is not None
        for error, reading in ((found.reading, True), (found.writing, False))
    )
    return ("yes" if writes else "reads") if reads else "no"


def executed(found: Met) -> str:
    """Whether a write may have been executed."""
    return "perhaps" if found.writing.unknown_outcome else "no"


def tables(parts: dict[str, list[list[str | Hint]]], translate: Callable[[str | Hint], str]) -> str:
    """Return the tables below their headings."""
    return "\n" + "".join(
        f"### {translate(title)}\n\n{table([*map(translate, HEAD)], ([*map(translate, line)] for line in lines))}\n"
        for title, lines in parts.items()
    )


def render() -> Files:
    """Return the pages with the tables as they are now."""
    parts = {
        "From the gateway": [*map(row, gateway())],
        "From the service": [*map(row, service())],
        "From the connection": [*map(row, network())],
    }
    translate = Translator(CHINESE)
    pages = {
        PAGE: tables(parts, english),
        CHINESE_PAGE: tables(parts, lambda text: chinese(text) if isinstance(text, Hint) else translate(text)),
    }
    translate.finish()
    return {page: file_with_part(page, SOURCE, text) for page, text in pages.items()}
