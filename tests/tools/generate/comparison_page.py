# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that says which options are compared with the live state: docs/comparison.md."""

from __future__ import annotations

from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import (
    BY_OPTION,
    CALL_MODE,
    ON_CREATE,
    PER_CALL,
    Field,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from tests.tools.declarations import managed
from tests.tools.generate.files import Files, code, markdown_head, table
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "comparison.md"

INTRODUCTION = """
# What is compared

A module compares every option that was given with the live state, and sends what differs. Options that were not given
are left as they are. The tables follow from the declarations that the modules run by.

## Values that the service does not show

The service returns some values never, or not always. No module keeps them back silently: each run sends the value, or
an option says when to send it, or the run warns that the value was neither compared nor sent. An option of a module is
also one of the same name in `jst_application`, and in the variables of roles.

"""
OTHERS = """
Where a response leaves out a value that it usually shows, a value that can change is sent, and one that cannot change
gives the warning. A list of records that a response leaves out gives the warning too.

## Values that the service shows

"""
AFTERWARDS = """
## After a write

A task compares what it sent with what the service then shows; the read that follows each write is enough for that. A
value that the service does not take is a warning that names the option, and both values unless they are secret or long.
A later run cannot know that an earlier one sent the same: it sends the value once more and warns again. A task counts
as not changed when the service shows everything as it was before the write.

## Forms that mean the same

"""
EQUAL = (
    ("the name of a business domain, or the title of a service type", "the code that the reference has beside it"),
    ("a word that no option has", "every value; the run warns that it was not compared"),
    (
        "`stateless` or `stateful` as the type of an app",
        "`cron_job` and `daemonset`, which have no word in the reference; the run warns that it was not compared",
    ),
    ("a text for people without white space at its ends", "the same text with white space"),
    ("further roles of an owner of an app", "the role of the owner alone"),
    ("node port 0", "no node port"),
    ("a capacity in another unit", "the same capacity"),
    ("a larger capacity of a bound claim, which is that of its volume", "what the claim asks for"),
    ("the privilege `Custom`", "`DBOwner`, for which the reference has no word in answers"),
    ("privileges in the list of databases alone", "the same privileges in the list of accounts"),
    ("a Secret with asterisks or nothing in the place of each value", "a Secret that is not shown"),
    ("records of a list in another order", "the same records"),
)
DOCUMENTS = """
## Kubernetes documents

Documents are compared by their content: the order of keys, comments and style make no difference. Nobody documents
which library the platform reads YAML with, and readers disagree about plain values:

| value | Kubernetes (go-yaml) | YAML 1.1 | YAML 1.2 |
| --- | --- | --- | --- |
| `1e3`, `1234e56` | number | text | number |
| `y`, `on`, `No` | switch | switch | text |
| `0644` | 420 | 420 | 644 |
| `0o17` | 15 | text | 15 |
| `1_000` | number | number | text |
| `1:30` | text | number | text |
| `2026-01-01` | text | date | text |

- A document that is given as a mapping is written so that all of them read the same: such texts and keys get quotes.
- A document that is given as text is sent as it is. A warning names the lines of values that some readers take for
  a text and others for something else. Octal numbers such as `0644` give no
  warning, since they are usual in Kubernetes documents.
- Two documents are equal when every reader takes them for equal. Where the platform holds `commit: 1234e56` and the
  task gives `commit: "1234e56"`, the quotes are a change, and the diff shows it. Results show
  values as Kubernetes reads them.
- A default that Kubernetes fills in counts as equal where the described document leaves its key out: `protocol: TCP`,
  `imagePullPolicy`, `terminationGracePeriodSeconds: 30`, and so on, as the
  [Kubernetes API reference](https://kubernetes.io/docs/reference/kubernetes-api/) gives them. So does what only an API
  server sets, such as `status` and `metadata.creationTimestamp`. A default that is described is compared.
- `null` and an empty list equal a key that is left out. Requests and limits of resources are compared as amounts: `0.5`
  equals `500m`. The data of a Secret is compared in plain text, whether in `data` or `stringData`.
- Keys are texts, as Kubernetes makes them: `8080: x` equals `"8080": x`. A key that stands twice in one mapping, or
  is null, is an error.
- Anchors, merge keys (`<<`), a byte order mark and a `%YAML` directive are taken. Tags of an application, such as
  `!vault`, are an error.
- The service has no way to empty `config_maps` or `secrets`. With an empty list, one document of the list stays
  without its content, and the run warns.
- A workload without containers is an error: nothing could be released with it.
- The values of a ConfigMap and of a Secret are texts, in base64 in `data` of a Secret and in `binaryData`. Kubernetes
  rejects any other value, so it is an error before the first call. Put numbers and switches into quotes.
"""

WHAT_BECOMES = {
    ON_CREATE: "Creation sends it. Later runs warn that it was not compared.",
    PER_CALL: "Every release sends it. A run without a release warns.",
    CALL_MODE: "It says how a release or scaling is carried out, and is no state.",
}


def options_of(resource: type[Resource]) -> list[Field]:
    """Return the fields that options set, without those that only say which resource is meant."""
    return [
        item
        for item in resource.fields
        if item.option_name
        and item.name != resource.id_field
        and item.name not in (*resource.key, *resource.fallback_key)
    ]


def what_becomes(item: Field) -> str:
    """Return what a module does with a value that is not shown."""
    if item.write_only == ON_CREATE and item.path:
        return f"{WHAT_BECOMES[ON_CREATE]} Compared where a response shows it."
    if item.write_only != BY_OPTION:
        return WHAT_BECOMES[item.write_only]
    shown = "Compared where a response shows it. Otherwise o" if item.path else "O"
    choices = "`always` sends it in every run, which counts as a change; `on_create` leaves it, and the run warns"
    return f"{shown}ption `{item.update_option}` decides: {choices}. Default: `{item.update_default}`."


def render() -> Files:
    """Return the page."""
    write_only = []
    compared = []
    for module, resource in managed().items():
        items = options_of(resource)
        write_only += [
            (f"`{module}`", f"`{item.option_name}`", what_becomes(item)) for item in items if item.write_only
        ]
        shown = [item for item in items if item.path]
        fixed = [item.option_name for item in shown if item.immutable]
        changing = [item.option_name for item in shown if not item.immutable]
        if shown:
            compared.append((f"`{module}`", code(changing), code(fixed)))
    text = (
        markdown_head("the declarations of the resources")
        + INTRODUCTION
        + table(("module", "option", "what happens"), write_only)
        + OTHERS
        + table(("module", "a difference is sent", "a difference is an error"), compared)
        + AFTERWARDS
        + table(("the service shows", "counts as equal to"), EQUAL)
        + DOCUMENTS
    )
    return {PAGE: text}
