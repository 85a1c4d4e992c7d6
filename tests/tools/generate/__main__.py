# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write every generated file that is stale, and delete those that belong to nothing.

Arguments are the names of generators; without any, all of them run.
"""

from __future__ import annotations

import sys

from tests.tools.generate.registry import stale
from tests.tools.run_in_collection import ROOT


def main() -> None:
    """Write and delete, and print what changed."""
    for path, text in stale(*sys.argv[1:]).items():
        print(f"{'deleted' if text is None else 'wrote'} {path.relative_to(ROOT)}")
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
