# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy and the table of operations in docs/permissions.md and its Chinese page: what a key has to be allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from tests.tools.generate.files import Files, code, file_with_part, table, with_part
from tests.tools.module_texts import MODULES
from tests.tools.module_texts import read as documented
from tests.tools.run_in_collection import ROOT

PAGES = {
    ROOT / "docs" / "permissions.md": ("module", "reads", "changes"),
    ROOT / "docs" / "zh" / "permissions.md": ("模块", "读取", "修改"),
}
POLICY_SOURCE = "the operations of all modules that read"
TABLE_SOURCE = "the declarations, tests/conformance/coverage.yml and the documentation of the modules"
READ_PREFIXES = ("Describe", "Get", "List", "Query")

# Options that name another thing. Its id is looked for where a name is given.
LOOKUPS = {
    "app": "ListApp",
    "apps": "ListApp",
    "environment": "ListAppEnvironment",
    "deploy_config": "ListDeployConfig",
    "cluster": "ListCluster",
}

# What a module calls beside the operations that the table of coverage has for it.
FOLLOWING = (
    "DescribeDeployOrderDetail",
    "DescribePodEvents",
    "DescribePodLog",
    "ListDeployOrders",
    "ListPods",
)
FURTHER = {
    "jst_app": ("ListUsers",),
    "jst_app_instance": ("ListAppInstance",),
    "jst_application": (
        "ListAppResourceAllocs",
        "ListPersistentVolume",
        "ListUsers",
        "CloseDeployOrder",
        "ModifyService",
        "ModifySlbAP",
        "ResetAccountPassword",
        *FOLLOWING,
    ),
    "jst_deploy_config": ("DescribeAppDetail",),
    "jst_deploy_order": FOLLOWING,
    "jst_deployment": (
        "CloseDeployOrder",
        "DescribeAppDetail",
        "DescribeAppEnvironmentDetail",
        "ListAppResourceAllocs",
        "ListDeployConfig",
        *FOLLOWING,
    ),
    "jst_environment": ("DescribeAppDetail", "ListAppResourceAllocs"),
    "jst_environment_info": ("ListAppResourceAllocs",),
    "jst_persistent_volume_claim": ("ListAppResourceAllocs", "ListPersistentVolume"),
    "jst_resource_alloc": ("DescribeAppEnvironmentDetail", "ListAppResourceAllocs"),
    "jst_scale": ("CloseDeployOrder", "ListAppInstance", *FOLLOWING),
}


@cache
def operations(module: str) -> tuple[str, ...]:
    """What a module may call."""
    from tests.conformance.coverage_requirements import coverage

    own = [operation for operation, named in coverage().items() if module in named]
    options = documented(module, "DOCUMENTATION")["options"]
    lookups = [operation for option, operation in LOOKUPS.items() if option in options]
    return tuple(sorted({*own, *lookups, *FURTHER.get(module, ())}))


def is_read(operation: str) -> bool:
    """Whether an operation changes nothing; its name tells."""
    return operation.startswith(READ_PREFIXES)


def policy(actions: Iterable[str]) -> str:
    """A policy that allows these operations."""
    statement = {"Effect": "Allow", "Action": [f"retailcloud:{action}" for action in sorted(actions)], "Resource": "*"}
    return f"```json\n{json.dumps({'Version': '1', 'Statement': [statement]}, indent=2)}\n```\n"


def render() -> Files:
    """Return the pages."""
    named = {module: operations(module) for module in MODULES if module != "jst_api"}
    reads = {operation for each in named.values() for operation in each if is_read(operation)}
    rows = [
        (f"`{module}`", code(filter(is_read, each)), code(name for name in each if not is_read(name)))
        for module, each in named.items()
    ]
    return {
        page: with_part(
            file_with_part(page, POLICY_SOURCE, f"\n{policy(reads)}\n"), TABLE_SOURCE, f"\n{table(head, rows)}\n"
        )
        for page, head in PAGES.items()
    }
