# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages with which the source begins: what it watches, since when and how often, and what others can read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import iso
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import (
    BEGINNING,
    ENV_TYPES,
    NOW,
    Options,
    shortened,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import StateFile
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import START, Watch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import SINCE


def beginning_message(options: Options, watches: Iterable[Watch], state: StateFile, endpoint: str) -> str:
    """Return what the source begins with. It holds no secret: neither keys nor what the service shows.

    :param watches: those that read, which the option ``types`` may make fewer than the option ``watch`` names.
    """
    names = [watch.name for watch in watches]
    known = [name for name in names if state.get(START, name) is not None]
    fresh = [name for name in names if name not in known]
    parts = [_continued(options, known, state)] if known else []
    if fresh:
        parts.append(f"{', '.join(fresh)}: {_start(options)}")
    every = f"every {options.interval:g} to {options.max_interval:g} s"
    return f"Reading {endpoint} {every}, {_scope(options)}. {'; '.join(parts)}."


def exposed_databases(state_file: str | None) -> Iterator[str]:
    """Yield a message for each database of the engine beside the state file that other users of the machine can read.

    The engine creates it with the mode that the umask leaves, and it holds the bodies of events.
    """
    if state_file is None:
        return
    try:
        files = [file for file in sorted(Path(state_file).resolve().parent.glob("*.mv.db")) if _is_open(file, 0o044)]
    except OSError:
        return
    for file in files:
        if all(_is_open(folder, 0o011) for folder in file.parents):
            yield (
                f"Other users of this machine can read {file}, in which the engine keeps bodies of events. "
                "Run chmod 600 on it, and keep it in a directory with mode 0700."
            )


def _is_open(path: Path, mode: int) -> bool:
    """Return whether somebody but the owner has one of these permissions."""
    return bool(os.stat(path).st_mode & mode)


def _scope(options: Options) -> str:
    parts = [f"apps {_named(options.apps)}" if options.apps else "all apps"]
    if options.environments:
        parts.append(f"environments {_named(options.environments)}")
    if set(options.env_types) != set(ENV_TYPES):
        parts.append(f"environments of type {', '.join(options.env_types)}")
    if options.types != Options().types:
        parts.append(f"events of type {', '.join(sorted(options.types))}")
    return ", ".join(parts)


def _named(names: Iterable[str]) -> str:
    return shortened(", ".join(map(repr, names)))


def _start(options: Options) -> str:
    if options.start == NOW:
        return "what happens from now on"
    if options.start == BEGINNING:
        return "all that the service still shows"
    return f"what happened since {iso(float(options.start))}"


def _continued(options: Options, known: list[str], state: StateFile) -> str:
    """Return where lists continue. The first word of an entry of the state is the watch that reads the list."""
    since = [float(at) for name, at in state.items(SINCE).items() if name.partition(" ")[0] in known]
    moment = f", with records since {iso(min(since))}" if since else ""
    return f"{', '.join(known)}: what happened since the last round in {options.state_file}{moment}"
