# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: what becomes a host, what is told of it, and what stands in the way of that."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, ONLINE, TEST, Account, encoded
from tests.conformance.emulators import Emulators
from tests.conformance.inventory_reader import Inventories
from tests.conformance.module_cases import deployment, secret
from tests.conformance.playbook_runner import COLLECTION, control, run_playbook
from tests.tools.markdown_text import page
from tests.tools.run_in_collection import BIN, ROOT
from tests.tools.running_emulator import access

ONLINE_NODES, TEST_NODES = ["i-emu-node-1", "i-emu-node-2", "i-emu-node-3"], ["i-emu-node-4", "i-emu-node-5"]
SECRETS = ("emulator-key-secret", "wrong-hush", "content-of-a-secret", "Emulator-node-pw-1", "Emulator-node-pw-2")
KEY = {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret"}
GUIDE = page(ROOT / "docs" / "guides" / "inventory.md")
EXAMPLES = sorted((ROOT / "examples").glob("*.jst.yml"))
CHANGED = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "nobody", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong-hush"}
NO_RETRY: dict[str, Any] = {"retry_timeout": 0}


class Scene(Inventories):
    """App ``shop`` with an environment in each cluster and all that a description has, and an app ``reports``."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address, folder)
        account = self.account = Account(address, folder)
        self.evil = folder / "evil"
        command = f"lookup('pipe', 'touch {self.evil}')"
        self.template = f"{{{{ {command} }}}}"
        # The heading says where templates begin.
        self.headed = f"#jinja2: variable_start_string:'[[', variable_end_string:']]'\n[[ {command} ]]"
        data = {"template": self.template, "plain": "text"}
        account.call(
            "UpdateDeployConfig",
            AppId=APP_ID,
            Id=DEPLOY_CONFIG_ID,
            ConfigMapList=[encoded({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data})],
            SecretList=[encoded(secret("key", "content-of-a-secret"))],
        )
        account.config("web", deployment("registry.example.com/shop:2.0"), "test")
        place = {"AppId": APP_ID, "Region": "cn-zhangjiakou", "Replicas": 1}
        trial = {"EnvName": "trial", "EnvType": 0, "AppSchemaId": DEPLOY_CONFIG_ID + 1, "ClusterId": TEST}
        account.call("CreateEnvironment", **place, **trial)
        ports = [{"Name": "http", "Port": 80, "TargetPort": "8080", "Protocol": "TCP"}]
        service = {"K8sServiceId": "web", "Name": "Web", "ServiceType": "ClusterIP", "PortMappings": ports}
        account.call("CreateService", EnvId=ENVIRONMENT_ID, **service)
        balancer = {"SlbId": "lb-emu-internet-1", "ListenerPort": 80, "RealServerPort": 8080, "Protocol": "TCP"}
        account.call("CreateSlbAP", EnvId=ENVIRONMENT_ID, Name="tcp", EstablishedTimeout=900, **balancer)
        claim = {"Name": "media", "Capacity": "1Gi", "AccessModes": "ReadWriteMany", "StorageClass": "emu-media"}
        account.call("CreatePersistentVolumeClaim", AppId=APP_ID, EnvId=ENVIRONMENT_ID, **claim)
        account.advance(60)
        self.app("reports", StateType=5, Language="Python", Description=self.template, BizTitle=self.headed)

    def app(self, title: str, **parameters: Any) -> None:
        """Make an app by hand."""
        usual = {
            "BizCode": "JST",
            "Language": "Java",
            "OperatingSystem": "Linux",
            "ServiceType": "GeneralApplication",
            "StateType": 1,
            "UserRoles": [{"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}],
        }
        self.account.call("CreateApp", **{**usual, **parameters}, Title=title)

    def fault(self, kind: str, action: str, **options: Any) -> None:
        """Let calls of an operation go wrong."""
        self.account.fault(kind, action, **options)


ONE, BOTH = (
    pytest.mark.parametrize("scene", shapes, indirect=True) for shapes in (["canonical"], ["canonical", "sample"])
)


@pytest.fixture(scope="module")
def scene(request: pytest.FixtureRequest, emulators: Emulators, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An account to make inventories of, for a shape of answers. Tests leave it as it is."""
    made = Scene(emulators.fresh(request.param), tmp_path_factory.mktemp("inventory"))
    yield made
    made.close()


@BOTH
def test_nodes(scene: Scene) -> None:
    """All nodes, with what is told of them and of their cluster, and their private addresses."""
    made = scene.read("cluster_nodes", keyed_groups=[{"key": "jst_cluster.title", "prefix": "cluster"}])
    assert (made.error, made.warnings) == (None, [])
    assert sorted(made.hosts) == [*ONLINE_NODES, *TEST_NODES]
    assert sorted(made.groups["jst_cluster_nodes"]) == sorted(made.hosts)
    assert made.groups["cluster_emu_online"] == ONLINE_NODES
    assert made.groups["cluster_emu_test"] == TEST_NODES
    node = made.hosts["i-emu-node-3"]
    assert node["ansible_host"] == "192.168.48.3"
    assert "ansible_connection" not in node
    cluster = node["jst_cluster"]
    assert (cluster["cluster_id"], cluster["title"], cluster["env_type"]) == (ONLINE, "emu-online", "online")
    assert cluster["status"] == "running"
    told = node["jst_cluster_node"]
    assert (told["cluster_id"], told["eip"], told["cpu"]) == (ONLINE, "203.0.113.3", 4)
    assert "ready" not in told
    assert not [name for name in SECRETS if name in json.dumps(made.hosts)]


@BOTH
def test_chosen_nodes(scene: Scene) -> None:
    """Clusters by title or id, filters that the service has and others, details, and what is left out."""

    def names(**options: Any) -> list[str]:
        made = scene.read("cluster_nodes", **options)
        assert made.error is None
        return sorted(made.hosts)

    assert names(clusters=["emu-test"]) == names(clusters=[TEST, "emu-test"]) == TEST_NODES
    online = scene.read("cluster_nodes", filters={"cluster.env_type": "online"})
    assert sorted(online.hosts) == ONLINE_NODES
    # The first list holds every cluster, also those whose kind no filter names; the second one says which are online.
    kinds = [call["params"].get("EnvType") for call in online.calls if call["action"] == "ListCluster"]
    assert kinds == [None, "PRO"]
    assert names(filters={"cluster_node.instance_name": ["emu-node-1", "emu-*-5"]}) == ["i-emu-node-1", "i-emu-node-5"]
    assert names(clusters=["emu-test"], filters={"cluster.env_type": "online"}) == []
    assert names(exclude=[{"cluster.title": "emu-online"}, {"cluster_node.public_ip": "*.5"}]) == ["i-emu-node-4"]
    half = {"cluster.title": "emu-online", "cluster_node.cpu": 1}
    assert names(exclude=[half]) == [*ONLINE_NODES, *TEST_NODES]
    assert names(details=True, filters={"cluster_node.ready": True, "cluster.title": "emu-test"}) == TEST_NODES
    assert names(details=True, exclude=[{"cluster_node.unschedulable": False}]) == []
    detailed = scene.read("cluster_nodes", clusters=["emu-test"], details=True)
    assert detailed.actions.count("QueryClusterDetail") == 1
    assert detailed.hosts["i-emu-node-4"]["jst_cluster_node"]["ready"] is True


@ONE
def test_addresses(scene: Scene) -> None:
    """The first address that a node has; a node that has none is an error for those who are strict."""
    online: dict[str, Any] = {"clusters": ["emu-online"]}

    def addresses(**options: Any) -> list[str | None]:
        made = scene.read("cluster_nodes", **online, **options)
        return [made.hosts[name].get("ansible_host") for name in ONLINE_NODES]

    assert addresses(address=["eip", "public_ip"]) == ["203.0.113.1", "203.0.113.2", "203.0.113.3"]
    assert addresses(address=["eip", "instance_id"]) == ["i-emu-node-1", "i-emu-node-2", "203.0.113.3"]
    assert addresses(address=[]) == [None, None, None]
    assert addresses(compose={"ansible_host": "jst_cluster_node.public_ip"})[0] == "203.0.113.1"
    lenient = scene.read("cluster_nodes", **online, address=["eip"])
    assert "ansible_host" not in lenient.hosts["i-emu-node-1"]
    [warning] = lenient.warnings
    assert warning.startswith("No eip for ansible_host: node i-emu-node-1 of cluster c0")
    assert "i-emu-node-3" not in warning
    strict = scene.read("cluster_nodes", **online, address=["eip"], strict=True)
    assert "No eip for ansible_host: node i-emu-node-1" in str(strict.error)
    assert not strict.hosts


@BOTH
def test_apps(scene: Scene) -> None:
    """Apps in the group that the playbooks run over, by title; chosen, filtered, with roles and with variables."""
    made = scene.read("apps", groups={"java": "jst_app.language == 'Java'"}, compose={"what": "jst_app.title | upper"})
    # Its second page shows that the first one was all.
    assert made.actions == ["ListApp", "ListApp"]
    assert made.groups["jst_apps"] == ["shop", "reports"]
    assert made.groups["java"] == ["shop"]
    shop = made.hosts["shop"]
    assert (shop["ansible_connection"], shop["what"]) == ("local", "SHOP")
    assert (shop["jst_app"]["app_id"], shop["jst_app"]["user_roles"]) == (APP_ID, None)
    assert not [name for name in shop if name.startswith("application_")]
    assert list(scene.read("apps", apps=[APP_ID, "shop"]).hosts) == ["shop"]
    assert list(scene.read("apps", filters={"app.title": "r*"}).hosts) == ["reports"]
    detailed = scene.read("apps", apps=["shop"], details=True, group="mine")
    assert detailed.actions == ["ListApp", "ListApp", "DescribeAppDetail"]
    assert detailed.groups["mine"] == ["shop"]
    assert detailed.hosts["shop"]["jst_app"]["user_roles"][0]["user_id"] == "1001"


@BOTH
def test_environments(scene: Scene) -> None:
    """Environments by app and name, with what is told of their app."""
    made = scene.read("environments")
    assert made.groups["jst_environments"] == ["shop.production", "shop.trial"]
    assert made.hosts["shop.trial"]["jst_app"]["title"] == "shop"
    assert made.hosts["shop.trial"]["jst_environment"]["replicas"] is None
    online = scene.read("environments", apps=["shop"], filters={"environment.env_type": "online"})
    assert list(online.hosts) == ["shop.production"]
    assert [call["params"].get("EnvType") for call in online.calls if call["action"] == "ListAppEnvironment"] == [1, 1]
    detailed = scene.read("environments", details=True, filters={"environment.cluster_id": TEST})
    assert list(detailed.hosts) == ["shop.trial"]
    thin = {"environment.env_type": "test", "environment.replicas": [1, 2]}
    narrowed = scene.read("environments", details=True, filters=thin)
    assert list(narrowed.hosts) == ["shop.trial"]
    assert narrowed.actions.count("DescribeAppEnvironmentDetail") == 1


@ONE
def test_names(scene: Scene) -> None:
    """Names by expressions, the first that gives one; names that cannot be, and names of two hosts."""

    def names(**options: Any) -> list[str]:
        return sorted(scene.read("environments", **options).hosts)

    assert names(hostnames=["jst_environment.nothing", "jst_environment.name ~ '@' ~ jst_app.title"]) == [
        "production@shop",
        "trial@shop",
    ]
    assert names(hostnames=["''", "jst_environment.cluster_id", "jst_environment.name"]) == ["production", "trial"]
    assert names(vars_prefix="x_", hostnames=["x_environment.name"]) == ["production", "trial"]
    both = scene.read("environments", hostnames=["jst_app.title"])
    assert f"Two hosts have the name 'shop': environment {ENVIRONMENT_ID} of app {APP_ID} and environment" in str(
        both.error
    )
    assert not both.hosts
    # A number is a name on every ansible-core.
    assert names(hostnames=["jst_environment.environment_id"]) == ["20001", "20002"]
    assert names(hostnames=["{{ jst_environment.environment_id + 0.5 }}"]) == ["20001.5", "20002.5"]
    assert names(hostnames=["jst_environment.environment_id > 0", "jst_environment.name"]) == ["production", "trial"]
    for name in ("localhost", "all", "jst_environments", "in_production", "two\u2028lines", "{{ 1 }}", " "):
        wanted: dict[str, Any] = {
            "hostnames": [json.dumps(name, ensure_ascii=False)],
            "filters": {"environment.name": "trial"},
        }
        skipped = scene.read("environments", **wanted, groups={"in_production": "false"})
        assert (skipped.error, skipped.hosts, len(skipped.warnings)) == (None, {}, 1), name
        refused = scene.read("environments", **wanted, groups={"in_production": "false"}, strict=True)
        assert f"environment {ENVIRONMENT_ID + 1} of app {APP_ID}." in str(refused.error), name


@ONE
def test_no_host_takes_the_place_of_a_keyed_group(scene: Scene) -> None:
    """Nor that of a parent of one, or of a group of a later file: a play on its name would run on that app alone."""
    control(scene.address, "savepoints/titles", method="POST")
    for title in ("lang_Java", "languages"):
        scene.app(title)
    keyed: dict[str, Any] = {
        "keyed_groups": [{"key": "jst_app.language", "prefix": "lang", "parent_group": "languages"}]
    }
    lenient = scene.read("apps", **keyed)
    assert (lenient.error, sorted(lenient.hosts)) == (None, ["reports", "shop"])
    assert sorted(lenient.warnings) == [
        f"No host can be called lang_Java: app {APP_ID + 2}.",
        f"No host can be called languages: app {APP_ID + 3}.",
    ]
    assert lenient.groups["lang_Java"] == ["shop"]
    assert sorted(lenient.groups["languages"]) == ["reports", "shop"]
    strict = scene.read("apps", **keyed, strict=True)
    assert any(warning in str(strict.error) for warning in lenient.warnings)
    assert sorted(strict.hosts) == ["reports", "shop"]
    # Whatever else a strict file fails on.
    failing = scene.read("apps", keyed_groups=[*keyed["keyed_groups"], {"key": "jst_app.no"}], strict=True)
    assert "lang_Java" not in failing.hosts
    every = scene.write("apps", "every.jst.yml")
    later = scene.write("apps", "later.jst.yml", apps=["shop"], **keyed)
    both = scene.read_file(later, before=[every])
    assert sorted(both.hosts) == ["reports", "shop"]
    assert f"No host can be called lang_Java: app {APP_ID + 2} at {scene.address} ({every})." in both.warnings
    control(scene.address, "savepoints/titles/restore", method="POST")


@ONE
def test_ids_as_text(scene: Scene) -> None:
    """The example of the guide: what ids are in keys, in expressions with ``| string``, and in conditions."""
    [block] = [block.text for block in GUIDE.blocks if block.text.startswith("# ids.jst.yml")]
    example = yaml.safe_load(block)
    made = scene.read_file(scene.write(**example, name="ids.jst.yml", strict=True))
    assert (made.error, made.warnings) == (None, [])
    host = made.hosts["shop.production"]
    assert host["environment_label"] == f"environment-{ENVIRONMENT_ID}"
    assert host["app_id_text"] == str(APP_ID)
    assert made.groups[f"app_id_{APP_ID}"] == made.groups["first_app"] == ["shop.production", "shop.trial"]
    joined = {**example, "compose": {"label": example["compose"]["environment_label"].replace(" | string", "")}}
    refused = scene.read_file(scene.write(**joined, name="joined.jst.yml", strict=True))
    assert "Could not set label" in str(refused.error)


@ONE
def test_groups_by_numbers(scene: Scene) -> None:
    """Numbers and null in conditions and keys give the same groups on every ansible-core."""
    groups = {"some": "jst_environment.replicas", "none": "jst_environment.replicas - 2", "never": "jst_app.biz_title"}
    keys = [
        {"key": "jst_environment.replicas", "prefix": "r"},
        {"key": "jst_environment.replicas - 2", "prefix": "more"},
        {"key": "jst_app.biz_title", "prefix": "t"},
    ]
    made = scene.read("environments", details=True, groups=groups, keyed_groups=keys)
    assert made.error is None
    chosen = {
        name: sorted(hosts)
        for name, hosts in made.groups.items()
        if name.startswith(("some", "no", "ne", "r_", "m", "t_"))
    }
    both = ["shop.production", "shop.trial"]
    assert chosen == {
        "some": both,
        "none": [both[1]],
        "r_2": [both[0]],
        "r_1": [both[1]],
        "more_0": [both[0]],
        "more__1": [both[1]],
    }


@ONE
def test_nothing_but_regular_files_is_read(scene: Scene, tmp_path: Path) -> None:
    """A pipe would be waited for, whatever its name."""
    for name in ("hosts", "nodes.jst.yml"):
        os.mkfifo(tmp_path / name)
        assert scene.read_file(tmp_path / name).error == "not verified"
    (tmp_path / "folder.jst.yml").mkdir()
    for path in (tmp_path / "folder.jst.yml", Path("/dev/zero")):
        assert scene.read_file(path).error == "not verified"


@ONE
def test_strict(scene: Scene) -> None:
    """What an expression comes upon is an error for those who are strict."""
    options: list[dict[str, Any]] = [
        {"compose": {"x": "jst_app.nothing.at_all"}},
        {"groups": {"x": "jst_app.nothing.at_all"}},
        {"keyed_groups": [{"key": "jst_app.nothing.at_all", "prefix": "x"}]},
        {"hostnames": ["jst_app.nothing.at_all", "jst_app.title"]},
    ]
    for option in options:
        lenient = scene.read("apps", **option)
        assert (lenient.error, sorted(lenient.hosts)) == (None, ["reports", "shop"])
        strict = scene.read("apps", **option, strict=True)
        assert str(strict.error).startswith("Ansible")
        assert "nothing" in str(strict.error)
    known: dict[str, Any] = {"compose": {"x": "jst_app.title ~ colour"}, "extra_vars": {"colour": "red"}}
    assert "x" not in scene.read("apps", **known).hosts["shop"]
    assert scene.read("apps", **known, use_extra_vars=True).hosts["shop"]["x"] == "shopred"


@ONE
def test_nothing_is_evaluated(scene: Scene) -> None:
    """Templates in what others have written stay what they are, and so does what expressions make of them."""
    composed = {"x": "jst_app.description ~ ''", "y": "[jst_app.biz_title]"}
    made = scene.read("apps", compose=composed, expression="[x, y, jst_app]", description=True)
    x, y, app = made.given["reports"]
    assert x == app["description"] == scene.template
    assert y[0] == app["biz_title"] == scene.headed
    [config] = [one for one in made.hosts["shop"]["application_deploy_configs"] if one["env_type"] == "online"]
    assert config["config_maps"][0]["data"]["template"] == scene.template
    told = scene.read("apps", expression="application_deploy_configs", description=True).given["shop"]
    assert config in told
    groups = scene.read("apps", keyed_groups=[{"key": "jst_app.description", "prefix": "d"}]).groups
    assert len([name for name in groups if "lookup" in name]) == 1
    assert not scene.evil.exists()


NOTHING: dict[str, list[Any]] = {"filters": [{}], "exclude": [[]]}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown option": ({"fitlers": {}}, "There is no option 'fitlers'. Did you mean filters"),
    "unknown kind": ({"hosts": "nodes"}, "hosts"),
    "undefined variable": ({"endpoint": "{{ nowhere }}"}, "Option endpoint: 'nowhere' is undefined"),
    "no boolean": ({"validate_certs": "{{ 'maybe' }}"}, "Option validate_certs: The value 'maybe' is not a valid"),
    "unknown member": (
        {"filters": {"app.titel": "x"}},
        "Option filters has no member 'app.titel'. Did you mean app.title",
    ),
    "member of another kind": ({"exclude": [{"cluster.title": "x"}]}, "Option exclude has no member 'cluster.title'"),
    "unknown word": ({"filters": {"app.biz_code": "jst"}}, "has 'jst' for app.biz_code, whose values are JST, NEW"),
    "condition of no kind": ({"filters": {"app.title": {"a": 1}}}, "not with {'a': 1}"),
    **{
        f"{option} that are {value!r}": ({"hosts": hosts, option: value}, f"Option {option} is null or empty")
        for option, hosts in (("apps", "apps"), ("apps", "environments"), ("clusters", "cluster_nodes"))
        for value in (None, "", [], "{{ [] }}", "{{ none }}", [None], ["shop", " "], "\u200b", ["\u2060"])
    },
    **{
        f"{option} that is {value!r}": ({option: value}, f"Option {option} is null or empty. Leave it out to {meaning}")
        for option, meaning in (("filters", "choose"), ("exclude", "exclude no host"), ("group", "use the group"))
        for value in (None, "", " ", "\u200b", "{{ none }}", *NOTHING.get(option, ()))
    },
    "a title of two lines": ({"apps": ["shop\n"]}, "Option apps holds the control character U+000A"),
    "a group of two lines": ({"group": "a\nb"}, "Option group holds the control character U+000A"),
    "an id that is none of many": ({"filters": {"app.app_id": []}}, "Option filters has no value for app.app_id"),
    "an id of blanks": ({"filters": {"app.app_id": "\u200b"}}, "Option filters has no value for app.app_id"),
    "a text of blanks": ({"exclude": [{"app.biz_title": " "}]}, "Option exclude has no value for app.biz_title"),
    **{
        f"a number that is {value!r}": ({"read_timeout": value}, f"Option read_timeout: {words} is not a number")
        for value, words in ((True, "true"), ("1_0", "'1_0'"), ("{{ '１' }}", "'１'"))
    },
    "no whole number": ({"cache_timeout": "1e3"}, "Option cache_timeout: '1e3' is not a whole number"),
    "a secret for a choice": ({"signature_version": "A-wrong-hush-1"}, "Option signature_version has a value other"),
    "a secret for a number": ({"read_timeout": "A-wrong-hush-1"}, "Option read_timeout: "),
    "a title that is null": ({"filters": {"app.title": None}}, "Option filters has no value for app.title"),
    "no condition": ({"exclude": [{}]}, "Option exclude has an entry without any condition"),
    "filters that are none": (
        {"exclude": ["x"]},
        "Option exclude has to be a dictionary of members and their values, not 'x'",
    ),
    "unknown app": ({"apps": ["shpo"]}, "There is no app 'shpo'. Did you mean shop?"),
    "option of another kind": (
        {"clusters": ["x"]},
        "Option clusters only applies when hosts is cluster_nodes. Here, hosts is apps.",
    ),
    "roles without details": ({"filters": {"app.user_roles": "x"}}, "Option filters has no member 'app.user_roles'"),
    "replicas without details": (
        {"hosts": "environments", "filters": {"environment.replicas": 1}},
        "Only details tell environment.replicas. Set details to true.",
    ),
    "reserved name": (
        {"hosts": "environments", "vars_prefix": ""},
        "Option vars_prefix: 'environment' cannot be the name of a variable",
    ),
    "reserved name of a composed variable": (
        {"compose": {"tags": "1"}},
        "Option compose: 'tags' cannot be the name of a variable",
    ),
    "impossible name": ({"compose": {"a-b": "1"}}, "Option compose: 'a-b' is not a valid variable name."),
    "half a pair": ({"access_key_id": "other"}, "access_key_secret is not. Give access_key_secret"),
    "unknown key": ({"access_key_id": "nobody", "access_key_secret": "wrong-hush"}, "check access_key_id"),
    "wrong secret": ({"access_key_id": "emulator-key-id", "secret_key": "wrong-hush"}, "check access_key_secret"),
    "nothing listens": ({"endpoint": "http://127.0.0.1:9", **NO_RETRY}, "Check host and port of the endpoint"),
    "no profile": ({"profile": "nobody", "config_file": "/nowhere.json"}, "Could not read /nowhere.json"),
}


