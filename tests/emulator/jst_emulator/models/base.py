# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all records of the world have in common: a key, and field_meta on their fields that loading and showing obey."""

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
    """Metadata of a dataclass field.

    :param choices: the only values a world file may hold (of a mapping: the only values in it).
    :param ref: table whose keys the value (when not None) has to be one of.
    :param secret: masked in snapshots.
    :param more: further metadata.
    """
    return {"choices": choices, "ref": ref, "secret": secret, **(more or {})}


# A call of field() outside of a dataclass looks like a mistake to pylint; here it is the point.
_FIELD: Callable[..., Any] = vars(dataclasses)["field"]


def attr(default: Any = MISSING, **kwargs: Any) -> Any:
    """Return a dataclass field with metadata; without *default* a value is required."""
    return _FIELD(default=default, metadata=field_meta(**kwargs))


@dataclass(kw_only=True)
class Record:
    """One thing in the world. Times (``..._at``) are virtual epoch seconds."""

    #: Fields that tell one record of a table from the others.
    KEY: ClassVar[tuple[str, ...]] = ()
    #: The first id given by the platform, when the key is a number that it counts up.
    FIRST_ID: ClassVar[int | None] = None

    def key(self) -> Any:
        """The key in its table: the value of the key field, or a tuple when there are several."""
        values = tuple(getattr(self, name) for name in self.KEY)
        return values[0] if len(values) == 1 else values
