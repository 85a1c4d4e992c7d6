# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role ``release`` says before it writes: what it deploys, where, and what runs there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import join_known
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import content_text

Content = Mapping[str, Any]


def released_text(content: Content) -> str:
    """Return what a release deploys in words."""
    return content_text(content) or "the images of its deploy config"


def order_text(release: Mapping[str, Any]) -> str:
    """Return a release by the id, the name, the time and the result of its deploy order, and its content."""
    known = [
        repr(release["name"]) if release.get("name") else None,
        join_known(" ", release.get("result") if release.get("result") != "undecided" else None, release.get("time")),
        released_text(release["content"]) if release["content"] else "content not known",
    ]
    return f"deploy order {release['deploy_order_id']} ({join_known(', ', *(text or None for text in known))})"


def mixture_text(
    running: Content | None, last: Mapping[str, Any] | None, incomplete: Sequence[Mapping[str, Any]]
) -> str:
    """Return in sentences which contents the instances may run, empty when no release is incomplete.

    :param running: what the last release that succeeded deployed, empty when none has, ``None`` when it is not known.
    :param last: the last release that succeeded.
    :param incomplete: the releases that did not reach all instances, the newest first.
    """
    if not incomplete:
        return ""
    contents = [*([running] if running or running is None else []), *(one["content"] for one in reversed(incomplete))]
    texts = list(dict.fromkeys(released_text(one) if one else "content that is not known" for one in contents))
    orders = _and([order_text(one) for one in incomplete])
    after = f" after {order_text(last)}" if last else ""
    parts = f"parts of {_and(texts)}" if len(texts) > 1 else f"{texts[0]} in part"
    return f"Its instances may run {parts}: {orders} did not complete{after}."


def _and(texts: Sequence[str]) -> str:
    """Return texts as a list in words."""
    return " and ".join(part for part in (", ".join(texts[:-1]), texts[-1]) if part)


def announcement(
    content: Content,
    place: str,
    running: Content | None,
    last: Mapping[str, Any] | None = None,
    previous: Mapping[str, Any] | None = None,
    is_restart: bool = False,
    mixture: str = "",
) -> str:
    """Return what a release does, in sentences.

    :param content: what it deploys.
    :param place: the app and the environment in words.
    :param running: what runs, empty when nothing runs, ``None`` when that is not known in full.
    :param last: the last release that succeeded.
    :param previous: the target of a rollback, ``None`` when the release is none.
    :param mixture: what the instances may run in sentences, when newer releases did not complete.
    """
    deploys = released_text(content)
    if previous and previous["rollback_of"]:
        present, earlier = previous["present"], previous["earlier"]
        sentences = (
            [
                f"Rolling back {order_text(present)} of {place}.",
                f"This deploys {deploys}, the content of {order_text(earlier)}.",
            ]
            if earlier
            else [
                f"Rolling back {place}: {order_text(present)} began to roll back deploy order "
                f"{previous['rollback_of']}, and this run completes the rollback.",
                f"This deploys {deploys}.",
            ]
        )
        return " ".join([*sentences, *previous["remarks"]])
    if is_restart and mixture:
        return f"Restarting {place} with what the last release that succeeded deployed: {deploys}. {mixture}"
    if is_restart:
        return f"Restarting {place} with what it runs: {deploys}."
    if mixture:
        runs = mixture
    elif running is None:
        runs = "What runs there now is not known in full."
    elif not running:
        runs = "Nothing runs there."
    else:
        by = f", by {order_text(last)}" if last and last["content"] == running else ""
        runs = f"Now {released_text(running)} runs there{by}."
    return f"Releasing {deploys} to {place}. {runs}"
