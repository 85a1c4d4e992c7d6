# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The statuses and results of deploy orders and their pods, with their numbers (reference 5.1.2, 5.1.4, 5.2)."""

from __future__ import annotations

ORDER_STATUSES = {"waiting": 0, "running": 1, "paused": 2, "finished": 3}
POD_STATUSES = {word: number for word, number in ORDER_STATUSES.items() if word != "waiting"}
RESULTS = {"undecided": 0, "succeeded": 1, "failed": 2, "closed": 4}
