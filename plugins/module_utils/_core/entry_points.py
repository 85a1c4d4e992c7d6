# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The entry points of the modules: AnsibleModules around the engine.

A module file names its resource and calls one of these functions. It holds no logic.
"""

from __future__ import annotations

import os
import traceback
from typing import Any, Callable

from .._api.client import Client
from .._api.concurrency_limit import MAX_CONCURRENCY
from .._api.errors import JstError, join_sentences
from .._api.redaction import redact
from .._api.settings import resolve_settings
from .ansible_module import AnsibleModule
from .api_call import OPTIONS, call_operation, redact_call
from .argument_specs import module_options
from .composition import Composition, compose
from .connection_options import ACCESS_OPTIONS, WAIT_OPTIONS
from .diff import render, with_written_names
from .engine import reconcile
from .errors import UNEXPECTED, FailedStateError, WaitTimeoutError
from .info import Info, list_resources
from .inventory_account import ENVIRONMENT_VARIABLE, check_access_key
from .name_index import retry_without_index
from .option_checks import check_not_null
from .orphan_check import OrphanCheck
from .resource import Resource
from .run_context import PREDICTING_MODULES_VARIABLE, RunContext
from .wording import count_words


def run_resource(resource_type: type[Resource]) -> None:
    """Run the state module of a resource."""
    resource = resource_type()
    module = AnsibleModule(argument_spec=module_options(resource), supports_check_mode=True, **resource.constraints)

    def work(ctx: RunContext) -> dict[str, Any]:
        check_not_null(resource, module.given)
        outcome = reconcile(ctx, resource)
        result = {"changed": outcome.changed, resource.name: resource.to_result(outcome.state)}
        if module._diff:
            states = (outcome.plan.before, outcome.plan.after)
            sides = resource.to_diff(*states)
            with_written_names(resource, sides, states, outcome.given, ctx.options)
            label = resource.diff_label(ctx, states[1] or states[0] or ctx.options)
            result["diff"] = render(label, *sides)
        return result

    def last_state(last: Any) -> dict[str, Any]:
        return {resource.name: resource.to_result(last)}

    _run(module, work, last_state)


def run_composition(composition_type: type[Composition]) -> None:
    """Run the module that manages several resources."""
    composition = composition_type()
    module = AnsibleModule(
        argument_spec={**composition.options(), **ACCESS_OPTIONS, **WAIT_OPTIONS}, supports_check_mode=True
    )

    def work(ctx: RunContext) -> dict[str, Any]:
        composition.check_not_null(module.given)
        result = retry_without_index(
            ctx, lambda: compose(ctx, composition, composition.nodes(module.params), module._diff)
        )
        # Ansible's main process reads the results of all apps in turn. Without this, half of each would be the
        # `invocation` that AnsibleModule adds.
        module.params = {name: value for name, value in module.params.items() if not isinstance(value, (list, dict))}
        return result

    _run(module, work, lambda last: {}, max(1, module.params["parallelism"]))


def run_info(info_type: type[Info]) -> None:
    """Run the ``*_info`` module of a resource."""
    info = info_type()
    module = AnsibleModule(
        argument_spec={**info.options(), **ACCESS_OPTIONS}, supports_check_mode=True, **info.constraints
    )

    def work(ctx: RunContext) -> dict[str, Any]:
        return {"changed": False, info.resource.plural: list_resources(ctx, info), **info.summary(ctx)}

    _run(module, work, lambda last: {})


def run_api() -> None:
    """Run the module that calls any operation."""
    module = AnsibleModule(argument_spec={**OPTIONS, **ACCESS_OPTIONS}, redact=redact_call, supports_check_mode=True)
    _run(module, call_operation, lambda last: {})


def _run(
    module: AnsibleModule,
    work: Callable[[RunContext], dict[str, Any]],
    last_state: Callable[[Any], dict[str, Any]],
    max_concurrency: int = MAX_CONCURRENCY,
) -> None:
    """Do the work with a client, and exit with the module's result."""
    failed, result = _attempt(module, work, last_state, max_concurrency)
    # Outside of every except block: ansible-core would add the traceback with the messages of all causes.
    if failed:
        module.fail_json(**result)
    module.hide_secrets()
    module.exit_json(**result)


def _attempt(
    module: AnsibleModule,
    work: Callable[[RunContext], dict[str, Any]],
    last_state: Callable[[Any], dict[str, Any]],
    max_concurrency: int,
) -> tuple[bool, dict[str, Any]]:
    """Do the work with a client. Return whether it failed, and the module's result."""
    try:
        module.check_shapes()
        settings = resolve_settings(module.params, os.environ)
        check_access_key(settings, os.environ.get(ENVIRONMENT_VARIABLE))
    except JstError as error:
        return True, {"msg": join_sentences(error.message, error.hint), **_error_details(error)}
    for warning in settings.warnings:
        module.warn(warning)
    with Client(settings, max_concurrency=max_concurrency, is_abandoned=OrphanCheck().is_orphaned) as client:
        try:
            predicting_modules = os.environ.get(PREDICTING_MODULES_VARIABLE, "").split()
            ctx = RunContext(client, module.params, module.check_mode, predicting_modules=predicting_modules)
        except JstError as error:
            return True, {"msg": error.message, **_error_details(error)}
        try:
            result = work(ctx)
        except JstError as error:
            details = last_state(error.last) if isinstance(error, (FailedStateError, WaitTimeoutError)) else {}
            _emit_warnings(module, ctx)
            result = {"changed": ctx.may_have_written, "msg": ctx.failure_message(error)}
            return True, {**result, **_error_details(error), **ctx.found, **details}
        except Exception as error:
            # A defect of the collection. The operator gets one line, and -vvv shows the traceback.
            defect = JstError(
                f"Unexpected {type(error).__name__} while trying to {ctx.activity or 'start'}; please report it."
            )
            defect.code = UNEXPECTED
            trace = redact(traceback.format_exc(), module.secret_texts())
            result = {"changed": ctx.may_have_written, "msg": defect.message}
            return True, {**result, "exception": trace, **_error_details(defect)}
    _emit_warnings(module, ctx)
    return False, result


def _emit_warnings(module: AnsibleModule, ctx: RunContext) -> None:
    """Pass the warnings of the run to Ansible, with one about a wrong clock."""
    for warning in ctx.warning_texts():
        module.warn(warning)
    offset = ctx.client.clock_offset
    if offset:
        place = "behind" if offset > 0 else "ahead of"
        minutes = count_words(round(abs(offset) / 60), "minute")
        module.warn(
            f"The clock of this machine is {minutes} {place} the clock of the service. Synchronize it, for example "
            "with NTP."
        )


def _error_details(error: JstError) -> dict[str, Any]:
    """Return the ``error`` member of a failed result."""
    return {"error": error.as_dict()}
