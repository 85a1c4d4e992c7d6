# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plots of the page about performance, as SVG, out of the figures that ``make bench`` has kept.

``workflow`` draws the picture of the guide to AWX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.tools.plots import task_time, wall_time
from tests.tools.plots.svg import LOOKS

DRAWN = {"wall-time": wall_time.draw, "task-time": task_time.draw}


def drawings(figures: Mapping[str, Any]) -> dict[str, str]:
    """Return each plot by the name of its file, for the light and for the dark look of the site."""
    return {f"{name}{look.suffix}.svg": draw(figures, look) for name, draw in DRAWN.items() for look in LOOKS}
