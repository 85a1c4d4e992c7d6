# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all records: a key, and metadata of fields for loading and showing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any, ClassVar


def field_meta(
    *,
    choices: tuple[Any, ...] = (),
    ref: str | None = None,
    secret: bool = False,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return metadata of a dataclass field.

    :param choices: the only values in a world file; of a mapping, the only values in it.
    :param ref: the table that has to have the value as a key, unless it is None.
    :param secret: whether snapshots mask the value.
    :param more: further metadata.
    """
    return {"choices": choices, "ref": ref, "secret": secret, **(more or {})}


# pylint reports a call of field() outside of a dataclass as a mistake.
_FIELD: Callable[..., Any] = vars(dataclasses)["field"]


def attr(default: Any = MISSING, **kwargs: Any) -> Any:
    """Return a dataclass field with metadata; without *default* a value is required."""
    return _FIELD(default=default, metadata=field_meta(**kwargs))


@dataclass(kw_only=True)
class Record:
    """A record of the world. Times (``..._at``) are virtual epoch seconds."""

    #: The fields that identify a record in its table.
    KEY: ClassVar[tuple[str, ...]] = ()
    #: The first id, when the platform counts the key up.
    FIRST_ID: ClassVar[int | None] = None

    def key(self) -> Any:
        """Return the key in its table: the value of the key field, or a tuple of several."""
        values = tuple(getattr(self, name) for name in self.KEY)
        return values[0] if len(values) == 1 else values
