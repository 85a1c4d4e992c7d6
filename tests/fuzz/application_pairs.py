# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of descriptions of one app: most of the second is as in the first, and few are wrong in something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.conformance.module_cases import MYSQL, config_map, cron_job, deployment, secret

Options = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

USERS = [
    {"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"},
    {"role_name": "Dev", "user_id": "1002", "user_type": "TAOBAO"},
    {"role_name": "Test", "user_id": "dt-1003", "user_type": "DING_TALK"},
]
IMAGES = ["registry.example.com/shop:1.0", "registry.example.com/shop:1.1"]
TITLES = ["shop", "10001"]
PASSWORD = "Canary-Password-1"


def usually(*values: Any, rarely: Sequence[Any] = ()) -> st.SearchStrategy[Any]:
    """Any of the values, and one of the others one time in twenty."""
    common = st.sampled_from(values)
    if not rarely:
        return common
    return st.integers(0, 19).flatmap(lambda number: st.sampled_from(list(rarely)) if number == 19 else common)


class Describer:
    """Draws one description after another; from the second on, most values are those of the one before.

    :param draw: of Hypothesis.
    :param min_environments: how many environments a description has at least.
    """

    def __init__(self, draw: Draw, min_environments: int = 0) -> None:
        self._draw = draw
        self._min_environments = min_environments
        self._before: dict[tuple[Any, ...], Any] = {}

    def value(self, *place: Any, of: st.SearchStrategy[Any]) -> Any:
        """The value at a place of the description."""
        if place not in self._before or self._draw(st.integers(0, 4)) == 0:
            self._before[place] = self._draw(of)
        return self._before[place]

    def describe(self) -> Options:
        """The next description."""
        state_type = self.value("state_type", of=usually("stateless", "stateless", "stateful", "cron_job"))
        configs = [
            self.config(number, name, kind, state_type)
            for number, (name, kind) in enumerate(
                self.value(
                    "configs",
                    of=st.lists(
                        st.tuples(st.sampled_from(["web", "next", "30001"]), usually("online", rarely=["test"])),
                        min_size=1,
                        max_size=3,
                        unique=True,
                    ),
                )
            )
        ]
        names = self.value(
            "environments",
            of=st.lists(st.sampled_from(["prod", "20001"]), min_size=self._min_environments, max_size=2, unique=True),
        )
        databases = self.value("databases", of=st.lists(st.sampled_from(["shop", "audit"]), max_size=2, unique=True))
        title = self.value("title", of=usually(*TITLES))
        return {
            "title": title,
            "biz_code": self.value("biz_code", of=usually("JST", rarely=["SUPPLY"])),
            "language": self.value("language", of=usually("Java", "Python")),
            "service_type": "StoreApplication",
            "state_type": state_type,
            "user_roles": self.value(
                "user_roles",
                of=st.lists(usually(*USERS, rarely=[{**USERS[0], "user_id": "9999"}]), min_size=1, max_size=2).filter(
                    lambda roles: len({role["user_id"] for role in roles}) == len(roles)
                ),
            ),
            **self.some("description", of=usually("Frühling", "Autumn, 2026")),
            **self.some("group", of=usually({"name": "storefronts"}, {"name": "50001"})),
            "databases": [
                {
                    "instance_id": self.value("instance", of=usually(MYSQL, rarely=["rm-emu0000000000009"])),
                    "name": name,
                    "character_set": self.value(name, "character_set", of=usually("utf8mb4", rarely=["gbk"])),
                }
                for name in databases
            ],
            "accounts": [self.account(databases)] if self.value("account", of=st.booleans()) else [],
            "deploy_configs": configs,
            "environments": [self.environment(title, name, configs) for name in names],
            "parallelism": self.value("parallelism", of=usually(1, 8)),
        }

    def some(self, name: str, *place: Any, of: st.SearchStrategy[Any]) -> Options:
        """An option that may be left out."""
        value = self.value(*place, name, of=st.none() | of)
        return {} if value is None else {name: value}

    def account(self, databases: Sequence[str]) -> Options:
        """An account with privileges on some databases."""
        granted = [name for name in databases if self.value(name, "granted", of=st.booleans())]
        granted += self.value("granted besides", of=usually([], rarely=[["nowhere"]]))
        privilege = self.value("privilege", of=usually("ReadWrite", "ReadOnly"))
        return {
            "instance_id": MYSQL,
            "name": "shop",
            "password": PASSWORD,
            "privileges": [{"database": name, "privilege": privilege} for name in granted],
        }

    def config(self, number: int, name: str, env_type: str, state_type: str) -> Options:
        """A deploy config with a workload that fits the app, mostly."""
        image = self.value("config", number, "image", of=st.sampled_from(IMAGES))
        workload: Options
        if state_type == "cron_job":
            workload = {
                "cron_job": cron_job(self.value("config", number, "schedule", of=usually("1 * * * *", "2 * * * *")))
            }
        else:
            document = deployment(image)
            if self.value("config", number, "containers", of=usually(1, 2)) == 2:
                spec = document["spec"]["template"]["spec"]
                spec["containers"].append({"name": "side", "image": "registry.example.com/side:1"})
            document["metadata"]["labels"] = {"team": self.value("config", number, "team", of=usually("a", "b"))}
            kind = "stateful_set" if state_type == "stateful" else "deployment"
            if kind == "stateful_set":
                document["kind"] = "StatefulSet"
            workload = {kind: document}
        maps = self.value("config", number, "maps", of=st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True))
        level = self.value("config", number, "level", of=usually("info", "debug"))
        listed = [config_map(each, level=level) for each in maps]
        secrets = self.value("config", number, "secrets", of=usually(None, [secret("token", "canary-secret")]))
        return {
            "name": name,
            "env_type": env_type,
            **workload,
            **({"config_maps": listed} if listed or self.value("config", number, "none", of=st.booleans()) else {}),
            **({"secrets": secrets} if secrets else {}),
        }

    def environment(self, title: str, name: str, configs: Sequence[Mapping[str, Any]]) -> Options:
        """An environment, most of the time with a deploy config that is described."""
        place = ("environment", title, name)
        described = [config["name"] for config in configs] or ["web"]
        position = self.value(*place, "config", of=st.integers(0, 2))
        other = self.value(*place, "other", of=usually(None, None, None, "next", "30001", rarely=["wep"]))
        # One volume is there, so one claim can be bound.
        claims = st.lists(st.just("media"), max_size=int((title, name) == (TITLES[0], "prod")))
        release = self.value(*place, "released", of=usually(True, True, False))
        return {
            "name": name,
            "env_type": self.value(*place, "env_type", of=usually("online", rarely=["test"])),
            "region": self.value(*place, "region", of=usually("cn-zhangjiakou", rarely=["cn-beijing"])),
            "replicas": self.value(*place, "replicas", of=st.integers(1, 3)),
            "deploy_config": other or described[position % len(described)],
            "cluster": self.value(
                *place,
                "cluster",
                of=usually("emu-online", "emu-online", "emu-online", None, rarely=["emu-test", "emu-onlin"]),
            ),
            "volume_claims": [
                {"name": each, "capacity": "1Gi", "access_mode": "ReadWriteMany", "storage_class": "emu-media"}
                for each in self.value(*place, "claims", of=claims)
            ],
            "services": [
                {
                    "k8s_service_id": each,
                    "name": self.value(*place, each, "name", of=usually(each, "renamed")),
                    "service_type": self.value(*place, each, "type", of=usually("ClusterIP", rarely=["NodePort"])),
                    "port_mappings": [
                        {
                            "name": "http",
                            "port": self.value(*place, each, "port", of=usually(80, 8080)),
                            "target_port": "8080",
                        }
                    ],
                }
                for each in self.value(
                    *place, "services", of=st.lists(st.sampled_from(["web", "60001"]), max_size=2, unique=True)
                )
            ],
            "slb_aps": [
                {
                    "slb_id": "lb-emu-internet-1",
                    # That another app listens on the same port is nothing that a run could see before.
                    "listener_port": 80 + 2 * TITLES.index(title) + int(name == "prod"),
                    "protocol": self.value(*place, "protocol", of=usually("HTTP", rarely=["TCP"])),
                    "name": self.value(*place, "ap", of=usually("front", "door")),
                    "real_server_port": self.value(*place, "server_port", of=usually(8080, 9090)),
                }
            ]
            if self.value(*place, "slb", of=st.booleans())
            else [],
            **({"release": self.release(place)} if release else {}),
        }

    def release(self, place: tuple[Any, ...]) -> Options:
        """What is released; mostly what the deploy config says."""
        return {
            **self.some("images", *place, of=usually(None, [IMAGES[0]], rarely=[IMAGES])),
            **self.some("description", *place, "release", of=usually("first", "second")),
            **self.some("packet_id", *place, of=usually(None, None, rarely=[2001])),
            **self.some("update_strategy", *place, of=usually(None, "online_new_then_offline_old")),
            **self.some("partitions", *place, of=usually(1, 2)),
        }


@st.composite
def pairs(draw: Draw, min_environments: int = 0) -> tuple[Options, Options]:
    """Two descriptions of the same app, or of two."""
    describer = Describer(draw, min_environments)
    first = describer.describe()
    second = describer.describe()
    return first, second
