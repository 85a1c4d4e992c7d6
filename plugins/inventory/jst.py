# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: jst
short_description: Cluster nodes, apps or environments as hosts
version_added: 1.0.0
description:
  - Creates inventory hosts from a Jushita (JST) account. The hosts are the nodes of its clusters, its apps, or their
    environments.
  - The name of the configuration file ends in C(jst.yml), C(jst.yaml), C(jst_inventory.yml) or C(jst_inventory.yaml),
    such as C(nodes.jst.yml).
  - Each host has one variable per resource. Nodes have C(jst_cluster) and C(jst_cluster_node), apps C(jst_app),
    environments C(jst_app) and C(jst_environment). The values are those that M(jst.retailcloud.jst_cluster_info),
    M(jst.retailcloud.jst_cluster_node_info), M(jst.retailcloud.jst_app_info) and
    M(jst.retailcloud.jst_environment_info) return.
  - Apps and environments are not machines, so their variable C(ansible_connection) is V(local).
  - The playbooks of this collection use the account of the file. Each host has the variables C(jst_endpoint),
    C(jst_profile) and C(jst_config_file) for those of the options O(endpoint), O(profile) and O(config_file) that the
    file sets.
  - When the file sets O(access_key_id), each host has the variable C(jst_inventory_access_key_id), and the modules
    reject any other access key. The plugin never passes on a secret. Set C(jst_access_key_id) and
    C(jst_access_key_secret) to the same key, for example in C(group_vars).
  - The plugin fails when an earlier file of the plugin has added a host of the same name for another resource.
  - The plugin never evaluates values of the service, or values that O(compose) creates from them, as templates. It does
    not read the passwords that the service stores for cluster nodes.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [jst.retailcloud.jst]
  hosts:
    description: The type of the hosts. V(cluster_nodes) are the ECS instances that are nodes of clusters.
    type: str
    required: true
    choices: [cluster_nodes, apps, environments]
  clusters:
    description:
      - The clusters whose nodes become hosts, by title or instance id. When omitted, all clusters.
      - The plugin fails when a listed cluster does not exist. Only for O(hosts=cluster_nodes).
      - A null or empty value is rejected, since it would select all clusters.
    type: list
    elements: str
  apps:
    description:
      - The apps that become hosts, or whose environments become hosts, by title or id. When omitted, all apps.
      - The plugin fails when a listed app does not exist. Only for O(hosts=apps) and O(hosts=environments).
      - A null or empty value is rejected, since it would select all apps.
    type: list
    elements: str
  filters:
    description:
      - The conditions that a host has to meet. Each key is a member of the host variables without O(vars_prefix), such
        as C(cluster.env_type) or C(app.title). The value of a key is a single value, or a list of values of which at
        least one has to match.
      - Strings may contain the wildcards C(*), C(?) and C([...]). A list member matches when one of its elements
        matches.
      - A null value or an empty string matches a member without a value. For a title, a name or an id, the plugin
        rejects a null value and an empty string. It rejects an empty list and a string of blanks for any member.
      - The plugin sends a filter with one value to the service where the service supports it, which saves calls.
      - A null or empty value of the option itself is rejected, since it would select all hosts.
    type: dict
    default: {}
  exclude:
    description:
      - The hosts to exclude. Each entry has the format of O(filters). A host that matches all conditions of one entry
        is excluded.
      - A null or empty value is rejected, since it would exclude no host.
    type: list
    elements: dict
    default: []
  details:
    description:
      - Whether to read the data that only describe operations return, with one or two calls for each cluster, app or
        environment.
      - C(jst_cluster_node) of nodes then also holds the node details of M(jst.retailcloud.jst_cluster_info), including
        C(ready) and C(unschedulable). Apps then have their user roles, and environments their replicas and cluster.
    type: bool
    default: false
  description:
    description:
      - Whether to add the variables of role C(jst.retailcloud.application) to each app, read from its current state.
      - Use this option to adopt apps that are not described yet. Host variables take precedence over group variables,
        so do not combine it with your own descriptions.
      - The variables do not include namespace, middleware and group of the app, the content of Secrets, releases,
        databases and accounts.
      - Only for O(hosts=apps).
    type: bool
    default: false
  partial:
    description:
      - Whether to continue with a warning when a cluster or an app cannot be read.
      - With V(false), the plugin then fails and returns no hosts. With V(true), the plugin does not cache an incomplete
        inventory.
    type: bool
    default: false
  address:
    description:
      - The addresses to use as C(ansible_host) of a node. The first address that the node has is used.
      - With O(strict=true), the plugin fails when a node has none of these addresses. Otherwise it warns, and the node
        has no C(ansible_host).
      - When omitted, V([private_ip]). With an empty list, no C(ansible_host) is set. Only for O(hosts=cluster_nodes).
    type: list
    elements: str
    choices: [private_ip, public_ip, eip, instance_id]
  hostnames:
    description:
      - The Jinja2 expressions over the host variables that give the host name. The first expression that returns a
        string or a number is used. Double braces around an expression are optional.
      - When omitted, the name of a node is its instance id and the name of an app is its title. The name of an
        environment is its app title and its own name, joined with a dot.
      - The plugin fails when two hosts have the same name. With O(strict=true), it also fails when a host has no valid
        name, or the name of a group. Otherwise it leaves out the host and warns.
      - Roles and playbooks of this collection use the name of a host in group C(jst_apps) as its app title, unless
        C(application_title) is set.
    type: list
    elements: str
    default: []
  group:
    description:
      - The group that contains all hosts. When omitted, C(jst_cluster_nodes), C(jst_apps) or C(jst_environments).
      - The playbooks of this collection run on the group C(jst_apps).
      - A null or empty value is rejected.
    type: str
  vars_prefix:
    description: The prefix of the variable names.
    type: str
    default: jst_
