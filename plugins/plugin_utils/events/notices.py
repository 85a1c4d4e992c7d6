# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of the source in the log, each once."""

from __future__ import annotations

import logging

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError

LOGGER = logging.getLogger("jst.retailcloud.jst")
# ansible-rulebook shows only warnings by default. The first line of a source should also be visible.
LOGGER.setLevel(logging.INFO)

MAX_TOLD = 1000
"""The maximum number of logged messages to remember, and of rejected subjects."""


class Notices:
    """Log what a person should know, and not again in each round."""

    def __init__(self) -> None:
        self._told: dict[str, None] = {}
        self._refused: dict[str, None] = {}

    def tell(self, text: str) -> None:
        """Log a message once."""
        if _remember(self._told, text):
            LOGGER.warning("%s", text)

    def refused(self, subject: str, error: ApiError) -> None:
        """Log that the service rejects a reading, once until the reading works again.

        :param subject: what cannot be read, in words.
        """
        if _remember(self._refused, subject):
            LOGGER.warning("%s cannot be read: %s (%s)", subject, error.message, error.source)

    def readable(self, subject: str) -> None:
        """Log that a reading works again, if the service rejected it before."""
        if subject in self._refused:
            del self._refused[subject]
            LOGGER.warning("%s can be read again.", subject)


def _remember(known: dict[str, None], text: str) -> bool:
    """Return whether a text is new."""
    if text in known:
        return False
    known[text] = None
    if len(known) > MAX_TOLD:
        del known[next(iter(known))]
    return True
