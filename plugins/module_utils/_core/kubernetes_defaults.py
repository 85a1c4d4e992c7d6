# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The values that Kubernetes fills in when a manifest omits a key.

The table is from the Kubernetes API reference (https://kubernetes.io/docs/reference/kubernetes-api/), for apps/v1,
batch/v1 and core/v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ANYTHING = object()
"""Stands for any value of a key that only the API server sets."""

QUANTITIES = object()
"""Stands for a mapping of quantities, which Kubernetes normalizes: 0.5 becomes 500m."""


def pull_policies(container: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the default pull policies of a container by its image; both when the manifest has no image."""
    image = container.get("image")
    if not isinstance(image, str):
        return ("Always", "IfNotPresent")
    name = image.rpartition("/")[2]
    tag = name.partition(":")[2] or ("" if "@" in name else "latest")
    return ("Always" if tag == "latest" else "IfNotPresent",)


def service_account(pod: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the default of the deprecated name of serviceAccountName."""
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
ENV = {"value": "", "valueFrom": {"fieldRef": {"apiVersion": "v1"}, "resourceFieldRef": {"divisor": "0"}}}
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
