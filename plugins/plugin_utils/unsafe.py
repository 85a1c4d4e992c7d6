# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep Ansible from evaluating data of the service as templates."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import ansible.template

# ansible-core 2.19 and newer only evaluate texts from files of the operator. Older versions evaluate every text without
# this mark, which ansible-core 2.23 removes.
MARK: Any = None
if not hasattr(ansible.template, "trust_as_template"):
    MARK = importlib.import_module("ansible.utils.unsafe_proxy").AnsibleUnsafeText

# A template contains one of these: the beginning of an expression, a statement or a comment, or the header that changes
# these beginnings.
OPENINGS = ("{", "#jinja2:")


def with_trust_of(expression: str, origin: str) -> str:
    """Return an expression that was made from another one. It is trusted when its origin is."""
    if MARK is not None or not ansible.template.is_trusted_as_template(origin):
        return expression
    trusted: str = ansible.template.trust_as_template(expression)
    return trusted


def is_evaluated(text: str) -> bool:
    """Return whether ansible-core evaluates a text that reads like a template."""
    if MARK is None:
        return bool(ansible.template.is_trusted_as_template(text))
    return not hasattr(text, "__UNSAFE__")


def mark_unsafe(value: Any) -> Any:
    """Return a value with its texts marked as unsafe when they could be templates."""
    if MARK is None:
        return value
    if isinstance(value, Mapping):
        return {name: mark_unsafe(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mark_unsafe(item) for item in value]
    return MARK(value) if isinstance(value, str) and any(opening in value for opening in OPENINGS) else value
