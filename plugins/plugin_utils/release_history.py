# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The release history of an environment, read from its deploy orders."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_mark import (
    deploy_content,
    parse_mark,
    parse_note,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import (
    is_decided,
    is_undecided,
    progress_text,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.order_states import ORDER_STATUSES

Order = Mapping[str, Any]

UNFINISHED = ORDER_STATUSES.keys() - {"finished"}


@dataclass(frozen=True)
class Release:
    """One deploy order, as far as its description shows what it deployed.

    :ivar content: what it deployed, empty when it has no note.
    :ivar rollback_of: id of the deploy order that it rolled back.
    :ivar content_fingerprint: the fingerprint of the content by its mark, ``None`` when it has none.
    :ivar config_fingerprint: the fingerprint of the documents of the deploy config by its mark, ``None`` when unknown.
    :ivar progress: how far it is, in words.
    :ivar name: the name of the deploy order.
    :ivar time: when it ended, or started when it has not ended.
    :ivar result: its result, a word of ``RESULTS``.
    :ivar reached_nothing: whether the service shows that it ended before it reached an instance.
    :ivar secrets_fingerprint: the fingerprint of the Secrets by its mark, ``None`` when unknown.
    :ivar ports: the ports that its instances open by its mark, ``None`` when unknown.
    """

    deploy_order_id: int
    content: dict[str, Any]
    rollback_of: int | None
    content_fingerprint: str | None
    config_fingerprint: str | None
    progress: str
    name: str | None = None
    time: str | None = None
    result: str | None = None
    reached_nothing: bool = False
    secrets_fingerprint: str | None = None
    ports: list[str] | None = None

    @classmethod
    def from_order(cls, order: Order, pods: Sequence[Any] | None = None) -> Release:
        """Return the release that an order makes.

        :param pods: of the order, ``None`` when they were not listed.
        """
        note = parse_note(order)
        known = deploy_content(note)
        mark = parse_mark(order)
        content, config, secrets = (mark.content, mark.config, mark.secrets) if mark else (None, None, None)
        return cls(
            order["deploy_order_id"],
            known,
            note.get("rollback_of"),
            content,
            config,
            progress_text(order),
            name=order.get("name"),
            time=order.get("end_time") or order.get("start_time"),
            result=order["result"],
            secrets_fingerprint=secrets,
            ports=list(mark.ports) if mark and mark.ports else None,
            reached_nothing=pods is not None and not pods and has_begun_nothing(order),
        )


@dataclass(frozen=True)
class History:
    """The releases of an environment, the newest first.

    :ivar succeeded: those that succeeded.
    :ivar unfinished: those that are waiting, running or paused.
    :ivar undecided: those that have finished, and whose result the service has not decided.
    :ivar interrupted: those that were closed or failed after the last that succeeded. Some instances may run them.
    """

    succeeded: list[Release]
    unfinished: list[Release]
    undecided: list[Release]
    interrupted: list[Release] = field(default_factory=list)

    @classmethod
    def read(
        cls,
        listed: Iterable[Order],
        described: Iterable[Order] = (),
        pods: Mapping[int, Sequence[Any]] = MappingProxyType({}),
    ) -> History:
        """Return the history that deploy orders show.

        :param listed: the orders as the list shows them, possibly without descriptions.
        :param described: some of them with all that the describe call shows.
        :param pods: id -> pods of the order, for orders whose pods were listed.
        """
        newest_first = merged(listed, described)
        return cls(
            [Release.from_order(order) for order in newest_first if order["result"] == "succeeded"],
            [Release.from_order(order) for order in newest_first if order["status"] in UNFINISHED],
            [Release.from_order(order) for order in newest_first if has_undecided_result(order)],
            [Release.from_order(order, pods.get(order["deploy_order_id"])) for order in interrupted(newest_first)],
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Sequence[Mapping[str, Any]]]) -> History:
        """Return the history from the data that :meth:`as_dict` returns."""
        return cls(**{name: [Release(**release) for release in data[name]] for name in cls.__dataclass_fields__})

    def as_dict(self) -> dict[str, Any]:
        """Return the history as data for a playbook."""
        # Not ``asdict``: it cannot copy the containers of ansible-core 2.19 and newer.
        return {name: [dict(vars(release)) for release in releases] for name, releases in vars(self).items()}


