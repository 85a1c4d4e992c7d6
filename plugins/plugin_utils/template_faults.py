# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say why a template cannot be evaluated, without its text or any value.

Messages of ansible-core before 2.19 quote the whole text, and those of filters quote their input on every ansible-core.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

SYNTAX = "A template has a syntax error. If the text is not meant as a template, mark it with !unsafe."

# In messages of ansible-core and Jinja -> what is said. Names take the place of {0} and {1}.
WORDS = {
    re.compile(r"(?i)recursive loop|recursion depth"): "It refers to itself.",
    re.compile(r"'([A-Za-z_]\w*)' is undefined"): "'{0}' is undefined.",
    re.compile(r"Mandatory variable '([A-Za-z_]\w*)' +not defined"): "'{0}' is undefined.",
    re.compile(r"has no (?:attribute|element) '?([A-Za-z_]\w*|\d+)'?"): (
        "A template names a member '{0}' that does not exist."
    ),
    re.compile(r"No (filter|test) named '([\w.]+)'"): "There is no {0} '{1}'.",
    re.compile(r"The (lookup|filter|test) plugin '([\w.]+)' was not found"): "There is no {0} '{1}'.",
    # Before ansible-core 2.19.
    re.compile(r'Could not load "([\w.]+)"'): "There is no filter or test '{0}'.",
}
PLUGIN = re.compile(r"(filter|test|lookup) plugin '([\w.]+)'")


def fault_words(error: BaseException) -> str:
    """Return a sentence about the error of a template. It quotes names of variables, members and plugins only."""
    errors = list(_with_causes(error))
    message = " ".join(map(str, errors))
    for pattern, words in WORDS.items():
        found = pattern.search(message)
        if found:
            return words.format(*found.groups())
    if any(isinstance(one, TemplateSyntaxError) for one in errors):
        return SYNTAX
    if any(isinstance(one, (AnsibleUndefinedVariable, UndefinedError)) for one in errors):
        return "A template needs a variable that is undefined."
    plugin = PLUGIN.search(message)
    failing = f"The {plugin[1]} '{plugin[2]}' of a template" if plugin else "A template"
    cause = next((one for one in errors if not isinstance(one, AnsibleError)), errors[-1])
    return f"{failing} fails with {type(cause).__name__}."


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what caused it, the first cause last."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or getattr(error, "orig_exc", None) or error.__context__
