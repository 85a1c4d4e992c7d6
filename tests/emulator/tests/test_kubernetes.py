# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as Kubernetes parses it, and objects that Kubernetes rejects."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from jst_emulator import handlers, kubernetes_validation, world
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.kubernetes_yaml import YamlError, documents
from support.direct_account import DirectAccount, workload
from support.scenario import app, encoded
from support.signed_client import SignedClient


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("y", True),
        ("Off", False),
        ("N", False),
        ("~", None),
        ("", None),
        ("10", 10),
        ("+1", 1),
        ("-0x1F", -31),
        ("0b101", 5),
        ("010", 8),
        ("0o17", 15),
        ("1_000", 1000),
        ("1e3", 1000.0),
        ("1234e5", 123400000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("18446744073709551615", 18446744073709551615),
        ("18446744073709551616", 18446744073709551616.0),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("=", "="),
        ("08", 8.0),
        ("1234e", "1234e"),
        ("0x", "0x"),
        ("+", "+"),
        (".inf.", ".inf."),
        ("!!str 10", "10"),
        ("!!int '10'", 10),
        ("!!float 1", 1.0),
        ("!!binary aGVsbG8=", "hello"),
        ("!own text", "text"),
        ("!!python/object:os.system {}", {}),
        ("'yes'", "yes"),
        ('"1e3"', "1e3"),
        ("|\n  yes\n", "yes\n"),
        ("[y, <<]", [True, "<<"]),
    ],
)
def test_what_scalars_stand_for(text: str, value: Any) -> None:
    (read,) = documents(f"a: {text}")
    assert read == {"a": value}
    assert type(read["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a: &x 1\nb: &x 2\nc: *x", [{"a": 1, "b": 2, "c": 2}]),
        (
            "labels: &both {app: a}\nannotations: &both {app: b}",
            [{"labels": {"app": "a"}, "annotations": {"app": "b"}}],
        ),
        ("1: a\ntrue: b\n1.5: c", [{"1": "a", "true": "b", "1.5": "c"}]),
        ("a:\t1\t# note", [{"a": 1}]),
        ("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}", [{"base": {"x": 1, "true": 2}, "own": {"x": 1, "true": 3}}]),
        ("own: {k: 0, <<: [{k: 1, l: 1}, {k: 2, m: 2}]}", [{"own": {"k": 0, "l": 1, "m": 2}}]),
        ("--- 1\n--- 2\n", [1, 2]),
        ("# nothing", []),
        ("%YAML 1.1\n---\na: 1", [{"a": 1}]),
        ("[" * 900 + "]" * 900, None),
    ],
)
def test_documents_that_are_taken(text: str, read: Any) -> None:
    found = documents(text)
    assert read is None or found == read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: .nan", "JSON has neither"),
        ("a: 1e999", "JSON has neither"),
        ("a: !!int x", "cannot decode a value as a !!int"),
        ("a: !!int 1.5", "cannot decode a value as a !!int"),
        ("a: !!binary x", "invalid base64"),
        ("? [a]\n: b", "a key of a mapping"),
        ("~: b", "a key of a mapping"),
        ("a: 1\nb: {c: 1, c: 1}", "key 'c' already set in map"),
        ("1: a\n'1': b", "key '1' already set in map"),
        ("a: &a [*a]", "contains itself"),
        ("a: *b", "unknown anchor 'b'"),
        ("<<: 1", "map merge requires"),
        ("%YAML 1.2\n---\na: 1", "incompatible"),
        ("a: [", "did not find"),
        ("a:\n\tb: 1", "cannot start any token"),
        ("\x00", "it cannot be read|control characters"),
        ("a: \ud800", "UTF-8"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{two}: &{two} [{','.join([f'*{one}'] * 9)}]\n"
                for one, two in zip("abcdefgh", "bcdefghi", strict=True)
            ),
            "excessive aliasing",
        ),
    ],
)
def test_documents_that_are_refused(text: str, reason: str) -> None:
    with pytest.raises(YamlError, match=reason.replace("!", "[!]")):
        documents(text)


def test_usual_documents_are_read_as_others_read_them() -> None:
    for kind in ("Deployment", "StatefulSet", "CronJob"):
        text = workload(kind, "r/a:1", "r/b:2", init=("r/i:1",))
        assert documents(text) == [yaml.safe_load(text)]


NO_CONTAINERS = "spec.template.spec.containers is required"
CONTAINER = {"name": "web", "image": "r/web:1"}


def deployment(**container: Any) -> dict[str, Any]:
    """A Deployment of one container."""
    return {"kind": "Deployment", "spec": {"template": {"spec": {"containers": [{**CONTAINER, **container}]}}}}


