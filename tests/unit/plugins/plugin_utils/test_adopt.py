# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of playbook adopt: names, YAML, files, and which app a database belongs to."""

from __future__ import annotations

import json
import os
import re
import signal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import name_fault
from ansible_collections.jst.retailcloud.plugins.plugin_utils import adopt_files, atomic_files
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt import check_options
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_databases import assign
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_describe import Omissions, cluster_names
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_existing import ContentCheck
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_files import (
    RECORD,
    FilePlan,
    Record,
    plan_files,
    read_record,
    write_files,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_folder import Folder
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_inventory import drift_pattern
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_names import (
    RESERVED,
    assign_names,
    fold,
    unique_name,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_passwords import mask_passwords, password_keys
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_read import ReadAccount
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt_yaml import Expression, is_template, write_yaml


class Loader(yaml.SafeLoader):
    """Reads YAML of Ansible."""


UNSAFE: list[str] = []


def construct_unsafe(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    """Note a text that Ansible does not evaluate."""
    UNSAFE.append(node.value)
    return loader.construct_scalar(node)


Loader.add_constructor("!unsafe", construct_unsafe)

WORDS = st.sampled_from(["{{ a }}", "a{%", "yes", "1", "{#"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), WORDS),
    lambda inner: st.one_of(
        # A description has no lists in lists.
        st.lists(inner.filter(lambda one: not isinstance(one, list))),
        st.dictionaries(WORDS, inner),
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES, max_size=3))
def test_what_is_written_is_read_again(variables: dict[str, Any]) -> None:
    UNSAFE.clear()
    assert (yaml.load(write_yaml(variables), Loader=Loader) or {}) == variables
    assert all(map(is_template, UNSAFE))


def test_characters_that_nobody_sees_are_escapes() -> None:
    text = "a\u202eb\u200b\x9b\U000e0041 \u4e2d\u6587\u3000"
    written = write_yaml({"why": text})
    assert written == 'why: "a\\u202eb\\u200b\\u009b\\U000e0041 \u4e2d\u6587\u3000"\n'
    assert yaml.load(written, Loader=Loader) == {"why": text}


@pytest.mark.parametrize("text", ["{{ x }}", "a {% b", "{#", "#jinja2: variable_start_string: '<<'"])
def test_templates_are_unsafe(text: str) -> None:
    assert write_yaml({"a": text}).startswith("a: !unsafe ")
    assert write_yaml({"a": Expression(text)}).startswith('a: "')


@given(st.lists(st.text(min_size=1), min_size=1))
def test_names_are_plain_and_unique(titles: list[str]) -> None:
    names = assign_names([(str(number), title) for number, title in enumerate(titles)], {})
    assert len({fold(name) for name in names.values()}) == len(titles)
    for name in names.values():
        assert re.fullmatch(r"\w[\w.-]*", name)
        assert len(os.fsencode(name)) < 200


def test_a_name_that_was_given_stays() -> None:
    known = {"7": "shop", "8": "shop-8"}
    assert assign_names([("8", "shop"), ("9", "Shop")], known) == {"8": "shop-8", "9": "Shop-9"}


@pytest.mark.parametrize("title", [*sorted(RESERVED), "127.0.0.1", "10", "1e5", "0x1f", ".a", "-a", "a/b", ""])
def test_reserved_and_odd_titles_get_another_name(title: str) -> None:
    name = unique_name(title, 10001, set())
    assert name != title
    assert name.endswith("-10001")


def write(folder: Path, files: dict[str, bytes], overwrite: bool = False, loader: DataLoader | None = None) -> FilePlan:
    """Write files as a run does."""
    record = read_record(folder)
    plan = plan_files(Folder(folder, loader), record, files, overwrite, ContentCheck(()))
    write_files(folder, record, files, plan)
    return plan


def test_a_changed_file_is_kept(tmp_path: Path) -> None:
    assert write(tmp_path, {"a/b": b"1", "c": b"1"}).new == ["a/b", "c"]
    (tmp_path / "c").write_bytes(b"mine")
    plan = write(tmp_path, {"a/b": b"2", "c": b"2"})
    assert (plan.updated, plan.kept) == (["a/b"], ["c"])
    assert [(tmp_path / name).read_bytes() for name in ("a/b", "c")] == [b"2", b"mine"]
    # Also when the account changes back to what the first run has written.
    assert write(tmp_path, {"c": b"1"}).kept == ["c"]
    assert write(tmp_path, {"c": b"2"}, overwrite=True).updated == ["c"]


def test_a_file_that_was_there_before_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    assert write(tmp_path, {"a": b"1"}).kept == ["a"]


@pytest.fixture(name="vault")
def make_vault() -> DataLoader:
    """Return a loader with a vault password."""
    loader = DataLoader()
    loader.set_vault_secrets([("default", VaultSecret(b"vault"))])
    return loader


DESCRIPTION = """---
application_accounts:
  - name: shop
    password: "{{ unknown_password }}"
    privileges: []
"""


def encrypted_value(loader: DataLoader) -> str:
    """Return a password as ``ansible-vault encrypt_string`` prints it."""
    lines = VaultLib(loader._vault.secrets).encrypt("s3cret").decode().splitlines()
    return "!vault |\n" + "\n".join(f"      {line}" for line in lines)


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_encrypted_file_is_never_replaced(tmp_path: Path, vault: DataLoader, overwrite: bool) -> None:
    for name in ("a.yml", "b.k8s"):
        write(tmp_path, {name: DESCRIPTION.encode()})
        path = tmp_path / name
        # A space at the end of a line says nothing in YAML.
        text = DESCRIPTION.replace("[]", "[] ") if name == "a.yml" else DESCRIPTION
        path.write_bytes(VaultLib(vault._vault.secrets).encrypt(text))
        stored = path.read_bytes()
        plan = write(tmp_path, {name: DESCRIPTION.encode()}, overwrite, vault)
        assert (plan.equal, plan.encrypted, plan.kept, plan.written) == ([name], [], [], [])
        plan = write(tmp_path, {name: DESCRIPTION.replace("shop", "other").encode()}, overwrite, vault)
        assert (plan.equal, plan.encrypted, plan.kept, plan.written) == ([], [name], [], [])
        plan = write(tmp_path, {name: DESCRIPTION.encode()}, overwrite)
        assert (plan.locked, plan.encrypted, plan.kept, plan.written) == ([name], [], [], [])
        assert path.read_bytes() == stored


@pytest.mark.parametrize("overwrite", [False, True])
def test_encrypted_values_stay(tmp_path: Path, vault: DataLoader, overwrite: bool) -> None:
    write(tmp_path, {"a.yml": DESCRIPTION.encode()})
    text = DESCRIPTION.replace('"{{ unknown_password }}"', encrypted_value(vault))
    (tmp_path / "a.yml").write_text(text)
    plan = write(tmp_path, {"a.yml": DESCRIPTION.encode()}, overwrite)
    assert (plan.equal, plan.encrypted, plan.kept, plan.written) == (["a.yml"], [], [], [])
    plan = write(tmp_path, {"a.yml": DESCRIPTION.replace("shop", "other").encode()}, overwrite)
    assert (plan.equal, plan.encrypted, plan.kept, plan.written) == ([], ["a.yml"], [], [])
    assert (tmp_path / "a.yml").read_text() == text


def test_what_says_the_same_is_not_replaced(tmp_path: Path) -> None:
    volume = "cluster_persistent_volumes:\n- {name: a, mount_target_domain: not-readable}\n"
    write(tmp_path, {"a.yml": volume.encode()})
    mine = b"# mine\ncluster_persistent_volumes: [{name: a, mount_target_domain: x.nas.aliyuncs.com}]\n"
    (tmp_path / "a.yml").write_bytes(mine)
    plan = write(tmp_path, {"a.yml": volume.encode()}, overwrite=True)
    assert (plan.equal, plan.replaced, plan.written) == (["a.yml"], [], [])
    plan = write(tmp_path, {"a.yml": volume.replace("name: a", "name: b").encode()}, overwrite=True)
    assert (plan.replaced, plan.written) == (["a.yml"], ["a.yml"])


def test_an_encrypted_record_says_so(tmp_path: Path, vault: DataLoader) -> None:
    write(tmp_path, {"a": b"1"})
    (tmp_path / ".adopted.json").write_bytes(VaultLib(vault._vault.secrets).encrypt("{}"))
    with pytest.raises(InvalidOptionError, match="The record must not be encrypted"):
        read_record(tmp_path)


def test_a_run_that_was_stopped_knows_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a": b"1", "b": b"1"})
    whole = adopt_files.write_file

    def stop(path: Path, content: bytes) -> None:
        if path.name == "b":
            raise KeyboardInterrupt
        whole(path, content)

    monkeypatch.setattr(adopt_files, "write_file", stop)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, {"a": b"2", "b": b"2"})
    monkeypatch.undo()
    assert write(tmp_path, {"a": b"3", "b": b"3"}).updated == ["a", "b"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a": b"1"})

    whole = os.replace

    def fail(source: str, target: str) -> None:
        if target.endswith("/a"):
            raise OSError(28, "No space left on device")
        whole(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(InvalidOptionError, match="No space left"):
        write(tmp_path, {"a": b"2"})
    assert (tmp_path / "a").read_bytes() == b"1"
    assert sorted(path.name for path in tmp_path.iterdir()) == [RECORD, "a"]


def test_a_link_and_a_mode_stay(tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    write(tmp_path / "inventory", {"a": b"1"})
    (tmp_path / "inventory" / "a").rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").chmod(0o600)
    (tmp_path / "inventory" / "a").symlink_to(tmp_path / "elsewhere")
    write(tmp_path / "inventory", {"a": b"2"})
    assert (tmp_path / "inventory" / "a").is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == b"2"
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o600


def test_a_repeat_removes_what_a_killed_run_has_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"host_vars/a/b": b"1"})
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(os, "replace", lambda source, target: os.kill(os.getpid(), signal.SIGKILL))
        atomic_files.replace_file(tmp_path / "host_vars" / "a" / "b", b"2", 0o644)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    folder = tmp_path / "host_vars" / "a"
    [left] = [path.name for path in folder.iterdir() if path.name != "b"]
    assert left.startswith(".")
    write(tmp_path, {"host_vars/a/b": b"1"})
    assert [path.name for path in folder.iterdir()] == ["b"]


CLUSTERS: dict[str, list[tuple[str | None, str | None]]] = {
    "a title of one": [("c1", "main"), ("c2", "other")],
    "a title of two": [("c1", "main"), ("c2", "main")],
    "a title that is an id": [("c1", "c2"), ("c2", "other")],
    "its own id": [("c1", "c1")],
    "no title": [("c1", None), (None, "main")],
    "no name": [("c1", "a\x1b"), ("c2", " ")],
}


@pytest.mark.parametrize("case", CLUSTERS)
def test_a_cluster_has_a_name_where_only_it_has_that(case: str) -> None:
    states = [{"cluster_id": identity, "title": title} for identity, title in CLUSTERS[case]]
    names = {"a title of one": {"c1": "main", "c2": "other"}, "a title that is an id": {"c2": "other"}}
    assert cluster_names(states) == names.get(case, {})


OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "a list of directories": ({"directory": ["a", "b"]}, "a value of type list is not a string"),
    "a mapping as a directory": ({"directory": {"a": 1}}, "a value of type dict is not a string"),
    "a directory that is true": ({"directory": True}, "true is a boolean"),
    "an app that is null": ({"directory": "a", "apps": [None]}, "the value is null"),
    "databases of no app": ({"directory": "a", "databases": {None: ["rm-1/a"]}}, "is not a title or id of an app"),
    "databases of true": ({"directory": "a", "databases": {True: ["rm-1/a"]}}, "is not a title or id of an app"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_an_option_of_another_type_is_an_error(case: str) -> None:
    given_options, message = OPTIONS[case]
    with pytest.raises(InvalidOptionError, match=message):
        check_options(given_options)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", json.dumps({"files": 1, "hosts": {}, "shared": None})])
def test_a_broken_record_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(InvalidOptionError, match="the record of the files"):
        read_record(tmp_path)


@pytest.mark.parametrize("host", ["../../evil", "/tmp/evil", "..", "", "a/b", "a\\\\b"])
def test_a_host_of_a_record_stays_in_its_folder(tmp_path: Path, host: str) -> None:
    record = Record({}, {"apps": {"1": host}})
    (tmp_path / RECORD).write_text(record.to_text())
    with pytest.raises(InvalidOptionError, match="the record of the files"):
        read_record(tmp_path)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = Record({"a": ["1"]}, {"apps": {"1": "x"}}, {"b": [{"z": 1, "a": 2}]}, ["rm-1"], {"x": ["rm-1/x"]})
    (tmp_path / RECORD).write_text(record.to_text())
    assert read_record(tmp_path) == record


def database(name: str, accounts: list[str] | None = None) -> dict[str, Any]:
    """Return the state of a database."""
    shown = [{"account": account} for account in accounts or ()]
    return {
        "name": name,
        "character_set": "utf8",
        "description": None,
        "status": "Running",
        "engine": "",
        "accounts": shown,
    }


def user(name: str, databases: list[str]) -> dict[str, Any]:
    """Return the state of an account."""
    privileges = [{"database": one, "privilege": "ReadOnly", "privilege_detail": None} for one in databases]
    return {"name": name, "type": "Normal", "privileges": privileges, "status": "Available"}


def owners(databases: list[Any], accounts: list[Any], assigned: dict[str, list[str]]) -> dict[str, Any]:
    """Return name -> id of the app, for each database and account."""
    listed = [{"app_id": number, "title": title} for number, title in ((1, "one"), (2, "two"))]
    account = ReadAccount(listed=listed, instances={"rm": {"databases": databases, "accounts": accounts}})
    found = assign(account, assigned, assigned, Omissions())
    return {
        f"{kind} {entry['name']}": owner
        for kind, entries in (("db", found.databases), ("user", found.accounts))
        for owner, items in entries.items()
        for entry in items
    }


def test_an_account_belongs_to_the_app_of_its_databases() -> None:
    databases = [database("one"), database("two"), database("rest")]
    accounts = [user("one", ["one"]), user("both", ["one", "two"]), user("half", ["one", "rest"]), user("idle", [])]
    assert owners(databases, accounts, {"one": ["rm/one"], "2": ["rm/two"]}) == {
        "db one": 1,
        "db two": 2,
        "db rest": None,
        "user one": 1,
        "user both": None,
        "user half": None,
        "user idle": None,
    }


def test_a_database_belongs_to_the_app_of_its_accounts() -> None:
    databases = [database("stock", ["shop"]), database("open")]
    found = owners(databases, [user("shop", [])], {"one": ["rm/shop"]})
    assert found == {"db stock": 1, "db open": None, "user shop": 1}


@given(st.text(min_size=1))
def test_a_drift_pattern_is_a_value_of_its_option_and_matches_the_name(name: str) -> None:
    pattern = drift_pattern(name)
    assert name_fault(pattern) == ""
    assert fnmatchcase(name, pattern)


KEYS = {
    "password: x": ["password"],
    "  - name: DB_PASSWORD\n    value: x": ["DB_PASSWORD"],
    "  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: x": [],
    "    spring.datasource.password=x": ["spring.datasource.password"],
    "  private_key: |\n    x": ["private_key"],
    "secretName: x\nautomountServiceAccountToken: false\nimagePullSecrets:\n- name: x": [],
    "password:\napi-key: ''\ntoken: {}": ["api-key"],
    "image: x": [],
    "env: [{name: DB_PASSWORD, value: x}, {value: y, name: API_TOKEN}]": ["API_TOKEN", "DB_PASSWORD"],
    "env:\n- value: x\n  name: DB_PASSWORD": ["DB_PASSWORD"],
    "data: {db_password: x, secretName: y}": ["db_password"],
    'data: {a.json: \'{"password": "x"}\'}': ["password"],
    "env: [{name: DB_PASSWORD, value: !vault x}, {name: A_TOKEN, valueFrom: {secretKeyRef: {key: b}}}]": [],
    "a: " + "[" * 5000: [],
    "{password: x": ["password"],
    "{? {a: b} : c, token: &a x, other: *a, ? [d] : e, pwd: x}": ["pwd", "token"],
}


@pytest.mark.parametrize("text", KEYS)
def test_keys_of_passwords_are_found(text: str) -> None:
    assert password_keys(text) == KEYS[text]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a:\n- password: x\n  name: y", "a:\n- password: ********\n  name: y"),
        ("token: |\n  x\n\n  y\nb: 1", "token: ********\nb: 1"),
        ('password: "{{ unknown_password }}"', 'password: "{{ unknown_password }}"'),
        ("password: !vault |\n  $ANSIBLE", "password: !vault |\n  $ANSIBLE"),
        (
            "- name: A_TOKEN\n  value: x\n- name: b\n  value: y",
            "- name: A_TOKEN\n  value: ********\n- name: b\n  value: y",
        ),
        (
            "env: [{name: DB_PASSWORD, value: x}, {name: 密, value: y}]",
            "env: [{name: DB_PASSWORD, value: ********}, {name: 密, value: y}]",
        ),
        ("密: {db_password: 'x, y', b: z}\nc: d", "密: {db_password: ********, b: z}\nc: d"),
        ('a: |\n  {"password": "x"}\nb: c\n', "a: ********\nb: c\n"),
        ("a: |\n  image: x\n  password=x\nb: c\n", "a: |\n  image: x\n  password=********\nb: c\n"),
        ("db.password=x\nsecretName: y\n", "db.password=********\nsecretName: y\n"),
    ],
)
def test_passwords_are_masked(text: str, masked: str) -> None:
    assert mask_passwords(text) == masked
