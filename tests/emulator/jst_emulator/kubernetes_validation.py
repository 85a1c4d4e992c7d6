# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of the Kubernetes API server for the objects in deploy configurations.

Only frequent mistakes in YAML are checked: texts that parse to another type, workloads without containers, objects that
are too large. Messages contain paths, never values.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

#: The largest size of the data of a ConfigMap or a Secret (``MaxSecretSize`` of Kubernetes).
MAX_DATA_BYTES = 1024 * 1024
_TEMPLATES = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
_NAMES = {str: "a string", int: "an integer", bool: "a boolean", dict: "a mapping", list: "a list"}


def problem(document: dict[str, Any], kind: str) -> str | None:
    """Return why Kubernetes rejects a document of *kind*; None when no check fails."""
    return next(_problems(document, kind), None)


def _problems(document: dict[str, Any], kind: str) -> Iterator[str]:
    yield from _metadata(document, "")
    if kind in ("ConfigMap", "Secret"):
        yield from _data(document, kind)
        return
    node: Any = document
    path = ""
    for step in _TEMPLATES[kind]:
        path = f"{path}.{step}" if path else step
        node = node.get(step)
        if node is None:
            yield f"{path} is required"
            return
        if not isinstance(node, dict):
            yield f"{path} is not a mapping"
            return
    yield from _of(document.get("spec"), "replicas", int, "spec")
    yield from _metadata(node, path)
    yield from _pod(node.get("spec"), f"{path}.spec")


def _metadata(holder: dict[str, Any], path: str) -> Iterator[str]:
    place = f"{path}.metadata".lstrip(".")
    metadata = holder.get("metadata")
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        yield f"{place} is not a mapping"
        return
    for name in ("name", "namespace"):
        yield from _of(metadata, name, str, place)
    for name in ("labels", "annotations"):
        yield from _texts(metadata, name, place)


def _data(document: dict[str, Any], kind: str) -> Iterator[str]:
    names = ("data", "binaryData") if kind == "ConfigMap" else ("data", "stringData")
    size = 0
    for name in names:
        yield from _texts(document, name, "")
        for key, value in (document.get(name) or {}).items():
            size += len(str(value).encode(errors="replace"))
            if (kind, name) in (("Secret", "data"), ("ConfigMap", "binaryData")) and not _is_base64(value or ""):
                yield f"{name}.{key} is not base64"
    if size > MAX_DATA_BYTES:
        yield f"its data has more than {MAX_DATA_BYTES} bytes"


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _pod(spec: Any, path: str) -> Iterator[str]:
    if not isinstance(spec, dict):
        yield f"{path} is not a mapping" if spec is not None else f"{path}.containers is required"
        return
    if not spec.get("containers"):
        yield f"{path}.containers is required"
        return
    for section in ("initContainers", "containers"):
        entries = spec.get(section) or []
        if not isinstance(entries, list):
            yield f"{path}.{section} is not a list"
            return
        for index, container in enumerate(entries):
            yield from _container(container, f"{path}.{section}[{index}]")


def _container(container: Any, path: str) -> Iterator[str]:
    if not isinstance(container, dict):
        yield f"{path} is not a mapping"
        return
    for name in ("name", "image"):
        yield from _of(container, name, str, path)
    for name in ("command", "args"):
        for index, word in enumerate(_list(container, name)):
            if not isinstance(word, str):
                yield f"{path}.{name}[{index}] is not a string"
    for index, variable in enumerate(_list(container, "env")):
        for name in ("name", "value"):
            yield from _of(variable, name, str, f"{path}.env[{index}]")
    for index, port in enumerate(_list(container, "ports")):
        yield from _of(port, "containerPort", int, f"{path}.ports[{index}]")


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    found = holder.get(name)
    return found if isinstance(found, list) else []


def _of(holder: Any, name: str, kind: type, path: str) -> Iterator[str]:
    """Yield a problem when a member exists and is not of *kind*."""
    value = holder.get(name) if isinstance(holder, dict) else None
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        yield f"{path}.{name}".lstrip(".") + f" is not {_NAMES[kind]}"


def _texts(holder: dict[str, Any], name: str, path: str) -> Iterator[str]:
    """Yield the problems of members of a mapping that are not texts."""
    found = holder.get(name)
    place = f"{path}.{name}".lstrip(".")
    if found is None:
        return
    if not isinstance(found, dict):
        yield f"{place} is not a mapping"
        return
    for key, value in found.items():
        if value is not None and not isinstance(value, str):
            yield f"{place}.{key} is not a string"
