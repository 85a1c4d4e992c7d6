# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks whose results must not depend on where their module ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CANARY = "canary-7f3a"

# Hosts of the inventory: how each differs from a local host on the Python that runs Ansible.
HOSTS: Mapping[str, Mapping[str, Any]] = {
    "here": {},
    "discovering": {"ansible_python_interpreter": "auto"},
    "other_python": {"ansible_python_interpreter": "{{ elsewhere_python }}"},
    "switched_off": {"jst_in_process": "{{ 1 == 2 }}"},
    "away": {"ansible_connection": "ssh", "ansible_host": "nowhere.invalid"},
}

# Values that JSON has no word for, and how YAML spells them. The password of the vault is "parity".
VAULTED, UNSAFE = "@vaulted@", "@unsafe@"
TAGS: Mapping[str, tuple[str, str]] = {
    VAULTED: (
        "!vault",
        "$ANSIBLE_VAULT;1.1;AES256\n"
        "31376239303563363639333461303262333562616435386637656166316339636132343631643231\n"
        "3464393763346530636630373463343437633362633131370a373561303061323431333036646561\n"
        "30313065626634623031366362646134333164633161346366356161666438643332363831643335\n"
        "6661373765363037330a353437363436633034633330646266303731663337316461323361646163\n"
        "36326432316166333737333264643739306136663265323665343531393162376334\n",
    ),
    UNSAFE: ("!unsafe", "{{ not_rendered }}"),
}


