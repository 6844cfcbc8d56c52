"""User syntax: a table of what people type, and that nothing they type raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.parse import MAX_LENGTH, parse
from search.query import (
    And,
    Exists,
    FieldIs,
    MatchAll,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Words,
    conjunction,
    positive,
)

FIELDS = {
    "部门": "department",
    "department": "department",
    "名称": "title",
    "title": "title",
    "记录数": "recordCount",
    "recordcount": "recordCount",
    "更新时间": "modifiedAt",
    "modifiedat": "modifiedAt",
}

CASES: list[tuple[str, Query]] = [
    ("", MatchAll()),
    ("   ", MatchAll()),
    ("*", MatchAll()),
    ("社保", Words("社保")),
    ("社保  缴费", Words("社保 缴费")),
    ('"社保缴费"', Phrase("社保缴费")),
    ("“高龄 津贴”", Phrase("高龄 津贴")),
    ("「高龄」", Phrase("高龄")),
    ("社保 -公积金", And((Words("社保"), Not(Words("公积金"))))),
    ('-"公积金 缴存"', Not(Phrase("公积金 缴存"))),
    ("部门:市公安局", FieldIs("department", "市公安局")),
    ("部门：市公安局", FieldIs("department", "市公安局")),
    ("Department:x", FieldIs("department", "x")),
    ("部门: 市公安局", FieldIs("department", "市公安局")),
    ("部门：　市公安局 户籍", And((FieldIs("department", "市公安局"), Words("户籍")))),
    ('名称: "人口 库"', FieldIs("title", "人口 库")),
    ("记录数: >=5", Range("recordCount", low="5")),
    ("注意: 部门 公安", Words("注意 部门 公安")),
    ("部门: | 公安", Or((Words("部门"), Words("公安")))),
    ("部门: -公安", And((Words("部门"), Not(Words("公安"))))),
    ('名称:"人口 库"', FieldIs("title", "人口 库")),
    ("名称:(人口 库)", And((FieldIs("title", "人口"), FieldIs("title", "库")))),
    (
        "部门：(公安局 | 民政局)",
        Or((FieldIs("department", "公安局"), FieldIs("department", "民政局"))),
    ),
    ('部门:("市 公安局")', FieldIs("department", "市 公安局")),
    ("部门:(-公安局)", Not(FieldIs("department", "公安局"))),
    ("部门:(*)", Exists("department")),
    (
        "记录数:(<2 | 5..9)",
        Or((Range("recordCount", high="2", include_high=False), Range("recordCount", "5", "9"))),
    ),
    (
        "部门:(公安 (名称:库 a:b)) c",
        And(
            (
                FieldIs("department", "公安"),
                FieldIs("title", "库"),
                FieldIs("department", "a:b"),
                Words("c"),
            )
        ),
    ),
    ("部门:()", MatchAll()),
    ('部门:"*"', FieldIs("department", "*")),
    ("名称:dataset:pg://h:1/t", FieldIs("title", "dataset:pg://h:1/t")),
    ("-部门:公安", Not(FieldIs("department", "公安"))),
    ("部门:*", Exists("department")),
    ("记录数:1..5", Range("recordCount", "1", "5")),
    ("记录数:>5", Range("recordCount", low="5", include_low=False)),
    ("更新时间:<=2024-01-01", Range("modifiedAt", high="2024-01-01")),
    ("人口*", Prefix("人口")),
    ("a OR b", Or((Words("a"), Words("b")))),
    ("a ｜ b", Or((Words("a"), Words("b")))),
    ("a (b | c)", And((Words("a"), Or((Words("b"), Words("c")))))),
    ("-(a b)", Not(Words("a b"))),
    # What looks like syntax and is not:
    ("foo:bar", Words("foo:bar")),
    ("dataset:postgres://h:5432/a.b#c", Words("dataset:postgres://h:5432/a.b#c")),
    ("http://a.b/c?d=e", Words("http://a.b/c?d=e")),
    ("12:30", Words("12:30")),
    ("GB/T 21063-2007", Words("GB/T 21063-2007")),
    ("一网 - 统管", Words("一网 统管")),
    ('社保"', Words("社保")),
    ('"社保', Phrase("社保")),
    ('""', MatchAll()),
    ("备案(技术改造)", Words("备案 技术改造")),
    ("a) b", Words("a b")),
    ("((a", Words("a")),
    ("a OR", Words("a")),
    ("| a", Words("a")),
    ("OR", MatchAll()),
    ("- --", MatchAll()),
    ("名称:", Words("名称")),
    ("名称: 人口", FieldIs("title", "人口")),
    ("a\0b", Words("a b")),
    ("(" * 500 + "a", Words("a")),
    ("部门:(" * 230 + "a", FieldIs("department", "a")),
    ("部门:(-(" * 150 + "a", FieldIs("department", "a")),
]


@pytest.mark.parametrize(("text", "query"), CASES, ids=[text[:20] or "empty" for text, _ in CASES])
def test_means(text: str, query: Query) -> None:
    assert parse(text, FIELDS) == query


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *'"()|-*:.<>= “”（：',
                "OR",
                "名称",
                "记录数",
                "社保",
                "ab",
                "1",
                "\0",
                "名称:(",
                "-(名称:(",
            ]
        )
        | st.text(max_size=3)
        | st.sampled_from(["名称:(", "-(", "记录数:(-", "名称:(a ("]).map(
            lambda piece: piece * 200
        ),
        max_size=30,
    )
)
def test_anything_parses_and_prints_itself_back(pieces: list[str]) -> None:
    query = parse("".join(pieces), FIELDS)
    if len(str(query)) <= MAX_LENGTH:  # a field may print longer than it was typed
        assert parse(str(query), FIELDS) == query


def test_a_document_pasted_into_the_box_is_cut_short() -> None:
    query = parse("人口 " * 100_000, FIELDS)
    assert isinstance(query, Words)
    assert len(query.text) <= MAX_LENGTH


def test_conjunction_flattens_and_forgets_what_adds_nothing() -> None:
    assert conjunction(None, MatchAll()) == MatchAll()
    assert conjunction(Words("a"), None) == Words("a")
    both = And((Words("a"), Words("b")))
    assert conjunction(both, Words("c")) == And((*both.queries, Words("c")))


def test_only_what_a_hit_may_contain_is_highlighted() -> None:
    query = parse('社保 "缴费 明细" -公积金 部门:人社局 (a* | b)', FIELDS)
    assert [str(text) for text in positive(query)] == ["社保", '"缴费 明细"', "a*", "b"]
