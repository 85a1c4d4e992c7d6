# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that role ``application`` takes: the options of module ``jst_application``, and the role's own.

Once with all that Ansible checks and documents, and once the names alone, by which unknown variables are found:
playbook fleet does so for every app, and reading the first would cost more than the rest of its task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.tools.checkout import ROOT
from tests.tools.declarations import declaration
from tests.tools.generate.files import LICENSE, Files, as_yaml, generated_from
from tests.tools.module_texts import read as documented

MODULE, ROLE = "jst_application", "application"
SCHEMA = ROOT / "roles" / ROLE / "meta" / "argument_specs.yml"
NAMES = ROOT / "roles" / ROLE / "vars" / "main" / "known.yml"
FRAME = {
    "short_description": "Bring one app up on Jushita, and keep it as described",
    "description": [
        "Makes an app with its group, databases, accounts, deploy configs, environments, volume claims, services and "
        "SLB access points, and releases it.",
        "Things that exist are changed to what the variables say. What runs is released and scaled. Only entries with "
        "C(state=absent) and what O(application_purge) names are deleted.",
        "Every name that starts with C(application_) belongs to the role; one that is not listed here is rejected.",
    ],
    "author": ["The jst.retailcloud contributors (@jst-retailcloud)"],
    "version_added": "1.0.0",
}

# Options by which the tasks of the role share the work.
BETWEEN_TASKS = {"parts", "changed_secrets"}

# What the role says otherwise, and what only the role has.
OWN: Mapping[str, Mapping[str, Any]] = {
    "application_title": {
        "description": [
            "The title of the app. It is unique, and cannot be changed.",
            "The name of the host unless set.",
        ],
        "type": "str",
    },
    "application_in_one_task": {
        "description": [
            "Whether one task of M(jst.retailcloud.jst_application) does it all, in place of a task for every part.",
            "The result is the same. One task is faster with many apps, many tasks show more of what happens.",
        ],
        "type": "bool",
        "default": False,
    },
}


def converted(documentation: Mapping[str, Any], spec: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Options of a module as options of the role.

    :param documentation: their texts.
    :param spec: the argument specification, which alone tells what is secret.
    """
    options: dict[str, Any] = {}
    for name, item in documentation.items():
        # Argument specifications of roles have no aliases.
        option = {key: value for key, value in item.items() if key not in ("suboptions", "aliases")}
        texts = option["description"] if isinstance(option["description"], list) else [option["description"]]
        option["description"] = [re.sub(r"\bO\((?=[a-z_.\[\]]+[=)])", f"O({ROLE}_", text) for text in texts]
        if spec[name].get("no_log"):
            option["no_log"] = True
        if "suboptions" in item:
            option["options"] = converted(item["suboptions"], spec[name]["options"])
        options[prefix + name] = option
    return options


def module_options() -> dict[str, dict[str, Any]]:
    """Return the documented options of the module that are variables of the role."""
    own = declaration(MODULE).options().keys() - BETWEEN_TASKS
    return {name: option for name, option in documented(MODULE, "DOCUMENTATION")["options"].items() if name in own}


def render() -> Files:
    """Return the files of the role."""
    options = {**converted(module_options(), declaration(MODULE).options(), f"{ROLE}_"), **OWN}
    main = {**FRAME, "options": options}
    return {
        SCHEMA: _written({"argument_specs": {"main": main}}),
        NAMES: _written({f"__{ROLE}_known": sorted(options)}),
    }


def _written(document: Mapping[str, Any]) -> str:
    return f"---\n{LICENSE}\n# {generated_from('the documentation of jst_application')}\n\n{as_yaml(document)}"
