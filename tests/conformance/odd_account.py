# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account that others made: by signed calls of the API alone, without any code of the collection."""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from jst_emulator.api_spec import OPERATIONS, VERSION
from jst_emulator.signature import sign_1_0, string_to_sign_1_0
from tests.conformance.playbook_runner import control
from tests.tools.running_emulator import access

ONLINE = "c000000000000000000000000000000e1"
MYSQL = "rm-emu0000000000001"
PASSWORD = "Secret-1234"
OWNERS = [{"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}]
SECRET_VALUE = "c2VjcmV0LW9mLXRoZS1zaG9w"

# One of each kind of title that is no name of a host or a file as it is.
ODD_TITLES = (
    "Shop",
    "shop",
    "订单服务",
    "rocket-🚀",
    "pay/ment",
    "..hidden",
    "all",
    "yes",
    "10007",
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "two words: #1",
    "a[1:3]",
)


class Account:
    """Sends signed calls to an emulator."""

    def __init__(self, address: str) -> None:
        self.address = address
        keys = access(address)
        self._id, self._secret = (keys[f"ALIBABA_CLOUD_ACCESS_KEY_{name}"] for name in ("ID", "SECRET"))

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Return the response of an operation. Lists and records become numbered parameters."""
        query = {
            "Action": action,
            "Version": VERSION,
            "Format": "JSON",
            "AccessKeyId": self._id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        method = OPERATIONS[action].method
        # Documents are too long for an address.
        form = flat(parameters) if method == "POST" else {}
        query.update({} if form else flat(parameters))
        query["Signature"] = sign_1_0(self._secret, string_to_sign_1_0(method, {**query, **form}))
        body = urlencode(form).encode() if method == "POST" else None
        with urlopen(Request(f"{self.address}/?{urlencode(query)}", data=body, method=method)) as response:
            content: dict[str, Any] = json.load(response)
        assert "ErrMsg" not in content or content.get("Code") in (0, "0", None), content
        return content

    def create(self, action: str, name: str, **parameters: Any) -> int:
        """Return an id that an operation gives to a new resource.

        :param name: of the member that holds it.
        """
        return int(found(self.call(action, **parameters), name))


def found(content: Any, name: str) -> Any:
    """Return a member wherever the response has it."""
    if isinstance(content, Mapping):
        if name in content:
            return content[name]
        content = list(content.values())
    for item in content if isinstance(content, list) else ():
        value = found(item, name)
        if value is not None:
            return value
    return None


def flat(value: Any, name: str = "") -> dict[str, str]:
    """Return nested parameters in the numbered form of the API, without empty ones."""
    if isinstance(value, Mapping):
        parts = {f"{name}.{key}" if name else key: item for key, item in value.items()}
    elif isinstance(value, list):
        parts = {f"{name}.{number}": item for number, item in enumerate(value, start=1)}
    else:
        return {name: str(value)} if value != "" else {}
    return {key: text for part, item in parts.items() for key, text in flat(item, part).items()}


def encoded(text: str) -> str:
    """Return a document in base64."""
    return b64encode(text.encode()).decode()


def workload(name: str, kind: str = "Deployment") -> str:
    """Return a document with comments and odd spacing, as people write it."""
    spec = "spec:\n  template:\n" if kind != "CronJob" else "spec:\n  schedule: '*/5 * * * *'\n  jobTemplate:\n"
    pod = (
        "    spec:\n      containers:  # just one\n        - name: web\n"
        "          image: registry.example.com/shop/web:1.0\n"
        "          env: [{name: GREETING, value: '{{ not a template }}'}]\n"
    )
    if kind == "CronJob":
        pod = "    spec:\n      template:\n" + "".join(f"    {line}\n" for line in pod.splitlines())
    else:
        pod = "    metadata: {labels: {app: web}}\n" + pod
    selector = "" if kind == "CronJob" else "  selector: {matchLabels: {app: web}}\n"
    version = "batch/v1" if kind == "CronJob" else "apps/v1"
    return f"# Of {name}: by hand\napiVersion: {version}\nkind: {kind}\nmetadata:\n  name: web\n{spec}{pod}{selector}"


def config_map(name: str, text: str) -> str:
    """Return a ConfigMap with one text."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  content: |\n{lines}"


def create_app(account: Account, title: str, **more: Any) -> int:
    """Create an app."""
    common = {"BizCode": "JST", "Language": "Java", "OperatingSystem": "Linux", "ServiceType": "GeneralApplication"}
    return account.create("CreateApp", "AppId", Title=title, UserRoles=OWNERS, **{**common, **more})


def create_config(account: Account, app: int, name: str, **more: Any) -> int:
    """Create a deploy config."""
    if not {"StatefulSet", "CronJob"} & set(more):
        more = {"Deployment": encoded(workload(name)), **more}
    return account.create("CreateDeployConfig", "SchemaId", AppId=app, Name=name, **{"EnvType": "online", **more})


def create_environment(account: Account, app: int, config: int, name: str, **more: Any) -> int:
    """Create an environment."""
    given = {"EnvType": 1, "Region": "cn-zhangjiakou", "Replicas": 1, "ClusterId": ONLINE, **more}
    return account.create("CreateEnvironment", "AppEnvId", AppId=app, AppSchemaId=config, EnvName=name, **given)


def create_odd_apps(account: Account) -> dict[str, int]:
    """Create an app for each odd title, and others with odd content. Return title -> id."""
    apps = {}
    for number, title in enumerate(ODD_TITLES):
        apps[title] = create_app(account, title, BizTitle=f"{title}!", Description="{{ 1 }}\n# two: lines")
        config = create_config(account, apps[title], f"web {title}")
        environment = create_environment(account, apps[title], config, f"prod {title}")
        if number % 3 == 0:
            create_service(account, environment, f"web-{number}")
    return apps


def create_service(account: Account, environment: int, name: str) -> None:
    """Create a service with two ports."""
    ports = [
        {"Name": "http", "Protocol": "TCP", "Port": 80, "TargetPort": "8080"},
        {"Name": "admin", "Protocol": "TCP", "Port": 81, "TargetPort": "admin"},
    ]
    account.call(
        "CreateService",
        EnvId=environment,
        Name=f"of {name}",
        ServiceType="ClusterIP",
        K8sServiceId=name,
        PortMappings=ports,
    )


def create_full_apps(account: Account) -> dict[str, int]:
    """Create apps with everything that belongs to one. Return title -> id."""
    group = {"BizCode": "JST", "Name": "storefronts"}
    account.call("CreateAppGroup", **group)
    account.call("CreateAppGroup", BizCode="JST", Name="empty")
    full = create_app(account, "full", GroupName="storefronts")
    secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: key}}\ndata: {{key: {SECRET_VALUE}}}\n"
    maps = [
        config_map("settings", "{% if x %}\nserver { listen 80; }\n"),
        config_map("large", "x" * 79 + "\n" + "y" * 1_000_000),
    ]
    config = create_config(
        account,
        full,
        "main",
        ConfigMapList=[encoded(text) for text in maps],
        SecretList=[encoded(secret)],
        CodePath="/home/admin/app",
    )
    create_config(account, full, "main", EnvType="test")
    production = create_environment(account, full, config, "production", Replicas=2)
    create_service(account, production, "web")
    account.call(
        "CreateSlbAP",
        EnvId=production,
        Name="web",
        SlbId="lb-emu-internet-1",
        ListenerPort=80,
        RealServerPort=8080,
        Protocol="HTTP",
        StickySession=1,
        CookieTimeout=100,
    )
    storage = {"Name": "media", "Capacity": "1Gi", "AccessModes": "ReadWriteOnce", "StorageClass": "media"}
    account.call(
        "CreatePersistentVolume",
        ClusterInstanceId=ONLINE,
        MountTargetDomain="emu-1.cn-zhangjiakou.nas.aliyuncs.com",
        NFSVersion="4.0",
        ReclaimPolicy="Retain",
        **storage,
    )
    account.call("CreatePersistentVolumeClaim", AppId=full, EnvId=production, **storage)
    account.call(
        "BindNodeLabel", ClusterId=ONLINE, InstanceId="i-emu-node-1", LabelKey="label.jst.com/role", LabelValue="web"
    )
    account.call("DeployApp", EnvId=production, Name="first", TotalPartitions=2)
    twice = create_app(account, "twice", Language="PHP")
    same = create_config(account, twice, "main")
    create_config(account, twice, "other")
    create_config(account, twice, "other")
    for _ in range(2):
        create_environment(account, twice, same, "production")
    create_environment(account, twice, same, "staging")
    account.call("BindGroup", AppId=twice, **group)
    job = create_app(account, "job", StateType=5, Language="Python")
    account_config = create_config(account, job, "job", CronJob=encoded(workload("job", "CronJob")))
    create_environment(account, job, account_config, "nightly")
    stateful = create_app(account, "stateful", StateType=2)
    create_config(account, stateful, "main", StatefulSet=encoded(workload("stateful", "StatefulSet")))
    create_app(account, "bare")
    return {"full": full, "twice": twice, "job": job, "stateful": stateful}


