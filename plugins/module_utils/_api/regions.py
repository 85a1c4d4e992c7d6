# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Region ids from the endpoint map of the vendor's SDK, version 2.0.24.

All regions share one host. A region is a property of an environment or cluster and never selects an endpoint. The
reference has no list (1.2.1, 6.4.7), and Alibaba Cloud adds regions, so a region outside the map may exist.
"""

from __future__ import annotations

import re

from .hints import did_you_mean

_SYNTAX = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", re.ASCII)

RULE = "letters, digits and hyphens, such as cn-hangzhou"
"""The syntax of a region id, completing "has to be ..."."""

_IDS = """
ap-northeast-1 ap-northeast-2-pop ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5
cn-beijing cn-beijing-finance-1 cn-beijing-finance-pop cn-beijing-gov-1 cn-beijing-nu16-b01 cn-chengdu
cn-edge-1 cn-fujian cn-haidian-cm12-c01 cn-hangzhou cn-hangzhou-bj-b01 cn-hangzhou-finance
cn-hangzhou-internal-prod-1 cn-hangzhou-internal-test-1 cn-hangzhou-internal-test-2
cn-hangzhou-internal-test-3 cn-hangzhou-test-306 cn-hongkong cn-hongkong-finance-pop cn-huhehaote
cn-north-2-gov-1 cn-qingdao cn-qingdao-nebula cn-shanghai cn-shanghai-et15-b01 cn-shanghai-et2-b01
cn-shanghai-finance-1 cn-shanghai-inner cn-shanghai-internal-test-1 cn-shenzhen cn-shenzhen-finance-1
cn-shenzhen-inner cn-shenzhen-st4-d01 cn-shenzhen-su18-b01 cn-wuhan cn-yushanfang cn-zhangbei-na61-b01
cn-zhangjiakou cn-zhangjiakou-na62-a01 cn-zhengzhou-nebula-1
eu-central-1 eu-west-1 eu-west-1-oxs
me-east-1
rus-west-1-pop
us-east-1 us-west-1
"""

REGIONS = frozenset(_IDS.split())


def is_region_id(text: str) -> bool:
    """Return whether a text has the syntax of a region id, known or not."""
    return bool(_SYNTAX.fullmatch(text))


def unknown_region_warning(region: str) -> str | None:
    """Return a warning for an unknown region with similar ones, None for a known region."""
    if region in REGIONS:
        return None
    return f"Region {region!r} is not among the regions that this collection knows. {did_you_mean(region, REGIONS)}"
