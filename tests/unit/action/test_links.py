# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module leads to the one action."""

from __future__ import annotations

import os

from checkout import ROOT

PLUGINS = ROOT / "plugins"
REMEDY = "ln -s ../plugin_utils/action.py plugins/action/MODULE.py"


def test_every_module_has_its_link() -> None:
    links = {file.name: os.readlink(file) for file in (PLUGINS / "action").iterdir() if file.is_symlink()}
    modules = {file.name for file in (PLUGINS / "modules").glob("jst_*.py")}
    assert links == dict.fromkeys(modules, "../plugin_utils/action.py"), REMEDY


def test_there_is_nothing_but_links() -> None:
    others = [file.name for file in (PLUGINS / "action").iterdir() if not file.is_symlink()]
    assert [name for name in others if name != "__pycache__"] == []
