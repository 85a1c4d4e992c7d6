# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever combination of readings holds: what was created can be found, read, changed and deleted.

The calls are raw requests; the client here knows of no reading and takes whatever form an answer has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from jst_emulator import handlers, world
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.readings import TABLE, Readings
from jst_emulator.readings.random_combination import contradiction
from support.direct_account import MYSQL, ONLINE, START, TEST, workload
from support.populated_account import KEY
from support.scenario import MAPPING, Step, app, bring_up, encoded, environment, read_all, tear_down
from support.signed_client import SignedClient

SEEDS = range(24)
PAGED = ("PageNumber", "PageNum")
#: Longer than any list lags behind.
SETTLED = 4.5


class Walker:
    """An emulator under a combination of readings, and a client of it."""

    def __init__(self, readings: Mapping[str, Any]) -> None:
        settings = Settings(time_scale=0, start=START, readings=readings)
        self.emulator = Emulator(settings, handlers.HANDLERS, world.load)
        self.client = SignedClient(self.emulator)
        self.called: set[str] = set()

    def wait(self, seconds: float) -> None:
        self.emulator.clock.advance(seconds)
        self.emulator.world.advance()

    def call(self, action: str, parameters: Mapping[str, Any]) -> Any:
        """The answer, parsed, to a call that has to be carried out; None when it has no body."""
        response = self.client.acs3(action, parameters, key=KEY)
        entry = self.emulator.call_log.latest(1)[0]
        assert (response.status_code, entry.outcome) == (200, "ok"), (action, response.text)
        self.called.add(action)
        return response.get_json() if response.data else None

    def walk(self, steps: Iterator[Step]) -> None:
        for step in steps:
            if isinstance(step, tuple):
                self.call(*step)
            else:
                self.wait(step)

    def listed(self, action: str, parameters: Mapping[str, Any], name: str) -> set[str]:
        """The values of a member of all records, from as many pages as bring something new."""
        number = next((one for one in PAGED if one in OPERATIONS[action].parameters), None)
        found: set[str] = set()
        for page in range(1, 50):
            paging = {number: page, "PageSize": 30} if number else {}
            new = set(values(self.call(action, {**parameters, **paging}), name)) - found
            found |= new
            if not new or number is None:
                break
        return found


def values(answer: Any, name: str) -> Iterator[str]:
    """All values of a member, as texts, wherever it is and whatever the case of its name."""
    if isinstance(answer, Mapping):
        for key, value in answer.items():
            if key.lower() == name.lower() and not isinstance(value, (Mapping, list)):
                yield str(value)
            yield from values(value, name)
    elif isinstance(answer, list):
        for item in answer:
            yield from values(item, name)


@dataclass(frozen=True)
class Thing:
    """How something is created, found, changed and deleted.

    :ivar create: operation, parameters, and the member of the answer that identifies what was created; a parameter when
        the client names it.
    :ivar find: operation, parameters, and the member of records that identifies them.
    :ivar delete: operation, further parameters, and the parameter that takes what identifies it.
    :ivar update: the same for a change.
    """

    create: tuple[str, Mapping[str, Any], str]
    find: tuple[str, Mapping[str, Any], str]
    delete: tuple[str, Mapping[str, Any], str]
    update: tuple[str, Mapping[str, Any], str] | None = None


