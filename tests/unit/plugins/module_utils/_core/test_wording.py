# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of messages."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import count_words


@pytest.mark.parametrize(("count", "words"), [(0, "0 instances"), (1, "1 instance"), (2, "2 instances")])
def test_only_one_thing_is_singular(count: int, words: str) -> None:
    assert count_words(count, "instance") == words
