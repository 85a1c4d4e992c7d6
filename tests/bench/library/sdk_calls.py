# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task as it is written with the vendor's SDK: it makes the calls for a part of an app, one after the other."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sdk_calls
short_description: Makes calls with the SDK of the vendor
options:
  calls:
    description: The calls, each with O(calls[].action) and O(calls[].params).
    type: list
    elements: dict
    required: true
"""

import os

from alibabacloud_retailcloud20180313 import models
from alibabacloud_retailcloud20180313.client import Client
from alibabacloud_tea_openapi.models import Config
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Run the module."""
    spec = {"calls": {"type": "list", "elements": "dict", "required": True}}
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    protocol, _dummy, host = os.environ["ALIBABA_CLOUD_ENDPOINT"].partition("://")
    config = Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=host,
        protocol=protocol.upper(),
    )
    client = Client(config)
    # The SDK makes the name of a method from that of the operation: list_slb_aps of ListSlbAPs.
    methods = {name.replace("_", ""): name for name in dir(client)}
    answers = []
    for call in module.params["calls"]:
        request = getattr(models, f"{call['action']}Request")().from_map(call["params"])
        answer = getattr(client, methods[call["action"].lower()])(request)
        answers.append(answer.body.to_map())
    module.exit_json(changed=False, answers=answers)


if __name__ == "__main__":
    main()
