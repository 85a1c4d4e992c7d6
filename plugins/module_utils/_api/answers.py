# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Answers of all 82 operations in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a call brought back.

    action: the operation.
    request_id: from the body, else from the header ``x-acs-request-id``.
    data: the payload (Result or Data) with snake_case keys and values as sent, None where there is none.
    total_count: how many records there are in all by the word of the API, None where it does not say.
    page_size: how many records the API says it puts on a page, None where it does not say.
    """

    action: str
    request_id: str | None
    data: dict[str, Any] | list[Any] | None
    total_count: int | None
    page_size: int | None = None
