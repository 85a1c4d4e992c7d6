# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a deploy order that follow from the variables of role ``release``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import deploy_content


def order_options(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to deploy, in how many batches, when the order pauses, and what is wrong with the values.

    :param variables: the valid variables of the role, without their prefix.
    """
    images = {
        name: [text for text in map(str.strip, variables.get(name) or ()) if text] for name in ("images", "init_images")
    }
    strategy = variables["strategy"]
    pause_type = "each" if variables["verify_each_batch"] else "first" if strategy == "canary" else "none"
    return {
        "content": deploy_content({**variables, **images}),
        "partitions": 1 if strategy == "all_at_once" else variables["partitions"],
        "pause_type": pause_type,
        "problems": list(_problems(variables)),
    }


def _problems(variables: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each rule that the values break. The specification of the role has no such rules."""
    if "app" in variables and "app_id" in variables:
        yield "Set release_app or release_app_id, not both."
    if ("environment" in variables) == ("environment_id" in variables):
        yield "Set release_environment, a name, or release_environment_id."
    if "packet_id" in variables and "packet_url" in variables:
        yield "Set release_packet_id or release_packet_url, not both."
    if variables["partitions"] < 1:
        yield "release_partitions has to be at least 1."
    if min(variables[name] for name in ("soak", "verify_timeout", "max_restarts")) < 0:
        yield "Seconds and numbers of restarts cannot be negative."
    if min(variables[name] for name in ("verify_interval", "soak_interval")) < 1:
        yield "release_verify_interval and release_soak_interval have to be at least 1."
    if any("max" not in bound and "min" not in bound for bound in variables["metrics"]):
        yield "Each of release_metrics needs max or min."
