# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Kubernetes manifests: parsing, limits, and the data of Secrets."""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Iterable

from .._api.redaction import MAX_PATTERN, SecretText
from .diff import dump
from .option_redaction import scalar_texts
from .secret_detection import has_secret_document, is_secret_document
from .yaml_reader import (
    HAS_YAML,
    MAX_NODES,
    TooLargeError,
    YamlError,
    as_kubernetes,
    key_text,
    key_words,
    read_documents,
)

# Kind -> section -> whether its values are base64.
DATA_SECTIONS = {"ConfigMap": {"data": False, "binaryData": True}, "Secret": {"data": True, "stringData": False}}
# Limits far beyond any manifest.
MAX_DEPTH = 100
MAX_CHARACTERS = 8 * 1024 * 1024
# The first line, because a line at the end would add a line break to a text without one, and with it to a block scalar.
_REVISION = re.compile(r"# jst\.retailcloud revision: ([0-9a-f]{12})\r?\n")
# Visible ASCII without quotes and separators of several images. Separators of registry, path, tag and digest stand
# neither at an end nor twice in a row.
_IMAGE = re.compile(r"[!-~]+")
_IMAGE_PARTS = re.compile(r"[^/:@'\",;]+(?:[/:@][^/:@'\",;]+)*")
_TOO_LARGE = "is nested too deeply or too large for a Kubernetes document"
_NOT_JSON = "holds a value that JSON does not have, such as binary data, a set or .nan"


@dataclass(frozen=True)
class Manifest:
    """A parsed manifest.

    :ivar source: the text; ``None`` when the option was a mapping.
    :ivar data: the content as Kubernetes reads it, in JSON types; ``None`` when the text is no mapping.
    :ivar meaning: the content with a :class:`PlainScalar` for each value that YAML readers understand differently.
    :ivar lines: the lines of the values that are a text to one reader and another type to another.
    """

    source: str | None
    data: dict[str, Any] | None
    meaning: Any = field(default=None, compare=False)
    lines: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return the text to send. It is built on demand, because most manifests are only compared."""
        return dump(self.data) if self.source is None else self.source

    @property
    def name(self) -> str:
        """Return ``metadata.name``; empty when the manifest has none."""
        metadata = (self.data or {}).get("metadata")
        return str(metadata.get("name") or "") if isinstance(metadata, Mapping) else ""

    @property
    def revision(self) -> str:
        """Return the revision in the first line; empty when the text has none."""
        found = _REVISION.match(self.source or "")
        return found.group(1) if found else ""

    def with_revision(self, revision: str) -> Manifest:
        """Return the manifest with a revision in its first line, a comment; without any for an empty one."""
        line = f"# jst.retailcloud revision: {revision}\n" if revision else ""
        if not line and not self.revision:
            return self
        return replace(self, source=line + _REVISION.sub("", self.text.lstrip("\ufeff"), count=1))

    @property
    def is_secret(self) -> bool:
        """Return whether it is a Secret, also one that the service returns in place of another kind."""
        return has_secret_document(self.text) if self.data is None else is_secret_document(self.data)

    def __repr__(self) -> str:
        # The text may be a Secret.
        return f"Manifest({self.name!r})"


def parse(value: Any) -> Manifest:
    """Return the manifest in a text or mapping that a user wrote. A manifest stays as it is.

    :raises ValueError: when it is not one YAML mapping. The message holds no part of it.
    """
    if isinstance(value, Manifest):
        return value
    if not HAS_YAML:
        raise ValueError("needs the Python library PyYAML on the host that runs the module")
    if isinstance(value, Mapping):
        content = _to_json_types(value)
        return Manifest(None, content, content)
    text = str(value)
    if len(text) > MAX_CHARACTERS:
        raise ValueError(_TOO_LARGE)
    try:
        manifests, lines = read_documents(text)
    except TooLargeError:
        raise ValueError(_TOO_LARGE) from None
    except YamlError as error:
        raise ValueError(str(error)) from None
    except ValueError:
        # Half a surrogate pair. Python's message quotes the text.
        raise ValueError(_NOT_JSON) from None
    if len(manifests) != 1:
        raise ValueError(f"holds {len(manifests)} YAML documents, but has to hold one")
    if not isinstance(manifests[0], Mapping):
        found = as_kubernetes(manifests[0])
        raise ValueError(f"has to be a mapping with kind and metadata, not {type(found).__name__}")
    _check_size(manifests[0])
    content = as_kubernetes(manifests[0])
    _check_json(content)
    return Manifest(text, content, manifests[0], tuple(lines))


def _to_json_types(value: Any) -> Any:
    """Return a value of Ansible in JSON types, with texts as keys of mappings."""
    _check_size(value)

    def convert(part: Any) -> Any:
        if isinstance(part, Mapping):
            items = [(key_text(name), convert(item)) for name, item in part.items()]
            converted = {str(name): item for name, item in items}
            if len(converted) < len(items):
                names = [str(name) for name, _item in items]
                twice = next(name for name in names if names.count(name) > 1)
                raise ValueError(f"has {key_words(twice)} twice in one mapping, as a string and as a number or boolean")
            return converted
        if isinstance(part, (list, tuple)):
            return [convert(item) for item in part]
        # Ansible marks some texts by a class of their own.
        return str(part) if isinstance(part, str) else part

    content = convert(value)
    _check_json(content)
    return content


def _check_json(content: Any) -> None:
    """Reject values that JSON in UTF-8 cannot express, because Kubernetes reads manifests as JSON."""
    try:
        json.dumps(content, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except (TypeError, ValueError):
        raise ValueError(_NOT_JSON) from None


def _check_size(root: Any) -> None:
    """Reject a manifest that contains itself, or is too deep or too large."""
    known: dict[int, tuple[int, int]] = {}

    def measure(part: Any, depth: int) -> tuple[int, int]:
        inner = part.values() if isinstance(part, Mapping) else part if isinstance(part, (list, tuple)) else ()
        if not inner:
            return 1, 1
        if id(part) not in known:
            # A part that is reached again while it is measured contains itself.
            known[id(part)] = MAX_NODES, MAX_DEPTH
            values, height = 1, 1
            for item in inner if depth <= MAX_DEPTH else ():
                more, below = measure(item, depth + 1)
                values, height = values + more, max(height, below + 1)
            known[id(part)] = values, height
        values, height = known[id(part)]
        if values > MAX_NODES or depth + height > MAX_DEPTH:
            raise ValueError(_TOO_LARGE)
        return values, height

    measure(root, 1)


def decode_base64(text: str) -> str:
    """Return the text that a Base64 text encodes, empty when it is not valid."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def from_api(raw: Any) -> Manifest:
    """Return the manifest in a response: YAML, in base64 or not."""
    text = str(raw)
    try:
        return parse(text)
    except ValueError:
        pass
    try:
        return parse(decode_base64(text))
    except ValueError:
        return Manifest(text, None)


