# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes Python compile each module once. Python imports this file when it starts, if it is in ``site-packages``.

The import test of ``ansible-test sanity`` imports a file with all that it needs, forgets the modules, and goes on with
the next file. Half of its CPU time is for compiling the same texts. There is no future import here: ``compile`` would
apply it to the code of others.
"""

import __future__

import builtins
import sys

TYPE_CHECKING = False  # typing takes time to import
if TYPE_CHECKING:
    from typing import Any

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
KNOWN: "dict[Any, Any]" = {}

plain: "Any" = builtins.compile


def compile_once(
    source: "Any",
    filename: "Any",
    mode: str,
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    **further: "Any",
) -> "Any":
    """Do what ``compile`` does, and remember the byte code of modules."""
    if not dont_inherit:  # from the caller, which is not this file
        flags |= sys._getframe(1).f_code.co_flags & FUTURE
    key = (source, filename, flags, optimize) if mode == "exec" and type(source) is bytes and not further else None
    if key in KNOWN:
        return KNOWN[key]
    code = plain(source, filename, mode, flags, True, optimize, **further)
    if key:
        KNOWN[key] = code
    return code


builtins.compile = compile_once