@ONE
def test_what_is_wrong_is_told(scene: Scene) -> None:
    """An error that says what to do about it, of one kind, without a secret, and without hosts."""
    for case, (options, message) in WRONG.items():
        made = scene.read(**{"hosts": "apps", **options})
        error = str(made.error)
        assert message in error, f"{case}: {error}"
        assert error.startswith("Ansible"), f"{case}: {error}"
        assert not [secret for secret in SECRETS if secret in error], case
        assert not made.hosts, case


@ONE
def test_access_is_that_of_modules(scene: Scene) -> None:
    """Options under every name, templates with variables and lookups, the environment, and a profile."""

    def works(**options: Any) -> bool:
        return scene.read("apps", environment=CHANGED, **options).error is None

    pair = {"access_key_id": "{{ key }}", "alicloud_secret_key": "{{ lookup('ansible.builtin.env', 'MINE') }}"}
    assert not works()
    environment = {**CHANGED, "MINE": "emulator-key-secret"}
    templated = scene.read("apps", environment=environment, extra_vars={"key": "emulator-key-id"}, **pair)
    assert templated.error is None
    key = {**KEY, "name": "p", "mode": "AK"}
    config = scene.folder / "config.json"
    config.write_text(json.dumps({"current": "p", "profiles": [key]}))
    config.chmod(0o600)
    assert works(config_file=str(config), endpoint="{{ nowhere | default('') }}", read_timeout="{{ '' }}")
    config.chmod(0o644)
    assert "everyone on this machine can read it" in scene.read("apps", shared_credentials_file=str(config)).warnings[0]


