# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps with their groups, deploy configurations, environments, access points and services."""

from __future__ import annotations

from dataclasses import dataclass, field

from jst_emulator.models.account import BUSINESS_CODES
from jst_emulator.models.base import Record, attr, field_meta
from jst_emulator.models.release import FAIL, MISS, SUCCEED, Release

STATELESS, STATEFUL, DAEMON_SET, CRON_JOB = 1, 2, 3, 5


@dataclass(kw_only=True)
class UserRole:
    """A role of a user in an app."""

    user_id: str = attr(ref="users")
    user_type: str = attr(choices=("TAOBAO", "DING_TALK"))
    role_name: str = attr(choices=("Owner", "PE", "Dev", "Test"))


@dataclass(kw_only=True)
class App(Record):
    """An app."""

    KEY = ("app_id",)
    FIRST_ID = 10001

    app_id: int = 0
    title: str
    biz_code: str = attr(choices=BUSINESS_CODES)
    language: str = attr(choices=("Java", "PHP", "C#", "Python"))
    operating_system: str = attr("Linux", choices=("Linux", "Windows"))
    service_type: str = attr(choices=("GeneralApplication", "StoreApplication", "TaoHuDongApplication"))
    state_type: int = attr(STATELESS, choices=(STATELESS, STATEFUL, DAEMON_SET, CRON_JOB))
    biz_title: str = ""
    description: str = ""
    namespace: str = ""
    middle_ware_ids: list[int] = field(default_factory=list)
    user_roles: list[UserRole] = field(default_factory=list)


@dataclass(kw_only=True)
class Group(Record):
    """A group of apps in a business domain."""

    KEY = ("group_id",)
    FIRST_ID = 70001

    group_id: int = 0
    biz_code: str = attr(choices=BUSINESS_CODES)
    name: str


@dataclass(kw_only=True)
class GroupMember(Record):
    """The membership of an app in a group."""

    KEY = ("member_id",)
    FIRST_ID = 71001

    member_id: int = 0
    group_id: int = attr(ref="groups")
    app_id: int = attr(ref="apps")


@dataclass(kw_only=True)
class DeployConfig(Record):
    """A deploy configuration, with YAML documents as plain text.

    ``config_map`` is the value of the deprecated parameter.
    """

    KEY = ("schema_id",)
    FIRST_ID = 30001

    schema_id: int = 0
    app_id: int = attr(ref="apps")
    env_type: str = attr(choices=("test", "online"))
    name: str
    code_path: str = ""
    deployment: str = ""
    stateful_set: str = ""
    cron_job: str = ""
    config_map: str = ""
    config_map_list: list[str] = field(default_factory=list)
    secret_list: list[str] = field(default_factory=list, metadata=field_meta(secret=True))


@dataclass(kw_only=True)
class Baseline(Release):
    """The release of the last successful deployment.

    The runs of a scheduled job that were due until ``jobs_checked_at`` have started. With ``jobs_fail``, every run
    fails.
    """

    deploy_order_id: int | None = None
    created_at: float
    jobs_checked_at: float | None = None
    jobs_fail: bool = False


@dataclass(kw_only=True)
class JobOutcome:
    """How runs of a scheduled job end.

    The outcome applies to the next ``runs`` runs, None for all. Each run takes ``duration`` virtual seconds, None for
    the usual time.
    """

    outcome: str = attr(choices=(SUCCEED, FAIL, MISS))
    runs: int | None = 1
    duration: float | None = None


@dataclass(kw_only=True)
class Environment(Record):
    """An environment; ``env_type`` is 0 (test) or 1 (production). The entries of ``job_outcomes`` apply in
    sequence.
    """

    KEY = ("env_id",)
    FIRST_ID = 20001

    env_id: int = 0
    app_id: int = attr(ref="apps")
    name: str
    env_type: int = attr(choices=(0, 1))
    region: str
    replicas: int = 1
    schema_id: int = attr(ref="deploy_configs")
    cluster_instance_id: str | None = attr(None, ref="clusters")
    baseline: Baseline | None = None
    job_outcomes: list[JobOutcome] = field(default_factory=list)


@dataclass(kw_only=True)
class Allocation(Record):
    """The allocation of a cluster to an environment."""

    KEY = ("allocation_id",)
    FIRST_ID = 80001

    allocation_id: int = 0
    env_id: int = attr(ref="environments")
    cluster_instance_id: str = attr(ref="clusters")


@dataclass(kw_only=True)
class SlbAccessPoint(Record):
    """An access point: a port of a load balancer that leads to an environment."""

    KEY = ("slb_ap_id",)
    FIRST_ID = 40001

    slb_ap_id: int = 0
    env_id: int = attr(ref="environments")
    name: str
    slb_id: str = attr(ref="slbs")
    listener_port: int
    real_server_port: int
    protocol: str = attr(choices=("TCP", "UDP", "HTTP", "HTTPS"))
    established_timeout: int | None = None
    sticky_session: int | None = None
    cookie_timeout: int | None = None
    ssl_cert_id: str | None = attr(None, ref="certificates")


@dataclass(kw_only=True)
class PortMapping:
    """A port of a service."""

    name: str
    protocol: str = attr(choices=("TCP", "UDP"))
    port: int
    target_port: str
    node_port: int | None = None


@dataclass(kw_only=True)
class Service(Record):
    """A Kubernetes service of an environment."""

    KEY = ("service_id",)
    FIRST_ID = 50001

    service_id: int = 0
    env_id: int = attr(ref="environments")
    name: str
    service_type: str = attr(choices=("ClusterIP", "NodePort"))
    k8s_service_id: str
    headless: bool = False
    port_mappings: list[PortMapping] = field(default_factory=list)
