# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What the instances of an app get from its deploy config: containers, images, ports, documents (reference 1.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._api.hints import Hint
from .._core.errors import InvalidOptionError
from .._core.fields import State, get_path
from .._core.manifest_types import canonical_manifest, is_hidden_secret
from .deploy_config import WORKLOADS
from .deploy_mark import fingerprint

# Kubernetes takes names by RFC 6335 (IANA_SVC_NAME).
_PORT_FORMS = {
    "containerPort": re.compile(r"[0-9]{1,5}"),
    "name": re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?"),
}


def containers_of(config: Mapping[str, Any]) -> dict[str, int] | None:
    """Return how many containers need ``images`` and ``init_images``, ``None`` when no workload is known."""
    if not any(config.get(name) for name in WORKLOADS):
        return None
    return {"images": len(_containers(config, "containers")), "init_images": len(_containers(config, "initContainers"))}


def check_init_images(config: Mapping[str, Any]) -> None:
    """Check that the init containers in the workload of a deploy config have images: a release needs one for each.

    :raises InvalidOptionError: naming those without.
    """
    without = [str(item.get("name")) for item in _containers(config, "initContainers") if item.get("image") is None]
    if without:
        raise InvalidOptionError(
            f"The workload of the deploy config has no image for init container {', '.join(without)}.",
            hint=Hint(
                "Name an image in the document, or give init_images, one for each init container.",
                "请在文档中指定镜像，或设置 init_images，为每个 init 容器各写一个镜像。",
            ),
        )


def images_of(config: Mapping[str, Any]) -> list[str]:
    """Return the images of the containers in the workload of a deploy config.

    :raises InvalidOptionError: when a container has no image: a release needs one for each.
    """
    containers = _containers(config, "containers")
    without = [str(item.get("name")) for item in containers if item.get("image") is None]
    if without:
        raise InvalidOptionError(
            f"The workload of the deploy config has no image for container {', '.join(without)}.",
            hint=Hint(
                "Name an image in the document, or give images, one for each container.",
                "请在文档中指定镜像，或设置 images，为每个容器各写一个镜像。",
            ),
        )
    return [str(item["image"]) for item in containers]


def _containers(config: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """Return the containers of a section in the workload of a deploy config."""
    documents = [config.get(name) for name in WORKLOADS]
    return next((found for item in documents if item and (found := workload_containers(item.data or {}, section))), [])


def workload_containers(workload: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """Return the containers of a section, ``containers`` or ``initContainers``, in the manifest of a workload."""
    template = get_path(workload, "spec")
    for part in ("jobTemplate.spec", "template.spec"):
        template = get_path(template or {}, part) or template
    containers = template.get(section) if isinstance(template, Mapping) else None
    return [item for item in containers if isinstance(item, Mapping)] if isinstance(containers, list) else []


def config_fingerprint(config: State | None) -> str | None:
    """Return the fingerprint of the documents of a deploy config, ``None`` when they are unknown.

    Equal for documents of the same meaning. Secrets have a fingerprint of their own.

    :param config: the state of the deploy config.
    """
    if config is None or all(config.get(name) is None for name in WORKLOADS):
        return None
    documents = {name: canonical_manifest(config[name]) for name in WORKLOADS if config.get(name) is not None}
    config_maps = {one.name: canonical_manifest(one) for one in config.get("config_maps") or ()}
    return fingerprint({**documents, "config_maps": config_maps, "code_path": config.get("code_path") or ""})


def secrets_fingerprint(config: State | None) -> str | None:
    """Return the fingerprint of the Secrets of a deploy config, ``None`` when they are unknown or hidden.

    It covers their names and revisions alone, because content could be guessed from a fingerprint. Empty when none has
    a revision: the service does not keep it, or somebody else has stored the Secrets.

    :param config: the state of the deploy config.
    """
    if config is None or config.get("secrets") is None:
        return None
    revisions = {one.name: one.revision for one in config["secrets"]}
    if any(revisions.values()):
        return fingerprint(revisions)
    return None if any(is_hidden_secret(one) for one in config["secrets"]) else ""


def open_ports(config: State | None) -> tuple[str, ...] | None:
    """Return the ports that the containers of a deploy config open, by number and name; see :func:`port_text`.

    ``None`` when no container declares any: a container may listen on ports that its document does not name. What
    Kubernetes takes for neither a number nor a name of a port is left out.
    """
    ports = [
        port
        for container in _containers(config or {}, "containers")
        for port in _list_of(container.get("ports"))
        if isinstance(port, Mapping)
    ]
    found = {
        port_text(port[key], port.get("protocol"))
        for port in ports
        for key, form in _PORT_FORMS.items()
        if form.fullmatch(str(port.get(key)))
    }
    return tuple(sorted(found)) or None


def port_text(port: Any, protocol: Any) -> str:
    """Return a port with its protocol, such as ``53/udp``; that of TCP, the default of Kubernetes, stands alone."""
    return f"{port}/udp" if protocol == "UDP" else str(port)


def _list_of(value: Any) -> list[Any]:
    """Return a value that is a list, an empty list for any other: only Kubernetes checks the documents."""
    return value if isinstance(value, list) else []
