# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of environments: their numbers, words and labels."""

from __future__ import annotations

#: The words for the numbers (reference 1.2.3).
ENV_TYPE_WORDS = {0: "test", 1: "online"}
#: The Chinese labels of the numbers (reference 5.2.2).
ENV_TYPE_LABELS = {0: "测试", 1: "正式"}
#: The types of the clusters that environments of a number run on.
CLUSTER_ENV_TYPES = {0: "TEST", 1: "PRO"}
