# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the targets of ``tests/integration`` by ``ansible-test integration``, without containers.

Each target starts an emulator of its own, unless ``tests/integration/integration_config.yml`` names an account.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.tools.run_in_collection import BUILD, ROOT, environment
from tests.tools.stage import stage

COLLECTIONS = BUILD / "integration"
CONFIG = Path("tests", "integration", "integration_config.yml")


def main(options: Sequence[str]) -> int:
    """Run ``ansible-test integration``; return its exit code.

    :param options: options of ansible-test and names of targets; without a name, all targets run.
    """
    config = ROOT / CONFIG
    return run(options, config.read_text(encoding="utf-8") if config.exists() else None)


def run(options: Sequence[str], config: str | None) -> int:
    """Run ``ansible-test integration`` in a copy of the checkout; return its exit code.

    :param config: the content of ``integration_config.yml``, None to run against emulators. It holds secrets, so the
        copy is removed in the end.
    """
    collection = stage(COLLECTIONS)
    copy = collection / CONFIG
    try:
        if config is not None:
            copy.touch(mode=0o600)
            copy.write_text(config, encoding="utf-8")
        command = ["ansible-test", "integration", *options]
        return subprocess.run(command, cwd=collection, env=environment(COLLECTIONS), check=False).returncode
    finally:
        copy.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