@ONE
def test_cache(scene: Scene, tmp_path: Path) -> None:
    """What was read is not read again, unless something else is asked for, or by somebody else."""
    kept: dict[str, Any] = {
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path),
        "description": True,
    }
    first = scene.read("apps", **kept)
    again = scene.read("apps", **kept)
    assert first.calls
    assert (again.calls, again.hosts) == ([], first.hosts)
    named = scene.read("apps", **kept, hostnames=["'app-' ~ jst_app.title"], keyed_groups=[{"key": "jst_app.language"}])
    assert (named.calls, sorted(named.hosts), named.groups["_Java"]) == ([], ["app-reports", "app-shop"], ["app-shop"])
    assert scene.read("apps", **kept, expression="jst_app.description").given["reports"] == scene.template
    assert scene.read("apps", **kept, cache=False).calls, "the inventory was to be read anew"
    for other in ({"apps": ["shop"]}, {"filters": {"app.language": "Java"}}, {"exclude": [{"app.title": "shop"}]}):
        assert scene.read("apps", **kept, **other).calls, other
    assert scene.read("environments", **{**kept, "description": False}).calls
    stranger = scene.read("apps", **kept, environment=CHANGED)
    assert "InvalidAccessKeyId" in str(stranger.error)
    assert not stranger.hosts
    elsewhere = scene.read("apps", **kept, endpoint=scene.address.replace("127.0.0.1", "localhost"))
    assert elsewhere.calls
    files = list(tmp_path.iterdir())
    written = " ".join([*map(str, files), *(file.read_text() for file in files)])
    assert "shop" in written
    assert not [secret for secret in (*SECRETS, "emulator-key-id") if secret in written]
    for file in files:
        file.write_text("[1]")
    assert scene.read("apps", **kept).hosts == first.hosts


