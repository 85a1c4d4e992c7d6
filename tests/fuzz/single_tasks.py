# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks for the full account. The service rejects many: it needs what they delete, or lacks what they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from hypothesis import strategies as st

from tests.conformance.module_cases import (
    APP,
    CLAIM,
    CONFIG,
    ENVIRONMENT,
    MODULE_CASES,
    MYSQL,
    PLACE,
    VOLUME,
    deployment,
)

Options = dict[str, Any]
RunContext = tuple[str, Options]

LABEL = {"cluster": "emu-online", "key": "label.jst.com/role"}
# In which nothing was released. The second has no cluster either.
STAGING, BARE = ({"app": "shop", "environment": name} for name in ("staging", "bare"))
UNRELEASED: tuple[RunContext, ...] = (
    ("jst_environment", {**ENVIRONMENT, "name": "staging", "cluster": "emu-online"}),
    ("jst_environment", {**ENVIRONMENT, "name": "bare"}),
)
IMAGE = "registry.example.com/shop:1.0"


def each(module: str, fixed: Mapping[str, Any], **choices: Sequence[Any]) -> Iterator[RunContext]:
    """Every combination of the choices; None leaves an option out."""
    for values in product(*choices.values()):
        given = {name: value for name, value in zip(choices, values, strict=True) if value is not None}
        yield module, {**fixed, **given}


def deletions() -> Iterator[RunContext]:
    """Everything that a row of the conformance tests makes is deleted, with and without force."""
    for case in MODULE_CASES:
        if case.absent is not None:
            yield case.module, {**case.key, "state": "absent"}
            yield case.module, {**case.key, **case.absent, "state": "absent"}


TASKS: tuple[RunContext, ...] = (
    *deletions(),
    *each("jst_app", {"state": "absent"}, title=["shop", "cart", "night"], force=[None, True]),
    *each("jst_app", {**APP, "title": "new"}, group=["storefronts", "nowhere"]),
    *each(
        "jst_app_group", {"biz_code": "JST", "name": "storefronts"}, apps=[["cart"], ["night"]], purge_apps=[None, True]
    ),
    *each("jst_app_group", {"name": "others"}, biz_code=["JST", "SUPPLY"], app_ids=[[10001], [10001, 19999]]),
    *each("jst_deploy_config", {**CONFIG, "state": "absent"}, name=["web", "other"]),
    *each("jst_deploy_config", {**CONFIG, "name": "other"}, deployment=[deployment(), deployment("shop:2")]),
    *each(
        "jst_environment",
        {**ENVIRONMENT, "deploy_config": None},
        name=["staging", "another"],
        deploy_config_id=[30001, 30002, 39999],
        cluster=[None, "emu-online", "emu-test"],
    ),
    *each("jst_environment", {**PLACE, "name": "production"}, state=["offline", "absent"], force=[None, True]),
    *each("jst_environment", {"app": "shop", "name": "staging"}, state=["offline", "absent"]),
    *each("jst_environment", {"app": "night", "name": "production"}, state=["offline", "absent"]),
    *each("jst_resource_alloc", STAGING, cluster=["emu-online", "emu-test", "supply"]),
    *each("jst_resource_alloc", BARE, cluster=["emu-online", "emu-test", "supply"]),
    *each("jst_resource_alloc", {"app": "shop", "state": "absent"}, environment=["bare", "staging", "production"]),
    *each(
        "jst_deployment",
        {"app": "shop", "images": [IMAGE]},
        environment=["bare", "staging", "production"],
        force=[None, True],
    ),
    ("jst_deployment", {"app": "night", "environment": "production", "force": True}),
    *each("jst_scale", {"app": "shop"}, environment=["bare", "staging", "production"], replicas=[0, 1, 3]),
    ("jst_scale", {"app": "night", "environment": "production", "replicas": 2}),
    *each(
        "jst_node_label",
        LABEL,
        value=["web", "new"],
        instance_ids=[["i-emu-node-1"], ["i-emu-node-1", "i-emu-nowhere"]],
    ),
    *each("jst_node_label", {**LABEL, "state": "absent"}, value=["web", "new"], force=[None, True]),
    *each(
        "jst_persistent_volume", {**VOLUME, "cluster": "emu-online", "name": "more"}, storage_class=["media", "more"]
    ),
    *each("jst_persistent_volume", {"cluster": "emu-online", "state": "absent"}, name=["media", "more", "emu-media"]),
    *each("jst_persistent_volume_claim", {**PLACE, **CLAIM}, name=["media", "more"]),
    *each("jst_persistent_volume_claim", {**PLACE, "state": "absent"}, name=["media", "more"]),
    *each("jst_cluster", {"state": "absent"}, title=["emu-online", "emu-test", "supply"], force=[None, True]),
    *each(
        "jst_rds_account",
        {"instance_id": MYSQL, "password": "Canary-Password-1", "ignore_extra_privileges": True},
        name=["shop", "new"],
        privileges=[[{"database": name, "privilege": "ReadOnly"}] for name in ("shop", "carts", "nowhere")],
    ),
    *each("jst_rds_db", {"instance_id": MYSQL, "state": "absent"}, name=["shop", "carts"]),
    *each("jst_rds_db", {"instance_id": MYSQL, "character_set": "utf8mb4"}, name=["shop", "carts"]),
)

SEQUENCES = st.lists(st.sampled_from(TASKS), min_size=1, max_size=6)
