# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes manifests: what is accepted, sent, read, compared, and never shown."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core import manifest, yaml_reader
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import (
    Manifest,
    encoded_secret,
    from_api,
    is_image,
    parse,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest_types import (
    ManifestSet,
    ManifestType,
    SecretManifestSet,
)

CONFIG_MAP = ManifestType("ConfigMap")
CONFIG_MAPS = ManifestSet("ConfigMap")
SECRETS = SecretManifestSet("Secret")

TEXT = """\
# the settings of the shop
kind: ConfigMap
apiVersion: v1
metadata: {name: settings}
data:
  title: 聚石塔 ⛩
  since: 2020-01-01
  at: 2020-01-01T00:00:00Z
  "on": "yes"
  application.yml: |
    server:
      port: 8080
"""
CONTENT = {
    "kind": "ConfigMap",
    "apiVersion": "v1",
    "metadata": {"name": "settings"},
    "data": {
        "title": "聚石塔 ⛩",
        "since": "2020-01-01",
        "at": "2020-01-01T00:00:00Z",
        "on": "yes",
        "application.yml": "server:\n  port: 8080\n",
    },
}

# A word that is in every document of a test about secrecy, and must not leave it.
CANARY = "hunter2"


@pytest.fixture(autouse=True, params=[yaml.SafeLoader, yaml.CSafeLoader], ids=["python", "libyaml"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the tests with and without libyaml, if PyYAML has it."""
    monkeypatch.setattr(yaml_reader, "_LOADER", request.param)


def config_map(name: str, **data: str) -> dict[str, Any]:
    """Return a ConfigMap as a mapping."""
    return {"kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def secret(name: str) -> dict[str, Any]:
    """Return a Secret as a mapping."""
    return {"kind": "Secret", "metadata": {"name": name}, "stringData": {"password": CANARY}}


def encoded(text: str) -> str:
    """Return a manifest in base64, as requests hold it."""
    return base64.b64encode(text.encode()).decode()


# One manifest


@pytest.mark.parametrize("value", [TEXT, CONTENT], ids=["text", "mapping"])
def test_text_and_mapping_mean_the_same(value: Any) -> None:
    assert CONFIG_MAP.clean(value).data == CONTENT


def test_a_text_is_sent_as_it_was_written() -> None:
    assert base64.b64decode(CONFIG_MAP.serialize(CONFIG_MAP.clean(TEXT))).decode() == TEXT


def test_a_mapping_is_sent_as_yaml_in_the_order_it_was_written() -> None:
    sent = base64.b64decode(CONFIG_MAP.serialize(CONFIG_MAP.clean(CONTENT))).decode()
    assert yaml.safe_load(sent)["data"]["application.yml"] == "server:\n  port: 8080\n"
    assert list(yaml.safe_load(sent)) == list(CONTENT)
    assert "聚石塔 ⛩" in sent


def test_what_looks_like_another_type_stays_text_for_every_reader() -> None:
    words = {"a": "2020-01-01", "b": "true", "c": "012", "d": "null", "e": "~", "f": "1e3", "g": "", "h": "="}
    sent = base64.b64decode(CONFIG_MAP.serialize(CONFIG_MAP.clean(config_map("words", **words)))).decode()
    assert yaml.safe_load(sent)["data"] == words


def test_dates_are_the_text_that_they_are_in_kubernetes() -> None:
    document = CONFIG_MAP.clean(TEXT)
    assert document.data is not None
    assert document.data["data"]["since"] == "2020-01-01"
    json.dumps(CONFIG_MAP.to_result(document))


def test_an_empty_document_beside_the_one_does_not_count() -> None:
    assert CONFIG_MAP.clean(f"---\n---\n{TEXT}---\n").data == CONTENT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{TEXT}---\n{TEXT}", "holds 2 YAML documents, but has to hold one"),
        ("", "holds 0 YAML documents, but has to hold one"),
        ("# nothing", "holds 0 YAML documents, but has to hold one"),
        ("just a text", "has to be a mapping with kind and metadata, not str"),
        ("- a list", "has to be a mapping with kind and metadata, not list"),
        ("42", "has to be a mapping with kind and metadata, not int"),
        ("kind: Deployment", "holds a document of kind 'Deployment', but has to hold a ConfigMap"),
        ("metadata: {name: a}", "holds a document without a kind, but has to hold a ConfigMap"),
    ],
)
def test_what_is_not_one_document_of_the_kind(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:
        CONFIG_MAP.clean(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "password: *hunter2",
        "password: !hunter2",
        "password: !!int hunter2",
        "password: !!float hunter2",
        "password: !!bool hunter2",
        "password: !!timestamp hunter2",
        "password: !x!hunter2 y",
        "password: !!binary hunter2é",
        "a: &hunter2 1\nb: &hunter2 2\nc: [",
        "password: 'hunter2\\x",
        'password: "\\xhunter2"',
    ],
)
def test_errors_never_quote_a_document(text: str) -> None:
    with pytest.raises(ValueError) as error:
        parse(text)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "kind: x\nv: !!binary aGk=",
        "kind: x\nv: !!set {a}",
        "kind: x\nv: .nan",
        "kind: x\nv: &a [*a]",
    ],
)
def test_what_json_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON does not have|does not fit|too deeply"):
        parse(text)


def test_a_number_is_no_switch() -> None:
    one, true = (parse({"kind": "ConfigMap", "v": value}) for value in (1, True))
    assert not CONFIG_MAP.equals(one, true)
    assert CONFIG_MAP.equals(one, parse("kind: ConfigMap\nv: 1.0"))


def test_bad_yaml_is_told_by_its_place() -> None:
    with pytest.raises(ValueError, match=r"^is not valid YAML \(line 3, column 20\)$"):
        parse("kind: Secret\nstringData:\n  password: hunter2: x\n")


@pytest.mark.parametrize(
    "text",
    [
        "password: 'hunter2",
        'password: "hunter2\\q"',
        "password: hunter2: x",
        "password: [hunter2",
        "password: {hunter2",
        "password: hunter2\n\tx: y",
        "hunter2: a\n b: c",
        "password: hunter2\n---\nother: hunter2",
        "hunter2",
        "- hunter2",
    ],
)
def test_the_error_of_a_bad_document_holds_nothing_of_it(text: str) -> None:
    with pytest.raises(ValueError) as error:
        parse(text)
    assert CANARY not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_without_pyyaml_the_option_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "HAS_YAML", False)
    with pytest.raises(ValueError, match="needs the Python library PyYAML"):
        CONFIG_MAP.clean(TEXT)


def workload(kind: str, containers: Any) -> dict[str, Any]:
    """Return a workload with these containers."""
    template = {"template": {"spec": {"containers": containers}}}
    return {"kind": kind, "spec": {"jobTemplate": {"spec": template}} if kind == "CronJob" else template}


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "CronJob"])
def test_a_workload_has_containers(kind: str) -> None:
    place = "spec.jobTemplate.spec.template.spec" if kind == "CronJob" else "spec.template.spec"
    whole = workload(kind, [{"name": "web", "image": "web:1"}])
    assert ManifestType(kind).clean(whole).data == whole
    wrong: list[Any] = [[], None, {}, "web", ["web"], [{"name": "web"}, None]]
    for empty in wrong:
        for value in (workload(kind, empty), yaml.safe_dump(workload(kind, empty))):
            with pytest.raises(ValueError) as error:
                ManifestType(kind).clean(value)
            said = f"has no containers: {place}.containers has to be a list of at least one mapping"
            assert str(error.value) == said
    with pytest.raises(ValueError, match="has no containers"):
        ManifestType(kind).clean({"kind": kind})


# Responses


@pytest.mark.parametrize("raw", [TEXT, encoded(TEXT)], ids=["plain", "base64"])
def test_answers_hold_plain_yaml_or_base64(raw: str) -> None:
    current = CONFIG_MAP.deserialize(raw)
    assert CONFIG_MAP.equals(CONFIG_MAP.clean(TEXT), current)
    assert CONFIG_MAP.to_result(current) == CONTENT


@pytest.mark.parametrize("raw", [None, ""])
def test_an_answer_without_the_document(raw: Any) -> None:
    assert CONFIG_MAP.deserialize(raw) is None
    assert CONFIG_MAP.to_result(None) is None
    assert not CONFIG_MAP.equals(CONFIG_MAP.clean(TEXT), None)


@pytest.mark.parametrize(
    "raw",
    [
        "not a mapping",
        encoded("not a mapping"),
        "kind: [",
        encoded("kind: ["),
        f"{TEXT}---\n{TEXT}",
        "聚石塔",
        base64.b64encode(b"\xff\xfe").decode(),
    ],
)
def test_an_answer_that_cannot_be_understood_is_shown_as_it_came_and_differs(raw: str) -> None:
    current = CONFIG_MAP.deserialize(raw)
    assert CONFIG_MAP.to_result(current) == raw
    assert not CONFIG_MAP.equals(CONFIG_MAP.clean(TEXT), current)


@pytest.mark.parametrize(
    "text",
    [
        "metadata: {name: settings}\nkind: ConfigMap\ndata: {port: '8080'}",
        '{"kind": "ConfigMap", "data": {"port": "8080"}, "metadata": {"name": "settings"}}',
        'kind: ConfigMap\n\nmetadata:\n    name:   settings # it\ndata:\n    port: "8080"\n',
        "kind: ConfigMap\nmetadata: &m {name: settings}\ndata:\n  port: >-\n    8080\n",
    ],
)
def test_documents_are_compared_by_meaning(text: str) -> None:
    assert CONFIG_MAP.equals(CONFIG_MAP.clean(config_map("settings", port="8080")), CONFIG_MAP.deserialize(text))


@pytest.mark.parametrize(
    "other",
    [
        config_map("settings"),
        config_map("settings", port="8081"),
        config_map("settings", port="8080", extra=""),
        {**config_map("settings", port="8080"), "immutable": "true"},
    ],
)
def test_documents_that_differ(other: dict[str, Any]) -> None:
    assert not CONFIG_MAP.equals(CONFIG_MAP.clean(config_map("settings", port="8080")), CONFIG_MAP.clean(other))


def test_the_order_of_lists_counts() -> None:
    one, two = ({"kind": "ConfigMap", "list": items} for items in ([1, 2], [2, 1]))
    assert not CONFIG_MAP.equals(CONFIG_MAP.clean(one), CONFIG_MAP.clean(two))


# Several manifests


def test_sets_of_documents_have_no_order_and_mix_text_and_mapping() -> None:
    wanted = CONFIG_MAPS.clean([config_map("b", x="1"), yaml.safe_dump(config_map("a", x="2"))])
    current = CONFIG_MAPS.deserialize(
        [yaml.safe_dump(config_map("a", x="2")), encoded(json.dumps(config_map("b", x="1")))]
    )
    assert CONFIG_MAPS.equals(wanted, current)
    assert (
        CONFIG_MAPS.to_result(wanted)
        == CONFIG_MAPS.to_result(current)
        == [config_map("a", x="2"), config_map("b", x="1")]
    )
    assert [yaml.safe_load(base64.b64decode(sent)) for sent in CONFIG_MAPS.serialize(wanted)] == [
        config_map("b", x="1"),
        config_map("a", x="2"),
    ]


@pytest.mark.parametrize(
    "names", [[], ["a"], ["a", "b", "c"], ["a", "c"]], ids=["none", "missing", "too many", "another"]
)
def test_sets_with_other_documents_differ(names: list[str]) -> None:
    current = CONFIG_MAPS.deserialize([json.dumps(config_map("a")), json.dumps(config_map("b"))])
    assert not CONFIG_MAPS.equals(CONFIG_MAPS.clean([config_map(name) for name in names]), current)


def test_sets_with_another_content_differ() -> None:
    current = CONFIG_MAPS.deserialize([json.dumps(config_map("a", x="1"))])
    assert not CONFIG_MAPS.equals(CONFIG_MAPS.clean([config_map("a", x="2")]), current)


def test_no_documents_are_what_an_answer_without_the_member_means() -> None:
    assert CONFIG_MAPS.equals([], None)
    assert not CONFIG_MAPS.equals(CONFIG_MAPS.clean([config_map("a")]), None)
    assert CONFIG_MAPS.deserialize(None) is None
    assert CONFIG_MAPS.deserialize(["", None]) == []
    assert CONFIG_MAPS.to_result(None) is None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([config_map("a"), "kind: ["], r"^has an entry 2 that is not valid YAML \(line (1, column 8|2, column 1)\)$"),
        ([secret("a")], "^has an entry 1 that holds a document of kind 'Secret', but has to hold a ConfigMap$"),
        ([{"kind": "ConfigMap"}], r"^has an entry 1 without a metadata\.name$"),
        ([{"kind": "ConfigMap", "metadata": {"name": None}}], r"^has an entry 1 without a metadata\.name$"),
        ([{"kind": "ConfigMap", "metadata": "a"}], r"^has an entry 1 without a metadata\.name$"),
        ([config_map("a"), config_map("b"), config_map("a")], "^names 'a' twice$"),
        (
            [{**config_map("a"), "data": {1: "a", "1": "hush"}}],
            "^has an entry 1 that has the key '1' twice in one mapping, as a string and as a number or boolean$",
        ),
        ([{**config_map("a"), "data": {True: "a", "true": "hush"}}], "^has an entry 1 that has the key 'true' twice"),
    ],
)
def test_sets_that_cannot_be_right(value: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CONFIG_MAPS.clean(value)


# Secrets


def test_secrets_are_sent_and_only_their_names_are_shown() -> None:
    wanted = SECRETS.clean([secret("b"), secret("a")])
    assert [yaml.safe_load(base64.b64decode(sent)) for sent in SECRETS.serialize(wanted)] == [secret("b"), secret("a")]
    assert SECRETS.to_result(wanted) == SECRETS.to_option(wanted) == ["a", "b"]
    assert SECRETS.to_result(None) is None
    assert SECRETS.spec()["no_log"] is True


def test_secrets_are_compared_when_the_service_shows_them() -> None:
    wanted = SECRETS.clean([secret("a")])
    assert SECRETS.equals(wanted, None)
    assert SECRETS.equals(wanted, SECRETS.deserialize([json.dumps(secret("a"))]))
    changed = {**secret("a"), "stringData": {"password": "another"}}
    assert not SECRETS.equals(wanted, SECRETS.deserialize([json.dumps(changed)]))


def test_a_secret_as_it_is_sent_knows_what_it_holds() -> None:
    document = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "shop", "labels": {"tier": "web"}},
        "data": {"encoded": encoded("top secret"), "binary": base64.b64encode(b"\xff\xfe\xfd").decode()},
        "stringData": {"password": CANARY, "pin": "47110815"},
    }
    (sent,) = SECRETS.serialize(SECRETS.clean([document]))
    assert set(sent.parts) == {CANARY, "47110815", encoded("top secret"), "top secret", "//79"}
    assert encoded_secret(str(sent)).parts == sent.parts
    assert encoded_secret("password: [").parts == ()
    assert CANARY not in repr(sent)


def test_a_secret_where_another_kind_belongs_is_not_shown() -> None:
    kind = ManifestSet("ConfigMap")
    told = kind.deserialize(
        [json.dumps(secret("a")), encoded(yaml.safe_dump(secret("b"))), f"kind: Secret\ndata: {{{CANARY}"]
    )
    assert CANARY not in json.dumps([kind.to_result(told), kind.to_option(told)])


def test_a_document_keeps_its_content_out_of_every_text() -> None:
    document = parse(secret("a"))
    understood = SECRETS.deserialize([json.dumps(secret("a")), f"{CANARY}: [", encoded(CANARY)])
    for said in (repr(document), str(document), f"{document}", repr([document]), repr({"secrets": understood})):
        assert CANARY not in said
    assert repr(document) == "Manifest('a')"


def test_no_error_of_a_secret_holds_its_content() -> None:
    for value in (
        [f"password: '{CANARY}"],
        [{"kind": "ConfigMap", "data": CANARY}],
        [{"kind": "Secret", "stringData": {"password": CANARY}}],
        [secret("a"), secret("a")],
        [{**secret("a"), "kind": f"{CANARY}-1"}],
        [{**secret("a"), "kind": {"password": CANARY}}],
        [CANARY],
    ):
        with pytest.raises(ValueError) as error:
            SECRETS.clean(value)
        assert CANARY not in str(error.value)


def test_unpack_tells_what_it_could_not_understand() -> None:
    assert from_api("x") == Manifest("x", None)
    assert from_api("x").name == ""


@pytest.mark.parametrize(
    "value", ["\u200b", "nginx:1\u202e", "['nginx']", "nginx:", "", None, ["nginx"], True, "a:1,b:1"]
)
def test_what_is_no_address_of_an_image(value: Any) -> None:
    assert not is_image(value)
    assert is_image("registry:5000/shop/web:1.0@sha256:00ff")


REVISION = "0123456789ab"
LINE = f"# jst.retailcloud revision: {REVISION}\n"
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData:
  token: |
    canary"""


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        f"---\n{SECRET}\n\n\n",
        SECRET.replace("\n", "\r\n"),
        json.dumps(yaml.safe_load(SECRET)),
        yaml.safe_load(SECRET),
        f"{LINE.replace('0', '9')}{SECRET}",
    ],
    ids=["block scalar without a last line break", "marker", "Windows", "JSON", "mapping", "with a revision"],
)
def test_a_revision_is_a_comment(written: Any) -> None:
    plain = parse(written)
    revised = plain.with_revision(REVISION)
    assert revised.text.startswith(LINE)
    assert revised.text.count("revision") == 1
    read = from_api(revised.text)
    assert (read.revision, read.data, read.meaning) == (REVISION, plain.data, plain.meaning)
    assert SECRETS.equals([plain], [read])
    assert read.with_revision("").revision == ""
    assert yaml.safe_load(read.with_revision("").text) == plain.data


def test_a_secret_keeps_its_revision_until_its_meaning_changes() -> None:
    [kept] = SECRETS.with_revisions([parse(SECRET)], [parse(SECRET).with_revision(REVISION)])
    [plain] = SECRETS.with_revisions([parse(SECRET)], [parse(SECRET)])
    changed = [parse(SECRET.replace("canary", word)) for word in ("one", "two")]
    revisions = {SECRETS.with_revisions([one], [parse(SECRET)])[0].revision for one in changed}
    created = [SECRETS.with_revisions([parse(SECRET)], [])[0].revision for _number in range(2)]
    hidden = parse(SECRET.replace("canary", "******"))
    assert (kept.revision, plain.revision) == (REVISION, "")
    assert len({*revisions, *created, ""}) == 5
    assert SECRETS.with_revisions([parse(SECRET)], [hidden])[0].revision == ""
