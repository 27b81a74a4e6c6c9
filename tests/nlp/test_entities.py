"""Names that are no technologies."""

from __future__ import annotations

import pytest

from nlp.entities import find_entities


@pytest.mark.parametrize(
    ("text", "kind", "surface"),
    [
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
    assert [(one.entity_type, one.surface) for one in find_entities(text)] == [(kind, surface)]


def test_a_chinese_organisation_is_the_longest_phrase_that_ends_in_a_telling_word() -> None:
    found = find_entities("", ["华为", "华为技术有限公司", "技术有限公司", "有限公司", "清华大学"])
    assert [one.surface for one in found] == ["华为技术有限公司", "清华大学"]


def test_plain_prose_names_nobody() -> None:
    assert find_entities("The company grew, and a university course on graphene began. Deep learning helps.") == ()
