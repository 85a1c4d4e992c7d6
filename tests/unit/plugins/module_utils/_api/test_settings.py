# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where settings come from, and what beats what."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import setting_sources
from ansible_collections.jst.retailcloud.plugins.module_utils._api import settings as settings_module
from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import ENV_VARS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError

PAIR = {"access_key_id": "opt-id", "access_key_secret": "opt-secret"}
ENV_PAIR = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "env-id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "env-secret"}


class Home:
    """A home folder with profiles in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / ".aliyun" / "config.json"

    def write(self, content: Any, path: Path | None = None) -> Path:
        path = path or self.config
        path.parent.mkdir(exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        path.chmod(0o600)
        return path

    def profiles(self, *profiles: dict[str, Any], current: str | None = "main") -> Path:
        return self.write({"current": current, "profiles": list(profiles)})

    def resolve(self, options: dict[str, Any] | None = None, /, **environ: str) -> settings_module.Settings:
        return settings_module.resolve_settings(options, {"HOME": str(self.path), **environ})

    def keys(self, options: dict[str, Any] | None = None, /, **environ: str) -> tuple[str, str, str | None]:
        keys = self.resolve(options, **environ).credential_provider.get_credentials()
        return keys.access_key_id, keys.access_key_secret, keys.security_token

    def failure(self, options: dict[str, Any] | None = None, /, **environ: str) -> ConfigError:
        with pytest.raises(ConfigError) as caught:
            self.resolve(options, **environ)
        return caught.value


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def profile(name: str = "main", mode: str = "AK", **fields: Any) -> dict[str, Any]:
    keys = {"access_key_id": f"{name}-id", "access_key_secret": f"{name}-secret"}
    return {"name": name, "mode": mode, **keys, **fields}


# Precedence


def test_options_beat_the_environment_which_beats_the_profile(home: Home) -> None:
    assert "No credentials" in home.failure().message
    home.profiles(profile())
    assert home.keys() == ("main-id", "main-secret", None)
    assert home.keys(**ENV_PAIR) == ("env-id", "env-secret", None)
    assert home.keys(PAIR, **ENV_PAIR) == ("opt-id", "opt-secret", None)


def test_a_profile_or_a_file_that_is_an_option_beats_the_environment(home: Home) -> None:
    home.profiles(profile(), profile("other"))
    assert home.keys({"profile": "other"}, **ENV_PAIR)[0] == "other-id"
    assert home.keys({"config_file": str(home.config)}, **ENV_PAIR)[0] == "main-id"
    assert home.keys({"profile": "other", **PAIR}, **ENV_PAIR)[0] == "opt-id"


def test_a_profile_that_the_environment_names(home: Home) -> None:
    home.profiles(profile(), profile("other"))
    assert home.keys(ALIBABA_CLOUD_PROFILE="other")[0] == "other-id"
    assert home.keys(ALIBABA_CLOUD_PROFILE="other", **ENV_PAIR)[0] == "env-id"
    assert home.keys({"profile": "main"}, ALIBABA_CLOUD_PROFILE="other")[0] == "main-id"


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_is_empty_is_not_given(home: Home, nothing: Any) -> None:
    options = {"access_key_id": nothing, "access_key_secret": nothing, "profile": nothing, "region": nothing}
    assert home.keys(options, ALIBABA_CLOUD_SECURITY_TOKEN="", **ENV_PAIR) == ("env-id", "env-secret", None)


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENV_PAIR.items():
        monkeypatch.setenv(name, value)
    assert settings_module.resolve_settings({}).credential_provider.get_credentials().access_key_id == "env-id"


def test_tokens_stay_with_their_pair(home: Home) -> None:
    token = {"ALIBABA_CLOUD_SECURITY_TOKEN": "env-token"}
    assert home.keys(**ENV_PAIR, **token) == ("env-id", "env-secret", "env-token")
    assert home.keys(PAIR, **ENV_PAIR, **token) == ("opt-id", "opt-secret", None)
    assert home.keys({**PAIR, "security_token": "opt-token"}, **token) == ("opt-id", "opt-secret", "opt-token")


@pytest.mark.parametrize(
    ("options", "environ", "missing", "given"),
    [
        ({"access_key_id": "opt-id"}, {}, "access_key_secret", "access_key_id is given by options"),
        ({"access_key_secret": "s"}, {}, "access_key_id", "access_key_secret is given by options"),
        ({"access_key_id": "opt-id"}, ENV_PAIR, "access_key_secret", "access_key_id is given by options"),
        ({}, {"ALICLOUD_ACCESS_KEY": "i"}, "access_key_secret", "environment variable ALICLOUD_ACCESS_KEY"),
        ({}, {"ALICLOUD_SECRET_KEY": "s"}, "access_key_id", "environment variable ALICLOUD_SECRET_KEY"),
    ],
)
def test_half_a_pair(home: Home, options: Any, environ: Any, missing: str, given: str) -> None:
    error = home.failure(options, **environ)
    assert error.message.endswith(f", and {missing} is not.")
    assert given in error.message


def test_a_token_alone(home: Home) -> None:
    assert "without access_key_id" in home.failure({"security_token": "t"}, **ENV_PAIR).message


def test_the_other_half_may_come_from_the_environment_if_it_is_no_half_of_another_pair(home: Home) -> None:
    secret = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "env-secret", "ALIBABA_CLOUD_SECURITY_TOKEN": "env-token"}
    assert home.keys({"access_key_id": "opt-id"}, **secret) == ("opt-id", "env-secret", "env-token")
    assert home.keys({"access_key_id": "env-id"}, **ENV_PAIR) == ("env-id", "env-secret", None)


def test_no_credentials_lists_the_three_ways(home: Home) -> None:
    hint = str(home.failure().hint)
    assert "access_key_id and access_key_secret as options" in hint
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET" in hint
    assert "aliyun configure" in hint


@pytest.mark.parametrize("name", ["access_key_id", "access_key_secret", "security_token"])
@pytest.mark.parametrize("value", ["line\n", "key\u00e9", "\x00"])
def test_a_key_that_cannot_be_sent(home: Home, name: str, value: str) -> None:
    error = home.failure({**PAIR, name: value})
    assert name in error.message
    assert value not in f"{error!r} {error.hint}"


# Environment variables

OPTIONS = [name for name in ENV_VARS if name in {*PAIR, "security_token", *setting_sources.DEFAULTS, "ca_path"}]


@pytest.mark.parametrize(("option", "variable"), [(name, word) for name in OPTIONS for word in ENV_VARS[name]])
def test_every_variable_stands_in_for_its_option(home: Home, option: str, variable: str) -> None:
    values = {
        "region": "cn-zhangjiakou",
        "endpoint": "https://from.env",
        "validate_certs": "no",
        "connect_timeout": "7",
        "read_timeout": "8",
        "retry_timeout": "0",
        "signature_version": "1.0",
    }
    value = values.get(option, "from-env")
    environ = {**ENV_PAIR, variable: value}
    for rival in ENV_VARS[option]:
        if rival != variable:
            environ.pop(rival, None)
    settings = home.resolve({}, **environ)
    found = {**settings._asdict(), **vars(settings.credential_provider.get_credentials())}
    assert found[option] == {"no": False, "7": 7.0, "8": 8.0, "0": 0.0}.get(value, value)


@pytest.mark.parametrize("variable", ENV_VARS["config_file"])
def test_every_variable_for_the_file(home: Home, variable: str) -> None:
    path = home.write({"current": "main", "profiles": [profile()]}, home.path / "elsewhere.json")
    assert home.keys(**{variable: str(path)})[0] == "main-id"


@pytest.mark.parametrize("variable", ENV_VARS["profile"])
def test_every_variable_for_the_profile(home: Home, variable: str) -> None:
    home.profiles(profile(), profile("other"))
    assert home.keys(**{variable: "other"})[0] == "other-id"


def test_the_vendors_own_name_comes_first(home: Home) -> None:
    other = {"ALICLOUD_ACCESS_KEY": "other-id", "ALICLOUD_SECRET_KEY": "other-secret"}
    assert home.keys(**other, **ENV_PAIR)[0] == "env-id"
    assert home.keys(**other)[0] == "other-id"


@pytest.mark.parametrize("variable", ENV_VARS["profile_disabled"])
def test_the_profile_can_be_switched_off(home: Home, variable: str) -> None:
    home.profiles(profile())
    assert "No credentials" in home.failure(**{variable: "TRUE"}).message
    assert home.keys({"profile": "main"}, **{variable: "true"})[0] == "main-id"
    assert home.keys(**{variable: "false"})[0] == "main-id"


# Settings beside keys


def test_defaults(home: Home) -> None:
    settings = home.resolve(PAIR)
    assert (settings.endpoint, settings.region) == ("https://retailcloud.aliyuncs.com", None)
    assert (settings.connect_timeout, settings.read_timeout, settings.retry_timeout) == (5.0, 10.0, 60.0)
    assert (settings.validate_certs, settings.ca_path, settings.signature_version) == (True, None, "acs3")
    assert settings.warnings == ()


def test_region_and_endpoint_of_a_profile(home: Home) -> None:
    home.profiles(profile(region_id="cn-beijing", endpoint="retailcloud.example"))
    settings = home.resolve()
    assert (settings.region, settings.endpoint) == ("cn-beijing", "https://retailcloud.example")
    assert home.resolve(ALICLOUD_REGION="cn-shanghai").region == "cn-shanghai"
    assert home.resolve({"region": "cn-qingdao"}, ALICLOUD_REGION="cn-shanghai").region == "cn-qingdao"
    assert home.resolve(PAIR).region is None
    assert home.resolve({**PAIR, "profile": "main"}).region == "cn-beijing"


@pytest.mark.parametrize(
    ("options", "environ", "where"),
    [
        ({"region": "no region"}, {}, "option region"),
        ({}, {"ALICLOUD_REGION": "no region"}, "environment variable ALICLOUD_REGION"),
        ({"profile": "main"}, {}, "region in profile main of"),
    ],
)
def test_a_region_is_not_checked_where_nothing_uses_it(home: Home, options: Any, environ: Any, where: str) -> None:
    home.profiles(profile(region_id="no region"))
    settings = home.resolve({**PAIR, **options}, **environ)
    assert settings.region == "no region"
    assert settings.region_origin.startswith(where)


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [
        ("retailcloud.aliyuncs.com", "https://retailcloud.aliyuncs.com"),
        ("retailcloud.aliyuncs.com:8443", "https://retailcloud.aliyuncs.com:8443"),
        ("https://retailcloud.aliyuncs.com/", "https://retailcloud.aliyuncs.com"),
        ("http://127.0.0.1:8480", "http://127.0.0.1:8480"),
        ("http://localhost:8480", "http://localhost:8480"),
        ("http://[::1]:8480", "http://[::1]:8480"),
        (" 127.0.0.1:8480 ", "https://127.0.0.1:8480"),
    ],
)
def test_endpoints(home: Home, given: str, endpoint: str) -> None:
    settings = home.resolve({**PAIR, "endpoint": given})
    assert (settings.endpoint, settings.warnings) == (endpoint, ())


@pytest.mark.parametrize(
    "given",
    [
        "https://host/path",
        "https://host?a=b",
        "https://host#a",
        "https://user:hush@host",
        "user:hush@host",
        "ftp://host",
        "https://",
        "host:port",
        "host:99999",
        "two hosts",
        "h\u00f6st.example",
        "https://[::1",
    ],
)
def test_endpoints_that_are_none(home: Home, given: str) -> None:
    error = home.failure({**PAIR, "endpoint": given})
    assert "endpoint" in error.message
    assert "hush" not in error.message


def test_an_endpoint_without_encryption_is_worth_a_warning(home: Home) -> None:
    (warning,) = home.resolve({**PAIR, "endpoint": "http://retailcloud.example"}).warnings
    assert "not encrypted" in warning


@pytest.mark.parametrize(
    ("endpoint", "validate_certs", "warned"),
    [
        ("https://retailcloud.example:8443", False, True),
        ("https://retailcloud.example:8443", True, False),
        ("https://127.0.0.1:8443", False, False),
    ],
)
def test_certificates_that_nobody_looks_at_are_worth_a_warning(
    home: Home, endpoint: str, validate_certs: bool, warned: bool
) -> None:
    warnings = home.resolve({**PAIR, "endpoint": endpoint, "validate_certs": validate_certs}).warnings
    assert [f"The certificate of {endpoint} is not checked" in warning for warning in warnings] == [True] * warned


def test_certificates_may_start_at_home(home: Home) -> None:
    assert home.resolve(PAIR, JST_CA_PATH="~/ca.pem").ca_path == str(home.path / "ca.pem")
    assert home.resolve({**PAIR, "ca_path": "/etc/ca.pem"}).ca_path == "/etc/ca.pem"


@pytest.mark.parametrize(("given", "flag"), [(True, True), (False, False), ("yes", True), ("False", False), (0, False)])
def test_flags(home: Home, given: Any, flag: bool) -> None:
    assert home.resolve({**PAIR, "validate_certs": given}).validate_certs is flag


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("validate_certs", "perhaps", "true or false"),
        ("connect_timeout", 0, "a number of seconds greater than 0 and at most 1000000000"),
        ("connect_timeout", "soon", "a number of seconds greater than 0 and at most 1000000000"),
        ("read_timeout", -1, "a number of seconds greater than 0 and at most 1000000000"),
        ("read_timeout", float("inf"), "a number of seconds greater than 0 and at most 1000000000"),
        ("retry_timeout", -1, "a number of seconds from 0 to 1000000000"),
        ("retry_timeout", float("nan"), "a number of seconds from 0 to 1000000000"),
        ("signature_version", "2.0", "one of acs3, 1.0"),
    ],
)
def test_values_that_are_none(home: Home, option: str, value: Any, wanted: str) -> None:
    error = home.failure({**PAIR, option: value})
    assert error.message.startswith(f"The value of option {option} must be ")
    assert wanted in error.message


def test_a_signature_version_may_come_as_a_number(home: Home) -> None:
    assert home.resolve({**PAIR, "signature_version": 1.0}).signature_version == "1.0"


# Profiles


def test_the_modes_that_need_nobody_else(home: Home) -> None:
    home.profiles(profile(), profile("sts", "StsToken", sts_token="t"))
    assert home.keys() == ("main-id", "main-secret", None)
    assert home.keys({"profile": "sts"}) == ("sts-id", "sts-secret", "t")


def test_a_file_elsewhere_may_start_at_home(home: Home) -> None:
    home.write({"current": "main", "profiles": [profile()]}, home.path / "my.json")
    assert home.keys({"config_file": "~/my.json"})[0] == "main-id"


def test_an_unknown_profile_brings_those_that_exist(home: Home) -> None:
    path = home.profiles(profile(), profile("production"))
    error = home.failure({"profile": "produktion"})
    assert error.message == f"File {path} has no profile 'produktion'."
    assert "production" in str(error.hint)
    assert "main" in str(home.failure({"profile": "zzzzzzz"}).hint)
    assert "secret" not in f"{error!r} {error.hint}"


def test_no_current_profile(home: Home) -> None:
    path = home.profiles(profile(), current=None)
    assert home.failure().message == f"File {path} names no current profile."


def test_a_profile_in_a_file_that_is_not_there(home: Home) -> None:
    assert home.failure({"profile": "main"}).message == f"Could not read {home.config}: No such file or directory."


def test_a_file_that_is_a_folder(home: Home) -> None:
    assert f"Could not read {home.path}" in home.failure({"config_file": str(home.path)}).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"current": "unit-secret', "is not valid JSON (line 1, column"),
        ("unit-secret", "is not valid JSON"),
        ("", "is not valid JSON"),
        ('["unit-secret"]', "has no list of profiles"),
        ('{"profiles": "unit-secret"}', "has no list of profiles"),
        ('{"current": "main", "profiles": ["unit-secret"]}', "has no profile 'main'"),
    ],
)
def test_a_broken_file_is_named_and_not_shown(home: Home, content: str, words: str) -> None:
    path = home.write(content)
    error = home.failure()
    assert str(path) in error.message
    assert words in error.message
    assert "unit-secret" not in f"{error!r} {error.hint}"


def test_a_file_that_cannot_be_opened(home: Home) -> None:
    home.config.parent.mkdir()
    home.config.symlink_to(home.config)  # nobody can, whoever runs the tests
    error = home.failure({"profile": "main"})
    assert error.message == f"Could not read {home.config}: {os.strerror(errno.ELOOP)}."


def test_a_file_as_windows_writes_it(home: Home) -> None:
    content = json.dumps({"current": "main", "profiles": [profile()]}, indent=2)
    home.write("{}").write_bytes(content.replace("\n", "\r\n").encode("utf-8-sig"))
    assert home.keys() == ("main-id", "main-secret", None)


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": os.devnull}])
def test_nobody_needs_a_home(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", os.devnull)
    with pytest.raises(ConfigError, match="No credentials were found"):
        settings_module.resolve_settings({}, environ)
    assert (
        settings_module.resolve_settings({}, {**environ, **ENV_PAIR})
        .credential_provider.get_credentials()
        .access_key_id
        == "env-id"
    )


def test_a_file_that_is_no_text(home: Home) -> None:
    home.write("{}").write_bytes(b"{\xff\xfe")
    assert "not a text file" in home.failure().message


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"access_key_id": ""}, "no access_key_id"),
        ({"access_key_secret": None}, "no access_key_secret"),
        ({"access_key_id": "", "access_key_secret": ""}, "no access_key_id and no access_key_secret"),
        ({"mode": "StsToken"}, "no sts_token"),
    ],
)
def test_an_incomplete_profile(home: Home, fields: dict[str, Any], missing: str) -> None:
    path = home.profiles({**profile(), **fields})
    assert home.failure().message == f"Profile main of {path} has {missing}."


def test_a_mode_that_nobody_knows(home: Home) -> None:
    home.profiles(profile(mode="RamRoleArnn"))
    error = home.failure()
    assert "mode 'RamRoleArnn', which is not supported" in error.message
    assert str(error.hint).startswith("Did you mean RamRoleArn")


@pytest.mark.parametrize(("mode", "warned"), [(0o604, True), (0o600, False), (0o640, False)])
def test_a_file_that_everyone_can_read(home: Home, mode: int, warned: bool) -> None:
    home.profiles(profile()).chmod(mode)
    warnings = home.resolve().warnings
    assert any("everyone on this machine" in warning for warning in warnings) is warned


def test_a_readable_file_without_secrets_is_fine(home: Home, vendor: Path) -> None:
    home.profiles({"name": "main", "mode": "EcsRamRole", "ram_role_name": "r"}).chmod(0o644)
    assert home.resolve().warnings == ()


# What the vendor's package obtains

VENDOR = {
    "__init__.py": "",
    "models.py": """
