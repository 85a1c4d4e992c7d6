# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook doctor: every operation that reads is called and compared, and each difference is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import count_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils import examination as examination_module
from ansible_collections.jst.retailcloud.plugins.plugin_utils.examination import Examination
from ansible_collections.jst.retailcloud.plugins.plugin_utils.observed_readings import observed_readings
from jst_emulator.api_spec import OPERATIONS
from support.direct_account import MYSQL
from tests.conformance.emulators import Emulators
from tests.conformance.full_account import full_account, write_world
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.tools.running_emulator import access, emulator

READS = sorted(name for name, operation in OPERATIONS.items() if operation.is_read)
SLOW_SECONDS = 0.5
DATABASES = {"doctor_database_instances": [MYSQL]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of a world file with an object of each type."""
    return write_world(tmp_path_factory.mktemp("world"), full_account())


@pytest.fixture
def address(emulators: Emulators, world: str) -> str:
    """Return the address of an emulator with an object of each type."""
    return emulators.fresh("canonical", "--world", world)


def play(address: str, folder: Path, **variables: Any) -> tuple[dict[str, Any], list[Recorded], str]:
    """Run the playbook, and return its result, the records of its tasks, and its output."""
    given = json.dumps({**DATABASES, "doctor_slow_seconds": 3600, **variables})
    records, output = run_playbook(address, folder, [f"{COLLECTION}.doctor", "-e", given])
    assert not any(record.result.get("failed") for record in records), output
    return result_of(records), records, output


def result_of(records: list[Recorded]) -> dict[str, Any]:
    """Return the result of a run of the playbook."""
    result: dict[str, Any] = next(
        record.result["ansible_facts"]["jst_doctor"] for record in records if "ansible_facts" in record.result
    )
    return result


def examine(address: str) -> Examination:
    """Examine an account without Ansible."""
    examination = Examination(resolve_settings({}, access(address)), [MYSQL], 3600)
    examination.run()
    return examination


def sentences(result: dict[str, Any]) -> list[str]:
    """Return the findings as text."""
    return [finding["text"] for finding in result["findings"]]


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_all_operations_that_read_are_called_and_well(
    answers: str, emulators: Emulators, world: str, tmp_path: Path
) -> None:
    result, records, output = play(emulators.fresh(answers, "--world", world), tmp_path)
    assert (result["findings"], result["well"]) == ([], True)
    # The reference has no word for apps of CronJobs.
    assert [member for note in result["notes"] for member in note["members"]] == ["Data.AppStateType"]
    assert {one["action"]: one["status"] for one in result["operations"]} == dict.fromkeys(result_actions(result), "ok")
    assert sorted({call["action"] for record in records for call in record.calls}) == READS
    assert result["readings"]["shape"].keys() == {"table" if answers == "canonical" else "sample"}
    assert result["permissions"]["denied"] == result["permissions"]["not_tried"] == []
    assert result["credentials"]["access_key_id"] not in ("emulator-key-id", "")
    assert "emulator-key-secret" not in output + json.dumps(result)
    assert "No findings." in output


def result_actions(result: dict[str, Any]) -> list[str]:
    """Return the operations of a result, which are all that read."""
    actions = [one["action"] for one in result["operations"]]
    assert sorted(actions) == READS
    return actions


def test_four_faults_at_once_are_each_named(tmp_path: Path, world: str) -> None:
    with emulator("--world", world, log=tmp_path / "emulator.log") as address:
        control(
            address,
            "faults",
            [
                {"kind": "wrap", "action": "ListServices", "name": "ListServicesAnswer", "count": None},
                {"kind": "rewrite", "action": "ListApp", "path": ["Data", 1, "Title"], "remove": True, "count": None},
                {"kind": "gateway", "action": "ListUsers", "code": "Forbidden.RAM", "count": None},
                {"kind": "delay", "action": "ListCluster", "seconds": 2 * SLOW_SECONDS, "count": None},
            ],
        )
        result, _records, output = play(address, tmp_path, doctor_slow_seconds=SLOW_SECONDS)
    told = "\n".join(sentences(result))
    assert (
        "ListServices wraps its response in an object ListServicesAnswer. The reference shows no outer object." in told
    )
    assert "The response of ListApp lacks a member that the reference has: Data.Title in 1 of 2 records." in told
    assert "ListUsers is denied: allow retailcloud:ListUsers to the RAM user or role of the access key." in told
    assert "ListCluster is slow: its response took 1." in told
    assert result["permissions"]["denied"] == ["retailcloud:ListUsers"]
    assert all(text in output for text in ("- ListServices wraps", "- ListUsers is denied"))


FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"kind": "rewrite", "action": "DescribeAppDetail", "path": ["Result", "Colour"], "value": {"a": 1}},
        "The response of DescribeAppDetail has a member that the reference does not have: Result.Colour, an object.",
    ),
    (
        {"kind": "rewrite", "action": "ListApp", "path": ["Data", 0, "AppId"], "value": ["10001"]},
        "Data.AppId in the response of ListApp is a list instead of a number.",
    ),
    (
        {"kind": "rewrite", "action": "ListUsers", "path": ["TotalCount"], "value": 1},
        "TotalCount of ListUsers is 1, but the page has 3 records.",
    ),
    ({"kind": "wrong_count", "action": "ListUsers", "total": 40}, "the first page (page size 50) has 3 records."),
    *(
        ({"kind": "wrong_count", "action": action, "total": 45, "count": None}, f"TotalCount of {action} is 45, but ")
        for action in (
            "ListServices",
            "ListDeployOrders",
            "ListDeployConfig",
            "ListJobHistories",
            "ListPods",
            "ListSlbAPs",
        )
    ),
    ({"kind": "business", "action": "ListAppGroup", "code": 3, "count": None}, "ListAppGroup failed: HTTP 200, 3."),
    (
        {"kind": "business", "action": "ListAppGroup", "code": 7, "count": None},
        "ListAppGroup failed: HTTP 200, an unknown code.",
    ),
    ({"kind": "garbage", "action": "ListUsers", "count": None}, "ListUsers failed: "),
    ({"kind": "wrap", "action": "ListUsers", "name": "body", "count": None}, "an object with the unknown name body."),
    ({"kind": "wrap", "action": "ListUsers", "name": "a b", "count": None}, "in an object whose name is unknown."),
    *(
        (
            {"kind": "wrap", "action": "ListUsers", "name": name, "count": None},
            f"ListUsers wraps its response in an object with the unknown name {name}.",
        )
        for name in ("Success", "RequestId", "Result", "Message")
    ),
    (
        {"kind": "rewrite", "action": "ListApp", "path": ["Data", 0, "AppId"], "value": 10001.5},
        "Data.AppId in the response of ListApp is a decimal number instead of an integer.",
    ),
    (
        {"kind": "rewrite", "action": "ListApp", "path": ["Data", 0, "AppId"], "value": "10001.5"},
        "Data.AppId in the response of ListApp is a string with a decimal number instead of an integer.",
    ),
    (
        {"kind": "rewrite", "action": "ListApp", "path": ["Data", 0, "AppId"], "value": {"a": 1}},
        "Data.AppId in the response of ListApp is an object instead of a number.",
    ),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=lambda value: str(value)[:40])
def test_a_fault_is_named(fault: dict[str, Any], expected: str, address: str) -> None:
    control(address, "faults", fault)
    found = [finding.text for one in examine(address).operations.values() for finding in one.findings]
    assert any(expected in text for text in found), found


def test_members_that_a_state_does_not_have_are_not_missing(emulators: Emulators, tmp_path: Path) -> None:
    content = full_account()
    [claim] = content["claims"]
    content["claims"].append({**claim, "claim_id": 0, "name": "unbound", "status": "Pending", "volume_name": ""})
    for machine in content["ecs"]:
        machine["public_ip"] = ""
    address = emulators.fresh("canonical", "--world", write_world(tmp_path, content))
    examined = examine(address).operations
    assert [finding.text for one in examined.values() for finding in one.findings] == []
    claims = {record["Name"]: record for record in examined["ListPersistentVolumeClaim"].body["Data"]}
    assert "VolumeName" not in claims["unbound"]


def test_values_that_the_reference_does_not_list_are_notes(address: str, tmp_path: Path) -> None:
    for action, member, value in (("ListUsers", "UserType", "Canary-type"), ("ListNodeLabels", "LabelKey", None)):
        fault = {"kind": "rewrite", "action": action, "path": ["Data", 0, member], "value": value, "count": None}
        control(address, "faults", fault)
    report = tmp_path / "report"
    result, _records, output = play(address, tmp_path, doctor_report=str(report))
    assert (result["findings"], result["well"]) == ([], True)
    users = "Data.UserType in the response of ListUsers has a value that the reference does not list."
    labels = "The response of ListNodeLabels has null for members of the reference: Data.LabelKey."
    assert {users, labels} <= {note["text"] for note in result["notes"]}
    assert all(f"- {line}" in output for line in (f"{users} It is 'Canary-type'.", labels))
    files = {file.name: file.read_text(encoding="utf-8") for file in report.iterdir()}
    assert users in files["doctor.json"]
    assert [name for name, text in files.items() if "Canary" in text] == []


def test_a_wrapper_lacks_no_members(address: str) -> None:
    control(address, "faults", {"kind": "wrap", "action": "ListUsers", "name": "Success", "count": None})
    assert [finding.kind for finding in examine(address).operations["ListUsers"].findings] == ["wrapper"]


def test_a_decimal_number_is_no_id(address: str) -> None:
    fault = {"kind": "rewrite", "action": "ListApp", "path": ["Data", 0, "AppId"], "value": 10001.5, "count": None}
    control(address, "faults", fault)
    examined = examine(address).operations
    assert examined["ListAppEnvironment"].calls == 1  # for the other app
    assert [one.action for one in examined.values() if one.status == "failed"] == []


@pytest.mark.parametrize(("value", "words"), [(1.5, "a number"), ("some", "a text"), (True, "a boolean")])
def test_a_payload_of_another_type_is_named_in_words_of_json(value: Any, words: str, address: str) -> None:
    control(
        address, "faults", {"kind": "rewrite", "action": "ListUsers", "path": ["Data"], "value": value, "count": None}
    )
    reason = examine(address).operations["ListUsers"].reason
    assert reason.startswith(f"the response contains {words} ('{value}') in place of its data"), reason


READINGS = [
    ("wrappers", "outer"),
    ("wrappers", "layered"),
    ("key_case", "lower"),
    ("success_code", "two_hundred"),
    ("success_code", "absent"),
    ("success_flag", "missing"),
    ("success_message", "empty"),
    ("success_message", "tip"),
    ("empty_answers", "status_line"),
    ("request_id", "header"),
    ("numbers", "texts"),
    ("numeric_texts", "numbers"),
    ("booleans", "texts"),
    ("booleans", "numbers"),
    ("absent_members", "nulls"),
    ("times", "zulu"),
    ("further_members", "some"),
    ("page_size_shown", "missing"),
    ("max_page_size", "2"),
    ("total_count", "zero"),
    ("cluster_password", "missing"),
    ("cluster_kind", "word"),
    ("user_type", "sample"),
    ("env_type_name", "long"),
]


@pytest.mark.parametrize(("reading", "value"), READINGS)
def test_the_reading_that_a_service_follows_is_recognized(reading: str, value: str, address: str) -> None:
    control(address, "readings", {reading: int(value) if value.isdigit() else value})
    assert value in observed_readings(examine(address).operations.values())[reading]


def test_every_operation_is_read_under_any_combination_of_readings(address: str) -> None:
    for seed in range(8):
        control(address, "reset", method="POST")
        control(address, "readings", {"random": seed})
        failed = [one for one in examine(address).operations.values() if one.status in ("failed", "denied")]
        assert not failed, [(seed, one.action, one.reason) for one in failed]


def test_an_operation_that_keeps_failing_is_given_up(address: str, tmp_path: Path) -> None:
    # With the time of a run for retries this run would take some minutes, and an operation many calls.
    fault = {"kind": "gateway", "action": "ListAppEnvironment", "code": "InternalError", "status": 500, "count": None}
    control(address, "faults", fault)
    record, environment = str(tmp_path / "account.yml"), {"JST_RETRY_TIMEOUT": "600"}
    given = json.dumps({**DATABASES, "doctor_record": record, "doctor_report": str(tmp_path / "report")})
    arguments = [f"{COLLECTION}.doctor", "-e", given]
    records, output = run_playbook(address, tmp_path, arguments, environment=environment)
    result = result_of(records)
    attempts = next(one["attempts"] for one in result["operations"] if one["action"] == "ListAppEnvironment")
    assert attempts > 1
    text = f"ListAppEnvironment failed: HTTP 500, InternalError. The examination gave up after {attempts} attempts."
    assert text in sentences(result), sentences(result)
    assert f"ListAppEnvironment failed {attempts} times, and is not called again" in output
    assert "[doctor] ListAppEnvironment failed, and is called again in " in output
    sent = [call for one in records for call in one.calls if call["action"] == "ListAppEnvironment"]
    assert len({call["params"]["AppId"] for call in sent}) == 1
    assert "The account was not recorded, since not everything could be read." in sentences(result)
    report = json.loads((tmp_path / "report" / "doctor.json").read_text(encoding="utf-8"))
    assert text in [finding["text"] for finding in report["findings"]]
    assert next(one["attempts"] for one in report["operations"] if one["status"] == "failed") == attempts


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "throttle"}, "Throttling.User"),
        ({"kind": "unavailable"}, "ServiceUnavailable"),
        ({"kind": "drop_before"}, "ResponseLost.ConnectionLost"),
    ],
    ids=str,
)
def test_every_temporary_failure_is_given_up(fault: dict[str, Any], code: str, address: str) -> None:
    control(address, "faults", {**fault, "action": "ListServices", "count": None})
    settings = resolve_settings({}, access(address))._replace(retry_timeout=0.5)
    examination = Examination(settings, [MYSQL], 3600)
    examination.run()
    one = examination.operations["ListServices"]
    gave_up = f"The examination gave up after {count_words(one.attempts, 'attempt')}."
    [text] = [finding.text for finding in one.findings]
    assert code in text, text
    assert text.endswith(gave_up)
    assert (one.calls, examination.has_given_up) == (1, True)
    others = {other.status for other in examination.operations.values() if other.action != "ListServices"}
    assert others == {"ok", "not called"}  # DescribeServiceDetail has no service


def test_an_operation_has_less_time_than_in_a_run(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = resolve_settings({}, access(address))._replace(retry_timeout=600.0, read_timeout=600.0)
    monkeypatch.setattr(examination_module, "MAX_OPERATION_SECONDS", 0.0)
    examination = Examination(settings, [MYSQL], 3600)
    examination.run()
    assert (examination.settings.retry_timeout, examination.settings.read_timeout) == (5.0, 20.0)
    one = examination.operations["ListAppEnvironment"]
    assert (one.calls, one.extent) == (1, "1 of 2 apps")


def test_each_operation_has_a_line_of_progress(address: str, tmp_path: Path) -> None:
    _result, _records, output = play(address, tmp_path)
    shown = [line for line in output.splitlines() if line.startswith("[doctor] ")]
    assert {line.split(": ")[1] for line in shown} == set(READS)
    assert shown[0] == f"[doctor] 1 of {len(READS)}: ListUsers"


def with_many_apps(count: int) -> dict[str, Any]:
    """Return a world whose first apps are empty, and whose last have everything."""
    content = full_account()
    described = content["apps"]
    empty = [{**described[0], "app_id": 100 + number, "title": f"empty-{number}"} for number in range(count)]
    content["apps"] = [*empty, *described]
    return content


def test_an_account_whose_first_apps_are_empty_is_examined(tmp_path: Path) -> None:
    world = write_world(tmp_path, with_many_apps(60))
    with emulator("--world", world, log=tmp_path / "emulator.log") as address:
        result, _records, _output = play(address, tmp_path)
    assert {one["action"]: one["status"] for one in result["operations"]} == dict.fromkeys(READS, "ok")
    assert result["findings"] == []


def test_operations_without_data_say_for_how_many_objects_they_were_called(tmp_path: Path) -> None:
    report = tmp_path / "report"
    with emulator("--world", write_world(tmp_path, with_many_apps(120)), log=tmp_path / "emulator.log") as address:
        result, _records, output = play(address, tmp_path, doctor_report=str(report))
    examined = {one["action"]: one for one in result["operations"]}
    assert (examined["ListServices"]["status"], examined["ListServices"]["called_for"]) == (
        "no records",
        "100 of 122 apps",
    )
    assert [line for line in output.splitlines() if "ListServices" in line and "in 100 of 122 apps" in line]
    assert max(one["calls"] for one in result["operations"]) == 100
    shown = json.loads((report / "doctor.json").read_text(encoding="utf-8"))["operations"]
    assert {one["action"]: one["called_for"] for one in shown} == {
        name: one["called_for"] for name, one in examined.items()
    }


def texts_of(content: Any) -> Iterator[str]:
    """Yield all texts and keys of a report."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from texts_of(value)
    elif isinstance(content, list):
        for item in content:
            yield from texts_of(item)
    else:
        yield str(content)


def with_canaries(content: dict[str, Any]) -> list[str]:
    """Plant texts in titles, addresses, logs and documents of a world, and return them."""
    planted: list[str] = []

    def canary() -> str:
        planted.append(f"Canary{len(planted):02}x")
        return planted[-1]

    document = "kind: ConfigMap\nmetadata: {name: m}\ndata: {%s: %s}\n"
    for app in content["apps"]:
        app.update(title=canary(), description=canary(), biz_title=canary())
    for user in content["users"]:
        user["real_name"] = canary()
    for config in content["deploy_configs"]:
        config.update(name=canary(), code_path=f"/{canary()}", config_map_list=[document % (canary(), canary())])
    for environment in content["environments"]:
        environment["name"] = canary()
    for table in ("services", "slb_access_points", "groups", "volumes", "claims"):
        for record in content[table]:
            record["name"] = canary()
    for event in content["events"][:2]:
        event.update(message=canary(), reason=canary())
    content["slbs"][0]["address"] = f"{canary()}.example.com"
    content["orders"][0].update(name=canary(), description=canary())
    content["settings"]["monitoring"].update(
        app_log=[f"password={canary()}"], package_log=[canary()], job_log=[canary()], failing_log=[canary()]
    )
    return planted


def test_a_report_holds_no_value_of_the_account(tmp_path: Path) -> None:
    content = full_account()
    planted = with_canaries(content)
    assert len(planted) >= 30
    report = tmp_path / "report"
    with emulator("--world", write_world(tmp_path, content), log=tmp_path / "emulator.log") as address:
        shown = json.dumps(control(address, "state"))
        assert all(text in shown for text in planted)
        control(address, "faults", {"kind": "business", "action": "ListUsers", "message": planted[0], "count": None})
        key = {"kind": "rewrite", "action": "ListApp", "path": ["Data", 0, "Tags"], "value": {planted[1]: planted[2]}}
        control(address, "faults", key)
        code = {"kind": "rewrite", "action": "GetRdsBackUp", "path": ["Code"], "value": planted[3], "count": None}
        control(address, "faults", code)
        number = {"kind": "rewrite", "action": "DescribeDatabases", "path": ["Code"], "value": 4711, "count": None}
        control(address, "faults", number)
        result, _records, _output = play(address, tmp_path, doctor_report=str(report))
    files = {file.name: file.read_text(encoding="utf-8") for file in report.iterdir()}
    assert sorted(files) == sorted([*(f"{name}.json" for name in READS), "doctor.json"])
    every = "\n".join(text for file in files.values() for text in texts_of(json.loads(file)))
    assert [text for text in [*planted, "4711", "emulator-key", address] if text in every] == []
    assert "<text>" in every
    assert "online" in every
    assert {file.stat().st_mode & 0o777 for file in report.iterdir()} == {0o600}
    # The terminal shows them, and the report does not.
    assert all(text in json.dumps(result["findings"]) for text in (planted[0], planted[3], "4711"))


def test_without_credentials_the_rest_is_examined(address: str, tmp_path: Path) -> None:
    nothing = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": str(tmp_path)}
    records, output = run_playbook(address, tmp_path, [f"{COLLECTION}.doctor"], environment=nothing)
    result = result_of(records)
    assert sentences(result) == ["There are no usable credentials."], output
    assert "There are no usable credentials. No credentials were found. " in output
    assert result["controller"]["ansible_core"]
    assert result["operations"] == []


def test_a_wrong_clock_is_named(address: str, tmp_path: Path) -> None:
    control(address, "faults", {"kind": "skew", "seconds": 3600})
    result, _records, _output = play(address, tmp_path)
    assert any("The clock of this machine is 3" in text and "Synchronize it" in text for text in sentences(result))


def test_only_files_of_an_earlier_examination_are_replaced(address: str, tmp_path: Path) -> None:
    hosts, folder = tmp_path / "hosts.yml", tmp_path / "group_vars"
    folder.mkdir()
    for file in (hosts, folder / "all.yml"):
        file.write_text("all: {}\n")
    refused = {
        "doctor_record": (hosts, "doctor_record names a file that is not a recorded account"),
        "doctor_json": (hosts, "doctor_json names something that is not a result of doctor"),
        "doctor_report": (folder, "doctor_report names a folder that is not empty and holds no report"),
    }
    refused_folders = {"doctor_record": "missing/account.yml", "doctor_json": "missing/doctor.json"}
    cases = [(name, path, text) for name, (path, text) in refused.items()]
    cases += [(name, tmp_path / path, f"The folder of {name} does not exist") for name, path in refused_folders.items()]
    for name, path, text in cases:
        records, output = run_playbook(address, tmp_path, [f"{COLLECTION}.doctor", "-e", json.dumps({name: str(path)})])
        assert records[-1].result["msg"].startswith(text), output
        assert "The lookup plugin" not in output
    assert control(address, "calls") == []
    assert {file.read_text() for file in (hosts, folder / "all.yml")} == {"all: {}\n"}

    written = {
        "doctor_record": str(tmp_path / "account.yml"),
        "doctor_json": str(tmp_path / "doctor.json"),
        "doctor_report": str(tmp_path / "report"),
    }
    for _ in range(2):
        result, _records, _output = play(address, tmp_path, **written)
        assert result["recorded"]["written"]
    assert json.loads((tmp_path / "doctor.json").read_text())["well"]
    assert (tmp_path / "doctor.json").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_hides_no_findings(address: str, tmp_path: Path) -> None:
    long, result = tmp_path / ("x" * 300), tmp_path / "doctor.json"
    given = {"doctor_record": str(long), "doctor_json": str(result)}
    records, output = run_playbook(address, tmp_path, [f"{COLLECTION}.doctor", "-e", json.dumps(given)])
    sentence = f"Cannot write {long}: File name too long."
    assert records[-1].result["failed"]
    assert records[-1].result["msg"] == sentence
    printed = next(one.result["msg"] for one in records if one.task == "Print the findings")
    assert any(line.startswith("ListApp ") for line in printed), output
    assert printed[-1] == sentence
    assert json.loads(result.read_text())["not_written"] == [sentence]
    assert sorted(path.name for path in tmp_path.glob(".doctor-*")) == []


def test_check_mode_writes_no_file_and_says_which(address: str, tmp_path: Path) -> None:
    given = {
        "doctor_record": str(tmp_path / "account.yml"),
        "doctor_json": str(tmp_path / "doctor.json"),
        "doctor_report": str(tmp_path / "report"),
    }
    _records, output = run_playbook(address, tmp_path, [f"{COLLECTION}.doctor", "--check", "-e", json.dumps(given)])
    assert [name for name in ("account.yml", "doctor.json", "report") if (tmp_path / name).exists()] == []
    assert f"Check mode: would be recorded to {given['doctor_record']}: " in output
    assert f"Check mode: a report would be written to {given['doctor_report']}." in output
    assert f"Check mode: the result would be written to {given['doctor_json']}." in output


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "another-secret", "SignatureDoesNotMatch"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "nobody-knows-this-key", "InvalidAccessKeyId.NotFound"),
    ],
)
def test_a_rejected_key_is_one_finding_and_no_lack_of_permissions(
    variable: str, value: str, code: str, address: str, tmp_path: Path
) -> None:
    given = json.dumps({**DATABASES, "doctor_record": str(tmp_path / "account.yml")})
    arguments = [f"{COLLECTION}.doctor", "-e", given]
    records, output = run_playbook(address, tmp_path, arguments, environment={variable: value})
    result = result_of(records)
    assert [finding["kind"] for finding in result["findings"]] == ["credentials"], output
    assert code in result["findings"][0]["text"]
    assert sum(len(record.calls) for record in records) == 1
    assert (result["permissions"]["denied"], result["permissions"]["allowed"]) == ([], [])
    assert "RAM user" not in output
    assert value not in output


