# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes objects as texts, in forms that Kubernetes parses to the same object."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from jst_emulator import kubernetes_yaml

_TEXT = "tag:yaml.org,2002:str"


class _Dumper(yaml.SafeDumper):
    """Writes block style and quotes every string that Kubernetes would parse to another type."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write no aliases."""
        return True


class _QuotingDumper(_Dumper):
    """Quotes every string."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    quoted = isinstance(dumper, _QuotingDumper) or not kubernetes_yaml.is_plain_text(text)
    return dumper.represent_scalar(_TEXT, text, style='"' if quoted else None)


_Dumper.add_representer(str, _text)
_QuotingDumper.add_representer(str, _text)


def as_yaml(document: Mapping[str, Any], dumper: type[yaml.SafeDumper] = _Dumper, *, in_order: bool = False) -> str:
    """Return a document as YAML.

    :param in_order: with sorted keys.
    """
    text: str = yaml.dump(dict(document), Dumper=dumper, sort_keys=in_order, allow_unicode=True, width=10**6)
    return text


#: The serializers by name.
FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "sorted": lambda document: as_yaml(document, in_order=True),
    "requoted": lambda document: as_yaml(document, _QuotingDumper),
    "json": lambda document: json.dumps(document, ensure_ascii=False),
}
