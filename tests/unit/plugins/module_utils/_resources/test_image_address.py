# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of images and packages in the forms that a service may show them in."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.image_address import (
    same_image,
    same_images,
    same_package,
    split_images,
)

WANTED = "registry.example.com:5000/team/shop:1.0"
DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        (WANTED, True),
        ("registry.example.com:5000/team/shop:1.1", False),
        ("registry.example.com:5000/team/cart:1.0", False),
        ("team/shop:1.0", None),
        ("shop:1.0", None),
        ("shop:1.1", False),
        ("registry-vpc.example.com/team/shop:1.0", None),
        (f"registry.example.com:5000/team/shop@{DIGEST}", None),
        (f"{WANTED}@{DIGEST}", None),
        ("registry.example.com:5000/team/shop", None),
        ("", False),
    ],
)
def test_an_image_in_another_form(shown: str, answer: bool | None) -> None:
    assert same_image(shown, WANTED) is answer
    assert same_image(WANTED, shown) is answer


@pytest.mark.parametrize(
    ("shown", "wanted", "answer"),
    [
        ("docker.io/library/nginx:latest", "nginx", True),
        ("nginx:latest", "nginx", True),
        ("localhost/nginx:latest", "nginx", None),
        ("docker.io/library/nginx:1.25", "nginx", None),
        ("registry.example.com/nginx:latest", "nginx", None),
        (f"nginx@{DIGEST}", f"nginx@{DIGEST[:-1]}1", False),
    ],
)
def test_what_an_address_leaves_out(shown: str, wanted: str, answer: bool | None) -> None:
    assert same_image(shown, wanted) is answer


@pytest.mark.parametrize(
    ("shown", "wanted", "answer"),
    [
        (["a:1", "b:1"], ["a:1", "b:1"], True),
        (["a:1"], ["a:1", "b:1"], None),
        (["a:2"], ["a:1", "b:1"], False),
        (["a:1", "b:1"], ["a:1"], False),
        ([], ["a:1"], None),
        (["host.example/a:1"], ["a:1"], None),
    ],
)
def test_several_images(shown: list[str], wanted: list[str], answer: bool | None) -> None:
    assert same_images(shown, wanted) is answer


@pytest.mark.parametrize(
    "text", ["a:1,b:1", "a:1, b:1", "a:1 b:1", "a:1;b:1", '["a:1", "b:1"]', "a:1\nb:1\n", "a:1|b:1"]
)
def test_several_images_in_one_text(text: str) -> None:
    assert split_images(text) == ["a:1", "b:1"]


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        ("https://packets.example/shop-9.jar", True),
        ("https://packets.example/shop-8.jar", False),
        ("https://packets.example/shop-9.jar?Signature=x", None),
        ("https://store.example/1f3a.jar?Signature=x", None),
    ],
)
def test_a_package_at_another_address(shown: str, answer: bool | None) -> None:
    assert same_package(shown, "https://packets.example/shop-9.jar") is answer
