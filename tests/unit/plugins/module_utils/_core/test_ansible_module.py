# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AnsibleModule and the objects of the engine hide the secrets of options, and no other text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.credential_providers import Credentials
from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import EnvValue
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.parameters import encode_params
from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import SecretText
from ansible_collections.jst.retailcloud.plugins.module_utils._api.responses import ApiResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core import entry_points as entry
from ansible_collections.jst.retailcloud.plugins.module_utils._core.ansible_module import AnsibleModule
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import Outcome
from ansible_collections.jst.retailcloud.plugins.module_utils._core.graph import ResourceNode
from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_redaction import (
    NO_LOG_MASK,
    is_unmistakable,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.plan import Plan
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.plugin_utils import in_process

SPEC: dict[str, Any] = {
    "name": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "secrets": {"type": "list", "elements": "raw", "no_log": True},
}
STRONG = "Zq7Kx-Canary"
DOCUMENT = {"kind": "Secret", "metadata": {"name": "n"}, "stringData": {"user": "shop", "other": "v1"}}

Run = Callable[[Callable[[], None], dict[str, Any]], dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a function as a module, and return its result."""

    def result_of(main: Callable[[], None], options: dict[str, Any]) -> dict[str, Any]:
        module = ModuleType("made_up_module")
        monkeypatch.setattr(module, "main", main, raising=False)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        further = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}
        payload = in_process.encode_arguments({**options, **further})
        return dict(json.loads(in_process.call(module.__name__, payload, {}, str(tmp_path))["stdout"]))

    return result_of


def finish() -> None:
    """Run a module that returns words."""
    module = AnsibleModule(argument_spec=SPEC)
    assert module.params["password"] != NO_LOG_MASK
    module.hide_secrets()
    module.exit_json(words=["Secret", "v1", "shop", "n"])


def test_words_stay(run: Run) -> None:
    options = {"name": "shop", "password": "shop", "secrets": [DOCUMENT]}
    result = run(finish, options)
    assert result["words"] == ["Secret", "v1", "shop", "n"]
    assert result["invocation"]["module_args"] == {
        "name": "shop",
        "password": NO_LOG_MASK,
        "secrets": NO_LOG_MASK,
    }


def test_options_that_are_refused_are_hidden_as_well(run: Run) -> None:
    result = run(finish, {"name": "shop", "password": "shop", "secret": [DOCUMENT]})
    assert result["failed"]
    assert "secret" in result["msg"]
    assert result["invocation"]["module_args"] == {
        "name": "shop",
        "password": NO_LOG_MASK,
        "secret": NO_LOG_MASK,
        "secrets": None,
    }


@pytest.mark.parametrize(
    "options",
    [
        {"accounts": [[{"name": "n", "password": STRONG}]]},
        {"accounts": [{"documents": [{"stringData": {"a": STRONG}}, STRONG]}]},
        {"accounts": [{"documents": {"stringData": {"a": STRONG}}}, STRONG]},
    ],
)
def test_a_value_of_a_wrong_shape_is_not_quoted_with_its_secrets(run: Run, options: dict[str, Any]) -> None:
    members = {
        "name": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "documents": {"type": "list", "elements": "dict", "no_log": True},
    }
    spec = {"name": {"type": "str"}, "accounts": {"type": "list", "elements": "dict", "options": members}}
    result = run(lambda: AnsibleModule(argument_spec=spec).exit_json(), options)
    assert result["failed"], result
    assert STRONG not in json.dumps(result)


@pytest.mark.parametrize(
    "options",
    [
        {"mode": STRONG},
        {"modes": f"fast,{STRONG}"},
        {"size": STRONG},
        {"mode": {"KIND": "secret", "data": {"a": STRONG}}},
        {"name": {"Kind": "Secret", "data": {"a": STRONG}}, "size": "x"},
        {"endpoint": f"user:{STRONG}@example.com", "size": "x"},
    ],
)
def test_a_secret_in_a_wrong_place_is_not_quoted(run: Run, options: dict[str, Any]) -> None:
    spec = {
        "name": {"type": "raw"},
        "endpoint": {"type": "str"},
        "mode": {"type": "str", "choices": ["fast", "safe"]},
        "modes": {"type": "list", "elements": "str", "choices": ["fast", "safe"]},
        "size": {"type": "int"},
    }
    result = run(lambda: AnsibleModule(argument_spec=spec).exit_json(), options)
    assert result["failed"], result
    assert next(iter(options)) in result["msg"] or "size" in result["msg"]
    assert STRONG not in json.dumps(result)


@pytest.mark.parametrize("text", ['{"kind": "Secret", "a": "it\'s hush"}', "kind: Secret\na: hush\n"])
def test_messages_of_the_collection_do_not_quote_a_secret_in_a_wrong_place(run: Run, text: str) -> None:
    def fail() -> None:
        module = AnsibleModule(argument_spec=SPEC)
        name = module.params["name"]
        module.warn(f"There is no app {name!r}.")
        module.fail_json(msg=f"There is no app {name!r}.", error={"message": f"{name}", "names": [name]})

    result = run(fail, {"name": text})
    assert "There is no app" in result["msg"]
    assert "There is no app" in json.dumps(result["warnings"])
    assert "hush" not in json.dumps(result)


@pytest.mark.parametrize("value", [True, "1e3", "8_0", "５"])
def test_ansible_core_converts_numbers_alone(run: Run, value: Any) -> None:
    members = {"size": {"type": "int"}, "name": {"type": "str"}}
    spec = {
        "size": {"type": "int"},
        "sizes": {"type": "list", "elements": "int"},
        "parts": {"type": "list", "elements": "dict", "options": members},
    }

    def finish() -> None:
        module = AnsibleModule(argument_spec=spec)
        module.exit_json(taken=module.params)

    for options, place in (
        ({"size": value}, "size"),
        ({"sizes": [1, value]}, "sizes"),
        ({"parts": [{"size": value}]}, "parts"),
        ({"parts": [f"name=a size={value}"]}, "parts"),
    ):
        result = run(finish, options)
        assert result["failed"], result
        assert place in result["msg"]
        assert "is not a whole number" in result["msg"]
    right = {"size": "7", "sizes": "1, +2", "parts": [{"size": 3.0}, "name=a size=-4"]}
    taken = run(finish, right)["taken"]
    assert (taken["size"], taken["sizes"], [part["size"] for part in taken["parts"]]) == (7, [1, 2], [3, -4])


def test_what_is_logged_holds_no_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[Any] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, *arguments, **named: logged.append((arguments, named)))
    lines = f'first\n"{STRONG}"'
    document = {**DOCUMENT, "stringData": {"lines": lines, "user": "precious"}}
    run(finish, {"name": "shop", "password": STRONG, "secrets": [document, json.dumps(document)]})
    assert "shop" in str(logged)
    assert STRONG not in str(logged)
    assert "precious" not in str(logged)


def test_a_secret_that_is_cut_into_pieces_is_hidden(run: Run) -> None:
    result = run(finish, {"secrets": f"{STRONG}, second {STRONG}"})
    assert STRONG not in json.dumps(result)


def test_options_too_deep_to_look_into_are_hidden(run: Run) -> None:
    deep: Any = STRONG
    for _level in range(400):
        deep = [deep]

    def shallow() -> None:
        limit = sys.getrecursionlimit()
        module = AnsibleModule(argument_spec={"name": {"type": "raw"}})
        sys.setrecursionlimit(300)
        try:
            module.hide_secrets()
        finally:
            sys.setrecursionlimit(limit)
        module.exit_json()

    assert run(shallow, {"name": deep})["invocation"]["module_args"] == {"name": NO_LOG_MASK}


def test_what_a_terminal_would_obey_is_escaped(run: Run) -> None:
    def fail() -> None:
        module = AnsibleModule(argument_spec=SPEC)
        module.warn("a warning\x1b[2J of \u202eshop")
        module.fail_json(msg="first\nsecond \x9b2J 阿里")

    result = run(fail, {})
    assert result["msg"] == "first\nsecond \\x9b2J 阿里"
    assert r"a warning\\x1b[2J of \\u202eshop" in json.dumps(result["warnings"])


@pytest.mark.parametrize("text", [STRONG, "Shop-2026", "aB3aB3aB3"])
def test_unmistakable_texts(text: str) -> None:
    assert is_unmistakable(text)


@pytest.mark.parametrize("text", ["precious", "Precious", "shop-production", "a1-B", "example.com", "10.0.0.1"])
def test_texts_that_may_be_words(text: str) -> None:
    assert not is_unmistakable(text)


def test_a_traceback_holds_no_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message of a defect may quote any value."""
    seen: list[tuple[bool, dict[str, Any]]] = []

    def break_down(ctx: RunContext) -> dict[str, Any]:
        try:
            raise KeyError(ctx.options["secrets"][0]["stringData"]["user"])
        except KeyError as error:
            raise ValueError(f"{ctx.options['password']!r} in {ctx.options['secrets']}") from error

    def main() -> None:
        spec = {**SPEC, **ACCESS_OPTIONS}
        module = AnsibleModule(argument_spec=spec)
        seen.append(entry._attempt(module, break_down, lambda last: {}, 1))
        module.exit_json()

    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "key")
    run(main, {"name": "n", "password": STRONG, "secrets": [{**DOCUMENT, "stringData": {"user": "it's a 'word'"}}]})
    ((failed, result),) = seen
    assert failed
    assert "ValueError" in result["msg"]
    assert "break_down" in result["exception"]
    assert STRONG not in str(result)
    assert "word" not in result["exception"].replace("password", "")


def test_nothing_that_is_represented_holds_a_secret() -> None:
    document = {**DOCUMENT, "stringData": {"token": STRONG}}
    account = RdsAccount().desired_state({"instance_id": "rm-1", "name": "shop", "password": STRONG})
    config = DeployConfig().desired_state({"app": "shop", "name": "main", "env_type": "test", "secrets": [document]})
    nobody: Any = None
    ctx = RunContext(nobody, {"password": STRONG, "secrets": [document]})
    operation = OPERATIONS["CreateAccount"]
    parcel = encode_params(operation, {"AccountPassword": STRONG})
    keys = Credentials("id", STRONG, STRONG)
    settings = resolve_settings({"access_key_id": "id", "access_key_secret": STRONG, "security_token": STRONG}, {})
    things: list[Any] = [ctx, account, config, parcel, keys, settings, settings.credential_provider, Client(settings)]
    things += [
        ApiResponse("ListDeployConfig", "R-1", {"secret_list": [STRONG]}, 1),
        HttpResponse(200, STRONG.encode(), "h"),
    ]
    things += [EnvValue(STRONG, "VARIABLE")]
    for resource, given in ((RdsAccount(), account), (DeployConfig(), config)):
        steps = resource.create_steps(ctx, {**given, "app_id": 1, "instance_id": "rm-1"}, given)
        plan = Plan(given, given, steps)
        node = ResourceNode(type(resource), {"password": STRONG, "secrets": [document]})
        node.preview = node.outcome = Outcome(True, plan, given, given)
        things += [*steps, *(step.parameters for step in steps), plan, node, node.outcome, resource, vars(node.outcome)]
    assert {type(account["password"]), SecretText} == {SecretText}
    for thing in things:
        for said in (repr(thing), str(thing), f"{thing}", f"{[thing]}", f"{ {'a': thing} }"):
            assert STRONG not in said
    assert "CreateAccount" in repr(things)
