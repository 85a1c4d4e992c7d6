# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source warns about a database of the engine that others can read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.beginning import exposed_databases


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that other users can enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def database(folder: Path, mode: int) -> Path:
    """Create what the engine creates."""
    file = folder / "engine.mv.db"
    file.write_text("bodies")
    file.chmod(mode)
    (folder / "engine.trace.db").write_text("")
    return file


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_database_that_others_can_read_is_named(folder: Path, mode: int) -> None:
    file = database(folder, mode)
    [message] = exposed_databases(str(folder / "state.json"))
    assert f"can read {file.resolve()}, in which" in message


def test_a_private_database_is_no_problem(folder: Path) -> None:
    database(folder, 0o600)
    assert list(exposed_databases(str(folder / "state.json"))) == []


def test_a_private_directory_protects_what_is_below(folder: Path) -> None:
    (folder / "private" / "engine").mkdir(parents=True)
    database(folder / "private" / "engine", 0o644)
    state = str(folder / "private" / "engine" / "state.json")
    assert len(list(exposed_databases(state))) == 1
    (folder / "private").chmod(0o700)
    assert list(exposed_databases(state)) == []


def test_without_a_folder_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert list(exposed_databases(None)) == []
    assert list(exposed_databases(str(tmp_path / "missing" / "state.json"))) == []