@ONE
def test_faults(scene: Scene, tmp_path: Path) -> None:
    """Passing faults are sat out. What stays is an error, or a warning where an inventory may be partial."""
    kept: dict[str, Any] = {"cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path)}
    for kind in ("throttle", "drop_before", "drop_after", "garbage", "unavailable"):
        scene.fault(kind, "ListClusterNode")
        assert len(scene.read("cluster_nodes").hosts) == 5, kind
    scene.fault("throttle", "ListApp", count=None)
    assert "Could not list apps: " in str(scene.read("apps", **NO_RETRY).error)
    control(scene.address, "faults", method="DELETE")
    scene.fault("gateway", "ListClusterNode", code="Forbidden.RAM", status=403)
    refused = scene.read("cluster_nodes", **kept)
    assert "Could not list the nodes of cluster 'emu-" in str(refused.error)
    assert "Forbidden.RAM" in str(refused.error)
    assert not refused.hosts
    scene.fault("gateway", "ListClusterNode", code="Forbidden.RAM", status=403)
    partial = scene.read("cluster_nodes", **kept, partial=True)
    assert partial.error is None
    assert sorted(partial.hosts) in (ONLINE_NODES, TEST_NODES)
    [warning] = partial.warnings
    assert warning.startswith("The inventory is incomplete. Could not list the nodes of cluster 'emu-")
    assert len(scene.read("cluster_nodes", **kept).hosts) == 5, "what is not whole was kept"
    scene.fault("gateway", "ListClusterNode", code="InvalidAccessKeyId.Inactive", status=403)
    inactive = scene.read("cluster_nodes", partial=True)
    assert "InvalidAccessKeyId.Inactive" in str(inactive.error), "a key that has gone is no trouble of one cluster"
    control(scene.address, "faults", method="DELETE")
    scene.fault("gateway", "ListCluster", code="Forbidden.RAM", status=403)
    assert "Could not list clusters" in str(scene.read("cluster_nodes", partial=True).error)


@ONE
def test_many(scene: Scene) -> None:
    """More apps than a page has, and than a warning names."""
    control(scene.address, "savepoints/few", method="POST")
    for number in range(55):
        scene.app(f"many-{number}", Description=f"{number}")
    assert len(scene.read("apps", filters={"app.title": "many-*"}).hosts) == 55
    many = scene.read("environments", filters={"app.title": "many-*"})
    assert (many.error, many.hosts, many.actions.count("ListAppEnvironment")) == (None, {}, 55)
    [warning] = scene.read("apps", filters={"app.title": "many-*"}, hostnames=["''"]).warnings
    assert warning.endswith(" and 50 more.")
    control(scene.address, "savepoints/few/restore", method="POST")
    assert len(scene.read("apps").hosts) == 2


@ONE
def test_examples(scene: Scene, tmp_path: Path) -> None:
    """Those of the documentation and of the guide, and the files beside the example inventory."""
    plugin = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.inventory.jst")
    # ansible-test of ansible-core 2.16 takes one document only, so all but the first are comments.
    texts = [text.strip().splitlines() for text in plugin.EXAMPLES.split("# ---\n")]
    assert [title.startswith("# ") and ".jst.yml: " in title for title, *_lines in texts] == [True] * len(texts)
    documented = [yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines)) for _title, *lines in texts]
    production = {"name": "production", "mode": "AK", **KEY}
    profiles = tmp_path / ".aliyun" / "config.json"
    profiles.parent.mkdir()
    profiles.write_text(json.dumps({"current": "production", "profiles": [production]}))
    profiles.chmod(0o600)
    files = [scene.write(**{**example, "name": f"{number}.jst.yml"}) for number, example in enumerate(documented)]
    blocks = [block.text for block in GUIDE.blocks if block.text.startswith("# ") and block.language == "yaml"]
    files += [scene.write(**yaml.safe_load(text), name=f"guide-{number}.jst.yml") for number, text in enumerate(blocks)]
    assert blocks
    assert EXAMPLES
    for file in (*files, *EXAMPLES):
        made = scene.read_file(
            file,
            environment={"HOME": str(tmp_path), "JST_SECRET": KEY["access_key_secret"]},
            extra_vars={"jst_access_key_id": KEY["access_key_id"]},
        )
        assert (made.error, made.warnings) == (None, []), file
        assert made.hosts, file
    assert list((tmp_path / ".cache" / "jst-inventory").iterdir())


