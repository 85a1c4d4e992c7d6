# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write files as a whole or not at all.

The content is first written to a hidden file in the same folder. Ansible reads no hidden file of an inventory, so one
that a killed run leaves is harmless.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX, SUFFIX = ".jst-", ".tmp"
_RANDOM = "[a-z0-9_]" * 8


def replace_file(path: Path, content: bytes, mode: int) -> None:
    """Write a file as a whole or not at all. A symbolic link in its place is replaced, not followed.

    :param mode: the permissions of the file.
    :raises OSError: when it cannot be written.
    """
    handle, temporary = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=str(path.parent))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, str(path))
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove the hidden files that killed runs have left in a folder, as far as that is possible."""
    for path in folder.glob(f"{PREFIX}{_RANDOM}{SUFFIX}"):
        with suppress(OSError):
            path.unlink()
