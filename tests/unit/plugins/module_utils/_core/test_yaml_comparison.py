# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only the defaults that Kubernetes fills in equal keys that a manifest omits."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.kubernetes_defaults import DEFAULTS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.yaml_comparison import (
    canonical,
    differing_paths,
    without_defaults,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.yaml_reader import as_kubernetes, read_documents

CONTAINER = {"name": "web", "image": "registry.example.com/shop:1.0", "ports": [{"containerPort": 80}]}
DESIRED: dict[str, Any] = {
    "kind": "Deployment",
    "spec": {"template": {"spec": {"containers": [CONTAINER], "serviceAccountName": "shop"}}},
}
TABLE = DEFAULTS["Deployment"]


def shown(path: str, value: Any, document: dict[str, Any] = DESIRED) -> dict[str, Any]:
    """Return a copy of a manifest with another value at a path. ``0`` in a path is the first item of a list."""
    copied = deepcopy(document)
    part: Any = copied
    *before, last = path.split(".")
    for name in before:
        part = part[0] if name == "0" else part.setdefault(name, {})
    part[last] = value
    return copied


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("status", {"replicas": 3}),
        ("metadata", {"creationTimestamp": None, "uid": "1"}),
        ("spec.replicas", 1),
        ("spec.strategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}}),
        ("spec.template.metadata", {"creationTimestamp": None}),
        ("spec.template.spec.securityContext", {}),
        ("spec.template.spec.serviceAccount", "shop"),
        ("spec.template.spec.initContainers", []),
        ("spec.template.spec.containers.0.imagePullPolicy", "IfNotPresent"),
        ("spec.template.spec.containers.0.ports.0.protocol", "TCP"),
        ("spec.template.spec.containers.0.resources", {}),
    ],
)
def test_a_default_is_no_difference_where_it_is_left_out(path: str, value: Any) -> None:
    live = shown(path, value)
    assert differing_paths(DESIRED, live, TABLE) == []
    assert differing_paths(live, DESIRED, TABLE) != [] or value in ([], None)
    # A diff with something else shows the document as it was described.
    other = shown("spec.paused", True, live)
    assert without_defaults(other, DESIRED, TABLE) == shown("spec.paused", True)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.replicas", 2),
        ("spec.replicas", True),
        ("spec.strategy", {"type": "Recreate"}),
        ("spec.template.spec.serviceAccount", "other"),
        ("spec.template.spec.nodeName", ""),
        ("spec.template.spec.securityContext", {"runAsUser": 0}),
        ("spec.template.spec.containers.0.imagePullPolicy", "Always"),
        ("spec.template.spec.containers.0.ports.0.protocol", "UDP"),
        ("spec.template.spec.containers.0.resources", {"limits": {"cpu": "1"}}),
        ("spec.template.spec.containers.0.image", "registry.example.com/shop:1.1"),
    ],
)
def test_anything_else_is_a_difference(path: str, value: Any) -> None:
    assert len(differing_paths(DESIRED, shown(path, value), TABLE)) == 1


@pytest.mark.parametrize(
    ("wanted", "live", "same"),
    [("0.5", "500m", True), (1, "1", True), ("1024Mi", "1Gi", True), ("1", "1m", False), ("x", "x", True)],
)
def test_amounts_are_compared_in_whatever_unit(wanted: Any, live: Any, same: bool) -> None:
    path = "spec.template.spec.containers.0.resources.requests"
    found = differing_paths(shown(path, {"cpu": wanted}), shown(path, {"cpu": live}), TABLE)
    assert found == ([] if same else ["spec.template.spec.containers[0].resources.requests.cpu"])


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("shop", "Always"),
        ("shop:latest", "Always"),
        ("registry:5000/shop", "Always"),
        ("registry:5000/shop:1", "IfNotPresent"),
        ("shop@sha256:00", "IfNotPresent"),
    ],
)
def test_the_pull_policy_follows_from_the_image(image: str, policy: str) -> None:
    wanted = shown("spec.template.spec.containers.0.image", image)
    for other in ("Always", "IfNotPresent", "Never"):
        live = shown("spec.template.spec.containers.0.imagePullPolicy", other, wanted)
        assert (differing_paths(wanted, live, TABLE) == []) == (other == policy)


def document_with(volume: str) -> Any:
    """Return the meaning of a workload with a volume."""
    [document], _lines = read_documents(f"spec: {{template: {{spec: {{volumes: [{{name: web{volume}}}]}}}}}}")
    return document


@pytest.mark.parametrize(
    ("filled_in", "is_default"),
    [
        # Readers of YAML 1.2 take 0644 for 644. Kubernetes takes it for 420, its own default.
        ("defaultMode: 0644", True),
        ("defaultMode: 0645", False),
        ("defaultMode: 420, items: []", True),
        ("items: [{key: y, path: web}]", False),
        ("y: null", True),
        ("y: 1", False),
    ],
)
def test_a_default_is_recognized_as_kubernetes_reads_it(filled_in: str, is_default: bool) -> None:
    source, live = document_with(", configMap: {name: web}"), document_with(f", configMap: {{name: web, {filled_in}}}")
    assert (differing_paths(source, live, TABLE) == []) == is_default
    # The manifest lacks the whole source of the volume.
    assert (
        differing_paths(document_with(""), document_with(f", configMap: {{{filled_in}}}"), TABLE) == []
    ) == is_default
    # The canonical form has no default, whichever way it is written.
    assert (canonical(as_kubernetes(live), TABLE) == canonical(as_kubernetes(source), TABLE)) == is_default
