# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others have written must never be evaluated as a template."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import ansible.template

# From ansible-core 2.19 on nothing is evaluated but what comes from files of the operator, so data stays as it is.
# Before, it is evaluated wherever it is used, unless it is marked; ansible-core 2.23 has the mark no more.
MARK: Any = None
if not hasattr(ansible.template, "trust_as_template"):
    MARK = importlib.import_module("ansible.utils.unsafe_proxy").AnsibleUnsafeText

# Without one of these a text is no template: where expressions, statements and comments begin, and the heading by which
# a text lets them begin otherwise.
OPENINGS = ("{", "#jinja2:")


def with_trust_of(expression: str, origin: str) -> str:
    """Return an expression that was made from another one, trusted when that one is."""
    if MARK is not None or not ansible.template.is_trusted_as_template(origin):
        return expression
    trusted: str = ansible.template.trust_as_template(expression)
    return trusted


def mark_unsafe(value: Any) -> Any:
    """The same value, the texts in it marked where they could be taken for templates."""
    if MARK is None:
        return value
    if isinstance(value, Mapping):
        return {name: mark_unsafe(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mark_unsafe(item) for item in value]
    return MARK(value) if isinstance(value, str) and any(opening in value for opening in OPENINGS) else value
