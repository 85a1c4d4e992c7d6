# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module gives the same result inside the worker and in a process of its own, to the last key."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.tools.parity import faults, run_both_ways
from tests.tools.parity_cases import CASES


def test_results_do_not_depend_on_where_the_module_ran(tmp_path: Path, subtests: pytest.Subtests) -> None:
    # One test, so that the playbook runs once each way, however many processes share the tests.
    inside, outside = run_both_ways(Path(sys.executable), tmp_path)
    for case in CASES:
        with subtests.test(case.name):
            assert not faults(case, inside, outside)
