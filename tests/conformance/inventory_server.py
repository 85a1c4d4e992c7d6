# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that has imported Ansible once, and fills an inventory from files for each order.

Orders come as lines of JSON on the standard input, answers go to the standard output. An order has the ``files``,
whether the ``cache`` may be used, ``extra_vars``, variables for the ``environment``, and an ``expression`` for each
host.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import ansible.template
from ansible import context
from ansible.inventory.data import InventoryData
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, inventory_loader
from ansible.template import Templar
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

PLUGIN = "jst.retailcloud.jst"

# Before ansible-core 2.19 every text is trusted.
trust = getattr(ansible.template, "trust_as_template", lambda text: text)


def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Hosts with their variables, groups with their hosts, what the expression gave, warnings, and what went wrong."""
    warnings: list[str] = []
    Display.warning = lambda _display, msg, *_further, **_options: warnings.append(msg)
    context.CLIARGS = ImmutableDict(extra_vars=[json.dumps(order["extra_vars"])])
    vars(load_extra_vars).clear()
    os.environ.update(order["environment"])
    inventory, loader = InventoryData(), DataLoader()
    error = None
    for file in order["files"]:
        plugin = inventory_loader.get(PLUGIN)
        if not plugin.verify_file(file):
            error = "not verified"
            break
        try:
            plugin.parse(inventory, loader, file, cache=order["cache"])
            with contextlib.suppress(AttributeError):  # there is no cache
                plugin.update_cache_if_changed()
        except Exception as failure:  # as the plugin auto, whatever it is
            error = f"{type(failure).__name__}: {failure}"
            break
    inventory.reconcile_inventory()
    hosts = {name: host.get_vars() for name, host in inventory.hosts.items()}
    groups = {name: [host.name for host in group.get_hosts()] for name, group in inventory.groups.items()}
    given = {name: rendered(loader, variables, order["expression"]) for name, variables in hosts.items()}
    return {"error": error, "warnings": warnings, "hosts": hosts, "groups": groups, "given": given}


def rendered(loader: DataLoader, variables: Mapping[str, Any], expression: str | None) -> Any:
    """What an expression gives in a task of a host with these variables."""
    if expression is None:
        return None
    return Templar(loader=loader, variables=dict(variables)).template(trust(f"{{{{ {expression} }}}}"))


if __name__ == "__main__":
    init_plugin_loader()
    original = dict(os.environ)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line)), default=str), flush=True)
        os.environ.clear()
        os.environ.update(original)