class Config:
    def __init__(self, **given):
        self.given = given
""",
    "provider.py": """
class CLIProfileCredentialsProvider:
    def __init__(self, **given):
        self.given = {"provider": "cli", **given}

class ProfileCredentialsProvider:
    def __init__(self, **given):
        self.given = {"provider": "ini", **given}
""",
    "client.py": """
import logging
import types
asked = []
made = 0

class Client:
    def __init__(self, config=None, provider=None):
        global made
        made += 1
        self.given = (config or provider).given

    def get_credential(self):
        asked.append(self.given)
        if self.given.get("role_name") == "broken":
            logging.getLogger("credentials").error("GET /?SecurityToken=unit-secret")
            raise RuntimeError('result: {"Code":"EntityNotExist.Role","Secret":"unit-secret"}')
        if self.given.get("role_name") == "empty":
            return types.SimpleNamespace(access_key_id="i", access_key_secret="", security_token="")
        token = f"token-{len(asked)}"
        return types.SimpleNamespace(access_key_id="vendor-id", access_key_secret="s", security_token=token)
""",
}


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for the vendor's package that notes what it is asked for."""
    package = tmp_path / "site" / "alibabacloud_credentials"
    package.mkdir(parents=True)
    for name, content in VENDOR.items():
        (package / name).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == package.name]:
        del sys.modules[name]


