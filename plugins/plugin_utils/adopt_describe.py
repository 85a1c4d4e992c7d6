# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe what was read, as far as a description can hold it, and list the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import nested_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.manifest import Manifest
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import name_fault
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import (
    APP_OPTIONS,
    key_options,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import WORKLOADS, DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import (
    ENVIRONMENT_CHILDREN,
    PARENTS,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import (
    DEPLOY_CONFIGS,
    ENVIRONMENT_CHILD_TYPES,
    ENVIRONMENTS,
    ResourceType,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.export import (
    AppStates,
    environment_options,
    to_options,
)

DOCUMENTS = (*WORKLOADS, "config_maps")
"""The options of a deploy config that hold Kubernetes documents. The service shows no Secret."""


class Document(str):
    """The text of a Kubernetes document, which gets a file of its own.

    :ivar name: the parts of its name.
    """

    name: tuple[str, ...]

    @classmethod
    def of(cls, text: str, *name: str) -> Document:
        """Return a document with the parts of its name."""
        document = cls(text)
        document.name = name
        return document


class OmissionReason(str):
    """Why something is not described.

    :ivar todo: what to do about it.
    """

    todo = (
        "Correct the resource in the service and adopt again, or leave the resource. Runs without purge do not change "
        "anything that has no description."
    )

    @classmethod
    def of(cls, text: str, todo: str) -> OmissionReason:
        """Return a reason with what to do about it."""
        reason = cls(text)
        reason.todo = todo
        return reason


RENAME = "Rename or delete one of the resources with the same name, and adopt again."


@dataclass(frozen=True)
class Omission:
    """Something that a description does not hold.

    :ivar what: resource or value in words.
    """

    what: str
    why: OmissionReason

    def to_entry(self) -> dict[str, str]:
        """Return the omission for the result and the file."""
        return {"what": self.what, "why": str.__str__(self.why), "todo": self.why.todo}


@dataclass
class Omissions:
    """What a description does not hold although it exists.

    :ivar reasons: what, and why.
    :ivar unmanaged: type in ``drift_ignore`` -> names of the resources, as a drift report shows them.
    :ivar remarks: sentences about what was given and is of no use.
    """

    reasons: list[Omission] = field(default_factory=list)
    unmanaged: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, what: str, reason: str) -> None:
        """Add a value."""
        self.reasons.append(Omission(what, reason if isinstance(reason, OmissionReason) else OmissionReason(reason)))

    def add_resource(self, kind: ResourceType, name: Iterable[str], what: str, reason: str) -> None:
        """Add a whole resource."""
        self.add(what, reason)
        self.unmanaged.append((kind.option, "/".join(name)))


@dataclass
class AppDescription:
    """The description of an app.

    :ivar options: the options of ``jst_application``; texts of documents are :class:`Document`.
    :ivar has_secrets: names of deploy configs that may have Secrets.
    :ivar unreleased: names of environments, whose releases are not described.
    """

    app_id: Any
    title: str
    options: dict[str, Any]
    omissions: Omissions
    has_secrets: list[str] = field(default_factory=list)
    unreleased: list[str] = field(default_factory=list)


def cluster_names(clusters: Iterable[State]) -> dict[str, str]:
    """Return id -> title of the clusters that a description can name by their titles.

    :param clusters: all clusters of the account. No rule makes a title unique.
    """
    titles = {str(state["cluster_id"]): str(state["title"] or "") for state in clusters if state["cluster_id"]}
    twice = _duplicates(list(titles.values()))
    return {
        identity: title
        for identity, title in titles.items()
        if title not in twice and title not in titles and not name_fault(title)
    }


def describe_app(states: AppStates, clusters: Mapping[str, str]) -> AppDescription | str:
    """Return the description of an app, or why it has none.

    :param clusters: see :func:`cluster_names`.
    """
    omissions = Omissions()
    title = str(states.app["title"])
    fault = name_fault(title)
    if fault:
        return OmissionReason.of(f"Its title {fault}.", "Give the app another title, and adopt again.")
    app = accept(App(), to_options(App(), states.app, APP_OPTIONS), APP_OPTIONS, "the app", omissions)
    if isinstance(app, str):
        return app
    configs = _describe_configs(states, title, omissions)
    environments = _describe_environments(states, title, clusters, omissions)
    shown = {"title": title, "app_id": states.app["app_id"]}
    options = {**shown, **{name: value for name, value in app.items() if name not in shown}}
    described = {one["name"] for one in configs}
    return AppDescription(
        states.app["app_id"],
        title,
        {**options, "deploy_configs": configs, "environments": environments},
        omissions,
        [str(one["name"]) for one in states.deploy_configs if one["secrets"] and one["name"] in described],
        [str(one["name"]) for one in environments],
    )


def accept(
    resource: Resource, options: Mapping[str, Any], spec: Mapping[str, Any], what: str, omissions: Omissions
) -> dict[str, Any] | str:
    """Return the options that a description accepts for a resource, or why it accepts none.

    An option that is not accepted is omitted, if the resource can do without.

    :param spec: the specification of the options.
    :param what: the resource in words.
    """
    kept = {}
    for name, shown in options.items():
        if shown in (None, "") and not spec[name].get("required"):
            continue
        value = _whole_records(shown, spec[name], f"{what}: {name}", omissions)
        fault = _fault(resource, {name: value})
        if fault and (spec[name].get("required") or name in key_options(type(resource))):
            return fault
        if fault:
            omissions.add(f"{what}: {name}", fault)
        else:
            kept[name] = value
    missing = [name for name, option in spec.items() if option.get("required") and kept.get(name) in (None, "", [])]
    if missing:
        return OmissionReason.of(
            f"The service does not show its {' and '.join(missing)}.",
            "Describe the resource by hand, with the value that the web console shows, or leave the resource.",
        )
    return _fault(resource, kept) or kept


def _fault(resource: Resource, options: Mapping[str, Any]) -> str:
    """Return why the options of a resource are not accepted, empty when they are."""
    for name in key_options(type(resource)):
        fault = name_fault(options.get(name, "-"))
        if fault:
            return f"Its {name} {fault}."
    try:
        resource.desired_state(options)
    except JstError as error:
        return error.message
    return ""


def _whole_records(value: Any, spec: Mapping[str, Any], what: str, omissions: Omissions) -> Any:
    """Return a list without the records that lack a required member."""
    members = spec.get("options")
    if not members or not isinstance(value, list):
        return value
    required = [name for name, option in members.items() if option.get("required")]
    kept = [item for item in value if all(item.get(name) is not None for name in required)]
    if len(kept) < len(value):
        omissions.add(what, f"The service shows {len(value) - len(kept)} of them without {' or '.join(required)}.")
    return sorted(kept, key=_sort_key)


def _sort_key(item: Mapping[str, Any]) -> str:
    return json.dumps({name: str(item[name]) for name in sorted(item)})


def _duplicates(names: Sequence[Any]) -> set[Any]:
    return {name for name in names if names.count(name) > 1}


def _describe_configs(states: AppStates, title: str, omissions: Omissions) -> list[dict[str, Any]]:
    spec = nested_options(DeployConfig(), PARENTS)
    twice = _duplicates([(one["name"], one["env_type"]) for one in states.deploy_configs])
    described = []
    for state in sorted(states.deploy_configs, key=lambda one: (str(one["name"]), str(one["env_type"]))):
        what = f"deploy config {state['name']!r} for {state['env_type']} ({state['deploy_config_id']})"
        entry: dict[str, Any] | str
        if (state["name"], state["env_type"]) in twice:
            entry = OmissionReason.of("Another deploy config of the app has the same name and env_type.", RENAME)
        else:
            options = to_options(DeployConfig(), state, spec)
            options.update(_documents(state, str(states.app["state_type"]), what, omissions))
            unwritten = [name for name in DOCUMENTS if options.get(name, "") is None]
            options = {name: value for name, value in options.items() if name not in unwritten}
            entry = accept(DeployConfig(), options, spec, what, omissions)
        if isinstance(entry, str):
            name = (title, *DEPLOY_CONFIGS.name_of(state))
            omissions.add_resource(DEPLOY_CONFIGS, name, what, entry)
        else:
            described.append(entry)
    return described


def _documents(state: State, state_type: str, what: str, omissions: Omissions) -> dict[str, Any]:
    """Return the options of a deploy config that hold documents, ``None`` for one that a description cannot hold."""
    place = (str(state["name"]), str(state["env_type"]))
    found: dict[str, Any] = {}
    workloads = [name for name in WORKLOADS if state[name] is not None]
    for name in workloads:
        reason = _document_fault(state[name])
        if WORKLOADS[name] != state_type:
            reason = f"This workload does not fit an app with state_type {state_type}."
        elif len(workloads) > 1 and not reason and any(found.values()):
            reason = "The deploy config has another workload."
        if reason:
            omissions.add(f"{what}: {name}", reason)
        found[name] = None if reason else Document.of(state[name].text, *place, name)
    maps: list[Manifest] = sorted(state["config_maps"] or [], key=lambda one: one.name)
    reasons = list(filter(None, map(_document_fault, maps)))
    if reasons:
        omissions.add(f"{what}: config_maps", reasons[0])
    if maps:
        found["config_maps"] = (
            None if reasons else [Document.of(one.text, *place, "config_map", one.name) for one in maps]
        )
    return found


def _document_fault(manifest: Manifest) -> str:
    if manifest.is_secret:
        return "The document is a Secret in the place of another document."
    if manifest.data is None:
        return "The document is not a YAML mapping."
    try:
        manifest.text.encode("utf-8")
    except UnicodeEncodeError:
        return "It holds characters that UTF-8 does not have."
    return ""


def _describe_environments(
    states: AppStates, title: str, clusters: Mapping[str, str], omissions: Omissions
) -> list[dict[str, Any]]:
    spec = nested_options(Environment(), PARENTS)
    twice = _duplicates([one.state["name"] for one in states.environments])
    described = []
    for environment in sorted(states.environments, key=lambda one: str(one.state["name"])):
        state = environment.state
        what = f"environment {state['name']!r} ({state['environment_id']})"
        options = environment_options(environment, states.deploy_configs)
        children = {option: options.pop(option) for option in ENVIRONMENT_CHILDREN}
        if options.get("cluster") in clusters:
            options["cluster"] = clusters[options["cluster"]]
        elif "cluster" in options:
            options["cluster_id"] = options.pop("cluster")
        entry: dict[str, Any] | str
        if state["name"] in twice:
            entry = OmissionReason.of("Another environment of the app has the same name.", RENAME)
        elif "deploy_config" not in options and "deploy_config_id" not in options:
            entry = OmissionReason.of(
                "It has no deploy config.", "Set a deploy config for the environment or delete it, and adopt again."
            )
        else:
            entry = accept(Environment(), options, spec, what, omissions)
        if isinstance(entry, str):
            omissions.add_resource(ENVIRONMENTS, (title, str(state["name"])), what, entry)
            continue
        for option, kind in ENVIRONMENT_CHILDREN.items():
            place = (title, str(state["name"]))
            found = _describe_children(kind(), children[option], place, what, omissions)
            if found:
                entry[option] = found
        described.append(entry)
    return described


def _describe_children(
    resource: Resource, entries: Sequence[Mapping[str, Any]], place: tuple[str, str], where: str, omissions: Omissions
) -> list[dict[str, Any]]:
    kind = ENVIRONMENT_CHILD_TYPES[resource.plural]
    names = [kind.name_of(entry) for entry in entries]
    twice = _duplicates(names)
    described = []
    for name, entry in sorted(zip(names, entries, strict=True), key=lambda both: both[0]):
        what = f"{resource.label} {'/'.join(name)!r} of {where}"
        if name in twice:
            kept: dict[str, Any] | str = OmissionReason.of(
                f"Another {resource.label} of the environment has the same name.", RENAME
            )
        else:
            kept = accept(resource, entry, nested_options(resource, PARENTS), what, omissions)
        if isinstance(kept, str):
            omissions.add_resource(kind, (*place, *name), what, kept)
        else:
            described.append(kept)
    return described
