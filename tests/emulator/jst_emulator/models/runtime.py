# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders with their pods, instances, job runs, and events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from jst_emulator.models.base import Record, attr
from jst_emulator.models.release import Release, RunningPod

#: The ways in which a deployment can fail: at the end of its batch ("fail"), or at the deploy timeout.
TIMEOUTS = ("crash", "pending", "image_pull", "health_check")
DEPLOYMENT_FAILURES = ("fail", *TIMEOUTS)
#: With "job" the deployment succeeds and every run of the job fails.
FAILURE_KINDS = (*DEPLOYMENT_FAILURES, "job")


#: Results that mean failure: "any other number" than 0 and 1 (reference 5.1.4); 4 means closed.
FAILURES = (2, 3, 5, 6, 7, 8, 9)


@dataclass(kw_only=True)
class Order(Release, Record):
    """A deploy order, which starts or removes pods batch by batch; an order that scales has the content of the last
    release.

    ``batches`` holds the number of pods of each batch. ``current_partition`` counts batches from 1, and is 0 before the
    first. ``due_at`` is the end of the current phase; None when the order is paused or finished. ``user_id`` and
    ``user_nick`` are those of the user who ordered it, empty for the operator of the settings.
    """

    KEY = ("deploy_order_id",)
    FIRST_ID = 60001
    WAITING: ClassVar[int] = 0
    RUNNING: ClassVar[int] = 1
    PAUSED: ClassVar[int] = 2
    FINISHED: ClassVar[int] = 3
    UNDECIDED: ClassVar[int] = 0
    SUCCESS: ClassVar[int] = 1
    FAILURE: ClassVar[int] = 2
    CLOSED: ClassVar[int] = 4

    deploy_order_id: int = 0
    env_id: int = attr(ref="environments")
    category: str = attr("deploy", choices=("deploy", "scale"))
    name: str
    description: str = ""
    user_id: str = ""
    user_nick: str = ""
    pause_type: str = attr("none", choices=("first", "each", "none"))
    batches: list[int] = field(default_factory=list)
    replicas: int
    current_partition: int = 0
    status: int = attr(WAITING, choices=(0, 1, 2, 3))
    result: int = attr(UNDECIDED, choices=(0, 1, 4, *FAILURES))
    created_at: float
    started_at: float | None = None
    ended_at: float | None = None
    due_at: float | None = None
    new_first: bool = False
    arms: bool = False
    failure_kind: str = attr("", choices=("", *FAILURE_KINDS))
    failure_batch: int = 1
    failure_result: int = attr(FAILURE, choices=FAILURES)


@dataclass(kw_only=True)
class Pod(Record):
    """A pod in a deploy order, which starts or removes it in a batch."""

    KEY = ("deploy_order_id", "app_instance_id")

    deploy_order_id: int = attr(ref="orders")
    app_instance_id: str
    partition: int
    step_code: str = attr("StartAppInstance", choices=("StartAppInstance", "StopAppInstance", "DeleteAppInstance"))
    status: int = attr(1, choices=(1, 2, 3))
    result: int = attr(0, choices=(0, 1, 2, 4))
    started_at: float
    updated_at: float
    host_ip: str = ""
    host_name: str = ""
    pod_ip: str = ""


@dataclass(kw_only=True)
class Instance(RunningPod, Record):
    """An app instance: a current pod of an environment.

    ``host`` is the id of a machine. A ``packaged`` instance runs a code package. A ``broken`` instance never
    starts, and restarts again and again, unless it is ``stuck`` before its start. ``restart_count`` sets the number
    of restarts, with ``broken_at`` only those before that time. With ``healed_by_rebuild``, a rebuild repairs the
    instance.
    """

    KEY = ("app_instance_id",)

    app_instance_id: str
    status: str = attr(
        "Normal",
        choices=("Normal", "Starting", "ToBeSchedule", "Pending", "Offlining", "Failed", "Unknown", "Stopped"),
    )
    created_at: float
    due_at: float | None = None
    host: str | None = attr(None, ref="ecs")
    pod_ip: str = ""
    image: str = ""
    packaged: bool = False
    broken: bool = False
    restart_count: int | None = None
    broken_at: float | None = None
    stuck: bool = False
    healed_by_rebuild: bool = False


@dataclass(kw_only=True)
class Event(Record):
    """A Kubernetes event of a pod, or of the node that a pod runs on."""

    KEY = ("event_id",)
    FIRST_ID = 1

    event_id: int = 0
    env_id: int = attr(ref="environments")
    pod_name: str
    kind: str = attr("Pod", choices=("Pod", "Node"))
    happened_at: float
    level: str = attr("Normal", choices=("Normal", "Warning", "Error"))
    reason: str
    message: str
    action: str = ""
    event_type: str = ""
    host_name: str = ""
    count: int = 1

    def __deepcopy__(self, memo: dict[int, Any]) -> Event:
        return self  # Nothing changes an event, and copies of a world may have very many.


@dataclass(kw_only=True)
class JobRun(RunningPod, Record):
    """A run of a scheduled job; it runs until ``ended_at`` is set."""

    KEY = ("env_id", "name")

    name: str
    pod_name: str
    started_at: float
    due_at: float | None = None
    ended_at: float | None = None
    failing: bool = False
    backoff_limit: int = 6
    completions: int = 1
    parallelism: int = 1
    active_deadline_seconds: int | None = None
