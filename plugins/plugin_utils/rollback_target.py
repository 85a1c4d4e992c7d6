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
    UNKNOWN_CONTENT,
    deploy_content,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.image_address import ImageAddress
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.workload import workload_containers
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import History

Content = dict[str, Any]
"""What an order deploys, by the options of ``jst_deployment``."""


def doubts(result: Mapping[str, Any]) -> list[str]:
    """Return the warnings of ``jst_deployment`` that it is not known what runs."""
    return [text for text in result.get("warnings") or () if text.startswith(UNKNOWN_CONTENT)]


# The target of playbook rollback


def previous_release(history: History) -> dict[str, Any]:
    """Return what playbook ``rollback`` deploys: the content of the release before the present one.

    The present release is the newest that is unfinished, and the last that succeeded when none is. A present release
    that is a rollback is not rolled back: an unfinished one is continued.

    :returns: ``content``, empty when nothing is to be deployed or that is not known; ``rollback_of``: id of the
        present release, ``None`` when there is none or it is a rollback that succeeded; ``was_rolled_back``: id of the
        release that the present one has rolled back; ``unfinished``: the present release, when it is unfinished and no
        rollback.
    """
    target: dict[str, Any] = {"content": {}, "rollback_of": None, "was_rolled_back": None, "unfinished": None}
    unfinished = history.unfinished[:1]
    releases = [*unfinished, *history.succeeded]
    if not releases:
        return target
    present, *earlier = releases
    if present.rollback_of and unfinished:
        return {**target, "content": present.content, "rollback_of": present.rollback_of}
    if present.rollback_of:
        return {**target, "was_rolled_back": present.rollback_of}
    # A release without a note counts too: what an older note says may be out of date.
    others = [one.content for one in earlier if (one.content, one.rollback_of) != (present.content, None)]
    is_known = bool(others) and bool(present.content or unfinished)
    return {
        **target,
        "content": others[0] if is_known else {},
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
    :ivar compared: the result of ``jst_deployment`` in check mode with the images of the deploy config.
    """

    history: History
    baseline: Mapping[str, Any]
    config: Mapping[str, Any]
    instances: Sequence[Any] | None
    compared: Mapping[str, Any]

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
        """Whether nothing runs. An empty baseline alone does not say so: a service may show nothing else."""
        return not self.baseline and (not self.history.succeeded or (self.instances is not None and not self.instances))

    @property
    def needs_comparison(self) -> bool:
        """Whether the mark of the last release may confirm that it deployed the images of the deploy config."""
        last = next(iter(self.history.succeeded), None)
        if last is None or not last.is_marked or last.content or not self.config_images:
            return False
        shown = self.baseline_content
        return not shown or ("images" in shown and shown["images"] != self.config_images)

    @property
    def runs_config_images(self) -> bool:
        """Whether the comparison has confirmed it: nothing would be deployed, and without a doubt."""
        return "deploy_order" in self.compared and self.compared["deploy_order"] is None and not doubts(self.compared)

    def running(self) -> Content:
        """Return what runs, as far as it is known."""
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

    :param previous: what the user wants to be deployed then.
    :returns: ``content``, empty when nothing is to be deployed; ``is_known``: whether that is certain;
        ``needs_comparison``: whether ``compared`` would show more; ``config_images`` and ``containers``, a number, of
        the deploy config; ``full``: the desired content with the images that come from the deploy config.
    """
    images = live.config_images
    packaged = "packet_id" in desired or "packet_url" in desired
    full = desired if packaged or not images else {"images": images, **desired}
    running = live.running()
    return {
        "content": previous or ({} if running == full else running),
        "is_known": previous is not None or live.is_known(),
        "needs_comparison": live.needs_comparison,
        "config_images": images,
        "full": full,
        "containers": len(live._containers()),
    }
