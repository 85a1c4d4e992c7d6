# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options by which every module reaches the service, and where their values come from otherwise."""

    DOCUMENTATION = r"""
options:
  access_key_id:
    description:
      - The id of the access key.
      - An option takes precedence over an environment variable, and an environment variable over the profile file.
      - Of the environment variables E(ALIBABA_CLOUD_ACCESS_KEY_ID), E(ALIBABACLOUD_ACCESS_KEY_ID),
        E(ALICLOUD_ACCESS_KEY_ID) and E(ALICLOUD_ACCESS_KEY), the first that is set applies.
    type: str
    aliases: [alicloud_access_key, access_key]
  access_key_secret:
    description:
      - The secret of the access key.
      - Of the environment variables E(ALIBABA_CLOUD_ACCESS_KEY_SECRET), E(ALIBABACLOUD_ACCESS_KEY_SECRET),
        E(ALICLOUD_ACCESS_KEY_SECRET), E(ALICLOUD_SECRET_KEY) and E(ALICLOUD_SECRET_ACCESS_KEY), the first that is set
        applies.
    type: str
    aliases: [alicloud_secret_key, secret_access_key, secret_key]
  security_token:
    description:
      - The token that goes with a temporary access key.
      - Of the environment variables E(ALIBABA_CLOUD_SECURITY_TOKEN), E(ALIBABACLOUD_SECURITY_TOKEN) and
        E(ALICLOUD_SECURITY_TOKEN), the first that is set applies.
    type: str
    aliases: [alicloud_security_token]
  region:
    description:
      - The Alibaba Cloud region in which resources are created. The format of the region is checked, and only when a
        call uses the region.
      - Of the environment variables E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID), E(ALICLOUD_REGION_ID),
        E(ALIBABA_CLOUD_REGION) and E(ALICLOUD_REGION), the first that is set applies.
    type: str
    aliases: [alicloud_region, region_id]
  endpoint:
    description:
      - The address of the service. The default is V(https://retailcloud.aliyuncs.com).
      - The environment variable is E(ALIBABA_CLOUD_ENDPOINT).
    type: str
  profile:
    description:
      - The profile of O(config_file) to use.
      - The option takes precedence over keys in the environment.
      - Of the environment variables E(ALIBABA_CLOUD_PROFILE), E(ALIBABACLOUD_PROFILE) and E(ALICLOUD_PROFILE), the
        first that is set applies.
    type: str
  config_file:
    description:
      - The profile file that the C(aliyun) command line tool writes, or an INI file of credentials.
      - The default is V(~/.aliyun/config.json).
      - Of the environment variables E(ALIBABA_CLOUD_CREDENTIALS_FILE), E(ALIBABA_CLOUD_CONFIG_FILE) and
        E(ALICLOUD_SHARED_CREDENTIALS_FILE), the first that is set applies.
    type: path
    aliases: [shared_credentials_file]
  validate_certs:
    description:
      - Whether to check the certificate of the service. The default is V(true).
      - The environment variable is E(JST_VALIDATE_CERTS).
    type: bool
  ca_path:
    description:
      - A file or folder of certificates to check the service's certificate against.
      - Of the environment variables E(JST_CA_PATH) and E(ALIBABA_CLOUD_CA_BUNDLE), the first that is set applies.
    type: path
  connect_timeout:
    description:
      - How many seconds a connection may take to open. The default is V(5).
      - The environment variable is E(JST_CONNECT_TIMEOUT).
    type: float
  read_timeout:
    description:
      - How many seconds may pass without a byte of the response. The default is V(10).
      - A complete response may take six times as long.
      - The environment variable is E(JST_READ_TIMEOUT).
    type: float
  retry_timeout:
    description:
      - The maximum number of seconds, in total, of retries after throttling and temporary errors. The default is V(60).
      - A write is retried only when the service cannot have executed it.
      - The environment variable is E(JST_RETRY_TIMEOUT).
    type: float
  signature_version:
    description:
      - The version of the request signature. The default is V(acs3).
      - The environment variable is E(JST_SIGNATURE_VERSION).
    type: str
    choices: [acs3, "1.0"]
notes:
  - RAM roles, OIDC tokens, metadata of ECS instances and other credential sources are read through the profile file and
    the vendor's environment variables. These sources need the Python library C(alibabacloud_credentials).
  - A failed task returns C(error) with the members C(code), C(message), C(hint), C(action), C(http_status) and
    C(request_id). C(code) stays stable when the wording of messages changes. C(action), C(http_status) and
    C(request_id) are null when no call failed. Some codes add members, such as C(differences), C(candidates) and
    C(missing). The troubleshooting guide lists all codes.
  - C(hint) and the hint in C(msg) are Chinese when the environment variable E(JST_LANG) is V(zh_CN). Without
    E(JST_LANG), they are Chinese when the locale is Chinese. All other texts are English.
requirements:
  - requests
"""