APP, ENV, RDS = {"AppId": 10001}, {"AppId": 10001, "EnvId": 20001}, {"DbInstanceId": MYSQL}
ONLINE_CLUSTER, TEST_CLUSTER = {"ClusterInstanceId": ONLINE}, {"ClusterId": TEST}
STORAGE = {"Capacity": "1Gi", "AccessModes": "ReadWriteOnce", "StorageClass": "nas", "Name": "data"}
NAS = {"MountTargetDomain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com", "ReclaimPolicy": "Retain", "NFSVersion": "4.0"}
CONFIG = {"EnvType": "online", "Name": "main", "Deployment": encoded(workload())}
SLB = {"SlbId": "lb-emu-internet-1", "ListenerPort": 80, "RealServerPort": 8080, "Protocol": "TCP"}
SERVICE = {"Name": "Web", "ServiceType": "ClusterIP", "K8sServiceId": "web", **MAPPING}
KIND = {"LabelKey": "label.jst.com/kind", "LabelValue": "web"}
NETWORKS = {"PodCIDR": "10.1.0.0/16", "ServiceCIDR": "10.2.0.0/20", "VpcId": "vpc-emu-1", "Vswitchids.1": "vsw-emu-1"}
CLUSTER = {"BusinessCode": "JST", "ClusterEnvType": "TEST", "ClusterTitle": "new", "ClusterType": "Standard"}
#: In an order in which each needs only what comes before it.
THINGS = (
    Thing(
        create=("CreateAppGroup", {"BizCode": "JST", "Name": "g"}, "AppGroupId"),
        find=("ListAppGroup", {"BizCode": "JST"}, "Id"),
        delete=("DeleteAppGroup", {"Force": "false"}, "GroupId"),
    ),
    Thing(
        create=("CreateApp", app("shop"), "AppId"),
        find=("ListApp", {}, "AppId"),
        update=("UpdateApp", {"Description": "new"}, "AppId"),
        delete=("DeleteAppDetail", {}, "AppId"),
    ),
    Thing(
        create=("CreateDeployConfig", {**APP, **CONFIG}, "SchemaId"),
        find=("ListDeployConfig", APP, "Id"),
        update=("UpdateDeployConfig", {**APP, "CodePath": ""}, "Id"),
        delete=("DeleteDeployConfig", {}, "SchemaId"),
    ),
    Thing(
        create=("CreateEnvironment", environment(10001, 30001), "AppEnvId"),
        find=("ListAppEnvironment", APP, "EnvId"),
        update=("UpdateEnvironment", {**APP, "Replicas": 1}, "AppEnvId"),
        delete=("DeleteAppEnvironment", {**APP, "Force": "false"}, "EnvId"),
    ),
    Thing(
        create=("CreateAppResourceAlloc", {**APP, "AppEnvId": 20001, "ClusterId": ONLINE}, "AppEnvId"),
        find=("ListAppResourceAllocs", {}, "AppEnvId"),
        delete=("DeleteAppResourceAlloc", {}, "AppEnvId"),
    ),
    Thing(
        create=("CreateSlbAP", {"EnvId": 20001, "Name": "web", **SLB}, "SlbAPId"),
        find=("ListSlbAPs", APP, "SlbAPId"),
        update=("ModifySlbAP", {"Name": "new"}, "SlbAPId"),
        delete=("DeleteSlbAP", {}, "SlbAPId"),
    ),
    Thing(
        create=("CreateService", {"EnvId": 20001, **SERVICE}, "ServiceId"),
        find=("ListServices", APP, "ServiceId"),
        update=("ModifyService", {"Name": "New"}, "ServiceId"),
        delete=("DeleteService", {}, "ServiceId"),
    ),
    Thing(
        create=("CreatePersistentVolume", {**ONLINE_CLUSTER, **NAS, **STORAGE}, "Name"),
        find=("ListPersistentVolume", ONLINE_CLUSTER, "Name"),
        delete=("DeletePersistentVolume", ONLINE_CLUSTER, "PersistentVolumeName"),
    ),
    Thing(
        create=("CreatePersistentVolumeClaim", {**ENV, **STORAGE}, "Name"),
        find=("ListPersistentVolumeClaim", ENV, "Name"),
        delete=("DeletePersistentVolumeClaim", ENV, "PersistentVolumeClaimName"),
    ),
    Thing(
        create=("CreateNodeLabel", {**TEST_CLUSTER, **KIND}, "LabelKey"),
        find=("ListNodeLabels", TEST_CLUSTER, "LabelKey"),
        delete=("DeleteNodeLabel", {**TEST_CLUSTER, "LabelValue": "web", "Force": "false"}, "LabelKey"),
    ),
    Thing(
        create=("CreateDb", {**RDS, "DbName": "shop", "CharacterSetName": "utf8"}, "DbName"),
        find=("DescribeDatabases", {"InstanceId": MYSQL}, "DBName"),
        delete=("DeleteDatabase", {"DBInstanceId": MYSQL}, "DBName"),
    ),
    Thing(
        create=("CreateAccount", {**RDS, "AccountName": "shop", "AccountPassword": "Secret-1234"}, "AccountName"),
        find=("DescribeRdsAccounts", RDS, "AccountName"),
        update=("ResetAccountPassword", {**RDS, "AccountPassword": "Secret-5678"}, "AccountName"),
        delete=("DeleteRdsAccount", RDS, "AccountName"),
    ),
    Thing(
        create=(
            "CreateCluster",
            {**CLUSTER, **NETWORKS, "KeyPair": "k", "RegionId": "cn-zhangjiakou"},
            "ClusterInstanceId",
        ),
        find=("ListCluster", {}, "InstanceId"),
        delete=("DeleteCluster", {}, "ClusterInstanceId"),
    ),
)
EMPTY = (
    *("apps", "groups", "group_members", "deploy_configs", "environments", "allocations", "slb_access_points"),
    *("services", "orders", "pods", "instances", "claims", "node_labels", "node_label_bindings", "databases"),
    "accounts",
)


