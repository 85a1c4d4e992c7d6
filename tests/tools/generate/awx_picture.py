# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the workflow in docs/guides/awx.md and its Chinese page: what ``playbooks/vars/awx`` holds.

``awx_picture.yml`` has the Chinese for the texts.
"""

from __future__ import annotations

from pathlib import Path

from tests.tools.generate.files import Files
from tests.tools.generate.translator import Translator
from tests.tools.plots.svg import LOOKS
from tests.tools.plots.workflow import draw
from tests.tools.run_in_collection import PICTURES
from tests.tools.translations import PICTURE_SUFFIX

CHINESE = Path(__file__).with_suffix(".yml")
NAME = "awx-workflow"


def render() -> Files:
    """Return the picture in both languages, for the light and for the dark look of the site."""
    from tests.conformance.awx import configuration

    translator = Translator(CHINESE)
    drawn: dict[Path, str] = {}
    for suffix, language, translate in (("", "en", str), (PICTURE_SUFFIX, "zh", translator)):
        data = configuration(language)
        [workflow] = data["controller_workflows"]
        for look in LOOKS:
            picture = draw(workflow, data["controller_schedules"], look, translate)
            drawn[PICTURES / f"{NAME}{suffix}{look.suffix}.svg"] = picture
    translator.finish()
    return drawn
