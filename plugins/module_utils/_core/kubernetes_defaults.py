# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What Kubernetes adds to a document by itself, and the comparison of documents that takes it into account.

The table is from the Kubernetes API reference (https://kubernetes.io/docs/reference/kubernetes-api/), which gives the
defaults of apps/v1, batch/v1 and core/v1. A default counts only where the described document leaves its key out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from .quantities import amount
from .yaml_reader import PlainScalar, as_kubernetes

ANYTHING = object()
"""Stands for what only the API server sets, whatever its value."""

QUANTITIES = object()
"""Stands for a mapping of quantities, which Kubernetes writes in its own unit: 0.5 is 500m."""


def pull_policies(container: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the pull policy of a container by its image; both where the document has no image."""
    image = container.get("image")
    if not isinstance(image, str):
        return ("Always", "IfNotPresent")
    name = image.rpartition("/")[2]
    tag = name.partition(":")[2] or ("" if "@" in name else "latest")
    return ("Always" if tag == "latest" else "IfNotPresent",)


def service_account(pod: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the old name of serviceAccountName holds."""
    return (pod.get("serviceAccountName"),)


METADATA = {
    "creationTimestamp": ANYTHING,
    "generation": ANYTHING,
    "managedFields": ANYTHING,
    "namespace": ANYTHING,
    "resourceVersion": ANYTHING,
    "selfLink": ANYTHING,
    "uid": ANYTHING,
}
HTTP_GET = {"path": "/", "scheme": "HTTP"}
HANDLER = {"httpGet": HTTP_GET}
PROBE = {
    **HANDLER,
    "failureThreshold": 3,
    "grpc": {"service": ""},
    "initialDelaySeconds": 0,
    "periodSeconds": 10,
    "successThreshold": 1,
    "timeoutSeconds": 1,
}
ENV = {
    "value": "",
    "valueFrom": {"fieldRef": {"apiVersion": "v1"}, "resourceFieldRef": {"divisor": "0"}},
}
CONTAINER = {
    "env": [ENV],
    "imagePullPolicy": pull_policies,
    "lifecycle": {"postStart": HANDLER, "preStop": HANDLER},
    "livenessProbe": PROBE,
    "ports": [{"protocol": "TCP"}],
    "readinessProbe": PROBE,
    "resources": {"limits": QUANTITIES, "requests": QUANTITIES},
    "startupProbe": PROBE,
    "stdin": False,
    "stdinOnce": False,
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "tty": False,
    "volumeMounts": [{"readOnly": False}],
}
FILE_FIELDS = [{"fieldRef": {"apiVersion": "v1"}, "resourceFieldRef": {"divisor": "0"}}]
VOLUME = {
    "configMap": {"defaultMode": 420, "optional": False},
    "downwardAPI": {"defaultMode": 420, "items": FILE_FIELDS},
    "emptyDir": {},
    "hostPath": {"type": ""},
    "nfs": {"readOnly": False},
    "persistentVolumeClaim": {"readOnly": False},
    "projected": {
        "defaultMode": 420,
        "sources": [{"downwardAPI": {"items": FILE_FIELDS}, "serviceAccountToken": {"expirationSeconds": 3600}}],
    },
    "secret": {"defaultMode": 420, "optional": False},
}
POD = {
    "containers": [CONTAINER],
    "dnsPolicy": "ClusterFirst",
    "enableServiceLinks": True,
    "hostIPC": False,
    "hostNetwork": False,
    "hostPID": False,
    "initContainers": [CONTAINER],
    "preemptionPolicy": "PreemptLowerPriority",
    "restartPolicy": "Always",
    "schedulerName": "default-scheduler",
    "securityContext": {},
    "serviceAccount": service_account,
    "serviceAccountName": "default",
    "shareProcessNamespace": False,
    "terminationGracePeriodSeconds": 30,
    "volumes": [VOLUME],
}
TEMPLATE = {"metadata": METADATA, "spec": POD}
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": METADATA,
    "spec": {"resources": {"limits": QUANTITIES, "requests": QUANTITIES}, "volumeMode": "Filesystem"},
    "status": ANYTHING,
}
JOB = {
    "backoffLimit": 6,
    "completionMode": "NonIndexed",
    "completions": 1,
    "manualSelector": False,
    "parallelism": 1,
    "podReplacementPolicy": "TerminatingOrFailed",
    "suspend": False,
    "template": TEMPLATE,
}
OBJECT = {"metadata": METADATA, "status": ANYTHING}

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "Deployment": {
        **OBJECT,
        "spec": {
            "minReadySeconds": 0,
            "paused": False,
            "progressDeadlineSeconds": 600,
            "replicas": 1,
            "revisionHistoryLimit": 10,
            "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"},
            "template": TEMPLATE,
        },
    },
    "StatefulSet": {
        **OBJECT,
        "spec": {
            "minReadySeconds": 0,
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            "podManagementPolicy": "OrderedReady",
            "replicas": 1,
            "revisionHistoryLimit": 10,
            "serviceName": "",
            "template": TEMPLATE,
            "updateStrategy": {"rollingUpdate": {"partition": 0}, "type": "RollingUpdate"},
            "volumeClaimTemplates": [CLAIM],
        },
    },
    "CronJob": {
        **OBJECT,
        "spec": {
            "concurrencyPolicy": "Allow",
            "failedJobsHistoryLimit": 1,
            "jobTemplate": {"metadata": METADATA, "spec": JOB},
            "successfulJobsHistoryLimit": 3,
            "suspend": False,
        },
    },
    "ConfigMap": {**OBJECT, "immutable": False},
    "Secret": {**OBJECT, "immutable": False, "type": "Opaque"},
}


