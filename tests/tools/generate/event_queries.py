# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries by which AWX counts what is managed: extensions/audit/event_query.yml.

A module counts what the members of its result identify, by the first kind of node below whose members they have.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from tests.tools.declarations import AnyState, declaration, record_members, shown_members
from tests.tools.generate.files import LICENSE, Files, generated_from
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT

FILE = ROOT / "extensions" / "audit" / "event_query.yml"
# Users are no nodes, and the answers of any operation have no shape of their own.
WITHOUT_QUERY = {"jst_api", "jst_user_info"}
WHOLE = "jst_application"
ABOUT = """\
What AWX counts as managed through the tasks of a job (indirect nodes): jq over the result of each task. The same
object has the same canonical facts, whichever module returned it. What has no id yet, in check mode, or is deleted, is
not counted. What is part of an environment or only describes one, such as a release, an instance or an event, counts
as that environment. A group and the deploy configs count as the apps that they belong to. Two modules have no query:
jst_user_info, as users are no nodes, and jst_api, whose responses have no shape of their own.
"""


class Node(NamedTuple):
    """A kind of node.

    :ivar members: what a result needs to have for it.
    :ivar choice: the filter that leaves what is identified.
    :ivar name: the expression for its name.
    :ivar fact: the name and the expression of its canonical fact.
    """

    anchor: str
    members: tuple[str, ...]
    choice: str
    name: str
    fact: tuple[str, str]
    device: str
    bucket: str = "Compute"

    def query(self, source: str) -> str:
        """Return the query over what an expression finds in a result."""
        return (
            f"{source} | {self.choice}\n"
            f"| {{name: {self.name}, canonical_facts: {{{': '.join(self.fact)}}},\n"
            f'   facts: {{infra_type: "PublicCloud", infra_bucket: "{self.bucket}", device_type: "{self.device}"}}}}'
        )


def by_id(member: str) -> str:
    """Return the filter for what has an id."""
    return f"select(.{member}? != null)"


APP_ID = ("jst_app_id", ".app_id")
NODES = (
    Node("app", ("app_id", "title"), by_id("app_id"), r'(.title // "app \(.app_id)")', APP_ID, "App"),
    Node("app_group", ("app_ids",), ".app_ids?[]?", r'"app \(.)"', ("jst_app_id", "."), "App"),
    Node(
        "environment",
        ("environment_id",),
        by_id("environment_id"),
        r'"environment \(.environment_id)"',
        ("jst_environment_id", ".environment_id"),
        "Environment",
    ),
    Node("deploy_config", ("app_id",), by_id("app_id"), r'"app \(.app_id)"', APP_ID, "App"),
    Node(
        "cluster_node",
        ("cluster_id", "instance_id"),
        by_id("instance_id"),
        "(.instance_name // .instance_id)",
        ("ecs_instance_id", ".instance_id"),
        "ECS instance",
    ),
    Node(
        "cluster",
        ("cluster_id",),
        by_id("cluster_id"),
        "(.title // .cluster_id)",
        ("jst_cluster_id", ".cluster_id"),
        "Kubernetes cluster",
    ),
    Node(
        "rds",
        ("instance_id",),
        by_id("instance_id"),
        ".instance_id",
        ("rds_instance_id", ".instance_id"),
        "RDS instance",
        "Database",
    ),
)


def whole() -> str:
    """Return the query for the module that manages a whole app."""
    app, _group, environment, _config, _node, _cluster, rds = NODES
    parts = ((".app", app), (".environments[]?", environment), (".databases[]?", rds))
    queries = [f"({textwrap.indent(node.query(source), '   ').lstrip()})" for source, node in parts]
    together = ",\n  ".join(queries)
    return f".{WHOLE.removeprefix('jst_')} | select(. != null)\n| {together}"


def source(declared: Any) -> str:
    """Return the expression for what a module returns."""
    if isinstance(declared, Info):
        return f".{declared.resource.plural}[]?"
    return f".{declared.name}{'[]?' if isinstance(declared.to_result(AnyState()), list) else ''}"


def node_of(declared: Any) -> Node:
    """Return what a module's results count as.

    :raises ValueError: when nothing fits.
    """
    members = record_members(declared) if isinstance(declared, Info) else shown_members(declared)
    for node in NODES:
        if {*node.members} <= {*members}:
            return node
    raise ValueError(f"say in {__name__} what {declared} counts as: it returns {', '.join(members)}")


def blocks() -> Iterator[str]:
    """Yield the entries of the file, those of one kind of node together."""
    yield f"{_key(WHOLE)}:\n{_query(whole())}"
    declared = {module: declaration(module) for module in MODULES if module not in {WHOLE, *WITHOUT_QUERY}}
    nodes = {module: node_of(each) for module, each in declared.items()}
    for node in NODES:
        modules = [module for module in MODULES if nodes.get(module) == node]
        sources = list(dict.fromkeys(source(declared[module]) for module in modules))
        found = "\n ".join(textwrap.wrap(", ".join(sources), 105))
        query = node.query(f"({found})" if len(sources) > 1 else found)
        first, *others = modules
        aliases = "".join(f"{_key(module)}: *{node.anchor}\n" for module in others)
        yield f"{_key(first)}: &{node.anchor}\n{_query(query)}{aliases}"


def _key(module: str) -> str:
    return f"{NAMESPACE}.{NAME}.{module}"


def _query(query: str) -> str:
    return f"  query: >-\n{textwrap.indent(query, '    ')}\n"


def render() -> Files:
    """Return the file."""
    about = textwrap.indent(ABOUT, "# ")
    head = f"---\n{LICENSE}\n# {generated_from('the declarations of the resources')}\n\n{about}\n"
    return {FILE: head + "\n".join(blocks())}
