# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The account that a host of the inventory was read from. The tasks of the host must not change another account.

An inventory file can name an access key that only the inventory plugin knows. The plugin cannot pass on the secret, and
the tasks would use the key of the environment or of a profile. The plugin passes on the id of the key, and each module
compares it with the id of its own key.
"""

from __future__ import annotations

from .._api.errors import ConfigError
from .._api.hints import Hint
from .._api.settings import Settings

HOST_VARIABLE = "jst_inventory_access_key_id"
"""The host variable with the id of the access key that the inventory file of the host names."""

ENVIRONMENT_VARIABLE = "JST_INVENTORY_ACCESS_KEY_ID"
"""The environment variable in which an action passes this id to its module."""


def check_access_key(settings: Settings, expected_id: str | None) -> None:
    """Reject any other access key than the one that the inventory file of the host names.

    :param expected_id: the id of that access key, None or empty when the file names no key.
    :raises ConfigError: for another key.
    """
    if not expected_id:
        return
    provider = settings.credential_provider
    # The id of the key, or for temporary keys, such as those of a role, what they come from.
    own_id = provider.identity
    if own_id == expected_id:
        return
    raise ConfigError(
        f"The inventory file of the host names access key {expected_id}. The task would use access key {own_id} "
        f"({provider.name}), which may belong to another account. Nothing was sent.",
        Hint(
            "Set jst_access_key_id and jst_access_key_secret of the host to the key of the inventory file. If both "
            "keys belong to one account, set {variable} to {own_id}.",
            "请把该主机的 jst_access_key_id 和 jst_access_key_secret 设为 inventory 文件中的密钥。"
            "如果两个密钥属于同一个账号，请把 {variable} 设为 {own_id}。",
            variable=HOST_VARIABLE,
            own_id=own_id,
        ),
    )
