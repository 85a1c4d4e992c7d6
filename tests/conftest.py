# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test has: Ansible in the checkout's own environment, and no way to a real account."""

from __future__ import annotations

import os
import signal

from tests.tools.run_in_collection import environment

VARIABLES = environment()
os.environ.clear()
os.environ.update(VARIABLES)

# A shell starts background jobs with SIGINT ignored, and every process below inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
