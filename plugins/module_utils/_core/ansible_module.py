# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The AnsibleModule of this collection, which hides secrets by their place in the options.

ansible-core removes the texts of ``no_log`` options from results and logs by searching for them. That damages every
result that contains the same word, and misses a secret with other escapes, such as a text with line breaks inside a
logged list. Here the shown and logged options are a copy without secrets, and results never hold any
(``FieldType.to_result``). ansible-core still searches for passwords and keys that cannot be mistaken for another text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Callable

from ansible.module_utils import basic

from .._api.redaction import redact
from .errors import InvalidOptionError
from .manifest import encoded_secret
from .option_redaction import NO_LOG_MASK, hidden_texts, is_unmistakable, misplaced_texts, redact_options, scalar_texts
from .progress import printable
from .strict_types import shape_faults, with_strict_types


class AnsibleModule(basic.AnsibleModule):  # type: ignore[misc]  # ansible-core has no types
    """An AnsibleModule that neither logs nor returns a secret of its options.

    :param argument_spec: with ``no_log`` at every secret option.
    :param redact: removes secrets from options that the specification does not describe; see `redact_options`.
    :ivar given: the options before validation, without those that were not given.
    """

    given: Mapping[str, Any] = {}

    def __init__(self, argument_spec: dict[str, Any], redact: Any = None, **keywords: Any) -> None:
        self._declared_spec = argument_spec
        self._redact: Callable[[dict[str, Any]], dict[str, Any]] | None = redact
        self._is_validated = False
        try:
            super().__init__(argument_spec=_without_manifest_masks(argument_spec), **keywords)
        except TypeError as error:
            self.fail_json(msg=str(error))
        self._is_validated = True
        self._keep_unmistakable()

    def _load_params(self) -> None:
        """Keep the given options, because validation adds null for the others.

        Then set the strict types, which are functions. Tools that read specifications expect names of types.
        """
        super()._load_params()
        self.given = dict(self.params)
        self.argument_spec: dict[str, Any] = with_strict_types(self.argument_spec)

    def check_shapes(self) -> None:
        """Check values that ansible-core accepts and changes, such as a text that it cuts into a list.

        :raises InvalidOptionError: naming the options.
        """
        faults = " ".join(shape_faults(self._declared_spec, self.given))
        if faults:
            raise InvalidOptionError(faults)

    def redacted_params(self) -> dict[str, Any]:
        """Return the options without secrets, for results and logs."""
        try:
            shown = redact_options(self._declared_spec, self.params)
            return self._redact(shown) if self._redact else shown
        except RecursionError:
            # Options that are nested too deeply are rejected later.
            return dict.fromkeys(self.params, NO_LOG_MASK)

    def secret_texts(self) -> set[str]:
        """Return the texts in the options that are not shown, to remove them from texts of others."""
        hidden = set(scalar_texts(self.params)) - set(scalar_texts(self.redacted_params()))
        return hidden.union(*(encoded_secret(text).parts for text in hidden))

    def hide_secrets(self) -> None:
        """Remove every secret from the options, because the result shows them as ``invocation``."""
        self.params = self.redacted_params()
        self._keep_unmistakable()

    def fail_json(self, msg: str, **result: Any) -> None:
        """Fail without secrets. ansible-core calls this for options that it rejects, and its messages quote them."""
        if self._is_validated:
            hidden = self._misplaced_texts
        else:
            # Validation has dropped the options that it rejects. Those that ansible-core adds, such as the verbosity,
            # are no secrets, and would be masked everywhere.
            given = {name: value for name, value in self.given.items() if not str(name).startswith("_ansible_")}
            hidden = hidden_texts(given, redact_options(self._declared_spec, given))
            msg = " ".join(shape_faults(self._declared_spec, given)) or msg
        self.hide_secrets()
        super().fail_json(msg=printable(redact(msg, hidden)), **_redact_texts(result, hidden))

    def warn(self, warning: str) -> None:
        """Add a warning without secrets and control characters, since it may quote names written by others."""
        super().warn(printable(redact(warning, self._misplaced_texts)))

    @cached_property
    def _misplaced_texts(self) -> set[str]:
        """Return the secrets in options that are not secret, because messages of this collection quote these."""
        try:
            return misplaced_texts(self._declared_spec, self.given)
        except RecursionError:
            # Only manifests are nested, and no message quotes one that is nested too deeply.
            return set()

    def _log_invocation(self) -> None:
        """Log the options without secrets, to syslog or the journal."""
        given = self.params
        self.params = self.redacted_params()
        try:
            super()._log_invocation()
        finally:
            self.params = given

    def _keep_unmistakable(self) -> None:
        self.no_log_values: set[str] = {text for text in self.no_log_values if is_unmistakable(text)}


def _redact_texts(value: Any, hidden: set[str]) -> Any:
    """Return a copy of a value without the hidden texts."""
    if not hidden:
        return value
    if isinstance(value, Mapping):
        return {name: _redact_texts(item, hidden) for name, item in value.items()}
    if isinstance(value, list):
        return [_redact_texts(item, hidden) for item in value]
    return redact(value, hidden) if isinstance(value, str) else value


def _without_manifest_masks(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification for ansible-core, without ``no_log`` at lists of manifests.

    ansible-core would mask each text in a manifest, including ``v1`` and ``Secret``. Since 2.22 it also masks them in
    everything that the controller displays, before a module can prevent it.
    """
    known: dict[str, Any] = {}
    for name, option in spec.items():
        known[name] = dict(option)
        if option.get("no_log") and option.get("type") == "list":
            known[name]["no_log"] = False
        if option.get("options"):
            known[name]["options"] = _without_manifest_masks(option["options"])
    return known
