# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module leads to the one action."""

from __future__ import annotations

from checkout import ROOT

PLUGINS = ROOT / "plugins"
REMEDY = "cp plugins/action/jst_app.py plugins/action/MODULE.py"


def test_every_module_has_the_same_action() -> None:
    text = (PLUGINS / "action" / "jst_app.py").read_text(encoding="utf-8")
    modules = {file.name for file in (PLUGINS / "modules").glob("jst_*.py")}
    actions = {file.name: file.read_text(encoding="utf-8") for file in (PLUGINS / "action").glob("*.py")}
    assert actions == dict.fromkeys(modules, text), REMEDY


def test_they_are_no_links() -> None:
    assert [file.name for file in (PLUGINS / "action").iterdir() if file.is_symlink()] == []
