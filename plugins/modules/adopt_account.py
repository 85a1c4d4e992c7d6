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
  - Reads an account, or some of its apps, and writes the inventory that describes it for the roles
    P(jst.retailcloud.application#role) and P(jst.retailcloud.cluster#role). Playbook C(jst.retailcloud.adopt) runs it.
  - The inventory has a host for each app and each cluster, their descriptions, and a file for each Kubernetes document,
    with the text as it is stored. Texts that Ansible would evaluate as templates are C(!unsafe).
  - Compares the written inventory with the account at the end, as M(jst.retailcloud.jst_application) does in check
    mode. The task fails when an app differs, or when it could describe none of the apps, after everything is written,
    and returns all that it returns otherwise.
  - One run at a time writes to a directory. Another one fails before it reads anything. Check mode only reads.
  - Never overwrites a file that somebody has changed, unless O(overwrite) is true. A repeated run over an unchanged
    account writes nothing. Files of apps that no longer exist stay, and are named in RV(vanished). When somebody has
    deleted them, the app is forgotten.
  - Nothing is written to the service. No password and no content of a Secret is written to a file. Other documents are
    written as they are stored, whatever they hold.
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
    description: Runs on the controller, whatever the connection of the host is.
    support: full
options:
  directory:
    description:
      - The directory of the inventory. It is created where it does not exist.
      - It cannot be inside the collection.
    type: path
    required: true
  apps:
    description:
      - Titles or ids of the apps to read, all unless set. A title stands for each app that has it.
      - Hosts and descriptions of earlier runs stay in the inventory.
    type: list
    elements: str
    default: []
  exclude:
    description:
      - Titles or ids of apps that are not to be described, those of the last run unless set. They are no hosts of the
        inventory, and drift reports leave them out.
    type: list
    elements: str
  rds_instances:
    description:
      - Ids of the RDS instances whose databases and accounts to read, those of the last run unless set.
      - No operation lists the instances.
    type: list
    elements: str
  databases:
    description:
      - Which app a database or an account belongs to, by the title or the id of the app. Each entry is a list of texts
        of the form V(instance/name), such as V(rm-1/orders). The instances are read, too.
      - An account also belongs to an app when all databases on which it has privileges do. A database belongs to an app
        when all accounts with privileges on it do. The rest is listed in C(unassigned.yml).
      - Entries of earlier runs stay valid.
    type: dict
  overwrite:
    description: Whether to replace files that somebody has changed.
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
  description: The files that were written, or would be in check mode, relative to RV(directory).
  returned: success
  type: list
  elements: str
unchanged:
  description: How many files are as they should be.
  returned: success
  type: int
kept:
  description: The files that differ and were kept, because somebody has changed them.
  returned: success
  type: list
  elements: str
replaced:
  description: The files that somebody had changed and that O(overwrite) has replaced.
  returned: success
  type: list
  elements: str
encrypted:
  description: The files that differ and hold what is encrypted with ansible-vault. They were kept, also with
    O(overwrite), since nothing could restore them.
  returned: success
  type: list
  elements: str
locked:
  description: The files that were not compared and were kept, since no given vault password decrypts them.
  returned: success
  type: list
  elements: str
vanished:
  description: The hosts whose apps no longer exist. Their files stay.
  returned: success
  type: list
  elements: str
remarks:
  description: Sentences about what was given or changed and is of no use, such as an app in O(databases) that no longer
    exists.
  returned: success
  type: list
  elements: str
unused:
  description: Files of earlier runs that the descriptions no longer use. They stay.
  returned: success
  type: list
  elements: str
unreadable:
  description: What the service does not show.
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
      description: What to do about it.
      returned: always
      type: str
    of:
      description: The hosts that it concerns.
      returned: when it does not concern all
      type: list
      elements: str
not_described:
  description: Host -> what exists and its description does not hold, each with C(what), C(why) and C(todo).
  returned: success
  type: dict
not_read:
  description: What could not be read, each with C(what) and C(why). The task fails at its end when there is any.
  returned: success
  type: list
  elements: dict
documents_with_passwords:
  description: Document -> its keys that are named like a password and have a value. Other documents may hold one, too.
  returned: success
  type: dict
compared:
  description: The comparison of the inventory with the account.
  returned: success
  type: dict
  contains:
    apps:
      description: How many apps were compared. None in check mode, when there is something to write.
      returned: always
      type: int
    differences:
      description: The apps that differ from their descriptions, each with C(host) and C(what), a list of sentences.
        The task fails at its end when there is any.
      returned: always
      type: list
      elements: dict
    not_compared:
      description: The apps of which some variables are encrypted and no given password decrypts them, each with
        C(host) and C(what). It names the vault password to give. They do not fail the task. Variables that can be read
        are compared where C(application_app_id) is among them, and what differs is in RV(compared.differences), too.
      returned: always
      type: list
      elements: dict
report:
  description: All of it in lines for people.
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
