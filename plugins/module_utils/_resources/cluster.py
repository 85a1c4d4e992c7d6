# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Clusters and how other things refer to them (reference 6.4)."""

from __future__ import annotations

import re
from typing import Any, Mapping

from .._core.errors import AmbiguousNameError, NotFoundError
from .._core.resource import Reference
from .._core.task import Task

INSTANCE_ID = re.compile(r"c[0-9a-f]{32}")


def cluster_id(task: Task, wanted: Any, scope: Mapping[str, Any]) -> str:
    """The instance id of a cluster given by title or instance id. Titles are not unique by rule.

    :raises NotFoundError: when no cluster has that title.
    :raises AmbiguousNameError: when several have it.
    """
    if INSTANCE_ID.fullmatch(str(wanted)):
        return str(wanted)
    clusters = task.client.records("ListCluster", {}, deadline=task.deadline)
    ids = [item["instance_id"] for item in clusters if wanted in (item.get("instance_id"), item.get("cluster_title"))]
    if not ids:
        raise NotFoundError("cluster", wanted)
    if len(ids) > 1:
        raise AmbiguousNameError("cluster", wanted, ids)
    return str(ids[0])


CLUSTER = Reference("cluster", "cluster_id", cluster_id)
