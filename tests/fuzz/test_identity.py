# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is looked for, changed or deleted that was not named.

Every identifying option of every module is given as null, empty and blank, and every key in halves: each is an error
before the first call. In the account of these tests something of every kind exists that such a task would fit.
"""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from tests.fuzz.argument_specs import own_options
from tests.fuzz.harness import Harness
from tests.fuzz.populated_account import FULL, base_options
from tests.fuzz.unidentified_tasks import DECLARED, declaration, nameless, undescribed


@pytest.mark.parametrize("module", DECLARED)
def test_what_names_nothing_is_an_error_before_the_first_call(module: str, populated: Harness) -> None:
    populated.restore(FULL)
    tasks = nameless(module)
    assert tasks or isinstance(declaration(module), Info), module
    for ctx in tasks:
        run = populated.run(module, ctx.options)
        assert run.failed, f"{ctx.title}: {run.result}"
        assert run.calls == [], f"{ctx.title}: {run.calls}"
        assert any(name in run.result["msg"] for name in ctx.blamed), f"{ctx.title}: {run.result['msg']}"


@pytest.mark.parametrize("module", [module for module in DECLARED if module.endswith("_info")])
def test_null_filters_nothing(module: str, populated: Harness) -> None:
    """The convention of Ansible for modules that read: an option that is null is one that was not given.

    Ansible itself refuses null where an option has choices.
    """
    info = declaration(module)
    assert isinstance(info, Info)
    spec, base = own_options(module), base_options(module)
    filters = {item.option_name or item.name for item in (*info.fields(), *info.request_filters)}
    free = {name for name in filters if not (spec[name].get("choices") or spec[name].get("required"))}
    # Options of which one is needed, or that exclude each other, count as given when they are null.
    excluded = {name for groups in info.constraints.values() for group in groups for name in group}
    kept = {name: value for name, value in base.items() if name not in free or name in excluded}
    nulls = dict.fromkeys(free - excluded)
    populated.restore(FULL)
    with_null, without = (populated.run(module, {**kept, **more}) for more in (nulls, {}))
    compared = ("failed", "msg", info.resource.plural)
    assert [with_null.result.get(name) for name in compared] == [without.result.get(name) for name in compared]


def test_everything_that_an_application_describes_is_tried() -> None:
    assert undescribed("jst_application") == set()


@pytest.mark.parametrize(
    ("module", "action", "filters"),
    [
        # The load balancer, or the access point (reference 3.1.5).
        ("jst_slb_ap", "ListSlbAPs", {"SlbId"}),
        ("jst_slb_ap_info", "ListSlbAPs", {"SlbId"}),
        # Words, while the records hold numbers that are not explained (reference 6.4.1).
        ("jst_cluster", "ListCluster", {"EnvType"}),
    ],
)
def test_no_filter_that_can_be_misread_decides_what_exists(
    module: str, action: str, filters: set[str], populated: Harness
) -> None:
    """A filter taken for another one would hide what exists, and a second one would be made."""
    populated.restore(FULL)
    run = populated.run(
        module, {**base_options(module), **({"slb_id": "lb-emu-internet-1"} if "slb" in module else {})}
    )
    assert not run.failed, run.result
    lists = [call["params"] for call in run.calls if call["action"] == action]
    assert lists
    # The first list holds everything; what comes after it only tells more of what was found.
    assert not filters & set(lists[0])
    assert not run.writes
