# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account owns without any app: users, networks, machines, clusters, code packages."""

from __future__ import annotations

from dataclasses import dataclass, field

from jst_emulator.models.base import Record, attr

BUSINESS_CODES = ("JST", "NEW_RETAIL", "MINI_APP", "SUPPLY", "MESSAGE")


@dataclass(kw_only=True)
class User(Record):
    """A user of the account."""

    KEY = ("user_id",)

    user_id: str
    user_type: str = attr(choices=("TAOBAO", "DING_TALK"))
    real_name: str = ""


@dataclass(kw_only=True)
class Vpc(Record):
    """A network with its switches."""

    KEY = ("vpc_id",)

    vpc_id: str
    region_id: str
    cidr: str = "192.168.0.0/16"
    vswitch_ids: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Cluster(Record):
    """A cluster.

    ``status`` goes initial -> running -> deleting -> gone. ``due_at`` is the time of the next step.
    """

    KEY = ("cluster_instance_id",)

    cluster_instance_id: str
    database_id: int
    title: str
    env_type: str = attr(choices=("TEST", "PRO"))
    business_code: str = attr("JST", choices=BUSINESS_CODES)
    cluster_type: str = attr("Standard", choices=("Windows", "Serverless", "Standard"))
    region_id: str
    region_name: str = ""
    vpc_id: str = attr(ref="vpcs")
    vswitch_ids: list[str] = field(default_factory=list)
    pod_cidr: str = ""
    service_cidr: str = ""
    net_plug: str = "Terway"
    key_pair: str = ""
    password: str = attr("", secret=True)
    arms: bool = False
    logs: bool = False
    status: str = attr("running", choices=("initial", "running", "deleting"))
    due_at: float | None = None


@dataclass(kw_only=True)
class Ecs(Record):
    """A machine.

    A machine without ``cluster_instance_id`` is free. A machine of a cluster without ``joined_at`` is still joining.
    """

    KEY = ("instance_id",)

    instance_id: str
    name: str = ""
    cluster_instance_id: str | None = attr(None, ref="clusters")
    joined_at: float | None = 0.0
    due_at: float | None = None
    region_id: str
    vpc_id: str = attr(ref="vpcs")
    private_ip: str
    public_ip: str = ""
    eip: str = ""
    cpu: int = 4
    memory_mb: int = 8192
    disk_gb: int = 40
    instance_type: str = "ecs.c6.xlarge"
    os_type: str = attr("linux", choices=("linux", "windows"))
    os_name: str = "CentOS 7.9 64-bit"
    expires_on: str = "2099-12-31"
    bandwidth_in: int = 1500
    bandwidth_out: int = 1


@dataclass(kw_only=True)
class Slb(Record):
    """A load balancer."""

    KEY = ("slb_id",)

    slb_id: str
    network_mode: str = attr(choices=("internet", "intranet"))
    address: str


@dataclass(kw_only=True)
class Certificate(Record):
    """A certificate for access points with HTTPS."""

    KEY = ("cert_id",)

    cert_id: str


@dataclass(kw_only=True)
class Packet(Record):
    """A code package in the package store of the platform."""

    KEY = ("packet_id",)

    packet_id: int
    url: str
    comment: str = ""


@dataclass(kw_only=True)
class MountTarget(Record):
    """A NAS file system for volumes."""

    KEY = ("domain",)

    domain: str
