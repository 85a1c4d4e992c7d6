# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes documents of a world file: without the content of Secrets."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import Manifest

PLACEHOLDER = "recorded-without-content"
_ENCODED = base64.b64encode(PLACEHOLDER.encode()).decode()


def document_text(manifest: Manifest) -> str:
    """Return the text of a document as it was read, and a Secret with placeholders for its values."""
    return secret_text(manifest.data) if manifest.is_secret or manifest.data is None else manifest.text


def secret_text(data: Mapping[str, Any] | None) -> str:
    """Return a Secret with its name and keys, and a placeholder for each value.

    Annotations are left out: kubectl keeps a copy of the content in one.
    """
    data = data or {}
    given = data.get("metadata")
    metadata: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    secret: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {name: metadata[name] for name in ("name", "labels") if metadata.get(name)},
    }
    if isinstance(data.get("type"), str):
        secret["type"] = data["type"]
    for section, text in (("data", _ENCODED), ("stringData", PLACEHOLDER)):
        values = data.get(section)
        if isinstance(values, Mapping):
            secret[section] = {str(key): text for key in values}
    return yaml.safe_dump(secret, allow_unicode=True, sort_keys=False)