def asked() -> list[dict[str, Any]]:
    module: Any = sys.modules["alibabacloud_credentials.client"]
    given: list[dict[str, Any]] = module.asked
    return given


ROLE: dict[str, Any] = {"ram_role_arn": "acs:ram::1:role/r", "ram_session_name": "ansible", "expired_seconds": 900}
ROLE_CONFIG = {"role_arn": "acs:ram::1:role/r", "role_session_name": "ansible", "role_session_expiration": 900}


@pytest.mark.parametrize(
    ("fields", "config"),
    [
        (
            profile(mode="RamRoleArn", sts_region="cn-beijing", external_id="x", **ROLE),
            {
                "type": "ram_role_arn",
                "access_key_id": "main-id",
                "access_key_secret": "main-secret",
                "external_id": "x",
                "sts_endpoint": "sts.cn-beijing.aliyuncs.com",
                **ROLE_CONFIG,
            },
        ),
        ({"name": "main", "mode": "EcsRamRole", "ram_role_name": "r"}, {"type": "ecs_ram_role", "role_name": "r"}),
        (
            {"name": "main", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token_file": "/t", **ROLE},
            {"type": "oidc_role_arn", "oidc_provider_arn": "p", "oidc_token_file_path": "/t", **ROLE_CONFIG},
        ),
        (
            {"name": "main", "mode": "CredentialsURI", "credentials_uri": "http://127.0.0.1/"},
            {"type": "credentials_uri", "credentials_uri": "http://127.0.0.1/"},
        ),
    ],
)
def test_modes_that_the_package_is_told_about(home: Home, vendor: Path, fields: Any, config: Any) -> None:
    home.profiles(fields)
    assert home.keys()[0] == "vendor-id"
    assert asked() == [config]


@pytest.mark.parametrize("mode", ["ChainableRamRoleArn", "CloudSSO", "External", "OAuth"])
def test_modes_that_the_package_reads_itself(home: Home, vendor: Path, mode: str) -> None:
    path = home.profiles({"name": "main", "mode": mode})
    assert home.keys()[0] == "vendor-id"
    assert asked() == [{"provider": "cli", "profile_name": "main", "profile_file": str(path)}]


def test_an_ini_file(home: Home, vendor: Path) -> None:
    path = home.write("# mine\n[default]\ntype = access_key\n", home.path / "credentials")
    home.keys(ALIBABA_CLOUD_CREDENTIALS_FILE=str(path))
    home.keys({"config_file": str(path), "profile": "other"})
    assert [given["profile_name"] for given in asked()] == ["default", "other"]
    assert asked()[0]["provider"] == "ini"


@pytest.mark.parametrize(
    ("environ", "config"),
    [
        (
            {
                "ALIBABA_CLOUD_ROLE_ARN": "r",
                "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p",
                "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/t",
            },
            {"type": "oidc_role_arn", "role_arn": "r", "oidc_provider_arn": "p", "oidc_token_file_path": "/t"},
        ),
        (
            {**ENV_PAIR, "ALICLOUD_ASSUME_ROLE_ARN": "r", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "900"},
            {
                "type": "ram_role_arn",
                "access_key_id": "env-id",
                "access_key_secret": "env-secret",
                "role_arn": "r",
                "role_session_expiration": 900,
            },
        ),
        ({"ALIBABA_CLOUD_ECS_METADATA": "r"}, {"type": "ecs_ram_role", "role_name": "r"}),
        ({"ALIBABA_CLOUD_CREDENTIALS_URI": "http://u"}, {"type": "credentials_uri", "credentials_uri": "http://u"}),
    ],
)
def test_other_sources_of_the_environment(home: Home, vendor: Path, environ: Any, config: Any) -> None:
    home.profiles(profile())
    assert home.keys(**environ)[0] == "vendor-id"
    assert asked() == [config]


STS_ENDPOINT = {"ALIBABA_CLOUD_STS_ENDPOINT": "sts-vpc.cn-beijing.aliyuncs.com"}
STS_REGION = {"ALIBABA_CLOUD_STS_REGION": "cn-hangzhou"}
STS_VPC = {"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true"}
STS_FIELDS = {"sts_endpoint": "sts.cn-shanghai.aliyuncs.com", "sts_region": "cn-shenzhen"}
OIDC_ENVIRON = {
    "ALIBABA_CLOUD_ROLE_ARN": "r",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/t",
}


@pytest.mark.parametrize(
    ("fields", "environ", "endpoint"),
    [
        ({}, {}, None),
        ({}, STS_VPC, None),
        ({}, STS_ENDPOINT, "sts-vpc.cn-beijing.aliyuncs.com"),
        ({}, {"ALIBABACLOUD_STS_ENDPOINT": "https://127.0.0.1:8443"}, "127.0.0.1:8443"),
        ({}, STS_REGION, "sts.cn-hangzhou.aliyuncs.com"),
        ({}, {**STS_REGION, **STS_VPC}, "sts-vpc.cn-hangzhou.aliyuncs.com"),
        ({}, {**STS_REGION, **STS_VPC, **STS_ENDPOINT}, "sts-vpc.cn-beijing.aliyuncs.com"),
        (STS_FIELDS, {**STS_REGION, **STS_ENDPOINT}, "sts.cn-shanghai.aliyuncs.com"),
        ({"sts_region": "cn-shenzhen"}, STS_ENDPOINT, "sts.cn-shenzhen.aliyuncs.com"),
        ({"sts_region": "cn-shenzhen"}, STS_VPC, "sts-vpc.cn-shenzhen.aliyuncs.com"),
        ({"sts_region": "cn-shenzhen", "enable_vpc": False}, STS_VPC, "sts.cn-shenzhen.aliyuncs.com"),
        ({"sts_region": "cn-shenzhen", "enable_vpc": True}, {}, "sts-vpc.cn-shenzhen.aliyuncs.com"),
    ],
)
@pytest.mark.parametrize("mode", ["RamRoleArn", "OIDC", "EcsRamRole"])
def test_the_endpoint_of_sts(
    home: Home, vendor: Path, mode: str, fields: dict[str, Any], environ: dict[str, str], endpoint: str | None
) -> None:
    """A profile takes precedence over the environment, and an endpoint over a region. ECS needs no STS."""
    home.profiles(profile(mode=mode, oidc_provider_arn="p", oidc_token_file="/t", ram_role_name="r", **ROLE, **fields))
    home.keys(**environ)
    [given] = asked()
    assert given.get("sts_endpoint") == (None if mode == "EcsRamRole" else endpoint)
    if not fields:
        home.keys(**environ, **OIDC_ENVIRON)
        home.keys(**environ, **ENV_PAIR, ALIBABA_CLOUD_ROLE_ARN="r")
        assert [given["type"] for given in asked()[1:]] == ["oidc_role_arn", "ram_role_arn"]
        assert [given.get("sts_endpoint") for given in asked()[1:]] == [endpoint, endpoint]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALIBABA_CLOUD_STS_ENDPOINT", "https://user:hush@sts.aliyuncs.com"),
        ("ALIBABA_CLOUD_STS_ENDPOINT", "http://sts.aliyuncs.com/hush"),
        ("ALIBABA_CLOUD_STS_ENDPOINT", "sts.aliyuncs.com?hush"),
        ("ALIBABA_CLOUD_STS_REGION", "example.com/hush"),
    ],
)
def test_an_endpoint_of_sts_that_is_none(home: Home, vendor: Path, variable: str, value: str) -> None:
    """The variable is named, and its value is not repeated. Nothing is called."""
    error = home.failure(**OIDC_ENVIRON, **{variable: value})
    assert f"(environment variable {variable}) must be " in error.message
    assert "hush" not in f"{error!r} {error.hint}"
    assert "alibabacloud_credentials.client" not in sys.modules


