"""One value as it came, and as the ledger keeps it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.model import Attribute, Datatype, Label, Ontology
from ontology.resource import Scalar
from ontology.values import Read, reader


def attribute(datatype: Datatype, **more: object) -> Attribute:
    return Attribute("a", Label("甲", "a"), datatype, "urn:a", **more)  # type: ignore[arg-type]


def read(datatype: Datatype, value: Scalar, **more: object) -> Read:
    return reader(attribute(datatype, **more), {})(value)


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ("2025-04-27", "2025-04-27"),
        ("2025/04/27", "2025-04-27"),
        ("2025.4.7", "2025-04-07"),
        ("20250427", "2025-04-27"),
        ("2025年4月27日", "2025-04-27"),
        ("２０２５－０４－２７", "2025-04-27"),
        ("2025-04-27 15:28", "2025-04-27"),
        (45774, "2025-04-27"),
        (45774.5, "2025-04-27"),
        ("45774", "2025-04-27"),
        ("至今", None),
        ("  ", None),
    ],
)
def test_dates(seen: Scalar, kept: str | None) -> None:
    assert read(Datatype.DATE, seen) == Read(kept)


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ("2017/07/31 15:28", "2017-07-31T15:28:00"),
        ("2017-07-31T15:28:03.250Z", "2017-07-31T15:28:03Z"),
        ("2017-07-31T15:28:03+08:00", "2017-07-31T15:28:03+08:00"),
        ("2017年7月31日 15时28分", "2017-07-31T15:28:00"),
        ("2017-07-31", "2017-07-31T00:00:00"),
        (45774.75, "2025-04-27T18:00:00"),
    ],
)
def test_instants(seen: Scalar, kept: str) -> None:
    assert read(Datatype.DATETIME, seen) == Read(kept)


@pytest.mark.parametrize("seen", ["2025-02-30", "昨天", "12", "2025", 3, True, "2025-13-01"])
def test_what_is_no_date_is_left_out_and_told(seen: Scalar) -> None:
    found = read(Datatype.DATE, seen)
    assert found.value is None
    assert found.fault


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ("1,234", 1234),
        ("１２", 12),
        ("12.0", 12),
        (12.0, 12),
        (-3, -3),
        ("", None),
    ],
)
def test_integers(seen: Scalar, kept: int | None) -> None:
    assert read(Datatype.INTEGER, seen) == Read(kept)


@pytest.mark.parametrize("seen", ["1.5", "约 3 万", 1.5, True, 2**70, "1e400", math.inf])
def test_what_is_no_integer(seen: Scalar) -> None:
    assert read(Datatype.INTEGER, seen).fault


def test_decimals() -> None:
    assert read(Datatype.DECIMAL, "1,234.50") == Read(1234.5)
    assert read(Datatype.DECIMAL, 3) == Read(3.0)
    assert read(Datatype.DECIMAL, math.nan).fault
    assert read(Datatype.DECIMAL, "12 MB").fault


def test_booleans_and_their_own_words() -> None:
    for yes in ("是", "√", "Y", "true", 1, True, "有"):
        assert read(Datatype.BOOLEAN, yes) == Read(True)
    for no in ("否", "×", "N", "false", 0, False, "无"):
        assert read(Datatype.BOOLEAN, no) == Read(False)
    assert read(Datatype.BOOLEAN, "涉密").fault
    assert read(Datatype.BOOLEAN, "涉密", true_words=("涉密",)) == Read(True)
    assert read(Datatype.BOOLEAN, "非涉密", false_words=("非涉密",)) == Read(False)


def test_codes_by_notation_label_synonym_and_script(ontology: Ontology) -> None:
    of = ontology.types["DataResource"].attributes
    sharing = reader(of["sharingType"], ontology.code_lists)
    for seen in ("无条件共享", " 无条件 ", "無條件共享", "1", 1, "shared unconditionally"):
        assert sharing(seen) == Read("无条件共享"), seen
    missed = sharing("随便共享")
    assert missed.value is None
    assert "无条件共享、有条件共享、不予共享" in missed.mend
    level = reader(of["securityLevel"], ontology.code_lists)
    assert "是否为“内部数据”" in level("内布数据").mend


def test_an_open_list_keeps_what_it_does_not_know(ontology: Ontology) -> None:
    of = ontology.types["DataResource"].attributes
    found = reader(of["format"], ontology.code_lists)("ODS")
    assert (found.value, found.mild) == ("ODS", True)


def test_a_cycle_of_its_own_is_other_with_a_note(ontology: Ontology) -> None:
    of = ontology.types["DataResource"].attributes
    found = reader(of["updateCycle"], ontology.code_lists)("每10日")
    assert (found.value, found.other, found.fault) == ("其他", "每10日", "")


def test_text() -> None:
    assert read(Datatype.STRING, "  人口\n信息\x00 ") == Read("人口 信息")
    assert read(Datatype.TEXT, "一\r\n二") == Read("一 \n二")
    assert read(Datatype.STRING, 12.0) == Read("12")
    long = read(Datatype.STRING, "长" * 11, max_length=10)
    assert (long.value, long.mild) == ("长" * 11, True)
    assert read(Datatype.STRING, "AB", pattern=r"^\d+$").value is None
    assert read(Datatype.STRING, "\ud800x") == Read("x")  # half a surrogate pair cannot be stored


def test_codes_with_check_digits() -> None:
    good = read(Datatype.STRING, "91350100m000100y43", check="uscc")
    assert (good.value, good.mild) == ("91350100M000100Y43", True)
    assert read(Datatype.STRING, "91350100M000100Y44", check="uscc").value is None
    nine = read(Datatype.STRING, "D2143569X", check="usccOrOrgCode")
    assert (nine.value, nine.mild) == ("D2143569X", True)


def test_uris() -> None:
    assert read(Datatype.URI, " https://data.yunlan.example/1 ").value
    assert read(Datatype.URI, "www.yunlan.example").value == "http://www.yunlan.example"
    assert read(Datatype.URI, "见附件").fault


@given(
    st.sampled_from([d for d in Datatype if d is not Datatype.CODE]),
    st.one_of(st.text(), st.integers(), st.floats(), st.booleans()),
)
def test_whatever_comes_is_kept_or_told_and_reading_again_changes_nothing(
    datatype: Datatype, value: Scalar
) -> None:
    found = read(datatype, value)
    if found.value is not None and not found.fault:
        assert read(datatype, found.value) == found
