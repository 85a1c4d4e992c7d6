# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that an examination writes: only over earlier ones of the same type."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import Hint
from ansible_collections.jst.retailcloud.plugins.plugin_utils.atomic_files import replace_file

WORLD_HEAD = "# An account as it was recorded: start the emulator with jst-emulator --world and this file.\n"
"""The first line of each recorded world. A file without it is not replaced."""

REPORT_FILE = "doctor.json"
_NOT_REPLACED_HINT = Hint(
    "The file is not replaced. Name another file, or remove this file.",
    "不会覆盖该文件。请指定其他文件，或删除该文件。",
)
_SUMMARY_MEMBERS = frozenset(["findings", "operations", "permissions", "well"])


def check_files(record: str | None, report: str | None, result: str | None) -> None:
    """Check that the files of an examination can be written. None stands for no file.

    :raises ConfigError: when a file would be replaced that no examination wrote, its folder is missing, or two of them
        have the same path.
    :raises OSError: when one cannot be read.
    """
    variables: dict[str, str] = {}
    for variable, path in (("doctor_record", record), ("doctor_report", report), ("doctor_json", result)):
        if path:
            place = _place_of(path)
            if place in variables:
                raise ConfigError(
                    f"{variables[place]} and {variable} name the same place: {path}",
                    Hint("Name another one for each.", "请分别指定不同的位置。"),
                )
            variables[place] = variable
    for path, check in ((record, _check_record), (report, _check_report), (result, _check_result)):
        if path:
            check(path)


def _check_record(path: str) -> None:
    """Check that a world can be recorded to a file.

    :raises ConfigError: when the folder is missing, or the file is not a recorded world.
    :raises OSError: when the file cannot be read.
    """
    _check_folder_of("doctor_record", path)
    if os.path.isdir(path):
        raise ConfigError(f"doctor_record names a folder: {path}", Hint("Name a file.", "请指定文件，而不是目录。"))
    # Opening a named pipe would wait for a writer.
    if os.path.exists(path) and not (os.path.isfile(path) and _begins_with(path, WORLD_HEAD)):
        raise ConfigError(
            f"doctor_record names a file that is not a recorded account: {path}",
            _NOT_REPLACED_HINT,
        )


def _check_report(folder: str) -> None:
    """Check that a report can be written to a folder.

    :raises ConfigError: when it is not a folder, or holds anything but a report.
    :raises OSError: when it cannot be read.
    """
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        raise ConfigError(f"doctor_report names a file: {folder}", Hint("Name a folder.", "请指定目录，而不是文件。"))
    if os.listdir(folder) and not _is_result(os.path.join(folder, REPORT_FILE)):
        raise ConfigError(
            f"doctor_report names a folder that is not empty and holds no report: {folder}",
            Hint("Name another folder.", "请指定其他目录。"),
        )


def _check_result(path: str) -> None:
    """Check that the result can be written to a file.

    :raises ConfigError: when the folder is missing, or the file is not such a result.
    :raises OSError: when the file cannot be read.
    """
    _check_folder_of("doctor_json", path)
    if os.path.exists(path) and not _is_result(path):
        raise ConfigError(
            f"doctor_json names something that is not a result of doctor: {path}",
            _NOT_REPLACED_HINT,
        )


def _place_of(path: str) -> str:
    """Return the absolute path, with links in its folders followed. A link as the last part is replaced."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def _check_folder_of(variable: str, path: str) -> None:
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise ConfigError(
            f"The folder of {variable} does not exist: {folder}",
            Hint("Create it, or name another file.", "请创建该目录，或指定其他文件。"),
        )


def _begins_with(path: str, head: str) -> bool:
    expected = head.encode()
    with open(path, "rb") as file:
        return file.read(len(expected)) == expected


def _is_result(path: str) -> bool:
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        try:
            content = json.loads(file.read())
        except ValueError:
            return False
    return isinstance(content, dict) and set(content) >= _SUMMARY_MEMBERS


def write_json(path: str, content: Any) -> None:
    """Write JSON to a file that only its owner can read.

    :raises OSError: when it cannot be written.
    """
    write_private(path, f"{json.dumps(content, ensure_ascii=False, indent=2)}\n")


def write_private(path: str, text: str) -> None:
    """Write a file that only its owner can read. A link in its place is replaced, not followed.

    :raises OSError: when it cannot be written. It names the file.
    """
    try:
        replace_file(Path(path), text.encode(), 0o600)
    except OSError as error:
        # A full disk names no file, other failures the hidden one.
        raise OSError(error.errno, error.strerror, path) from None
