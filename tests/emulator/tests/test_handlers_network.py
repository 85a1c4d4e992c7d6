# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SLB access points and Kubernetes services."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import DirectAccount

PORT = {"Name": "http", "Port": 80, "Protocol": "TCP", "TargetPort": "8080"}


@pytest.fixture
def account() -> DirectAccount:
    """An account with one environment, 20001 of app 10001."""
    made = DirectAccount()
    made.stack()
    return made


def access_point(account: DirectAccount, **more: Any) -> int:
    """The id of a new access point."""
    return int(account.call("CreateSlbAP", **slb_parameters(**more))["SlbAPId"])


def slb_parameters(**more: Any) -> dict[str, Any]:
    """Parameters of CreateSlbAP."""
    given = {"EnvId": 20001, "Name": "web", "SlbId": "lb-emu-intranet-1", "ListenerPort": 80, "RealServerPort": 8080}
    return {**given, "Protocol": "TCP", **more}


def service(account: DirectAccount, **more: Any) -> int:
    """The id of a new service."""
    return int(account.call("CreateService", **service_parameters(**more))["ServiceId"])


def service_parameters(**more: Any) -> dict[str, Any]:
    """Parameters of CreateService."""
    given = {"EnvId": 20001, "Name": "Web", "ServiceType": "ClusterIP", "K8sServiceId": "web", "PortMappings": [PORT]}
    return {**given, **more}


def test_a_tcp_access_point_reads_back_without_settings_of_other_protocols(account: DirectAccount) -> None:
    slb_ap_id = access_point(account, EstablishedTimeout=60)
    expected = {
        "AppId": 10001,
        "EnvId": 20001,
        "SlbAPId": slb_ap_id,
        "Name": "web",
        "SlbId": "lb-emu-intranet-1",
        "SlbIp": "192.168.49.200",
        "NetworkMode": "intranet",
        "ListenerPort": 80,
        "RealServerPort": 8080,
        "Protocol": "TCP",
        "EstablishedTimeout": 60,
    }
    assert account.call("DescribeSlbAPDetail", SlbAPId=slb_ap_id) == expected
    assert account.call("ListSlbAPs", AppId=10001) == [expected]


def test_an_https_access_point_has_its_own_settings(account: DirectAccount) -> None:
    more = {"Protocol": "HTTPS", "StickySession": 1, "CookieTimeout": 3600, "SslCertId": "ssl-emu-1"}
    shown = account.call(
        "DescribeSlbAPDetail", SlbAPId=access_point(account, SlbId="lb-emu-internet-1", ListenerPort=443, **more)
    )
    assert {name: shown[name] for name in more} == more
    assert (shown["NetworkMode"], shown["SlbIp"]) == ("internet", "203.0.113.200")
    assert "EstablishedTimeout" not in shown


@pytest.mark.parametrize(
    ("protocol", "settings"),
    [
        ("TCP", {"EstablishedTimeout": 900}),
        ("UDP", {}),
        ("HTTP", {"StickySession": 0}),
        ("HTTPS", {"StickySession": 0}),
    ],
)
def test_what_holds_when_no_setting_is_sent(account: DirectAccount, protocol: str, settings: dict[str, Any]) -> None:
    shown = account.call("DescribeSlbAPDetail", SlbAPId=access_point(account, Protocol=protocol))
    names = {"EstablishedTimeout", "StickySession", "CookieTimeout", "SslCertId"}
    assert {name: value for name, value in shown.items() if name in names} == settings


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"EnvId": 99}, "Environment 99 does not exist."),
        ({"SlbId": "lb-x"}, "SLB lb-x does not exist."),
        ({"ListenerPort": 0}, "ListenerPort 0 is not a port number."),
        ({"RealServerPort": 65536}, "RealServerPort 65536 is not a port number."),
        ({"Protocol": "HTTPS", "SslCertId": "ssl-x"}, "Certificate ssl-x does not exist."),
        ({"Protocol": "HTTP", "SslCertId": "ssl-emu-1"}, "SslCertId does not apply to protocol HTTP."),
        ({"Protocol": "UDP", "EstablishedTimeout": 60}, "EstablishedTimeout does not apply to protocol UDP."),
        ({"CookieTimeout": 60}, "CookieTimeout does not apply to protocol TCP."),
        ({"Name": " "}, "Name must not be empty."),
    ],
)
def test_what_an_access_point_cannot_be(account: DirectAccount, more: dict[str, Any], message: str) -> None:
    assert account.error("CreateSlbAP", **slb_parameters(**more)) == message


def test_a_switch_that_is_off_fits_every_protocol(account: DirectAccount) -> None:
    shown = account.call("DescribeSlbAPDetail", SlbAPId=access_point(account, StickySession=0))
    assert "StickySession" not in shown


def test_a_listener_port_is_unique_on_its_slb(account: DirectAccount) -> None:
    slb_ap_id = access_point(account)
    text = account.error("CreateSlbAP", **slb_parameters(Protocol="UDP", Name="again"))
    assert text == "SLB lb-emu-intranet-1 has a listener on port 80 already."
    access_point(account, SlbId="lb-emu-internet-1")
    access_point(account, ListenerPort=81)
    account.call("DeleteSlbAP", SlbAPId=slb_ap_id)
    access_point(account)


def test_modifying_an_access_point(account: DirectAccount) -> None:
    slb_ap_id = access_point(account, Protocol="HTTPS")
    sent = {"Name": "new", "RealServerPort": 9090, "StickySession": 1, "CookieTimeout": 5, "SslCertId": "ssl-emu-1"}
    account.call("ModifySlbAP", SlbAPId=slb_ap_id, **sent)
    shown = account.call("DescribeSlbAPDetail", SlbAPId=slb_ap_id)
    assert {name: shown[name] for name in sent} == sent
    for wrong in ({"EstablishedTimeout": 60}, {"SslCertId": "ssl-x"}, {"RealServerPort": 0}, {"Name": ""}):
        account.error("ModifySlbAP", SlbAPId=slb_ap_id, **{"Name": "other", **wrong})
    account.call("ModifySlbAP", SlbAPId=slb_ap_id, StickySession=0)
    assert account.call("DescribeSlbAPDetail", SlbAPId=slb_ap_id)["StickySession"] == 0


@pytest.mark.parametrize("action", ["DescribeSlbAPDetail", "ModifySlbAP", "DeleteSlbAP"])
def test_unknown_access_points_are_named(account: DirectAccount, action: str) -> None:
    assert account.error(action, SlbAPId=99) == "SLB access point 99 does not exist."


def test_access_points_are_filtered(account: DirectAccount) -> None:
    first = access_point(account)
    second = access_point(account, Protocol="HTTP", SlbId="lb-emu-internet-1", Name="public")
    third = access_point(account, ListenerPort=81, EnvId=account.environment(10001, 30001, EnvName="b"))

    def found(**filters: Any) -> list[int]:
        return [one["SlbAPId"] for one in account.call("ListSlbAPs", AppId=10001, **filters)]

    assert found() == [first, second, third]
    assert found(EnvId=20001) == [first, second]
    assert found(Name="public") == found(NetworkMode="internet") == found(SlbId="lb-emu-internet-1") == [second]
    assert found(ProtocolList=["HTTP", "UDP"]) == [second]
    assert found(ProtocolList=["TCP"], EnvId=20001) == [first]
    other = account.app("other")
    assert account.call("ListSlbAPs", AppId=other) == []
    assert "does not belong to app" in account.error("ListSlbAPs", AppId=other, EnvId=20001)


def test_a_service_reads_back(account: DirectAccount) -> None:
    service_id = service(account, Headless=True)
    expected = {
        "AppId": 10001,
        "EnvId": 20001,
        "ServiceId": service_id,
        "Name": "Web",
        "ServiceType": "ClusterIP",
        "K8sServiceId": "web",
        "Headless": True,
        "ClusterIP": "None",
        "PortMappings": [PORT],
    }
    assert account.call("DescribeServiceDetail", ServiceId=service_id) == expected
    assert account.call("ListServices", AppId=10001) == [expected]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"EnvId": 99}, "Environment 99 does not exist."),
        ({"PortMappings": []}, "At least one port mapping is needed."),
        ({"PortMappings": [{**PORT, "NodePort": 30001}]}, "NodePort only applies to services of type NodePort."),
        ({"ServiceType": "NodePort", "Headless": True}, "Headless only applies to services of type ClusterIP."),
        ({"PortMappings": [PORT, {**PORT, "Port": 81}]}, "The port name http is there twice."),
        ({"PortMappings": [PORT, {**PORT, "Name": "b"}]}, "Port 80 TCP is there twice."),
        ({"PortMappings": [{**PORT, "Port": 70000}]}, "Port 70000 is not a port number."),
        ({"PortMappings": [{"Port": 80}]}, "PortMappings.1.Name is missing."),
        ({"PortMappings": [{**PORT, "TargetPort": " "}]}, "PortMappings.1.TargetPort is missing."),
    ],
)
def test_what_a_service_cannot_be(account: DirectAccount, more: dict[str, Any], message: str) -> None:
    assert account.error("CreateService", **service_parameters(**more)) == message


def test_the_kubernetes_name_is_unique_in_its_environment(account: DirectAccount) -> None:
    service(account)
    assert "has a service web already" in account.error("CreateService", **service_parameters())
    service(account, K8sServiceId="web-2")
    service(account, EnvId=account.environment(10001, 30001, EnvName="b"))


def test_one_port_number_may_carry_both_protocols(account: DirectAccount) -> None:
    service(account, PortMappings=[PORT, {**PORT, "Name": "u", "Protocol": "UDP"}])


def node_ports(account: DirectAccount, service_id: int) -> list[int]:
    """The node ports of a service."""
    return [one["NodePort"] for one in account.call("DescribeServiceDetail", ServiceId=service_id)["PortMappings"]]


def test_node_ports_are_given_and_kept(account: DirectAccount) -> None:
    other = {**PORT, "Name": "b", "Port": 81}
    first = service(account, ServiceType="NodePort", PortMappings=[{**PORT, "NodePort": 30000}, other])
    assert node_ports(account, first) == [30000, 30001]
    second = service(account, ServiceType="NodePort", K8sServiceId="two")
    assert node_ports(account, second) == [30002]
    account.call("ModifyService", ServiceId=first, PortMappings=[other, {**PORT, "Name": "c", "Port": 82}])
    assert node_ports(account, first) == [30001, 30000]
    assert "Headless" not in account.call("DescribeServiceDetail", ServiceId=first)


@pytest.mark.parametrize("node_port", [80, 29999, 32768, -1])
def test_node_ports_have_a_range(account: DirectAccount, node_port: int) -> None:
    given = service_parameters(ServiceType="NodePort", PortMappings=[{**PORT, "NodePort": node_port}])
    assert account.error("CreateService", **given) == f"NodePort {node_port} is not between 30000 and 32767."


def test_a_node_port_is_used_once(account: DirectAccount) -> None:
    mapping = {**PORT, "NodePort": 31000}
    service(account, ServiceType="NodePort", PortMappings=[mapping])
    for mappings in (
        [mapping],
        [{**mapping, "NodePort": 31001}, {**mapping, "Name": "b", "Port": 81, "NodePort": 31001}],
    ):
        given = service_parameters(ServiceType="NodePort", K8sServiceId="two", PortMappings=mappings)
        assert "is in use already" in account.error("CreateService", **given)


def test_node_ports_run_out(account: DirectAccount) -> None:
    every = [{**PORT, "Name": f"p{number}", "Port": number, "NodePort": 29999 + number} for number in range(1, 2769)]
    service(account, ServiceType="NodePort", PortMappings=every)
    given = service_parameters(ServiceType="NodePort", K8sServiceId="two")
    assert account.error("CreateService", **given) == "No node port is free."


def test_sent_port_mappings_replace_all(account: DirectAccount) -> None:
    service_id = service(account, PortMappings=[PORT, {**PORT, "Name": "b", "Port": 81}])
    account.call("ModifyService", ServiceId=service_id, Name="New")
    shown = account.call("DescribeServiceDetail", ServiceId=service_id)
    assert (shown["Name"], len(shown["PortMappings"])) == ("New", 2)
    account.call("ModifyService", ServiceId=service_id, PortMappings=[{**PORT, "TargetPort": "9090"}])
    shown = account.call("DescribeServiceDetail", ServiceId=service_id)
    assert (shown["Name"], shown["PortMappings"]) == ("New", [{**PORT, "TargetPort": "9090"}])
    for wrong in ([{"Port": 80}], [PORT, PORT], [{**PORT, "NodePort": 30001}]):
        account.error("ModifyService", ServiceId=service_id, Name="x", PortMappings=wrong)


def test_services_are_filtered_and_deleted(account: DirectAccount) -> None:
    first = service(account)
    second = service(account, ServiceType="NodePort", K8sServiceId="n", Name="Node")
    assert [one["ServiceId"] for one in account.call("ListServices", AppId=10001, ServiceType="NodePort")] == [second]
    assert [one["ServiceId"] for one in account.call("ListServices", AppId=10001, Name="Web", EnvId=20001)] == [first]
    account.call("DeleteService", ServiceId=first)
    assert [one["ServiceId"] for one in account.call("ListServices", AppId=10001)] == [second]
    for action in ("DescribeServiceDetail", "ModifyService", "DeleteService"):
        assert account.error(action, ServiceId=first) == f"Service {first} does not exist."
