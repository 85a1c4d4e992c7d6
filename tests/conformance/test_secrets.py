# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets come out nowhere: of no module and no role, in neither way of running, whatever the service answers."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_redaction import NO_LOG_MASK
from tests.conformance.canaries import Canaries, Processes, filled, secret, secrets, specification, texts
from tests.conformance.echo_server import WAYS, echo
from tests.conformance.forkserver import SERVER
from tests.conformance.module_cases import AN_ENVIRONMENT, APP, CONFIG, ENVIRONMENT, MODULE_CASES, MYSQL, PLACE
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook, run_tasks, task
from tests.conformance.system_log import SystemLog
from tests.tools.module_texts import MODULES
from tests.tools.running_emulator import emulator

DEFAULT_WORLD = Path(__file__).parents[1] / "emulator" / "jst_emulator" / "worlds" / "default.yml"
KEY = {"access_key_id": "canary-key"}
ACCESS = ("access_key_secret", "security_token")
# The ways of refusing in which every module is tried, and not only those with secrets of their own.
THOROUGH = ("mismatch", "failure")
GROUP = f"group/{COLLECTION}.jst"
STATE: dict[str, dict[str, Any]] = {case.module: {**case.key, **case.create} for case in MODULE_CASES}
INFO: dict[str, dict[str, Any]] = {f"{case.module}_info": case.info for case in MODULE_CASES if case.info}


