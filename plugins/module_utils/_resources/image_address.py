# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Addresses of images and packages as a service may show them, compared with those that were sent.

The reference shows one address in the baseline (1.2.7) and does not say in which form. A service may fill in registry
and tag, leave the registry out, show a digest instead of a tag, or put all images into one text. Each comparison
therefore has three results: the same, different, or not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence
from urllib.parse import urlsplit

DOCKER_HUB = "docker.io"
DIGEST = "sha256:"


@dataclass(frozen=True)
class ImageAddress:
    """The parts of an image address; ``None`` for each that the text leaves out."""

    host: str | None
    path: str
    tag: str | None
    digest: str | None

    @classmethod
    def parse(cls, text: str) -> ImageAddress:
        """Take an address apart, as container runtimes do."""
        name, _at, digest = text.partition("@")
        first, slash, rest = name.partition("/")
        has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
        host, path = (first, rest) if has_host else (None, name)
        path, _colon, tag = path.partition(":")
        return cls(host, path, tag or None, digest or None)

    def canonical(self) -> ImageAddress:
        """The address with what container runtimes take for the parts that it leaves out."""
        host = self.host or DOCKER_HUB
        path = f"library/{self.path}" if host == DOCKER_HUB and "/" not in self.path else self.path
        return ImageAddress(host, path, self.tag or (None if self.digest else "latest"), self.digest)


def split_images(text: str) -> list[str]:
    """Return the addresses in a text that may hold several of them."""
    return [part for part in re.split(r"[\s,;|\[\]\"']+", text) if part]


def same_image(shown: str, wanted: str) -> bool | None:
    """Return whether two addresses name the same image, ``None`` when their forms do not tell."""
    one, other = ImageAddress.parse(shown), ImageAddress.parse(wanted)
    if shown == wanted or one.canonical() == other.canonical():
        return True
    if not _may_be_same_path(one.path, other.path):
        return False
    for part, its in ((one.tag, other.tag), (one.digest, other.digest)):
        if None not in (part, its) and part != its:
            return False
    return None


def _may_be_same_path(one: str, other: str) -> bool:
    """Whether one path is the other, or the end of it: with the registry, a service may leave out name spaces."""
    return f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}")


def same_images(shown: Sequence[str], wanted: Sequence[str]) -> bool | None:
    """Return whether images are those of a list, ``None`` when that is not known, as of images that are not shown.

    :param shown: all images, or the first alone.
    """
    answers = [same_image(*pair) for pair in zip(shown, wanted)]
    if False in answers or len(shown) > len(wanted):
        return False
    return True if len(shown) == len(wanted) and all(answers) else None


def same_package(shown: str, wanted: str) -> bool | None:
    """Return whether two addresses lead to the same package, ``None`` for one in a store that the user did not name."""
    if shown == wanted:
        return True
    one, other = urlsplit(shown), urlsplit(wanted)
    return False if one.netloc == other.netloc and one.path != other.path else None
