# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provide a populated account to the tests, and set how many examples they try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.fuzz.harness import Harness, harness
from tests.fuzz.populated_account import populate
from tests.tools.run_in_collection import BUILD

set_hypothesis_home_dir(BUILD / "cache" / "hypothesis")
_COMMON: dict[str, Any] = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
# The same examples in every run, or many others in each.
settings.register_profile(
    "usual", max_examples=4, derandomize=True, phases=[Phase.explicit, Phase.generate, Phase.shrink], **_COMMON
)
settings.register_profile("long", max_examples=60, print_blob=True, **_COMMON)
settings.load_profile("usual")


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    """Return a harness with a resource of every kind. Tests restore the state that they need."""
    with harness(tmp_path_factory.mktemp("home")) as one:
        populate(one)
        yield one