notes:
  - In O(compose), a number stays a number in ansible-core 2.19 and later, and becomes a string in earlier versions. In
    O(groups), a number is true unless it is zero. In O(keyed_groups), a number is converted to its digits. Ids and
    counts are numbers. Where an expression needs a string, as for C(+), use C(| string) in every version.
  - Access options, lists, filters and boolean options may be templates. Only variables from C(--extra-vars) are
    available in these templates.
  - The cache is separate for each endpoint, access key and selection of data. Each new temporary key of a RAM role
    starts a new cache.
  - Releasing, scaling or deleting an app needs no description. The role C(jst.retailcloud.application) needs a
    description.
seealso:
  - module: jst.retailcloud.jst_cluster_node_info
  - module: jst.retailcloud.jst_app_info
  - module: jst.retailcloud.jst_environment_info
"""

EXAMPLES = r"""
# nodes.jst.yml: the nodes of all production clusters, reached by their private addresses
plugin: jst.retailcloud.jst
hosts: cluster_nodes
filters:
  cluster.env_type: online
keyed_groups:
  - key: jst_cluster.title
    prefix: cluster

# ---
# ready.jst.yml: nodes of one cluster that are ready, by name, with a public address if they have one
# plugin: jst.retailcloud.jst
# hosts: cluster_nodes
# clusters:
#   - emu-online
# details: true
# filters:
#   cluster_node.ready: true
# hostnames:
#   - jst_cluster_node.instance_name
# address:
#   - eip
#   - public_ip
#   - private_ip
# compose:
#   ansible_user: "'root'"

# ---
# apps.jst.yml: all apps but those for trying things out, for the playbooks release, rollback and scale
# plugin: jst.retailcloud.jst
# hosts: apps
# exclude:
#   - app.title: "sandbox-*"
# keyed_groups:
#   - key: jst_app.language
#     prefix: language

# ---
# described.jst.yml: one app with its description, as it is now
# plugin: jst.retailcloud.jst
# hosts: apps
# apps:
#   - shop
# description: true

# ---
# environments.jst.yml: production environments of another account, kept for ten minutes
# plugin: jst.retailcloud.jst
# hosts: environments
# profile: production
# filters:
#   environment.env_type: online
# groups:
#   java: jst_app.language == 'Java'
# cache: true
# cache_plugin: ansible.builtin.jsonfile
# cache_connection: ~/.cache/jst-inventory
# cache_timeout: 600

