# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: what pods run with, whatever happens to the stored deploy configuration later."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from jst_emulator.models.base import attr, field_meta

#: The outcomes of runs of a scheduled job; a run that is missed never starts.
SUCCEED, FAIL, MISS = "succeed", "fail", "miss"


@dataclass(kw_only=True)
class Release:
    """The content of a deployment at the time of its order.

    ``workload`` is the YAML of the workload. ``images`` are the images of all containers. Releases share strings and
    lists, which no code changes in place.
    """

    schema_id: int
    workload: str = ""
    config_map_list: list[str] = field(default_factory=list)
    secret_list: list[str] = field(default_factory=list, metadata=field_meta(secret=True))
    images: list[str] = field(default_factory=list)
    init_images: list[str] = field(default_factory=list)
    code_path: str = ""
    packet_id: int | None = None
    packet_url: str = ""
    packet_comment: str = ""

    def contents(self) -> dict[str, Any]:
        """Return the contents by field, not copied, for another record of the same release."""
        return {one.name: getattr(self, one.name) for one in fields(Release)}


@dataclass(kw_only=True)
class RunningPod:
    """A pod of an environment, which runs the release of a deploy order.

    ``release`` is that of a pod whose deploy order is not in the world, as in a world file that has none.
    """

    env_id: int = attr(ref="environments")
    deploy_order_id: int | None = None
    release: Release | None = None
