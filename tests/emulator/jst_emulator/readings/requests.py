# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about requests: what the service accepts, and how it interprets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jst_emulator import errors
from jst_emulator.api_spec import OPERATIONS, Operation
from jst_emulator.readings.declaration import NOT_STATED, reading


@dataclass(kw_only=True)
class RequestReadings:
    """Requests."""

    metric_parameters: str = reading(
        "5441, 5501, 5516-5520",
        {
            "needed": "DescribeAppMonitorMetric requires DeployOrderId or PodName, depending on its Type.",
            "both": "DescribeAppMonitorMetric requires both DeployOrderId and PodName.",
        },
    )
    code_path_on_update: str = reading(
        "1697-1699",
        {
            "optional": "UpdateDeployConfig without CodePath keeps the current CodePath.",
            "required": "UpdateDeployConfig without CodePath is rejected.",
        },
    )
    required_filters: str = reading(
        "5271-5275, 7948-7954",
        {
            "optional": "ListNodeLabelBindings and DescribeEventMonitorList accept requests without their filters.",
            "demanded": "ListNodeLabelBindings and DescribeEventMonitorList require all of their filters.",
        },
        drawn=False,
    )
    slb_filter: str = reading(
        "3447",
        {
            "either": "SlbId of ListSlbAPs is the id of a load balancer or of an access point.",
            "load_balancer": "SlbId of ListSlbAPs is the id of a load balancer.",
            "access_point": "SlbId of ListSlbAPs is the id of an access point.",
        },
    )
    name_filters: str = reading(
        "895, 1474, 3428, 3782",
        {
            "exact": "Filters by name find the records with exactly this name.",
            "contains": "Filters by name find all records whose name contains the string, in upper or lower case.",
            "ignored": "Filters by name have no effect.",
        },
    )
    image_only_release: str = reading(
        "1325",
        {
            "accepted": "DeployApp accepts images without a code package when the deploy configuration has a CodePath.",
            "refused": "DeployApp rejects images without a code package when the deploy configuration has a CodePath.",
        },
        drawn=False,
    )
    regions: str = reading(
        "722, 9874",
        {
            "any": "The service accepts every region.",
            "of_account": "CreateEnvironment and CreateCluster reject regions in which the account has no VPC.",
        },
        drawn=False,
    )
    rds_names: str = reading(
        "10848, 10937-10946, 11416-11428",
        {
            "on_creation": "The rules for names of databases and accounts only apply to creation.",
            "everywhere": "Every operation rejects names that break the rules for databases and accounts.",
        },
    )
    rds_engines: str = reading(
        "10345, 10525, 10610, 11003-11009",
        {
            "listed": "Each operation rejects the database engines that the reference excludes for it.",
            "everywhere": "Operations on databases and accounts support no PostgreSQL, PPAS or SQL Server clusters.",
        },
    )
    names: str = reading(
        NOT_STATED,
        {
            "repeat": "Several objects can have one name, unless the reference calls it unique.",
            "unique": "The service rejects a second environment, deploy configuration, group, access point, service or"
            " cluster with the same name in the same place.",
        },
    )
    port_mappings_on_update: str = reading(
        "3617-3645",
        {
            "replaced": "The port mappings that ModifyService receives replace the current port mappings.",
            "added": "ModifyService changes the port mappings with the names that it receives, and keeps the others.",
        },
        drawn=False,
    )
    user_roles_on_update: str = reading(
        "263-278",
        {
            "replaced": "The user roles that UpdateApp receives replace the current user roles.",
            "added": "UpdateApp adds the user roles that it receives to the current user roles.",
        },
        drawn=False,
    )
    empty_texts_on_update: str = reading(
        NOT_STATED,
        {
            "cleared": "An empty BizTitle or Description of UpdateApp clears the current value.",
            "kept": "UpdateApp ignores an empty BizTitle or Description.",
        },
        drawn=False,
    )
    closable_orders: str = reading(
        "6623-6625",
        {
            "unfinished": "CloseDeployOrder closes every order that has not finished.",
            "running": "CloseDeployOrder rejects orders that are waiting or paused.",
        },
        drawn=False,
    )


#: Parameters that are required under a value of a reading: by reading and value, then by operation.
_REQUIRED: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("metric_parameters", "both"): {"DescribeAppMonitorMetric": ("DeployOrderId", "PodName")},
    ("code_path_on_update", "required"): {"UpdateDeployConfig": ("CodePath",)},
    ("required_filters", "demanded"): {
        "ListNodeLabelBindings": ("ClusterId", "InstanceId", "LabelKey", "LabelValue"),
        "DescribeEventMonitorList": ("EventLevel", "EventType"),
    },
}
#: Parameters with names of databases and accounts, by the parameter whose rule applies to them.
_RDS_NAMES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("CreateDb", "DbName"): {"DeleteDatabase": "DBName", "GrantDbToAccount": "DbName"},
    ("CreateAccount", "AccountName"): {
        "DeleteRdsAccount": "AccountName",
        "DescribeRdsAccounts": "AccountName",
        "GrantDbToAccount": "AccountName",
        "ResetAccountPassword": "AccountName",
    },
}


def required(operation: Operation, readings: RequestReadings) -> tuple[str, ...]:
    """Return the parameters that a reading requires in addition to the required ones."""
    return tuple(
        parameter
        for (name, value), by_operation in _REQUIRED.items()
        if getattr(readings, name) == value
        for parameter in by_operation.get(operation.name, ())
    )


def check(operation: Operation, typed: Mapping[str, Any], readings: RequestReadings) -> None:
    """Check the rules that only a reading applies.

    :raises errors.GatewayError: a value breaks a rule.
    """
    if readings.rds_names == "on_creation":
        return
    for (origin, rule_name), places in _RDS_NAMES.items():
        pattern = OPERATIONS[origin].parameters[rule_name].pattern
        parameter = places.get(operation.name, "")
        if parameter in typed and pattern is not None and not pattern.fullmatch(typed[parameter]):
            raise errors.invalid_parameter(parameter)
