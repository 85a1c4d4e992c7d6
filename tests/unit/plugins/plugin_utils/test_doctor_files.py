# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of an examination: what they do not replace, and a disk that takes no more."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.doctor_files import check_files, write_private


def test_a_named_pipe_is_not_waited_for_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for files in ((str(pipe), None, None), (None, str(pipe), None), (None, None, str(pipe))):
        with pytest.raises(ConfigError, match=str(pipe)):
            check_files(*files)


def test_two_files_at_one_place_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    one, same = str(tmp_path / "folder" / "file"), str(tmp_path / "link" / "file")
    with pytest.raises(ConfigError, match="doctor_record and doctor_json name the same place"):
        check_files(one, None, same)
    with pytest.raises(ConfigError, match="doctor_report and doctor_json name the same place"):
        check_files(None, one, same)
    check_files(one, f"{one}-report", f"{one}.json")


def test_an_error_without_a_name_gets_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "doctor.json"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            write_private(str(path), "x" * 11)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []
