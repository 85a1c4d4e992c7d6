# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""SLB access points: ports of load balancers that lead to an environment (reference 3.1)."""

from __future__ import annotations

from typing import Any, Mapping

from .._api.errors import JstError
from .._core.errors import InvalidOptionError
from .._core.field_types import PORT, Boolean, Choice, Integer
from .._core.fields import RESOURCE_ID, Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import APP
from .environment import ENVIRONMENT

WEB = ("HTTP", "HTTPS")


class SlbAp(Resource):
    """An access point. Its key is load balancer and listener port. Responses lack settings that do not apply."""

    name = "slb_ap"
    plural = "slb_aps"
    label = "SLB access point"
    id_field = "slb_ap_id"
    scope = (APP, ENVIRONMENT)
    key = ("slb_id", "listener_port")
    fields = (
        Field("slb_ap_id", RESOURCE_ID),
        Field("slb_id", param="SlbId", required=True, immutable=True),
        Field("listener_port", PORT, "ListenerPort", required=True, immutable=True),
        Field("protocol", Choice(("TCP", "UDP", "HTTP", "HTTPS")), "Protocol", required=True, immutable=True),
        Field("name", param="Name", required=True),
        Field("real_server_port", PORT, "RealServerPort", required=True),
        Field("established_timeout", Integer(10, 900), "EstablishedTimeout", only_when=("protocol", ("TCP",))),
        Field("sticky_session", Boolean(number=True), "StickySession", only_when=("protocol", WEB)),
        Field("cookie_timeout", Integer(1, 86400), "CookieTimeout", only_when=("protocol", WEB)),
        Field("ssl_cert_id", param="SslCertId", only_when=("protocol", ("HTTPS",))),
        computed("network_mode", Choice(("internet", "intranet"))),
        computed("slb_ip"),
    )
    list_op = ListOperation(
        "ListSlbAPs",
        {"AppId": "app_id", "EnvId": "environment_id"},
        # No filter by SlbId: the reference leaves open whether it means the load balancer or the access point (3.1.5).
        # A wrong filter would hide an access point, and the run would create a second one.
        {"Name": "name", "NetworkMode": "network_mode"},
    )
    describe_op = OperationRef("DescribeSlbAPDetail", {"SlbAPId": "slb_ap_id"})
    create_op = OperationRef("CreateSlbAP", {"EnvId": "environment_id"}, {"slb_ap_id": "slb_ap_id"})
    update_op = OperationRef("ModifySlbAP", {"SlbAPId": "slb_ap_id"})
    delete_op = OperationRef("DeleteSlbAP", {"SlbAPId": "slb_ap_id"})
    unblocked_by = ("jst_slb_ap", "jst_environment", "jst_app")

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error when the port leads to another environment of the app. Other apps are not visible."""
        if plan.before is not None or scope.get("app_id") is None:
            return None
        everywhere = {"app_id": scope["app_id"], "environment_id": None}
        key = self.natural_key(given)
        others = [state for state in self.list_states(ctx, everywhere, {}) if self.matches(state, key)]
        if not others:
            return None
        return InvalidOptionError(
            f"Port {key['listener_port']} of load balancer {key['slb_id']!r} already leads to environment "
            f"{others[0]['environment_id']} of the same app."
        )

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Warn in check mode of load balancers and certificates that may not exist: no operation lists them."""
        if not ctx.check_mode or plan.after is None:
            return
        before = plan.before or {}
        for name, words in (("slb_id", "load balancer"), ("ssl_cert_id", "certificate")):
            if given.get(name) and given[name] != before.get(name):
                ctx.warn(
                    f"Check mode cannot verify that {words} {given[name]!r} exists: "
                    f"the API has no operation that lists {words}s."
                )


class SlbApInfo(Info):
    """List the access points of an app."""

    resource = SlbAp()
    filters = ("slb_ap_id", "name", "slb_id", "protocol", "network_mode")
    optional_parents = ("environment",)