def test_an_identity_tells_accounts_apart_and_holds_no_secret(home: Home, vendor: Path) -> None:
    """It is known without the keys that the package obtains, since each process of a run gets others."""
    home.profiles(profile(), profile("role", "RamRoleArn", **ROLE, sts_token="role-token"))
    role = {"ALICLOUD_ASSUME_ROLE_ARN": "r"}
    sources: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({}, {}),
        (PAIR, {}),
        ({}, ENV_PAIR),
        ({"profile": "role"}, {}),
        ({}, {**ENV_PAIR, **role}),
        ({}, {**ENV_PAIR, "ALICLOUD_ASSUME_ROLE_ARN": "another"}),
        ({}, {**role, **ENV_PAIR, "ALIBABA_CLOUD_ACCESS_KEY_ID": "another-id"}),
        ({}, {"ALIBABA_CLOUD_ECS_METADATA": "r"}),
    ]
    found = [
        [home.resolve(options, **environ).credential_provider.identity for options, environ in sources]
        for _dummy in range(2)
    ]
    assert found[0] == found[1]
    assert len(set(found[0])) == len(sources)
    assert not [identity for identity in found[0] if "secret" in identity or "token" in identity]
    assert asked() == []


def test_a_pair_is_used_as_it_is_where_the_role_is_for_oidc(home: Home, vendor: Path) -> None:
    oidc = {"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/t"}
    assert home.keys(ALIBABA_CLOUD_ROLE_ARN="r", **oidc, **ENV_PAIR)[0] == "env-id"


