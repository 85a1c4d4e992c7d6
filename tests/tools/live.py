# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the integration targets against the account that the environment names, and remove what they leave.

Everything that the targets create carries a prefix. Nothing runs while the account has something with that prefix, so
whatever carries it afterwards is theirs.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError, join_sentences
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from tests.tools import integration
from tests.tools.live_leftovers import Leftovers
from tests.tools.run_in_collection import ROOT

TARGETS = ROOT / "tests" / "integration" / "targets"
TEMPLATE = TARGETS.parent / "integration_config.yml.template"

REQUIRED = ("jst_access_key_id", "jst_access_key_secret", "resource_prefix", "jst_region", "jst_biz_code")
DEFAULTS = {"jst_wait_interval": "10"}
LISTS = ("jst_ecs_instance_ids", "jst_vswitch_ids")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "jst_app_instance": ("jst_image",),
    "jst_application": ("jst_image", "jst_rds_instance_id"),
    "jst_cluster": ("jst_vpc_id", "jst_vswitch_ids", "jst_pod_cidr", "jst_service_cidr"),
    "jst_cluster_node": ("jst_ecs_instance_ids",),
    "jst_deploy_config": ("jst_image", "jst_next_image"),
    "jst_deploy_order": ("jst_image", "jst_next_image"),
    "jst_deployment": ("jst_image", "jst_next_image"),
    "jst_environment": ("jst_image",),
    "jst_persistent_volume": ("jst_mount_target_domain",),
    "jst_persistent_volume_claim": ("jst_image", "jst_mount_target_domain"),
    "jst_rds_account": ("jst_rds_instance_id",),
    "jst_rds_db": ("jst_rds_instance_id",),
    "jst_resource_alloc": ("jst_image",),
    "jst_scale": ("jst_image",),
    "jst_service": ("jst_image",),
    "jst_slb_ap": ("jst_image", "jst_slb_id"),
    "role_application": ("jst_image", "jst_rds_instance_id"),
    "role_cluster": (
        "jst_ecs_instance_ids",
        "jst_mount_target_domain",
        "jst_pod_cidr",
        "jst_service_cidr",
        "jst_vpc_id",
        "jst_vswitch_ids",
    ),
    "role_database": ("jst_rds_instance_id",),
    "role_drift": ("jst_image", "jst_rds_instance_id"),
    "role_release": ("jst_image", "jst_next_image"),
    "role_teardown": ("jst_image", "jst_rds_instance_id"),
}
"""Target -> the variables of the template that it needs, besides those that all need."""

PREFIX = re.compile(r"[a-z][a-z0-9-]{2,10}")


class RefusedError(Exception):
    """The run does not start. Nothing was written."""


def environment_variable(name: str) -> str:
    """Return the environment variable that sets a variable of the template."""
    return "JST_PREFIX" if name == "resource_prefix" else name.upper()


def configuration(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the variables of the targets from the environment.

    :raises RefusedError: without consent, without a variable that all targets need, or with an invalid prefix.
    """
    if environ.get("JST_LIVE") != "yes":
        raise RefusedError(
            "This runs the integration targets against an account, and creates resources that cost money. "
            "Set JST_LIVE=yes to do that."
        )
    names = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    given = {name: environ.get(environment_variable(name), DEFAULTS.get(name, "")).strip() for name in names}
    missing = [environment_variable(name) for name in REQUIRED if not given[name]]
    if missing:
        raise RefusedError(f"Set also: {', '.join(missing)}.")
    if not PREFIX.fullmatch(given["resource_prefix"]):
        raise RefusedError(
            "JST_PREFIX must have 3 to 11 lower-case letters, digits and hyphens, and begin with a letter."
        )
    values: dict[str, Any] = {name: value for name, value in given.items() if value}
    for name in LISTS:
        values[name] = [item for item in re.split(r"[,\s]+", given[name]) if item]
    values["jst_wait_interval"] = float(given["jst_wait_interval"])
    return values


def choose_targets(values: Mapping[str, Any], named: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the targets to run, and the others with the environment variables that they lack.

    :param named: names of targets; all targets without any.
    :raises RefusedError: for an unknown target, and when no target can run.
    """
    known = sorted(folder.name for folder in TARGETS.iterdir() if not folder.name.startswith("setup_"))
    unknown = [name for name in named if name not in known]
    if unknown:
        raise RefusedError(f"There is no target {', '.join(unknown)}. There are: {', '.join(known)}.")
    lacking = {
        name: [environment_variable(variable) for variable in NEEDS.get(name, ()) if not values.get(variable)]
        for name in named or known
    }
    chosen = [name for name, variables in lacking.items() if not variables]
    skipped = {name: variables for name, variables in lacking.items() if variables}
    if not chosen:
        raise RefusedError(
            "No target can run: " + "; ".join(f"{name} needs {', '.join(skipped[name])}" for name in skipped)
        )
    return chosen, skipped


def main(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Run the targets; return 0 when all passed and nothing is left.

    :param arguments: names of targets, options of ansible-test, or ``--clean`` to remove what carries the prefix.
    """
    try:
        values = configuration(os.environ if environ is None else environ)
        access = {name.removeprefix("jst_"): value for name, value in values.items() if name in ACCESS}
        with Client(resolve_settings(access, {})) as client:
            if list(arguments) == ["--clean"]:
                # Machines have no prefix: only a run that found them free knows that it added them.
                return _clean(Leftovers(client, {**values, "jst_ecs_instance_ids": []}))
            return _run(Leftovers(client, values), values, arguments)
    except RefusedError as error:
        print(error)
        return 2
    except JstError as error:
        print(join_sentences(error.message, error.hint))
        return 2


ACCESS = ("jst_endpoint", "jst_access_key_id", "jst_access_key_secret", "jst_security_token")


def _run(leftovers: Leftovers, values: Mapping[str, Any], arguments: Sequence[str]) -> int:
    options = [argument for argument in arguments if argument.startswith("-")]
    chosen, skipped = choose_targets(values, [argument for argument in arguments if not argument.startswith("-")])
    present = leftovers.read()
    if present:
        listing = "\n".join(f"  {thing}" for thing in present)
        raise RefusedError(
            f"The account has resources with the prefix {values['resource_prefix']} already, or nodes of "
            f"JST_ECS_INSTANCE_IDS:\n{listing}\n"
            "Choose another JST_PREFIX and other nodes, or remove what carries the prefix: make live LIVE_ARGS=--clean"
        )
    for name, variables in skipped.items():
        print(f"Skipped {name}: set {', '.join(variables)}.", flush=True)
    try:
        status = integration.run([*options, *chosen], yaml.safe_dump(dict(values)))
    finally:
        left = _clean(leftovers)
    return status or left


def _clean(leftovers: Leftovers) -> int:
    """Remove what carries the prefix, and print what is left; return 1 when something is."""
    stuck = []
    for thing in leftovers.read():
        failure = leftovers.remove(thing)
        stuck += [thing] if failure else []
        print(f"Could not remove {thing}: {failure}" if failure else f"Removed {thing}.", flush=True)
    left = leftovers.wait_until_gone(stuck, time.monotonic() + leftovers.timeout)
    for thing in left:
        print(f"Left: {thing}", flush=True)
    if not left:
        print("Nothing is left.", flush=True)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
