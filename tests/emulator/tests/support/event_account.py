# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with a released shop and a released nightly job, and the reads of what happens in it."""

from __future__ import annotations

from typing import Any

from support.controlled_account import ControlledAccount, with_ports
from support.direct_account import ONLINE, workload
from support.scenario import EVER, app, encoded, environment

SHOP, JOB = {"AppId": 10001, "EnvId": 20001}, {"AppId": 10002, "EnvId": 20002}


class EventAccount(ControlledAccount):
    """Environment 20001 runs two instances of a shop, environment 20002 a job at every full hour.

    Order 60001 released the one, order 60002 the other. It is 08:00:20.
    """

    def __init__(self, spec: Any = None, schedule: str = "0 * * * *") -> None:
        super().__init__(spec)
        self.environment(with_ports("8080"))
        self.deploy()
        job = self.call("CreateApp", **app("job", StateType=5))["AppId"]
        text = encoded(workload("CronJob", schedule=schedule))
        config = {"AppId": job, "EnvType": "online", "Name": "main", "CronJob": text}
        schema_id = self.call("CreateDeployConfig", **config)["SchemaId"]
        self.call("CreateEnvironment", **environment(job, schema_id, ClusterId=ONLINE))
        self.deploy(20002)
        self.wait(20)

    def orders(self, **filters: Any) -> list[tuple[int, int, int]]:
        """Return id, status and result of the deploy orders of all apps, newest first."""
        found = self.page("ListDeployOrders", **filters)["Data"]
        return [(one["DeployOrderId"], one["Status"], one["Result"]) for one in found]

    def instances(self) -> list[dict[str, Any]]:
        """Return the instances of the shop, oldest first."""
        return list(self.page("ListAppInstance", **SHOP)["Data"])

    def states(self) -> list[tuple[str, str, int]]:
        """Return status, health and restarts of the instances of the shop."""
        return [(one["Status"], one["Health"], one["RestartCount"]) for one in self.instances()]

    def pod(self, position: int = 0) -> str:
        """Return the name of an instance of the shop."""
        return str(self.instances()[position]["AppInstanceId"])

    def events(self, pod: str | None = None, **filters: Any) -> list[dict[str, Any]]:
        """Return the events of a pod of the shop, by default of its oldest instance."""
        asked = {**SHOP, **EVER, "PodName": pod or self.pod(), **filters}
        return list(self.page("DescribeEventMonitorList", **asked)["Data"])

    def runs(self, status: str = "ALL") -> list[tuple[str, int, int]]:
        """Return start, successes and failures of the runs of the job, newest first."""
        found = self.page("ListJobHistories", Status=status, **JOB)["Data"]
        return [(one["StartTime"], one["Succeeded"], one["Failed"]) for one in found]

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        """Return what happened."""
        return list(self.get(f"timeline/log?since={since}")["entries"])