def differing(wanted: Any, current: Any, defaults: Any = None, path: str = "") -> list[str]:
    """Return where a live document differs from the described one, as dotted paths; empty where it means the same.

    :param defaults: the part of the table for this part of the document.
    """
    if isinstance(wanted, Mapping) and isinstance(current, Mapping):
        if defaults is QUANTITIES:
            return _differing_quantities(wanted, current, path)
        table = defaults if isinstance(defaults, Mapping) else {}
        found: list[str] = []
        for name in dict.fromkeys((*wanted, *current)):
            inner = f"{path}.{name}" if path else str(name)
            default = table.get(name)
            if name not in wanted:
                found += [] if is_default(current[name], default, wanted) else [inner]
            elif name not in current:
                # Kubernetes takes null for a key that is left out.
                found += [] if wanted[name] is None else [inner]
            else:
                found += differing(wanted[name], current[name], default, inner)
        return found
    if isinstance(wanted, list) and isinstance(current, list) and len(wanted) == len(current):
        entry = defaults[0] if isinstance(defaults, list) else None
        found = []
        for number, (one, other) in enumerate(zip(wanted, current)):
            found += differing(one, other, entry, f"{path}[{number}]")
        return found
    return [] if _same_value(wanted, current) else [path]


def is_default(value: Any, default: Any, around: Mapping[str, Any]) -> bool:
    """Whether a value is what Kubernetes fills in for a key that the described document leaves out.

    :param around: the mapping of the described document that lacks the key.
    """
    value = as_kubernetes(value)
    if default is ANYTHING or value is None or value == []:
        return True
    if default is QUANTITIES or (isinstance(default, list) and not isinstance(value, Mapping)):
        return False
    if callable(default):
        accepted: Callable[[Mapping[str, Any]], tuple[Any, ...]] = default
        return value in accepted(around)
    if isinstance(default, Mapping) and isinstance(value, Mapping):
        return all(is_default(item, default.get(name), {}) for name, item in value.items())
    return default is not None and _same_value(default, value)


def without_defaults(current: Any, wanted: Any, defaults: Any) -> Any:
    """Return a live document without what Kubernetes has filled in, for a diff with the described one."""
    if isinstance(wanted, Mapping) and isinstance(current, Mapping):
        table = defaults if isinstance(defaults, Mapping) else {}
        return {
            name: without_defaults(item, wanted.get(name), table.get(name))
            for name, item in current.items()
            if name in wanted or not is_default(item, table.get(name), wanted)
        }
    if isinstance(wanted, list) and isinstance(current, list):
        entry = defaults[0] if isinstance(defaults, list) else None
        described = [*wanted, *[None] * (len(current) - len(wanted))]
        return [without_defaults(item, one, entry) for item, one in zip(current, described)]
    return current


def _differing_quantities(wanted: Mapping[str, Any], current: Mapping[str, Any], path: str) -> list[str]:
    return [
        f"{path}.{name}"
        for name in dict.fromkeys((*wanted, *current))
        if name not in wanted or name not in current or not _same_quantity(wanted[name], current[name])
    ]


def _same_quantity(wanted: Any, current: Any) -> bool:
    one, other = as_kubernetes(wanted), as_kubernetes(current)
    try:
        return amount(str(one)) == amount(str(other))
    except ValueError:
        return _same_value(wanted, current)


def _same_value(one: Any, other: Any) -> bool:
    """Whether two values mean the same. Unlike in Python, 1 is not true."""
    if isinstance(one, PlainScalar) or isinstance(other, PlainScalar):
        return bool(one == other)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
