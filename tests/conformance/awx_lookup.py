# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the lookup ``awx.awx.controller_api``, which lists objects of AWX."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """The job templates of an organization that have a credential."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """List what the file of the AWX has, under the names of the API."""
        del variables
        assert terms == ["job_templates"]
        assert kwargs["return_all"], "AWX returns one page of several"
        query = kwargs["query_params"]
        assert query.keys() == {"credentials__id", "organization__name"}
        objects = json.loads(Path(os.environ["AWX_STATE"]).read_text())["objects"]
        return [
            {"id": int(number), "name": one["name"]}
            for number, one in objects.items()
            if one["kind"] == "job_template"
            and int(query["credentials__id"]) in one["fields"].get("credentials", [])
            and objects[str(one["scope"]["organization"])]["name"] == query["organization__name"]
        ]
