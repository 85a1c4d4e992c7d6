# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this folder share. It stands in a file of its own, since mypy knows one conftest on its path."""

from __future__ import annotations

from fixtures import furnished

__all__ = ["furnished"]
