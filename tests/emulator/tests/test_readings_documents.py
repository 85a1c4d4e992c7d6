# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about documents of deploy configurations and about the baseline."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from jst_emulator import kubernetes_defaults, kubernetes_serializers, kubernetes_yaml, workload
from jst_emulator.readings.baseline import BaselineReadings
from jst_emulator.readings.declaration import Value
from jst_emulator.readings.documents import DocumentReadings
from support.populated_account import Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV, encoded

MAP = '# why\nkind: ConfigMap\ndata:\n  b: "on"\n  a: text\n\n'
SECRET = "kind: Secret\nmetadata: {name: keys}\ndata: {a: YQ==}\nstringData: {b: clear}\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: web
          image: r.example/web
          ports: [{containerPort: 80}]
          readinessProbe: {httpGet: {port: 80}}
          env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
        - {name: side, image: "side:1", imagePullPolicy: Never}
      volumes: [{name: c, configMap: {name: c}}, {name: e, emptyDir: {}}]
"""
STATEFUL = """\
kind: StatefulSet
spec:
  replicas: 3
  template: {spec: {containers: [{name: a, image: "a:latest"}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]
"""
CRON = (
    "kind: CronJob\nspec: {schedule: '0 1 * * *', jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}}\n"
)
NASTY = """\
kind: ConfigMap
metadata: {name: "1e3", labels: {a: "y", b: "010", c: "0x1f", d: "~", e: "null", f: "2026-01-01", g: "="}}
data:
  on: "off"
  1: "1_000"
  multi: "first\\nsecond\\n\\n"
  blank: " "
  chinese: 中文
  quote: "it's \\"so\\": # no comment"
  tab: "a\\tb"
  bell: "\\a"
"""
DOCUMENTS = {"Deployment": DEPLOYMENT, "StatefulSet": STATEFUL, "CronJob": CRON, "ConfigMap": NASTY, "Secret": SECRET}


def _shown(account: PopulatedAccount) -> Any:
    sent = {"ConfigMapList.1": MAP, "SecretList.1": SECRET, "Deployment": DEPLOYMENT}
    texts = {name: encoded(text) for name, text in sent.items()}
    assert account.code("UpdateDeployConfig", {**APP, "Id": 30001, **texts}) == 0
    return account.data("ListDeployConfig", APP)[0]["ContainerYamlConf"]


def _parsed(text: str) -> Any:
    (document,) = kubernetes_yaml.documents(text)
    return document


def _secrets(account: PopulatedAccount) -> Any:
    texts = _shown(account).get("SecretList")
    return texts and _parsed(texts[0])


def _secret(value: Any) -> Any:
    return {"kind": "Secret", "metadata": {"name": "keys"}, "data": {"a": value}, "stringData": {"b": value}}


def _defaults(account: PopulatedAccount) -> Any:
    """Some of what Kubernetes fills in."""
    shown = _shown(account)
    deployment, secret = _parsed(shown["Deployment"]), _parsed(shown["SecretList"][0])
    web, side = deployment["spec"]["template"]["spec"]["containers"]
    return [
        shown["Deployment"] == DEPLOYMENT,
        deployment.get("status"),
        "creationTimestamp" in deployment["metadata"],
        deployment["spec"].get("strategy"),
        [web.get("imagePullPolicy"), side["imagePullPolicy"], web.get("terminationMessagePath")],
        [web["ports"][0].get("protocol"), web["readinessProbe"].get("periodSeconds")],
        [sorted(secret["data"]), "stringData" in secret],
    ]


ROLLING = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
DOCUMENT_EFFECTS: Effects = {
    "secret_documents": (
        _secrets,
        {
            "shown": {**_secret("YQ=="), "stringData": {"b": "clear"}},
            "masked": _secret("******"),
            "without_values": _secret(""),
            "names": {"kind": "Secret", "metadata": {"name": "keys"}},
            "missing": None,
        },
    ),
    "documents": (
        _defaults,
        {
            "as_sent": [True, None, False, None, [None, "Never", None], [None, None], [["a"], True]],
            "with_defaults": [
                *(False, {}, True, ROLLING, ["Always", "Never", "/dev/termination-log"], ["TCP", 10]),
                [["a", "b"], False],
            ],
        },
    ),
    "document_form": (
        lambda account: _shown(account)["ConfigMapList"][0],
        {
            "as_sent": MAP,
            "sorted": 'data:\n  a: text\n  b: "on"\nkind: ConfigMap\n',
            "requoted": '"kind": "ConfigMap"\n"data":\n  "b": "on"\n  "a": "text"\n',
            "json": '{"kind": "ConfigMap", "data": {"b": "on", "a": "text"}}',
            "trimmed": MAP.strip(),
        },
    ),
    "document_encoding": (
        lambda account: [_shown(account)["ConfigMapList"][0], _shown(account)["Deployment"]],
        {"plain": [MAP, DEPLOYMENT], "base64": [encoded(MAP), encoded(DEPLOYMENT)]},
    ),
}

IMAGES = {"ContainerImageList.1": "r.example:5000/team/web:1.0", "ContainerImageList.2": "side"}


def _images(account: PopulatedAccount) -> Any:
    """PacketUrl after a release of two images, and of the same ones the other way round."""
    account.call("UpdateDeployConfig", {**APP, "Id": 30001, "Deployment": encoded(DEPLOYMENT)})
    seen = []
    swapped = {"ContainerImageList.1": "side", "ContainerImageList.2": "r.example:5000/team/web:1.0"}
    for number, images in enumerate((IMAGES, swapped)):
        release = {"EnvId": 20001, "Name": f"images-{number}", "TotalPartitions": 1, **images}
        assert account.code("DeployApp", release) == 0
        account.wait(20)
        url = account.result("DescribeAppEnvDeployBaseline", ENV).get("PacketUrl")
        seen.append(url and re.sub("sha256:[0-9a-f]{64}", "sha256:HEX", url))
    return seen


def _package(account: PopulatedAccount) -> Any:
    url = account.result("DescribeAppEnvDeployBaseline", ENV).get("PacketUrl")
    return url and re.sub("[0-9a-f]{24}", "HEX", url)


BASELINE_EFFECTS: Effects = {
    "baseline_images": (
        _images,
        {
            "first": ["r.example:5000/team/web:1.0", "side"],
            "all": ["r.example:5000/team/web:1.0,side", "side,r.example:5000/team/web:1.0"],
            "normalized": ["r.example:5000/team/web:1.0", "docker.io/library/side:latest"],
            "without_host": ["team/web:1.0", "side"],
            "digest": ["r.example:5000/team/web@sha256:HEX", "side@sha256:HEX"],
            "nothing": [None, None],
        },
    ),
    "baseline_package": (
        _package,
        {
            "as_sent": "https://packets.emulator.example/shop-1.0.0.jar",
            "signed": "https://packages.emulator.example/HEX?Expires=1893456000&OSSAccessKeyId=emulator&Signature=HEX%3D",
            "nothing": None,
        },
    ),
}
EFFECTS: Effects = {**DOCUMENT_EFFECTS, **BASELINE_EFFECTS}


@pytest.fixture(scope="module")
def account() -> PopulatedAccount:
    """One account for all tests, which is restored for each."""
    return PopulatedAccount()


def test_every_value_is_looked_at() -> None:
    check_whole(EFFECTS, DocumentReadings, BaselineReadings)


@pytest.mark.parametrize(("name", "value"), cases(EFFECTS))
def test_effect(account: PopulatedAccount, name: str, value: Value) -> None:
    check(account, EFFECTS, name, value)


@pytest.mark.parametrize("form", kubernetes_serializers.FORMS)
@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_form_is_the_same_object(text: str, form: str) -> None:
    assert _parsed(kubernetes_serializers.FORMS[form](_parsed(text))) == _parsed(text)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_defaults_only_add(kind: str) -> None:
    """What was given stays, what was filled in is taken again, and filling in twice changes nothing."""
    given = _parsed(DOCUMENTS[kind])
    filled = kubernetes_defaults.filled(given)
    assert given == _parsed(DOCUMENTS[kind])
    assert kubernetes_defaults.filled(filled) == filled
    assert workload.document(kubernetes_serializers.as_yaml(filled), kind, kind) == filled
    _check_kept({name: value for name, value in given.items() if name != "stringData"}, filled)


def _check_kept(given: Any, filled: Any) -> None:
    if isinstance(given, dict):
        for name, value in given.items():
            _check_kept(value, filled[name])
    elif isinstance(given, list):
        for value, other in zip(given, filled, strict=True):
            _check_kept(value, other)
    else:
        assert given == filled


def test_defaults_of_the_other_workloads() -> None:
    stateful = kubernetes_defaults.filled(_parsed(STATEFUL))["spec"]
    assert stateful["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
    assert stateful["template"]["spec"]["containers"][0]["imagePullPolicy"] == "Always"
    assert stateful["volumeClaimTemplates"][0]["spec"]["volumeMode"] == "Filesystem"
    cron = kubernetes_defaults.filled(_parsed(CRON))["spec"]
    assert (cron["concurrencyPolicy"], cron["suspend"], cron["failedJobsHistoryLimit"]) == ("Allow", False, 1)
    assert cron["jobTemplate"]["spec"]["template"]["spec"]["dnsPolicy"] == "ClusterFirst"


def test_values_of_documents_combine(account: PopulatedAccount) -> None:
    account.restore()
    account.choose(
        secret_documents="masked", documents="with_defaults", document_form="json", document_encoding="base64"
    )
    shown = _shown(account)
    secret = _parsed(base64.b64decode(shown["SecretList"][0]).decode())
    assert (secret["data"]["a"], secret["type"]) == ("******", "Opaque")
    assert base64.b64decode(shown["Deployment"]).startswith(b'{"apiVersion": "apps/v1"')
