# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that a playbook on ``ansible.builtin.uri`` needs, since the API takes signed requests only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.bench.signing import signed


class FilterModule:
    """Found by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"signed": signed}
