# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report of role drift is made of: the findings of each app, and the report over all of them.

What is kept of an app between two tasks is one text without braces, base64 of JSON. Names in an account may look like
templates, and ansible-core before 2.19 would execute those that come out of ``set_fact``.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    FailedStateError,
    ImmutableDifferenceError,
    IncompleteDataError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.words import value_words
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import (
    ENVIRONMENT_CHILDREN as CHILD_RESOURCES,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import VOLUME_CLAIMS, key_options
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb

SCHEMA = "jst.retailcloud/drift/1"

Json = dict[str, Any]

# The parts of a name. Joined they may be the name of something else: names can hold the separator.
Name = tuple[str, ...]

# How Ansible begins to say what is wrong with the options of a task.
PREAMBLE = re.compile(r"^(Task failed: )?(Finalization of task args for \S+ failed: )?")

# Codes of failures that the service has caused although no call failed.
OF_THE_SERVICE = (FailedStateError.code, IncompleteDataError.code)

# Lines of a diff that are alike before and after each change.
CONTEXT = 1


def encode(value: Any) -> str:
    """A value as text that no template engine takes for anything else."""
    return b64encode(json.dumps(value, ensure_ascii=False, default=str).encode()).decode()


def decode(text: str) -> Any:
    """What was packed."""
    return json.loads(b64decode(text))


# Kinds of things


@dataclass(frozen=True)
class ResourceType:
    """A kind of things that may be there without a description.

    :ivar word: what one of them is called in a report.
    :ivar option: the member of the description that lists them.
    :ivar name: the members of a description that tell one from another, in its app or environment.
    :ivar id_field: the member of what an info module returns that holds the id, None for what has none but its name.
    """

    word: str
    option: str
    name: tuple[str, ...]
    id_field: str | None = None

    def name_of(self, thing: Mapping[str, Any]) -> Name:
        """The name of a thing, in its app or environment."""
        return tuple(str(thing.get(member)) for member in self.name)

    def is_named(self, thing: Mapping[str, Any]) -> bool:
        """Whether the service tells the name of a thing."""
        return all(thing.get(member) is not None for member in self.name)

    def id_of(self, thing: Mapping[str, Any]) -> Any:
        """The id of a thing."""
        return thing.get(self.id_field) if self.id_field else None


def resource_type_of(resource: type[Resource], **otherwise: Any) -> ResourceType:
    """The kind that a resource is.

    :param otherwise: what a report has otherwise than the resource.
    """
    own = {"word": resource.label, "option": resource.plural, "id_field": resource.id_field}
    return ResourceType(**{**own, "name": tuple(key_options(resource)), **otherwise})


# What belongs to an app, and what to an environment of it.
ENVIRONMENTS, DEPLOY_CONFIGS = resource_type_of(Environment), resource_type_of(DeployConfig)
ENVIRONMENT_CHILDREN = {
    resource.plural: resource_type_of(
        resource, option=option, word="volume claim" if option == VOLUME_CLAIMS else resource.label
    )
    for option, resource in CHILD_RESOURCES.items()
}

# What belongs to the account.
APP_GROUPS = resource_type_of(AppGroup, name=("biz_code", "name"), id_field="app_group_id")
DATABASES = resource_type_of(RdsDb, option="databases")
ACCOUNTS = resource_type_of(RdsAccount, option="accounts", word="database account")
OF_THE_ACCOUNT = {
    "apps": resource_type_of(App),
    "app_groups": APP_GROUPS,
    "rds_dbs": DATABASES,
    "rds_accounts": ACCOUNTS,
}


# What could not be read


def error_of(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ``error`` member of a failed result, empty where Ansible itself failed the task."""
    return result.get("error") or {}


def read_failure(what: str, result: Mapping[str, Any]) -> Json:
    """Why something could not be read, from the result of a failed task.

    :returns: ``reason`` is one of host, description, permission, service, and fixed for what cannot be changed.
    """
    error = error_of(result)
    code, status, action = error.get("code"), error.get("http_status"), error.get("action")
    reason = "description"
    if result.get("unreachable"):
        reason = "host"
    elif status == 403 or str(code).startswith(("Forbidden", "NoPermission")):
        reason = "permission"
    elif code == ImmutableDifferenceError.code:
        reason = "fixed"
    elif action is not None or code in OF_THE_SERVICE:
        reason = "service"
    message = " ".join(str(error.get("message") or result.get("msg") or "The task said nothing.").split())
    message = PREAMBLE.sub("", message)
    return {
        "what": what,
        "reason": reason,
        # Older versions of Ansible go on with the file and its lines.
        "message": message.partition(" The error appears to be in ")[0],
        "action": action,
        "code": code,
        "http_status": status,
        "hint": error.get("hint"),
    }


# What differs


def sections(side: Any) -> dict[str, list[str]]:
    """One side of the module's diff: the lines below the name of each thing.

    Read line by line and not as YAML, since a mask in the place of a secret may make it no YAML any more.
    """
    text = side if isinstance(side, str) else yaml.safe_dump(side, sort_keys=False, allow_unicode=True) if side else ""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    # The other line breaks of Unicode do not begin a line in YAML.
    for line in text.rstrip("\n").split("\n"):
        if line and not line.startswith((" ", "-")):
            lines = found[label_of(line)] = []
        elif line or lines:
            lines.append(line)
    return found


def label_of(line: str) -> str:
    """The name of a thing, from the line that begins its section."""
    try:
        parsed = yaml.safe_load(line)
    except yaml.YAMLError:
        parsed = None
    return str(next(iter(parsed))) if isinstance(parsed, dict) else line.rstrip(": ")


def indent(line: str) -> int:
    """How far what a line says is to the right, the dash of a list not counted."""
    rest = line.lstrip(" ")
    return len(line) - len(rest) + (2 if rest.startswith("- ") else 0)


def place(lines: Sequence[str], number: int) -> str:
    """The keys below which a line stands, outermost first, with the name of the entry where it is in a list."""
    keys: list[str] = []
    depth = indent(lines[number]) if number < len(lines) else 0
    entry: str | None = None
    for line in reversed(lines[:number]):
        name, _colon, value = line.strip().removeprefix("- ").partition(":")
        if line.strip() and indent(line) < depth:
            keys.insert(0, name.strip("'\"") + (f"[{entry}]" if entry else ""))
            depth, entry = indent(line), None
        if entry is None and indent(line) == depth and line.lstrip().startswith("- "):
            entry = value.strip() if name == "name" else ""
    return " > ".join(keys)


def difference(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """What differs between two texts, option by option.

    :returns: the options, which are the keys of the first level, and the lines: where, then what is there and what is
        asked for, marked with ``-`` and ``+``, between lines of the same option that are alike.
    """
    olds, news = by_option(before), by_option(after)
    changed = [option for option in {**olds, **news} if olds.get(option) != news.get(option)]
    shown: list[str] = []
    for option in changed:
        shown += hunks(olds.get(option, []), news.get(option, []))
    return [option for option in changed if option], shown


def by_option(lines: Sequence[str]) -> dict[str, list[str]]:
    """The lines of a section by the option that they belong to."""
    found: dict[str, list[str]] = {}
    option = ""
    for line in lines:
        if line.startswith("  ") and line[2:3] not in (" ", "-", ""):
            option = line.strip().partition(":")[0]
        found.setdefault(option, []).append(line)
    return found


def hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """The changes between two texts, each below where it is."""
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        starts = [change[1] for change in group if change[0] != "equal"]
        where = place(before, starts[0])
        lines: list[tuple[str, str]] = []
        for tag, left, left_end, right, right_end in group:
            if tag == "equal":
                lines += [(" ", line) for line in before[left:left_end]]
            else:
                lines += [("-", line) for line in before[left:left_end]]
                lines += [("+", line) for line in after[right:right_end]]
        depth = min((indent(line) for mark, line in lines if mark != " " and line.strip()), default=0)
        # The keys further out are said already.
        lines = [(mark, line) for mark, line in lines if mark != " " or indent(line) >= depth]
        margin = min((len(line) - len(line.lstrip()) for _mark, line in lines if line.strip()), default=0)
        if where:
            yield f"@ {where}"
        yield from (f"{mark} {line[margin:]}".rstrip() for mark, line in lines)


def differences(diff: Mapping[str, Any], lines: int) -> Iterator[Json]:
    """What is not as described, thing by thing.

    :param diff: of the module ``jst_application``.
    :param lines: how many lines to keep of each thing.
    """
    before, after = sections(diff.get("before")), sections(diff.get("after"))
    for thing, wanted in after.items():
        if thing not in before:
            yield {"thing": thing, "finding": "missing", "options": [], "diff": [], "more_lines": 0}
        elif before[thing] != wanted:
            options, shown = difference(before[thing], wanted)
            kept = shown[:lines]
            yield {
                "thing": thing,
                "finding": "differs",
                "options": options,
                "diff": kept,
                "more_lines": len(shown) - len(kept),
            }


def unseen_differences(compared: Mapping[str, Any], seen: Iterable[Json]) -> Iterator[Json]:
    """What the task found to differ and its diff does not show, such as a mask in the place of two secrets.

    :param compared: the result of ``jst_application``.
    :param seen: what the diff shows.
    """
    shown = {item["thing"] for item in seen}
    for item in compared.get("differences") or []:
        if item["thing"] not in shown:
            yield {**item, "finding": "differs", "diff": [], "more_lines": 0}


# One app


@dataclass(frozen=True)
class DriftOptions:
    """What the operator asked for.

    :ivar kinds: options, of which things that nobody described are looked for.
    :ivar ignore: option -> patterns of full names.
    :ivar lines: how many lines of the diff of a thing to keep.
    """

    kinds: Sequence[str]
    ignore: Mapping[str, Any]
    lines: int


def app_record(
    title: str,
    compared: Mapping[str, Any],
    described: Mapping[str, Any],
    found: Mapping[str, Any],
    options: DriftOptions,
) -> Json:
    """What the report needs of one app.

    :param compared: the result of ``jst_application`` in check mode.
    :param described: the members of its description that list things.
    :param found: option -> the result of the info module for what the app has of that kind.
    """
    record: Json = {"title": title, "differences": [], "unmanaged": [], "ignored": 0, "not_read": []}
    record["not_compared"] = compared.get("not_compared") or []
    if "application" in compared:
        seen = list(differences(compared.get("diff") or {}, options.lines))
        record["differences"] = [*seen, *unseen_differences(compared, seen)]
    else:
        told = read_failure("app", compared)
        if told["reason"] == "fixed":
            # The comparison ends at the first of these.
            record["differences"] = [fixed_difference(error_of(compared))]
            told["what"] = "the rest of the app"
            told["message"] = "The comparison ended at what cannot be changed."
        record["not_read"].append(told)
    find_unmanaged(record, described, found, options)
    record["status"] = status_of(record)
    return record


def fixed_difference(error: Mapping[str, Any]) -> Json:
    """The finding that a thing differs in what cannot be changed, from the data of the error that says so."""
    values: Mapping[str, Mapping[str, Any]] = error["differences"]
    shown = [
        f"{option} is {value_words(both['current'])}, asked for {value_words(both['desired'])}"
        for option, both in values.items()
    ]
    return {
        "thing": error["subject"],
        "finding": "fixed",
        "options": list(values),
        "diff": shown,
        "more_lines": 0,
    }


def status_of(record: Mapping[str, Any]) -> list[str]:
    """What there is to say of an app, in the words of the counts."""
    findings = {"differ": "differences", "with_unmanaged": "unmanaged", "not_read": "not_read"}
    return [word for word, member in findings.items() if record[member]] or ["as_described"]


def find_unmanaged(record: Json, described: Mapping[str, Any], found: Mapping[str, Any], options: DriftOptions) -> None:
    """Add what the app has besides what is described."""
    title = record["title"]
    seen = read(record, found, "environments", ENVIRONMENTS)
    environments = {item["environment_id"]: str(item["name"]) for item in seen}
    listed = {str(item["name"]): item for item in described.get("environments") or []}
    add(
        record,
        ENVIRONMENTS,
        [((title, name), identity) for identity, name in environments.items()],
        [(title, name) for name in listed],
        options,
    )
    things = [
        ((title, *DEPLOY_CONFIGS.name_of(item)), DEPLOY_CONFIGS.id_of(item))
        for item in read(record, found, "deploy_configs", DEPLOY_CONFIGS)
    ]
    known = [(title, *DEPLOY_CONFIGS.name_of(item)) for item in described.get("deploy_configs") or []]
    add(record, DEPLOY_CONFIGS, things, known, options)
    for plural, kind in ENVIRONMENT_CHILDREN.items():
        # With an environment that nobody described goes all that is in it.
        things = [
            ((title, environments[item["environment_id"]], *kind.name_of(item)), kind.id_of(item))
            for item in read(record, found, plural, kind)
            if environments.get(item["environment_id"]) in listed
        ]
        known = [
            (title, name, *kind.name_of(part)) for name, item in listed.items() for part in item.get(kind.option) or []
        ]
        add(record, kind, things, known, options)


def add(
    record: Json, kind: ResourceType, things: Iterable[tuple[Name, Any]], known: Iterable[Name], options: DriftOptions
) -> None:
    """Add unmanaged resources of one type to a record, also several of one name.

    :param things: the full name and the id of each.
    :param known: full names of what is described.
    """
    if kind.option not in options.kinds:
        return
    names = set(known)
    patterns = options.ignore.get(kind.option) or []
    unknown = dict.fromkeys(("/".join(name), identity) for name, identity in things if name not in names)
    for name, identity in sorted(unknown, key=lambda item: (item[0], str(item[1]))):
        if any(fnmatchcase(name, str(pattern)) for pattern in patterns):
            record["ignored"] += 1
        else:
            record["unmanaged"].append({"kind": kind.word, "name": name, "id": identity})


def read(record: Json, found: Mapping[str, Any], plural: str, kind: ResourceType) -> list[dict[str, Any]]:
    """What a task, or each round of its loop, has listed; what could not be listed is noted in the record.

    So is that something has no name: whether it is described cannot be said.
    """
    result = found.get(plural) or {"skipped": True}
    what = plural.replace("_", " ")
    things: list[dict[str, Any]] = []
    for one in result.get("results", [result]):
        if plural in one:
            things += one[plural]
        elif not one.get("skipped"):
            record["not_read"].append(read_failure(what, one))
    named = [thing for thing in things if kind.is_named(thing)]
    if len(named) < len(things):
        untold = IncompleteDataError(kind.word, "described", kind.name)
        untold.message = f"The service does not tell the names of {len(things) - len(named)} of them."
        record["not_read"].append(read_failure(what, {"error": untold.as_dict()}))
    return named


# The account


def described(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> Json:
    """What the descriptions of all hosts name that belongs to the account.

    :returns: the names by kind, what is needed to list them, one host for each way of access, and the hosts whose
        descriptions could not be read.
    """
    whole: dict[str, set[str]] = {kind.option: set() for kind in OF_THE_ACCOUNT.values()}
    lists: dict[str, set[str]] = {"biz_codes": set(), "instances": set()}
    access_hosts: dict[tuple[str, ...], str] = {}
    unclear: list[Json] = []
    for host in hosts:
        try:
            variables = hostvars[host]
            access = (variables.get(f"jst_{name}") for name in ("endpoint", "profile", "access_key_id"))
            access_hosts.setdefault(tuple(str(value or "") for value in access), host)
            whole["apps"].add(str(variables.get("application_title") or host))
            biz_code, group = variables.get("application_biz_code"), variables.get("application_group")
            if biz_code:
                lists["biz_codes"].add(str(biz_code))
            if group:
                whole["app_groups"].add(f"{biz_code}/{group['name']}")
            for kind in (DATABASES, ACCOUNTS):
                for item in variables.get(f"application_{kind.option}") or []:
                    lists["instances"].add(str(item["instance_id"]))
                    whole[kind.option].add("/".join(kind.name_of(item)))
        except Exception as error:
            # Whatever a template in the description may raise.
            whole["apps"].add(host)
            unclear.append(read_failure(f"description of host {host}", {"msg": " ".join(str(error).split())}))
    return {
        "names": {option: sorted(names) for option, names in whole.items()},
        **{name: sorted(values) for name, values in lists.items()},
        "access_hosts": sorted(access_hosts.values()),
        "unclear": unclear,
    }


def split(kind: ResourceType, name: str) -> Name:
    """The parts of a name as ``described`` gives it. Codes and ids hold no separator, only the last part can."""
    return tuple(name.split("/", len(kind.name) - 1))


def account_findings(names: Mapping[str, Any], accounts: Iterable[Mapping[str, Any]], options: DriftOptions) -> Json:
    """What the accounts hold that no host describes.

    :param names: option -> the names that are described, by whatever host.
    :param accounts: of each way of access, plural -> the result of the info module.
    """
    record: Json = {"unmanaged": [], "ignored": 0, "not_read": []}
    things: dict[str, list[tuple[Name, Any]]] = {plural: [] for plural in OF_THE_ACCOUNT}
    for found in accounts:
        for plural, kind in OF_THE_ACCOUNT.items():
            things[plural] += [(kind.name_of(item), kind.id_of(item)) for item in read(record, found, plural, kind)]
    for plural, kind in OF_THE_ACCOUNT.items():
        known = [split(kind, name) for name in names[kind.option]]
        add(record, kind, things[plural], known, options)
    return record


# The report


def report(
    apps: Mapping[str, Mapping[str, Any]], account_wide: Mapping[str, Any] | None, covers: Mapping[str, Any]
) -> Json:
    """The report, which is the same for the same findings: it holds no times, and everything is in order.

    :param apps: host -> the record of its app.
    :param account_wide: see ``account_findings``, None when that was not looked at.
    :param covers: what was looked at.
    """
    listed = []
    for host in sorted(apps):
        listed.append({"host": host, **{name: value for name, value in apps[host].items() if name != "ignored"}})
    of_account = account_wide or {"unmanaged": [], "ignored": 0, "not_read": []}
    counts: dict[str, Any] = {"apps": len(listed)}
    for word in ("as_described", "differ", "with_unmanaged", "not_read"):
        counts[word] = sum(word in app["status"] for app in listed)
    counts["differences"] = sum(len(app["differences"]) for app in listed)
    counts["unmanaged"] = sum(len(app["unmanaged"]) for app in listed)
    counts["unmanaged_account_wide"] = len(of_account["unmanaged"])
    counts["not_read_account_wide"] = len(of_account["not_read"])
    counts["ignored"] = sum(app["ignored"] for app in apps.values()) + of_account["ignored"]
    found = counts["as_described"] < counts["apps"] or of_account["unmanaged"] or of_account["not_read"]
    return {
        "schema": SCHEMA,
        "drifted": bool(found),
        "covers": {**covers, "account_wide": account_wide is not None},
        "counts": counts,
        "apps": listed,
        "account_wide": {name: of_account[name] for name in ("unmanaged", "not_read")},
    }


def collect_records(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> dict[str, Json]:
    """What was kept of the app of each host; of some nothing was, when even that failed."""
    lost = {"msg": "The look at the app did not come to an end. The output of the run says why."}
    records: dict[str, Json] = {}
    for host in hosts:
        kept = hostvars[host].get("__drift_app")
        records[host] = decode(kept) if kept else app_record(host, lost, {}, {}, DriftOptions((), {}, 0))
    return records
