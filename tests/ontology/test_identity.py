"""Natural keys: two sources meet at the same resource (domain/ontology.md §8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.checks import uscc_check
from ontology.identity import drag_filled, fold_name, identifiers_of, resource_id
from ontology.model import Ontology
from ontology.resource import Link, ResourceId

CODE = "91990100MA1ABCD00"
CODE += uscc_check(CODE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云澜市 商务局", "雲瀾市商務局"),
        ("人口（基本）信息", "人口(基本)信息"),
        ("《数据条例》", "数据条例"),
        ("ＡＢＣ—１", "abc1"),
        ("一、二", "一二"),
    ],
)
def test_two_spellings_of_a_name_fold_to_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_a_decimal_point_is_not_noise() -> None:
    assert fold_name("PM2.5") != fold_name("PM25")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


def test_a_name_of_noise_alone_stays() -> None:
    assert fold_name("——") == "——"


def test_the_first_scheme_that_the_source_can_give_makes_the_id(ontology: Ontology) -> None:
    region = {"inRegion": "region:990100"}
    known = {"name": "云澜市商务局", "uscc": CODE, "orgCode": ("MA1ABCD00",)}
    assert resource_id(ontology, "Department", known, region) == (f"org:{CODE}", False)
    del known["uscc"]
    assert resource_id(ontology, "Department", known, region) == ("org:MA1ABCD00", False)
    del known["orgCode"]
    assert resource_id(ontology, "Department", known, region) == (
        "org:990100/云澜市商务局",
        True,
    )
    assert resource_id(ontology, "Department", {}, region) is None


def test_a_code_with_a_wrong_check_digit_identifies_nobody(ontology: Ontology) -> None:
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    found = resource_id(
        ontology, "Department", {"name": "甲局", "uscc": wrong}, {"inRegion": "region:990100"}
    )
    assert found == ("org:990100/甲局", True)


def test_without_its_scope_an_id_is_provisional(ontology: Ontology) -> None:
    entry = {"title": "人口基本信息", "catalogueCode": ("307001/000123",)}
    node = {"inCatalogue": "node:990100"}
    assert resource_id(ontology, "InformationResource", entry, node) == (
        "entry:990100/307001/000123",
        False,
    )
    assert resource_id(ontology, "InformationResource", entry) == ("entry:307001/000123", True)


def test_titles_are_keys_only_within_node_and_provider(ontology: Ontology) -> None:
    scope = {"inCatalogue": "node:990100", "providedBy": f"org:{CODE}"}
    assert resource_id(ontology, "DataResource", {"title": "人口 基本信息"}, scope) == (
        f"entry:990100/{CODE}/人口基本信息",
        True,
    )


@pytest.mark.parametrize(
    ("type", "attributes", "scope", "id"),
    [
        (
            "InformationItem",
            {"name": "出生 日期"},
            {"hasItem": "entry:n/1"},
            "infoitem:n/1/出生日期",
        ),
        ("Code", {"value": "01"}, {"hasCode": "codeset:GB/T2261.2/hy"}, "code:GB/T2261.2/hy/01"),
        ("Region", {"code": "99"}, {}, "region:990000"),
        ("Region", {"code": "990102000000"}, {}, "region:990102"),
        ("Region", {"code": "990102001000"}, {}, "region:990102001"),
        ("Matter", {"itemCode": "511z07001006-51"}, {}, "matter:511Z07001006-51"),
        ("Matter", {"name": "排污许可"}, {"heldBy": "org:A"}, "matter:A/排污许可"),
        ("Standard", {"number": "GB/T 2261.1—2003"}, {}, "standard:GB/T2261.1"),
        ("StandardEdition", {"number": "GB/T 2261.1-2003"}, {}, "edition:GB/T2261.1/2003"),
        ("StandardEdition", {"number": "GB/T 2261.1", "year": 2003}, {}, "edition:GB/T2261.1/2003"),
        ("System", {"name": "户政管理"}, {"managedBy": "org:A"}, "system:A/户政管理"),
        ("System", {"name": "户政管理", "code": "S 1"}, {}, "system:S%201"),
        (
            "Table",
            {"namespace": "dm://h", "name": "HYDJ.T_HYDJ"},
            {},
            "dataset:dm://h:5236/hydj.t_hydj",
        ),
        (
            "Field",
            {"physicalName": "XM"},
            {"hasField": "dataset:dm://h:5236/a.b"},
            "field:dm://h:5236/a.b#xm",
        ),
        (
            "DataElement",
            {"nameZh": "姓名", "standardClass": "国家标准"},
            {"managedBy": "org:A"},
            "element:国家标准/A/姓名",
        ),
        (
            "DataElement",
            {"identifier": "DE 1"},
            {"governedBy": "standard:GB/T1"},
            "element:GB/T1/DE%201",
        ),
        (
            "CodeSet",
            {"nameEn": "Marital", "nameZh": "婚姻", "standardClass": "国家标准"},
            {},
            "codeset:国家标准/marital",
        ),
    ],
)
def test_keys(
    ontology: Ontology, type: str, attributes: dict[str, str], scope: dict[str, str], id: str
) -> None:
    found = resource_id(ontology, type, attributes, scope)
    assert found is not None
    assert found[0] == id


def test_an_element_is_the_same_by_link_or_by_number_of_its_standard(ontology: Ontology) -> None:
    linked = resource_id(
        ontology, "DataElement", {"identifier": "DE1"}, {"governedBy": "edition:GB/T2261.1/2003"}
    )
    named = {"identifier": "DE1", "sourceStandard": "GB/T 2261.1-2003"}
    assert linked == resource_id(ontology, "DataElement", named)
    assert linked == ("element:GB/T2261.1/2003/DE1", False)
    assert identifiers_of(ontology, "DataElement", named) == (
        ("identifier", "GB/T2261.1/2003", "DE1"),
    )


def test_every_identifier_finds_the_resource_again(ontology: Ontology) -> None:
    links = (
        Link("inCatalogue", ResourceId("node:990100")),
        Link("providedBy", ResourceId("org:A")),
    )
    entry = {"title": "甲", "catalogueCode": ("1/1", "1/2"), "relatedCode": ("2/7",)}
    assert identifiers_of(ontology, "InformationResource", entry, links) == (
        ("catalogueCode", "990100", "1/1"),
        ("catalogueCode", "990100", "1/2"),
        ("catalogueCode", "990100", "2/7"),
        ("providerTitle", "990100/A", "甲"),
    )


def test_out_of_its_scope_an_identifier_says_nothing(ontology: Ontology) -> None:
    assert identifiers_of(ontology, "InformationResource", {"catalogueCode": ("1/1",)}) == ()
    assert identifiers_of(ontology, None, {"uscc": CODE}) == ()


def test_names_drifted_by_dragging_a_cell_are_found() -> None:
    names = ["婚姻登记1", "婚姻登记2", "婚姻登记3", "低保1", "低保2", "户籍", "车辆9", "车辆11"]
    assert drag_filled(names) == (range(0, 3),)
    assert drag_filled([]) == ()