def create_databases(account: Account) -> None:
    """Create databases and accounts: of app ``full``, of nobody, and of both."""
    for name in ("full", "shared", "spare"):
        account.call("CreateDb", DbInstanceId=MYSQL, DbName=name, CharacterSetName="utf8mb4")
    for name in ("full", "both", "idle"):
        account.call("CreateAccount", DbInstanceId=MYSQL, AccountName=name, AccountPassword=PASSWORD)
    control(account.address, "clock", {"advance_s": 600})
    for name, database in (("full", "full"), ("both", "full"), ("both", "shared")):
        account.call(
            "GrantDbToAccount",
            DbInstanceId=MYSQL,
            AccountName=name,
            DbName=database,
            AccountPrivilege="ReadWrite",
        )


KINDS: tuple[dict[str, Any], ...] = (
    {"StateType": 1, "Language": "Java", "ServiceType": "GeneralApplication"},
    {"StateType": 2, "Language": "PHP", "ServiceType": "StoreApplication", "BizCode": "NEW_RETAIL"},
    {"StateType": 3, "Language": "Python", "ServiceType": "TaoHuDongApplication", "BizCode": "MINI_APP"},
    {"StateType": 5, "Language": "C#", "OperatingSystem": "Windows", "BizCode": "SUPPLY"},
)


def create_many_apps(account: Account, number: int) -> None:
    """Create apps of all kinds: of each state type, language and business domain, with up to three environments."""
    for position in range(number):
        kind = KINDS[position % len(KINDS)]
        app = create_app(account, f"app-{position:02} {'号' * (position % 3)}", **kind)
        workloads: dict[int, dict[str, Any]] = {
            2: {"StatefulSet": encoded(workload("it", "StatefulSet"))},
            3: {"ConfigMapList": [encoded(config_map("settings", "{{ x }}"))], "Deployment": ""},
            5: {"CronJob": encoded(workload("it", "CronJob"))},
        }
        config = create_config(account, app, f"config {position}", **workloads.get(kind["StateType"], {}))
        place = {} if "BizCode" not in kind else {"ClusterId": ""}
        for name in ("production", "staging", "{# canary #}")[: position % 4]:
            environment = create_environment(account, app, config, name, **place)
            create_service(account, environment, f"web-{position}")