# ---
# elsewhere.jst.yml: the key from variables given with --extra-vars or a lookup
# plugin: jst.retailcloud.jst
# hosts: apps
# access_key_id: "{{ jst_access_key_id }}"
# access_key_secret: "{{ lookup('ansible.builtin.env', 'JST_SECRET') }}"
# endpoint: "{{ jst_endpoint | default('') }}"
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.common.text.converters import to_native
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.vars.reserved import is_reserved_name

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError, join_sentences
from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import did_you_mean
from ansible_collections.jst.retailcloud.plugins.module_utils._api.number_parsing import to_float, to_int
from ansible_collections.jst.retailcloud.plugins.module_utils._api.redaction import redact
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import Settings, resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.inventory_account import HOST_VARIABLE
from ansible_collections.jst.retailcloud.plugins.module_utils._core.names import is_blank, name_fault
from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_redaction import hidden_texts, redact_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable
from ansible_collections.jst.retailcloud.plugins.plugin_utils.host_filters import Filters
from ansible_collections.jst.retailcloud.plugins.plugin_utils.host_origins import Origin, origins_of
from ansible_collections.jst.retailcloud.plugins.plugin_utils.hosts import HOST_TYPES, Host, HostType, Query, read
from ansible_collections.jst.retailcloud.plugins.plugin_utils.unsafe import mark_unsafe, with_trust_of

ENDINGS = ("jst.yml", "jst.yaml", "jst_inventory.yml", "jst_inventory.yaml")

# The conversion of a value from a file, by the type of the option. Ansible itself accepts more texts as numbers.
CONVERSIONS: dict[str | None, Callable[[Any], Any]] = {
    **dict.fromkeys(("bool", "boolean"), boolean),
    **dict.fromkeys(("int", "integer"), to_int),
    "float": to_float,
}

# Options with expressions, which are evaluated for each host.
EXPRESSIONS = ("compose", "groups", "hostnames", "keyed_groups")

# Options that choose hosts or name a group, with the effect of omitting them.
NARROWING = {
    "clusters": "choose all clusters",
    "apps": "choose all apps",
    "filters": "choose all hosts",
    "exclude": "exclude no host",
    "group": "use the group of this type of hosts",
}

# Options for some types of hosts only.
LIMITED = {
    "clusters": ("cluster_nodes",),
    "address": ("cluster_nodes",),
    "apps": ("apps", "environments"),
    "description": ("apps",),
}

# Options that change what is read. The cache has an entry for each combination of their values.
READING = ("hosts", "clusters", "apps", "filters", "exclude", "details", "description")

# Options of the file that the tasks of its hosts need too, with the host variables that pass them on. The secret of a
# key is not passed on.
PASSED_ON = {
    "endpoint": "jst_endpoint",
    "profile": "jst_profile",
    "config_file": "jst_config_file",
    "access_key_id": HOST_VARIABLE,
}

# An expression in braces, as in a playbook.
BRACES = re.compile(r"\s*\{\{(?P<inner>.*)\}\}\s*", re.DOTALL)

# The number of bytes of a file with another name that are searched for the name of the plugin.
SEARCHED = 65536

# Texts that no name may hold, since Ansible would evaluate it as a template.
NO_NAME = ("{{", "{%", "{#")

# The maximum number of hosts that a warning names.
MOST_NAMED = 5

# The version of the format of cache entries.
CACHE_VERSION = 1