def test_a_denied_operation_is_one_sentence_with_a_short_key_id(address: str, tmp_path: Path) -> None:
    for action in ("ListAppEnvironment", "ListServices"):
        control(address, "faults", {"kind": "gateway", "action": action, "code": "Forbidden.RAM", "count": None})
    result, _records, output = play(address, tmp_path, doctor_record=str(tmp_path / "account.yml"))
    assert result["permissions"]["denied"] == ["retailcloud:ListAppEnvironment", "retailcloud:ListServices"]
    denied = "{0} is denied: allow retailcloud:{0} to the RAM user or role of the access key."
    assert sorted(sentences(result)) == [
        denied.format("ListAppEnvironment"),
        denied.format("ListServices"),
        "The account was not recorded, since ListAppEnvironment is denied.",
    ]
    assert {one["detail"] for one in result["findings"]} == {""}
    assert "emulator-key-id" not in output + json.dumps(result)


def test_a_failure_lacks_no_members(address: str) -> None:
    control(address, "faults", {"kind": "business", "action": "DescribeDatabases", "code": 7, "count": None})
    found = examine(address).operations["DescribeDatabases"].findings
    assert [finding.text for finding in found] == ["DescribeDatabases failed: HTTP 200, an unknown code."]
    assert found[0].detail.startswith("The code is 7. ")


