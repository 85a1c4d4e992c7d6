# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member that an answer has by its table comes out of some module, or stands in a list with a reason.

Each reading operation answers with what its table holds, once in full and once without each member. A member whose
absence changes the result of no module is lost to users.
"""

from __future__ import annotations

import copy
import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils import _resources
from ansible_collections.jst.retailcloud.plugins.module_utils._api import responses
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.reading import ReadOnlyResource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources import cluster_detail
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.baseline import Baseline
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.job import JobInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.node_label import NodeLabel
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod import PodInfo
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_backup import BackupTotal
from jst_emulator.api_spec import OPERATIONS as API_SPEC
from tests.tools.run_in_collection import ROOT

LOST = ROOT / "tests" / "conformance" / "unreturned_members.yml"

# What the frame of an answer is made of. It is judged, counted or put into errors.
FRAME = {"Code", "RequestId", "ErrMsg", "ErrorMsg", "ErrMessage", "Success", "PageNumber", "PageSize", "TotalCount"}

# Values of members for which the type says too little.
VALUES: Mapping[str, Any] = {
    "AppStateType": "stateful",
    "BusinessCode": "JST",
    "Categories": ["2026-01-01 00:00:00"],
    "CreateTime": "2026-01-01 00:00:00",
    "CronJob": "kind: CronJob",
    "DBStatus": "Running",
    "Data": [7],
    "DeployPauseType": "first",
    "Deployment": "kind: Deployment",
    "EnvType": 1,
    "Level": "Warning",
    "NetworkMode": "internet",
    "RoleName": "Owner",
    "StatefulSet": "kind: StatefulSet",
    "Status": 1,
    "UserType": "TAOBAO",
}

Path = list[str | int]


def filled(tree: Any, sample: Any, name: str = "") -> Any:
    """What the table of an answer describes, with the values of the sample where it has them."""
    if isinstance(tree, dict):
        told = {key.lower(): value for key, value in sample.items()} if isinstance(sample, dict) else {}
        return {key: filled(inner, told.get(key.lower()), key) for key, inner in tree.items()}
    if isinstance(tree, list):
        first = sample[0] if isinstance(sample, list) and sample else None
        return [filled(tree[0], first, name)] if tree else [first or "x"]
    if sample not in (None, "", [], {}) and not isinstance(sample, (dict, list)):
        return sample
    if name in VALUES:
        return VALUES[name]
    return {"Boolean": True, "Integer": 1, "Long": 2, "Number": 1.5}.get(tree, f"some {name}")


def unwrapped(name: str) -> Any:
    """The sample answer without the layers that some samples have around it."""
    sample = API_SPEC[name].sample
    while isinstance(sample, dict) and len(sample) == 1 and next(iter(sample)).startswith(name):
        sample = next(iter(sample.values()))
    return sample.get("data", sample) if isinstance(sample, dict) and "code" in sample else sample


def members(tree: Any, so_far: Path | None = None) -> Iterator[Path]:
    """Where the members of an answer are that hold no others."""
    here = so_far or []
    if isinstance(tree, dict):
        for name, inner in tree.items():
            yield from members(inner, [*here, name])
    elif isinstance(tree, list) and tree and isinstance(tree[0], (dict, list)):
        yield from members(tree[0], [*here, 0])
    else:
        yield here


def without(tree: Any, path: Path) -> Any:
    """The same without one member."""
    left = copy.deepcopy(tree)
    holder = left
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    return left


class Answers:
    """Stands in for the client: every operation answers by its table, one of them with something else."""

    def __init__(self, name: str, content: Any) -> None:
        self._name = name
        self._content = content

    def call(self, action: str, params: Any = None, *, deadline: float | None = None) -> Any:
        content = self._content if action == self._name else filled(API_SPEC[action].fields, unwrapped(action))
        content = {**content, "Code": 0, **({"Success": True} if "Success" in content else {})}
        return responses.parse(OPERATIONS[action], HttpResponse(200, json.dumps(content).encode(), "host"))

    def list_all(self, action: str, params: Any = None, *, deadline: float | None = None) -> list[dict[str, Any]]:
        data = self.call(action).data
        listed = data if isinstance(data, list) else next(value for value in data.values() if isinstance(value, list))
        return [record for record in listed if isinstance(record, dict)]

    def list_mapped(self, action: str, params: Any, make: Callable[[Any], Any], **more: Any) -> list[Any]:
        if "observe" in more:
            more["observe"](self.call(action))
        return [made for made in map(make, self.list_all(action)) if made is not None]


def subclasses(root: type[Any]) -> Iterator[type[Any]]:
    """All of a class that the resources define."""
    for kind in root.__subclasses__():
        yield from subclasses(kind)
        if kind.__module__.startswith(_resources.__name__):
            yield kind


def resources() -> list[type[ReadOnlyResource]]:
    """All resources."""
    for module in pkgutil.iter_modules(_resources.__path__):
        importlib.import_module(f"{_resources.__name__}.{module.name}")
    return list(dict.fromkeys(subclasses(ReadOnlyResource)))


def results(name: str, content: Any) -> list[Any]:
    """What comes out of every module that reads an operation, when it answers with that."""
    client: Any = Answers(name, content)
    ctx = RunContext(client, {"lines": 1, "deploy_order_id": 1})
    found: list[Any] = []
    for kind in resources():
        listing = getattr(kind, "list_op", None)
        if listing and listing.action == name:
            resource = kind()
            found += [resource.to_result(state) for state in resource.list_states(ctx, dict.fromkeys(SCOPES), {})]
            found.append(ctx.memo(BackupTotal).size_bytes)
        if kind.describe_op and kind.describe_op.action == name:
            resource = kind()
            found.append(resource.to_result(resource.state_from(ctx.read(name, {}), {})))
    place = dict.fromkeys(SCOPES)
    if name in SPECIAL:
        found.append(SPECIAL[name](ctx, place))
    return found


SCOPES = ("app_id", "environment_id", "cluster_id", "instance_id")
POD = {"instance": "pod", "pods": ["pod"]}


def pod(extra: str) -> Callable[[RunContext, dict[str, Any]], Any]:
    """What module jst_pod_info adds to a pod."""
    return lambda ctx, place: PodInfo().fetch_detail(ctx, place, POD, extra)


def bound_label(ctx: RunContext) -> dict[str, Any]:
    """The node label of the first binding."""
    binding = ctx.client.list_all("ListNodeLabelBindings", {})[0]
    return {"cluster_id": "c", "key": binding.get("label_key"), "value": binding.get("label_value")}


# What is read by operations that are neither the list nor the details of a resource.
SPECIAL: Mapping[str, Callable[[RunContext, dict[str, Any]], Any]] = {
    "DescribeAppEnvDeployBaseline": lambda ctx, place: Baseline().to_result(
        Baseline().state_from(ctx.read("DescribeAppEnvDeployBaseline", {}), {})
    ),
    "DescribeJobLog": lambda ctx, place: JobInfo().fetch_detail(ctx, place, POD, "log"),
    "DescribePodContainerLogList": pod("container_log"),
    "DescribePodEvents": pod("events"),
    "DescribePodLog": pod("log"),
    "ListAppGroupMapping": lambda ctx, place: AppGroup().with_details(ctx, place, {"biz_code": "JST", "name": "group"}),
    "ListNodeLabelBindings": lambda ctx, place: NodeLabel().with_details(ctx, place, bound_label(ctx))["instance_ids"],
    "QueryClusterDetail": lambda ctx, place: cluster_detail.read_detail(ctx, "c"),
}


def lost() -> dict[str, dict[str, str]]:
    """Operation -> member -> why no module returns it."""
    return yaml.safe_load(LOST.read_text(encoding="utf-8")) or {}


def dotted(path: Path) -> str:
    """A path as the list of exceptions has it."""
    return ".".join(str(part) for part in path if part != 0)


@pytest.mark.parametrize("name", [name for name, facts in API_SPEC.items() if facts.is_read])
def test_every_member_of_an_answer_is_returned(name: str) -> None:
    whole = filled(API_SPEC[name].fields, unwrapped(name))
    told = results(name, whole)
    assert told, "no module reads this"
    missing = {
        dotted(path)
        for path in members(API_SPEC[name].fields)
        if path[0] not in FRAME and results(name, without(whole, path)) == told
    }
    assert missing == set(lost().get(name, {}))
