# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on security names every option that is secret, and no other."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import redaction
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS, SECRET_PARAMETERS
from ansible_collections.jst.retailcloud.plugins.module_utils._core import entry_points as module_side
from ansible_collections.jst.retailcloud.plugins.module_utils._core import option_redaction
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import ACCESS_OPTIONS
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| module | option |")[2].partition("\n\n")[0]
ROWS = [[re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:3]] for line in TABLE.splitlines()[2:]]


class Stopped(Exception):
    """A module has come as far as its options."""


def secret_options(spec: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The options that Ansible masks, those inside of others with a dotted name."""
    for name, option in spec.items():
        if option.get("no_log"):
            yield prefix + name
        inside = "[]." if option.get("type") == "list" else "."
        yield from secret_options(option.get("options") or {}, prefix + name + inside)


def options_of(module: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The argument specification of a module."""
    seen: dict[str, Any] = {}

    def stop(argument_spec: dict[str, Any], **_further: Any) -> None:
        seen.update(argument_spec)
        raise Stopped

    monkeypatch.setattr(module_side, "AnsibleModule", stop)
    with pytest.raises(Stopped):
        importlib.import_module(f"ansible_collections.jst.retailcloud.plugins.modules.{module}").main()
    return seen


@pytest.mark.parametrize("module", MODULES)
def test_secret_options(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    masked = set(secret_options(options_of(module, monkeypatch)))
    named = {option for modules, options in ROWS if module in modules for option in options}
    assert masked - set(secret_options(ACCESS_OPTIONS)) == (named if module != "jst_api" else set())


def test_secrets_of_all_modules() -> None:
    assert ROWS[0] == [[], list(secret_options(ACCESS_OPTIONS))]
    assert next(set(options) for modules, options in ROWS if modules == ["jst_api"]) == {
        *SECRET_PARAMETERS,
        "parameters",
    }


def test_secrets_in_the_query_string() -> None:
    told = PAGE.partition("### What is in the query string")[2].partition("TLS also encrypts")[0]
    sent = {
        (operation.name, name)
        for operation in OPERATIONS.values()
        for name in SECRET_PARAMETERS.intersection(operation.parameters)
        if name not in operation.body
    }
    assert {word for pair in sent for word in pair} == set(re.findall(r"`([A-Z]\w+[a-z]\w*)`", told))


def test_what_ansible_searches_for() -> None:
    told = re.sub(r"\s+", " ", PAGE)
    assert f"at least {option_redaction.MIN_UNMISTAKABLE_LENGTH} characters with three of the four kinds" in told
    assert (option_redaction.MIN_CHARACTER_CLASSES, len(option_redaction.CHARACTER_CLASSES)) == (3, 4)
    assert f"a secret of fewer than {redaction.MIN_LENGTH} characters" in told


def test_one_page_says_what_is_hidden() -> None:
    """Others refer to it, so that no two contradict each other."""
    texts = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("roles/*/README.md"), *ROOT.glob("*.md")]
    claims = re.compile(r"(hidden|masked) wherever|fewer than \w+ characters|two\s+characters", re.IGNORECASE)
    assert [text.name for text in texts if claims.search(text.read_text(encoding="utf-8"))] == ["security.md"]
