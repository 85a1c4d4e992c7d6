# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources that hosts of an inventory stand for, across all files of the inventory plugin.

Ansible merges hosts that have the same name. Hosts that stand for different resources must not be merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary


@dataclass(frozen=True)
class Origin:
    """The resource that a host stands for.

    :ivar label: a unique name of the resource in its account, for messages.
    :ivar ids: name of a resource -> its id, for the resource and its parents.
    :ivar endpoint: the address of the service.
    :ivar file: the path of the configuration file.
    :ivar is_new: whether the file adds the host, and no earlier source has it.
    """

    label: str
    ids: Mapping[str, Any]
    endpoint: str
    file: str
    is_new: bool

    def __str__(self) -> str:
        return f"{self.label} at {self.endpoint} ({self.file})"

    def fits(self, other: Origin) -> bool:
        """Return whether both stand for the same resource, or one of them for a parent of the other."""
        common = self.ids.keys() & other.ids.keys()
        is_same = bool(common) and all(self.ids[name] == other.ids[name] for name in common)
        return is_same and self.endpoint == other.endpoint


_ORIGINS: WeakKeyDictionary[Any, dict[str, Origin]] = WeakKeyDictionary()


def origins_of(inventory: Any) -> dict[str, Origin]:
    """Return name of a host -> its origin, for the hosts that files of the plugin have added to an inventory.

    :param inventory: the ``InventoryData`` of ansible-core. Each run, and each refresh, has a new one, which
        ansible-core 2.19 and newer wrap anew for each file.
    """
    return _ORIGINS.setdefault(getattr(inventory, "__wrapped__", inventory), {})
