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
import logging
import re
import sys
import textwrap
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

COLLECTION = "ansible_collections.jst.retailcloud"
USAGE = "Usage: python jst.py OPTION=VALUE ..., such as watch=deploy_orders start=beginning. --help lists the options."
HELP = """\
Usage: python jst.py OPTION=VALUE ...

Prints the events that the event source jst.retailcloud.jst sends to ansible-rulebook, each as a
line of JSON, until it is stopped. Messages go to the standard error. The command only reads the
service. Entries of a list have commas between them.

  python jst.py watch=deploy_orders,instances start=beginning
  python jst.py watch=deploy_orders types=failed interval=5

The key and the endpoint come from the environment and the profile file, as those of the modules:
ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_ENDPOINT. Other users
of this machine can see arguments, so give no secret there.

Options, which jst.yaml beside this file documents:
"""
NOT_HERE = ("hosts", "feedback")
"""Options that an argument cannot give: a dictionary, and what ansible-rulebook alone has."""

MARKUP = re.compile(r"\b[A-Z]\(([^)]*)\)")
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


def option_list() -> str:
    """Return the options with their defaults and choices, and the first paragraph about each."""
    try:
        import yaml
    except ImportError:
        return "  jst.yaml has the list. It is shown here when PyYAML is installed.\n"
    documented = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    lines = []
    for name, option in documented["DOCUMENTATION"]["options"].items():
        if name in NOT_HERE:
            continue
        default = option.get("default")
        shown = ",".join(map(str, default)) if isinstance(default, list) else json.dumps(default).strip('"')
        lines.append(f"  {name}" if default is None else f"  {name} (default {shown})")
        text = option["description"]
        words = MARKUP.sub(r"\1", text if isinstance(text, str) else text[0])
        choices = f" Choices: {', '.join(option['choices'])}." if "choices" in option else ""
        lines.append(textwrap.fill(words + choices, 100, initial_indent="      ", subsequent_indent="      "))
    return "\n".join(lines) + "\n"


def print_events(arguments: list[str]) -> int:
    """Print events until the source is stopped or cannot work, and return the exit status."""
    if {"-h", "--help"} & set(arguments):
        print(HELP + option_list(), end="")
        return 0
    if not arguments:
        print(f"No option is given, so there is nothing to print.\n{USAGE}", file=sys.stderr)
        return 2
    malformed = [argument for argument in arguments if "=" not in argument]
    if malformed:
        print(f"Argument {malformed[0]!r} has no '='.\n{USAGE}", file=sys.stderr)
        return 2
    logging.basicConfig(format="%(message)s")
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
