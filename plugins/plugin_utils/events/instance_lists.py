# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instances of the environments, read once in a round for all watches."""

from __future__ import annotations

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstance
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.notices import Notices
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.service import Service, is_refusal


class InstanceLists:
    """The instances of each environment, for one round."""

    def __init__(self, service: Service, notices: Notices) -> None:
        self._service = service
        self._notices = notices
        self._lists: dict[int, dict[str, State] | None] = {}

    def clear(self) -> None:
        """Begin a new round."""
        self._lists.clear()

    def of(self, place: Place) -> dict[str, State] | None:
        """Return instance id -> state. None when the service rejects the list, as for a deleted environment."""
        if place.environment_id not in self._lists:
            self._lists[place.environment_id] = self._read(place)
        return self._lists[place.environment_id]

    def _read(self, place: Place) -> dict[str, State] | None:
        instances: dict[str, State] = {}
        resource = AppInstance()
        subject = f"The instances of {place.label}"

        def visit(record: dict[str, object]) -> None:
            state = resource.state_from(record, place.scope)
            if state["instance"]:
                instances[state["instance"]] = state

        try:
            self._service.walk("ListAppInstance", place.parameters, visit)
        except ApiError as error:
            if not is_refusal(error):
                raise
            self._notices.refused(subject, error)
            return None
        self._notices.readable(subject)
        return instances
