# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about the documents in ListDeployConfig."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jst_emulator import kubernetes_defaults, kubernetes_serializers, kubernetes_yaml
from jst_emulator.readings.declaration import LEFT_OUT, ChangeContext, ResponseChange, Value, reading

_WORKLOADS = ("Deployment", "StatefulSet", "CronJob")
_DOCUMENTS = ("ConfigMap", "ConfigMapList", "SecretList", *_WORKLOADS)
_OPERATIONS = ("ListDeployConfig",)
_MASK = "******"


def _each(value: Any, make: Callable[[str], str]) -> Any:
    """Apply *make* to a document, or to each of a list of them."""
    return make(value) if isinstance(value, str) else [make(one) for one in value]


def _secrets(value: Any, choice: Value, _scene: ChangeContext) -> Any:
    return LEFT_OUT if choice == "missing" else _each(value, lambda text: _hidden(text, str(choice)))


@lru_cache(maxsize=256)
def _hidden(text: str, choice: str) -> str:
    """Return a Secret without its values."""
    document = _parsed(text)
    if choice == "names":
        metadata = document.get("metadata") or {}
        kept: dict[str, Any] = {name: document[name] for name in ("apiVersion", "kind") if name in document}
        return kubernetes_serializers.as_yaml({**kept, "metadata": {"name": metadata.get("name")}})
    for section in ("data", "stringData"):
        if isinstance(document.get(section), dict):
            document[section] = dict.fromkeys(document[section], _MASK if choice == "masked" else "")
    return kubernetes_serializers.as_yaml(document)


def _content(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return _each(value, _with_defaults)


@lru_cache(maxsize=256)
def _with_defaults(text: str) -> str:
    return kubernetes_serializers.as_yaml(kubernetes_defaults.filled(_parsed(text)))


def _form(value: Any, choice: Value, _scene: ChangeContext) -> Any:
    return _each(value, lambda text: _written(text, str(choice)))


@lru_cache(maxsize=256)
def _written(text: str, form: str) -> str:
    if form == "trimmed":
        return text.strip()
    return kubernetes_serializers.FORMS[form](_parsed(text))


def _encoded(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return _each(value, lambda text: base64.b64encode(text.encode()).decode())


def _parsed(text: str) -> dict[str, Any]:
    """Return the document in a text that was accepted before."""
    return next(dict(part) for part in kubernetes_yaml.documents(text) if part is not None)


@dataclass(kw_only=True)
class DocumentReadings:
    """Documents of deploy configurations."""

    # The order of the fields is the order of application.
    secret_documents: str = reading(
        "1375-1386, 1510, 1585-1591",
        {
            "shown": "ListDeployConfig shows Secrets as they were sent.",
            "masked": "ListDeployConfig shows Secrets with asterisks as values.",
            "without_values": "ListDeployConfig shows Secrets with empty values.",
            "names": "ListDeployConfig shows only the names of Secrets.",
            "missing": "ListDeployConfig does not show Secrets.",
        },
        change=ResponseChange(("SecretList",), _secrets, _OPERATIONS),
    )
    documents: str = reading(
        "1498-1512, 1585-1591",
        {
            "as_sent": "Documents have the content that was sent.",
            "with_defaults": "Documents contain Kubernetes' defaults, and the data of a Secret is in one section.",
        },
        change=ResponseChange(_DOCUMENTS, _content, _OPERATIONS),
    )
    document_form: str = reading(
        "1498-1512, 1585-1591",
        {
            "as_sent": "Documents keep the notation that was sent.",
            "sorted": "Documents come as YAML without comments, with sorted keys.",
            "requoted": "Documents come as YAML without comments, with quotes around all strings.",
            "json": "Documents come as JSON.",
            "trimmed": "Documents come without leading and trailing white space.",
        },
        change=ResponseChange(_DOCUMENTS, _form, _OPERATIONS),
    )
    document_encoding: str = reading(
        "1327-1332, 1585-1591",
        {
            "plain": "Documents come as plain text.",
            "base64": "Documents are returned in base64, as they were sent.",
        },
        change=ResponseChange(_DOCUMENTS, _encoded, _OPERATIONS),
    )
