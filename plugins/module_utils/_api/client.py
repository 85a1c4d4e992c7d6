# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The client: one call, or all records of a listing, with everything between them and the wire taken care of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from .answers import Answer

if TYPE_CHECKING:
    from types import TracebackType

    from .credentials import Settings

__all__ = ["Answer", "Client"]


class Client:
    """Calls the API with the given settings. Close it, or use it as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def sent(self) -> int:
        """How many HTTP requests were sent so far, retries included."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the pooled connections."""

    def call(self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None) -> Answer:
        """Call one operation."""
        raise NotImplementedError

    def records(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> list[dict[str, Any]]:
        """All records of a listing, every page of it."""
        raise NotImplementedError
