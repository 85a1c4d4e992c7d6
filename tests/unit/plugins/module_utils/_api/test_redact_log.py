# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed release tells without telling secrets."""

from __future__ import annotations

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
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    """The value goes, the name and the rest stay."""
    shown = redact_log(text)
    assert "hunter2" not in shown
    assert "********" in shown


def test_the_rest_of_a_log_stays() -> None:
    """A log that holds no secret is shown as it is."""
    text = "Fatal: could not start\nCaused by: java.net.ConnectException: refused at 10.0.0.1:3306"
    assert redact_log(text) == text
