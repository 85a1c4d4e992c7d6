# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hosts and files for resources whose names can hold any character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

APPS, CLUSTERS = "apps", "clusters"
HOSTS, UNASSIGNED, UNREADABLE = "hosts.yml", "unassigned.yml", "unreadable.yml"

MAX_BYTES = 120
"""The longest name in bytes. Most file systems take 255, and a name gets an id and an ending."""

# Names that Ansible or YAML reads as something else, and files that Windows reserves.
RESERVED = frozenset(
    [
        "all",
        "ungrouped",
        "localhost",
        "hostvars",
        "groups",
        "group_names",
        "omit",
        "vars",
        "jst_apps",
        "jst_clusters",
        "jst_unassigned",
        "jst_unreadable",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "none",
        "y",
        "n",
        "con",
        "prn",
        "aux",
        "nul",
    ]
)
_UNSAFE = re.compile(r"[^\w.-]+")
_NUMBER = re.compile(r"[\d._+-]*|0[xob][0-9a-f_]*|[\d.]+e\d*|127\.\S*", re.IGNORECASE)


def file_name(name: str) -> str:
    """Return a name that file systems, Ansible and YAML accept for a name. Letters of all scripts stay."""
    text = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))
    text = text.lstrip(".-_").rstrip(".-_") if text != name else text.lstrip(".-").rstrip(".-")
    while len(text.encode("utf-8")) > MAX_BYTES:
        text = text[:-1]
    return text


def is_plain(name: str) -> bool:
    """Return whether a name can be used as it is."""
    return bool(name) and file_name(name) == name and name.lower() not in RESERVED and not _NUMBER.fullmatch(name)


def fold(name: str) -> str:
    """Return the form of a name that file systems without case share."""
    return unicodedata.normalize("NFC", name).casefold()


def unique_name(name: str, suffix: object, taken: Collection[str]) -> str:
    """Return a file name for a name, with a suffix where it is not unique or not the name itself.

    :param suffix: distinguishes resources with the same name, such as an id.
    :param taken: the names in use, folded.
    """
    if is_plain(name) and fold(name) not in taken:
        return name
    base = file_name(name)
    candidate = f"{base}-{suffix}" if base else f"unnamed-{suffix}"
    number = 2
    while fold(candidate) in taken:
        candidate, number = f"{base or 'unnamed'}-{suffix}-{number}", number + 1
    return candidate


def assign_names(
    resources: Iterable[tuple[str, str]], known: Mapping[str, str], taken: Iterable[str] = ()
) -> dict[str, str]:
    """Return id -> name of a host for each resource. A known name stays, whatever resources come or go.

    :param resources: the id and the name of each.
    :param known: id -> the name that an earlier run has given, also for other resources.
    :param taken: further names in use.
    """
    used = {fold(name) for name in (*known.values(), *taken)}
    names = {}
    for identity, name in resources:
        given = known.get(identity)
        names[identity] = unique_name(name, identity, used) if given is None else given
        used.add(fold(names[identity]))
    return names