class Stage:
    """An emulator, services that refuse, and folders for what goes in and for what comes out."""

    def __init__(self, stack: ExitStack, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.canaries = Canaries()
        self.hidden: dict[str, Any] = {}
        self.access = {**KEY, **{name: self.canaries.text(name) for name in ACCESS}}
        self.specs = {module: specification(module, patch) for module in MODULES}
        self.given = folder / "in"
        self.made = folder / "out"
        self.given.mkdir()
        for name in ("", "tmp", "facts"):
            (self.made / name).mkdir()
        world = self.given / "world.yml"
        world.write_text(yaml.safe_dump(self._world()))
        options = ("--time-scale", "120", "--world", str(world))
        self.address = stack.enter_context(emulator(*options, log=self.made / "emulator.log"))
        self.ways = {
            way: stack.enter_context(echo(way, self.address, *map(self.canaries.text, ACCESS))) for way in WAYS
        }

    def _world(self) -> dict[str, Any]:
        """A key with a token, and logs that hold links with signatures."""
        default = yaml.safe_load(DEFAULT_WORLD.read_text(encoding="utf-8"))
        links = [
            f"GET https://oss.example.com/shop?Signature=a%2B{self.canaries.core('link in a log')}%3D 200",
            f"license_key: '{self.canaries.core('license key in a log')}'",
        ]
        logs = {name: links for name in ("app_log", "failing_log", "job_log")}
        clusters = [
            {**cluster, "password": self.canaries.text(f"root password of {cluster['title']}")}
            for cluster in default["clusters"]
        ]
        return {"credentials": [self.access], "settings": {"monitoring": logs}, "clusters": clusters}

    def options(self, module: str, **given: Any) -> dict[str, Any]:
        """Options of a module, with canaries; those for access come from the defaults of the play."""
        waiting = {"wait_interval": 0.5} if "wait_interval" in self.specs[module] else {}
        usual = {**waiting, **STATE.get(module, {}), **INFO.get(module, {}), **given}
        options = filled(self.specs[module], usual, module, self.canaries)
        return {name: self.hide(value) for name, value in options.items() if name not in ACCESS}

    def hide(self, value: Any) -> Any:
        """A template for a value that holds a canary: Ansible shows the lines of a playbook that a task stands in."""
        if not self.canaries.found(json.dumps(value)):
            return value
        self.hidden[f"v{len(self.hidden)}"] = value
        return f"{{{{ hidden.v{len(self.hidden) - 1} }}}}"

    def own(self) -> list[str]:
        """The modules with secrets besides those for access."""
        return [module for module in MODULES if {path[-1] for path in secrets(self.specs[module])} - set(ACCESS)]

    def run_tasks(self, name: str, tasks: list[dict[str, Any]], endpoint: str | None = None) -> dict[str, Any]:
        """A play whose modules all have the key."""
        keys = {name: self.hide(value) for name, value in self.access.items()}
        defaults: dict[str, Any] = {**keys, "retry_timeout": 0.2, "endpoint": endpoint or self.address}
        return {
            "name": name,
            "hosts": "localhost",
            "gather_facts": False,
            "connection": "local",
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "module_defaults": {GROUP: defaults},
            "tasks": tasks,
        }

    def run(self, plays: list[dict[str, Any]], in_process: bool) -> list[Recorded]:
        """Run plays with everything that Ansible can be made to say, and look for canaries wherever it was left.

        :raises AssertionError: naming the places and the secrets.
        """
        playbook = self.given / "playbook.yml"
        playbook.write_text(yaml.safe_dump(plays, sort_keys=False))
        hidden = self.given / "hidden.yml"
        hidden.write_text(yaml.safe_dump({"hidden": self.hidden}))
        environment = {
            "ANSIBLE_LOG_PATH": str(self.made / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.made / "facts"),
            "ANSIBLE_LOCAL_TEMP": str(self.made / "tmp" / "local"),
            "ANSIBLE_REMOTE_TEMP": str(self.made / "tmp" / "remote"),
            "TMPDIR": str(self.made / "tmp"),
        }
        with Processes() as processes, SystemLog(self.made / "syslog") as log:
            environment.update(log.environment)
            records, output = run_playbook(
                self.address,
                self.made,
                [str(playbook), "-vvvvv", "--diff", "-e", f"@{hidden}"],
                in_process=in_process,
                environment=environment,
            )
        (self.made / "output.txt").write_text(output)
        assert "canary-key" in output, "nothing was said"
        assert any(SERVER.name in one for one in processes.seen), "nobody watched the processes"
        logged = (self.made / "syslog").read_text(encoding="utf-8", errors="replace")
        assert "journal: ansible-" in logged, "nothing was logged"
        assert "\nansible-" in logged, "nothing was logged where there is no journal"
        state = control(self.address, "state")
        assert state["settings"].pop("monitoring")["app_log"], "the emulator has no logs"
        (self.made / "state.json").write_text(json.dumps(state))
        (self.made / "calls.json").write_text(json.dumps(control(self.address, "calls")))
        (self.made / "processes.txt").write_text("\n".join(processes.seen))
        leaks = {name: self.canaries.found(text) for name, text in texts(self.made)}
        assert {name: found for name, found in leaks.items() if found} == {}
        return records


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Where secrets are put to the test."""
    with ExitStack() as stack:
        yield Stage(stack, tmp_path, monkeypatch)


def any_operations(stage: Stage) -> list[dict[str, Any]]:
    """Tasks of the module that takes any parameter, with those that are secret."""
    place = {"DbInstanceId": MYSQL, "AccountName": "any"}
    password = {"AccountPassword": stage.hide(stage.canaries.text("jst_api AccountPassword"))}
    return [task("account by hand", "jst_api", {"action": "CreateAccount", "parameters": {**place, **password}})]


def misplaced(stage: Stage) -> list[dict[str, Any]]:
    """Tasks that hold secrets in places where they are refused."""
    canaries = stage.canaries
    place = {"DbInstanceId": MYSQL, "AccountName": "any"}
    config = {"app": "shop", "name": "misplaced", "env_type": "test"}
    mapping: dict[str, Any]
    mapping, text, compact = canaries.documents("a Secret in a wrong place")
    encoded = base64.b64encode(text.encode()).decode()
    upper = {"KIND": "Secret", **{name: value for name, value in mapping.items() if name != "kind"}}

    def password(name: str) -> dict[str, Any]:
        return {name: canaries.text(f"password under the name {name}")}

    def by_hand(action: str, **parameters: Any) -> tuple[str, dict[str, Any]]:
        return "jst_api", {"action": action, "parameters": parameters}

    account = {"instance_id": MYSQL, "name": "misplaced"}
    several = [
        by_hand("CreateAcount", **place, **password("AccountPassword")),
        *(
            by_hand("CreateAccount", **place, **password(name))
            for name in ("Accountpassword", "account_password", "AccountPassword.1", "Pass")
        ),
        by_hand("CreateCluster", UserRoles=[password("inside")], **password("password")),
        by_hand("CreateDeployConfg", AppId=1, Name="misplaced", ConfigMapList=[encoded], Deployment=encoded),
        by_hand("CreateDeployConfig", AppId=1, Name="misplaced", SecretList=encoded, **{"SecretList.1": encoded}),
        ("jst_api", {"action": "CreateAccount", "parameters": f"AccountPassword={canaries.core('in a text')} X=1"}),
        ("jst_deploy_config", {**config, "config_maps": [mapping, text, compact]}),
        ("jst_deploy_config", {**config, "config_maps": [{**mapping, "kind": "secrets"}]}),
        ("jst_deploy_config", {**config, "config_maps": [f"{text}\n---\n{text}", f"{text}: ["]}),
        ("jst_deploy_config", {**config, "deployment": mapping}),
        ("jst_deploy_config", {**config, "deployment": text}),
        ("jst_deploy_config", {**config, "secrets": f"{text}, {compact}"}),
        ("jst_deploy_config", {**config, "secrets": mapping}),
        ("jst_deploy_config", {**config, "secret": [mapping]}),
        ("jst_rds_account", {**account, **password("pasword")}),
        ("jst_rds_account", {**account, "password": password("nested")}),
        ("jst_app", {"title": "misplaced", **password("Password")}),
        ("jst_application", {"title": "misplaced", "accounts": [{**account, **password("passwort")}]}),
        ("jst_application", {"title": "misplaced", "accounts": json.dumps([{**account, **password("jsn")}])}),
        ("jst_application", {"title": "misplaced", "deploy_configs": [{**config, "config_maps": [text]}]}),
        ("jst_app_info", {"endpoint": f"https://user:{canaries.core('password in an endpoint')}@example.com"}),
        ("jst_app_info", {"endpoint": f"user:{canaries.core('password in an endpoint without a scheme')}@example.com"}),
        ("jst_deployment", {**PLACE, "packet_url": f"user:{canaries.core('password in a URL')}@example.com/shop.tgz"}),
        ("jst_deploy_config", {**config, "config_maps": [upper, json.dumps(upper)]}),
        ("jst_deploy_config", {**config, "deployment": {**upper, "Kind": "secret"}}),
        ("jst_deploy_config", {**config, "env_type": canaries.core("secret for a choice")}),
        ("jst_deploy_config", {**config, "env_type": upper}),
        ("jst_deploy_config", {**config, "app": f'{{"kind": "Secret", "x": "{canaries.core("secret for a name")}"}}'}),
        ("jst_deploy_config", {**config, "secrets": [{**mapping, "data": {"x": f"{canaries.core('no base64')}!"}}]}),
        ("jst_application", {"title": "misplaced", "accounts": [{**account, "type": canaries.core("nested choice")}]}),
        ("jst_scale", {**PLACE, "replicas": canaries.core("secret for a number")}),
    ]
    return [
        task(f"misplaced {number}", module, {name: stage.hide(value) for name, value in options.items()})
        for number, (module, options) in enumerate(several)
    ]


def test_modules_in_the_worker(stage: Stage) -> None:
    """Every module, with every secret that it takes, where all goes well and where it does not."""
    check(stage, [task(module, module, stage.options(module)) for module in MODULES if module != "jst_api"], True)


def test_modules_in_an_interpreter(stage: Stage) -> None:
    """The modules that take secrets besides those for access, which are the same for all; one way of refusing."""
    stage.ways = {"mismatch": stage.ways["mismatch"]}
    check(stage, [task(module, module, stage.options(module)) for module in stage.own()], False)


def check(stage: Stage, every: list[dict[str, Any]], in_process: bool) -> None:
    """Run tasks against the ways of refusing, and then where they can do something."""
    own = [one for one in every if one["name"] in stage.own()]
    plays = [
        stage.run_tasks("prepare", [task(f"prepare {name}", name, options) for name, options in AN_ENVIRONMENT[:2]])
    ]
    for way, address in stage.ways.items():
        tasks = every if way in THOROUGH else own
        plays.append(stage.run_tasks(way, [*tasks, *any_operations(stage)], address))
    registered = [{**one, "register": name} for one, name in zip(every, names(every), strict=True)]
    kept = {
        "name": "keep",
        "ansible.builtin.set_fact": {"kept": "{{ [" + ", ".join(names(every)) + "] }}", "cacheable": True},
    }
    wrong = misplaced(stage)
    plays.append(stage.run_tasks("all goes well", [*registered, kept, *told(stage), *wrong]))
    records = stage.run(plays, in_process)

    done = {record.task: record for record in records}
    named = [one["name"] for one in own]
    assert {name: done[name].result.get("msg") for name in named if done[name].result["failed"]} == {}
    refused = [record for record in records if record.task in named and record.result["failed"]]
    assert len(refused) == len(named) * len(stage.ways)
    refusals = [done[one["name"]] for one in wrong]
    assert [record.task for record in refusals if record.writes or not record.result["failed"]] == []
    assert done["keep"].result["ansible_facts"]["kept"]
    assert done["configs by hand"].result["response"][0]["container_yaml_conf"]["secret_list"] == ["********"] * 3
    assert "Signature=********" in str(done["logs by hand"].result["response"])
    assert "Signature=********" in str(done["logs"].result["pods"])
    assert (stage.made / "ansible.log").stat().st_size > 0
    assert list((stage.made / "facts").iterdir())


def told(stage: Stage) -> list[dict[str, Any]]:
    """Tasks that are told secrets by the service, which they never gave it."""
    release = {"deploy_order_id": "{{ orders.deploy_orders[0].deploy_order_id }}"}
    pod = {"AppId": 10001, "EnvId": 20001, "PodName": "{{ pods.pods[0].instance }}", "Line": 10}
    return [
        task("configs", "jst_deploy_config_info", {"app": "shop"}),
        task("configs by hand", "jst_api", {"action": "ListDeployConfig", "parameters": {"AppId": 10001}}),
        task("clusters by hand", "jst_api", {"action": "ListCluster", "all_pages": True}),
        task("orders", "jst_deploy_order_info", PLACE, register="orders"),
        task("logs", "jst_pod_info", {**PLACE, **release, "log": True, "container_log": True}, register="pods"),
        task("logs by hand", "jst_api", {"action": "DescribePodContainerLogList", "parameters": pod}),
    ]


def names(tasks: list[dict[str, Any]]) -> list[str]:
    """A variable for the result of each task."""
    return [f"result_{number}" for number, _dummy in enumerate(tasks)]


WORD = "precious"


def test_a_secret_that_is_an_ordinary_word_spoils_nothing(tmp_path: Path) -> None:
    """It is the name of the app, too; what stands there in the open stays, and so does what later tasks make of it."""
    secrets = [
        secret("mapping", stringData={"user": WORD, "version": "v1", "kind": "Secret"}),
        yaml.safe_dump(secret("text", data={"user": base64.b64encode(WORD.encode()).decode()})),
    ]
    config = {"app": WORD, "name": WORD, "env_type": "online", "deployment": workload(WORD)}
    change = {**config, "secrets": secrets, "access_key_secret": WORD}
    whole = {
        **APP,
        "title": WORD,
        "deploy_configs": [{**without(config, "app"), "secrets": secrets}],
        "access_key_secret": WORD,
    }
    tasks = [
        task("app", "jst_app", {**APP, "title": WORD}),
        task("preview", "jst_deploy_config", change, check_mode=True, diff=True, register="preview"),
        task("config", "jst_deploy_config", change, diff=True, register="done"),
        task("again", "jst_app_info", {"title": "{{ done.deploy_config.deployment.metadata.name }}"}),
        task("drift", "jst_application", whole, check_mode=True, diff=True),
        task("wrong", "jst_deploy_config", {**change, "app": f"{WORD}-stones"}),
    ]
    world = tmp_path / "world.yml"
    world.write_text(yaml.safe_dump({"credentials": [{**KEY, "access_key_secret": WORD}]}))
    results: list[list[dict[str, Any]]] = []
    for in_process in (True, False):
        with emulator("--time-scale", "120", "--world", str(world)) as address:
            keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": KEY["access_key_id"], "ALIBABA_CLOUD_ACCESS_KEY_SECRET": WORD}
            records = run_tasks(address, tmp_path, tasks, in_process=in_process, environment=keys)
        results.append([plain(record.result, address) for record in records])
    assert results[0] == results[1]
    preview, config_made, again, drift, wrong = results[0][1:]
    assert [one["failed"] for one in results[0]] == [False] * 5 + [True]
    assert NO_LOG_MASK not in json.dumps(without_invocation(results[0]))
    for done in (preview, config_made):
        assert done["deploy_config"]["name"] == WORD
        assert done["deploy_config"]["secrets"] == ["mapping", "text"]
        assert done["diff"]["after"].startswith(f"name: {WORD}\n")
        assert done["invocation"]["module_args"]["secrets"] == NO_LOG_MASK
        assert done["invocation"]["module_args"]["access_key_secret"] == NO_LOG_MASK
    assert [app["title"] for app in again["apps"]] == [WORD]
    assert not drift["changed"]
    assert drift["application"]["app"]["title"] == WORD
    assert f"{WORD}-stones" in wrong["msg"]
    assert base64.b64encode(WORD.encode()).decode() not in json.dumps(results)


def plain(result: dict[str, Any], address: str) -> dict[str, Any]:
    """A result without what no two runs have in common."""
    text = json.dumps(result).replace(address, "http://emulator")
    return dict(json.loads(re.sub(r'"(request_id|gmt_\w+|create\w*|modif\w*)": "[^"]*"', r'"\1": ""', text)))


def without_invocation(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results without the options that led to them."""
    return [{name: value for name, value in result.items() if name != "invocation"} for result in results]


def workload(name: str) -> dict[str, Any]:
    """A Deployment."""
    labels = {"app": name}
    container = {"name": name, "image": f"registry.example.com/{name}:1.0"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


# Roles


def test_roles(stage: Stage) -> None:
    """Roles with secrets in their variables, where all goes well and where not; the probe of a release fails."""
    canaries = stage.canaries
    account = {"instance_id": MYSQL, "name": "shop", "password": canaries.text("role: password of an account")}
    app = {f"application_{name}": value for name, value in APP.items()}
    config = {**without(CONFIG, "app"), "secrets": canaries.documents("role: secrets")}
    environment = {**without(ENVIRONMENT, "app"), "cluster": "emu-online"}
    cluster = {
        **{f"cluster_{name.removeprefix('cluster_')}": value for name, value in STATE["jst_cluster"].items()},
        "cluster_password": canaries.text("role: password of nodes"),
    }
    header = {"Authorization": canaries.text("role: header of a probe")}
    parts: list[tuple[str, dict[str, Any]]] = [
        ("database", {"database_accounts": [account]}),
        (
            "application",
            {
                **app,
                "application_deploy_configs": [config],
                "application_environments": [environment],
                "application_accounts": [account],
            },
        ),
        ("cluster", cluster),
        (
            "release",
            {
                "release_app": "shop",
                "release_environment": "production",
                "release_partitions": 1,
                "release_images": ["registry.example.com/shop:1.0"],
                "release_wait_interval": 0.5,
                "release_verify_timeout": 2,
                "release_verify_interval": 1,
                "release_soak": 0,
                "release_on_failure": "close",
                "release_probes": [{"url": stage.ways["failure"], "headers": header}],
            },
        ),
    ]
    hidden = [(role, {name: stage.hide(value) for name, value in variables.items()}) for role, variables in parts]
    plays = [
        stage.run_tasks(way, [attempt(role, variables) for role, variables in hidden], stage.ways.get(way))
        for way in ("mismatch", "all goes well")
    ]
    records = stage.run(plays, in_process=True)
    failed = [record for record in records if record.result["failed"]]
    assert {call["action"] for record in records for call in record.calls if call["executed"]} >= {
        "CreateAccount",
        "CreateCluster",
        "CreateDeployConfig",
        "DeployApp",
    }
    assert any("responded with 500" in str(record.result.get("msg")) for record in failed), failed[-1]
    assert "SignatureDoesNotMatch" in str([record.result for record in failed])


def without(options: dict[str, Any], name: str) -> dict[str, Any]:
    """Options but for one."""
    return {key: value for key, value in options.items() if key != name}


def attempt(role: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Tasks that run a role, and go on if it fails."""
    included = {"ansible.builtin.include_role": {"name": f"{COLLECTION}.{role}"}, "vars": variables}
    return {"block": [included], "rescue": [{"ansible.builtin.debug": {"msg": f"{role} failed"}}]}
