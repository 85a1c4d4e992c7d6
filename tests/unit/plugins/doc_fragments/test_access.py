# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the access options names every environment variable, in the order in which they count."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.doc_fragments.access import ModuleDocFragment
from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import ENV_VARS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS

OPTIONS = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]


@pytest.mark.parametrize("option", ACCESS_OPTIONS)
def test_environment_variables_are_documented(option: str) -> None:
    """What the wire looks up is what a reader finds."""
    named = re.findall(r"E\((\w+)\)", " ".join(OPTIONS[option]["description"]))
    assert tuple(named) == ENV_VARS[option]
