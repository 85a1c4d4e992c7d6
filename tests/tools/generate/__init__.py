# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, and parts of files, that follow from declarations and documentation: ``make generate`` writes them.

``registry.py`` lists the generators. Each is a module with one function ``render``, which returns the whole text of
every file that the generator owns. A file that is generated in part has marker lines (``files.py``).
"""
