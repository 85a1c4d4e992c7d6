# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: doctor
short_description: Examine an account and the connection to it
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Examines the controller, the credentials, the connection, and each read operation of the service.
  - Stops calling a failing operation earlier than a normal run does.
  - Calls no operation that changes anything. The ids of RDS instances come from options. All other ids in its calls
    come from lists that the plugin reads earlier in the same run.
  - Compares each response with the API reference and reports every difference.
  - Playbook C(jst.retailcloud.doctor) calls it and prints the result.
extends_documentation_fragment:
  - jst.retailcloud.access
options:
  forks:
    description: The number of forks. The plugin compares it with the limit of open files.
    type: int
    default: 5
  inventory_access_key_id:
    description:
      - The id of the access key that the inventory file of the host names, as C(jst_inventory_access_key_id).
      - The plugin calls no operation with another access key, and reports the difference.
    type: str
  database_instances:
    description: Ids of RDS instances to read. The service has no operation that lists them.
    type: list
    elements: str
    default: []
  described_by:
    description:
      - Hosts whose descriptions name more RDS instances to read, in C(application_databases), C(application_accounts),
        C(database_databases) and C(database_accounts).
      - Only hosts with the C(jst_endpoint), C(jst_profile), C(jst_config_file), C(jst_access_key_id) and
        C(jst_inventory_access_key_id) of the current host count.
      - When such an instance cannot be recorded, the plugin does not fail. The result names the instance.
    type: list
    elements: str
    default: []
  slow_seconds:
    description: The duration of a call, in seconds, from which the call is reported as a finding.
    type: float
    default: 2.0
  report:
    description:
      - The folder for a report to attach to a bug report. The plugin creates it when it does not exist.
      - The report contains the responses, with every value replaced by its type, such as C(<text>). Names of members,
        documented enumeration values and known error codes stay.
      - When omitted, no report is written.
    type: path
  record:
    description:
      - The file to which the account is recorded, as a world file of the emulator.
      - Placeholders replace the content of Secrets. The file contains no passwords.
      - When omitted, nothing is recorded.
    type: path
  pseudonyms:
    description:
      - Whether names, free text, addresses, images and ids of users in the recorded file are replaced by pseudonyms.
      - A value has the same pseudonym wherever it occurs, such as C(app-0001) for the title of an app.
      - Numeric ids of the service stay.
    type: bool
    default: false
  result:
    description: The file for the result as JSON. When omitted, no file is written.
    type: path
  check_files:
    description:
      - Whether to check only O(record), O(report) and O(result).
      - The result is then the error message, or an empty string. The plugin reads and writes nothing.
    type: bool
    default: false
  check_mode:
    description: Whether to write no files. The lines of the result name the files that would be written.
    type: bool
    default: false
notes:
  - The plugin replaces an existing file or folder only when an earlier examination wrote it. For any other file or
    folder, it fails before it reads the account.
  - The plugin does not fail when it cannot write a file. The member C(not_written) of the result names the file.
"""

EXAMPLES = r"""
- name: Examine the account of the environment variables
  ansible.builtin.debug:
    msg: "{{ lookup('jst.retailcloud.doctor').lines }}"

- name: Examine an account, and write a report
  ansible.builtin.set_fact:
    examined: "{{ lookup('jst.retailcloud.doctor', profile='production', report='doctor-report') }}"
"""

RETURN = r"""
_raw:
  description:
    - One dictionary. The guide on examining an account documents its members.
    - With O(check_files), one string.
  type: list
  elements: raw
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError, join_sentences
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable
from ansible_collections.jst.retailcloud.plugins.plugin_utils.described_instances import (
    DescribedInstances,
    described_instances,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.doctor import Request, examine_account
from ansible_collections.jst.retailcloud.plugins.plugin_utils.doctor_files import check_files
from ansible_collections.jst.retailcloud.plugins.plugin_utils.unsafe import mark_unsafe

display = Display()


def _notify(line: str) -> None:
    """Show a line of progress on standard error: standard output belongs to the callback, which may write JSON."""
    display.display(printable(f"[doctor] {line}"), stderr=True)


class LookupModule(LookupBase):
    """The lookup of this file."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Return the result of the examination.

        :raises AnsibleError: for terms, and for a file that must not be replaced or cannot be read.
        """
        if terms:
            raise AnsibleError("Lookup doctor has options, and no terms.")
        given = {name: value for name, value in kwargs.items() if value not in (None, "")}
        self.set_options(var_options=variables, direct=given)
        if self.get_option("check_files"):
            return [mark_unsafe(self._file_error())]
        hosts = self.get_option("described_by")
        described = DescribedInstances([], [])
        if variables and hosts:
            described = described_instances(variables["hostvars"], hosts, variables["inventory_hostname"])
        access = {name: self.get_option(name) for name in ACCESS_OPTIONS}
        try:
            result = examine_account(
                Request(
                    access,
                    self.get_option("forks"),
                    [str(name) for name in self.get_option("database_instances")],
                    self.get_option("slow_seconds"),
                    self.get_option("report"),
                    self.get_option("record"),
                    self.get_option("pseudonyms"),
                    self.get_option("result"),
                    self.get_option("check_mode"),
                    _notify,
                    described,
                    self.get_option("inventory_access_key_id"),
                )
            )
        except (ConfigError, OSError) as error:
            raise AnsibleError(_words(error)) from None
        return [mark_unsafe(result)]

    def _file_error(self) -> str:
        """Return why a file cannot or must not be written, empty when it can."""
        try:
            check_files(*(self.get_option(name) for name in ("record", "report", "result")))
        except (ConfigError, OSError) as error:
            return _words(error)
        return ""


def _words(error: ConfigError | OSError) -> str:
    if isinstance(error, ConfigError):
        return join_sentences(error.message, error.hint)
    return f"Cannot read {error.filename or 'a file'}: {error.strerror}."
