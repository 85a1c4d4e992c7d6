# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must come out nowhere, the options that take them, and places to look for them.

Letters and digits stay as they are in every escaping, in URLs and in JSON, however often; a canary is found by these.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core import entry_points as entry
from ansible_collections.jst.retailcloud.plugins.plugin_utils.eligibility import MODULES

# Between two looks at what runs, in seconds.
PAUSE = 0.05


class Canaries:
    """Makes canaries, and finds them again."""

    def __init__(self) -> None:
        self._cores: dict[str, str] = {}

    def core(self, place: str) -> str:
        """The letters and digits of the canary for a place."""
        return self._cores.setdefault(place, f"Zq7Kx{len(self._cores):03}Wv9Jd")

    def text(self, place: str) -> str:
        """The canary for a place; it would do as a password, and looks different in every escaping."""
        return f"Aa1%&+={self.core(place)}"

    def lines(self, place: str) -> str:
        """The canary for a place in several lines, with what JSON, YAML and Python escape."""
        return f"first \"{self.core(f'{place}, first line')}\"\n\tC:\\{self.core(f'{place}, second line')} 'ü'\n"

    def documents(self, place: str) -> list[Any]:
        """The canaries for a place in Secrets: a mapping, YAML and JSON."""
        data = base64.b64encode(self.text(f"{place}, data").encode()).decode()
        plain = {"token": self.text(f"{place}, text"), "quoted": f'"\\{self.core(f"{place}, quoted")}'}
        mapping = secret("canary", data={"d": data}, stringData={**plain, "lines": self.lines(f"{place}, mapping")})
        written = secret("written", data={"d": data}, stringData={"lines": self.lines(f"{place}, YAML")})
        compact = secret("compact", stringData={"lines": self.lines(f"{place}, JSON")})
        return [mapping, yaml.safe_dump(written, allow_unicode=True, default_style="|"), json.dumps(compact)]

    def found(self, text: str) -> list[str]:
        """The places whose canary stands in a text, plain, escaped or in base64."""
        return [place for place, core in self._cores.items() if any(form in text for form in forms(core))]


def secret(name: str, **content: Mapping[str, str]) -> dict[str, Any]:
    """A document of kind Secret."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, **content}


def forms(core: str) -> Iterator[str]:
    """What a text looks like inside of longer ones: as it is, and in base64 behind any number of bytes."""
    yield core
    for before in range(3):
        whole = base64.b64encode(b"-" * before + core.encode() + b"-" * 3).decode()
        yield whole[(before * 8 + 5) // 6 : (before + len(core)) * 8 // 6]


def specification(module: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The argument specification with which a module begins."""
    specs: list[dict[str, Any]] = []

    class BegunError(Exception):
        """The module has begun."""

    def begin(**keywords: Any) -> None:
        specs.append(keywords["argument_spec"])
        raise BegunError

    with patch.context() as patched:
        patched.setattr(entry, "AnsibleModule", begin)
        with pytest.raises(BegunError):
            importlib.import_module(MODULES + module).main()
    return specs[0]


def secrets(spec: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of the options that are secret."""
    for name, option in spec.items():
        if option.get("no_log"):
            yield (*path, name)
        yield from secrets(option.get("options") or {}, (*path, name))


def filled(spec: Mapping[str, Any], given: Mapping[str, Any], where: str, canaries: Canaries) -> dict[str, Any]:
    """Options with something for all that is required, and a canary for all that is secret.

    :raises AssertionError: when there is no canary for a type of secret.
    """
    options = dict(given)
    for name, option in spec.items():
        place = f"{where} {name}"
        inner = option.get("options")
        if option.get("no_log"):
            kind = (option["type"], option.get("elements"))
            assert kind in (("str", None), ("list", "raw")), f"{place}: what is a canary of type {kind}?"
            options[name] = canaries.text(place) if kind[0] == "str" else canaries.documents(place)
        elif inner and (name in options or any(secrets(inner))):
            listed = option["type"] == "list"
            entries = [filled(inner, one, place, canaries) for one in (options.get(name) or [{}] if listed else [{}])]
            options[name] = entries if listed else filled(inner, options.get(name) or {}, place, canaries)
        elif option.get("required") and name not in options:
            options[name] = something(option)
    return options


def something(option: Mapping[str, Any]) -> Any:
    """A value that an option takes."""
    if option.get("choices"):
        value: Any = option["choices"][0]
    else:
        value = {"int": 1, "float": 1.0, "bool": False, "dict": {}}.get(option["type"], "shop")
    return [value] if option["type"] == "list" else value


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The name and the content of every file in a folder."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_text(encoding="utf-8", errors="replace")


class Processes:
    """Everything that runs for as long as a block does, by its titles and arguments.

    :ivar seen: as the system shows them.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> Processes:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(PAUSE):
            for process in filter(str.isdigit, os.listdir("/proc")):
                try:
                    self.seen.add(Path("/proc", process, "cmdline").read_text(encoding="utf-8", errors="replace"))
                except OSError:
                    continue  # It has ended meanwhile.
