# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about the event source: its options, the events, and what it promises: docs/events.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.tools.generate.files import Files, code, markdown_head, table
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "events.md"
EDA = ROOT / "extensions" / "eda"
DOCUMENTATION = EDA / "plugins" / "event_source" / "jst.yaml"
KINDS = ("deploy_order", "instance", "job", "event")
INTRODUCTION = """
# Events for Event-Driven Ansible

The event source `jst.retailcloud.jst` reads the service in rounds, and sends events to
[ansible-rulebook](https://docs.ansible.com/projects/rulebook/). Rules decide by them what to do:

```yaml
- name: Releases
  hosts: all
  sources:
    - name: jst
      jst.retailcloud.jst:
        watch: [deploy_orders]
        state_file: /var/lib/eda/jst.state
        feedback: true
  rules:
    - name: A release has failed
      condition: event.jst.kind == "deploy_order" and event.jst.type == "failed"
      action:
        run_playbook:
          name: jst.retailcloud.rollback
```

`meta.hosts` of an event names the inventory host of its app, and ansible-rulebook limits the run to this host.

The source prints events without ansible-rulebook, too. Options are arguments there:

```console
python extensions/eda/plugins/event_source/jst.py watch=deploy_orders,instances start=beginning
```

## What the source promises

- With `feedback`, ansible-rulebook accepts every event. An event comes twice only when a kill strikes between its
  acceptance and the record of it: at most one for each kill, with the same `meta.uuid`.
- Without `feedback`, the events of the last `settle_time` seconds come again after a stop or a kill, with the same
  `meta.uuid`. An event is lost when ansible-rulebook is killed before its actions start, and `settle_time` is over.
- Without `state_file`, a restarted source begins as `start` says.
- A record that appears in its list at most `window` seconds late is sent. Most times of the service have minutes
  only.
- After throttling, expired tokens, or a time in which the service does not respond, the source sends what it missed.
  It logs one warning when that begins, and one when it ends.
- A wrong key, a wrong endpoint, a wrong option, or a permission that is missing at the start ends the source with a
  message.
- When the service refuses a list, the source reads the others. It logs one warning when that begins, and one when the
  list can be read again.
- No minute has more calls than `calls_per_minute`, repeated calls included.
- An event has at most 40,000 characters. Long names, texts, logs and lists are cut.
- Secrets that are recognized in texts and logs are masked. An app may write others into its logs.

## What the lists of the service show

No order of a list is documented, so every list is read to its end. The reference documents neither a limit of calls
nor how long lists keep their records. A source that was stopped for longer than that misses the rest.

**Deploy orders** need two lists for all apps in a round: orders that have not ended, and orders that ended within the
window. If the service rejects these, the source reads each app. An order begins once, even when it is first seen
later: its start time shows that it began. Its result is sent once. A pause that ends between two rounds is not sent.

**Instances** need one list for each environment. The service shows the present only. Restarts are counted. An
instance that becomes abnormal and recovers between two rounds is not sent.

**Job runs** need one list for each environment with a job, and a second one when a run looks like a failure: the list
of failed runs decides. A run is missed when its scheduled time has passed, and no run of that time is listed.
Schedules are those of the stored deploy configs. They count from the moment at which the source sees them, for jobs
that have run. An environment that is offline keeps its schedule, so suspend its job.

**The event monitor** needs one list for each instance, and the list of instances. Records have no id: records that
are equal in every member are one. A record whose count has grown is a new one. Instances that are gone are read until
the window is over. The records of an instance that was created and removed between two rounds are not sent, since no
round shows its name: releases that follow each other quickly create such instances. A shorter `max_interval` misses
fewer. Without `feedback`, a kill also forgets the instances that were first listed in the last `settle_time` seconds.

Apps and environments are read every `refresh_interval` seconds, with a call for each app.

"""


# Watch -> the operations that it calls, and those for option logs.
OPERATIONS = {
    "deploy_orders": (
        ("ListDeployOrders", "DescribeDeployOrderDetail"),
        ("ListPods", "DescribePodLog", "DescribePodEvents"),
    ),
    "instances": (("ListAppInstance",), ("DescribePodContainerLogList",)),
    "jobs": (("ListJobHistories", "ListDeployConfig"), ("DescribeJobLog",)),
    "events": (("ListAppInstance", "DescribeEventMonitorList"), ()),
}


def render() -> Files:
    """Return the page."""
    documented = yaml.safe_load(DOCUMENTATION.read_text(encoding="utf-8"))["DOCUMENTATION"]
    text = markdown_head("the documentation of the event source, and the schemas of its events") + INTRODUCTION
    rows = [(f"`{watch}`", code(operations), code(logs)) for watch, (operations, logs) in OPERATIONS.items()]
    text += (
        "## Permissions\n\nThe key needs `ListApp` and `ListAppEnvironment`, and for each entry of `watch`:\n\n"
        + table(("`watch`", "operations", "with `logs`"), rows)
        + "\n"
    )
    text += "## Options\n\n" + table(("option", "default", "meaning"), _options(documented["options"]))
    text += (
        "\nThe [guide on credentials](guides/credentials.md) explains the options of the connection.\n\n"
        "## Bodies of events\n\n"
        "The JSON schemas are in `extensions/eda/schemas`. ansible-rulebook adds members to `meta`.\n"
    )
    return {PAGE: text + "".join(_kind(name) for name in KINDS)}


def _options(options: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, option in options.items():
        description = option["description"]
        sentences = [description] if isinstance(description, str) else list(description)
        default = json.dumps(option["default"]) if "default" in option else ""
        yield f"`{name}`", f"`{default}`" if default else "", _plain(" ".join(sentences))


def _plain(text: str) -> str:
    """Return a text with the markup of Ansible as Markdown."""
    return re.sub(r"\b[VOCE]\(([^)]*)\)", lambda match: f"`{match[1]}`", text)


def _kind(name: str) -> str:
    schema = json.loads((EDA / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    members = schema["properties"]["jst"]["properties"]
    types = [(f"`{entry['const']}`", entry["description"]) for entry in members["type"]["oneOf"]]
    rows = [row for member in schema["properties"] for row in _rows(member, schema["properties"][member])]
    return (
        f"\n### `{name}`\n\n{schema['description']}\n\n"
        + table(("`event.jst.type`", "meaning"), types)
        + "\n"
        + table(("member", "type", "meaning"), rows)
    )


def _rows(path: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each member of an object that has no members itself, and one for each list."""
    if "properties" in schema:
        for name, member in schema["properties"].items():
            yield from _rows(f"{path}.{name}", member)
        return
    yield f"`{path}`", _type(schema), schema["description"]
    if "properties" in schema.get("items", {}):
        yield from _rows(f"{path}[]", schema["items"])


def _type(schema: Mapping[str, Any]) -> str:
    if "oneOf" in schema:
        return "string"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join("null" if word is None else f"`{word}`" for word in schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(kinds)
