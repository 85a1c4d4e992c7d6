#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The documentation of the action of this name, which runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: adopt_account
short_description: Write an inventory that describes an account
version_added: 1.0.0
description:
  - Reads an account, or some of its apps, and writes an inventory that describes them. Roles
    P(jst.retailcloud.application#role) and P(jst.retailcloud.cluster#role) use the inventory. Playbook
    C(jst.retailcloud.adopt) runs the module.
  - The inventory has a host for each app and each cluster, their descriptions, and a file for each Kubernetes document
    with its stored text. Strings that Ansible would evaluate as templates have the tag C(!unsafe).
  - After writing, the module compares the inventory with the account, as M(jst.retailcloud.jst_application) does in
    check mode. The task fails when an app differs, or when none of the apps could be described. A failed task also
    writes everything and returns all values.
  - Only one run at a time can write to a directory. A second run fails before it reads anything. A run in check mode
    writes nothing and can run at any time.
  - The module does not overwrite a file that a user has changed, unless O(overwrite) is true. A repeated run over an
    unchanged account writes nothing. Files of apps that no longer exist stay, and RV(vanished) names their hosts. After
    a user has deleted these files, the module forgets the app.
  - The module writes nothing to the service. It writes no password and no content of a Secret to a file. Other
    documents are written as the service stores them, whatever they contain.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
attributes:
  action_group:
    support: none
    membership: []
  action:
    description: Runs on the controller, whatever the connection of the host.
    support: full
options:
  directory:
    description:
      - The directory of the inventory. The module creates the directory when it does not exist.
      - The directory cannot be inside the collection.
    type: path
    required: true
  apps:
    description:
      - Titles or ids of the apps to read. When omitted, all apps are read. A title selects each app that has it.
      - Hosts and descriptions of earlier runs stay in the inventory.
    type: list
    elements: str
    default: []
  exclude:
    description:
      - Titles or ids of apps to leave out. When omitted, those of the last run. The inventory has no hosts for these
        apps, and drift reports leave them out.
    type: list
    elements: str
  rds_instances:
    description:
      - Ids of the RDS instances whose databases and accounts to read. When omitted, those of the last run.
      - The service has no operation that lists RDS instances.
    type: list
    elements: str
  databases:
    description:
      - The databases and accounts of each app. Each key is the title or the id of an app. Each value is a list of
        strings in the format V(instance/name), such as V(rm-1/orders). The module also reads these instances.
      - An account also belongs to an app when all databases on which it has privileges belong to the app. A database
        belongs to an app when all accounts with privileges on it belong to the app. All others are listed in
        C(unassigned.yml).
      - Entries of earlier runs stay valid.
    type: dict
  overwrite:
    description: Whether to replace files that a user has changed.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_application
"""

EXAMPLES = r"""
- name: Describe the whole account
  jst.retailcloud.adopt_account:
    directory: inventory

- name: Describe two apps with their databases
  jst.retailcloud.adopt_account:
    directory: inventory
    apps: [orders, stock]
    databases:
      orders: [rm-1/orders]
      stock: [rm-1/stock, rm-1/stock_history]
"""

RETURN = r"""
directory:
  description: The directory of the inventory.
  returned: success
  type: str
written:
  description: The files that were written, or would be written in check mode, relative to RV(directory).
  returned: success
  type: list
  elements: str
unchanged:
  description: The number of files that are up to date.
  returned: success
  type: int
kept:
  description: The files that differ and were kept because a user has changed them.
  returned: success
  type: list
  elements: str
replaced:
  description: The user-changed files that O(overwrite) has replaced.
  returned: success
  type: list
  elements: str
encrypted:
  description: The files that differ and contain values encrypted with ansible-vault. O(overwrite) does not replace
    them, since nothing could restore the values.
  returned: success
  type: list
  elements: str
locked:
  description: The files that were not compared and were kept, since none of the given vault passwords decrypts them.
  returned: success
  type: list
  elements: str
vanished:
  description: The hosts whose apps no longer exist. Their files stay.
  returned: success
  type: list
  elements: str
remarks:
  description: Sentences about options or changes that have no effect, such as an app in O(databases) that no longer
    exists.
  returned: success
  type: list
  elements: str
unused:
  description: Files of earlier runs that the descriptions no longer use. The files stay.
  returned: success
  type: list
  elements: str
unreadable:
  description: The options whose values the service does not show.
  returned: success
  type: list
  elements: dict
  contains:
    what:
      description: The options.
      returned: always
      type: str
    why:
      description: The reason.
      returned: always
      type: str
    todo:
      description: The action that the user has to take for these options.
      returned: always
      type: str
    of:
      description: The hosts to which the entry applies.
      returned: when it does not concern all
      type: list
      elements: str
not_described:
  description: A dictionary from the name of a host to a list of resources and options that exist and are missing in the
    description of the host. Each entry has C(what), C(why) and C(todo).
  returned: success
  type: dict
not_read:
  description: The resources that could not be read, each with C(what) and C(why). The task fails at its end when the
    list is not empty.
  returned: success
  type: list
  elements: dict
documents_with_passwords:
  description: A dictionary from the path of a document to a list of keys. The list contains each key whose name
    suggests a password, such as C(DB_PASSWORD), and whose value is not empty. Other documents may also contain
    passwords.
  returned: success
  type: dict
compared:
  description: The comparison of the inventory with the account.
  returned: success
  type: dict
  contains:
    apps:
      description: The number of apps that were compared. Zero in check mode when there is something to write.
      returned: always
      type: int
    differences:
      description: The apps that differ from their descriptions, each with C(host) and C(what), a list of sentences. The
        task fails at its end when the list is not empty.
      returned: always
      type: list
      elements: dict
    not_compared:
      description: The apps with encrypted variables that no given password decrypts, each with C(host) and C(what).
        C(what) names the vault ID whose password is required. These apps do not fail the task. Readable variables are
        compared when C(application_app_id) is among them. Their differences are in RV(compared.differences).
      returned: always
      type: list
      elements: dict
report:
  description: The complete result as lines for people.
  returned: success
  type: list
  elements: str
  sample:
    - '/home/me/inventory: 60 apps, 2 clusters, 187 files written, 0 unchanged'
    - 60 apps, 0 differences
error:
  description: The error, when the task failed before anything was written.
  returned: failure
  type: dict
"""
