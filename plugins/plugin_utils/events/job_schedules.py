# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedules of the jobs of all environments, from their deploy configs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.notices import Notices
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.places import Places
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.schedule import Schedule
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.service import Service


class JobSchedule(NamedTuple):
    """The schedule of a job.

    :ivar text: the schedule as the deploy config has it.
    :ivar zone: the name of its time zone.
    """

    text: str
    zone: str
    schedule: Schedule


class JobSchedules:
    """Read the deploy configs from time to time.

    :param skip: continues after a rejected reading.
    :param zone: the time zone of schedules that name none.
    """

    def __init__(
        self,
        service: Service,
        notices: Notices,
        skip: Callable[[ApiError, str], None],
        zone: str,
    ) -> None:
        self._service = service
        self._notices = notices
        self._skip = skip
        self._zone = zone
        # Deploy config -> its schedule, None for one without a job that is to run.
        self._schedules: dict[int, JobSchedule | None] = {}
        self._read_at: float | None = None

    def refresh(self, places: Places, now: float, interval: float) -> None:
        """Read the deploy configs of all apps if the last reading is too old."""
        if self._read_at is not None and 0 <= now - self._read_at < interval:
            return
        resource = DeployConfig()
        schedules: dict[int, JobSchedule | None] = {}
        for app_id in places.apps():
            subject = f"The deploy configs of app {app_id}"
            try:
                for config in resource.list_states(self._service.context(), {"app_id": app_id}, {}):
                    if config["deploy_config_id"] is not None:
                        manifest = config["cron_job"]
                        schedules[config["deploy_config_id"]] = self._parse(manifest and manifest.data)
            except ApiError as error:
                self._skip(error, subject)
            else:
                self._notices.readable(subject)
        self._schedules, self._read_at = schedules, now

    def of(self, place: Place) -> JobSchedule | None:
        """Return the schedule of the job of an environment, None without one."""
        return self._schedules.get(place.deploy_config_id or 0)

    def has_no_job(self, place: Place) -> bool:
        """Return whether the deploy config of an environment is known and has no schedule."""
        return self._schedules.get(place.deploy_config_id or 0, self) is None

    def _parse(self, cron_job: dict[str, Any] | None) -> JobSchedule | None:
        spec = (cron_job or {}).get("spec")
        if not isinstance(spec, dict) or spec.get("suspend") is True or not isinstance(spec.get("schedule"), str):
            return None
        text, zone = spec["schedule"], spec.get("timeZone") or self._zone
        try:
            return JobSchedule(text, str(zone), Schedule(text, str(zone)))
        except ValueError as error:
            self._notices.tell(f"Missed runs of schedule {text!r} cannot be found: {error}.")
            return None
