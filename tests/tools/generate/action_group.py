# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action group in meta/runtime.yml: every module is a member."""

from __future__ import annotations

from tests.tools.generate.files import Files, as_yaml, file_with_part
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import NAMESPACE, ROOT

RUNTIME = ROOT / "meta" / "runtime.yml"


def render() -> Files:
    """Return the file with the members of the group."""
    return {RUNTIME: file_with_part(RUNTIME, "the names of the modules", as_yaml({NAMESPACE: MODULES}))}
