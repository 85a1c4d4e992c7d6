# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an environment runs, and how that differs from what is stored and described.

The instances keep the deploy config that was stored when they were released, so an environment may run other content
than the service stores. The mark of the last deploy order shows it (:mod:`.deploy_mark`). Without a mark, the baseline
is compared (reference 1.2.7). It shows the deploy config by its id, and one package or image, in a form that the
reference does not document, so the result may be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, NamedTuple, Sequence

from .._core.fields import State
from .._core.wording import capitalize_first
from .deploy_mark import CONTENT, NOT_KNOWN, Mark, content_text, parse_mark, parse_note
from .deploy_order import DeployOrder, is_decided, progress_text
from .image_address import same_images, same_package

ORDER = DeployOrder()

REASONS = {
    "not_released": "nothing was released yet",
    "offline": "no instance runs",
    "interrupted": "the last deploy order did not reach all instances",
    "content": "other images or another package",
    "configuration": "other documents of the deploy config",
    "secrets": "other Secrets of the deploy config",
    "instances": "another number of instances",
    "versions": "instances of different versions",
    "unhealthy": "instances that are not healthy",
    "unfinished": "an unfinished deploy order",
}
"""Why an environment does not run what is described: the words of results, with their meanings."""


FIRST_RELEASE = frozenset({"not_released", "offline"})
"""The reasons of environments that run nothing."""


RELEASE_REASONS = frozenset({"not_released", "offline", "interrupted", "content", "configuration", "secrets"})
"""The reasons that a release mends."""


class RunningDifference(NamedTuple):
    """One difference between what runs and what is described.

    :ivar reason: a word of ``REASONS``.
    :ivar message: the difference in a sentence without its subject.
    """

    reason: str
    message: str


@dataclass(frozen=True)
class Comparison:
    """The result of comparing what runs with what is described.

    :ivar reasons: the differences that a release mends.
    :ivar content_is_unknown: whether nothing shows the content that runs.
    :ivar config_is_unknown: whether nothing shows with which documents the instances were released.
    """

    reasons: list[RunningDifference] = field(default_factory=list)
    content_is_unknown: bool = False
    config_is_unknown: bool = False


def compare_release(current: Mapping[str, Any], desired: Mapping[str, Any], mark: Mark, is_offline: bool) -> Comparison:
    """Compare the last release of an environment with the desired one.

    :param current: holds ``orders``, the deploy orders, and ``deployed``, the baseline or ``None``.
    :param desired: the desired content.
    :param mark: the mark of the desired release.
    :param is_offline: whether the environment has no instance although something was released.
    """
    shown = current["deployed"] or {}
    last = last_decided(current)
    if last is None and not any(shown.get(name) for name in CONTENT):
        return Comparison([RunningDifference("not_released", "was never released")])
    has_config = is_config_released(last, mark.config)
    is_unknown = has_config is None or have_lost_revisions(last, mark.secrets)
    if last is not None and was_interrupted(last):
        text = f"has instances that {ORDER.describe(last)} did not reach, since it ended as {last['result']}"
        return Comparison([RunningDifference("interrupted", text)], config_is_unknown=is_unknown)
    if is_offline:
        return Comparison([RunningDifference("offline", "runs no instance")])
    runs = None if last is None else parse_mark(last)
    # A mark without a config does not know the images of the deploy config either.
    if runs is not None and (runs.content == mark.content or runs.config is not None):
        has_content: bool | None = runs.content == mark.content
    else:
        has_content = is_deployed(shown, desired)
        if has_content is None and runs is not None:
            has_content = False
    reasons = []
    if has_content is False:
        reasons.append(RunningDifference("content", content_difference(parse_note(last or {}) or shown, desired)))
    if has_config is False:
        text = f"runs the deploy config as it was at {ORDER.describe(last or {})}"
        reasons.append(RunningDifference("configuration", text))
    if are_secrets_released(last, mark.secrets) is False:
        reasons.append(RunningDifference("secrets", f"runs the Secrets as they were at {ORDER.describe(last or {})}"))
    return Comparison(reasons, has_content is None, is_unknown)


def content_difference(runs: Mapping[str, Any], desired: Mapping[str, Any]) -> str:
    """Return how the content that runs differs from the desired one, in words.

    :param runs: the content as far as it is known.
    """

    old, new = content_text(runs, with_nouns=False), content_text(desired, with_nouns=False)
    if not old or not new or old == new:
        return "runs other images or another package"
    return f"runs {old}, described is {new}"


def is_config_released(last: State | None, config: str | None) -> bool | None:
    """Return whether the last release had the documents of a deploy config, ``None`` when that is not known.

    :param last: the last deploy order with a decided result.
    :param config: the fingerprint of the documents, ``None`` when they are not known.
    """
    mark = None if last is None else parse_mark(last)
    if mark is None or mark.config is None or config is None:
        return None
    return mark.config == config


def are_secrets_released(last: State | None, secrets: str | None) -> bool | None:
    """Return whether the last release had the Secrets of a deploy config, ``None`` when that is not known.

    :param last: the last deploy order with a decided result.
    :param secrets: the fingerprint of the Secrets, ``None`` when they are not known.
    """
    mark = None if last is None else parse_mark(last)
    if mark is None or mark.secrets is None or secrets is None:
        return None
    return None if have_lost_revisions(last, secrets) else mark.secrets == secrets


def is_configuration_released(last: State | None, config: str | None, secrets: str | None) -> bool | None:
    """Return whether the last release had the documents and Secrets of a deploy config, ``None`` when unknown.

    Secrets of which nothing is known do not count.

    :param last: the last deploy order with a decided result.
    :param config: the fingerprint of the documents, ``None`` when they are not known.
    :param secrets: the fingerprint of the Secrets, ``None`` when they are not known.
    """
    has_config = is_config_released(last, config)
    if has_config and have_lost_revisions(last, secrets):
        return None
    return has_config and are_secrets_released(last, secrets) is not False