@pytest.mark.parametrize(
    ("document", "kind", "problem"),
    [
        ({}, "ConfigMap", None),
        ({"metadata": {"name": "a", "labels": {"a": "b"}}, "data": {"a": "1", "b": None}}, "ConfigMap", None),
        ({"data": {"a": "aGVsbG8=\n"}, "stringData": {"b": "x"}}, "Secret", None),
        (deployment(env=[{"name": "A", "value": "1"}], ports=[{"containerPort": 80}], args=["-x"]), "Deployment", None),
        ({"data": "text"}, "ConfigMap", "data is not a mapping"),
        ({"data": {"a": 1}}, "ConfigMap", "data.a is not a string"),
        ({"data": {"a": True}}, "ConfigMap", "data.a is not a string"),
        ({"data": {"a": {"b": "c"}}}, "ConfigMap", "data.a is not a string"),
        ({"stringData": {"a": 1.5}}, "Secret", "stringData.a is not a string"),
        ({"data": {"a": "no base64"}}, "Secret", "data.a is not base64"),
        ({"binaryData": {"a": "?"}}, "ConfigMap", "binaryData.a is not base64"),
        ({"data": {"a": "x" * 1024 * 1024}}, "ConfigMap", None),
        ({"data": {"a": "x" * 1024 * 1024, "b": "x"}}, "ConfigMap", "its data has more than 1048576 bytes"),
        ({"metadata": [1]}, "Secret", "metadata is not a mapping"),
        ({"metadata": {"name": 5}}, "Secret", "metadata.name is not a string"),
        ({"metadata": {"labels": {"version": 1.0}}}, "ConfigMap", "metadata.labels.version is not a string"),
        ({"metadata": {"annotations": {"on": True}}}, "ConfigMap", "metadata.annotations.on is not a string"),
        ({}, "Deployment", "spec is required"),
        ({"spec": [1]}, "Deployment", "spec is not a mapping"),
        ({"spec": {}}, "StatefulSet", "spec.template is required"),
        ({"spec": {"template": {}}}, "Deployment", NO_CONTAINERS),
        (
            {"spec": {"template": {"spec": {"containers": []}}}},
            "Deployment",
            "spec.template.spec.containers is required",
        ),
        ({"spec": {"template": {"spec": 5}}}, "Deployment", "spec.template.spec is not a mapping"),
        (
            {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": None}}}}}},
            "CronJob",
            "spec.jobTemplate.spec.template.spec.containers is required",
        ),
        (
            {"spec": {"template": {"spec": {"containers": {"a": 1}}}}},
            "Deployment",
            "spec.template.spec.containers is not a list",
        ),
        (
            {"spec": {"template": {"spec": {"containers": [1]}}}},
            "Deployment",
            "spec.template.spec.containers[0] is not a mapping",
        ),
        ({"spec": {**deployment()["spec"], "replicas": "3"}}, "Deployment", "spec.replicas is not an integer"),
        ({"spec": {**deployment()["spec"], "replicas": True}}, "Deployment", "spec.replicas is not an integer"),
        (deployment(image=5), "Deployment", "spec.template.spec.containers[0].image is not a string"),
        (
            deployment(env=[{"name": "A", "value": 1}]),
            "Deployment",
            "spec.template.spec.containers[0].env[0].value is not a string",
        ),
        (deployment(args=[1]), "Deployment", "spec.template.spec.containers[0].args[0] is not a string"),
        (
            deployment(ports=[{"containerPort": "80"}]),
            "Deployment",
            "spec.template.spec.containers[0].ports[0].containerPort is not an integer",
        ),
    ],
)
def test_what_kubernetes_refuses(document: dict[str, Any], kind: str, problem: str | None) -> None:
    assert kubernetes_validation.problem(document, kind) == problem


def test_a_document_that_others_refuse_is_stored_and_read_back() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: accepted\n  labels: &both {app: a}\n"
        "  annotations: &both {app: b}\ndata:\n  operator: =\n"
    )
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    account = DirectAccount()
    schema_id = account.config(account.app(), ConfigMapList=[text])
    (shown,) = account.call("ListDeployConfig", AppId=10001, Id=schema_id)
    assert shown["ContainerYamlConf"]["ConfigMapList"] == [text]


def test_no_value_of_a_secret_is_in_a_refusal() -> None:
    account = DirectAccount()
    app_id = account.app()
    for text in ("kind: Secret\nstringData: {a: [canary]}", "kind: Secret\ndata: {a: canary!}", "kind: Secret\na: [ca"):
        message = account.error("CreateDeployConfig", AppId=app_id, EnvType="online", Name="n", SecretList=[text])
        assert "ca" not in message.replace("cannot", "")


def test_documents_of_a_megabyte_pass_the_gateway() -> None:
    """As large as Kubernetes takes them; in the form, since a URL has a limit."""
    value = "0123456789abcde\n" * 65_000
    text = yaml.safe_dump({"kind": "ConfigMap", "metadata": {"name": "large"}, "data": {"file": value}}, width=10**9)
    assert 1_000_000 < len(text) < 1_500_000
    world_client = SignedClient(Emulator(Settings(time_scale=0), handlers.HANDLERS, world.load))
    key = ("emulator-key-id", "emulator-key-secret")
    assert world_client.acs3("CreateApp", app("shop"), key=key).get_json()["Code"] == 0
    config = {"AppId": 10001, "EnvType": "online", "Name": "large", "ConfigMapList.1": encoded(text)}
    answer = world_client.acs3("CreateDeployConfig", config, key=key, everything_in="body").get_json()
    assert answer["Code"] == 0
    shown = world_client.acs3("ListDeployConfig", {"AppId": 10001}, key=key).get_json()
    assert shown["Data"][0]["ContainerYamlConf"]["ConfigMapList"] == [text]
