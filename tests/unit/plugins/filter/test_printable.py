# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts for a terminal."""

from __future__ import annotations

from ansible_collections.jst.retailcloud.plugins.filter.printable import FilterModule


def test_texts_at_every_level_are_for_one_line_of_a_terminal() -> None:
    printable = FilterModule().filters()["printable"]
    found = {"title": "a\x1b[2J\n0 differ", "names": ["\u202eb", ("c\td", "订单")], "count": 2, "is": True, "no": None}
    assert printable(found) == {
        "title": r"a\x1b[2J\n0 differ",
        "names": [r"\u202eb", ["c\td", "订单"]],
        "count": 2,
        "is": True,
        "no": None,
    }
    assert printable("\x9b\r") == r"\x9b\r"
