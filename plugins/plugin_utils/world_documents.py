# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes documents of a world file: as they are stored, and without the content of Secrets."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.diff import dump
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import Manifest, decode_base64, from_api

PLACEHOLDER = "recorded-without-content"
_ENCODED = base64.b64encode(PLACEHOLDER.encode()).decode()


def recorded_document(raw: Any, what: str, notes: list[str], is_secret: bool = False) -> str:
    """Return the text of a document as it is stored, and a Secret with placeholders for its values.

    A text that is no document of Kubernetes stays as it is, unless it may be a Secret.

    :param raw: the document as the service shows it: YAML, in base64 or not.
    :param what: the document in words.
    :param notes: receives what the text lacks in addition to the values of Secrets.
    :param is_secret: whether the document is a Secret, whatever it says.
    """
    if not raw:
        return ""
    manifest = from_api(raw)
    if is_secret or manifest.is_secret:
        if manifest.data is None:
            notes.append(
                f"{what} is not YAML that Kubernetes accepts, and is recorded as a Secret without name and keys."
            )
        return secret_text(manifest)
    decoded = "" if manifest.data is not None else decode_base64(manifest.text)
    return decoded if ":" in decoded else manifest.text


def secret_text(manifest: Manifest) -> str:
    """Return a Secret with its name, its keys and its revision, and a placeholder for each value.

    Annotations are left out: kubectl keeps a copy of the content in one. So are comments.
    """
    data = manifest.data or {}
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
    text = dump(secret)
    return Manifest(text, secret).with_revision(manifest.revision).text
