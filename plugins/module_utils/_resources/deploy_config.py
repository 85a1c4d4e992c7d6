# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploy configs: the Kubernetes manifests of an app (reference 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Iterator, Sequence

from .._api.errors import ApiError, JstError
from .._api.hints import Hint
from .._core.errors import InvalidOptionError, NotFoundError
from .._core.field_types import TEXT, FieldType
from .._core.fields import BY_OPTION, RESOURCE_ID, Field, ListOperation, OperationRef, Predicate, State, computed
from .._core.info import Info
from .._core.manifest import Manifest
from .._core.manifest_types import ManifestSet, ManifestType, SecretManifestSet
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wording import capitalize_first, join_known, name_words
from .app import APP, STATE_TYPE, App
from .env_types import ENV_TYPE_WORD

SECRETS = SecretManifestSet("Secret")

# Option of a workload -> state type of the apps that it fits. No parameter takes a daemon set (reference 1.3.1).
WORKLOADS = {"deployment": "stateless", "stateful_set": "stateful", "cron_job": "cron_job"}


class ResourceAmounts(FieldType):
    """The resource requests or limits of the containers."""

    def deserialize(self, raw: Any) -> dict[str, Any] | None:
        if not isinstance(raw, Mapping):
            return None
        return {name: TEXT.deserialize(raw.get(name)) for name in ("cpu", "memory", "storage", "gpu")}


