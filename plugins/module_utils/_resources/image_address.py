# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Comparison of the addresses of images and packages that the service shows with those that were sent.

The reference shows one address in the baseline (1.2.7) and does not document its form. The service may add registry and
tag, omit the registry, show a digest instead of a tag, or put all images into one text. Each comparison therefore has
three results: the same, different, or unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence
from urllib.parse import urlsplit

DOCKER_HUB = "docker.io"


@dataclass(frozen=True)
class ImageAddress:
    """The parts of an image address, ``None`` for each that the text omits."""

    host: str | None
    path: str
    tag: str | None
    digest: str | None

    @classmethod
    def parse(cls, text: str) -> ImageAddress:
        """Split an address into its parts, as container runtimes do."""
        name, _at, digest = text.partition("@")
        first, slash, rest = name.partition("/")
        has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
        host, path = (first, rest) if has_host else (None, name)
        path, _colon, tag = path.partition(":")
        return cls(host, path, tag or None, digest or None)

    def canonical(self) -> ImageAddress:
        """Return the address with the defaults of container runtimes for the parts that it omits."""
        host = self.host or DOCKER_HUB
        path = f"library/{self.path}" if host == DOCKER_HUB and "/" not in self.path else self.path
        return ImageAddress(host, path, self.tag or (None if self.digest else "latest"), self.digest)


def split_images(text: str) -> list[str]:
    """Return the addresses in a text that may hold several of them."""
    return [part for part in re.split(r"[\s,;|\[\]\"']+", text) if part]


def same_image(shown: str, desired: str) -> bool | None:
    """Return whether two addresses name the same image, ``None`` when their forms leave that open."""
    one, other = ImageAddress.parse(shown), ImageAddress.parse(desired)
    if shown == desired or one.canonical() == other.canonical():
        return True
    if not _may_be_same_path(one.path, other.path):
        return False
    for part, counterpart in ((one.tag, other.tag), (one.digest, other.digest)):
        if None not in (part, counterpart) and part != counterpart:
            return False
    return None


def _may_be_same_path(one: str, other: str) -> bool:
    """Return whether one path ends with the other: with the registry, the service may omit namespaces."""
    return f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}")


def same_images(shown: Sequence[str], desired: Sequence[str]) -> bool | None:
    """Return whether the shown images are the desired ones, ``None`` when that is unknown.

    :param shown: all images, or the first ones. The others are not shown.
    """
    results = [same_image(*pair) for pair in zip(shown, desired)]
    if False in results or len(shown) > len(desired):
        return False
    return True if len(shown) == len(desired) and all(results) else None


def same_package(shown: str, desired: str) -> bool | None:
    """Return whether two addresses lead to the same package, ``None`` for addresses in different stores."""
    if shown == desired:
        return True
    one, other = urlsplit(shown), urlsplit(desired)
    return False if one.netloc == other.netloc and one.path != other.path else None
