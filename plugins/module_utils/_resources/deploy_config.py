# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploy configurations: the Kubernetes YAML of an application (reference 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Iterator, Sequence

from .._api.errors import ApiError, JstError
from .._core.errors import InvalidOptionError, NotFoundError
from .._core.field_types import TEXT, FieldType
from .._core.fields import BY_OPTION, IDENTITY, Field, ListOperation, OperationRef, Predicate, State, computed
from .._core.info import Info
from .._core.manifest_types import Document, DocumentSet, SecretDocumentSet
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wording import capitalize_first, join_known, name_words
from .app import APP, STATE_TYPE, App
from .env_types import ENV_TYPE_WORD

# Which workload an application of each state type is made of. There is no parameter for a daemon set (reference 1.3.1).
WORKLOADS = {"deployment": "stateless", "stateful_set": "stateful", "cron_job": "cron_job"}


class Amounts(FieldType):
    """How much of each resource the containers request, or may use."""

    def deserialize(self, raw: Any) -> dict[str, Any] | None:
        if not isinstance(raw, Mapping):
            return None
        return {name: TEXT.deserialize(raw.get(name)) for name in ("cpu", "memory", "storage", "gpu")}


class DeployConfig(Resource):
    """A deploy configuration. Its name is not unique by rule."""

    name = "deploy_config"
    plural = "deploy_configs"
    label = "deploy config"
    id_field = tiebreak_id = "deploy_config_id"
    scope = (APP,)
    key = ("name", "env_type")
    fields = (
        Field("deploy_config_id", IDENTITY, response_path="id"),
        Field("name", param="Name", required=True, immutable=True),
        Field("env_type", ENV_TYPE_WORD, "EnvType", required=True, immutable=True),
        # The table of reference 1.3.4 wants the code path in every update.
        Field("code_path", param="CodePath", response_path="container_code_path.code_path", always_send=True),
        Field("deployment", Document("Deployment"), "Deployment", response_path="container_yaml_conf.deployment"),
        Field("stateful_set", Document("StatefulSet"), "StatefulSet", response_path="container_yaml_conf.stateful_set"),
        Field("cron_job", Document("CronJob"), "CronJob", response_path="container_yaml_conf.cron_job"),
        Field(
            "config_maps",
            DocumentSet("ConfigMap"),
            "ConfigMapList",
            response_path="container_yaml_conf.config_map_list",
        ),
        # Whether an update without the list keeps the secrets is not documented (reference 1.3.4).
        Field(
            "secrets",
            SecretDocumentSet("Secret"),
            "SecretList",
            response_path="container_yaml_conf.secret_list",
            always_send=True,
            hidden=BY_OPTION,
            update_default="always",
        ),
        # Known to the vendor's SDK only.
        computed("resource_requests", Amounts(), response_path="container_resource_request"),
        computed("resource_limits", Amounts(), response_path="container_resource_limit"),
    )
    list_op = ListOperation(
        "ListDeployConfig", {"AppId": "app_id"}, {"Id": "deploy_config_id", "Name": "name", "EnvType": "env_type"}
    )
    create_op = OperationRef("CreateDeployConfig", {"AppId": "app_id"}, {"deploy_config_id": "schema_id"})
    update_op = OperationRef("UpdateDeployConfig", {"AppId": "app_id", "Id": "deploy_config_id"})
    delete_op = OperationRef("DeleteDeployConfig", {"SchemaId": "deploy_config_id"})
    unblocked_by = ("jst_environment", "jst_app")
    constraints = {"mutually_exclusive": [list(WORKLOADS)]}

    def lookup_candidates(
        self, ctx: RunContext, scope: Mapping[str, Any], key: Mapping[str, Any], predicate: Predicate | None = None
    ) -> Iterator[State]:
        """The configurations of a name or an id. Their documents are large, so not all of them are read."""
        name, env_type = key["name"], key["env_type"]
        seen: set[Any] = set()
        narrowed = [{"name": text, "env_type": env_type} for text in name]
        for narrow in [*narrowed, *({self.id_field: number} for number in sorted(key[self.id_field or ""]))]:
            for state in self.list_states(ctx, scope, narrow, predicate=predicate):
                if state[self.id_field or ""] not in seen:
                    seen.add(state[self.id_field or ""])
                    yield state

    def resolve(self, ctx: RunContext, wanted: Any, around: Mapping[str, Any]) -> Any:
        """Return the id of what a text names; see :meth:`NamedResource.resolve`.

        :raises NotFoundError: with the kinds of environments for which there is one of that name.
        """
        try:
            return super().resolve(ctx, wanted, around)
        except NotFoundError:
            known = [tuple(key) for key in ctx.options.get("described_configs", ())]
            if around.get("app_id") is not None:
                known += keys_of(ctx, {"app_id": around["app_id"]})
            raise absence(ctx, around, wanted, known) from None

    def uses(self, ctx: RunContext, scope: Mapping[str, Any], identity: Any) -> Sequence[str]:
        """The environments that are deployed with a configuration."""

        def name(record: Mapping[str, Any]) -> str | None:
            used = IDENTITY.deserialize(record.get("app_schema_id")) == identity
            return name_words("environment", record.get("env_name"), record.get("env_id")) if used else None

        return ctx.client.list_mapped("ListAppEnvironment", {"AppId": scope["app_id"]}, name, deadline=ctx.deadline)

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Send the code path along, an empty one too: it leaves the code path empty."""
        return super().update_steps(
            ctx, {**namespace, "code_path": namespace.get("code_path") or ""}, given, current, changed
        )

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """The workload has to fit the application's state type, which the service would find out only later."""
        workload = next((name for name in WORKLOADS if name in given), None)
        if workload is None or ctx.state == "absent" or scope.get("app_id") is None:
            return
        app = App().read(ctx, {}, scope["app_id"])
        state_type, needed = (app or {}).get("state_type"), WORKLOADS[workload]
        if state_type not in (None, needed) and not STATE_TYPE.is_comparable(needed, state_type):
            ctx.warn(
                f"App {APP.value_in(ctx.options)!r} is shown as {state_type}, which does not tell whether it takes "
                f"{workload}."
            )
        elif STATE_TYPE.is_comparable(needed, state_type) and state_type != needed:
            fitting = [name for name, wanted in WORKLOADS.items() if wanted == state_type]
            advice = f"it takes {fitting[0]}" if fitting else "no workload of a deploy config fits it"
            raise InvalidOptionError(
                f"Option {workload} does not fit app {APP.value_in(ctx.options)!r}, which is {state_type}: {advice}."
            )

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """A deploy config that an environment is deployed with cannot be deleted."""
        if ctx.state != "absent" or plan.before is None:
            return None
        uses = self.uses(ctx, scope, plan.before["deploy_config_id"])
        if not uses:
            return None
        return InvalidOptionError(
            f"{capitalize_first(self.describe(plan.before))} is used by {', '.join(uses)}.",
            hint="Give these another deploy config, or delete them first.",
        )