class DeployConfig(Resource):
    """A deploy config. No rule makes its name unique."""

    name = "deploy_config"
    plural = "deploy_configs"
    label = "deploy config"
    id_field = tiebreak_id = "deploy_config_id"
    scope = (APP,)
    key = ("name", "env_type")
    fields = (
        Field("deploy_config_id", RESOURCE_ID, response_path="id"),
        Field("name", param="Name", required=True, immutable=True),
        Field("env_type", ENV_TYPE_WORD, "EnvType", required=True, immutable=True),
        # The table of reference 1.3.4 requires the code path in every update.
        Field("code_path", param="CodePath", response_path="container_code_path.code_path", always_send=True),
        Field("deployment", ManifestType("Deployment"), "Deployment", response_path="container_yaml_conf.deployment"),
        Field(
            "stateful_set", ManifestType("StatefulSet"), "StatefulSet", response_path="container_yaml_conf.stateful_set"
        ),
        Field("cron_job", ManifestType("CronJob"), "CronJob", response_path="container_yaml_conf.cron_job"),
        Field(
            "config_maps",
            ManifestSet("ConfigMap"),
            "ConfigMapList",
            response_path="container_yaml_conf.config_map_list",
        ),
        # The reference does not say whether an update without the list keeps the secrets (1.3.4).
        Field(
            "secrets",
            SECRETS,
            "SecretList",
            response_path="container_yaml_conf.secret_list",
            always_send=True,
            write_only=BY_OPTION,
            update_default="always",
        ),
        # Only the vendor's SDK documents these.
        computed("resource_requests", ResourceAmounts(), response_path="container_resource_request"),
        computed("resource_limits", ResourceAmounts(), response_path="container_resource_limit"),
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
        """Yield the deploy configs of the names and ids alone: their documents are large."""
        name, env_type = key["name"], key["env_type"]
        seen: set[Any] = set()
        by_name = [{"name": text, "env_type": env_type} for text in name]
        for filters in [*by_name, *({self.id_field: number} for number in sorted(key[self.id_field or ""]))]:
            for state in self.list_states(ctx, scope, filters, predicate=predicate):
                if state[self.id_field or ""] not in seen:
                    seen.add(state[self.id_field or ""])
                    yield state

    def resolve(self, ctx: RunContext, wanted: Any, namespace: Mapping[str, Any]) -> Any:
        """Return the id of the deploy config that a text names; see :meth:`NamedResource.resolve`.

        :raises NotFoundError: with the environment types that have a deploy config of that name.
        """
        try:
            return super().resolve(ctx, wanted, namespace)
        except NotFoundError:
            keys = [tuple(key) for key in ctx.options.get("described_configs", ())]
            if namespace.get("app_id") is not None:
                keys += list_keys(ctx, {"app_id": namespace["app_id"]})
            raise not_found(ctx, namespace, wanted, keys) from None

    def uses(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> Sequence[str]:
        """Return the environments that use a deploy config, in words.

        Without those that a composition deletes, or gives another deploy config, in the same run.
        """
        freed = ctx.options.get("freed_environments", ())

        def name(record: Mapping[str, Any]) -> str | None:
            used = (
                record.get("env_name") not in freed
                and RESOURCE_ID.deserialize(record.get("app_schema_id")) == resource_id
            )
            return name_words("environment", record.get("env_name"), record.get("env_id")) if used else None

        return ctx.client.list_mapped("ListAppEnvironment", {"AppId": scope["app_id"]}, name, deadline=ctx.deadline)

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """Plan a deploy config whose Secrets have revisions."""
        return super().plan_creation(ctx, scope, with_revisions(given, []))

    def plan_update(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """Plan an update that keeps the revisions of Secrets, and gives those that it changes new ones."""
        return super().plan_update(ctx, scope, with_revisions(given, current["secrets"]), current)

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Return the update with the code path, also an empty one: it leaves the code path empty."""
        return super().update_steps(
            ctx, {**namespace, "code_path": namespace.get("code_path") or ""}, given, current, changed
        )

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject a workload that does not fit the state type of the app. The service would report it only later."""
        workload = next((name for name in WORKLOADS if name in given), None)
        if workload is None or ctx.state == "absent" or scope.get("app_id") is None:
            return
        app = App().read(ctx, {}, scope["app_id"])
        state_type, needed = (app or {}).get("state_type"), WORKLOADS[workload]
        if state_type not in (None, needed) and not STATE_TYPE.is_comparable(needed, state_type):
            ctx.warn(
                f"The service reports state_type {state_type} for app {APP.value_in(ctx.options)!r}. It is unknown "
                f"whether the app accepts option {workload}."
            )
        elif STATE_TYPE.is_comparable(needed, state_type) and state_type != needed:
            accepted = next((name for name, fitting in WORKLOADS.items() if fitting == state_type), None)
            advice = f"Give option {accepted}" if accepted else "No workload of a deploy config fits this state_type"
            raise InvalidOptionError(
                f"Option {workload} does not fit app {APP.value_in(ctx.options)!r}, which has state_type {state_type}. "
                f"{advice}."
            )

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error for the deletion of a deploy config that an environment uses."""
        if ctx.state != "absent" or plan.before is None:
            return None
        uses = self.uses(ctx, scope, plan.before["deploy_config_id"])
        if not uses:
            return None
        return InvalidOptionError(
            f"{capitalize_first(self.describe(plan.before))} is used by {', '.join(uses)}.",
            hint=Hint(
                "First give these environments another deploy config, or delete them.",
                "请先为这些环境换用其他部署配置，或先删除这些环境。",
            ),
        )


class DeployConfigInfo(Info):
    """List deploy configs. The service does not list those that were created in its console."""

    resource = DeployConfig()
    filters = ("deploy_config_id", "name", "env_type")


def with_revisions(given: State, current: Sequence[Manifest] | None) -> State:
    """Return the desired state with revisions in the Secrets, by which releases know them.

    :param current: the live Secrets, ``None`` when the service shows none: there are none, or it hides them all.
    """
    if given.get("secrets") is None:
        return given
    return {**given, "secrets": SECRETS.with_revisions(given["secrets"], current or [])}


def unfit_config_error(ctx: RunContext, scope: Mapping[str, Any], wanted: int, env_type: str | None) -> JstError | None:
    """Return why an environment cannot use the deploy config of an id, ``None`` when it can.

    :param scope: holds the id of the app.
    :param env_type: the type of the environment.
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
        f"Deploy config {wanted} is for environments with env_type={config['env_type']}, and this environment has "
        f"env_type={env_type}."
    )


def not_found(ctx: RunContext, scope: Mapping[str, Any], wanted: Any, keys: Sequence[tuple[Any, ...]]) -> NotFoundError:
    """Return the error for a deploy config that an app does not have.

    :param scope: holds the environment type to search for, if it is known.
    :param keys: names and environment types of the deploy configs that exist or that the same run creates.
    """
    resource, env_type = DeployConfig(), scope.get("env_type")
    place = resource.place(ctx, scope)
    names = [name for name, key_type in keys if name and key_type == env_type]
    other_types = sorted({key_type for name, key_type in keys if name == wanted and key_type not in (None, env_type)})
    where = join_known(" ", f"for {env_type}" if env_type else "", place)
    error = NotFoundError(resource.label, wanted, names=names, place=where)
    if env_type and other_types:
        found = join_known(" ", f"for {' and '.join(other_types)}", place)
        error.message = f"{capitalize_first(resource.label)} {wanted!r} exists {found}, but not for {env_type}."
    return error


def list_keys(ctx: RunContext, scope: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the name and the environment type of each deploy config of an app, empty when unreadable."""
    resource = DeployConfig()
    try:
        return [tuple(state[name] for name in resource.key) for state in resource.list_states(ctx, scope, {})]
    except ApiError:
        return []
