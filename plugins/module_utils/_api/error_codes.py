# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The gateway's error codes: the exception for each, and the hint for the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import (
    HTTP_CODE_PREFIX,
    ApiError,
    AuthenticationError,
    BusinessError,
    PermissionDeniedError,
    RequestRejectedError,
    ServiceFailureError,
    ThrottledError,
)
from .hints import Hint
from .retry_policy import CLOCK_CODES, EXPIRED_TOKEN, TRANSIENT_STATUS

if TYPE_CHECKING:
    from .http_response import HttpResponse
    from .operations import Operation

_STRING_TO_SIGN = re.compile(r"[\s(,;]*server\s+(string\s?to\s?sign|canonical\s?request)\b.*", re.I | re.S)


class _CodeRule(NamedTuple):
    """The exception and the hint for codes with a prefix."""

    prefix: str
    error: type[ApiError]
    hint: Hint | None = None


_CLOCK_HINT = Hint("Synchronize the clock of this machine, for example with NTP.", "请校准本机时钟，例如使用 NTP。")
_ENDPOINT_HINT = Hint(
    "Check that the endpoint is a retailcloud endpoint.",
    "请确认 endpoint 填的是 retailcloud 的接入地址。",
)
_FAILED_HINT = Hint(
    "The service failed: contact Alibaba Cloud support with the request id.",
    "服务端出错：请向阿里云技术支持提供请求 ID。",
)

# The first match counts, so a longer prefix stands before a shorter one.
_CODE_RULES = (
    _CodeRule(
        "Throttling",
        ThrottledError,
        Hint(
            "Too many requests at once: lower forks or throttle, or raise retry_timeout.",
            "同时发出的请求太多：请减小 forks 或 throttle，或增大 retry_timeout。",
        ),
    ),
    _CodeRule(
        "InvalidAccessKeyId.Inactive",
        AuthenticationError,
        Hint(
            "This access key is disabled: enable it in the RAM console or use another one.",
            "该访问密钥已被禁用：请在 RAM 控制台启用，或换用其他访问密钥。",
        ),
    ),
    _CodeRule(
        "InvalidAccessKeyId",
        AuthenticationError,
        Hint(
            "Nobody has this access key id: check access_key_id, the profile and the environment for a typing error, "
            "a deleted key, or an STS key without its security_token.",
            "该 AccessKey ID 不存在：请检查 access_key_id、profile 和环境变量，"
            "看是否有拼写错误、访问密钥是否已删除，或者 STS 访问密钥是否缺少 security_token。",
        ),
    ),
    _CodeRule(
        "SignatureDoesNotMatch",
        AuthenticationError,
        Hint(
            "The access key id is known and the secret does not belong to it: check access_key_secret, "
            "and that key id and secret come from the same pair.",
            "AccessKey ID 存在，但 AccessKey Secret 与之不符：请检查 access_key_secret，并确认两者属于同一个访问密钥。",
        ),
    ),
    _CodeRule(
        "IncompleteSignature",
        AuthenticationError,
        Hint(
            "The gateway could not read the signature: check access_key_secret, and that no proxy changes requests.",
            "网关无法读取签名：请检查 access_key_secret，并确认没有代理改动请求。",
        ),
    ),
    _CodeRule("InvalidTimeStamp", AuthenticationError, _CLOCK_HINT),
    _CodeRule("IllegalTimestamp", AuthenticationError, _CLOCK_HINT),
    _CodeRule(
        EXPIRED_TOKEN,
        AuthenticationError,
        Hint(
            "The security token has expired and its source has no newer one: log in or assume the role again.",
            "security token 已过期，其来源也没有更新的 security token：请重新登录，或重新扮演角色。",
        ),
    ),
    _CodeRule(
        "InvalidSecurityToken",
        AuthenticationError,
        Hint(
            "Check security_token: it must be complete, and from the same response of STS as the key id and the "
            "secret.",
            "请检查 security_token：它必须完整，并且与 AccessKey ID、AccessKey Secret 来自 STS 的同一次响应。",
        ),
    ),
    _CodeRule(
        "MissingSecurityToken",
        AuthenticationError,
        Hint(
            "This is a temporary access key: give the security_token that came with it.",
            "这是临时访问密钥：请同时设置与它一起取得的 security_token。",
        ),
    ),
    _CodeRule("MissingAccessKeyId", AuthenticationError, Hint("Check access_key_id.", "请检查 access_key_id。")),
    _CodeRule(
        "SignatureNonceUsed",
        RequestRejectedError,
        Hint(
            "The gateway has received the same request before: check whether a proxy sends requests twice.",
            "网关已收到过同一个请求：请检查途经的代理等设备是否把请求发送了两次。",
        ),
    ),
    _CodeRule("NoPermission", PermissionDeniedError),
    _CodeRule("Forbidden", PermissionDeniedError),
    _CodeRule(
        "InvalidAction.NotFound",
        RequestRejectedError,
        Hint(
            "The endpoint does not have this operation: check that it is a retailcloud endpoint.",
            "该接入地址不提供此接口：请确认 endpoint 填的是 retailcloud 的接入地址。",
        ),
    ),
    _CodeRule("InvalidApi.NotFound", RequestRejectedError, _ENDPOINT_HINT),
    _CodeRule("InvalidProduct.NotFound", RequestRejectedError, _ENDPOINT_HINT),
    _CodeRule("InvalidVersion", RequestRejectedError, _ENDPOINT_HINT),
    _CodeRule(
        "InvalidProtocol.NeedSsl",
        RequestRejectedError,
        Hint("Give the endpoint with https://.", "请把 endpoint 设为以 https:// 开头的接入地址。"),
    ),
    _CodeRule(
        "system.error",
        ServiceFailureError,
        Hint(
            "The service failed (the reference documents this code for monitoring). Try again later, or contact "
            "Alibaba Cloud support with the request id.",
            "服务端出错（API 参考的监控部分列出了该错误码）。请稍后再试，或向阿里云技术支持提供请求 ID。",
        ),
    ),
)