class DeployConfigInfo(Info):
    """Lists deploy configurations; those made in the console are not listed by the service."""

    resource = DeployConfig()
    filters = ("deploy_config_id", "name", "env_type")


def unfit_config(ctx: RunContext, scope: Mapping[str, Any], wanted: int, env_type: str | None) -> JstError | None:
    """Return why an environment cannot have a deploy configuration that is named by its id, ``None`` when it can.

    :param scope: holds the id of the app.
    :param env_type: the kind of the environment.
    """
    if scope.get("app_id") is None:
        return None
    resource = DeployConfig()
    config = resource.read(ctx, scope, wanted)
    if config is None:
        return NotFoundError(resource.label, wanted, place=resource.place(ctx, scope))
    if None in (env_type, config["env_type"]) or config["env_type"] == env_type:
        return None
    return InvalidOptionError(
        f"Deploy config {wanted} is for environments with env_type={config['env_type']}, and this one has {env_type}."
    )


def absence(ctx: RunContext, scope: Mapping[str, Any], wanted: Any, known: Sequence[tuple[Any, ...]]) -> NotFoundError:
    """Return the error for a deploy configuration that an application does not have.

    :param scope: holds the kind of environment that it was looked for, if that is known.
    :param known: names and kinds of environments of those that there are, or that the same task makes.
    """
    resource, env_type = DeployConfig(), scope.get("env_type")
    place = resource.place(ctx, scope)
    names = [name for name, kind in known if name and kind == env_type]
    kinds = sorted({kind for name, kind in known if name == wanted and kind not in (None, env_type)})
    sought = join_known(" ", f"for {env_type}" if env_type else "", place)
    error = NotFoundError(resource.label, wanted, names=names, place=sought)
    if env_type and kinds:
        there = join_known(" ", f"for {' and '.join(kinds)}", place)
        error.message = f"There is a {resource.label} {wanted!r} {there}, none for {env_type}."
    return error


def keys_of(ctx: RunContext, scope: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The name and the kind of environment of each deploy configuration of an application; none when unreadable."""
    resource = DeployConfig()
    try:
        return [tuple(state[name] for name in resource.key) for state in resource.list_states(ctx, scope, {})]
    except ApiError:
        return []