def have_lost_revisions(last: State | None, secrets: str | None) -> bool:
    """Return whether the Secrets had revisions at the last release and have none now: somebody else has stored them.

    :param last: the last deploy order with a decided result.
    :param secrets: the fingerprint of the Secrets, ``None`` when they are not known.
    """
    mark = None if last is None else parse_mark(last)
    return mark is not None and bool(mark.secrets) and secrets == ""


def describe_running(
    last: State | None, instances: Sequence[State], unfinished: Sequence[State], config_is_known: bool
) -> dict[str, Any]:
    """Return what an environment runs, for results.

    :param last: the last deploy order with a decided result.
    :param instances: without those that are going offline.
    :param unfinished: the unfinished orders.
    :param config_is_known: whether the last release shows the documents of the instances.
    """
    return {
        "deploy_order_id": last["deploy_order_id"] if last else None,
        "configuration_is_known": config_is_known,
        "instances": len(instances),
        "versions": versions_of(instances),
        "unhealthy_instances": [item["instance"] for item in instances if is_unhealthy(item)],
        "unfinished_orders": [order["deploy_order_id"] for order in unfinished],
    }


def versions_of(instances: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the versions of instances, as far as the service shows them."""
    return sorted({item["version"] for item in instances if item["version"]})


def compare_instances(instances: Sequence[Mapping[str, Any]], replicas: int | None) -> list[RunningDifference]:
    """Return how the instances of an environment differ from healthy ones in the desired number.

    :param instances: without those that are going offline.
    :param replicas: the desired number, ``None`` when none is desired.
    """
    reasons = []
    if replicas is not None and len(instances) != replicas:
        reasons.append(RunningDifference("instances", f"runs {len(instances)} instances instead of {replicas}"))
    versions = versions_of(instances)
    if len(versions) > 1:
        reasons.append(RunningDifference("versions", f"has instances of different versions: {', '.join(versions)}"))
    unhealthy = [item for item in instances if is_unhealthy(item)]
    if unhealthy:
        names = ", ".join(f"{item['instance']} ({item['status'] or item['health']})" for item in unhealthy)
        reasons.append(RunningDifference("unhealthy", f"has unhealthy instances: {names}"))
    return reasons


def is_unhealthy(instance: Mapping[str, Any]) -> bool:
    """Return whether an instance has failed, or its health is abnormal although it has started."""
    if instance["status"] in ("Failed", "Unknown", "Stopped"):
        return True
    return bool(instance["status"] == "Normal" and instance["health"] == "ABNORMAL")


def compare_orders(orders: Sequence[State]) -> list[RunningDifference]:
    """Return the unfinished orders as differences: what runs is about to change."""
    return [RunningDifference("unfinished", f"has {ORDER.describe(order)}: {progress_text(order)}") for order in orders]


def unknown_content_warning(environment: Any, last: State | None) -> str:
    """Return the warning that neither a mark nor the baseline shows what an environment runs."""
    order = f" {capitalize_first(ORDER.describe(last))} was not made by this collection." if last else ""
    return (
        f"{NOT_KNOWN} environment {environment!r} runs the requested content.{order} "
        "The service does not show in full what is deployed. Nothing is released. Set force=true to release."
    )


def unknown_config_warning(environment: Any, last: State | None) -> str:
    """Return the warning that nothing shows with which documents the instances were released."""
    order = ORDER.describe(last) if last else "the last deploy order"
    return (
        f"{NOT_KNOWN} environment {environment!r} runs its deploy config as it is stored now: "
        f"{order} does not show it. A release by this collection, such as playbook restart, makes it known."
    )


def last_decided(state: Mapping[str, Any] | None) -> State | None:
    """Return the last order that has finished with a decided result."""
    orders = [order for order in (state or {}).get("orders", ()) if is_decided(order)]
    return orders[-1] if orders else None


def possibly_running(orders: Sequence[State]) -> list[State]:
    """Return the orders that may have instances running: the last that succeeded, and all after it.

    :param orders: the releases of an environment, the oldest first.
    """
    succeeded = [place for place, order in enumerate(orders) if is_decided(order) and not was_interrupted(order)]
    return list(orders[succeeded[-1] if succeeded else 0 :])


def was_interrupted(order: State | None) -> bool:
    """Return whether an order ended before it reached all instances. The baseline then applies to some of them only."""
    return order is not None and order["result"] != "succeeded"


def is_deployed(shown: Mapping[str, Any], desired: Mapping[str, Any]) -> bool | None:
    """Return whether a baseline shows the desired content, ``None`` when it leaves that open.

    :param shown: the live content as the service shows it: a package or images, in any form.
    """
    results: list[bool | None] = [shown.get("deploy_config_id") in (None, desired["deploy_config_id"])]
    is_package = bool({"packet_id", "packet_url"} & set(desired))
    images = desired.get("images") or []
    if shown.get("images") if is_package else shown.get("packet_id") or shown.get("packet_url"):
        results.append(False)
    elif is_package:
        if "packet_id" in desired:
            shown_id = shown.get("packet_id")
            results.append(None if shown_id is None else shown_id == desired["packet_id"])
        if "packet_url" in desired:
            shown_url = shown.get("packet_url")
            results.append(None if shown_url is None else same_package(shown_url, desired["packet_url"]))
        results.append(None if images else True)
    else:
        results.append(same_images(shown.get("images") or [], images))
    if desired.get("init_images"):
        results.append(None)
    return False if False in results else None if None in results else True
