# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to deploy when a release is rolled back, by its failure or by playbook ``rollback``.

No operation of the service shows in full what an environment runs. The sources, the most reliable first: the note of
the last release, the mark of the last release (it can confirm the images of the deploy config), and the baseline (it
shows one package or one image, possibly without its registry). A content that none of them confirms is not deployed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import WORKLOADS
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import (
    NOT_KNOWN,
    content_fingerprint,
    deploy_content,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.image_address import ImageAddress
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.workload import workload_containers
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_announcement import mixture_text
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import History, Release

Content = dict[str, Any]
"""What an order deploys, by the options of ``jst_deployment``."""


def doubts(result: Mapping[str, Any]) -> list[str]:
    """Return the warnings of ``jst_deployment`` that it is not known what runs, or with which documents."""
    return [text for text in result.get("warnings") or () if text.startswith(NOT_KNOWN)]


# The target of playbook rollback


def previous_release(history: History) -> dict[str, Any]:
    """Return what playbook ``rollback`` deploys: the content of the release before the present one.

    The present release is the newest that is unfinished; else the newest that was closed or failed after the last that
    succeeded, unless it reached no instance; else the last that succeeded. Instances may run an interrupted release and
    the last that succeeded, so the last that succeeded is then deployed, also with the same content. A present release
    that is a rollback is not rolled back: an unfinished one is continued, and an interrupted one is repeated.

    :returns: ``content``, empty when nothing is to be deployed or that is not known; ``rollback_of``: id of the
        release that is rolled back, ``None`` when there is none or the present one is a rollback that succeeded;
        ``was_rolled_back``: id of the release that the present one has rolled back; ``present``: the present release;
        ``unfinished``: the present release, when it is unfinished and no rollback; ``earlier``: the release whose
        content is deployed again, ``None`` when none is; ``remarks``: sentences about newer releases that reached no
        instance.
    """
    target: dict[str, Any] = dict.fromkeys(("rollback_of", "was_rolled_back", "present", "unfinished", "earlier"))
    target["content"] = {}
    target["remarks"] = [
        f"Deploy order {one.deploy_order_id} ended as {one.result} before it reached an instance, so it does not count."
        for one in history.interrupted
        if one.reached_nothing
    ]
    unfinished = history.unfinished[:1]
    incomplete = [*unfinished, *(one for one in history.interrupted if not one.reached_nothing)][:1]
    releases = [*incomplete, *history.succeeded]
    if not releases:
        return target
    present, *earlier = releases
    target["present"] = dict(vars(present))
    if present.rollback_of and incomplete:
        return {**target, "content": present.content, "rollback_of": present.rollback_of}
    if present.rollback_of:
        return {**target, "was_rolled_back": present.rollback_of}
    # A release without a note counts too: what an older note says may be out of date.
    others = [one for one in earlier if incomplete or (one.content, one.rollback_of) != (present.content, None)]
    is_known = bool(others) and bool(present.content or incomplete)
    return {
        **target,
        "content": others[0].content if is_known else {},
        "earlier": dict(vars(others[0])) if is_known else None,
        "rollback_of": present.deploy_order_id,
        "unfinished": dict(vars(present)) if unfinished else None,
    }


# The target of a release that fails


@dataclass(frozen=True)
class LiveState:
    """What the service shows of an environment before a release.

    :ivar baseline: its baseline, as ``jst_environment_info`` returns it.
    :ivar config: its deploy config, as ``jst_deploy_config_info`` returns it.
    :ivar instances: its instances, ``None`` when they were not listed.
    """

    history: History
    baseline: Mapping[str, Any]
    config: Mapping[str, Any]
    instances: Sequence[Any] | None

    @property
    def config_images(self) -> list[str]:
        """The images of the deploy config, empty when a container has none."""
        images = [container.get("image") for container in self._containers()]
        return [] if None in images else [str(image) for image in images]

    def _containers(self) -> list[Mapping[str, Any]]:
        workload: Mapping[str, Any] = next((self.config[name] for name in WORKLOADS if self.config.get(name)), {})
        return workload_containers(workload, "containers")

    @property
    def last_content(self) -> Content:
        """The content of the last release by its note, empty when it has none."""
        return self.history.succeeded[0].content if self.history.succeeded else {}

    @property
    def baseline_content(self) -> Content:
        """The package or the one image that the baseline shows."""
        image = self.baseline.get("image")
        known = deploy_content({**self.baseline, "images": [image] if image else None})
        return dict([next(iter(known.items()))]) if known else {}

    @property
    def is_offline(self) -> bool:
        """Whether nothing runs. A baseline without content does not say so: a service may show nothing else."""
        return not self.baseline_content and (not self.history.succeeded or self.has_no_instances)

    @property
    def runs_config_images(self) -> bool:
        """Whether the mark of the last release shows that it deployed the images of the deploy config."""
        last = next(iter(self.history.succeeded), None)
        desired = {"deploy_config_id": self.config.get("deploy_config_id"), "images": self.config_images}
        is_deployed = last is not None and last.content_fingerprint == content_fingerprint(desired)
        return is_deployed and bool(desired["images"])

    @property
    def has_no_instances(self) -> bool:
        """Whether the service shows that no instance runs. A CronJob has no instances between its jobs."""
        return self.instances is not None and not self.instances and not self.config.get("cron_job")

    @property
    def incomplete(self) -> list[Release]:
        """The newer releases with other content that some instances may run, the newest first."""
        newer = [*self.history.unfinished, *(one for one in self.history.interrupted if not one.reached_nothing)]
        if self.has_no_instances:
            return []
        running = self.running()
        return [one for one in newer if not one.content or one.content != running]

    def running(self) -> Content:
        """Return what the last release that succeeded deployed, as far as it is known."""
        if self.is_offline:
            return {}
        if self.last_content:
            return self.last_content
        return {"images": self.config_images} if self.runs_config_images else self.baseline_content

    def is_known(self) -> bool:
        """Return whether ``running`` is certain and complete."""
        if self.is_offline or self.last_content or self.runs_config_images:
            return True
        shown = self.baseline_content
        if "images" not in shown:
            return bool(shown)
        return len(self._containers()) < 2 and self._has_registry(shown["images"][0])

    def _has_registry(self, image: str) -> bool:
        """Whether the baseline shows the registry of the image, or the deploy config has none either."""
        own = [container.get("image") for container in self._containers()]
        return has_registry(image) or not (own and own[0] and has_registry(own[0]))


def has_registry(image: str) -> bool:
    """Return whether the address of an image names its registry."""
    return ImageAddress.parse(image).host is not None


def failure_target(live: LiveState, desired: Content, previous: Content | None) -> dict[str, Any]:
    """Return what a release of the desired content deploys when it fails.

    :param previous: what the user says that runs.
    :returns: ``content``, empty when nothing is to be deployed; ``is_known``: whether that is certain; ``running``:
        what runs, empty when nothing runs or that is not known; ``is_running_known``: whether ``running`` is certain
        and complete; ``incomplete``: the newer releases with other content that some instances may run; ``mixture``:
        the same in sentences; ``containers``, a number, of the deploy config; ``full``: the desired content with the
        images that come from the deploy config.
    """
    images = live.config_images
    packaged = "packet_id" in desired or "packet_url" in desired
    full = desired if packaged or not images else {"images": images, **desired}
    is_running_known = previous is not None or live.is_known()
    running = (previous or live.running()) if is_running_known else {}
    incomplete = [dict(vars(one)) for one in live.incomplete]
    last = next((dict(vars(one)) for one in live.history.succeeded), None)
    return {
        "content": {} if running == full else running,
        # Without a release that succeeded, there is nothing to roll back to.
        "is_known": is_running_known or not live.history.succeeded,
        "running": running,
        "is_running_known": is_running_known,
        "incomplete": incomplete,
        "mixture": mixture_text(live.running() if live.is_known() else None, last, incomplete),
        "full": full,
        "containers": len(live._containers()),
    }
