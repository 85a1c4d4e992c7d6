# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace the texts in a Kubernetes document by pseudonyms. Whatever else the document holds stays as it is written.

A document that was loaded and dumped would have lost its tags, anchors and layout, by which readers may differ.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import is_secret_name
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import DATA_SECTIONS, Manifest
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest_types import BASE64, DATA_KEY
from ansible_collections.jst.retailcloud.plugins.module_utils._core.yaml_reader import (
    PlainScalar,
    YamlError,
    plain_value,
)

# Kubernetes' reader is a port of libyaml, which allows tabs between tokens.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BYTE_ORDER_MARK = "\ufeff"
_STANDARD_TAG = "tag:yaml.org,2002:"

# Values of documents that mean something to Kubernetes. All other texts are replaced.
_KUBERNETES_KEYS = frozenset(
    [
        "accessModes",
        "apiVersion",
        "completionMode",
        "concurrencyPolicy",
        "cpu",
        "dnsPolicy",
        "effect",
        "ephemeral-storage",
        "imagePullPolicy",
        "kind",
        "maxSurge",
        "maxUnavailable",
        "medium",
        "memory",
        "mountPropagation",
        "operator",
        "podManagementPolicy",
        "protocol",
        "restartPolicy",
        "schedule",
        "scheme",
        "serviceType",
        "sizeLimit",
        "storage",
        "terminationMessagePolicy",
        "type",
    ]
)
# Mappings of documents whose keys the user chose.
_USER_KEYS = frozenset(["annotations", "binaryData", "data", "labels", "matchLabels", "nodeSelector", "stringData"])
# Lists of values of the user's own. A number in them can be a password.
_ARGUMENTS = frozenset(["args", "command"])
# Lists of mappings with a name and a value of the user's own.
_VARIABLES = frozenset(["env", "httpHeaders"])
_DATA_SECTIONS = frozenset(section for sections in DATA_SECTIONS.values() for section in sections)
_NO_DATA_KEY = "~"
"""The end of a pseudonym for a key that Kubernetes rejects: the copy has the faults of the account."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?%?")
_COMMENT = re.compile(r"#[^\r\n\u0085\u2028\u2029]*")


class NotADocumentError(ValueError):
    """A text is no YAML, or no mapping."""


@dataclass
class _Collection:
    """A mapping or a list that has begun.

    key: the key that it stands under; for a list, that of its items too.
    is_users: whether keys and values are the user's own.
    is_key: whether the next node of a mapping is a key.
    """

    is_mapping: bool
    key: str
    is_users: bool
    is_key: bool = True
    current: str = ""


class DocumentPseudonyms:
    """Replace the texts of documents.

    :param name: returns the pseudonym of a text.
    :param image: returns the pseudonym of an image.
    """

    def __init__(self, name: Callable[[str], str], image: Callable[[str], str]) -> None:
        self._name = name
        self._image = image

    def replace(self, text: str) -> str:
        """Return a document with pseudonyms for its texts, comments, anchors and tags.

        :raises NotADocumentError: when the text is no YAML, or no mapping.
        """
        head = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        body = text[len(head) :]
        revision = Manifest(body, None).revision
        try:
            tokens = [token for token in yaml.scan(body, Loader=_LOADER) if _start(token) < _end(token)]
            edits = list(self._edits(body, tokens))
        except (yaml.YAMLError, UnicodeError):
            raise NotADocumentError from None
        parts, place = [head], 0
        for start, end, replacement in [*edits, (len(body), len(body), "")]:
            parts += [self._gap(body[place:start], is_first=place == 0 and bool(revision)), replacement]
            place = end
        return "".join(parts)

    def _gap(self, text: str, is_first: bool) -> str:
        """Return the text between replaced parts with pseudonyms for comments.

        :param is_first: whether the text begins with the comment that holds a revision, which stays.
        """
        head, end, rest = text.partition("\n") if is_first else ("", "", text)
        return head + end + _COMMENT.sub(lambda found: self._comment(found.group()), rest)

    def _comment(self, text: str) -> str:
        words = text.lstrip("#").strip()
        return f"# {self._name(words)}" if words else text

    def _edits(self, text: str, tokens: list[Any]) -> Iterator[tuple[int, int, str]]:
        """Yield the parts of a text to replace, in order: begin, end and replacement.

        Parts that stay, but could hold a comment sign, are yielded too.
        """
        scalars = self._scalar_replacements(text, tokens)
        for token in tokens:
            start, end = _start(token), _end(token)
            written = text[start:end]
            if isinstance(token, yaml.ScalarToken):
                yield start, end, scalars.get(start, written)
            elif isinstance(token, (yaml.AnchorToken, yaml.AliasToken)):
                yield start, end, written[0] + self._name(str(token.value))
            elif isinstance(token, yaml.TagToken):
                yield start, end, self._tag(written)
            elif isinstance(token, yaml.DirectiveToken):
                yield start, end, written if token.name == "YAML" else ""

    def _tag(self, written: str) -> str:
        if written == "!" or (written.startswith("!!") and len(written) > 2) or _STANDARD_TAG in written:
            return written
        return f"!{self._name(written)}"

    def _scalar_replacements(self, text: str, tokens: list[Any]) -> dict[int, str]:
        """Return the replacements of scalars by the place where they begin."""
        scalars = {_end(token): token for token in tokens if isinstance(token, yaml.ScalarToken)}
        found: dict[int, str] = {}
        open_collections: list[_Collection] = []
        has_content, kind = False, ""
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionEndEvent):
                open_collections.pop()
                continue
            if not isinstance(event, yaml.NodeEvent):
                continue
            holder = open_collections[-1] if open_collections else None
            if holder is None and not isinstance(event, yaml.MappingStartEvent):
                if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and plain_value(event.value) is None:
                    continue  # an empty document
                raise NotADocumentError
            has_content = True
            is_key = holder is not None and holder.is_mapping and holder.is_key
            key = "" if holder is None or is_key else holder.current if holder.is_mapping else holder.key
            is_users = holder is not None and holder.is_users
            kind = _kind_with(event, key, len(open_collections), kind)
            section = holder.key if holder is not None and holder.key in _DATA_SECTIONS else ""
            is_encoded = section == "binaryData" or (section == "data" and kind == "Secret")
            if holder is not None and holder.is_mapping:
                holder.is_key = not is_key
                if is_key:
                    holder.current = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if isinstance(event, yaml.CollectionStartEvent):
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                is_users = is_users or is_key or (is_mapping and key in _USER_KEYS)
                open_collections.append(_Collection(is_mapping, key, is_users))
            elif isinstance(event, yaml.ScalarEvent):
                token = scalars.get(_end(event))
                # An empty value has no token, with a tag or an anchor neither.
                if token is not None and _start(token) >= _start(event):
                    written = text[_start(token) : _end(token)]
                    pseudonym = (
                        self._secret_pseudonym(event, is_encoded)
                        if holder is not None and not is_key and _may_be_secret(key, holder.key)
                        else self._pseudonym(event, key, is_key, is_users, section, is_encoded)
                    )
                    found[_start(token)] = _written_like(written, event, pseudonym)
        if not has_content:
            raise NotADocumentError
        return found

    def _pseudonym(
        self, event: Any, key: str, is_key: bool, is_users: bool, section: str, is_encoded: bool
    ) -> str | None:
        """Return what to write in place of a scalar, None when it stays.

        :param section: the section of a ConfigMap or a Secret that holds the scalar.
        :param is_encoded: whether Kubernetes decodes the values of the section.
        """
        value = event.value
        if is_key:
            end = _NO_DATA_KEY if section and not DATA_KEY.fullmatch(value) else ""
            return self._name(value) + end if is_users and not (value == "<<" and event.implicit[0]) else None
        if not value or not _is_text(event) or (not is_users and (key in _KUBERNETES_KEYS or _NUMBER.fullmatch(value))):
            return None
        return self._in_form_of(
            event, self._image(value) if key == "image" and not is_users else self._name(value), is_encoded
        )

    def _secret_pseudonym(self, event: Any, is_encoded: bool) -> str | None:
        """Return what to write in place of a scalar that can be a password, None when it is empty or a boolean."""
        if not event.value:
            return None
        if _is_text(event) or isinstance(_plain_value(event), PlainScalar):
            return self._in_form_of(event, self._name(event.value), is_encoded)
        # A number stays one, since Kubernetes may reject a text in its place.
        return "0" if _is_number(event) else None

    @staticmethod
    def _in_form_of(event: Any, pseudonym: str, is_encoded: bool) -> str:
        is_base64 = is_encoded and BASE64.fullmatch(event.value.replace("\n", "").replace("\r", ""))
        is_binary = is_base64 or str(event.tag or "").endswith("binary")
        return base64.b64encode(pseudonym.encode()).decode() if is_binary else pseudonym


def _kind_with(event: Any, key: str, depth: int, kind: str) -> str:
    """Return the kind of a document as far as a node, empty while none is known.

    :param depth: how many collections hold the node.
    :param kind: the kind before the node.
    """
    if depth == 0:
        return ""
    return str(event.value) if depth == 1 and key == "kind" and isinstance(event, yaml.ScalarEvent) else kind


def _may_be_secret(key: str, holder: str) -> bool:
    """Return whether a value can be a password, whatever it looks like.

    :param key: the key of the value.
    :param holder: the key of the mapping or list that holds it.
    """
    return key in _ARGUMENTS or (key == "value" and holder in _VARIABLES) or is_secret_name(key)


def _start(part: Any) -> int:
    return int(part.start_mark.index)


def _end(part: Any) -> int:
    return int(part.end_mark.index)


def _is_text(event: Any) -> bool:
    """Return whether a scalar is a text for all readers. Numbers, booleans and null stay."""
    if event.implicit[0]:
        value = _plain_value(event)
        return isinstance(value, str) and not isinstance(value, PlainScalar)
    kind = str(event.tag or "")
    return kind not in {f"{_STANDARD_TAG}{name}" for name in ("bool", "float", "int", "null")}


def _is_number(event: Any) -> bool:
    """Return whether a scalar that is no text is a number."""
    if event.implicit[0]:
        value = _plain_value(event)
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(event.tag) in {f"{_STANDARD_TAG}{name}" for name in ("float", "int")}


def _plain_value(event: Any) -> Any:
    """Return the meaning of a scalar without a tag and quotes; its text when it is a number that no reader can hold."""
    try:
        return plain_value(event.value) if event.implicit[0] else event.value
    except YamlError:
        return event.value


def _written_like(written: str, event: Any, value: str | None) -> str:
    """Return a scalar as it is to be written: with its own quotes, or in one line in place of a block.

    :param value: the new value, None for its own.
    """
    if written[0] in "|>":
        quoted = yaml.safe_dump(event.value if value is None else value, default_style='"', width=float("inf"))
        return quoted.rstrip("\n") + ("\n" if written[-1] in "\r\n" else "")
    if value is None:
        return written
    return f"{written[0]}{value}{written[0]}" if written[0] in "\"'" else value
