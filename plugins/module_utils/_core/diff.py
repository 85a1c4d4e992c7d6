# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Diffs as text that a person reads: one YAML document a side, documents inside it as YAML too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

OTHER_BREAKS = {"\x85", "\u2028", "\u2029"}

try:
    import yaml

    HAS_YAML = True
except ImportError:
    # Only a remote interpreter can lack PyYAML, ansible-core brings it. The sides are then handed over as mappings.
    HAS_YAML = False


if HAS_YAML:

    class _Dumper(yaml.SafeDumper):
        """Writes multi-line texts as blocks, so that a diff shows the line that changed."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def _text(dumper: Any, value: str) -> Any:
        # A block would turn the other line breaks of Unicode into ordinary ones.
        style = '"' if set(value) & OTHER_BREAKS else "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    _Dumper.add_representer(str, _text)


def visible(value: Any) -> Any:
    """Multi-line texts with marks for the blanks which YAML could not show in a block."""
    if isinstance(value, Mapping):
        return {name: visible(item) for name, item in value.items()}
    if isinstance(value, list):
        return [visible(item) for item in value]
    if isinstance(value, str) and "\n" in value:
        marked = value.replace("\t", "⇥").replace("\r", "␍")
        return re.sub(r" +$", lambda match: "·" * len(match[0]), marked, flags=re.MULTILINE)
    return value


def dump(value: Any) -> str:
    """A value as YAML text; requires PyYAML."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10000
    )
    return text


def render(label: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The ``diff`` of a module's result.

    :param label: what it is about, used as the header of both sides.
    """
    sides = {"before": dict(before), "after": dict(after)}
    rendered: dict[str, Any] = {f"{side}_header": label for side in sides}
    for side, value in sides.items():
        rendered[side] = (dump(visible(value)) if value else "") if HAS_YAML else value
    return rendered
