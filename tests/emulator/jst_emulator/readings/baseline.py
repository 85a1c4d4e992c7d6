# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about the baseline of an environment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jst_emulator.readings.declaration import LEFT_OUT, ChangeContext, ResponseChange, Value, reading

_OPERATIONS = ("DescribeAppEnvDeployBaseline",)


def _split(image: str) -> tuple[str, str, str]:
    """Return registry host, path and tag of an image; host and tag can be empty."""
    first, slash, rest = image.partition("/")
    host, path = (first, rest) if slash and ({".", ":"} & set(first) or first == "localhost") else ("", image)
    name, _dummy, digest = path.partition("@")
    folder, slash, last = name.rpartition("/")
    last, _dummy, tag = last.partition(":")
    return host, f"{folder}{slash}{last}", digest or tag


def _without_host(image: str) -> str:
    host = _split(image)[0]
    return image.removeprefix(f"{host}/") if host else image


def _normalized(image: str) -> str:
    host, path, tag = _split(image)
    path = path if host or "/" in path else f"library/{path}"
    mark = "@" if ":" in tag else ":"
    return f"{host or 'docker.io'}/{path}{mark}{tag or 'latest'}"


def _with_digest(image: str) -> str:
    host, path, _dummy = _split(image)
    name = f"{host}/{path}" if host else path
    return f"{name}@sha256:{hashlib.sha256(image.encode()).hexdigest()}"


_WRITTEN: Mapping[str, Callable[[list[str]], Any]] = {
    "all": ",".join,
    "normalized": lambda images: _normalized(images[0]),
    "without_host": lambda images: _without_host(images[0]),
    "digest": lambda images: _with_digest(images[0]),
    "nothing": lambda images: LEFT_OUT,
}


def _images(baseline: Any, choice: Value, context: ChangeContext) -> Any:
    deployed = context.world.environments[baseline["EnvId"]].baseline
    if deployed is None or deployed.packet_url or not deployed.images:
        return baseline
    return {**baseline, "PacketUrl": _WRITTEN[str(choice)](deployed.images)}


def _package(baseline: Any, choice: Value, context: ChangeContext) -> Any:
    deployed = context.world.environments[baseline["EnvId"]].baseline
    if deployed is None or not deployed.packet_url:
        return baseline
    if choice == "nothing":
        return {**baseline, "PacketUrl": LEFT_OUT}
    name = hashlib.sha256(deployed.packet_url.encode()).hexdigest()[:24]
    signature = f"Expires=1893456000&OSSAccessKeyId=emulator&Signature={name}%3D"
    return {**baseline, "PacketUrl": f"https://packages.emulator.example/{name}?{signature}"}


@dataclass(kw_only=True)
class BaselineReadings:
    """The baseline of an environment."""

    baseline_images: str = reading(
        "1275-1280",
        {
            "first": "PacketUrl of the baseline is the first image, as it was sent.",
            "all": "PacketUrl of the baseline contains all images, separated by commas.",
            "normalized": "PacketUrl of the baseline is the first image, with registry host and tag added.",
            "without_host": "PacketUrl of the baseline is the first image without its registry host.",
            "digest": "PacketUrl of the baseline is the first image with a digest instead of its tag.",
            "nothing": "The baseline of a release of images has no PacketUrl.",
        },
        change=ResponseChange((), _images, _OPERATIONS),
    )
    baseline_package: str = reading(
        "1275-1280",
        {
            "as_sent": "PacketUrl of the baseline is the address of the code package, as it was sent.",
            "signed": "PacketUrl of the baseline is a signed address in a store of the platform.",
            "nothing": "The baseline of a release of a code package has no PacketUrl.",
        },
        change=ResponseChange((), _package, _OPERATIONS),
    )
