# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of all readings."""

from __future__ import annotations

from dataclasses import dataclass

from jst_emulator.readings.baseline import BaselineReadings
from jst_emulator.readings.declaration import declared
from jst_emulator.readings.documents import DocumentReadings
from jst_emulator.readings.lists import ListReadings
from jst_emulator.readings.members import MemberReadings
from jst_emulator.readings.orders import OrderReadings
from jst_emulator.readings.rds import RdsReadings
from jst_emulator.readings.rejections import RejectionReadings
from jst_emulator.readings.requests import RequestReadings
from jst_emulator.readings.response_format import ResponseFormatReadings

#: The groups of readings.
GROUPS = (
    RequestReadings,
    RejectionReadings,
    ListReadings,
    MemberReadings,
    DocumentReadings,
    BaselineReadings,
    OrderReadings,
    RdsReadings,
    ResponseFormatReadings,
)


@dataclass(kw_only=True)
class Readings(
    ResponseFormatReadings,
    RdsReadings,
    OrderReadings,
    BaselineReadings,
    DocumentReadings,
    MemberReadings,
    ListReadings,
    RejectionReadings,
    RequestReadings,
):
    """The value of every reading."""


#: The defaults, under which nothing changes.
DEFAULTS = Readings()
#: All readings, group by group.
TABLE = [one for group in GROUPS for one in declared(group)]
