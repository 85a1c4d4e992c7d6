# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent arrives as it was given, in both signatures, wherever it travels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from jst_emulator.api_spec import OPERATIONS
from tests.fuzz.harness import Harness
from tests.fuzz.populated_account import FULL

KEYS = {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret"}
# All of Unicode but halves of surrogate pairs, which UTF-8 does not have.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)

# A title holds no control characters.
TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60)


@pytest.mark.parametrize("signature", ["acs3", "1.0"])
@given(data=st.data())
def test_texts_arrive_as_they_were_given(signature: str, data: st.DataObject, populated: Harness) -> None:
    populated.restore(FULL)
    settings = resolve_settings(
        {**KEYS, "endpoint": populated.address, "signature_version": signature, "retry_timeout": 0}, {}
    )
    given = {}
    with Client(settings) as client:
        for operation in OPERATIONS.values():
            names = [
                name
                for name, parameter in operation.parameters.items()
                if not (parameter.item or parameter.members or parameter.secret or parameter.encoding)
                and parameter.type == "String"
            ]
            given = {name: data.draw(TEXTS) for name in names[:4]}
            populated.emulator.call_log.clear()
            try:
                client.call(operation.name, given)
            except ApiError as error:
                assert error.code != "SignatureDoesNotMatch"
            [call] = populated.emulator.call_log.since()
            assert {name: str(call["params"].get(name)) for name in given} == given


@given(title=TITLES, description=TEXTS, signature=st.sampled_from(["acs3", "1.0"]))
def test_texts_of_a_module_come_back_from_the_platform(
    title: str, description: str, signature: str, populated: Harness
) -> None:
    populated.restore(FULL)
    options = {
        "title": f"a {title}",
        "biz_code": "JST",
        "language": "Java",
        "operating_system": "Linux",
        "service_type": "StoreApplication",
        "user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
        "description": description,
        "signature_version": signature,
    }
    run = populated.run("jst_app", options)
    run.judge()
    [create] = run.writes
    assert (create["params"]["Title"], create["params"]["Description"]) == (options["title"], description)
    assert (run.result["app"]["title"], run.result["app"]["description"]) == (options["title"], description)
    again = populated.run("jst_app", options)
    assert (again.result["changed"], again.writes) == (False, [])
