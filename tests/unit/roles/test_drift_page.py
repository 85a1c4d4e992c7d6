# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of role ``drift``, from reports that a run rarely makes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils import (
    drift_app,
    drift_failures,
    drift_report,
    drift_unmanaged,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions, encode
from tests.tools.run_in_collection import ROOT, environment

ROLE = ROOT / "roles" / "drift"
COVERS = {"name": "Nightly", "limit": "", "unmanaged": ["accounts", "slb_aps", "volume_claims"]}


def rendered(
    folder: Path, apps: dict[str, dict[str, Any]], language: str, account_wide: dict[str, Any] | None = None
) -> str:
    """The page about the records of apps, made by the template of the role."""
    page, play = folder / "drift.html", folder / "play.yml"
    variables = {
        "role_path": str(ROLE),
        "__drift": {"language": language},
        "__drift_report": encode(drift_report.report(apps, account_wide, COVERS)),
    }
    make = {"ansible.builtin.template": {"src": str(ROLE / "templates" / "report.html.j2"), "dest": str(page)}}
    of_role = {"vars_files": [str(ROLE / "vars" / "main.yml")], "vars": variables, "tasks": [make]}
    play.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, **of_role}]))
    done = subprocess.run(
        ["ansible-playbook", str(play)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return page.read_text(encoding="utf-8")


OPTIONS = DriftOptions(("environments",), {}, 40)
MODULES_MESSAGE = "Could not read 12 apps."
# Opened from a mail or a CI server.
MOST_BYTES_PER_APP = 3000


def unread(*messages: str) -> dict[str, Any]:
    """The record of an app of which several things could not be read."""
    record = drift_app.app_record("shop", {"application": {}}, {}, {"environments": {"environments": []}}, OPTIONS)
    record["not_read"] = [drift_failures.read_failure("environments", {"msg": message}) for message in messages]
    return {**record, "status": ["not_read"]}


def unknown(title: str, what: list[str]) -> dict[str, Any]:
    """The record of an app with an environment of which something is not known."""
    record = drift_app.app_record(title, {"application": {}}, {}, {"environments": {"environments": []}}, OPTIONS)
    record["not_known"] = [{"resource": "environment 'production'", "unknown": what, "deploy_order_id": 60002}]
    return {**record, "status": ["not_known"]}


def uncompared(*resources: str) -> dict[str, Any]:
    """The record of an app of which options of these resources were not compared."""
    compared = {"application": {}, "not_compared": [{"resource": name, "options": ["secrets"]} for name in resources]}
    return drift_app.app_record("shop", compared, {}, {"environments": {"environments": []}}, OPTIONS)


def repr_of(kind: str, name: str) -> str:
    """A resource in words, with its name quoted as the report quotes it."""
    return f"{kind} {name!r}"


def texts(html: str) -> str:
    """What stands between the tags, one text a line."""
    return re.sub(r"\s*(<[^>]*>\s*)+", "\n", html.partition("<body>")[2])


def test_messages_of_the_report_are_in_the_language_of_the_page(tmp_path: Path) -> None:
    """Those of modules stay as they are, so that they can be searched for."""
    own = (drift_report.NOT_FINISHED, drift_app.NOT_COMPARED, drift_failures.NO_MESSAGE)
    apps = {"shop": unread(*own, drift_unmanaged.NAMELESS.format(n=12), MODULES_MESSAGE)}
    chinese = rendered(tmp_path, apps, "zh")
    assert MODULES_MESSAGE in texts(chinese)
    assert "服务端没有返回其中 12 项的名称。" in texts(chinese)
    assert "字段名、消息和差异的内容保留英文，便于搜索。" in texts(chinese)
    for message in own:
        assert message not in chinese
    english = rendered(tmp_path, apps, "en")
    for message in (*own, MODULES_MESSAGE, "The service does not show the names of 12 of them."):
        assert message in texts(english)
    assert not re.search("[\u4e00-\u9fff]", english)
    both = rendered(tmp_path, apps, "auto")
    assert f'<span lang="en">{drift_app.NOT_COMPARED}</span><span lang="zh-CN">未比较，' in both
    assert f"<p>{MODULES_MESSAGE}</p>" in both


def test_names_stay_as_they_are_in_chinese(tmp_path: Path) -> None:
    """The words around them are translated. Words like those within a name are not."""
    expected = {
        "app 'Price of environment list'": "应用 'Price of environment list'",
        "app 'kind of rm-1'": "应用 'kind of rm-1'",
        repr_of("app", 'it\'s of environment "x" of rm-1'): repr_of("应用", 'it\'s of environment "x" of rm-1'),
        repr_of("app", "it's of environment x"): repr_of("应用", "it's of environment x"),
        repr_of("app", "\\' of environment 'x"): repr_of("应用", "\\' of environment 'x"),
        "service 'a of environment b' of environment 'c of environment d'": (
            "服务 'a of environment b'，环境 'c of environment d'"
        ),
        """service "a'b" of environment 'c'""": """服务 "a'b"，环境 'c'""",
        "database 'a of b' of rm-1": "数据库 'a of b'，RDS 实例 rm-1",
        "release of environment 'release of environment x'": "环境 'release of environment x' 的发布",
        "environment 20001": "环境 20001",
    }
    page = texts(rendered(tmp_path, {"shop": uncompared(*expected)}, "zh"))
    for resource, chinese in expected.items():
        assert f"\nshop：{chinese} 的 secrets\n" in page, resource


def test_what_is_not_known_is_said_in_words(tmp_path: Path) -> None:
    """In the counts, the list of the apps and the app itself; a column that no app needs is left out."""
    apps = {"a": unknown("a", ["content"]), "b": unknown("b", ["content", "configuration"])}
    english = texts(rendered(tmp_path, apps, "en"))
    assert "\n2\nrun an unknown version or configuration\n" in english
    assert "\nApp\nUnknown version or configuration\na\n1\nb\n1\n" in english
    content = "the service does not show which images or package its instances run"
    configuration = "the service does not show with which configuration its instances were released"
    assert f"\nenvironment 'production'\n: {content}; {configuration}.\n" in english
    assert "\nDeploy order 60002 does not record it." in english
    chinese = texts(rendered(tmp_path, apps, "zh"))
    assert "\n2\n运行的版本或配置未知\n" in chinese
    assert "\n应用\n版本或配置未知\na\n1\nb\n1\n" in chinese


def test_a_report_about_hundreds_of_apps_is_small(tmp_path: Path) -> None:
    """Both languages of it."""
    apps = {f"app-{number:03}": unread(MODULES_MESSAGE) for number in range(500)}
    page = rendered(tmp_path, apps, "auto")
    assert page.count("data-app") == 501  # the script names it too
    assert len(page.encode()) < MOST_BYTES_PER_APP * len(apps)
