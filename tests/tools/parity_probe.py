# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that does whatever a module can do to the process it runs in.

The parity test runs it inside the worker and in a process of its own, and compares. It leaves a line for each of its
runs in the file that JST_PARITY_TRAIL names: the case, and whether the worker of Ansible was around it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import warnings

from ansible.module_utils import basic
from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.warnings import deprecate, warn

COLLECTION = "jst.retailcloud"

ARGUMENTS = {
    "case": {"type": "str", "required": True},
    "act": {"type": "str", "default": "exit"},
    "name": {
        "type": "str",
        "aliases": ["title", "label"],
        "deprecated_aliases": [{"name": "label", "version": "99.0.0", "collection_name": COLLECTION}],
    },
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "size": {"type": "int"},
    "flag": {"type": "bool", "default": False},
    "mapping": {"type": "dict"},
    "parts": {"type": "list", "elements": "str"},
    "raw": {"type": "raw"},
    "path": {"type": "path"},
    "secret": {"type": "str", "no_log": True},
    "nested": {
        "type": "dict",
        "options": {"user": {"type": "str", "required": True}, "token": {"type": "str", "no_log": True}},
    },
    "old": {"type": "str", "removed_in_version": "99.0.0", "removed_from_collection": COLLECTION},
    "region": {"type": "str", "fallback": (env_fallback, ["JST_PARITY_REGION"])},
    "user_password": {"type": "str"},
    "left": {"type": "str"},
    "right": {"type": "str"},
}


def leave_trail() -> None:
    case = json.loads(basic._ANSIBLE_ARGS.decode())["ANSIBLE_MODULE_ARGS"].get("case", "missing_option")
    in_process = "ansible.executor.process.worker" in sys.modules
    with open(os.environ["JST_PARITY_TRAIL"], "a", encoding="utf-8") as trail:
        trail.write(json.dumps([case, in_process]) + "\n")


def do_exit(module: AnsibleModule) -> None:
    p = module.params
    result = {
        "changed": p["flag"],
        "params": {name: value for name, value in p.items() if name not in ("case", "act")},
        "check": module.check_mode,
        "directory": os.getcwd(),
        "variable": os.environ.get("JST_PARITY_VARIABLE"),
        "handler": str(signal.getsignal(signal.SIGHUP)),
        "said": f"the secret is {p['secret']}, said the module",
        "missing": None,
    }
    if module._diff:
        result["diff"] = {"before": "one\n", "after": "two\n", "before_header": "thing"}
    module.exit_json(**result)


def do_warn(module: AnsibleModule) -> None:
    module.warn(f"careful with {module.params['secret'] or module.params['name']}")
    module.warn("twice")
    module.warn("twice")
    warn("from module_utils")
    module.deprecate("the old way", version="99.0.0", collection_name="jst.retailcloud")
    deprecate("the older way", date="2099-01-01", collection_name="jst.retailcloud")
    module.exit_json(changed=False)


def do_fail(module: AnsibleModule) -> None:
    module.warn("before the end")
    module.fail_json(
        msg=f"Could not create {module.params['name']}",
        error={"code": "Throttling", "hint": None, "sent": module.params["secret"]},
    )


def do_fail_caught(module: AnsibleModule) -> None:
    try:
        module.params["absent"]
    except KeyError:
        module.fail_json(msg="The key is gone.", changed=True)


def do_raise(module: AnsibleModule) -> None:
    raise ValueError("never meant to get out")


def do_exit_zero(module: AnsibleModule) -> None:
    sys.exit(0)


def do_exit_one(module: AnsibleModule) -> None:
    print("last words", file=sys.stderr)
    sys.exit(1)


def do_exit_text(module: AnsibleModule) -> None:
    sys.exit("a text for a code")


def do_return(module: AnsibleModule) -> None:
    return


def do_print(module: AnsibleModule) -> None:
    print("stray before")
    sys.stdout.buffer.write(b"stray bytes \xff\n")
    print("stray error", file=sys.stderr)
    warnings.warn("from the standard library", stacklevel=1)
    module.exit_json(changed=False, after=1)


def do_print_after(module: AnsibleModule) -> None:
    try:
        module.exit_json(changed=False)
    finally:
        print("stray after")


def do_garbage(module: AnsibleModule) -> None:
    print("{ no json")
    sys.exit(3)


def ignore(number: int, frame: object) -> None:
    """A handler of signals."""


def do_leave_traces(module: AnsibleModule) -> None:
    found = [
        os.environ.get("JST_PARITY_TRACE"),
        os.environ.get("JST_PARITY_VARIABLE"),
        os.getcwd(),
        signal.getsignal(signal.SIGUSR1) is ignore,
    ]
    os.environ["JST_PARITY_TRACE"] = "left"
    os.environ.pop("JST_PARITY_VARIABLE", None)
    os.chdir("/")
    signal.signal(signal.SIGUSR1, ignore)
    module.warn(f"trace {module.params['name']}")
    module.exit_json(changed=False, found=found)


def do_count(module: AnsibleModule) -> None:
    """Fail twice: the file named by ``path`` holds how often it was tried."""
    with open(module.params["path"], "a", encoding="utf-8") as counter:
        counter.write("x")
    tries = os.path.getsize(module.params["path"])
    module.exit_json(changed=False, tries=tries, ready=tries % 3 == 0)


def do_sleep(module: AnsibleModule) -> None:
    time.sleep(module.params["size"])
    module.exit_json(changed=False)


def do_facts(module: AnsibleModule) -> None:
    module.exit_json(
        changed=False,
        ansible_facts={"jst_parity_fact": "{{ not_rendered }}"},
        stdout="one\ntwo",
        results="reserved",
        _ansible_hidden="gone",
        text="\u805a\u77f3\u5854 \U0001f600 {{ not_rendered }}",
        big=2**60,
        numbers=[1, 2.5, True, None],
    )


def main() -> None:
    leave_trail()
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        required_if=[("state", "absent", ["name"])],
        mutually_exclusive=[("left", "right")],
        required_by={"left": ["size"]},
    )
    globals()["do_" + module.params["act"]](module)


if __name__ == "__main__":
    main()
