# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Lists of environments, with what they run."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.fields import State
from .._core.info import Info
from .._core.run_context import RunContext
from .app_instance import list_running
from .baseline import Baseline, read_baseline
from .deploy_config import DeployConfig
from .deployment import Deployment
from .environment import Environment
from .ordered_change import ORDER
from .running_state import describe_running, is_configuration_released, last_decided
from .workload import config_fingerprint, secrets_fingerprint

BASELINE, RUNNING = "baseline", "running"


class EnvironmentInfo(Info):
    """List the environments of an app. The list lacks replicas and cluster."""

    resource = Environment()
    filters = ("environment_id", "name", "env_type")
    details = True
    optional_details = {BASELINE: BASELINE, RUNNING: RUNNING}

    def fetch_detail(self, ctx: RunContext, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """Return what an environment runs: its baseline, ``None`` when it is empty, or its instances and orders."""
        if extra == RUNNING:
            # A response may leave out what the calls need.
            is_known = None not in (state["app_id"], state["environment_id"])
            return read_running(ctx, state) if is_known else None
        baseline = Baseline().to_result(read_baseline(ctx, state))
        return baseline if baseline and any(baseline.values()) else None


def read_running(ctx: RunContext, environment: State) -> dict[str, Any]:
    """Return what an environment runs, as far as it is known without a description."""
    place = {name: environment[name] for name in ("app_id", "environment_id")}
    orders = ORDER.list_history(ctx, place, Deployment.category)
    if orders:
        orders[-1] = Deployment().with_missing_details(ctx, place, orders[-1])
    last = last_decided({"orders": orders})
    if last is not None and last is not orders[-1]:
        last = Deployment().with_missing_details(ctx, place, last)
    config_id = environment["deploy_config_id"]
    config = None if config_id is None else DeployConfig().read(ctx, {"app_id": place["app_id"]}, config_id)
    is_released = is_configuration_released(last, config_fingerprint(config), secrets_fingerprint(config))
    unfinished = ORDER.list_history(ctx, place, results=["undecided"])
    instances = list_running(ctx, place)
    is_known = is_released is not None or (last is None and not instances)
    return {
        **describe_running(last, instances, unfinished, is_known),
        "configuration_is_released": is_released,
    }
