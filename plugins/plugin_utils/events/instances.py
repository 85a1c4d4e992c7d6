# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch the health and the restarts of instances."""

from __future__ import annotations

from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstance
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod import DEFAULT_LINES, read_container_logs
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import MAX_PARTS, Event, Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.instance_lists import InstanceLists
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import Tools, Watch, epoch

INSTANCES = "instances of environment"
"""The sections with the known instances of an environment."""

PASSING_STATUSES = ("Starting", "ToBeSchedule", "Pending")
"""Statuses of an instance that is about to run. A new one is not healthy before it has run."""

ENDING_STATUSES = ("Offlining", "Stopped")
"""Statuses of an instance that somebody stopped."""

MISSES_UNTIL_GONE = 2
"""Readings without an instance after which it is gone, since lists may be out of date."""


class InstanceWatch(Watch):
    """Compare each instance with what it was in the previous round.

    What is remembered of an instance: ``created``, ``healthy`` (whether it was healthy last), ``restarts``, ``resets``
    (how often that number was reset), ``episode`` (how often it became abnormal), ``reported`` (whether it is abnormal
    now, and that was sent), ``misses``, and ``last`` (what was sent last).
    """

    name = "instances"

    def __init__(self, tools: Tools, lists: InstanceLists) -> None:
        super().__init__(tools)
        self._lists = lists

    def read(self, read_at: float) -> bool:
        """Read the instances of each environment. Return whether one of them is abnormal."""
        self._read_at = read_at
        is_busy = False
        for place in self.places:
            instances = self._lists.of(place)
            if instances is None:
                continue
            section = f"{INSTANCES} {place.environment_id}"
            for name, instance in instances.items():
                known = self.state.get(section, name)
                is_busy = self._compare(place, section, instance, known) or is_busy
            for name, known in self.state.items(section).items():
                if name not in instances:
                    self._miss(place, section, name, known)
        for section, _environment_id in self.gone_environments(INSTANCES, read_at):
            self.state.commit([Change(section, name, None) for name in self.state.items(section)])
        return is_busy

    def _compare(self, place: Place, section: str, instance: State, known: dict[str, Any] | None) -> bool:
        restarts = instance["restart_count"] or 0
        known = self._renewed(instance, restarts, known)
        now = {**known, "restarts": restarts, "healthy": instance["health"] == "RUNNING"}
        if restarts > known["restarts"]:
            change = {**known, "restarts": restarts}
            new = restarts - known["restarts"]
            self._send_one(place, "restarted", instance, f"{known['resets']} {restarts}", section, change, new)
        if _is_abnormal(instance, known) and not known["reported"]:
            now.update(reported=True, episode=known["episode"] + 1)
            self._send_one(place, "abnormal", instance, str(now["episode"]), section, now)
        elif now["healthy"] and known["reported"]:
            now["reported"] = False
            self._send_one(place, "recovered", instance, str(now["episode"]), section, now)
        kept = {**now, "last": _shown(instance)} if now["reported"] else now
        if kept != self.state.get(section, instance["instance"]):
            self.state.commit([Change(section, instance["instance"], kept)])
        return bool(now["reported"])

    def _renewed(self, instance: State, restarts: int, known: dict[str, Any] | None) -> dict[str, Any]:
        """Return what is known of an instance. A new one may have the name of another one before."""
        created = instance["create_time"]
        fresh = {"created": created, "healthy": False, "restarts": 0, "resets": 0, "episode": 0, "reported": False}
        if known is None:
            # Restarts of an instance that is older than the source may have happened before.
            moment = epoch(created)
            return fresh if moment is not None and moment >= self.start else {**fresh, "restarts": restarts}
        known = {name: value for name, value in known.items() if name not in ("misses", "last")}
        if known["created"] != created:
            return {**fresh, "reported": known["reported"], "episode": known["episode"]}
        if restarts < known["restarts"]:
            return {**known, "restarts": 0, "resets": known["resets"] + 1}
        return known

    def _miss(self, place: Place, section: str, name: str, known: dict[str, Any]) -> None:
        misses = known.get("misses", 0) + 1
        if misses < MISSES_UNTIL_GONE:
            self.state.commit([Change(section, name, {**known, "misses": misses})])
            return
        forget = [Change(section, name, None)]
        if not known["reported"]:
            self.state.commit(forget)
            return
        members = {"instance": {**known["last"], "new_restarts": 0}}
        self.send(
            Event("instance", "gone", f"{name} {known['created']} {known['episode']}", self._read_at, place, members),
            forget,
        )

    def _send_one(
        self, place: Place, kind: str, instance: State, key: str, section: str, known: dict[str, Any], new: int = 0
    ) -> None:
        name, shown = instance["instance"], _shown(instance)
        members: dict[str, Any] = {"instance": {**shown, "new_restarts": new}}
        if self.options.logs and kind != "recovered" and not self.is_baseline and kind in self.options.types:
            members["logs"] = self._logs(place, name)
        change = Change(section, name, {**known, "last": shown})
        self.send(Event("instance", kind, f"{name} {known['created']} {key}", self._read_at, place, members), [change])

    def _logs(self, place: Place, instance: str) -> list[dict[str, Any]] | None:
        logs = read_container_logs(self.service.context(), place.scope, instance, DEFAULT_LINES)
        return (
            None
            if logs is None
            else [{"container": item["container"], "log": item["content"]} for item in logs[:MAX_PARTS]]
        )


def _is_abnormal(instance: State, known: dict[str, Any]) -> bool:
    """Return whether an instance has become abnormal: it was healthy before, or its status is that of a failure."""
    if instance["health"] != "ABNORMAL" or instance["status"] in ENDING_STATUSES:
        return False
    return bool(known["healthy"]) or instance["status"] not in PASSING_STATUSES


def _shown(instance: State) -> dict[str, Any]:
    result = AppInstance().to_result(instance) or {}
    return {item.name: result.get(item.name) for item in AppInstance.fields}
