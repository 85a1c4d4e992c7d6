# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account of sixty apps of all kinds, adopted, compared by every playbook, and left as it is: ``make adopt``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conformance import odd_account
from tests.conformance.emulators import Emulators
from tests.conformance.forkserver import fork_servers
from tests.conformance.odd_account import Account
from tests.conformance.test_adopt import RDS, adopt, contents, drift_counts, run, writes
from tests.conformance.test_bring_up import recap

APPS = 60


@pytest.fixture(scope="module")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulators]:
    """Return the emulators of this test process."""
    with ExitStack() as stack:
        yield Emulators(stack, tmp_path_factory)
    fork_servers.stop()


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_sixty_apps(emulators: Emulators, tmp_path: Path, answers: str) -> None:
    address = emulators.fresh(answers)
    account = Account(address)
    odd_account.create_odd_apps(account)
    full = odd_account.create_full_apps(account)
    odd_account.create_databases(account)
    odd_account.create_many_apps(account, APPS - len(odd_account.ODD_TITLES) - len(full) - 1)
    before = writes(address)
    result, output = adopt(address, tmp_path, RDS)
    assert result["report"][-1] == f"{APPS} apps, 0 differences", output
    for playbook, options in (("bring_up", ["--check"]), ("fleet", ["--check"]), ("bring_up", []), ("fleet", [])):
        _records, output = run(address, tmp_path, playbook, *options, "--forks", "2")
        counts = recap(output).values()
        assert len(counts) == APPS
        assert all((one["changed"], one["failed"]) == (0, 0) for one in counts), output
        assert writes(address) == before
    assert drift_counts(address, tmp_path) == {"apps": APPS, "as_described": APPS - 1, "not_known": 1, "ignored": 9}
    written = contents(tmp_path)
    result, _output = adopt(address, tmp_path, RDS)
    assert result["written"] == []
    assert contents(tmp_path) == written