def test_adopting(emulators: Emulators, tmp_path: Path) -> None:
    """What is there, described: a run over the description changes nothing, and what is changed in it is found."""
    scene = Scene(emulators.fresh(), tmp_path)
    made = scene.read("apps", description=True, filters={"app.title": "shop"}, name="adopt.jst.yml")
    scene.close()
    assert not [secret for secret in SECRETS if secret in json.dumps(made.hosts)]
    [production] = [one for one in made.hosts["shop"]["application_environments"] if one["name"] == "production"]
    assert (production["deploy_config"], production["cluster"], production["replicas"]) == ("web", ONLINE, 2)
    assert [len(production[part]) for part in ("services", "slb_aps", "volume_claims")] == [1, 1, 1]
    playbook = ["-i", str(tmp_path / "adopt.jst.yml"), str(ROOT / "playbooks" / "fleet.yml")]
    [same] = run_playbook(scene.address, tmp_path, playbook)[0]
    assert (same.host, same.result["failed"], same.result["changed"], same.writes) == ("shop", False, False, [])
    [other] = run_playbook(scene.address, tmp_path, [*playbook, "-e", "application_biz_title=Shop", "--check"])[0]
    assert other.result["steps"] == ["update app 'shop'"]


def test_commands(emulators: Emulators, tmp_path: Path) -> None:
    """The plugin as Ansible's own commands come upon it, also under a name that is not one of its files."""
    address = emulators.fresh()
    file = tmp_path / "nodes.jst.yml"
    text, command_line, shown = (block.text for block in GUIDE.blocks[:3])
    file.write_text(text)
    file.with_name("nodes.yml").write_text(text)

    def command(line: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **access(address)}
        name, *arguments = line.split()
        words = [str(BIN / name), *arguments]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)

    graph = command(command_line)
    assert (graph.returncode, graph.stderr, graph.stdout) == (0, "", shown)
    listed = json.loads(
        command("ansible-inventory -i nodes.jst.yml --list --export --limit i-emu-node-1,i-emu-node-3").stdout
    )
    assert listed["jst_cluster_nodes"]["hosts"] == ["i-emu-node-1", "i-emu-node-3"]
    assert "its name has to end in one of jst.yml" in command("ansible-inventory -i nodes.yml --graph").stderr
    documented = json.loads(command(f"ansible-doc --json -t inventory {COLLECTION}.jst").stdout)
    assert "cluster_nodes" in documented[f"{COLLECTION}.jst"]["doc"]["options"]["hosts"]["choices"]
