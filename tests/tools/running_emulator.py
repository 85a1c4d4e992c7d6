# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run an emulator for a block."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from tests.tools.run_in_collection import BUILD

GREETING = "jst-emulator listening on "


@contextmanager
def emulator(*options: str, log: Path = BUILD / "emulator.log") -> Iterator[str]:
    """Start the emulator on a free port with further command-line ``options`` and stop it at the end of the block.

    Yields its address, ``http://127.0.0.1:PORT``. What it prints after that goes to ``log``.
    Raises RuntimeError when it does not come up.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "jst_emulator", "--port", "0", *options]
    with (
        log.open("w") as sink,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sink, text=True) as process,
    ):
        assert process.stdout is not None
        greeting = process.stdout.readline()
        drain = Thread(target=shutil.copyfileobj, args=(process.stdout, sink))
        drain.start()
        try:
            if not greeting.startswith(GREETING):
                raise RuntimeError(f"the emulator said {greeting!r} instead of its address, see {log}")
            yield greeting.removeprefix(GREETING).strip()
        finally:
            process.terminate()
            process.wait()
            drain.join()


def access(address: str) -> dict[str, str]:
    """Return the environment variables that connect modules to an emulator, with its default key pair."""
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "emulator-key-id",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "emulator-key-secret",
        "ALIBABA_CLOUD_ENDPOINT": address,
    }
