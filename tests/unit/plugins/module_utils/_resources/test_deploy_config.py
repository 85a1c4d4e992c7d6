# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy configs on a service that shows their Secrets, only the names of these, or nothing of them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError, ResponseLostError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.responses import ApiResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import Outcome, reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig

CANARY = "hunter2"
NAMED = {"app_id": 10001, "name": "main", "env_type": "online", "update_secrets": "always"}
KINDS = {"ConfigMapList": "config_map_list", "SecretList": "secret_list", "Deployment": "deployment"}


def secret(name: str, **values: str) -> dict[str, Any]:
    """A Secret as a mapping."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values}


def config_map(name: str, **values: str) -> dict[str, Any]:
    """A ConfigMap as a mapping."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": values}


class Service:
    """Holds one deploy config of app 10001, and takes the place of the client.

    :ivar shows: of Secrets: ``all``, ``names`` or ``nothing``.
    :ivar losing: how many updates are lost before they arrive.
    :ivar deaf: whether updates are accepted and change nothing.
    """

    def __init__(self, shows: str = "all", **documents: Any) -> None:
        self.shows = shows
        self.losing = 0
        self.deaf = False
        self.updates: list[dict[str, Any]] = []
        self.config: dict[str, Any] = {
            "app_id": 10001,
            "id": 1,
            "name": "main",
            "env_type": "online",
            "container_yaml_conf": {
                name: [yaml.safe_dump(item) for item in items] for name, items in documents.items()
            },
        }

    @property
    def settings(self) -> Any:
        """Where a region could come from."""
        raise AssertionError

    def _shown(self) -> dict[str, Any]:
        conf = dict(self.config["container_yaml_conf"])
        if self.shows == "nothing":
            conf.pop("secret_list", None)
        if self.shows == "names" and "secret_list" in conf:
            parsed = [yaml.safe_load(text) for text in conf["secret_list"]]
            conf["secret_list"] = [yaml.safe_dump({**item, "stringData": None}) for item in parsed]
        return {**self.config, "container_yaml_conf": conf}

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """Every parameter will do."""

    def list_mapped(
        self, action: str, params: Mapping[str, Any], make: Any, deadline: float | None = None
    ) -> list[Any]:
        """The one listing."""
        assert action == "ListDeployConfig"
        return [made for made in [make(self._shown())] if made is not None]

    def call(self, action: str, params: Mapping[str, Any], deadline: float | None = None) -> ApiResponse:
        """The one write."""
        assert action == "UpdateDeployConfig"
        if self.losing:
            self.losing -= 1
            raise ResponseLostError("lost", action=action, code="ResponseLost", unknown_outcome=True)
        self.updates.append(dict(params))
        if self.deaf:
            return ApiResponse(action, "R-1", {}, None)
        for name, member in KINDS.items():
            if params.get(name):
                texts = [base64.b64decode(text).decode() for text in params[name]]
                self.config["container_yaml_conf"][member] = texts
        if "CodePath" in params:
            self.config["container_code_path"] = {"code_path": params["CodePath"]}
        return ApiResponse(action, "R-1", {}, None)


def run(service: Service, check_mode: bool = False, **options: Any) -> tuple[Outcome, RunContext]:
    """A run of the module."""
    client: Any = service
    ctx = RunContext(client, {**NAMED, **options}, check_mode, sleep=lambda seconds: None)
    return reconcile(ctx, DeployConfig()), ctx


def diff(outcome: Outcome) -> tuple[Any, Any]:
    """What the diff says of secrets."""
    before, after = DeployConfig().to_diff(outcome.plan.before, outcome.plan.after)
    return before.get("secrets"), after.get("secrets")


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("update_secrets", ["always", "on_create"])
def test_a_secret_that_the_service_shows_to_differ_is_sent(update_secrets: str, check_mode: bool) -> None:
    service = Service(secret_list=[secret("s", password="first"), secret("t", key="k")])
    wanted = [secret("s", password=CANARY), secret("t", key="k")]
    outcome, ctx = run(service, check_mode, secrets=wanted, update_secrets=update_secrets)
    assert outcome.changed
    assert ctx.warnings == []
    assert diff(outcome) == (["s", "t"], ["s (changed, content hidden)", "t"])
    assert len(service.updates) == (0 if check_mode else 1)
    outcome, ctx = run(service, check_mode, secrets=wanted, update_secrets=update_secrets)
    assert outcome.changed == check_mode


def test_a_secret_that_is_added_to_none_is_sent() -> None:
    service = Service()
    outcome, ctx = run(service, secrets=[secret("s", password=CANARY)])
    assert (outcome.changed, diff(outcome), ctx.warnings) == (True, (None, ["s (changed, content hidden)"]), [])
    outcome, ctx = run(service, secrets=[secret("s", password=CANARY)])
    assert (outcome.changed, len(service.updates), ctx.warnings) == (False, 1, [])


