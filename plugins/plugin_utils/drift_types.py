# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of resources that a drift report knows, and the data that it is made of.

A role keeps data of an app between two tasks as one text without braces, base64 of JSON. Names in an account may look
like templates, and ansible-core before 2.19 would evaluate those that come out of ``set_fact``.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import key_options
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import (
    ENVIRONMENT_CHILDREN,
    VOLUME_CLAIMS,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb

Json = dict[str, Any]

# The parts of a name. They are compared as parts, since a name can hold the separator that joins them.
Name = tuple[str, ...]


def encode(value: Any) -> str:
    """Return a value as text that no template engine evaluates."""
    return b64encode(json.dumps(value, ensure_ascii=False, default=str).encode()).decode()


def decode(text: str) -> Any:
    """Return the value from the text that :func:`encode` returns."""
    return json.loads(b64decode(text))


@dataclass(frozen=True)
class DriftOptions:
    """Options of role ``drift``.

    :ivar kinds: the options of ``jst_application`` whose unmanaged resources to look for.
    :ivar ignore: option -> patterns of full names of unmanaged resources to ignore.
    :ivar lines: the maximum number of diff lines to keep for a resource.
    """

    kinds: Sequence[str]
    ignore: Mapping[str, Any]
    lines: int


@dataclass(frozen=True)
class ResourceType:
    """A type of resources that can exist without a description.

    :ivar type_name: the name of the type in a report.
    :ivar option: the option of ``jst_application`` that lists such resources.
    :ivar name: the members that identify a resource in its app or environment.
    :ivar id_field: the member with the id in the result of the info module, ``None`` for a resource without an id.
    """

    type_name: str
    option: str
    name: tuple[str, ...]
    id_field: str | None = None

    def name_of(self, resource: Mapping[str, Any]) -> Name:
        """Return the name of a resource in its app or environment."""
        return tuple(str(resource.get(member)) for member in self.name)

    def is_named(self, resource: Mapping[str, Any]) -> bool:
        """Return whether the service shows the name of a resource."""
        return all(resource.get(member) is not None for member in self.name)

    def id_of(self, resource: Mapping[str, Any]) -> Any:
        """Return the id of a resource, ``None`` when it has none."""
        return resource.get(self.id_field) if self.id_field else None


def resource_type_of(resource: type[Resource], **overrides: Any) -> ResourceType:
    """Return the type of a resource.

    :param overrides: members that differ from the declaration of the resource.
    """
    own = {"type_name": resource.label, "option": resource.plural, "id_field": resource.id_field}
    return ResourceType(**{**own, "name": tuple(key_options(resource)), **overrides})


# Resources of an app, and of its environments.
ENVIRONMENTS, DEPLOY_CONFIGS = resource_type_of(Environment), resource_type_of(DeployConfig)
ENVIRONMENT_CHILD_TYPES = {
    resource.plural: resource_type_of(
        resource, option=option, type_name="volume claim" if option == VOLUME_CLAIMS else resource.label
    )
    for option, resource in ENVIRONMENT_CHILDREN.items()
}

# Resources of the account.
APP_GROUPS = resource_type_of(AppGroup, name=("biz_code", "name"), id_field="app_group_id")
DATABASES = resource_type_of(RdsDb, option="databases")
ACCOUNTS = resource_type_of(RdsAccount, option="accounts", type_name="database account")
ACCOUNT_TYPES = {
    "apps": resource_type_of(App),
    "app_groups": APP_GROUPS,
    "rds_dbs": DATABASES,
    "rds_accounts": ACCOUNTS,
}
