# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an option holds, a module ends well or says what is wrong, and writes nothing that it has not checked.

What ansible-core decides before a module sees an option differs between its versions: whether 1.5 is a whole number,
what text a list or a number becomes, which words are true, how a path is expanded, what becomes of half a surrogate
pair in a message, and what its messages say. So these tests never assert that a value is refused, or by whom. One value
is left out: a whole number such as 1e999999999, which ansible-core itself computes to its last digit.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.argument_specs import each_option, spec
from tests.fuzz.harness import Harness
from tests.fuzz.populated_account import FULL, base_options
from tests.fuzz.strategies import for_option


@pytest.mark.parametrize(("module", "option"), each_option())
@given(data=st.data())
def test_every_option_takes_or_refuses_any_value(
    module: str, option: str, data: st.DataObject, populated: Harness
) -> None:
    base = base_options(module)
    value = data.draw(for_option(spec(module)[option], base.get(option)), label=option)
    populated.restore(FULL)
    populated.run(module, {**base, option: value}, check=data.draw(st.booleans(), label="check")).judge()
