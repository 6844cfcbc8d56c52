"""Check digits, on numbers made for the unassigned prefix 99."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ontology.checks import (
    citizen_id,
    citizen_id_check,
    division,
    org_code,
    uscc,
    uscc_check,
    uscc_or_org_code,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_the_example_of_the_standard() -> None:
    assert uscc("91350100M000100Y43") == ""  # GB 32100-2015, appendix


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(first: str, place: int, other: str) -> None:
    code = first + uscc_check(first)
    assert uscc(code) == ""
    wrong = code[:place] + other + code[place + 1 :]
    assert (uscc(wrong) == "") == (wrong == code)


def test_a_credit_code_has_18_characters_without_i_o_s_v_z() -> None:
    assert "18 位" in uscc("9199010")
    assert "I、O、S、V、Z" in uscc("91350100M000100YI3")


def test_citizen_id() -> None:
    first = "99010219490312002"
    assert citizen_id(first + citizen_id_check(first)) == ""
    assert citizen_id("11010519491231002X") == ""  # GB 11643-1999, its example
    assert "校验码" in citizen_id("110105194912310021")
    assert "日期" in citizen_id("11010519491331002X")
    assert "17 位" in citizen_id("1101051949")


def test_division_codes_have_6_9_or_12_digits() -> None:
    for good in ("990100", "990102001", "990102001002", "99", "9901"):
        assert division(good) == ""
    for bad in ("99010", "云澜", "001234", ""):
        assert division(bad)


def test_nine_character_codes_are_told_to_be_replaced() -> None:
    assert "18 位" in uscc_or_org_code("12345678-9")
    assert org_code("local-7") == ""  # bodies number themselves
    assert org_code("D2143569X") == ""  # GB 11714-1997, its example
    assert "校验码" in org_code("D21435690")
