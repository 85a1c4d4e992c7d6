# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The defaults of the Kubernetes API server for the objects in deploy configurations."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Mapping
from typing import Any

_ROLLING = {"maxSurge": "25%", "maxUnavailable": "25%"}
_CONTAINER = {
    "resources": {},
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_POD = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "securityContext": {},
    "schedulerName": "default-scheduler",
}
#: The mode of files in volumes: 0644.
_MODE = 420
_Object = dict[str, Any]


def filled(document: Mapping[str, Any]) -> _Object:
    """Return a copy of a valid object with the defaults filled in."""
    made = copy.deepcopy(dict(document))
    _metadata(made)
    _FILLS[made["kind"]](made)
    return made


def _deployment(made: _Object) -> None:
    spec = _workload(made, {"progressDeadlineSeconds": 600, "revisionHistoryLimit": 10})
    strategy = _section(spec, "strategy")
    if strategy.get("type", "RollingUpdate") == "RollingUpdate":
        _fill(strategy, {"type": "RollingUpdate", "rollingUpdate": {}})
        _fill(strategy["rollingUpdate"], _ROLLING)


def _stateful_set(made: _Object) -> None:
    spec = _workload(made, {"podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10})
    strategy = _section(spec, "updateStrategy")
    if strategy.get("type", "RollingUpdate") == "RollingUpdate":
        _fill(strategy, {"type": "RollingUpdate", "rollingUpdate": {}})
        _fill(strategy["rollingUpdate"], {"partition": 0})
    for claim in _objects(spec, "volumeClaimTemplates"):
        _metadata(claim)
        _fill(claim, {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}})
        _fill(_section(claim, "spec"), {"volumeMode": "Filesystem"})


def _cron_job(made: _Object) -> None:
    limits = {"successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1}
    spec = _section(made, "spec")
    _fill(spec, {"concurrencyPolicy": "Allow", "suspend": False, **limits})
    template = spec["jobTemplate"]
    _metadata(template)
    _pod_template(template["spec"]["template"])
    made.setdefault("status", {})


def _config_map(_made: _Object) -> None:
    """Add nothing: a ConfigMap has only the defaults of all objects."""


def _secret(made: _Object) -> None:
    made.setdefault("type", "Opaque")
    texts = made.pop("stringData", None)
    if isinstance(texts, dict):
        encoded = {name: base64.b64encode(str(text or "").encode()).decode() for name, text in texts.items()}
        made["data"] = {**(made.get("data") or {}), **encoded}


_FILLS: Mapping[str, Callable[[_Object], None]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "CronJob": _cron_job,
    "ConfigMap": _config_map,
    "Secret": _secret,
}


def _workload(made: _Object, defaults: Mapping[str, Any]) -> _Object:
    spec = _section(made, "spec")
    _fill(spec, {"replicas": 1, **defaults})
    _pod_template(spec["template"])
    made.setdefault("status", {})
    return spec


def _pod_template(template: _Object) -> None:
    _metadata(template)
    spec = template["spec"]
    for section in ("containers", "initContainers"):
        for container in _objects(spec, section):
            _container(container)
    for volume in _objects(spec, "volumes"):
        for source in ("configMap", "secret", "projected", "downwardAPI"):
            if isinstance(volume.get(source), dict):
                _fill(volume[source], {"defaultMode": _MODE})
    _fill(spec, _POD)


def _container(container: _Object) -> None:
    image = str(container.get("image") or "").rpartition("/")[2]
    pull = "Always" if image.endswith(":latest") or not {":", "@"} & set(image) else "IfNotPresent"
    _fill(container, {**_CONTAINER, "imagePullPolicy": pull})
    for port in _objects(container, "ports"):
        _fill(port, {"protocol": "TCP"})
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(container.get(probe), dict):
            _fill(container[probe], _PROBE)
            if isinstance(container[probe].get("httpGet"), dict):
                _fill(container[probe]["httpGet"], {"path": "/", "scheme": "HTTP"})
    for variable in _objects(container, "env"):
        source = variable.get("valueFrom")
        if isinstance(source, dict) and isinstance(source.get("fieldRef"), dict):
            _fill(source["fieldRef"], {"apiVersion": "v1"})


def _metadata(holder: _Object) -> None:
    _fill(_section(holder, "metadata"), {"creationTimestamp": None})


def _fill(holder: _Object, defaults: Mapping[str, Any]) -> None:
    """Set the defaults of members that are missing or null."""
    for name, value in defaults.items():
        if holder.get(name) is None:
            holder[name] = copy.deepcopy(value)


def _section(holder: _Object, name: str) -> _Object:
    """Return the mapping under *name*; create it when there is none."""
    if not isinstance(holder.get(name), dict):
        holder[name] = {}
    section: _Object = holder[name]
    return section


def _objects(holder: _Object, name: str) -> list[_Object]:
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
