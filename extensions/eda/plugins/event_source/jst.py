# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source ``jst.retailcloud.jst`` for ansible-rulebook. ``jst.yaml`` next to this file documents it.

Run the file itself to print events: ``python jst.py watch=deploy_orders start=beginning``.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

COLLECTION = "ansible_collections.jst.retailcloud"
USAGE = "Usage: python jst.py OPTION=VALUE ..., such as watch=deploy_orders start=beginning. jst.yaml has the options."
RUNNER = f"{COLLECTION}.plugins.plugin_utils.events.runner"


def make_importable(name: str, folder: Path) -> None:
    """Make the collection that this file belongs to importable under its name.

    ansible-rulebook loads the file by its path, without the collection loader of Ansible. The collection may be
    installed in any folder of collections, or be a checkout that no such folder holds.

    :param name: the name of the collection, with its parent packages.
    :param folder: the folder of the collection.
    """
    package = ""
    for part in name.split("."):
        parent, package = package, f"{package}.{part}".lstrip(".")
        if package in sys.modules:
            continue
        if package != name:
            try:
                importlib.import_module(package)
                continue
            except ModuleNotFoundError:
                pass
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(folder)] if package == name else []
        sys.modules[package] = module_from_spec(spec)
        if parent:
            setattr(sys.modules[parent], part, sys.modules[package])


def runner() -> Any:
    """Return the module of the collection that runs the source."""
    folder = Path(__file__).resolve().parents[4]
    if (folder / "plugins" / "plugin_utils" / "events").is_dir():
        make_importable(COLLECTION, folder)
    return importlib.import_module(RUNNER)


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Put events into the queue until the task is cancelled."""
    await runner().run(queue, args)


class PrintingQueue:
    """Prints events instead of queueing them."""

    async def put(self, event: Any) -> None:
        """Print an event as one line of JSON."""
        print(json.dumps(event, ensure_ascii=False), flush=True)


def print_events(arguments: list[str]) -> int:
    """Print events until the source is stopped or cannot work, and return the exit status."""
    malformed = [argument for argument in arguments if "=" not in argument]
    if malformed:
        print(f"Argument {malformed[0]!r} has no '='.\n{USAGE}", file=sys.stderr)
        return 2
    try:
        asyncio.run(main(PrintingQueue(), dict(argument.split("=", 1) for argument in arguments)))
    except KeyboardInterrupt:
        return 130
    except runner().SourceError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(print_events(sys.argv[1:]))
