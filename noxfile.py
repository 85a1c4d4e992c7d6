# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# /// script
# dependencies = ["nox>=2025.02.09", "antsibull-nox"]
# ///
"""The sessions that contributors to Ansible collections know; ``make nox`` brings nox along.

antsibull-nox makes most of them from antsibull-nox.toml. Its sessions for ansible-test take ansible-core from its
repository and run it in containers; those below do without. Its session for documentation makes no site. What stands
below is the Makefile's.
"""

from __future__ import annotations

import sys

import nox

try:
    import antsibull_nox
except ImportError:
    sys.exit("antsibull-nox is not installed in the environment of nox. `make nox` has both.")

nox.options.envdir = "build/nox"

antsibull_nox.load_antsibull_nox_toml()


@nox.session(name="docs-check", python=False)
def docs(session: nox.Session) -> None:
    """antsibull-docs lint-collection-docs, and the documentation as a site."""
    session.run("make", "docs", external=True)


@nox.session(name="ansible-test-sanity", python=False, default=False)
def sanity(session: nox.Session) -> None:
    """ansible-test sanity of the pinned ansible-core, on every Python found here."""
    session.run("make", "sanity", external=True)


@nox.session(name="ansible-test-integration", python=False, default=False)
def integration(session: nox.Session) -> None:
    """ansible-test integration of the pinned ansible-core against the emulator."""
    session.run("make", "integration", f"INTEGRATION_ARGS={' '.join(session.posargs)}", external=True)


@nox.session(name="matrix", python=False, default=False)
def matrix(session: nox.Session) -> None:
    """Sanity, parity and a part of the conformance tests on every supported ansible-core."""
    session.run("make", "matrix", f"MATRIX_ARGS={' '.join(session.posargs)}", external=True)


@nox.session(name="tests", python=False, default=False)
def tests(session: nox.Session) -> None:
    """Unit, fuzz and conformance tests."""
    session.run("make", "unit", "fuzz", "conformance", external=True)


if __name__ == "__main__":
    nox.main()
