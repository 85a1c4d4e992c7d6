# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a deploy order says of its content: a mark and a note in its description.

No operation of the service shows what a deploy order deploys (reference 5.1). ``jst_deployment`` therefore ends the
description with a mark, ``[jst:0123456789ab]``, a fingerprint of what should run. Role ``release`` writes a note before
the mark, ``content={"images":["..."]}``, from which a later run can deploy the same content again.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Mapping

CONTENT = ("packet_id", "packet_url", "images", "init_images")
"""The options of ``jst_deployment`` that say what to deploy."""

ROLLBACK_OF = "rollback_of"
"""The member of a note that holds the id of the deploy order that was rolled back."""

DOUBT = "It is not known whether"
"""How ``jst_deployment`` begins the warning that neither a mark nor the baseline shows what runs."""

_MARK = re.compile(r"\[jst:([0-9a-f]{12})\]")
# The service may cut a name or add to it.
_NAME = re.compile(r"ansible-([0-9a-f]{12})(?![0-9a-f])")
_NOTE = re.compile(r"(?s).*content=(\{.*\}) \[jst:")
# ansible-core before 2.19 evaluates texts with these. Others can write descriptions.
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")


def content(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that say what to deploy, without those that are empty or not given."""
    return {name: options[name] for name in CONTENT if options.get(name)}


def fingerprint(desired: Mapping[str, Any]) -> str:
    """Return the mark of an order that deploys the desired content."""
    text = json.dumps({name: value for name, value in desired.items() if value}, sort_keys=True)
    return f"[jst:{hashlib.sha256(text.encode('utf-8')).hexdigest()[:12]}]"


def mark_of(order: Mapping[str, Any]) -> str | None:
    """Return the mark in the description or the default name of an order, ``None`` when it has none."""
    found = _MARK.search(order.get("description") or "") or _NAME.match(order.get("name") or "")
    return f"[jst:{found.group(1)}]" if found else None


def default_order_name(mark: str) -> str:
    """Return the name of an order whose ``name`` was not given."""
    return f"ansible-{mark[5:-1]}"


def note(deployed: Mapping[str, Any], rollback_of: int | None = None) -> str:
    """Return the note for a description, empty when the content may not be written down.

    :param deployed: the content of the order, see ``content``.
    :param rollback_of: id of the deploy order that this order rolls back.
    """
    known = content(deployed)
    # The query of an address can hold a signature.
    if not known or "?" in known.get("packet_url", ""):
        return ""
    whole = {**known, **({ROLLBACK_OF: rollback_of} if rollback_of else {})}
    return f"content={json.dumps(whole, separators=(',', ':'))}"


def note_of(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the note in the description of an order: its content and ``rollback_of``. Empty when it has none."""
    found = _NOTE.match(order.get("description") or "")
    if found is None or _TEMPLATE.search(found.group(1)):
        return {}
    try:
        written = json.loads(found.group(1))
    except ValueError:
        return {}
    known = content(written)
    return {**known, **({ROLLBACK_OF: written[ROLLBACK_OF]} if known and written.get(ROLLBACK_OF) else {})}
