# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task that the benchmark measures, written with the vendor's SDK: an app by its id."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sdk_app
short_description: Reads an app with the SDK of the vendor
options:
  app_id:
    description: The id of the app.
    type: int
    required: true
"""

import os

from alibabacloud_retailcloud20180313.client import Client
from alibabacloud_retailcloud20180313.models import DescribeAppDetailRequest
from alibabacloud_tea_openapi.models import Config
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec={"app_id": {"type": "int", "required": True}}, supports_check_mode=True)
    protocol, _dummy, host = os.environ["ALIBABA_CLOUD_ENDPOINT"].partition("://")
    config = Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=host,
        protocol=protocol.upper(),
    )
    answer = Client(config).describe_app_detail(DescribeAppDetailRequest(app_id=module.params["app_id"]))
    module.exit_json(changed=False, app=answer.body.result.to_map())


if __name__ == "__main__":
    main()
