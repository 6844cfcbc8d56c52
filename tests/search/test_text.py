"""Folding, cutting, and where folded characters came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.pinyin import order_key, spellings, syllables
from search.text import (
    Folded,
    Gist,
    Segmenter,
    Word,
    fold,
    fold_name,
    grams,
    lexicon,
    name_keys,
    phrase,
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(lexicon(["人社局", "公民身份号码", "云澜市"]))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("公積金繳存", "公积金缴存"),
        ("臺灣", "台湾"),
        ("㎡", "m2"),
        ("Straße", "strasse"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_folds(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_a_character_folds_alike_wherever_it_stands() -> None:
    assert fold("乾隆") == fold("乾") + fold("隆")


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_two_spellings_of_a_name_are_one() -> None:
    assert fold_name("《人口—基本 信息（试行）》") == fold_name("人口基本信息(试行)")


@pytest.mark.parametrize(
    ("original", "needle", "found"),
    [
        ("公積金繳存", "缴存", "繳存"),
        ("面积（㎡）ＡＢ", "m2", "㎡"),
        ("面积（㎡）ＡＢ", "ab", "ＡＢ"),
        ("cafe\u0301 x", "é", "e\u0301"),
        ("plain text", "text", "text"),
    ],
)
def test_a_find_in_the_folded_text_is_shown_in_the_original(
    original: str, needle: str, found: str
) -> None:
    folded = Folded(original)
    start = folded.text.index(needle)
    a, b = folded.span(start, start + len(needle))
    assert original[a:b] == found


@given(st.text(alphabet=st.sampled_from("aé\u0301㎡Ａ積ﬁß가\u1100\u1161\u11a8 x"), min_size=1))
def test_every_folded_character_has_a_place(original: str) -> None:
    folded = Folded(original)
    for i in range(len(folded.text)):
        a, b = folded.span(i, i + 1)
        assert 0 <= a < b <= len(original)


def test_index_gets_words_and_the_words_within(segmenter: Segmenter) -> None:
    assert set(segmenter.words("公民身份号码").split()) == {"公民", "身份", "号码", "公民身份号码"}
    assert set(segmenter.words("rkk.dwd_rk_jbxx").split()) == {
        "rkk",
        "dwd",
        "rk",
        "jbxx",
        "rkk.dwd_rk_jbxx",
    }
    assert set(segmenter.words("userName").split()) == {"user", "name", "username"}


def test_the_ledgers_names_are_words(segmenter: Segmenter) -> None:
    assert "人社局" in segmenter.words("市人社局").split()
    assert "人社局" not in Segmenter().words("市人社局").split()


def test_traditional_and_simplified_cut_alike(segmenter: Segmenter) -> None:
    assert segmenter.words("公積金繳存") == segmenter.words("公积金缴存")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("社保缴费", [Word("社保"), Word("缴费")]),
        ("身份证号", [Word("身份证号", ("身份", "证号"))]),
        ("企业的名称", [Word("企业"), Word("的", weak=True), Word("名称")]),
        ("人社局的数据", [Word("人社局"), Word("的", weak=True), Word("数据", weak=True)]),
        ("数据", [Word("数据")]),
        ("水 电", [Word("水"), Word("电")]),
        ("userName", [Word("username", ("user", "name"))]),
        ("社保 社保", [Word("社保")]),
        ("，。！", []),
    ],
)
def test_a_query_asks_for(segmenter: Segmenter, typed: str, words: list[Word]) -> None:
    assert segmenter.query_words(typed) == words


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("社会保险缴费信息", ["社保缴费信息"]),
        ("医疗保险参保", ["医保参保"]),
        ("市场监督管理局", ["市场监管局"]),
        ("人口基本信息", []),
        ("dwd_rk_jbxx", []),
    ],
)
def test_names_are_shortened_as_people_do(
    segmenter: Segmenter, name: str, short: list[str]
) -> None:
    assert segmenter.short_names(name) == short


def test_a_word_may_be_asked_for_by_its_short_form(segmenter: Segmenter) -> None:
    assert segmenter.query_words("社会保险") == [Word("社会保险", ("社会", "保险"), short="社保")]


def test_a_level_before_a_short_name_is_optional() -> None:
    assert name_keys("市人社局") == ["市人社局", "人社局"]
    assert name_keys("《市》") == ["市"]
    assert name_keys("，") == []


def test_grams_give_each_character_with_the_next() -> None:
    assert grams("社保缴费 gb2312编") == ["社保", "保缴", "缴费", "费", "gb2312", "编"]


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("保缴", Gist(("保缴",))),
        ("社保缴费", Gist(("社保", "保缴", "缴费"))),
        ("市", Gist((), "市")),
        ("gb2312编", Gist(("gb2312",), "编")),
        ("", Gist(())),
    ],
)
def test_phrase_in_grams(text: str, gist: Gist) -> None:
    assert phrase(text) == gist


@given(st.text(alphabet="人口基本信息", min_size=2, max_size=12), st.data())
def test_every_substring_is_a_phrase_of_the_grams(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    whole, part = tuple(grams(text)), phrase(text[start:end]).tokens
    assert any(whole[i : i + len(part)] == part for i in range(len(whole)))


def test_the_word_list_takes_short_chinese_names_and_is_stable() -> None:
    names = ["人社局", "云澜市人力资源和社会保障局", "a", "GB/T 1", "户", "人社局", "公積金"]
    assert lexicon(names) == ("人社局", "公积金")
    assert lexicon(["甲局", "乙局", "乙局"], limit=1) == ("乙局",)


def test_pinyin() -> None:
    assert syllables("社保缴费") == ("she", "bao", "jiao", "fei")
    assert spellings("高龄津贴") == ("gaolingjintie", "gljt")
    assert spellings("栖霞湖县gis") == ("qixiahuxiangis", "qxhxgis")
    assert sorted(["社保", "公安", "人口", "A"], key=order_key) == ["A", "公安", "人口", "社保"]


def test_where_only_empty_and_left_over_words_remain_they_stand_side_by_side(
    segmenter: Segmenter,
) -> None:
    for typed in ("数据局", "主数据", "大数据局"):
        *rest, whole = segmenter.query_words(typed)
        assert whole == Word(typed, whole=True)
        assert all(word.weak for word in rest)
    asked = segmenter.query_words("谁提供社保缴费数据")
    assert not {"谁", "提供", "数据"} & {word.text for word in asked if not word.weak}


def test_what_a_question_asks_for_is_not_required(segmenter: Segmenter) -> None:
    def required(typed: str) -> set[str]:
        return {word.text for word in segmenter.query_words(typed) if not word.weak}

    assert "部门" not in required("哪个部门有婚姻登记数据")
    assert "部门" in required("部门婚姻登记数据")
    assert required("哪些社保缴费数据是无条件共享") >= {"社保", "缴费"}
    assert "部门" in required("哪些部门"), "nothing else was said"