@dataclass(frozen=True)
class Case:
    """One task with the probe.

    :param name: also the name of the variable it registers, after ``case_``.
    :param options: of the probe; ``act`` says what it does.
    :param keywords: of the task.
    :param host: one of `HOSTS`.
    :param worker: whether the task may run in the worker.
    :param runs: how often the probe runs.
    :param expected: part of the result, so that a case does what its name says.
    :param last_line_only: keys whose text holds a traceback, with the paths of where it ran.
    :param ignored: keys that are new in every run.
    :param module: the name under which the probe is called.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    keywords: Mapping[str, Any] = field(default_factory=dict)
    host: str = "here"
    worker: bool = True
    runs: int = 1
    expected: Mapping[str, Any] = field(default_factory=dict)
    last_line_only: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    module: str = "jst.retailcloud.jst_parity_probe"


def act(what: str, /, **options: Any) -> dict[str, Any]:
    """The options that make the probe do ``what``."""
    return {"act": what, **options}


FAILED = {"failed": True}
FROM_VAULT = "canary-from-the-vault"

CASES = (
    Case("plain", {"name": "shop", "size": 3, "parts": ["a", 2], "mapping": {"k": [1]}}, expected={"changed": False}),
    Case("changed", {"flag": True}, expected={"changed": True}),
    Case("check", keywords={"check_mode": True}, expected={"check": True}),
    Case("diff", keywords={"diff": True}, expected={"diff": {"before": "one\n", "after": "two\n"}}),
    Case("check_and_diff", {"flag": True}, keywords={"check_mode": True, "diff": True}, expected={"check": True}),
    Case("key_value", keywords={"args": {"size": "7", "flag": "yes", "parts": "a,b"}}, expected={"changed": True}),
    Case("no_log_option", {"secret": CANARY}, expected={"missing": None}),
    Case("no_log_suboption", {"nested": {"user": "u", "token": CANARY}, "name": f"u:{CANARY}"}),
    Case("no_log_missing", {"user_password": "hunter2"}),
    Case("no_log_task", {"name": CANARY}, keywords={"no_log": True}),
    Case(
        "vaulted", {"name": VAULTED, "raw": {"deep": [VAULTED]}}, expected={"params": {"raw": {"deep": [FROM_VAULT]}}}
    ),
    Case("vaulted_variable", {"name": "{{ vaulted }}"}, keywords={"vars": {"vaulted": VAULTED}}),
    Case("unsafe", {"name": UNSAFE, "raw": {"deep": [UNSAFE]}}, expected={"params": {"name": "{{ not_rendered }}"}}),
    Case("unsafe_variable", {"name": "{{ unsafe }}"}, keywords={"vars": {"unsafe": UNSAFE}}),
    Case("registered", {"raw": "{{ case_unsafe }}"}),
    Case("facts", act("facts"), expected={"big": 2**60, "ansible_module_results": "reserved"}),
    Case("path", {"path": "~/$JST_PARITY_VARIABLE"}, keywords={"environment": {"JST_PARITY_VARIABLE": "there"}}),
    Case("deprecated_option", {"old": "x"}),
    Case("deprecated_alias", {"label": "shop"}),
    Case("two_aliases", {"name": "one", "title": "two"}),
    Case("warnings", act("warn", name="shop")),
    Case("warnings_with_secret", act("warn", secret="said-aloud")),
    Case("warnings_in_loop", act("warn", name="{{ item }}"), keywords={"loop": ["a", "b", "c"]}, runs=3),
    Case("fail", act("fail", name="shop", secret=CANARY), expected=FAILED),
    Case("fail_caught", act("fail_caught"), expected={"failed": True, "changed": True}, last_line_only=("exception",)),
    Case("raise", act("raise"), expected=FAILED, last_line_only=("exception", "module_stderr")),
    Case("exit_zero", act("exit_zero"), expected=FAILED),
    Case("exit_one", act("exit_one"), expected={"failed": True, "rc": 1, "module_stderr": "last words\n"}),
    Case("exit_text", act("exit_text"), expected={"failed": True, "rc": 1, "module_stderr": "a text for a code\n"}),
    Case("return", act("return"), expected=FAILED),
    Case("print", act("print"), expected={"after": 1}),
    Case("print_after", act("print_after"), expected={"changed": False}),
    Case("garbage", act("garbage"), expected={"failed": True, "rc": 3}),
    Case("bad_type", {"size": "many"}, expected=FAILED),
    Case("unknown_option", {"colour": "red"}, expected=FAILED),
    Case("missing_option", {"case": "{{ omit }}"}, expected=FAILED),
    Case("missing_suboption", {"nested": {"token": CANARY}}, expected=FAILED),
    Case("bad_choice", {"state": "gone"}, expected=FAILED),
    Case("required_if", {"state": "absent"}, expected=FAILED),
    Case("required_by", {"left": "l"}, expected=FAILED),
    Case("mutually_exclusive", {"left": "l", "right": "r", "size": 1}, expected=FAILED),
    Case(
        "environment",
        keywords={"environment": {"JST_PARITY_VARIABLE": "it's {{ 1 + 1 }} $HOME"}},
        expected={"variable": "it's 2 $HOME"},
    ),
    Case("environment_types", keywords={"environment": [{"JST_PARITY_VARIABLE": 5}, {"JST_PARITY_REGION": True}]}),
    Case("environment_fallback", keywords={"environment": {"JST_PARITY_REGION": "cn-zhangjiakou"}}),
    Case("environment_restored", expected={"variable": None}),
    Case("group_defaults", {"size": 2}, keywords={"module_defaults": {"group/jst.retailcloud.jst": {"region": "all"}}}),
    Case(
        "own_defaults",
        keywords={
            "module_defaults": {
                "group/jst.retailcloud.jst": {"region": "all", "name": "all"},
                "jst.retailcloud.jst_parity_probe": {"name": "own"},
                "jst.retailcloud.jst_parity_other": {"size": 9},
            }
        },
        expected={"params": {"region": "all", "name": "own", "size": None}},
    ),
    Case(
        "other_defaults",
        keywords={
            "module_defaults": {
                "jst.retailcloud.jst_parity_probe": {"name": "own"},
                "jst.retailcloud.jst_parity_other": {"size": 9},
            }
        },
        expected={"params": {"name": None, "size": 9}},
        module="jst.retailcloud.jst_parity_other",
    ),
    Case("short_name", keywords={"collections": ["jst.retailcloud"]}, module="jst_parity_probe"),
    Case("loop", {"name": "{{ item.n }}"}, keywords={"loop": [{"n": 1}, {"n": "two"}]}, runs=2),
    Case("loop_fails", {"size": "{{ item }}"}, keywords={"loop": [1, "x", 3]}, runs=3, expected=FAILED),
    Case(
        "traces",
        act("leave_traces", name="{{ item }}"),
        keywords={"loop": ["first", "second"], "environment": {"JST_PARITY_VARIABLE": "task"}},
        runs=2,
    ),
    Case(
        "until",
        act("count", path="{{ run_directory }}/count"),
        keywords={"until": "case_until.ready", "retries": 5, "delay": 0},
        runs=3,
        expected={"attempts": 3},
    ),
    Case(
        "retries_exhausted",
        act("fail", name="shop"),
        keywords={"until": "case_retries_exhausted is succeeded", "retries": 1, "delay": 0},
        runs=2,
        expected={"failed": True, "attempts": 1},
    ),
    Case("failed_when", keywords={"failed_when": True, "changed_when": True}, expected={"failed": True}),
    Case("skipped", keywords={"when": False}, runs=0, expected={"skipped": True}),
    Case("timeout", act("sleep", size=4), keywords={"timeout": 1}, expected=FAILED, ignored=("frame",)),
    Case("after_timeout", {"name": "still well"}),
    Case("delegate_to_here", keywords={"delegate_to": "here"}, host="away"),
    Case("delegate_to_localhost", keywords={"delegate_to": "localhost"}, host="away"),
    Case("delegate_to_other_python", keywords={"delegate_to": "other_python"}, worker=False),
    Case("delegate_to_switched_off", keywords={"delegate_to": "switched_off"}, worker=False),
    Case("delegate_from_switched_off", keywords={"delegate_to": "here"}, host="switched_off"),
    Case("discovering", host="discovering"),
    Case("other_python", host="other_python", worker=False),
    Case("switched_off", host="switched_off", worker=False),
    Case("switched_off_by_task", keywords={"vars": {"jst_in_process": "no"}}, worker=False),
    Case("switch_misspelt", keywords={"vars": {"jst_in_process": "perhaps"}}, runs=0, expected=FAILED),
    Case("become", keywords={"become": True, "become_user": "{{ current_user }}"}, worker=False),
    Case(
        "async",
        {"name": "later"},
        keywords={"async": 30, "poll": 1},
        worker=False,
        expected={"finished": True, "params": {"name": "later"}},
        ignored=("ansible_job_id", "results_file"),
    ),
)
