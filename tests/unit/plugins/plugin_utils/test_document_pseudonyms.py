# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of documents are replaced where they stand, and nothing else changes."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.document_pseudonyms import (
    DocumentPseudonyms,
    NotADocumentError,
)

REVISION = "# jst.retailcloud revision: 0123456789ab\n"
CASES = [
    ("kind: Service\nname: web\n", "kind: Service\nname: N(web)\n"),
    ("data:\n  a:\tb\n", "data:\n  N(a):\tN(b)\n"),
    # A number where a password can stand is replaced, others stay.
    ('env:\n- {name: PIN, value: "20230415"}\n', 'env:\n- {name: N(PIN), value: "N(20230415)"}\n'),
    ("env:\n- value: 20230415\n  name: 7\n", "env:\n- value: 0\n  name: 7\n"),
    ("env:\n- {value: '', valueFrom: {path: '1'}}\n", "env:\n- {value: '', valueFrom: {path: '1'}}\n"),
    ("args: ['1', 2, true, 0x_1, !!int 3]\n", "args: ['N(1)', 0, true, N(0x_1), !!int 0]\n"),
    ("exec:\n  command:\n  - '123456'\n", "exec:\n  command:\n  - 'N(123456)'\n"),
    ("dbPassword: '1'\ntoken: 2\n", "dbPassword: 'N(1)'\ntoken: 0\n"),
    ("automountServiceAccountToken: false\n", "automountServiceAccountToken: false\n"),
    ("data: {password: 20230415}\n", "data: {N(password): 0}\n"),
    ("ports: [{port: '80', name: '8080'}]\n", "ports: [{port: '80', name: '8080'}]\n"),
    ("data: {a: 1, \"b\": 'c', 2: true, d: null}", "data: {N(a): 1, \"N(b)\": 'N(c)', N(2): true, N(d): null}"),
    ("metadata:\r\n  labels: {app: web}\r\n", "metadata:\r\n  labels: {N(app): N(web)}\r\n"),
    ("image: r/web:1\ncpu: 500m\n", "image: I(r/web:1)\ncpu: 500m\n"),
    ("data: {image: r/web:1}\n", "data: {N(image): N(r/web:1)}\n"),
    ("a: b # secret words\n# more\n", "a: N(b) # N(secret words)\n# N(more)\n"),
    ("a: 'b # c'\n", "a: 'N(b # c)'\n"),
    ("data:\n  a: |\n    x\n    # y\n  b: c\n", 'data:\n  N(a): "N(x\\n# y\\n)"\n  N(b): N(c)\n'),
    ("cpu: | # words\n  1\nb: c\n", 'cpu: "1\\n"\nb: N(c)\n'),
    ("data: {a: !!binary eA==}\n", "data: {N(a): !!binary TihlQT09KQ==}\n"),
    ("data: {a: !mine b, c: !!str 1, d: !!int 1}\n", "data: {N(a): !N(!mine) N(b), N(c): !!str N(1), N(d): !!int 1}\n"),
    ("data: {花: a, a b: c, .: d}\n", "data: {N(花)~: N(a), N(a b)~: N(c), N(.)~: N(d)}\n"),
    ("labels: {花: a}\n", "labels: {N(花): N(a)}\n"),
    ("binaryData:\n  a: |\n    eHl6\n    eA==\n", 'binaryData:\n  N(a): "TihlSGw2CmVBPT0KKQ=="\n'),
    ("kind: Secret\ndata: {a: eA==, b: c}\n", "kind: Secret\ndata: {N(a): TihlQT09KQ==, N(b): N(c)}\n"),
    (
        "kind: Secret\nmetadata: {kind: a}\n---\ndata: {a: eA==}\n",
        "kind: Secret\nmetadata: {kind: a}\n---\ndata: {N(a): N(eA==)}\n",
    ),
    ("binaryData: {a: eA==, b: no base64}\n", "binaryData: {N(a): TihlQT09KQ==, N(b): N(no base64)}\n"),
    ("a: &x b\nc: *x\n", "a: &N(x) N(b)\nc: *N(x)\n"),
    ("a: &x\nlabels: {<<: *x, b: !!str }\n", "a: &N(x)\nlabels: {<<: *N(x), N(b): !!str }\n"),
    ("data: {a: {b: [c]}}\n", "data: {N(a): {N(b): [N(c)]}}\n"),
    ("data:\n  ? a\n  : b\n", "data:\n  ? N(a)\n  : N(b)\n"),
    ("---\na: b\n---\nc: d\n...\n", "---\na: N(b)\n---\nc: N(d)\n...\n"),
    ("%YAML 1.1\n%TAG !e! tag:shop,2000:\n---\na: !e!x b\n", "%YAML 1.1\n\n---\na: !N(!e!x) N(b)\n"),
    (
        "\ufeff# jst.retailcloud revision: 0123456789ab\na: 中文\n",
        "\ufeff# jst.retailcloud revision: 0123456789ab\na: N(中文)\n",
    ),
    ("# jst.retailcloud revision: web\na: 1\n", "# N(jst.retailcloud revision: web)\na: 1\n"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_texts_are_replaced_where_they_stand(text: str, expected: str) -> None:
    replaced = DocumentPseudonyms(lambda name: f"N({name})", lambda name: f"I({name})").replace(text)
    assert replaced == expected


@pytest.mark.parametrize(
    "text", ["", "# words", "word", "[a, b]", "a: [b", "a: b: c", "a: \x00", "a: b\n---\nword\n", "\ud800: a"]
)
def test_a_text_that_is_no_mapping_is_rejected(text: str) -> None:
    with pytest.raises(NotADocumentError):
        DocumentPseudonyms(str, str).replace(text)