def test_the_metadata_server_is_never_asked_unasked(home: Home, vendor: Path) -> None:
    assert "No credentials" in home.failure().message
    switches = {"ALIBABA_CLOUD_ECS_METADATA": "r", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    assert "No credentials" in home.failure(**switches).message
    assert "alibabacloud_credentials.client" not in sys.modules


def test_a_duration_that_is_none(home: Home) -> None:
    error = home.failure(ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION="long", **ENV_PAIR)
    assert "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION is not a whole number" in error.message


def test_the_package_is_named_where_it_is_missing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alibabacloud_credentials", None)
    error = home.failure(ALIBABA_CLOUD_ECS_METADATA="r")
    assert "The Python package alibabacloud_credentials cannot be imported" in error.message
    assert "pip install alibabacloud_credentials" in str(error.hint)


def test_what_the_package_says_is_not_repeated(
    home: Home, vendor: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    provider = home.resolve(ALIBABA_CLOUD_ECS_METADATA="broken").credential_provider
    with pytest.raises(ConfigError, match=r"failed with RuntimeError \(EntityNotExist\.Role\)") as caught:
        provider.get_credentials()
    assert "unit-secret" not in repr(caught.value)
    assert "unit-secret" not in f"{capsys.readouterr()} {caplog.text}"


def test_an_incomplete_pair_of_the_package(home: Home, vendor: Path) -> None:
    with pytest.raises(ConfigError, match="incomplete key pair"):
        home.resolve(ALIBABA_CLOUD_ECS_METADATA="empty").credential_provider.get_credentials()


def test_the_package_is_asked_again_for_a_token_that_expired(home: Home, vendor: Path) -> None:
    provider = home.resolve(ALIBABA_CLOUD_ECS_METADATA="r").credential_provider
    clients: Any = sys.modules["alibabacloud_credentials.client"]
    first = provider.get_credentials()
    assert first.security_token == "token-1"
    assert provider.refresh(first) is True
    second = provider.get_credentials()
    assert second.security_token == "token-2"
    made = clients.made
    assert provider.refresh(first) is True  # somebody else renewed them meanwhile
    provider.get_credentials()
    assert (made, clients.made) == (2, 2)


def test_keys_in_a_file_are_newer_only_if_they_changed(home: Home) -> None:
    home.profiles(profile("main", "StsToken", sts_token="old"))
    provider = home.resolve().credential_provider
    old = provider.get_credentials()
    assert provider.refresh(old) is False
    home.profiles(profile("main", "StsToken", sts_token="new"))
    assert provider.refresh(old) is True
    assert provider.get_credentials().security_token == "new"
    assert provider.refresh(old) is True  # as another thread finds out that its request was signed with the old one


def test_keys_that_cannot_be_read_again(home: Home) -> None:
    home.profiles(profile("main", "StsToken", sts_token="old"))
    provider = home.resolve().credential_provider
    home.write("")
    with pytest.raises(ConfigError, match="is not valid JSON"):
        provider.refresh(provider.get_credentials())


def test_nothing_shows_a_secret(home: Home) -> None:
    path = home.profiles(profile("main", "StsToken", sts_token="unit-token"))
    settings = home.resolve()
    shown = f"{settings!r} {settings.credential_provider!r} {settings.credential_provider.get_credentials()!r}"
    assert "main-secret" not in shown
    assert "unit-token" not in shown
    assert os.fspath(path) in shown


def test_the_bound_of_a_response_comes_from_the_environment() -> None:
    assert settings_module.resolve_settings(PAIR, {}).max_response_bytes == 64 * 2**20
    assert settings_module.resolve_settings(PAIR, {"JST_MAX_RESPONSE_BYTES": "1000"}).max_response_bytes == 1000
    for value in ("0", "-1", "1e3", "many", "\u0661", "9" * 30):
        with pytest.raises(ConfigError, match="JST_MAX_RESPONSE_BYTES must be a whole number of at least 1"):
            settings_module.resolve_settings(PAIR, {"JST_MAX_RESPONSE_BYTES": value})
