# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: doctor
short_description: Examine an account and the way to it
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Examines the controller, the credentials, the connection, and each operation of the service that reads.
  - Gives an operation up that keeps failing, after a shorter time than a run does.
  - Calls no operation that changes anything. Ids come from lists that were read before.
  - Compares each response with the reference of the API, and names every difference.
  - Playbook C(jst.retailcloud.doctor) calls it and prints the result.
extends_documentation_fragment:
  - jst.retailcloud.access
options:
  forks:
    description: The number of forks, which is compared with the limit of open files.
    type: int
    default: 5
  database_instances:
    description: Ids of RDS instances to read. The service has no list of them.
    type: list
    elements: str
    default: []
  described_by:
    description:
      - Hosts whose descriptions name more RDS instances to read, in C(application_databases), C(application_accounts),
        C(database_databases) and C(database_accounts).
      - Only hosts with the C(jst_endpoint), C(jst_profile) and C(jst_access_key_id) of the current host count.
      - A recording without such an instance is no failure. The result names the instance.
    type: list
    elements: str
    default: []
  slow_seconds:
    description: The time of a call in seconds from which it is a finding.
    type: float
    default: 2.0
  report:
    description:
      - The folder to write a report to, for a bug report. It is created when it is missing.
      - Its files hold the responses with every value replaced, except names of members, types, documented values of
        enumerations, and known codes of errors.
      - Nothing is written without it.
    type: path
  record:
    description:
      - The file to record the account to, as a world file of the emulator.
      - The content of Secrets is replaced by placeholders. Passwords are not in it.
      - Nothing is recorded without it.
    type: path
  pseudonyms:
    description:
      - Whether names, texts, addresses, images and ids of users in the recorded file are replaced by pseudonyms.
      - The same text has the same pseudonym wherever it occurs, such as C(app-0001) for the title of an app.
      - Numeric ids of the service stay.
    type: bool
    default: false
  result:
    description: The file to write the result to, as JSON. Nothing is written without it.
    type: path
  check_files:
    description:
      - Whether only O(record), O(report) and O(result) are checked.
      - The result is the error in words then, or an empty text. Nothing is read or written.
    type: bool
    default: false
  check_mode:
    description: Whether no file is written. The lines of the result say what would be written.
    type: bool
    default: false
notes:
  - A file or a folder that exists is replaced only when an earlier examination wrote it. Anything else is an error
    before the account is read.
  - A file that cannot be written is no error. The member C(not_written) of the result names it.
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
    - One dictionary. The guide on examining an account describes its members.
    - With O(check_files), one text.
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
