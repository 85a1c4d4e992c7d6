# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes Python compile the files of archives once: importing this file replaces a function of ``zipimport``.

A module in a process of its own is imported from an archive. Python keeps no byte code for archives, and spends a
quarter of the CPU time of such a process on compiling. Here the byte code goes to the folder that the variable
``COMPILE_ONCE`` names. The file imports little, since every process pays for it.
"""

import marshal
import os
import sys
import zipimport
from _blake2 import blake2b
from _imp import _fix_co_filename  # type: ignore[attr-defined]  # private, and the way in which importlib does it
from types import CodeType

FOLDER = os.environ["COMPILE_ONCE"]
functions = vars(zipimport)
compile_source = functions["_compile_source"]


def compile_once(path: str, source: bytes) -> CodeType:
    """Return the byte code of a text.

    :param path: where the text is; tracebacks show it.
    """
    name = blake2b(source, digest_size=20).hexdigest()
    file = os.path.join(FOLDER, f"{name}.{sys.implementation.cache_tag}")
    try:
        with open(file, "rb") as kept:
            code: CodeType = marshal.load(kept)
    except OSError:
        code = compile_source(path, source)
        part = f"{file}.{os.getpid()}"
        with open(part, "wb") as kept:
            marshal.dump(code, kept)
        os.replace(part, file)
    _fix_co_filename(code, path)
    return code


functions["_compile_source"] = compile_once
