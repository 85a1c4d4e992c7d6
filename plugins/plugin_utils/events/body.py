# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of an event, as the schemas in ``extensions/eda/schemas`` describe it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import redact_log

MAX_EVENT = 40_000
"""The longest event, in characters of its JSON. The limits below are halved until an event fits."""

MAX_TEXT = 1000
"""The longest text of a member, in characters. The start of a longer one is kept."""

MAX_LINE = 300
"""The longest text in a list, in characters."""

MAX_LOG = 4000
"""The longest log, in characters. The end of a longer one is kept, since it shows the error."""

MAX_ITEMS = 10
"""The most entries of a list. The last ones are kept."""

MAX_PARTS = 3
"""The most pods or containers of which an event holds logs."""

_CUT = " [cut]"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/jst-retailcloud/jst.retailcloud/event")


@dataclass(frozen=True)
class Place:
    """An environment of an app, as events name it.

    :ivar host: the inventory host of the app.
    :ivar deploy_config_id: the deploy config of the environment, if known.
    """

    app_id: int
    title: str
    environment_id: int
    environment: str | None
    env_type: str | None
    host: str
    deploy_config_id: int | None = None

    @property
    def scope(self) -> dict[str, Any]:
        """The ids by their names in the collection."""
        return {"app_id": self.app_id, "environment_id": self.environment_id}

    @property
    def parameters(self) -> dict[str, Any]:
        """The ids by their names in requests."""
        return {"AppId": self.app_id, "EnvId": self.environment_id}

    @property
    def label(self) -> str:
        """The environment in words."""
        return f"environment {self.environment or self.environment_id} of app {self.title}"


@dataclass(frozen=True)
class Event:
    """Something that happened.

    :ivar kind: such as ``deploy_order``. The schema has this name.
    :ivar type: what happened, such as ``failed``.
    :ivar key: distinguishes events of one kind and type in one environment. An event always has one key.
    :ivar at: epoch seconds.
    :ivar members: the other members of the body.
    :ivar number: orders events of the same time: a later one has a higher number.
    """

    kind: str
    type: str
    key: str
    at: float
    place: Place
    members: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0

    def body(self, endpoint: str) -> dict[str, Any]:
        """Return the body for ansible-rulebook.

        :param endpoint: of the service. Ids are unique within one service.
        """
        place = self.place
        identity = [endpoint, self.kind, self.type, place.app_id, place.environment_id, self.key]
        meta = {"uuid": str(uuid.uuid5(_NAMESPACE, json.dumps(identity))), "hosts": [place.host]}
        divisor = 1
        while True:
            body = {"jst": self._content(divisor), "meta": meta}
            if divisor > MAX_TEXT or len(json.dumps(body, ensure_ascii=False)) <= MAX_EVENT:
                return body
            divisor *= 2

    def _content(self, divisor: int) -> dict[str, Any]:
        place, most = self.place, MAX_LINE // divisor
        return {
            "kind": self.kind,
            "type": self.type,
            "time": iso(self.at),
            "app": {"app_id": place.app_id, "title": _cut(place.title, most)},
            "environment": {
                "environment_id": place.environment_id,
                "name": None if place.environment is None else _cut(place.environment, most),
                "env_type": place.env_type,
            },
            **{name: _bounded(name, value, divisor) for name, value in self.members.items()},
        }


def iso(at: float) -> str:
    """Return epoch seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(int(at), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bounded(name: str, value: Any, divisor: int) -> Any:
    """Return a value of limited size without the secrets that are recognized."""
    if isinstance(value, Mapping):
        return {member: _bounded(member, item, divisor) for member, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bounded("", item, divisor) for item in value[-MAX_ITEMS:]]
    if not isinstance(value, str):
        return value
    # Masked before it is cut: the name or marker of a secret may be far before the end.
    if name == "log":
        return redact_log(value)[-MAX_LOG // divisor :]
    return _cut(redact_log(value), (MAX_TEXT if name else MAX_LINE) // divisor)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(0, most - len(_CUT))] + _CUT
