# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the files of an inventory, of which some may be encrypted with ansible-vault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import is_encrypted

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError

_VAULT_LABEL = re.compile(rb"\$ANSIBLE_VAULT;1\.2;\w+;(\S+)")


@dataclass(frozen=True)
class Folder:
    """The directory of an inventory.

    :ivar loader: has the vault secrets of the run; without one nothing is decrypted.
    """

    path: Path
    loader: DataLoader | None = None

    def read(self, path: str) -> bytes | None:
        """Return the content of a file as it is stored, ``None`` when the file does not exist.

        :raises InvalidOptionError: when it cannot be read.
        """
        return read_file(self.path / path)

    def read_plain(self, path: str) -> bytes | None:
        """Return the decrypted content of a file, ``None`` also when no given password decrypts it.

        :raises InvalidOptionError: when the file cannot be read.
        """
        content = self.read(path)
        return None if content is None else self.decrypt(content)

    def decrypt(self, content: bytes) -> bytes | None:
        """Return a content in plain text, ``None`` when no given password decrypts it."""
        if not is_encrypted(content):
            return content
        if self.loader is None:
            return None
        try:
            # The loader has no public way to decrypt a text.
            plain: bytes = self.loader._vault.decrypt(content)
        except AnsibleError:
            return None
        return plain

    def is_locked(self, path: str) -> bool:
        """Return whether a file exists and no given password decrypts it."""
        content = self.read(path)
        return content is not None and self.decrypt(content) is None


def unlock_advice(paths: Iterable[Path]) -> str:
    """Return how to give the vault passwords that files take."""
    labels = sorted({label for path in paths for label in _VAULT_LABEL.findall(read_file(path) or b"")})
    given = " ".join(f"--vault-id {label.decode('utf-8', 'replace')}@prompt" for label in labels)
    return f"Run again with {given or '--ask-vault-pass or --vault-password-file'}."


def read_file(path: Path) -> bytes | None:
    """Return the content of a file, ``None`` when it does not exist.

    :raises InvalidOptionError: when it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidOptionError(f"Cannot read {path}: {error.strerror}.") from None
