# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects in clusters: volumes, claims, node labels."""

from __future__ import annotations

from dataclasses import dataclass

from jst_emulator.models.base import Record, attr


@dataclass(kw_only=True)
class Volume(Record):
    """A persistent volume; ``claim_id`` is its claim when it is bound."""

    KEY = ("volume_id",)
    FIRST_ID = 90001

    volume_id: int = 0
    cluster_instance_id: str = attr(ref="clusters")
    name: str
    capacity: str
    access_modes: str = attr(choices=("ReadWriteMany", "ReadWriteOnce"))
    reclaim_policy: str = attr(choices=("Retain", "Delete"))
    storage_class: str
    mount_target_domain: str
    nfs_version: str = attr("4.0", choices=("3", "4.0"))
    mount_dir: str = "/"
    status: str = attr("Available", choices=("Available", "Bound", "Released", "Failed"))
    claim_id: int | None = attr(None, ref="claims")
    reason: str = ""
    created_at: float


@dataclass(kw_only=True)
class Claim(Record):
    """A persistent volume claim; it is Pending until it binds to a matching volume."""

    KEY = ("claim_id",)
    FIRST_ID = 91001

    claim_id: int = 0
    env_id: int = attr(ref="environments")
    name: str
    capacity: str
    access_modes: str = attr(choices=("ReadWriteMany", "ReadWriteOnce"))
    storage_class: str
    status: str = attr("Pending", choices=("Pending", "Bound", "Lost"))
    volume_name: str = ""
    created_at: float


@dataclass(kw_only=True)
class NodeLabel(Record):
    """A label of a cluster."""

    KEY = ("label_id",)
    FIRST_ID = 92001

    label_id: int = 0
    cluster_instance_id: str = attr(ref="clusters")
    label_key: str
    label_value: str


@dataclass(kw_only=True)
class NodeLabelBinding(Record):
    """The binding of a label to a node."""

    KEY = ("binding_id",)
    FIRST_ID = 93001

    binding_id: int = 0
    label_id: int = attr(ref="node_labels")
    instance_id: str = attr(ref="ecs")
