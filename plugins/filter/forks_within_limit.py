# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: forks_within_limit
short_description: Reject more forks than the limit of open files allows
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns its input when the process can open enough files for the workers of a play. Fails otherwise.
  - Ansible does not notice a worker that could not start, and skips the host or waits forever for the result.
  - The playbooks of this collection use it in C(serial), which Ansible evaluates before it starts a worker.
  - Also fails when the input is not a valid batch size. Without the filter, Ansible shows only a traceback.
positional: _input
options:
  _input:
    description: The value to return as C(serial), which is a number of hosts, a percentage, or a list of both.
    type: raw
    required: true
  forks:
    description: The number of forks, as in C(ansible_forks).
    type: int
    required: true
  hosts:
    description: The number of hosts of the play. Ansible starts no more workers than there are hosts.
    type: int
    required: true
  max_batch:
    description:
      - The largest number of hosts in a batch. Larger batches are reduced to this size.
      - When omitted, batches have any size.
    type: int
"""

EXAMPLES = r"""
- name: Bring a fleet of apps up
  hosts: jst_apps
  serial: "{{ ansible_forks | jst.retailcloud.forks_within_limit(ansible_forks, groups.jst_apps | length) }}"

- name: Bring a fleet of apps up, the first one alone, and then in batches of at most as many apps as there are forks
  hosts: jst_apps
  serial: >-
    {{ [1, '100%']
       | jst.retailcloud.forks_within_limit(ansible_forks, ansible_play_hosts_all | length, max_batch=ansible_forks) }}
"""

RETURN = r"""
_value:
  description: The input. Sizes above O(max_batch) are replaced by O(max_batch).
  type: raw
"""

import re
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.jst.retailcloud.plugins.module_utils._core.wording import count_words
from ansible_collections.jst.retailcloud.plugins.plugin_utils.open_files import (
    FILES_BESIDES,
    FILES_PER_WORKER,
    files_needed,
    open_files_limit,
)

BATCH_SIZE = re.compile("0*[1-9][0-9]*%?")


def is_batch_size(value: Any) -> bool:
    """Return whether a value is one that ``serial`` of a play takes."""
    return not isinstance(value, bool) and isinstance(value, (int, str)) and bool(BATCH_SIZE.fullmatch(str(value)))


def limit_batch(size: Any, hosts: int, max_batch: int) -> Any:
    """Return a size of a batch, or ``max_batch`` when the size is larger. Ansible rounds percentages down."""
    text = str(size)
    count = int(text[:-1]) * hosts // 100 if text.endswith("%") else int(text)
    return size if count <= max_batch else max_batch


def forks_within_limit(value: Any, forks: Any, hosts: Any, max_batch: Any = None) -> Any:
    """Return the value with limited batches, unless workers need more open files than the process may have.

    :raises AnsibleFilterError: when they do, with both numbers, and when the value cannot be ``serial``.
    """
    wrong = [size for size in (value if isinstance(value, list) else [value]) if not is_batch_size(size)]
    if wrong or value == []:
        raise AnsibleFilterError(
            f"{(wrong or [value])[0]!r} is not a batch size: give a number of at least 1, a percentage, or a list."
        )
    if max_batch is not None:
        sizes = [
            limit_batch(size, int(hosts), int(max_batch)) for size in (value if isinstance(value, list) else [value])
        ]
        value = sizes if isinstance(value, list) else sizes[0]
    workers = min(int(forks), int(hosts))
    limit, needed = open_files_limit(), files_needed(workers)
    if limit is None or needed <= limit:
        return value
    most = max((limit - FILES_BESIDES) // FILES_PER_WORKER, 1)
    raise AnsibleFilterError(
        f"{workers} forks need about {needed} open files, and the limit of open files is {limit}. "
        f"Use at most {count_words(most, 'fork')}, or raise the limit with: ulimit -n {needed}"
    )


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"forks_within_limit": forks_within_limit}
