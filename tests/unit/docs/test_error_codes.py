# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on troubleshooting has the codes and hints of the client, and the files that it sends readers to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.doc_fragments.access import ModuleDocFragment
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    ConfigError,
    JstError,
    StoppedError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core import errors
from tests.tools.generate.error_page import PAGE
from tests.tools.run_in_collection import ROOT

CLIENT = ROOT / "plugins" / "module_utils" / "_api"

# One error of each kind that no call has caused.
LOCAL = (
    ConfigError("m"),
    StoppedError("m"),
    errors.InvalidOptionError("m", missing=["title"]),
    errors.NotFoundError("app", "shop"),
    errors.AmbiguousNameError("app", "shop", [1, 2]),
    errors.ImmutableDifferenceError("App 'shop'", {"language": ("Java", "PHP")}),
    errors.IncompleteDataError("app", "shop", ["app_id"]),
    errors.FailedStateError("m"),
    errors.WaitTimeoutError("m"),
)


def test_codes_of_our_own() -> None:
    """A code that the client makes up is in the tables."""
    told = PAGE.read_text(encoding="utf-8")
    made_up = {
        code
        for file in CLIENT.glob("*.py")
        for line in re.findall(r"\bcode\b(?:=| = )([^\n]*)", file.read_text(encoding="utf-8"))
        for code in re.findall(r'"([A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)?)"', line)
    }
    assert {"MalformedResponse", "ResponseLost.ReadTimeout", "DeploymentNotApproved", "Unsuccessful"} <= made_up
    assert {code for code in made_up if f"`{code}`" not in told} == set()


def kinds(root: type[JstError]) -> Iterator[type[JstError]]:
    """All kinds of errors below one, but those of failed calls."""
    for kind in root.__subclasses__():
        if kind.__module__.startswith("ansible_collections") and not issubclass(kind, ApiError):
            yield kind
            yield from kinds(kind)


def test_every_error_that_no_call_caused_has_a_code() -> None:
    """Of its own, or of the kind that it is a special case of."""
    codes = {kind.code for kind in kinds(JstError) if ".module_utils." in kind.__module__}
    assert codes == {error.code for error in LOCAL}
    assert len({error.code for error in LOCAL}) == len(LOCAL)


@pytest.mark.parametrize("error", LOCAL, ids=lambda error: str(error.code))
def test_codes_and_facts_of_the_collection_are_documented(error: JstError) -> None:
    """The row of a code names the members that such an error adds, and all of them are plain JSON."""
    told = error.as_dict()
    [row] = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{error.code}` |")]
    assert [name for name in error.data if f"`{name}`" not in row.split("|")[4]] == []
    assert json.loads(json.dumps(told)) == told
    assert [told[name] for name in ("action", "http_status", "request_id")] == [None] * 3


def test_the_code_of_a_defect_is_documented() -> None:
    """It belongs to no class: whatever is raised unexpectedly has it."""
    assert f"| `{errors.UNEXPECTED}` |" in PAGE.read_text(encoding="utf-8")


def test_every_module_documents_its_errors() -> None:
    """In the notes that all modules share: each member that every error has, and those that some add."""
    notes = " ".join(yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["notes"])
    assert [name for name in ConfigError("m").as_dict() if f"C({name})" not in notes] == []
    added = set(re.findall(r"C\((\w+)\)", notes.partition("add members")[2].partition("guide")[0]))
    assert added
    assert added <= {name for error in LOCAL for name in error.data}
