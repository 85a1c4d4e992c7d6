# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The mark and the note in the description of a deploy order, which hold what it deployed.

No operation of the service shows what a deploy order deploys (reference 5.1), and the instances keep the deploy config
that was stored when they were released. ``jst_deployment`` therefore ends the description with a mark,
``[jst:0123456789ab config:0123456789ab secrets:0123456789ab ports:8080]``: a fingerprint of the content, one of the
documents of the deploy config, one of the names and revisions of its Secrets, and the ports that its containers open.
Before the mark stands a note,
``content={"images":["..."]}``, from which a later run can deploy the content again. Role ``release`` adds to it which
order is rolled back.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Mapping
from urllib.parse import urlsplit

CONTENT = ("packet_id", "packet_url", "images", "init_images")
"""The options of ``jst_deployment`` that define the content: what to deploy."""

ROLLBACK_OF = "rollback_of"
"""The member of a note that holds the id of the deploy order that was rolled back."""

NOT_KNOWN = "It is not known whether"
"""The start of the warnings of ``jst_deployment`` that neither a mark nor the baseline shows what runs."""

_MARK = re.compile(
    r"\[jst:([0-9a-f]{12})(?: config:([0-9a-f]{12})(?: secrets:([0-9a-f]{12}))?)?(?: ports:([-\w,/]+))?\]"
)
# The service may cut a name or extend it.
_NAME = re.compile(r"^ansible-([0-9a-f]{12})(?:-([0-9a-f]{12}))?(?![0-9a-f])")
_NOTE = re.compile(r"(?s).*content=(\{.*\}) \[jst:")
_NOTE_AT_END = re.compile(r"content=\{.*\}$")
# ansible-core before 2.19 evaluates texts with these, and anybody can write descriptions.
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")


def deploy_content(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content: the options that define it, without empty ones."""
    return {name: options[name] for name in CONTENT if options.get(name)}


def content_text(content: Mapping[str, Any], with_nouns: bool = True) -> str:
    """Return what a content deploys in words, empty for none. The address of a package has no user and no query.

    :param with_nouns: whether images are called images.
    """
    parts = []
    if content.get("packet_id"):
        parts.append(f"package {content['packet_id']}")
    elif content.get("packet_url"):
        url = urlsplit(content["packet_url"])
        parts.append(f"package {url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}")
    for option, noun in (("images", "image"), ("init_images", "init image")):
        if content.get(option):
            nouns = f"{noun}{'s' * (len(content[option]) > 1)} " if with_nouns else ""
            parts.append(f"{nouns}{', '.join(map(str, content[option]))}")
    return " and ".join(parts)


@dataclass(frozen=True)
class Mark:
    """The facts about a release that its mark holds.

    :ivar content: the fingerprint of the content: the deploy config by its id, and the package or images.
    :ivar config: the fingerprint of the documents of the deploy config, ``None`` when it was not known.
    :ivar ports: the ports that the containers open, by number and name; ``None`` when they were not known.
    :ivar secrets: the fingerprint of the Secrets, empty when none has a revision; ``None`` when it was not known.
    """

    content: str
    config: str | None = None
    ports: tuple[str, ...] | None = None
    secrets: str | None = None

    def __str__(self) -> str:
        secrets = f" secrets:{self.secrets}" if self.secrets else ""
        config = f" config:{self.config}{secrets}" if self.config else ""
        ports = f" ports:{','.join(self.ports)}" if self.ports else ""
        return f"[jst:{self.content}{config}{ports}]"

    @property
    def is_whole(self) -> bool:
        """Return whether the mark covers a whole deploy config, without ports if none are declared. A name does not."""
        return self.config is not None and self.secrets is not None

    def is_of_same_release(self, other: Mark | None) -> bool:
        """Return whether two marks belong to the same release, as far as both know."""
        if other is None or self.content != other.content:
            return False
        pairs = ((self.config, other.config), (self.secrets, other.secrets))
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

    @property
    def order_name(self) -> str:
        """The name of an order whose ``name`` was not given. A list of orders may show no descriptions."""
        return "-".join(["ansible", self.content, *([self.config] if self.config else [])])


def fingerprint(value: Any) -> str:
    """Return a short digest of a value in JSON types. It is not for secrets: they could be guessed from it."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def content_fingerprint(desired: Mapping[str, Any]) -> str:
    """Return the fingerprint of the desired content."""
    return fingerprint({name: value for name, value in desired.items() if value})


def parse_mark(order: Mapping[str, Any]) -> Mark | None:
    """Return the mark in the description or the default name of an order, ``None`` when it has none.

    The mark of an order ends its description. A text before it may quote the mark of another order.
    """
    marks = _MARK.findall(order.get("description") or "")
    if marks:
        content, config, secrets, ports = marks[-1]
        return Mark(content, config or None, tuple(ports.split(",")) if ports else None, secrets if config else None)
    name = _NAME.match(order.get("name") or "")
    return Mark(name.group(1), name.group(2)) if name else None


def format_note(deployed: Mapping[str, Any], rollback_of: int | None = None) -> str:
    """Return the note for a description, empty without content and for content that may hold a secret.

    :param deployed: the content of the order; see ``deploy_content``.
    :param rollback_of: the id of the deploy order that is rolled back.
    """
    content = deploy_content(deployed)
    # The query of an address can hold a signature, and an address before its host a password.
    if not content or {"?", "@"} & set(content.get("packet_url", "")):
        return ""
    members = {**content, **({ROLLBACK_OF: rollback_of} if rollback_of else {})}
    return f"content={json.dumps(members, separators=(',', ':'))}"


def format_description(text: str, deployed: Mapping[str, Any], mark: Mark) -> str:
    """Return the description of an order: the text of the user, a note of what the order deploys, and the mark.

    :param text: may end with a note already, which then stays as it is.
    """
    note = "" if _NOTE_AT_END.search(text) else format_note(deployed)
    return " ".join(part for part in (text, note, str(mark)) if part)


def parse_note(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the note in the description of an order: its content and ``rollback_of``. Empty when it has none."""
    found = _NOTE.match(order.get("description") or "")
    if found is None or _TEMPLATE.search(found.group(1)):
        return {}
    try:
        members = json.loads(found.group(1))
    except ValueError:
        return {}
    content = deploy_content(members)
    rollback_of = members.get(ROLLBACK_OF)
    # Anybody can write descriptions.
    if not all(_is_valid(name, value) for name, value in (*content.items(), (ROLLBACK_OF, rollback_of))):
        return {}
    return {**content, **({ROLLBACK_OF: rollback_of} if content and rollback_of else {})}


def _is_valid(name: str, value: Any) -> bool:
    """Return whether a member of a note has the type that ``format_note`` writes."""
    if name == "packet_url":
        return isinstance(value, str)
    if name in ("images", "init_images"):
        return isinstance(value, list) and all(isinstance(image, str) for image in value)
    return value is None or (isinstance(value, int) and not isinstance(value, bool))
