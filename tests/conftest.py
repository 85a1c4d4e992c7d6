# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test has: Ansible in the checkout's own environment, and no way to a real account."""

from __future__ import annotations

import os

from tests.tools.run_in_collection import environment

VARIABLES = environment()
os.environ.clear()
os.environ.update(VARIABLES)
