# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about deploy orders, instances and environments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jst_emulator.readings.declaration import LEFT_OUT, NOT_STATED, ChangeContext, ResponseChange, Value, reading

#: Seconds of virtual time: until a result is confirmed, until instances follow an order, until events are cleared.
CONFIRMED_AFTER, INSTANCES_AFTER, EVENTS_KEPT = 1.0, 3.0, 3600.0
_ORDERS = ("ListDeployOrders", "DescribeDeployOrderDetail")
_LONGEST_NAME = 20


def _left_out(_value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return LEFT_OUT


def _named(order: Any, choice: Value, _scene: ChangeContext) -> Any:
    name = order["Name"]
    return {**order, "Name": name[:_LONGEST_NAME] if choice == "cut" else f"{name}-{order['DeployOrderId']}"}


def _other_number(order: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return {**order, "Result": 5} if order["Result"] == 2 else order


def _admission(placed: Any, choice: Value, _scene: ChangeContext) -> Any:
    if not placed["Admitted"]:
        return placed
    rest = {name: member for name, member in placed.items() if name != "BusinessCode"}
    return rest if choice == "neither" else {**rest, "BusinessCode": "0"}


@dataclass(kw_only=True)
class OrderReadings:
    """Deploy orders, instances and environments."""

    order_result: str = reading(
        "6431",
        {
            "at_once": "An order has its Result as soon as its Status is 3.",
            "later": "Result of an order becomes final a second of virtual time after its Status is 3,"
            " unless the order was closed.",
        },
    )
    closed_order_result: str = reading(
        "6001-6003, 6623-6624",
        {
            "four": "Result of an order that was closed is 4.",
            "two": "Result of an order that was closed is 2.",
        },
    )
    failed_order_result: str = reading(
        "6435",
        {
            "two": "Result of an order that failed is 2.",
            "other": "DescribeDeployOrderDetail shows 5 as the Result of an order that failed.",
        },
        change=ResponseChange((), _other_number, ("DescribeDeployOrderDetail",)),
    )
    order_description: str = reading(
        "6197-6217",
        {
            "shown": "Orders show their Description.",
            "missing_in_lists": "ListDeployOrders does not show the Description of orders.",
        },
        change=ResponseChange(("Description",), _left_out, ("ListDeployOrders",)),
    )
    order_names: str = reading(
        "6092, 6418",
        {
            "as_given": "Name of an order is the name that DeployApp received.",
            "numbered": "Name of an order is the name that DeployApp received, followed by the id of the order.",
            "cut": "Name of an order is the first 20 characters of the name that DeployApp received.",
        },
        change=ResponseChange((), _named, _ORDERS),
    )
    admission_code: str = reading(
        "5808-5814, 5847-5855, 6267-6273, 6322",
        {
            "as_samples": "For an admitted request, ScaleApp shows BusinessCode 0, and DeployApp shows none.",
            "both": "For an admitted request, ScaleApp and DeployApp show BusinessCode 0.",
            "neither": "For an admitted request, ScaleApp and DeployApp show no BusinessCode.",
        },
        change=ResponseChange((), _admission, ("DeployApp", "ScaleApp")),
    )
    scaled_replicas: str = reading(
        "1043, 5643, 6228",
        {
            "when_finished": "Replicas of an environment change when the order that ScaleApp created has succeeded.",
            "at_once": "Replicas of an environment change when ScaleApp is called.",
            "unchanged": "ScaleApp does not change Replicas of an environment.",
        },
    )
    instances: str = reading(
        NOT_STATED,
        {
            "at_once": "ListAppInstance shows instances while their order starts them.",
            "late": "ListAppInstance shows instances 3 seconds of virtual time after their batch has ended.",
            "starting": "Instances are Starting until 3 seconds of virtual time after their batch has ended.",
            "lingering": "Instances that an order or ScaleApp removed are listed as Offlining for 3 seconds of virtual"
            " time.",
        },
    )
    rebuilt_instance: str = reading(
        "1964-1974",
        {
            "same_id": "A rebuilt instance keeps its id.",
            "new_id": "A rebuilt instance gets a new id.",
        },
    )
    environment_allocation: str = reading(
        "726-733, 8041",
        {
            "made": "CreateEnvironment with ClusterId creates the resource allocation of the environment.",
            "none": "CreateEnvironment with ClusterId creates no resource allocation.",
        },
    )
    claim_binding: str = reading(
        "2253",
        {
            "at_once": "A claim binds to a volume that fits it.",
            "first_consumer": "A claim stays Pending until an instance uses it.",
        },
    )
    pod_events: str = reading(
        "7005",
        {
            "kept": "DescribePodEvents shows all events.",
            "an_hour": "DescribePodEvents shows the events of the last hour of virtual time.",
        },
    )
    event_monitor: str = reading(
        "5247",
        {
            "active": "DescribeEventMonitorList shows the events of pods.",
            "inactive": "DescribeEventMonitorList shows no events, as when nobody has activated event monitoring.",
        },
    )
