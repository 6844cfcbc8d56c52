"""Marks over the text as it was written."""

import pytest

from search.highlight import FRAGMENT, MAX_PER_FIELD, Highlight, Highlighter
from search.parse import parse
from search.text import Segmenter

SEGMENTER = Segmenter(("人社局", "公民身份号码"))


def marked(query: str, *texts: str) -> list[str]:
    highlighter = Highlighter(parse(query, {"部门": "department"}), SEGMENTER)
    return [in_brackets(h) for h in highlighter.mark(("f", text) for text in texts)]


def in_brackets(highlight: Highlight) -> str:
    text = highlight.text
    for start, end in reversed(highlight.spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("缴费", "社保缴费信息", "社保[缴费]信息"),
        ("社保 缴费", "社保缴费信息", "[社保缴费]信息"),
        ("公积金", "住房公積金繳存", "住房[公積金]繳存"),
        ("abc", "ＡＢＣ公司 abcd", "[ＡＢＣ]公司 abcd"),
        ("id", "id_card identity card_id", "[id]_card identity card_[id]"),
        ("zj*", "zjhm 与 bzj", "[zjhm"[:3] + "]hm 与 bzj"),
        ('"高龄 津贴"', "高龄 津贴；高龄。津贴", "[高龄 津贴]；[高龄。津贴]"),
        ("m2", "面积㎡", "面积[㎡]"),
        ("㎡", "面积 ㎡ 数", "面积 [㎡] 数"),
        ("人社局", "市人社局", "市[人社局]"),
        ("社保", "社会保险缴费信息", "[社会保险]缴费信息"),
        ("社保缴费", "社会保险费与社会保险缴费", "[社会保险]费与[社会保险缴费]"),
        ("社会保险", "城镇社保缴费", "城镇[社保]缴费"),
        ("社保", "社区干部保洁安排", "社区干部保洁安排"),
        ("dwd_rk", "rkk.dwd_rk_jbxx", "rkk.[dwd_rk]_jbxx"),
    ],
)
def test_marks(query: str, text: str, shown: str) -> None:
    found = marked(query, text)
    assert found == ([shown] if "[" in shown else [])


def test_nothing_is_marked_for_filters_and_negations() -> None:
    assert marked("部门:公安局 -户籍", "公安局户籍") == []
    assert marked("，", "，。") == []


def test_a_long_text_is_shown_around_the_finds() -> None:
    text = "甲" * 500 + "社保缴费" + "乙" * 500
    highlight = Highlighter(parse("社保", {}), SEGMENTER).mark([("abstract", text)])[0]
    assert len(highlight.text) <= FRAGMENT + 2
    assert highlight.text.startswith("…")
    ((start, end),) = highlight.spans
    assert highlight.text[start:end] == "社保"


def test_of_many_values_a_few_are_shown_and_none_twice() -> None:
    texts = ["缴费金额", "缴费金额", *(f"缴费{n}" for n in range(9))]
    assert len(marked("缴费", *texts)) == MAX_PER_FIELD
    assert marked("缴费", "缴费金额", "缴费金额") == ["[缴费]金额"]


def test_a_text_that_stands_in_two_fields_is_shown_once() -> None:
    highlighter = Highlighter(parse("缴费", {}), SEGMENTER)
    found = highlighter.mark([("title", "缴费表"), ("comment", "缴费表"), ("abstract", "缴费")])
    assert [h.field for h in found] == ["title", "abstract"]
