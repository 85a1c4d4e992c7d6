# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx builds the site out of what tests/tools/docs.py has put together.

It is built once for each language; ``-D language=zh_CN`` says that it is the Chinese one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from docutils import nodes
from pygments.lexers import BashLexer
from sphinx.search.zh import SearchChinese

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

HERE = Path(__file__).parent

project = "jst.retailcloud"
author = "jst.retailcloud contributors"
copyright = f"2026, {author}"  # Sphinx wants this name
release = version = str(yaml.safe_load((HERE.parents[1] / "galaxy.yml").read_text(encoding="utf-8"))["version"])

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton", "sphinx_design"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
nitpicky = True
default_role = "any"
pygments_style = "ansible"
pygments_dark_style = "github-dark"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

# What stands in a block of "console" are commands alone. Without a prompt, Pygments would take them for output.
copybutton_exclude = ".linenos"

html_theme = "furo"
html_title = "jst.retailcloud"
html_static_path = ["static"]
# The words of the theme, which is not translated.
locale_dirs = ["locales"]
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_css_files = ["site.css"]
html_js_files = ["player.js"]
html_favicon = "static/favicon.svg"
html_logo = "static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_theme_options = {"top_of_page_buttons": []}

# What the pages of modules say about Ansible itself is explained in Ansible's documentation, which is not built here.
ANSIBLE = "https://docs.ansible.com/ansible/latest"
LABELS = {
    "action_plugins": f"{ANSIBLE}/plugins/action.html#action-plugins",
    "ansible_configuration_settings": f"{ANSIBLE}/reference_appendices/config.html#ansible-configuration-settings",
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html#common-return-values",
    "inventory_plugins": f"{ANSIBLE}/plugins/inventory.html#inventory-plugins",
    "filter_plugins": f"{ANSIBLE}/plugins/filter.html#filter-plugins",
}


class ChineseSearch(SearchChinese):
    """Searches Chinese text by pairs of characters, since it has no blanks between words."""

    # Sphinx calls the stemmer of the script by this name. Chinese has the English one, for words in Latin letters.
    language_name = "English"
    js_splitter_code = r"""
var splitQuery = (query) =>
  query
    .split(/[^\p{Letter}\p{Number}_]+/gu)
    .flatMap((term) => term.match(/[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+/gu) || [])
    .flatMap((run) =>
      /^[\u4e00-\u9fff]{3}/u.test(run) ? [...run].slice(1).map((_, at) => run.slice(at, at + 2)) : [run],
    );
"""

    def split(self, input: str) -> list[str]:  # Sphinx wants this name
        """Return the words of a text, and the pairs of neighbours in each run of Chinese characters."""
        runs = re.findall("[\u4e00-\u9fff]{2,}", input)
        return [*super().split(input), *(run[at : at + 2] for run in runs for at in range(len(run) - 1))]


def to_ansible(
    _app: Sphinx, _env: BuildEnvironment, reference: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """A link to Ansible's documentation, where a label or an environment variable of it is meant."""
    target = str(reference["reftarget"])
    url = LABELS.get(target)
    if reference["reftype"] == "envvar" and target.startswith("ANSIBLE_"):
        url = f"{ANSIBLE}/reference_appendices/config.html#envvar-{target}"
    if url is None:
        return None
    return nodes.reference("", "", content, internal=False, refuri=url)


def without_contents(_app: Sphinx, page: nodes.document) -> None:
    """Take out the contents that pages of antsibull-docs begin with: the theme has them at the side."""
    for topic in [topic for topic in page.findall(nodes.topic) if "contents" in topic["classes"]]:
        topic.parent.remove(topic)
        for title in page.findall(nodes.title):  # those lead back to the contents
            title.attributes.pop("refid", None)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("doctree-read", without_contents)
    app.connect("missing-reference", to_ansible)
    app.add_search_language(ChineseSearch)
    app.add_lexer("console", BashLexer)
