# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about the format of responses: codes, flags, types of values, keys, wrappers."""

from __future__ import annotations

from dataclasses import dataclass

from jst_emulator.readings.declaration import MIXED, NOT_STATED, reading

#: The operations whose sample is a status line alone (reference 1.2.6, 1.2.7).
STATUS_LINE_ONLY = ("OfflineAppEnvironment", "DescribeAppEnvDeployBaseline")
#: The operations whose table has 200 as the code of success (reference 1.2.6, 1.2.7, 2.1, 4.1, 4.3).
CODE_200 = (*STATUS_LINE_ONLY, "ListUsers", "DescribePodContainerLogList", "DescribeAppMonitorMetric")
_NOTHING_TELLS: dict[str, tuple[str, ...]] = {
    "success_flag": ("missing",),
    "empty_lists": ("missing", "nulls"),
    "request_id": ("header",),
}


@dataclass(kw_only=True)
class ResponseFormatReadings:
    """The form of responses."""

    shape: str = reading(
        "2417, 4354-4378, 7554, 10495",
        {
            "as_set": "Responses have the shape that --answers sets.",
            "table": "Responses have the shape of the tables.",
            "sample": "Responses have the shape of the samples.",
            MIXED: "Responses of some operations have the shape of the samples, all others the shape of the tables.",
        },
    )
    success_code: str = reading(
        "1204, 1255, 2869, 4550, 5528",
        {
            "zero": "Code of a success is 0.",
            "table": "Code of a success is 200 where the table of the operation has it, otherwise 0.",
            "two_hundred": "Code of a success is 200.",
            "absent": "A success has no Code.",
        },
        excludes={"absent": _NOTHING_TELLS},
    )
    success_flag: str = reading(
        "1138, 1206, 7726",
        {
            "shown": "A success has the flag Success if the table of the operation has it.",
            "missing": "A success has no flag Success.",
        },
    )
    success_message: str = reading(
        "342, 1937, 2017, 6256, 6319",
        {
            "none": "A success has no message.",
            "empty": "A success has an empty message.",
            "tip": "A success has a message.",
        },
    )
    empty_answers: str = reading(
        "1223, 1295",
        {
            "never": "Every response has a body.",
            "status_line": "A success of OfflineAppEnvironment or DescribeAppEnvDeployBaseline has no body.",
        },
    )
    request_id: str = reading(
        NOT_STATED,
        {
            "both": "RequestId is in the body and in a header.",
            "header": "RequestId is only in a header.",
        },
    )
    numbers: str = reading(
        "1937, 2417, 2510, 4354-4378",
        {
            "numbers": "A number is returned as a number.",
            "texts": "A number or id is returned as a string.",
            MIXED: "Some operations return a number or id as a string.",
        },
    )
    numeric_texts: str = reading(
        "6534, 8559, 8571, 9484-9501",
        {
            "texts": "Members of type String are returned as strings.",
            "numbers": "Members of type String that contain ports, sizes and other numbers are returned as numbers.",
            MIXED: "Some operations return such members as numbers.",
        },
        excludes={"numbers": {"numbers": ("texts",)}},
    )
    booleans: str = reading(
        "2020, 2588, 2664",
        {
            "booleans": "A boolean is returned as a boolean.",
            "texts": "A boolean is returned as a string.",
            "numbers": "A boolean is returned as 0 or 1.",
            MIXED: "Depending on the operation, a boolean is returned as a boolean, a string or a number.",
        },
    )
    absent_members: str = reading(
        NOT_STATED,
        {
            "left_out": "Records lack the members that have no value.",
            "nulls": "Members without a value are null.",
            "empty": "Members without a value are empty strings or lists. Numbers without a value are omitted.",
        },
    )
    empty_texts: str = reading(
        "459, 466",
        {
            "shown": "Empty strings are shown.",
            "left_out": "Empty strings are omitted.",
            "nulls": "Empty strings are null.",
        },
    )
    empty_lists: str = reading(
        NOT_STATED,
        {
            "shown": "Empty lists are shown.",
            "missing": "Empty lists are omitted.",
            "nulls": "Empty lists are null.",
        },
    )
    times: str = reading(
        "1939, 2318, 6075-6077, 6200, 11171-11176, 11342",
        {
            "documented": "Times have the format that the reference shows.",
            "plain": "Times look like 2020-01-01 00:00:00.",
            "minute": "Times look like 2020-01-01T00:00Z.",
            "second": "Times look like 2020-01-01T00:00:00.",
            "zulu": "Times look like 2020-01-01T00:00:00Z.",
            MIXED: "The format of times depends on the operation.",
        },
    )
    time_zone: str = reading(
        NOT_STATED,
        {
            "utc": "Times without a time zone are in UTC.",
            "beijing": "Times without a time zone are in China Standard Time, also in filters.",
        },
    )
    key_case: str = reading(
        "10494-10513, 10595-10600",
        {
            "upper": "Keys begin with a capital letter, or as --answers sets.",
            "lower": "Keys begin with a small letter.",
            MIXED: "Keys begin with a small letter in responses of some operations.",
        },
    )
    wrappers: str = reading(
        "7554-7569, 7664, 8116",
        {
            "none": "Responses have no outer object, or the one that --answers sets.",
            "outer": "Responses are in an object named after the operation, such as ListAppResponse.",
            "layered": "Responses are in two nested objects. The inner one has code, data, name and message.",
            MIXED: "Responses of some operations are in an outer object.",
        },
    )