def check_empty(walker: Walker) -> None:
    state = walker.emulator.world.snapshot()
    assert {name: state[name] for name in EMPTY if state[name]} == {}


def walk_through(readings: Mapping[str, Any]) -> None:
    """Create everything, find it, change it, find it again, delete it, and do not find it any more."""
    walker = Walker(readings)
    made: list[tuple[Thing, str]] = []
    for thing in THINGS:
        action, parameters, name = thing.create
        created = walker.call(action, parameters)
        (key,) = {str(parameters[name])} if name in parameters else set(values(created, name))
        made.append((thing, key))
        walker.wait(SETTLED)
        assert key in walker.listed(*thing.find), action
        if thing.update:
            action, parameters, name = thing.update
            walker.call(action, {**parameters, name: key})
            assert key in walker.listed(*thing.find), action
    for thing, key in reversed(made):
        action, parameters, name = thing.delete
        walker.call(action, {**parameters, name: key})
        # A cluster is deleted after two minutes, a database after five seconds.
        for seconds in (120 if action == "DeleteCluster" else 5, SETTLED):
            walker.wait(seconds)
        assert key not in walker.listed(*thing.find), action
    check_empty(walker)


def live(readings: Mapping[str, Any]) -> None:
    """Call every operation, and end with nothing."""
    walker = Walker(readings)
    walker.walk(bring_up())
    pod = next(iter(walker.emulator.world.instances))
    walker.walk(read_all(pod, next(iter(walker.emulator.world.job_runs.values())).pod_name))
    walker.walk(tear_down(pod))
    assert walker.called == OPERATIONS.keys()
    state = walker.emulator.world.snapshot()
    assert [name for name in EMPTY if state[name] and name != "groups"] == []


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A handler that breaks down leaves an error in the log."""
    yield
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_can_be_created_found_changed_and_deleted(seed: int) -> None:
    walk_through({"random": seed})


@pytest.mark.parametrize("seed", SEEDS)
def test_every_operation_in_one_life(seed: int) -> None:
    live({"random": f"life-{seed}"})


def test_everything_at_once() -> None:
    """All last values together, as far as they do not contradict each other."""
    chosen: dict[str, Any] = {one.name: one.default for one in TABLE}
    for one in TABLE:
        if one.drawn and not contradiction({**chosen, one.name: one.drawn[-1]}):
            chosen[one.name] = one.drawn[-1]
    assert sum(chosen[name] != value for name, value in vars(Readings()).items()) > 60
    walk_through(chosen)
    live(chosen)
