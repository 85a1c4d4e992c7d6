# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The AnsibleModule of this collection: it hides secrets by where they stand, not by how they read.

ansible-core removes the texts of ``no_log`` options from everything that a module returns or logs, by searching for
them. That spoils every result that holds the same word by chance, and misses a secret in another escaping, such as a
text with line breaks inside a list that is logged. Here the options that are shown and logged are a copy without
secrets, and results never hold any (``Kind.show``). What ansible-core still searches for are passwords and keys that no
other text can be mistaken for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable

from ansible.module_utils import basic

from .._api.redaction import redact
from .documents import encoded_secret, leaves
from .progress import printable
from .redacted_options import HIDDEN, redact_options

# How long a text is, and how many kinds of characters it has, when it cannot be an ordinary word or name.
MIN_LENGTH = 8
MIN_KINDS = 3
KINDS = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")))


def is_unmistakable(text: str) -> bool:
    """Return whether a secret can be searched for without spoiling ordinary words."""
    return len(text) >= MIN_LENGTH and sum(bool(kind.search(text)) for kind in KINDS) >= MIN_KINDS


class AnsibleModule(basic.AnsibleModule):  # type: ignore[misc]  # ansible-core has no types
    """An AnsibleModule that neither logs nor returns a secret of its options.

    :param argument_spec: with ``no_log`` at every option that is secret.
    :param redact: removes secrets from options that the specification does not describe; see `redact_options`.
    :ivar given: the options before validation, without those that were not given.
    """

    def __init__(
        self,
        argument_spec: dict[str, Any],
        redact: Any = None,
        **keywords: Any,
    ) -> None:
        self._declared = argument_spec
        self._redact: Callable[[dict[str, Any]], dict[str, Any]] | None = redact
        self._is_validated = False
        super().__init__(argument_spec=_without_documents(argument_spec), **keywords)
        self._is_validated = True
        self._spare_words()

    def _load_params(self) -> None:
        """Keep the options as they were given: validation fills in null for those that were not."""
        super()._load_params()
        self.given: Mapping[str, Any] = dict(self.params)

    def redacted_params(self) -> dict[str, Any]:
        """Return the options without secrets, for what is shown or logged."""
        try:
            shown = redact_options(self._declared, self.params)
            return self._redact(shown) if self._redact else shown
        except RecursionError:
            # Options that are nested too deeply to look into. They are refused as well.
            return dict.fromkeys(self.params, HIDDEN)

    def secret_texts(self) -> set[str]:
        """Return the texts in the options that are not shown, for texts of others in which they may stand."""
        hidden = set(leaves(self.params)) - set(leaves(self.redacted_params()))
        return hidden.union(*(encoded_secret(text).parts for text in hidden))

    def hide_secrets(self) -> None:
        """Leave no secret in the options: the result shows them as ``invocation``."""
        self.params = self.redacted_params()
        self._spare_words()

    def fail_json(self, msg: str, **result: Any) -> None:
        """Fail without secrets. ansible-core calls this for options that it refuses, and its messages quote them."""
        if not self._is_validated:
            # Validation has dropped what it rejects.
            shown = set(leaves(redact_options(self._declared, self.given)))
            msg = redact(msg, set(leaves(self.given)) - shown)
        self.hide_secrets()
        super().fail_json(msg=printable(msg), **result)

    def warn(self, warning: str) -> None:
        """Add a warning to the result. ansible-core displays it as it is, and it may quote what others wrote."""
        super().warn(printable(warning))

    def _log_invocation(self) -> None:
        """Log the options without secrets, to syslog or the journal."""
        given = self.params
        self.params = self.redacted_params()
        try:
            super()._log_invocation()
        finally:
            self.params = given

    def _spare_words(self) -> None:
        self.no_log_values: set[str] = {text for text in self.no_log_values if is_unmistakable(text)}


def _without_documents(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification for ansible-core, which would mask each text in a document, ``v1`` and ``Secret`` among them.

    Since 2.22 that holds for all that the controller displays, and is decided before a module can say anything.
    """
    known: dict[str, Any] = {}
    for name, option in spec.items():
        known[name] = dict(option)
        if option.get("no_log") and option.get("type") == "list":
            known[name]["no_log"] = False
        if option.get("options"):
            known[name]["options"] = _without_documents(option["options"])
    return known