def ids_without_description(listed: Iterable[Order], count: int) -> list[int]:
    """Return the ids of the newest orders whose description the list does not show.

    :param count: how many of the orders that succeeded to look at. Unfinished and interrupted orders are always
        included.
    """
    orders = merged(listed)
    succeeded = [order for order in orders if order["result"] == "succeeded"][:count]
    unfinished = [order for order in orders if order["status"] in UNFINISHED]
    needed = (*unfinished, *interrupted(orders), *succeeded)
    return [order["deploy_order_id"] for order in needed if order["description"] is None]


def ids_with_unknown_reach(listed: Iterable[Order], described: Iterable[Order] = ()) -> list[int]:
    """Return the ids of the interrupted orders of which only their pods show whether they reached an instance."""
    orders = interrupted(merged(listed, described))
    return [order["deploy_order_id"] for order in orders if has_begun_nothing(order)]


def merged(listed: Iterable[Order], described: Iterable[Order] = ()) -> list[Order]:
    """Return the listed orders, the newest first, each with all that the describe call shows of it."""
    orders = {order["deploy_order_id"]: order for order in listed}
    orders.update({order["deploy_order_id"]: order for order in described if order["deploy_order_id"] in orders})
    return [orders[identity] for identity in sorted(orders, reverse=True)]


def interrupted(newest_first: Iterable[Order]) -> list[Order]:
    """Return the orders that were closed or failed after the last that succeeded."""
    later = itertools.takewhile(lambda order: order["result"] != "succeeded", newest_first)
    return [order for order in later if is_decided(order)]


def has_begun_nothing(order: Order) -> bool:
    """Return whether an order shows that no batch has begun and no instance is finished. An unknown number does not."""
    return order.get("current_partition") == 0 and order.get("finished_instances") == 0


def find_own_order(planned: Order, candidates: Iterable[Order | None]) -> dict[str, Any] | None:
    """Return the first order that deploys what was planned, by its mark, ``None`` when there is none.

    :param planned: the order that ``jst_deployment`` predicted in check mode.
    :param candidates: orders that may be that of this run, or of somebody else.
    """
    mark = parse_mark(planned)
    own = (order for order in candidates if order and mark is not None and mark.is_of_same_release(parse_mark(order)))
    return next((dict(order) for order in own), None)


def compare_documents(planned: Order, earlier: Release | None) -> str:
    """Return whether an order would deploy the documents of the deploy config that an earlier release has deployed.

    :param planned: the order that ``jst_deployment`` predicted in check mode.
    :returns: ``same``, ``other`` or ``unknown``.
    """
    mark = parse_mark(planned)
    now, then = mark.config if mark else None, earlier.config_fingerprint if earlier else None
    if None in (now, then):
        return "unknown"
    secrets, released = mark.secrets if mark else None, earlier.secrets_fingerprint if earlier else None
    # Without revisions now, they are hidden or lost, and may be those of the release.
    return "same" if now == then and (not secrets or released in (None, secrets)) else "other"


def compare_secrets(planned: Order, earlier: Release | None) -> str:
    """Return whether an order would deploy the Secrets that an earlier release has deployed, by their revisions.

    :param planned: the order that ``jst_deployment`` predicted in check mode.
    :returns: ``same``, ``other`` or ``unknown``: the service hides the revisions, or the Secrets have none.
    """
    mark = parse_mark(planned)
    now, then = mark.secrets if mark else None, earlier.secrets_fingerprint if earlier else None
    if not now or not then:
        return "unknown"
    return "same" if now == then else "other"


def compare_ports(planned: Order, earlier: Release | None) -> dict[str, list[str]]:
    """Return the ports that an order closes, and all that instances open before and after it.

    :param planned: the order that ``jst_deployment`` predicted in check mode.
    :param earlier: the release that the instances run.
    :returns: ``closes``, empty when one of the releases does not tell its ports; ``before`` and ``after``.
    """
    mark = parse_mark(planned)
    after, before = list(mark.ports or ()) if mark else [], (earlier.ports or []) if earlier else []
    closes = [port for port in before if port not in after] if after else []
    return {"closes": closes, "before": before, "after": after}


def has_undecided_result(order: Order) -> bool:
    """Return whether an order has finished, and the service has not returned its result."""
    return bool(order["status"] == "finished") and is_undecided(order)
