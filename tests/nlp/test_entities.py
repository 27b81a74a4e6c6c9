"""Names that are no technologies."""

from __future__ import annotations

import pytest

from nlp.entities import find_entities

BODIES = {"International Organization for Standardization", "Institute of Electrical and Electronics Engineers"}


@pytest.mark.parametrize(
    ("text", "kind", "surface"),
    [
        ("Waymo™ cars drive", "product", "Waymo"),
        ("Samsung unveils the Galaxy S8 in May", "product", "Galaxy S8"),
        ("a plant in South Korea and one in Korea", "region", "South Korea"),
        ("Work at the Massachusetts Institute of Technology shows", "organisation", "Massachusetts Institute of Technology"),
        ("by Huawei Technologies Co., Ltd. in May", "organisation", "Huawei Technologies Co., Ltd."),
        ("the University of Science and Technology of China reports", "organisation", "University of Science and Technology of China"),
        ("conforms to ISO/IEC 27001:2013, too", "standard", "ISO/IEC 27001:2013"),
        ("an IEEE 802.11ax link", "standard", "IEEE 802.11ax"),
        ("符合GB/T 12345-2020标准", "standard", "GB/T 12345-2020"),
        ("funded by Horizon 2020.", "programme", "Horizon 2020"),
        ("受国家重点研发计划资助", "programme", "国家重点研发计划"),
    ],
)
def test_a_name_is_found_once_as_it_is_written(text: str, kind: str, surface: str) -> None:
    assert [one.surface for one in find_entities(text) if one.entity_type == kind and one.surface not in BODIES] == [surface]


def test_a_chinese_organisation_is_the_longest_phrase_that_ends_in_a_telling_word() -> None:
    found = find_entities("", ["华为", "华为技术有限公司", "技术有限公司", "有限公司", "清华大学"])
    assert [one.surface for one in found] == ["华为技术有限公司", "清华大学"]


def test_plain_prose_names_nobody() -> None:
    assert find_entities("The company grew, and a university course on graphene began. Deep learning helps.") == ()


@pytest.mark.parametrize(
    ("text", "key", "country"),
    [
        ("by Acme Robotics GmbH, Munich, Germany", "acme robotics", "DE"),
        ("the Chinese drone maker Skyline Inc. said", "skyline", "CN"),
        ("the University of Science and Technology of China", "university of science and technology of china", "CN"),
        ("a chip by Samsung Electronics", "samsung", "KR"),
        ("a chip by 三星", "samsung", "KR"),
        ("the Widget Company of old", "widget", None),
    ],
)
def test_an_organisation_has_one_key_and_the_country_that_is_stated(text: str, key: str, country: str | None) -> None:
    found = [one for one in find_entities(text) if one.entity_type == "organisation"]
    assert [(one.name_key, one.country) for one in found] == [(key, country)]


def test_a_standard_brings_its_body_and_a_country_in_a_name_is_no_region() -> None:
    found = {(one.entity_type, one.name_key) for one in find_entities("ISO 13482 and ITU-T G.984, at the University of Science of China")}
    assert {
        ("organisation", "international organization for standardization"),
        ("organisation", "international telecommunication union"),
    } <= found
    assert not any(kind == "region" for kind, _ in found)


def test_a_company_inside_another_word_is_none() -> None:
    assert find_entities("Intelligent agents use Ford-Fulkerson and metaphors.") == ()