def test_an_unknown_variable_is_rejected(address: str, tmp_path: Path) -> None:
    arguments = [f"{COLLECTION}.doctor", "-e", json.dumps({"doctor_recrod": "account.yml"})]
    _records, output = run_playbook(address, tmp_path, arguments)
    assert "no variable doctor_recrod" in output, output
    assert control(address, "calls") == []


def test_with_an_inventory_the_result_is_a_fact_of_localhost(address: str, tmp_path: Path) -> None:
    inventory, later = tmp_path / "hosts.yml", tmp_path / "later.yml"
    key = {"jst_access_key_id": "emulator-key-id", "jst_access_key_secret": "emulator-key-secret"}
    inventory.write_text(json.dumps({"jst_apps": {"hosts": {"shop": key, "job": None}}}))
    shown = "localhost: {{ hostvars['localhost'].jst_doctor is defined }}, shop: {{ jst_doctor is defined }}"
    tasks = [{"ansible.builtin.debug": {"msg": shown}}]
    plays = [
        {"ansible.builtin.import_playbook": f"{COLLECTION}.doctor"},
        {"hosts": "shop", "gather_facts": False, "tasks": tasks},
    ]
    later.write_text(json.dumps(plays))
    nothing = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": str(tmp_path)}
    arguments = ["-i", str(inventory), "--limit", "shop", str(later)]
    _records, output = run_playbook(address, tmp_path, arguments, environment=nothing)
    assert "Credentials: emul...y-id, permanent, from" in output, output
    assert "localhost: True, shop: False" in output, output
    assert "The clock of this machine is " in output
