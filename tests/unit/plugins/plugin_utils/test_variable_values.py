# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables have the values that ansible-core gives them, and few of their templates are compiled."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import ansible.template
import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.jst.retailcloud.plugins.plugin_utils.variable_values import (
    CONVERTS_TEXTS,
    OMITTED,
    RESERVED,
    VariableValues,
)

PLACEHOLDER = "__omit_place_holder__0"


def read_from_file(value: Any) -> Any:
    """The value as it comes from a file of the operator, whose templates are evaluated."""
    if isinstance(value, dict):
        return {name: read_from_file(item) for name, item in value.items()}
    if isinstance(value, list):
        return [read_from_file(item) for item in value]
    if CONVERTS_TEXTS or not isinstance(value, str) or value.startswith(UNSAFE):
        return value
    return ansible.template.trust_as_template(value)


# Texts that begin so are data.
UNSAFE = "data: "


class Counted:
    """The templar of an action, and what it was asked to evaluate."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._templar = Templar(loader=DataLoader(), variables=variables)
        self.evaluated: list[Any] = []

    def template(self, value: Any) -> Any:
        self.evaluated.append(value)
        return self._templar.template(value)


def reader(**variables: Any) -> VariableValues:
    """The values of variables that were read from files."""
    known = variables_of_files(**variables)
    return VariableValues(Counted(known), known)


def variables_of_files(**variables: Any) -> dict[str, Any]:
    """The variables of a task, as ansible-core hands them to an action."""
    placeholder = {"omit": PLACEHOLDER} if CONVERTS_TEXTS else {}
    return {**{name: read_from_file(value) for name, value in variables.items()}, **placeholder}


def evaluated(values: VariableValues) -> list[Any]:
    """What was left to ansible-core."""
    found: list[Any] = vars(values)["_templar"].evaluated
    return found


DOCUMENT = {
    "kind": "Deployment",
    "replicas": 2,
    "paused": False,
    "strategy": None,
    "ports": [80, 443.5],
    "{{ key }}": "",
}


def test_names_and_plain_values_are_not_compiled() -> None:
    values = reader(
        configs=[{"deployment": "{{ document }}", "again": ["{{document}}", "{{- copied -}}"]}],
        document=DOCUMENT,
        copied="{{ document }}",
        braces="a { b",
    )
    assert values.value("configs") == [{"deployment": DOCUMENT, "again": [DOCUMENT, DOCUMENT]}]
    assert evaluated(values) == []


def test_templates_are_those_of_ansible() -> None:
    values = reader(
        document={"image": "{{ registry }}/shop:{{ version }}", "labels": ["{{ labels | map('upper') | list }}"]},
        registry="{{ host }}",
        host="registry.example",
        version="1.0",
        labels=["a", "b"],
    )
    assert values.value("document") == {"image": "registry.example/shop:1.0", "labels": [["A", "B"]]}
    assert values.value("registry") == "registry.example"
    assert len(evaluated(values)) == 2


@pytest.mark.parametrize("name", ["items", "keys", "_under", "a1"])
def test_any_name_can_be_followed(name: str) -> None:
    values = reader(**{name: [1], "value": f"{{{{ {name} }}}}"})
    assert values.value("value") == [1]
    assert evaluated(values) == []


@pytest.mark.parametrize("word", ["true", "none"])
def test_a_word_of_jinja_is_no_name(word: str) -> None:
    values = reader(**{word: "variable", "value": f"{{{{ {word} }}}}"})
    assert values.value("value") == {"true": True, "none": None if not CONVERTS_TEXTS else ""}[word]


def test_an_expression_with_a_line_break_is_left_to_ansible() -> None:
    values = reader(value="{{\n  name\n}}", name="shop")
    assert values.value("value") == "shop"
    assert evaluated(values) == ["{{\n  name\n}}"]


def test_data_is_not_evaluated() -> None:
    looks_like = [f"{UNSAFE}{text}" for text in ("{{ secret }}", "{% raw %}", "#jinja2: x")]
    values = reader(data=wrap_var(list(looks_like)), secret="hunter2", nested={"text": "{{ data }}"})
    assert values.value("data") == looks_like
    assert values.value("nested") == {"text": looks_like}


def test_data_that_is_a_name_alone_is_not_followed() -> None:
    known: dict[str, Any] = {"data": wrap_var("{{ secret }}"), "secret": "hunter2"}
    values = VariableValues(Templar(loader=DataLoader(), variables=known), known)
    assert values.value("data") == "{{ secret }}"


def test_the_result_of_a_template_is_not_evaluated_again() -> None:
    values = reader(value="{{ '{' ~ '{ secret }' ~ '}' }}", holder={"text": "{{ value }}"}, secret="hunter2")
    assert values.value("holder") == {"text": "{{ secret }}"}


def test_omitted_members_are_left_out() -> None:
    values = reader(
        config={"name": "web", "image": "{{ omit }}", "more": "{{ nothing }}", "list": ["{{ omit }}", "a"]},
        nothing="{{ missing | default(omit) }}",
        built="{{ {'name': 'web', 'image': omit} }}",
    )
    assert values.value("config") == {"name": "web", "list": ["a"]}
    assert values.value("built") == {"name": "web"}
    assert values.value("nothing") is OMITTED
    assert values.value("undefined") is OMITTED


@pytest.mark.parametrize("value", [..., None, "", "x", " ", "True", "[1]", 0, 1, False, [], [1], {}, "{{ missing }}"])
def test_an_optional_variable_is_what_ansible_makes_of_it(value: Any) -> None:
    variables = {} if value is ... else {"name": value}
    members = {"fast": "{{ name | default(omit, true) }}", "slow": "{{ (name | default(omit, true)) }}"}
    values = reader(config=members, alone=members["fast"], **variables)
    config = values.value("config")
    assert config.get("fast", OMITTED) == config.get("slow", OMITTED)
    assert values.value("alone") == config.get("slow", OMITTED)
    is_empty = value in (..., None, "")
    assert (config == {}) or not is_empty
    assert (members["fast"] not in evaluated(values)) == is_empty


@pytest.mark.parametrize("name", ["range", "lookup", "omit", "True"])
def test_a_function_is_no_optional_variable(name: str) -> None:
    text = f"{{{{ {name} | default(omit, true) }}}}"
    values = reader(value=text)
    with suppress(AnsibleActionFail):  # a function is no value
        values.value("value")
    assert evaluated(values) == [text]


def test_all_functions_are_reserved() -> None:
    functions = Templar(loader=DataLoader(), variables={}).environment.globals
    assert {name.lower() for name in functions} <= RESERVED


def test_data_that_reads_like_an_optional_variable_stays() -> None:
    text = "{{ missing | default(omit, true) }}"
    known: dict[str, Any] = {"data": wrap_var(text)}
    assert VariableValues(Templar(loader=DataLoader(), variables=known), known).value("data") == text


@pytest.mark.parametrize(
    "template",
    ["{{ missing }}", "a {{ missing }}", "{{ through }}", ["{{ missing }}"], {"name": {"inner": "{{ missing }}"}}],
)
def test_an_undefined_variable_is_named_beside_the_one_that_needs_it(template: Any) -> None:
    with pytest.raises(AnsibleActionFail) as caught:
        reader(configs=template, through="{{ missing }}").value("configs")
    assert "The value of variable 'configs' cannot be evaluated" in str(caught.value)
    assert "'missing' is undefined" in str(caught.value)


def test_a_variable_that_needs_itself_is_an_error() -> None:
    with pytest.raises(AnsibleActionFail, match="variable 'one' cannot be evaluated"):
        reader(one="{{ two }}", two=["{{ one }}"]).value("one")


SECRET = "hunter2"
FAULTS = {
    f"{SECRET}{{{{x": "A template has a syntax error. If the text is not meant as a template, mark it with !unsafe.",
    f"{SECRET}{{% if": "A template has a syntax error. If the text is not meant as a template, mark it with !unsafe.",
    f"{SECRET}{{{{ 1/0 }}}}": "A template fails with ZeroDivisionError.",
    f"{{{{ '{SECRET}' | to_datetime }}}}": "fails with ValueError.",
    f"{{{{ '{SECRET}' | from_json }}}}": "fails with JSONDecodeError.",
    f"{{{{ '{SECRET}' | no_filter }}}}": "There is no filter",
    f"{{{{ lookup('no_lookup', '{SECRET}') }}}}": " fails with ",
    f"{{{{ value ~ '{SECRET}' }}}}": "It refers to itself.",
    f"{SECRET}{{{{ missing }}}}": "'missing' is undefined.",
    f"{{{{ missing.of['{SECRET}'] }}}}": "'missing' is undefined.",
    f"{SECRET}{{{{ holder.member }}}}": "A template names a member 'member' that does not exist.",
    f"{{{{ undef(hint='{SECRET}') }}}}": "A template needs a variable that is undefined.",
}


@pytest.mark.parametrize("text", FAULTS)
def test_an_error_names_the_variable_and_quotes_no_value(text: str) -> None:
    """A password of a vault can read like a template. Nor does it stand in the traceback of the task."""
    described = [{"name": "shop", "password": "{{ value }}"}]
    with pytest.raises(AnsibleActionFail) as caught:
        reader(accounts=described, value=text, holder={}).value("accounts")
    error = caught.value
    message = str(error)
    assert message.startswith("The value of variable 'accounts' cannot be evaluated. 'value': ")
    assert FAULTS[text] in message
    shown = [message, getattr(error, "result", {}), *traceback.format_exception(error)]
    assert SECRET not in str(shown)


def test_an_error_names_the_member() -> None:
    with pytest.raises(
        AnsibleActionFail, match=r"evaluated\. 'configs\[1\]\.secrets\[0\]\.token': 'missing' is undefined"
    ):
        reader(configs=["{{ right }}", {"secrets": [{"token": "{{ missing }}"}]}], right=1).value("configs")


@pytest.mark.parametrize("text", ['["a", "b"]', "{'a': 1}", "True", "[no list"])
def test_a_text_is_what_ansible_makes_of_it(text: str) -> None:
    values = reader(direct=text, through="{{ direct }}")
    expected = Templar(loader=DataLoader(), variables={"x": text}).template("{{ x }}") if CONVERTS_TEXTS else text
    for name in ("direct", "through"):
        value = values.value(name)
        assert value == expected
        assert isinstance(value, str) == isinstance(expected, str)
