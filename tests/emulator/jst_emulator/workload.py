# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The YAML documents of deploy configurations: validation and the contents that the platform uses."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from jst_emulator import kubernetes_validation, kubernetes_yaml, quantities
from jst_emulator.models.apps import CRON_JOB, STATEFUL, STATELESS, DeployConfig
from jst_emulator.registry import BusinessError

#: The workload of each state type: the parameter, and the attribute of the deploy configuration.
WORKLOADS = {
    STATELESS: ("Deployment", "deployment"),
    STATEFUL: ("StatefulSet", "stateful_set"),
    CRON_JOB: ("CronJob", "cron_job"),
}


def document(text: str, kind: str, what: str) -> dict[str, Any]:
    """Parse the only YAML document in *text*.

    :param kind: the required Kubernetes kind.
    :param what: the parameter, for the message.
    :raises BusinessError: it does not parse, is not one mapping, is of another kind, or Kubernetes rejects it.
    """
    try:
        parts = [part for part in kubernetes_yaml.documents(text) if part is not None]
    except kubernetes_yaml.YamlError as error:
        raise BusinessError(f"{what} is not valid YAML: {error}.") from None
    if len(parts) != 1 or not isinstance(parts[0], dict):
        raise BusinessError(f"{what} must hold exactly one YAML mapping.")
    if parts[0].get("kind") != kind:
        raise BusinessError(f"{what} must be of kind {kind}, not {parts[0].get('kind')}.")
    problem = kubernetes_validation.problem(parts[0], kind)
    if problem:
        raise BusinessError(f"{what} is not valid: {problem}.")
    return dict(parts[0])


def document_name(text: str, kind: str) -> str | None:
    """Return ``metadata.name`` of an accepted document; None without one."""
    metadata = document(text, kind, kind).get("metadata")
    return str(metadata["name"]) if isinstance(metadata, dict) and metadata.get("name") else None


def workload_yaml(config: DeployConfig, state_type: int) -> str:
    """Return the workload YAML for apps of *state_type*.

    :raises BusinessError: the configuration has none.
    """
    text = stored_yaml(config, state_type)
    if not text:
        raise BusinessError(f"Deploy config {config.schema_id} has no workload YAML that fits the application.")
    return text


def stored_yaml(config: DeployConfig, state_type: int) -> str:
    """Return the workload YAML for apps of *state_type*; empty when the configuration has none."""
    _dummy, attribute = WORKLOADS.get(state_type, ("", ""))
    return str(getattr(config, attribute)) if attribute else ""


@lru_cache(maxsize=256)
def _parsed(text: str) -> Any:
    """Return an accepted document, which callers must not change."""
    return next((part for part in kubernetes_yaml.documents(text) if part is not None), None)


def pod_spec(text: str) -> dict[str, Any]:
    """Return the pod specification of a workload; empty when the document has none."""
    node = _parsed(text)
    path = ["spec", "template", "spec"]
    if isinstance(node, dict) and node.get("kind") == "CronJob":
        path = ["spec", "jobTemplate", *path]
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def containers(text: str, section: str = "containers") -> list[dict[str, Any]]:
    """Return the containers (or ``initContainers``) of a workload, in order."""
    return _mappings(pod_spec(text).get(section))


class Port(NamedTuple):
    """A port that a container declares."""

    number: int
    name: str
    protocol: str


@lru_cache(maxsize=1024)
def ports(text: str) -> tuple[Port, ...]:
    """Return the ports that the containers of a workload declare."""
    declared = [one for container in containers(text) for one in _mappings(container.get("ports"))]
    return tuple(
        Port(one["containerPort"], str(one.get("name") or ""), str(one.get("protocol") or "TCP"))
        for one in declared
        if isinstance(one.get("containerPort"), int)
    )


def claim_names(text: str) -> set[str]:
    """Return the names of the persistent volume claims that a workload mounts."""
    volumes = pod_spec(text).get("volumes")
    sources = [one.get("persistentVolumeClaim") for one in _mappings(volumes)]
    return {str(one.get("claimName")) for one in _mappings(sources)}


def _mappings(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def job_spec(text: str) -> dict[str, Any]:
    """Return ``spec`` of a CronJob, updated with ``spec.jobTemplate.spec``."""
    node = _parsed(text)
    spec = node.get("spec") if isinstance(node, dict) else None
    spec = spec if isinstance(spec, dict) else {}
    template = spec.get("jobTemplate")
    inner = template.get("spec") if isinstance(template, dict) else None
    return {**spec, **(inner if isinstance(inner, dict) else {})}


def first_resources(text: str, which: str) -> dict[str, str]:
    """Return ``limits`` or ``requests`` of the first container, as texts."""
    for container in containers(text):
        section = container.get("resources")
        wanted = section.get(which) if isinstance(section, dict) else None
        return {str(name): str(value) for name, value in wanted.items()} if isinstance(wanted, dict) else {}
    return {}


@lru_cache(maxsize=1024)
def resources(text: str, which: str) -> tuple[float, float]:
    """Return cores and bytes of all containers of a workload together.

    :param which: ``requests`` or ``limits``.
    """
    cores = size = 0.0
    for container in containers(text):
        section = container.get("resources")
        wanted = section.get(which) if isinstance(section, dict) else None
        if isinstance(wanted, dict):
            cores += quantities.amount(wanted.get("cpu", 0))
            size += quantities.amount(wanted.get("memory", 0))
    return cores, size
