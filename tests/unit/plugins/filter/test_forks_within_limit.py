# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks and the limit of open files."""

from __future__ import annotations

import re
import resource
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.jst.retailcloud.plugins.filter.forks_within_limit import forks_within_limit
from tests.tools.run_in_collection import ROOT

# These need one worker: adopt and awx have one host, and the tasks of doctor and notify run once.
ONE_WORKER = ("adopt", "awx", "doctor", "notify")
PLAYBOOKS = [path for path in sorted((ROOT / "playbooks").glob("*.yml")) if path.stem not in ONE_WORKER]


@pytest.fixture
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit that most systems begin with."""
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 4096))


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize(("forks", "hosts"), [(5, 1000), (240, 1000), (400, 240), ("400", 3), (400, 0)])
def test_as_many_as_the_limit_allows(forks: int, hosts: int) -> None:
    assert forks_within_limit("100%", forks, hosts) == "100%"


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize(("forks", "hosts"), [(400, 1000), (1000, 400)])
def test_more_than_the_limit_allows(forks: int, hosts: int) -> None:
    with pytest.raises(
        AnsibleFilterError, match="400 forks need about 1664 open files, and the limit of open files is 1024"
    ) as told:
        forks_within_limit(forks, forks, hosts)
    assert "Use at most 240 forks, or raise the limit with: ulimit -n 1664" in str(told.value)


def test_one_fork_is_no_plural(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (68, 68))
    with pytest.raises(AnsibleFilterError, match="Use at most 1 fork, or raise"):
        forks_within_limit("100%", 9, 9)


def test_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert forks_within_limit(7, 10000, 10000) == 7


@pytest.mark.parametrize("size", [1, "5", "30%", [1, "10%", "100%"]])
def test_sizes_of_batches(size: Any) -> None:
    assert forks_within_limit(size, 1, 1) == size


@pytest.mark.parametrize(
    ("size", "named"),
    [("abc", "'abc'"), (True, "True"), (0, "0"), (-1, "-1"), ([], "[]"), ([1, "x%"], "'x%'")],
)
def test_what_is_no_size_of_a_batch(size: Any, named: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"^{re.escape(named)} is not a batch size"):
        forks_within_limit(size, 1, 1)


@pytest.mark.parametrize(
    ("value", "limited"),
    [(3, 3), (9, 5), ("9", 5), ("25%", "25%"), ("30%", 5), ("100%", 5), ([1, "20%", "100%"], [1, "20%", 5])],
)
def test_batches_are_no_larger_than_the_largest(value: Any, limited: Any) -> None:
    assert forks_within_limit(value, 5, 20, max_batch=5) == limited


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.stem)
def test_every_playbook_asks(playbook: Path) -> None:
    """Each has a play that is limited before a worker starts, and none has a strategy that waits forever."""
    plays = yaml.safe_load(playbook.read_text())
    assert [play for play in plays if "forks_within_limit(ansible_forks, " in play.get("serial", "")]
    assert [play for play in plays if "jst_serial | default(" in play.get("serial", "")]
    assert {play.get("strategy", "ansible.builtin.linear") for play in plays} == {"ansible.builtin.linear"}
