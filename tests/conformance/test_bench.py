# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of a fleet compares the same calls with Ansible and without it."""

from __future__ import annotations

from pathlib import Path

from tests.bench.rehearsal import CLIENT, PLAIN, fleet, rehearsal, threads

APPS = 2


def test_the_calls_of_a_fleet_without_ansible_are_those_of_the_playbook(tmp_path: Path) -> None:
    with rehearsal(tmp_path, APPS) as on:
        on.run(fleet(APPS), APPS, 0)
        again = on.run(fleet(APPS), APPS, 0)
        plain, client = (on.run(threads(kind), APPS, 0) for kind in (PLAIN, CLIENT))
    assert again.calls == plain.calls == client.calls
