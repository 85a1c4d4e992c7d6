# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be a template is marked, for an ansible-core that evaluates what is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils import unsafe


class Marked(str):
    """As ansible-core's, before 2.19."""


def test_marks_what_may_be_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsafe, "MARK", Marked)
    heading = "#jinja2: variable_start_string:'[['\n[[ 1 ]]"
    value: dict[str, Any] = {
        "a": ["{{ 1 }}", "plain", {"b": "{% if true %}"}],
        "c": ("{# #}", heading),
        "d": 1,
        "e": None,
    }
    made = unsafe.mark_unsafe(value)
    assert made == {**value, "c": list(value["c"])}
    marked = [made["a"][0], made["a"][2]["b"], *made["c"]]
    assert [type(text) for text in marked] == [Marked] * 4
    assert not isinstance(made["a"][1], Marked)


def test_leaves_the_rest_to_a_core_that_evaluates_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsafe, "MARK", None)
    value = ["{{ 1 }}"]
    assert unsafe.mark_unsafe(value) is value
