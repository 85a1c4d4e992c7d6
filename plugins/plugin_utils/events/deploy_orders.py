# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch deploy orders: one list across all apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import Timestamp
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import (
    STATUS,
    DeployOrder,
    is_decided,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod_diagnostics import failed_pods
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event, Place, iso
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.service import is_refusal
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import Watch, epoch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import Window

ORDERS = "deploy orders"
"""The section with the orders that have not ended: id -> what was sent about each."""

BEGUN = "begun"
FINAL_TYPES = {"succeeded": "finished", "closed": "closed"}
"""Result -> type of the event. Every other result is a failure."""

MAX_UNDECIDED = 24 * 3600.0
"""Seconds after the end of an order for which the source waits for its result."""

SCHEMA_FIELDS = tuple(item.name for item in DeployOrder.fields)


class DeployOrderWatch(Watch):
    """Read the orders that have not ended, and those that ended within the window.

    An order that is missing from both lists, or whose result is not decided yet, is read by its id.
    """

    name = "deploy_orders"
    _across_apps = True

    def read(self, read_at: float) -> bool:
        """Read the lists, and the orders that are missing there."""
        self._window = Window(self.state, self.name, self.options.window)
        self._read_at = read_at
        self._listed: set[str] = set()
        for status in ("running", "paused"), ("finished",):
            self._walk(status)
        for key in [key for key in self.state.items(ORDERS) if key not in self._listed]:
            self._read_missing(key)
        self.state.commit(self._window.advance(self.start, read_at))
        return bool(self.state.items(ORDERS))

    def _walk(self, statuses: tuple[str, ...]) -> None:
        """Read a list across all apps, or one for each app if the service rejects the former.

        The reference marks the app as required, and also 17 other filters of this list (5.1.2).
        """
        parameters: dict[str, Any] = {"StatusList": [STATUS.serialize(status) for status in statuses]}
        since = self._window.since(self.start)
        if "finished" in statuses and since > 0:
            parameters["EndTimeGreaterThanOrEqualTo"] = Timestamp().serialize(iso(since))
        if self._across_apps:
            try:
                self.service.walk("ListDeployOrders", parameters, self._visit)
                return
            except ApiError as error:
                # Without an app there is nothing else to read.
                if not is_refusal(error) or not self.places.apps():
                    raise
        for app_id in self.places.apps():
            self.service.walk("ListDeployOrders", {"AppId": app_id, **parameters}, self._visit)
        self._across_apps = False

    def _visit(self, record: Mapping[str, Any]) -> None:
        order = DeployOrder().state_from(record, {})
        if order["deploy_order_id"] is None or order["environment_id"] is None:
            return
        self._listed.add(str(order["deploy_order_id"]))
        place = self.places.find(order["environment_id"], self._read_at)
        if place is not None:
            self._compare({**order, **place.scope}, place)
        elif not self.options.apps and not self.options.environments:
            self.tell(f"No app lists environment {order['environment_id']}. Its deploy orders are not sent.")

    def _read_missing(self, key: str) -> None:
        try:
            record = self.service.call("DescribeDeployOrderDetail", {"DeployOrderId": int(key)})
        except ApiError as error:
            if not is_refusal(error):
                raise
            record = None
        if isinstance(record, Mapping) and record.get("deploy_order_id") is not None:
            self._visit(record)
        else:
            self.tell(f"Deploy order {key} no longer exists, and its end was not seen.")
            self.state.commit([Change(ORDERS, key, None)])

    def _compare(self, order: State, place: Place) -> None:
        """Send what is new about an order.

        An order begins once, at its start time, also when it is first seen later. A pause begins when it is seen.
        """
        key = str(order["deploy_order_id"])
        sent = list(self.state.get(ORDERS, key, ()))
        started = epoch(order["start_time"])
        ended = epoch(order["end_time"])
        is_over = order["status"] == "finished"
        at = ended if ended is not None else started
        # The end of a known order was never sent, however long ago it was.
        if is_over and not sent and not self._window.is_unseen(key, at, self.start):
            return
        if BEGUN not in sent and started is not None:
            sent.append(BEGUN)
            self._record(order, place, BEGUN, started, [Change(ORDERS, key, sent)], started >= self.start)
        pause = f"paused {order['current_partition']}"
        if order["status"] == "paused" and pause not in sent:
            sent.append(pause)
            self._record(order, place, "paused", self._read_at, [Change(ORDERS, key, sent)], True, pause)
        over = [Change(ORDERS, key, None), self._window.seen(key, at)]
        if is_decided(order):
            final = FINAL_TYPES.get(order["result"], "failed")
            self._record(order, place, final, self._read_at if at is None else at, over, True)
        elif is_over and at is not None and self._read_at - at > MAX_UNDECIDED:
            self.tell(f"Deploy order {key} ended a day ago, and the service still has not returned its result.")
            self.state.commit(over)
        elif is_over and not sent:
            self.state.commit([Change(ORDERS, key, [BEGUN])])

    def _record(
        self, order: State, place: Place, kind: str, at: float, changes: list[Change], is_new: bool, key: str = ""
    ) -> None:
        if not is_new:
            self.state.commit(changes)
            return
        members: dict[str, Any] = {"deploy_order": self._shown(order)}
        if kind == "failed" and self.options.logs and not self.is_baseline and kind in self.options.types:
            members["failed_pods"] = failed_pods(self.service.context(), order["deploy_order_id"])
        identity = f"{order['deploy_order_id']} {key}".strip()
        number = int(order["deploy_order_id"])
        self.send(Event("deploy_order", kind, identity, at, place, members, number), changes)

    @staticmethod
    def _shown(order: State) -> dict[str, Any]:
        result = DeployOrder().to_result(order) or {}
        return {name: result[name] for name in SCHEMA_FIELDS}