def is_image(value: Any) -> bool:
    """Return whether a value can be an image address. No part may be empty, as after an empty variable."""
    return isinstance(value, str) and bool(_IMAGE.fullmatch(value) and _IMAGE_PARTS.fullmatch(value))


def merge_secret_data(manifest: Manifest) -> Any:
    """Return the meaning of a manifest. The data of a Secret is merged into one section, as Kubernetes stores it."""
    meaning = manifest.meaning
    if not isinstance(meaning, Mapping) or meaning.get("kind") != "Secret":
        return meaning
    sections = [meaning.get(name) or {} for name in ("data", "stringData")]
    if not all(isinstance(section, Mapping) for section in sections):
        return meaning
    data = {name: _decode_value(value) for name, value in sections[0].items()}
    rest = {name: value for name, value in meaning.items() if name not in ("data", "stringData")}
    return {**rest, "data": {**data, **{name: "" if value is None else value for name, value in sections[1].items()}}}


def _decode_value(value: Any) -> str:
    """Return a value of section ``data`` of a Secret as text; unchanged when it is not base64 of a text."""
    text = "" if value is None else str(value)
    return decode_base64("".join(text.split())) or text


def has_content(manifest: Manifest) -> bool:
    """Return whether a ConfigMap or Secret holds anything. A manifest that cannot be parsed may."""
    return manifest.data is None or any(
        manifest.data.get(name) for name in {*DATA_SECTIONS["ConfigMap"], *DATA_SECTIONS["Secret"]}
    )


def secret_data(manifest: Manifest) -> Mapping[str, str]:
    """Return the values of a Secret by key; empty when it has none."""
    folded = merge_secret_data(manifest)
    data = folded.get("data") if isinstance(folded, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def new_revision() -> str:
    """Return a revision. It is random, since anything that follows from a secret could be guessed."""
    return uuid.uuid4().hex[:12]


def sort_by_name(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Return manifests in the order of their names."""
    return sorted(manifests, key=lambda manifest: manifest.name)


def encoded_secret(encoded: str, manifest: Manifest | None = None) -> SecretText:
    """Return an encoded Secret with the texts in it, because error messages may quote a part of it.

    :param manifest: the Secret, if it is parsed already.
    """
    content = (manifest or from_api(encoded)).data or {}
    data = set(scalar_texts(content.get("data")))
    values = {*data, *map(decode_base64, data), *scalar_texts(content.get("stringData"))}
    # Messages quote manifests with indented lines. Of a long value, any part is found.
    lines = {line.strip() for value in values if len(value) <= MAX_PATTERN for line in value.splitlines()}
    return SecretText(encoded, sorted(filter(None, values | lines)))
