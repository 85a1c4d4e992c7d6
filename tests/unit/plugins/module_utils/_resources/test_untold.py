# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words about things of which the service tells little, and values of answers that need a word of their own."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    ImmutableDifferenceError,
    InvalidOptionError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.plan import Plan
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstance, InstanceMemo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import (
    RESULT,
    DeployOrder,
    progress_text,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.metric import MetricInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume import PersistentVolume
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod_diagnostics import event_text
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.regions import set_default_region


def ctx(region: str | None = None, **options: Any) -> RunContext:
    """A task of which only the settings and the options count."""
    client: Any = SimpleNamespace(settings=SimpleNamespace(region=region, region_origin="environment variable REGION"))
    return RunContext(client, options)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (("Warning", "BackOff", "again"), "Warning BackOff: again"),
        ((None, "BackOff", "again"), "BackOff: again"),
        ((None, None, "again"), "again"),
        (("Warning", None, None), "Warning"),
        ((None, None, None), ""),
    ],
)
def test_an_event_of_which_the_service_tells_little(event: tuple[Any, ...], text: str) -> None:
    assert event_text(dict(zip(("type", "reason", "message"), event, strict=True))) == text


@pytest.mark.parametrize(
    ("claim", "words"), [("media", "is bound to the claim 'media', and"), (None, "'disk' is bound, and")]
)
def test_a_bound_volume_whose_claim_is_not_told(claim: str | None, words: str) -> None:
    volume = {"name": "disk", "status": "Bound", "claim": claim}
    with pytest.raises(InvalidOptionError, match=words):
        PersistentVolume().preflight(ctx(state="absent"), {}, {}, Plan(volume, None))


def test_an_order_of_which_the_service_tells_little() -> None:
    assert progress_text(dict.fromkeys(("status", "partitions", "total_instances"))) == "no status yet"
    order = {"status": "running", "partitions": 2, "total_instances": None}
    assert progress_text(order) == "running, batch 0 of 2"
    assert DeployOrder().describe({"deploy_order_id": None, "name": None}) == "deploy order"
    assert DeployOrder().describe({"deploy_order_id": 7, "name": "x"}) == "deploy order 7 ('x')"


def test_an_instance_without_a_status() -> None:
    instance, run = AppInstance(), ctx()
    run.memo(InstanceMemo).has_changed = True
    assert instance.wait_reason(run, {}, {"instance": "pod", "status": None}) == "pod: no status yet"
    assert instance.wait_reason(run, {}, {"instance": None, "status": "Starting"}) == "status Starting"


def test_an_option_that_is_not_set_now() -> None:
    error = ImmutableDifferenceError("App 'shop'", {"namespace": (None, "blue")})
    assert error.message == "App 'shop' cannot be changed as asked: namespace is not set, asked for 'blue'."
    assert error.data["differences"] == {"namespace": {"current": None, "desired": "blue"}}


@pytest.mark.parametrize(
    ("number", "word"),
    [(0, "undecided"), (1, "succeeded"), (2, "failed"), (3, "failed"), (4, "closed"), (5, "failed"), ("99", "failed")],
)
def test_every_number_without_a_name_is_a_failure(number: Any, word: str) -> None:
    assert RESULT.deserialize(number) == word


@pytest.mark.parametrize("untold", [None, "", [], "later"])
def test_a_result_that_is_not_told_is_no_failure(untold: Any) -> None:
    assert RESULT.deserialize(untold) is None


def test_orders_with_any_number_that_means_a_failure_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service filters by one number only."""
    asked: list[dict[str, Any]] = []

    def list_mapped(action: str, parameters: dict[str, Any], make: Callable[[Any], Any], **more: Any) -> list[Any]:
        asked.append(parameters)
        return []

    client: Any = SimpleNamespace(list_mapped=list_mapped)
    for result in (["failed"], ["failed", "closed"], ["closed"]):
        list(DeployOrder().list_states(RunContext(client, {}), {}, {"result": result}))
    assert [parameters.get("ResultList") for parameters in asked] == [None, None, [4]]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"pod_name": "p"}, "instance"),
        ({"deploy_order_id": 1}, "group"),
        ({"pod_name": "p", "deploy_order_id": 1}, "instance"),
        ({"pod_name": "p", "deploy_order_id": 1, "type": "group"}, "group"),
    ],
)
def test_a_metric_is_asked_for_with_all_that_was_given(given: dict[str, Any], kind: str) -> None:
    asked = dict(given)
    MetricInfo().check(ctx(), asked)
    sent = MetricInfo().request(asked)
    assert sent["Type"] == kind
    assert (sent.get("PodName"), sent.get("DeployOrderId")) == (given.get("pod_name"), given.get("deploy_order_id"))


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"pod_name": "p", "type": "group"}, "deploy_order_id"), ({"deploy_order_id": 1, "type": "instance"}, "pod_name")],
)
def test_a_metric_needs_what_its_type_needs(given: dict[str, Any], missing: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        MetricInfo().check(ctx(), dict(given))
    assert refused.value.data == {"missing": [missing]}


def test_a_region_that_is_not_known_is_used_with_a_warning() -> None:
    for given, run in (({"region": "cn-guangzhou"}, ctx()), ({}, ctx("cn-guangzhou"))):
        settled = dict(given)
        set_default_region(run, settled)
        assert settled == {"region": "cn-guangzhou"}
        assert ["'cn-guangzhou'" in warning for warning in run.warnings] == [True]


def test_a_region_of_the_settings_that_cannot_be_one() -> None:
    with pytest.raises(InvalidOptionError, match=r"The region \(environment variable REGION\) is 'no region', but"):
        set_default_region(ctx("no region"), {})


@pytest.mark.parametrize(("kind", "name"), [(RdsAccount, "test1Account"), (RdsDb, "testDB"), (RdsDb, "testDBmm")])
def test_rules_for_names_hold_for_what_is_new(kind: Any, name: str) -> None:
    """The samples of the reference break them."""
    resource = kind()
    given = resource.desired_state({"name": name})
    assert given == {"name": name}
    with pytest.raises(InvalidOptionError, match=f"Option name is '{name}', but has to be"):
        resource.plan_creation(ctx(), {"instance_id": "rm"}, given)


@pytest.mark.parametrize("member", ["MiddleWareList", "MiddleWareInfoList"])
def test_middleware_is_read_from_the_list_and_from_the_details(member: str) -> None:
    key = {"MiddleWareList": "middle_ware_list", "MiddleWareInfoList": "middle_ware_info_list"}[member]
    app = App()
    state = app.state_from(
        {"app_id": 1, key: [{"app_id": 1, "code": "4", "name": "mq"}, {"code": 3, "name": "redis"}]}, {}
    )
    assert state["middleware_ids"] == [3, 4]
    assert app.differences(app.desired_state({"middleware_ids": [4, 3]}), state) == []
    assert app.differences(app.desired_state({"middleware_ids": [4]}), state) == ["middleware_ids"]


@pytest.mark.parametrize("record", [{}, {"middle_ware_list": None}, {"middle_ware_list": [{"name": "redis"}]}])
def test_middleware_that_is_not_told_is_not_compared(record: dict[str, Any]) -> None:
    app = App()
    assert app.differences(app.desired_state({"middleware_ids": [4]}), app.state_from(record, {})) == []
