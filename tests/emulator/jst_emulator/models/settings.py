# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the world: durations, failures, and generated monitoring data."""

from __future__ import annotations

from dataclasses import dataclass, field

from jst_emulator.models.base import attr
from jst_emulator.models.runtime import FAILURE_KINDS, FAILURES, Order
from jst_emulator.readings.table import Readings


@dataclass(kw_only=True)
class Durations:
    """Durations in virtual seconds."""

    order_wait: float = 2.0
    batch: float = 10.0
    deploy_timeout: float = 600.0
    instance_rebuild: float = 10.0
    job_run: float = 30.0
    node_join: float = 60.0
    cluster_create: float = 300.0
    cluster_delete: float = 120.0
    database_create: float = 5.0
    database_delete: float = 5.0
    account_create: float = 3.0
    claim_bind: float = 5.0


@dataclass(kw_only=True)
class Scope:
    """The environments that a setting concerns; None stands for all."""

    app: str | None = None
    environment: str | None = None


@dataclass(kw_only=True)
class DeployFailure(Scope):
    """A rule that makes deploy orders fail at ``batch``; ``times`` is the number of orders that will still fail,
    None for all.

    ``result`` is the result of the orders: every number except 0 and 1 means failure (reference 5.1.4).
    """

    kind: str = attr("fail", choices=FAILURE_KINDS)
    category: str = attr("deploy", choices=("deploy", "scale"))
    batch: int = 1
    times: int | None = None
    result: int = attr(Order.FAILURE, choices=FAILURES)


@dataclass(kw_only=True)
class AdmissionRejection(Scope):
    """A rule that makes the service return Admitted false and this BusinessCode for deployments and scalings."""

    code: str = attr("102000", choices=("102000", "102001"))
    times: int | None = None


@dataclass(kw_only=True)
class Operator:
    """The user that deploy orders show."""

    user_id: str = "1001"
    user_nick: str = "emulator"


@dataclass(kw_only=True)
class Metric:
    """A generated series with values around ``base``, at most ``swing`` away from it."""

    title: str
    base: float
    swing: float = 0.0


@dataclass(kw_only=True)
class Monitoring:
    """Log lines of containers by their kind, and metrics by name.

    ``broken`` names operations that return ``system.error``. ``event_order`` is the order of
    DescribeEventMonitorList: by the time of the events, or by their arrival. By arrival, an event that arrives late
    comes after more recent events. Events are deleted after ``events_kept`` virtual seconds, None for never.
    """

    app_log: list[str] = field(default_factory=list)
    failing_log: list[str] = field(default_factory=list)
    package_log: list[str] = field(default_factory=list)
    job_log: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    event_order: str = attr("time", choices=("time", "arrival"))
    events_kept: float | None = None
    metrics: dict[str, Metric] = field(default_factory=dict)


@dataclass(kw_only=True)
class Settings:
    """The settings of a world."""

    create_environment_allocates: bool = True
    rebuild_keeps_instance_id: bool = True
    readings: Readings = field(default_factory=Readings)
    durations: Durations = field(default_factory=Durations)
    deploy_failures: list[DeployFailure] = field(default_factory=list)
    admission_refusals: list[AdmissionRejection] = field(default_factory=list)
    operator: Operator = field(default_factory=Operator)
    monitoring: Monitoring = field(default_factory=Monitoring)


@dataclass(kw_only=True)
class Credential:
    """An access key pair; ``deny`` lists the actions that it may not call.

    ``expires`` is a time of the real clock, in epoch seconds or in ISO 8601.
    """

    access_key_id: str
    access_key_secret: str = attr(secret=True)
    security_token: str | None = attr(None, secret=True)
    expires: float | str | None = None
    active: bool = True
    deny: list[str] = field(default_factory=list)
