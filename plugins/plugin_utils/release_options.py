# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a deploy order that follow from the variables of role ``release``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import deploy_content


def order_options(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to deploy, in how many batches, and when the order pauses.

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
    }
