# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Hypothesis tries examples, in whichever selection of the unit tests."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.tools.run_in_collection import BUILD

set_hypothesis_home_dir(BUILD / "cache" / "hypothesis")
# The same examples in every run, none kept on disk, and no limit that a busy machine could break.
settings.register_profile("collection", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("collection")
