# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing the client costs, against importing requests alone."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from statistics import median

from tests.bench.measuring import in_turns
from tests.bench.tables import Findings, Table
from tests.tools.run_in_collection import ROOT

COLLECTIONS = ROOT / ".venv" / "collections"
CLIENT = "ansible_collections.jst.retailcloud.plugins.module_utils._api.client"
ROUNDS, QUICK_ROUNDS = 15, 5

CODE = f"""
import sys, time
sys.path.append({str(COLLECTIONS)!r})
start = time.process_time()
import {{}}
print(time.process_time() - start)
"""


def cost(module: str) -> float:
    """The seconds of CPU that a fresh interpreter takes to import a module; the first time compiles it."""
    done = subprocess.run([sys.executable, "-c", CODE.format(module)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure(quick: bool) -> Findings:
    """Compare them."""
    modules = ("requests", CLIENT)
    for module in modules:
        cost(module)
    costs = in_turns({name: partial(cost, name) for name in modules}, QUICK_ROUNDS if quick else ROUNDS)
    plain, client = (median(costs[name]) for name in modules)
    table = Table(
        "Imports",
        ("import", "CPU, ms", "of requests"),
        [("requests", plain * 1000, 1.0), ("_api.client", client * 1000, client / plain)],
    )
    figures = {
        "client_import_vs_requests": client / plain,
        "imports": {"requests_ms": plain * 1000, "client_ms": client * 1000},
    }
    return Findings([table], figures)
