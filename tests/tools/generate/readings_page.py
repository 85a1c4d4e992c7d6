# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the emulator's readings: docs/readings.md."""

from __future__ import annotations

from jst_emulator.readings.export import as_markdown
from tests.tools.generate.files import Files, markdown_head
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "readings.md"
INTRODUCTION = """
# Readings of the reference

The reference of the API leaves open what the service does in many places, and contradicts itself in some. Each table
below lists readings of it: the values of a reading are services that the text allows. The first value is the default.

`jst-emulator --reading NAME=VALUE` starts the emulator as one of these services, and can be repeated.
`jst-emulator --readings random:SEED` chooses a combination that follows from the seed. It prints the combination as
`--reading` options, so a run can be repeated with single readings. `jst-emulator --list-readings json` prints this page
as data. [Rehearse your playbook in CI](guides/rehearsing.md#readings) has the other ways to choose readings.

The last column has lines of the text of the reference (document version 20220509), or says that the text states
nothing. `mixed` gives each operation one of the other values, always the same one. A combination that a seed chooses
holds no values that contradict each other. It also holds none of the values that the tables mark: under these, a
correct request can fail or have no effect.

"""


def render() -> Files:
    """Return the page."""
    return {PAGE: f"{markdown_head('the table of readings')}{INTRODUCTION}{as_markdown()}\n"}
