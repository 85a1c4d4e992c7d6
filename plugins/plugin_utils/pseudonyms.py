# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace names, texts and addresses in a world file, each by the same pseudonym wherever it occurs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.document_pseudonyms import (
    DocumentPseudonyms,
    NotADocumentError,
)

# What stays as it is: numbers of the service, enumerations, sizes, times, regions, and the ids of business domains.
_KEPT = frozenset(
    [
        "access_modes",
        "account_type",
        "backup_type",
        "biz_code",
        "business_code",
        "capacity",
        "category",
        "character_set",
        "cluster_type",
        "ended",
        "engine",
        "env_type",
        "expires_on",
        "instance_type",
        "language",
        "level",
        "method",
        "mode",
        "net_plug",
        "network_mode",
        "nfs_version",
        "operating_system",
        "os_name",
        "os_type",
        "pause_type",
        "protocol",
        "reclaim_policy",
        "region",
        "region_id",
        "region_name",
        "role",
        "role_name",
        "service_type",
        "started",
        "status",
        "step_code",
        "user_type",
    ]
)
_DOCUMENTS = frozenset(
    ["config_map", "config_map_list", "cron_job", "deployment", "secret_list", "stateful_set", "workload"]
)
_IMAGES = frozenset(["image", "images", "init_images"])
_ADDRESSES = frozenset(["eip", "host_ip", "pod_ip", "private_ip", "public_ip", "address"])
_NETWORKS = frozenset(["pod_cidr", "service_cidr", "cidr"])
_URLS = frozenset(["url", "packet_url"])
_USERS = frozenset(["user_id"])
_CLUSTERS = frozenset(["cluster_instance_id"])

# What the pseudonym of a text begins with. The first place in this order that has the text counts.
_PREFIXES: tuple[tuple[str, str, str], ...] = (
    ("apps", "title", "app"),
    ("environments", "name", "environment"),
    ("rds_instances", "instance_id", "rm"),
    ("vpcs", "vpc_id", "vpc"),
    ("vpcs", "vswitch_ids", "vsw"),
    ("ecs", "instance_id", "i"),
    ("slbs", "slb_id", "lb"),
    ("clusters", "title", "cluster"),
    ("groups", "name", "group"),
    ("deploy_configs", "name", "config"),
    ("services", "name", "service"),
    ("slb_access_points", "name", "access-point"),
    ("volumes", "name", "volume"),
    ("claims", "name", "claim"),
    ("databases", "name", "database"),
    ("accounts", "name", "account"),
    ("instances", "app_instance_id", "instance"),
)


class Pseudonyms:
    """Pseudonyms by kind and text. The same text gets the same pseudonym.

    :ivar notes: what pseudonyms could not keep.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._documents = DocumentPseudonyms(self.name, self.image)
        self._known: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def world(self, world: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content of a world file with its texts replaced."""
        for table, member, prefix in _PREFIXES:
            for record in world.get(table, ()):
                texts = record.get(member) or []
                for text in texts if isinstance(texts, list) else [texts]:
                    self.name(text, prefix)
        return {
            table: [self._record(record, _place(table, record)) for record in content]
            if isinstance(content, list)
            else self._record(content, table)
            for table, content in world.items()
        }

    def _record(self, record: Mapping[str, Any], place: str) -> dict[str, Any]:
        return {name: self._value(name, value, place) for name, value in record.items()}

    def _value(self, name: str, value: Any, place: str) -> Any:
        if isinstance(value, list):
            return [
                self._record(item, place) if isinstance(item, Mapping) else self._value(name, item, place)
                for item in value
            ]
        if name == "privileges":  # names of databases with privileges
            return {self.name(key): privilege for key, privilege in value.items()}
        if isinstance(value, Mapping):
            return self._record(value, place)
        is_port = name == "target_port" and str(value).isdigit()
        if not isinstance(value, str) or not value or name in _KEPT or is_port:
            return value
        return self._document(value, f"{name} of {place}") if name in _DOCUMENTS else self._scalar(name)(value)

    def _scalar(self, name: str) -> Callable[[str], str]:
        kinds: tuple[tuple[frozenset[str], Callable[[str], str]], ...] = (
            (_IMAGES, self.image),
            (_ADDRESSES, self._address),
            (_NETWORKS, self._network),
            (_URLS, lambda text: self._of("url", text, lambda count: f"https://packets.example/packet-{count:04}")),
            (_USERS, lambda text: self._of("user", text, lambda count: f"user-{count:04}")),
            (_CLUSTERS, lambda text: self._of("cluster", text, lambda count: f"c{count:032x}")),
        )
        return next((replace for names, replace in kinds if name in names), self.name)

    def _of(self, kind: str, text: str, form: Callable[[int], str], counter: str | None = None) -> str:
        key, counter = (kind, text), counter or kind
        if key not in self._known:
            self._counts[counter] = self._counts.get(counter, 0) + 1
            self._known[key] = form(self._counts[counter])
        return self._known[key]

    def name(self, text: str, prefix: str = "name") -> str:
        """Return the pseudonym of a name or any other text, which Kubernetes accepts as a name and in a label.

        :param prefix: what the pseudonym begins with, unless the text has one already.
        """
        return self._of("name", text, lambda count: f"{prefix}-{count:04}", f"name {prefix}")

    def image(self, text: str) -> str:
        """Return the pseudonym of an image, with the tag of its own."""
        return self._of("image", text, lambda count: f"registry.example/image-{count:04}:1")

    def _address(self, text: str) -> str:
        return self._of("address", text, lambda count: f"10.{count >> 16 & 255}.{count >> 8 & 255}.{count & 255}")

    def _network(self, text: str) -> str:
        return self._of("network", text, lambda count: f"172.{16 + count % 16}.{count // 16 * 16 % 256}.0/20")

    def _document(self, text: str, place: str) -> str:
        try:
            return self._documents.replace(text)
        except NotADocumentError:
            note = f"A document in {place} is not a YAML mapping. It is replaced by one pseudonym as a whole."
            if ("name", text) not in self._known and note not in self.notes:
                self.notes.append(note)
            return self.name(text)


def _place(table: str, record: Mapping[str, Any]) -> str:
    """Return a record in words. Records with documents begin with their number."""
    number = next(iter(record.values()), None)
    return f"{table} {number}" if isinstance(number, int) else table