class NamedHost(NamedTuple):
    """The origin of a host, and its variables."""

    origin: Origin
    variables: dict[str, Any]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Makes hosts of the resources that the service lists."""

    NAME = "jst.retailcloud.jst"

    # Whether the result of an expression becomes part of a name.
    _naming = False

    def verify_file(self, path: str) -> bool:
        """Return whether a file is for this plugin, by its name.

        Only regular files are opened: reading a pipe or a device would wait, or consume data for other readers.
        """
        if not super().verify_file(path) or not os.path.isfile(path):
            return False
        if path.endswith(ENDINGS):
            return True
        with open(path, "rb") as file:
            if self.NAME.encode() in file.read(SEARCHED):
                endings = ", ".join(ENDINGS)
                self.display.warning(printable(f"{path} is not read: its name has to end in one of {endings}."))
        return False

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory.

        :param cache: whether cached data may be used, if the file has ``cache``.
        :raises AnsibleParserError: for an invalid option, and when something cannot be read.
        """
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        try:
            host_type = HOST_TYPES[self.get_option("hosts")]
            self._check(host_type)
            settings = resolve_settings({name: self.get_option(name) for name in ACCESS_OPTIONS})
            named = self._named(host_type, self._hosts(settings, host_type, cache), settings.endpoint, path)
        except JstError as error:
            raise AnsibleParserError(join_sentences(error.message, error.hint)) from None
        self._populate(named, self.inventory.add_group(self._group(host_type)))

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Set the options of a file, with templates evaluated.

        :raises AnsibleParserError: for an unknown option, a template with an error and a value of the wrong type.
        """
        given = dict(self._given(direct)) if isinstance(direct, Mapping) else direct
        super().set_options(task_keys=task_keys, var_options=var_options, direct=given)

    def _given(self, direct: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        defined = constants.config.get_configuration_definitions("inventory", self._load_name)
        names = {alias: name for name, item in defined.items() for alias in (name, *item.get("aliases", ()))}
        self.templar.available_variables = self._vars
        for option, value in direct.items():
            if option not in names:
                raise AnsibleParserError(f"There is no option {option!r}. {did_you_mean(str(option), names)}")
            name = names[option]
            try:
                result = value if name in EXPRESSIONS else self.templar.template(value)
                convert = CONVERSIONS.get(defined[name].get("type"))
                if convert and result not in (None, ""):
                    result = convert(result)
            except (AnsibleError, TypeError, ValueError) as error:
                hidden = hidden_texts(value, redact_options(defined, {name: value}))
                raise AnsibleParserError(f"Option {option}: {redact(to_native(error), hidden)}") from None
            choices = defined[name].get("choices")
            if choices and redact_options(defined, {name: result})[name] != result:
                # Ansible's own message would quote the value, which may be a misplaced secret.
                raise AnsibleParserError(f"Option {option} has a value other than {', '.join(choices)}.")
            if name in NARROWING:
                _check_narrowing(name, result)
            # A template with a default gives an empty text when nothing is set.
            if result is not None and (result != "" or defined[name].get("type") == "str"):
                yield name, result

    def _check(self, host_type: HostType) -> None:
        for option, kinds in LIMITED.items():
            if self.get_option(option) and host_type.name not in kinds:
                raise AnsibleParserError(
                    f"Option {option} only applies when hosts is {' or '.join(kinds)}. Here, hosts is {host_type.name}."
                )
        prefix = self.get_option("vars_prefix")
        names = [("vars_prefix", f"{prefix}{thing}") for thing in host_type.things]
        names += [("compose", name) for name in self.get_option("compose")]
        for option, name in names:
            if not (str(name).isascii() and str(name).isidentifier()):
                raise AnsibleParserError(
                    f"Option {option}: {name!r} is not a valid variable name. Use ASCII letters, digits and "
                    "underscores, and do not begin with a digit."
                )
            if is_reserved_name(name):
                raise AnsibleParserError(
                    f"Option {option}: {name!r} cannot be the name of a variable, since Ansible reserves it."
                )

    # Reading

    def _hosts(self, settings: Settings, host_type: HostType, cache: bool) -> list[Host]:
        """Return the hosts, from the cache if it has them and may be used."""
        for warning in settings.warnings:
            self.display.warning(printable(warning))
        filters = Filters(self.get_option("filters"), self.get_option("exclude"), host_type.fields())
        query = Query(
            filters=filters,
            chosen=[str(wanted) for wanted in self.get_option(host_type.option) or ()],
            details=self.get_option("details"),
            description=self.get_option("description"),
            partial=self.get_option("partial"),
        )
        if not self.get_option("cache"):
            return self._read(settings, host_type, query)[0]
        key = self._key(settings)
        if cache:
            try:
                return [Host(*parts) for parts in self._cache[key]]
            except (KeyError, TypeError):  # missing, too old, or in another format
                pass
        hosts, whole = self._read(settings, host_type, query)
        if whole:
            self._cache[key] = [[host.facts, host.description] for host in hosts]
        return hosts

    def _read(self, settings: Settings, host_type: HostType, query: Query) -> tuple[list[Host], bool]:
        """Return the hosts that the service shows, and whether they are complete."""
        with Client(settings) as client:
            reading = read(client, host_type, query)
        for problem in reading.problems:
            self.display.warning(printable(f"The inventory is incomplete. {problem}"))
        return reading.hosts, not reading.problems

    def _key(self, settings: Settings) -> str:
        """Return the key of the cache entry: a hash of endpoint, access key id and the options that choose hosts."""
        asked = {name: self.get_option(name) for name in READING}
        origin = [CACHE_VERSION, settings.endpoint, settings.credential_provider.get_credentials().access_key_id, asked]
        return f"{self.NAME}_{hashlib.sha256(json.dumps(origin, sort_keys=True, default=str).encode()).hexdigest()}"

    # Hosts

    def _named(self, host_type: HostType, hosts: list[Host], endpoint: str, path: str) -> dict[str, NamedHost]:
        """Return the hosts by name.

        :param path: the configuration file.
        :raises AnsibleParserError: when two hosts have the same name, also when an earlier file has added one of them.
        """
        named: dict[str, NamedHost] = {}
        earlier = origins_of(self.inventory)
        passed_on = self._passed_on()
        taken = self._taken(host_type)
        with self._tolerance() as tolerate:
            for host in hosts:
                label = host_type.label(host.facts)
                variables = self._variables(host_type, host, passed_on)
                wanted = self._addresses(host_type)
                if wanted and "ansible_host" not in variables:
                    tolerate(f"No {' or '.join(wanted)} for ansible_host", label)
                name = self._name(host_type, host, variables)
                if name is None or name in taken:
                    tolerate("No name that a host can have" if name is None else f"No host can be called {name}", label)
                    continue
                if name in named:
                    both = f"{named[name].origin.label} and {label}"
                    raise AnsibleParserError(f"Two hosts have the name {name!r}: {both}. Set hostnames.")
                origin = Origin(label, host_type.ids(host.facts), endpoint, path, name not in self.inventory.hosts)
                if name in earlier and not earlier[name].fits(origin):
                    both = f"{earlier[name]} and {origin}"
                    raise AnsibleParserError(f"Two hosts have the name {name!r}: {both}. Set hostnames in one file.")
                named[name] = NamedHost(origin, variables)
        return named

    def _passed_on(self) -> dict[str, str]:
        """Return the variables by which the tasks of a host use the account of this file.

        They are only for options of the file. Tasks find the settings of the environment themselves.
        """
        values = {variable: self.get_option(option) for option, variable in PASSED_ON.items()}
        return {variable: str(value) for variable, value in values.items() if value not in (None, "")}

    @contextmanager
    def _tolerance(self) -> Iterator[Callable[[str, str], None]]:
        """Yield a function that collects problems of hosts. They are errors with ``strict``, and warnings otherwise."""
        tolerated: dict[str, list[str]] = {}

        def tolerate(problem: str, label: str) -> None:
            if self.get_option("strict"):
                raise AnsibleParserError(f"{problem}: {label}.")
            tolerated.setdefault(problem, []).append(label)

        yield tolerate
        for problem, labels in tolerated.items():
            more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
            self.display.warning(printable(f"{problem}: {', '.join(labels[:MOST_NAMED])}{more}."))

    def _addresses(self, host_type: HostType) -> list[str]:
        """Return the members of a node that can be its address."""
        wanted = self.get_option("address")
        if host_type.name != "cluster_nodes":
            return []
        return ["private_ip"] if wanted is None else list(wanted)

    def _variables(self, host_type: HostType, host: Host, passed_on: Mapping[str, str]) -> dict[str, Any]:
        prefix = self.get_option("vars_prefix")
        variables: dict[str, Any] = {f"{prefix}{thing}": facts for thing, facts in host.facts.items()}
        variables.update(passed_on)
        variables.update({f"application_{option}": value for option, value in host.description.items()})
        if host_type.name != "cluster_nodes":
            variables["ansible_connection"] = "local"
        addresses = (host.facts["cluster_node"][source] for source in self._addresses(host_type))
        address = next(filter(None, addresses), None)
        if address is not None:
            variables["ansible_host"] = address
        return dict(mark_unsafe(variables))

    def _name(self, host_type: HostType, host: Host, variables: Mapping[str, Any]) -> str | None:
        """Return the first usable name that an expression gives, ``None`` when there is none."""
        expressions = self.get_option("hostnames")
        if not expressions:
            return _usable(host_type.title(host.facts))
        for expression in expressions:
            braced = BRACES.fullmatch(expression)
            try:
                inner = with_trust_of(braced["inner"], expression) if braced else expression
                name = _usable(self._compose(inner, variables))
            except Exception as error:  # an expression can raise anything
                if self.get_option("strict"):
                    problem = f"No host name from {expression!r} for {host_type.label(host.facts)}"
                    raise AnsibleParserError(f"{problem}: {to_native(error)}") from None
                continue
            if name is not None:
                return name
        return None

    def _group(self, host_type: HostType) -> str:
        return str(self._sanitize_group_name(self.get_option("group") or host_type.group))

    def _populate(self, named: Mapping[str, NamedHost], group: str) -> None:
        """Add the hosts, their composed variables and their groups.

        Groups come last: when a host and a group have the same name, Ansible sets variables of the group.
        """
        strict = self.get_option("strict")
        origins = origins_of(self.inventory)
        labels = {name: str(origin) for name, origin in origins.items()}
        for name, host in named.items():
            self.inventory.add_host(name, group=group)
            origins.setdefault(name, host.origin)
            labels[name] = host.origin.label
            for variable, value in host.variables.items():
                self.inventory.set_variable(name, variable, value)
            known = self.inventory.get_host(name).get_vars()
            self._set_composite_vars(self.get_option("compose"), known, name, strict=strict)
        # In ansible-core 2.19 and newer, a condition that is a number is an error, which only strict inventories show.
        groups = {
            group: with_trust_of(f"({condition}) is truthy", condition) if isinstance(condition, str) else condition
            for group, condition in self.get_option("groups").items()
        }
        try:
            for name in named:
                self._add_host_to_composed_groups(groups, {}, name, strict=strict)
            self._naming = True
            for name in named:
                self._add_host_to_keyed_groups(self.get_option("keyed_groups"), {}, name, strict=strict)
        finally:
            self._naming = False
            removed = self._remove_hosts_named_like_groups()
        with self._tolerance() as tolerate:
            for name in removed:
                tolerate(f"No host can be called {name}", labels[name])

    def _remove_hosts_named_like_groups(self) -> list[str]:
        """Remove the hosts of the plugin whose name a group has: a play on this name would run on the host alone.

        The names of keyed groups and their parents are unknown until the groups exist. Hosts that another source has
        added stay: an operator has chosen their names.

        :returns: the names.
        """
        origins = origins_of(self.inventory)
        removed = [name for name, origin in origins.items() if name in self.inventory.groups and origin.is_new]
        for name in removed:
            self.inventory.remove_host(self.inventory.get_host(name))
            del origins[name]
        return removed

    def _compose(self, template: Any, variables: Any, *further: Any, **options: Any) -> Any:
        """Return the result of an expression, marked as unsafe.

        In ansible-core 2.19 and newer, a number stays a number, which cannot be the name of a group.
        """
        result = super()._compose(template, variables, *further, **options)
        return mark_unsafe(_as_text(result) if self._naming else result)

    def _taken(self, host_type: HostType) -> set[str]:
        """Return the names that no host can have: those of known groups, and of the controller."""
        composed = map(self._sanitize_group_name, self.get_option("groups"))
        return {*self.inventory.groups, *composed, self._group(host_type), *constants.LOCALHOST}


def _as_text(value: Any) -> Any:
    """Return the text of a number, and anything else as it is."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _check_narrowing(option: str, value: Any) -> None:
    """Reject an empty option that chooses hosts. It must not choose all of them.

    :raises AnsibleParserError: naming the option.
    """
    entries = value if isinstance(value, list) else [value]
    if value in ([], {}) or any(entry is None or is_blank(entry) for entry in entries):
        raise AnsibleParserError(f"Option {option} is null or empty. Leave it out to {NARROWING[option]}.")
    fault = next(filter(None, map(name_fault, entries)), "")
    if fault:
        raise AnsibleParserError(f"Option {option} {fault}, which a name cannot contain.")


def _usable(name: Any) -> str | None:
    """Return the text of a usable host name, ``None`` when it is not usable."""
    name = _as_text(name)
    text = name.strip() if isinstance(name, str) else ""
    return text if text and text.isprintable() and not any(mark in text for mark in NO_NAME) else None
