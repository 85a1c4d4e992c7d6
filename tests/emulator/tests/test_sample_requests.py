# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference's own sample request of every operation passes the emulator's checks, or contradicts the reference.

``data/sample_requests.json`` holds the parameters of each sample, and the line of the reference at which it begins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jst_emulator import handlers, world
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.errors import GatewayError
from jst_emulator.validation import validate
from support.direct_account import MYSQL, ONLINE
from support.scenario import Step, bring_up, read_all, tear_down
from support.signed_client import SignedClient

SAMPLES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "sample_requests.json").read_text(encoding="utf-8")
)
KEY = ("emulator-key-id", "emulator-key-secret")


class Contradiction(NamedTuple):
    """Why a sample is rejected.

    code: of the error.
    lines: where the reference says otherwise.
    passage: what it says there.
    """

    code: str
    lines: str
    passage: str


#: Samples without a request: the reference shows nothing at all, and for one of them not even a parameter.
WITHOUT_REQUEST = {
    "OfflineAppEnvironment": "1212-1219: a status line is all that is shown",
    "DescribeAppEnvDeployBaseline": "1284-1295: a status line is all that is shown, no parameter is listed",
}
CONTRADICTIONS = {
    "UpdateEnvironment": Contradiction("InvalidEnvName", "796-823", "the table has no EnvName"),
    "DeleteAppEnvironment": Contradiction("MissingForce", "1118-1121", "Force is required"),
    "CreateSlbAP": Contradiction(
        "InvalidStickySession", "3005-3011", "StickySession is for HTTP and HTTPS; TCP is sent"
    ),
    "CreateService": Contradiction("MissingPortMappings.1.Name", "4142-4145", "PortMappings.N.Name is required"),
    "ListClusterNode": Contradiction("MissingClusterInstanceId", "8672", "ClusterInstanceId is required"),
    "CreateCluster": Contradiction("InvalidKeyPair", "9906-9917", "either KeyPair or Password; both are sent"),
    "DeleteRdsAccount": Contradiction("MissingAccountName", "10542-10547", "AccountName and DbInstanceId are required"),
    "CreateAccount": Contradiction("MissingAccountName", "11414-11431", "AccountName and AccountPassword are required"),
    "ResetAccountPassword": Contradiction(
        "InvalidAccountPassword", "11526-11535", "three of four classes of characters; Password has two"
    ),
}
#: Samples that no state of an account can go with, and a part of the refusal.
CONTRADICTIONS_OF_STATE = {
    "ModifySlbAP": Contradiction(
        "does not apply to protocol",
        "3108-3125",
        "EstablishedTimeout is for TCP, StickySession for HTTP, both come",
    ),
}


@pytest.mark.parametrize("action", sorted(OPERATIONS))
def test_the_sample_request_passes_the_checks_or_contradicts_the_reference(action: str) -> None:
    """A sample that is listed as a contradiction must really be rejected: a check that is gone leaves the list."""
    if action in WITHOUT_REQUEST:
        assert action not in SAMPLES
        return
    parameters = SAMPLES[action]["parameters"]
    if action not in CONTRADICTIONS:
        validate(OPERATIONS[action], parameters)
        return
    with pytest.raises(GatewayError) as rejected:
        validate(OPERATIONS[action], parameters)
    assert rejected.value.code == CONTRADICTIONS[action].code


def test_every_operation_has_a_sample_or_a_reason() -> None:
    assert SAMPLES.keys() | WITHOUT_REQUEST.keys() == OPERATIONS.keys()
    assert SAMPLES.keys() >= CONTRADICTIONS.keys()
    assert [one["line"] for one in SAMPLES.values()] == sorted(one["line"] for one in SAMPLES.values())


#: What stands for something in the account, which a sample cannot know: its value there, unless the life that is lived
#: here has another one at that step. Everything else of a sample is sent as it stands.
PLACEHOLDERS: dict[str, Any] = {
    **{"AppId": 10001, "EnvId": 20001, "AppEnvId": 20001, "AppSchemaId": 30001, "Id": 30001, "SchemaId": 30001},
    **{"SlbAPId": 40001, "ServiceId": 50001, "DeployOrderId": 60001, "GroupId": 70001, "ClusterId": ONLINE},
    **{"ClusterInstanceId": ONLINE, "InstanceId": "i-emu-node-4", "DbInstanceId": MYSQL, "DBInstanceId": MYSQL},
    **{
        "DbName": "shop",
        "DBName": "shop",
        "AccountName": "shop",
        "UserRoles.1.UserId": "1001",
        "SlbId": "lb-emu-internet-1",
    },
    **{"PersistentVolumeName": "data", "PersistentVolumeClaimName": "data", "EcsInstanceIdList.1": "i-emu-spare-1"},
    **{"MountTargetDomain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com", "LabelKey": "", "LabelValue": "", "Name": ""},
    **{"PodName": "", "AppInstId": "", "AppInstanceId": ""},
}
#: What a sample that makes something calls it.
OWN_NAMES = ("Name", "LabelKey", "LabelValue")


def test_the_sample_requests_work_where_what_they_name_exists() -> None:
    """At every step of a whole life its operation is called as in the sample first, and that is undone."""
    emulator = Emulator(Settings(time_scale=0), handlers.HANDLERS, world.load)
    client = SignedClient(emulator)
    refused: dict[str, str] = {}
    called = set()

    def call(action: str, parameters: dict[str, Any]) -> Any:
        return client.acs3(action, parameters, key=KEY).get_json()

    def live(steps: Iterator[Step]) -> None:
        for step in steps:
            if not isinstance(step, tuple):
                emulator.clock.advance(step)
                emulator.world.advance()
                continue
            action, own = step
            if action in SAMPLES and action not in CONTRADICTIONS and action not in called:
                called.add(action)
                emulator.save("before")
                answer = call(action, filled(action, own))
                emulator.restore("before")
                if answer["Code"] != 0:
                    refused[action] = str(answer)
            assert call(action, own)["Code"] == 0

    live(bring_up())
    pod = next(iter(emulator.world.instances))
    live(read_all(pod, next(iter(emulator.world.job_runs.values())).pod_name))
    live(tear_down(pod))
    assert called | CONTRADICTIONS.keys() == SAMPLES.keys()
    assert refused.keys() == CONTRADICTIONS_OF_STATE.keys(), refused
    assert all(CONTRADICTIONS_OF_STATE[action].code in text for action, text in refused.items())


def filled(action: str, own: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a sample with what this account has in the place of the placeholders."""
    creates = action.startswith("Create")
    return {
        name: value
        if name not in PLACEHOLDERS or (creates and name in OWN_NAMES)
        else own.get(name, PLACEHOLDERS[name] or value)
        for name, value in SAMPLES[action]["parameters"].items()
    }