def test_what_the_service_does_not_take_is_said_without_a_secret() -> None:
    service = Service(secret_list=[secret("s", password="first")], config_map_list=[config_map("c", level="info")])
    service.deaf = True
    wanted: dict[str, Any] = {
        "secrets": [secret("s", password=CANARY)],
        "config_maps": [config_map("c", level="debug")],
    }
    for _dummy in range(2):
        outcome, ctx = run(service, **wanted)
        assert not outcome.changed
        assert ctx.warnings == [
            "Option config_maps of deploy config 'main/online' was written, and the service still shows another value "
            "('c': data.level).",
            "Option secrets of deploy config 'main/online' was written, and the service still shows another value "
            "('s': data.password).",
        ]
    assert len(service.updates) == 2


SENT_ALWAYS = (
    "The service does not show secrets of deploy config 'main/online', so every run sends what was given and counts it "
    "as a change. Set update_secrets=on_create to send it only on creation and with other changes."
)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("shows", ["names", "nothing"])
def test_what_the_service_does_not_show_of_secrets_is_sent_in_every_run_or_warned_of(
    shows: str, check_mode: bool
) -> None:
    service = Service(shows, secret_list=[secret("s", password="first")])
    for _dummy in range(2):
        outcome, ctx = run(service, check_mode, secrets=[secret("s", password=CANARY)])
        assert outcome.changed
        assert ctx.warnings == ([] if check_mode else [SENT_ALWAYS])
    assert len(service.updates) == (0 if check_mode else 2)
    for _dummy in range(2):
        outcome, ctx = run(service, check_mode, secrets=[secret("s", password=CANARY)], update_secrets="on_create")
        assert not outcome.changed
        assert ctx.warnings == [
            "The service does not show secrets of deploy config 'main/online', so what was given was neither compared "
            "nor sent. Set update_secrets=always to send it in every run."
        ]
    assert len(service.updates) == (0 if check_mode else 2)


def test_what_is_not_shown_goes_along_with_any_update_and_needs_no_warning() -> None:
    service = Service("nothing")
    wanted = [secret("s", password=CANARY)]
    outcome, ctx = run(service, update_secrets="on_create", secrets=wanted, config_maps=[config_map("c", a="b")])
    assert (outcome.changed, ctx.warnings) == (True, [])
    assert [set(update) for update in service.updates] == [{"AppId", "Id", "CodePath", "ConfigMapList", "SecretList"}]


def test_a_lost_update_of_what_is_not_shown_is_sent_again() -> None:
    service = Service("nothing")
    service.losing = 2
    outcome, _task = run(service, secrets=[secret("s", password=CANARY)])
    assert outcome.changed
    assert len(service.updates) == 1
    service.losing = 99
    with pytest.raises(ApiError):
        run(service, secrets=[secret("s", password=CANARY)])


# The code path


@pytest.mark.parametrize(("present", "sent"), [(None, ""), ("/app/code", "/app/code")])
def test_every_update_sends_the_present_code_path_along(present: str | None, sent: str) -> None:
    service = Service()
    if present:
        service.config["container_code_path"] = {"code_path": present}
    run(service, config_maps=[config_map("c", a="b")])
    run(service, config_maps=[config_map("c", a="c")], code_path="/other")
    run(service, config_maps=[config_map("c", a="d")], code_path="")
    assert [update["CodePath"] for update in service.updates] == [sent, "/other", ""]


# Empty lists


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("option", "documents", "rest"),
    [
        ("config_maps", [config_map("b", x="1"), config_map("a", x="2")], "ConfigMap 'a'"),
        ("secrets", [secret("b", x=CANARY), secret("a", x="2")], "Secret 'a'"),
    ],
)
def test_an_empty_list_leaves_one_document_without_content(
    option: str, documents: list[dict[str, Any]], rest: str, check_mode: bool
) -> None:
    service = Service("all", **{option[:-1] + "_list": documents})
    outcome, ctx = run(service, check_mode, **{option: []})
    assert outcome.changed
    assert ctx.warnings == [
        f"The API cannot set {option} of deploy config 'main/online' to an empty list. {rest} remains, without data."
    ]
    kind = documents[0]["kind"]
    if not check_mode:
        [text] = service.config["container_yaml_conf"][option[:-1] + "_list"]
        assert yaml.safe_load(text) == {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}}
        outcome, ctx = run(service, False, **{option: []})
        assert (outcome.changed, ctx.warnings, len(service.updates)) == (False, [], 1)
    shown = DeployConfig().to_result(outcome.state)
    assert shown is not None
    emptied = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}}
    assert shown[option] == (["a"] if option == "secrets" else [emptied])


def test_an_empty_list_is_nothing_to_do_where_there_is_none() -> None:
    service = Service()
    outcome, ctx = run(service, config_maps=[])
    assert (outcome.changed, ctx.warnings) == (False, [])


def test_secrets_that_are_not_shown_cannot_be_emptied() -> None:
    service = Service("nothing", secret_list=[secret("s", x=CANARY)])
    outcome, ctx = run(service, secrets=[])
    assert not outcome.changed
    assert "neither compared nor sent" in ctx.warnings[0]
    with pytest.raises(InvalidOptionError, match="names 's' twice"):
        run(service, secrets=[secret("s"), secret("s")])
