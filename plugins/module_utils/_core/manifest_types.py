# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Field types of Kubernetes manifests.

The service takes YAML in base64 and returns plain YAML (reference 1.3.1, 1.3.2).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Sequence

from .field_types import HIDDEN_CHANGE, FieldType
from .kubernetes_defaults import DEFAULTS
from .manifest import (
    DATA_SECTIONS,
    Manifest,
    encoded_secret,
    from_api,
    has_content,
    is_image,
    merge_secret_data,
    new_revision,
    parse,
    secret_data,
    sort_by_name,
)
from .option_redaction import NO_LOG_MASK
from .yaml_comparison import canonical, differing_paths, without_defaults

# Kind of workload -> path of its pod specification.
POD_SPEC_PATHS = {
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
DATA_KEY = re.compile(r"(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}")
"""The keys of ConfigMaps and Secrets that Kubernetes accepts."""

# Base64 as Kubernetes decodes it, with padding, and without the line breaks that it ignores.
BASE64 = re.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
MAX_PATHS_SHOWN = 3


def _type_words(value: Any) -> str:
    """Return the type of a value in words."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    return "a string" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


class ManifestType(FieldType):
    """One Kubernetes manifest of a required ``kind``."""

    is_parsed = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def clean(self, value: Any) -> Manifest:
        manifest = parse(value)
        found = (manifest.data or {}).get("kind")
        if found != self.kind:
            # Messages quote only words, because any other value may be a misplaced secret.
            known = isinstance(found, str) and found.isalpha() and len(found) <= 63
            shown = f"of kind {found!r}" if known else "without a kind" if found is None else "of another kind"
            raise ValueError(f"holds a document {shown}, but has to hold a {self.kind}")
        self._check_containers(manifest)
        self._check_data(manifest)
        return manifest

    def _check_data(self, manifest: Manifest) -> None:
        """Reject data that Kubernetes rejects. Values may be secrets, so messages never quote one."""
        name = f"{self.kind} {manifest.name!r}" if manifest.name else f"a {self.kind} without a name"
        for member, is_encoded in DATA_SECTIONS.get(self.kind, {}).items():
            data = (manifest.data or {}).get(member)
            if data is None:
                continue
            if not isinstance(data, Mapping):
                raise ValueError(f"holds {name}, whose {member} is {_type_words(data)}, but has to be a mapping")
            for key, value in data.items():
                if not DATA_KEY.fullmatch(key):
                    raise ValueError(
                        f"holds {name}, whose {member} has a key that is not made of letters, digits, '-', '_' and '.'"
                    )
                if not isinstance(value, str):
                    raise ValueError(
                        f"holds {name}, whose {member}.{key} is {_type_words(value)}, but has to be a string: "
                        "put it into quotes"
                    )
                if is_encoded and not BASE64.fullmatch(value.replace("\n", "").replace("\r", "")):
                    raise ValueError(f"holds {name}, whose {member}.{key} is not base64")

    def _check_containers(self, manifest: Manifest) -> None:
        """Reject a workload without containers, because Kubernetes does."""
        path = POD_SPEC_PATHS.get(self.kind)
        if path is None:
            return
        part: Any = manifest.data
        for name in (*path, "containers"):
            part = part.get(name) if isinstance(part, Mapping) else None
        if not isinstance(part, list) or not part or not all(isinstance(item, Mapping) for item in part):
            raise ValueError(f"has no containers: {'.'.join(path)}.containers has to be a list of at least one mapping")
        for image in (container.get("image") for container in part):
            if image is not None and not is_image(image):
                raise ValueError(f"has a container with the image {image!r}, which is not the address of an image")
        for ports in (container.get("ports") for container in part):
            for port in ports if isinstance(ports, list) else ():
                number = port.get("containerPort") if isinstance(port, Mapping) else None
                if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
                    raise ValueError(
                        f"has a container whose containerPort is {_type_words(number)}, but has to be a whole number"
                    )

    def warnings_about(self, value: Manifest, where: str = "") -> list[str]:
        if not value.lines:
            return []
        lines = ", ".join(map(str, dict.fromkeys(value.lines)))
        return [
            f"holds{where} values that readers of YAML 1.1 and of YAML 1.2 understand differently. "
            f"They are in line {lines}. Put strings into quotes, and write booleans as true or false."
        ]

    def serialize(self, value: Manifest) -> str:
        return base64.b64encode(value.text.encode("utf-8")).decode("ascii")

    def deserialize(self, raw: Any) -> Manifest | None:
        return None if raw is None or raw == "" else from_api(raw)

    def equals(self, desired: Any, current: Any) -> bool:
        return current is not None and current.data is not None and not self.differing(desired, current)

    def differing(self, desired: Manifest, current: Manifest) -> list[str]:
        """Return the dotted paths at which the meaning of two manifests differs."""
        return differing_paths(merge_secret_data(desired), merge_secret_data(current), DEFAULTS.get(self.kind))

    def to_result(self, value: Any) -> Any:
        if value is None:
            return None
        if value.is_secret:
            return NO_LOG_MASK
        return value.text if value.data is None else value.data

    def to_option(self, value: Any) -> Any:
        # With PlainScalars, a diff shows quotes that make a difference.
        return self.to_result(value) if value is None or value.data is None or value.is_secret else value.meaning

    def to_diff(self, before: Any, after: Any) -> tuple[Any, Any]:
        written = self.to_option(before), self.to_option(after)
        if before is None or after is None or not all(isinstance(side, Mapping) for side in written):
            return written
        return without_defaults(written[0], written[1], DEFAULTS.get(self.kind)), written[1]

    def describe_difference(self, desired: Any, current: Any) -> str:
        return f" ({_differing_words(self, desired, current)})"


def canonical_manifest(manifest: Manifest) -> Any:
    """Return the content of a manifest in the form that all manifests of the same meaning share.

    A live manifest that cannot be parsed is its own form.
    """
    if manifest.data is None:
        return manifest.text
    return canonical(manifest.data, DEFAULTS.get(str(manifest.data.get("kind"))))


def _differing_words(kind: ManifestType, desired: Manifest, current: Manifest | None) -> str:
    """Return where two manifests differ, in words. Values are long, and those of a Secret are never shown."""
    if current is None or current.data is None:
        return "nothing" if current is None else "no document"
    paths = kind.differing(desired, current)
    return ", ".join(paths[:MAX_PATHS_SHOWN]) + (" and more" if len(paths) > MAX_PATHS_SHOWN else "")


class ManifestSet(FieldType):
    """Several manifests of a required ``kind`` with distinct ``metadata.name``, without order."""

    is_parsed = True

    def __init__(self, kind: str) -> None:
        self.single = ManifestType(kind)

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "raw"}

    def clean(self, value: Any) -> list[Manifest]:
        manifests: list[Manifest] = []
        for position, item in enumerate(value, start=1):
            try:
                manifest = self.single.clean(item)
            except ValueError as error:
                raise ValueError(f"has an entry {position} that {error}") from None
            if not manifest.name:
                raise ValueError(f"has an entry {position} without a metadata.name")
            if manifest.name in [other.name for other in manifests]:
                raise ValueError(f"names {manifest.name!r} twice")
            manifests.append(manifest)
        return manifests

    def warnings_about(self, value: Any) -> list[str]:
        return [
            text
            for position, manifest in enumerate(value, start=1)
            for text in self.single.warnings_about(manifest, f", in entry {position},")
        ]

    def serialize(self, value: Any) -> Any:
        return [self.single.serialize(manifest) for manifest in value]

    def deserialize(self, raw: Any) -> list[Manifest] | None:
        return None if not isinstance(raw, list) else [from_api(item) for item in raw if item]

    def empty_form(self, current: Any) -> Any:
        # The smallest list: one of the live manifests, without its content.
        names = sorted(manifest.name for manifest in current or ())
        if not names:
            return None
        return [parse({"apiVersion": "v1", "kind": self.single.kind, "metadata": {"name": names[0]}})]

    def describe_remainder(self, value: Any) -> str:
        return f"{self.single.kind} {value[0].name!r}"

    def equals(self, desired: Any, current: Any) -> bool:
        if current is None:
            return not desired
        if not desired and len(current) == 1 and not has_content(current[0]):
            # The service has no emptier list.
            return True
        present = {manifest.name: manifest for manifest in current}
        return {manifest.name for manifest in desired} == set(present) and all(
            self.single.equals(manifest, present[manifest.name]) for manifest in desired
        )

    def to_result(self, value: Any) -> Any:
        if value is None:
            return None
        return [self.single.to_result(manifest) for manifest in sort_by_name(value)]

    def to_option(self, value: Any) -> Any:
        return None if value is None else [self.single.to_option(manifest) for manifest in sort_by_name(value)]

    def to_diff(self, before: Any, after: Any) -> tuple[Any, Any]:
        if before is None or after is None:
            return self.to_option(before), self.to_option(after)
        described = {manifest.name: manifest for manifest in after}
        shown = [self.single.to_diff(manifest, described.get(manifest.name))[0] for manifest in sort_by_name(before)]
        return shown, self.to_option(after)

    def describe_difference(self, desired: Any, current: Any) -> str:
        described = {manifest.name: manifest for manifest in desired}
        present = {manifest.name: manifest for manifest in current or ()}
        places = []
        for name in sorted({*described, *present}):
            if name not in described or name not in present:
                places.append(f"{name!r} is {'missing' if name in described else 'present'}")
            elif not self.single.equals(described[name], present[name]):
                places.append(f"{name!r}: {_differing_words(self.single, described[name], present[name])}")
        return f" ({'; '.join(places)})"


def _is_masked(desired: Manifest, current: Manifest) -> bool:
    """Return whether a response hides the values of a Secret: each is replaced by asterisks, or omitted."""
    described, shown = secret_data(desired), secret_data(current)
    if not any(described.values()) or current.data is None:
        return False
    if not shown:
        return True
    return described.keys() == shown.keys() and not any(str(value).strip("*") for value in shown.values())


def is_hidden_secret(current: Manifest) -> bool:
    """Return whether a response shows no value of a Secret: none is left, or each is empty or replaced by asterisks."""
    return current.data is None or not any(str(value).strip("*") for value in secret_data(current).values())


class SecretManifestSet(ManifestSet):
    """Manifests whose content is never shown, only their names."""

    def serialize(self, value: Any) -> Any:
        return [encoded_secret(self.single.serialize(manifest), manifest) for manifest in value]

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "raw", "no_log": True}

    def is_comparable(self, desired: Any, current: Any) -> bool:
        # The table of reference 1.3.2 shows Secrets, its sample does not. The service may also show only their names or
        # keys.
        if current is None:
            return False
        present = {manifest.name: manifest for manifest in current}
        if {manifest.name for manifest in desired} != set(present):
            return True
        return not any(_is_masked(manifest, present[manifest.name]) for manifest in desired)

    def equals(self, desired: Any, current: Any) -> bool:
        return not self.is_comparable(desired, current) or super().equals(desired, current)

    def with_revisions(self, desired: Sequence[Manifest], current: Sequence[Manifest]) -> list[Manifest]:
        """Return the manifests to send, each with its revision: a new one where its meaning is seen to change."""
        present = {manifest.name: manifest for manifest in current}

        def revision(manifest: Manifest) -> str:
            live = present.get(manifest.name)
            if live is None:
                return new_revision()
            is_kept = _is_masked(manifest, live) or self.single.equals(manifest, live)
            return live.revision if is_kept else new_revision()

        return [manifest.with_revision(revision(manifest)) for manifest in desired]

    def to_result(self, value: Any) -> Any:
        return None if value is None else sorted(manifest.name for manifest in value)

    def to_option(self, value: Any) -> Any:
        return self.to_result(value)

    def to_diff(self, before: Any, after: Any) -> tuple[Any, Any]:
        present = {manifest.name: manifest for manifest in before or ()}
        differing = {
            manifest.name
            for manifest in after or ()
            if manifest.name in present and not self.single.equals(manifest, present[manifest.name])
        }
        shown = self.to_option(after)
        return self.to_option(before), shown and [
            f"{name} ({HIDDEN_CHANGE})" if name in differing else name for name in shown
        ]

    def sent_to_diff(self, value: Any) -> Any:
        return [f"{name} ({HIDDEN_CHANGE})" for name in self.to_option(value)]