SIZE_HINTS = {
    413: Hint(
        "The body of the request is too large for the gateway or a proxy: send smaller documents.",
        "请求体超过了网关或途经代理的上限：请减小 Kubernetes 文档。",
    ),
    414: Hint(
        "The URL of the request is too long for the gateway or a proxy: send shorter values.",
        "请求的 URL 超过了网关或途经代理的上限：请缩短参数值。",
    ),
    431: Hint(
        "The headers of the request are too large for the gateway or a proxy: check security_token.",
        "请求头超过了网关或途经代理的上限：请检查 security_token。",
    ),
}
"""Hints for HTTP statuses about sizes."""


def error_for(operation: Operation, response: HttpResponse, body: Mapping[str, Any]) -> ApiError:
    """Return the error for a response with HTTP status 4xx or 5xx.

    :param body: the response with lower-case keys.
    """
    code = str(body.get("code") or f"{HTTP_CODE_PREFIX}{response.status}")
    text = response.redact(_STRING_TO_SIGN.sub("", str(body.get("message") or "")).strip())
    rule = _rule_for(code, response.status)
    hint = rule.hint
    if code in CLOCK_CODES and response.skew is not None:
        hint = _clock_hint(response.skew)
    elif rule.error is PermissionDeniedError:
        hint = _permission_hint(operation, body)
    elif response.status in SIZE_HINTS:
        hint = SIZE_HINTS[response.status]
    elif response.status == 501:
        hint = Hint(
            "The endpoint does not offer this: check that it is a retailcloud endpoint.",
            "该接入地址不提供此功能：请确认 endpoint 填的是 retailcloud 的接入地址。",
        )
    # Only HTTP 429 and throttling codes are certain to come before execution, whatever the headers say.
    throttled = rule.error is ThrottledError
    server_side = rule.error is ServiceFailureError
    replayed = code.startswith("SignatureNonceUsed")
    retry_later = bool(response.retry_after) and not throttled
    return rule.error(
        text or f"the gateway returned HTTP {response.status} without a message",
        action=operation.name,
        code=code,
        http_status=response.status,
        request_id=str(body["requestid"]) if body.get("requestid") else response.request_id,
        # The nonce was new, so the gateway has received a first copy of the request.
        unknown_outcome=(server_side or replayed or retry_later) and not operation.is_read,
        transient=throttled or replayed or retry_later or (server_side and response.status in TRANSIENT_STATUS),
        retry_after=response.retry_after,
        hint=hint,
    )


def error_type(code: str, status: int) -> type[ApiError]:
    """Return the class of the error for a response with this code and HTTP status 4xx or 5xx."""
    return _rule_for(code, status).error


def _rule_for(code: str, status: int) -> _CodeRule:
    if status == 429:
        return _CODE_RULES[0]
    for rule in _CODE_RULES:
        if code.startswith(rule.prefix):
            return rule
    if status >= 500:
        return _CodeRule("", ServiceFailureError, _FAILED_HINT)
    if status == 401:
        return _CodeRule("", AuthenticationError)
    if status == 403:
        return _CodeRule("", PermissionDeniedError)
    # The gateway's own codes are above. Any other code is the service's, whatever its HTTP status: the reference
    # documents a single error code (4.2, 4.3).
    is_own = code.startswith(HTTP_CODE_PREFIX) or status in SIZE_HINTS
    return _CodeRule("", RequestRejectedError if is_own else BusinessError)


def _permission_hint(operation: Operation, body: Mapping[str, Any]) -> Hint:
    detail = body.get("accessdenieddetail")
    known = [
        f"{word} {detail[key]}"
        for key, word in (
            ("AuthAction", "action"),
            ("AuthPrincipalDisplayName", "principal"),
            ("NoPermissionType", "denial"),
            ("PolicyType", "policy"),
        )
        if isinstance(detail, Mapping) and detail.get(key)
    ]
    if not known:
        return Hint(
            "The account or RAM user of this access key may not call {operation}: grant it.",
            "该访问密钥所属的账号或 RAM 用户无权调用 {operation}：请授予权限。",
            operation=operation.name,
        )
    return Hint(
        "The account or RAM user of this access key may not call {operation}: grant it ({details}).",
        "该访问密钥所属的账号或 RAM 用户无权调用 {operation}：请授予权限（{details}）。",
        operation=operation.name,
        details=", ".join(known),
    )


def _clock_hint(skew: float) -> Hint:
    """Return the hint for a clock that is ``skew`` seconds behind the gateway's."""
    seconds = f"{abs(skew):.0f}"
    if skew > 0:
        return Hint(
            "The clock of this machine is {seconds} s behind the clock of the gateway. Synchronize it, for example "
            "with NTP.",
            "本机时钟比网关慢 {seconds} 秒。请校准时钟，例如使用 NTP。",
            seconds=seconds,
        )
    return Hint(
        "The clock of this machine is {seconds} s ahead of the clock of the gateway. Synchronize it, for example "
        "with NTP.",
        "本机时钟比网关快 {seconds} 秒。请校准时钟，例如使用 NTP。",
        seconds=seconds,
    )
