# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The baseline: what an environment runs according to the service (reference 1.2.7)."""

from __future__ import annotations

from typing import Any, Mapping

from .._api.errors import EmptyResponseError
from .._core.fields import RESOURCE_ID, State, computed
from .._core.reading import ReadOnlyResource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .image_address import split_images


class Baseline(ReadOnlyResource):
    """The deploy config that an environment runs, and a code package or a single image."""

    name = "baseline"
    label = "baseline"
    fields = (
        computed("deploy_config_id", RESOURCE_ID, response_path="schema_id"),
        computed("packet_id", RESOURCE_ID),
        computed("packet_url"),
        computed("packet_comment"),
        computed("image"),
        computed("create_time", Timestamp()),
    )

    def state_from(self, record: Mapping[str, Any], scope: Mapping[str, Any]) -> State:
        """Return the state of a record. Without a code package, the address of the package is that of the image."""
        state = super().state_from(record, scope)
        url = state["packet_url"] or None
        is_image = url is not None and state["packet_id"] is None and not url.startswith(("http://", "https://"))
        images = split_images(url or "") if is_image else []
        return {**state, "packet_url": None if is_image else url, "image": next(iter(images), None), "images": images}


def read_baseline(ctx: RunContext, scope: Mapping[str, Any]) -> State | None:
    """Return the baseline of an environment. Its values are empty when nothing was ever deployed.

    Return ``None`` when the response has no body, as in the reference (1.2.7). The environment may run anything then.

    :param scope: holds ``app_id`` and ``environment_id``.
    """
    # The reference documents no parameters. The vendor's client sends these.
    place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
    try:
        return Baseline().state_from(ctx.read("DescribeAppEnvDeployBaseline", place), {})
    except EmptyResponseError:
        return None
