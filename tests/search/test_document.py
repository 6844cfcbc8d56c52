# ruff: noqa: E501  (rows of cases)
"""A resource with its neighbours as a search document."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
import small_ledger
from small_ledger import ONTOLOGY

from ontology.model import Direction
from ontology.resource import Resource, ResourceId, Value
from ontology.viewer import Viewer, rank_of
from search.document import MAX_PASSAGE, SearchDocument, document, keywords, title_of, visible_to
from search.instants import instant, instants
from search.mapping import Form, SearchMapping, Step, derive

MAPPING = derive(ONTOLOGY)
CHINA = ZoneInfo("Asia/Shanghai")
ITEMS = (Step("hasItem", Direction.FORWARD),)
ELEMENTS = (*ITEMS, Step("conformsTo", Direction.FORWARD))
PROVIDER = (Step("providedBy", Direction.FORWARD),)


def resource(id: str, type: str, **attributes: Value) -> Resource:
    return Resource(ResourceId(id), type, attributes, version=1, number=1)


def texts(doc: SearchDocument, field: str) -> list[str]:
    return [p.text for p in doc.passages if p.field == field]


ENTRY = resource(
    "entry:a", "InformationResource", title="人口", altTitle=("常住人口",), securityLevel="内部数据",
    format=("CSV", "接口"), recordCount=3, publishedAt="2024-05-01", important=True, contactName="王",
)  # fmt: skip
POLICE = resource("org:gaj", "Department", name="市公安局", shortName=("公安局",))
ITEM = resource("infoitem:a", "InformationItem", name="姓名", securityLevel="内部数据")
SECRET_ITEM = resource("infoitem:b", "InformationItem", name="病史", securityLevel="核心数据")
ELEMENT = resource("element:a", "DataElement", name="公民身份号码", synonyms=("身份证号",))


def test_holds_its_own_texts_and_names_and_those_around_it() -> None:
    doc = document(ENTRY, {PROVIDER: [POLICE], ITEMS: [ITEM], ELEMENTS: [ELEMENT]}, MAPPING)
    assert doc.names == ("人口", "常住人口")
    assert texts(doc, "providedBy") == ["市公安局", "公安局"]
    assert texts(doc, "hasItem") == ["姓名"]
    assert texts(doc, "conformsTo") == ["公民身份号码", "身份证号"]
    assert texts(doc, "type") == ["信息资源"]
    assert texts(doc, "id") == ["entry:a"]
    assert doc.values["department"] == ("市公安局",)
    assert ("providedBy", "org:gaj") in doc.refs


def test_values_take_the_form_of_their_field() -> None:
    values = document(ENTRY, {}, MAPPING).values
    assert values["format"] == ("CSV", "接口")
    assert values["recordCount"] == (3,)
    assert values["important"] == ("true",)
    assert values["publishedAt"] == (instant("2024-05-01", CHINA),)
    assert "contactName" not in values


def test_what_not_everyone_sees_lends_no_name() -> None:
    doc = document(ENTRY, {ITEMS: [ITEM, SECRET_ITEM]}, MAPPING)
    assert texts(doc, "hasItem") == ["姓名"]
    raised = replace(ENTRY, attributes={**ENTRY.attributes, "securityLevel": "核心数据"})
    assert texts(document(raised, {ITEMS: [SECRET_ITEM]}, MAPPING), "hasItem") == ["病史"]


def test_a_title_is_never_missing() -> None:
    kept = MAPPING.types["Table"]
    table = resource("dataset:postgres://h:5432/pension.public.person", "Table")
    assert title_of(table, kept) == "pension.public.person"
    field = resource("field:postgres://h:5432/pension.public.person#zjhm", "Field")
    assert title_of(field, MAPPING.types["Field"]) == "zjhm"
    assert title_of(resource("x:y", "Unknown"), None) == "y"
    assert (
        title_of(
            resource("entry:z", "InformationResource", title="  "),
            MAPPING.types["InformationResource"],
        )
        == "z"
    )


def test_a_resource_may_be_known_by_its_abstract_class_only() -> None:
    doc = document(resource("entry:b", "CatalogEntry", title="人口"), {}, MAPPING)
    assert doc.title == "人口"


def test_equal_content_equal_digest() -> None:
    one, same = (document(ENTRY, {PROVIDER: [POLICE]}, MAPPING) for _ in range(2))
    assert one.digest == same.digest
    renamed = replace(POLICE, attributes={"name": "市警察局"})
    assert document(ENTRY, {PROVIDER: [renamed]}, MAPPING).digest != one.digest


def test_huge_values_are_cut() -> None:
    doc = document(replace(ENTRY, attributes={"title": "x" * 10**6}), {}, MAPPING)
    assert max(len(p.text) for p in doc.passages) == MAX_PASSAGE


@pytest.mark.parametrize(
    ("clearance", "seen"),
    [
        ("公开数据", {"-", "公开数据"}),
        ("内部数据", {"-", "公开数据", "内部数据"}),
        ("核心数据", None),
    ],
)
def test_what_viewers_hold(clearance: str, seen: set[str] | None) -> None:
    held = visible_to(Viewer("x", clearance))
    assert (set(held) if held else None) == seen
    assert visible_to(None) is None


def test_a_viewer_sees_a_document_exactly_when_he_sees_the_resource() -> None:
    rows = small_ledger.resources()
    for doc in small_ledger.documents(MAPPING):
        for level in ("公开数据", "内部数据", "敏感数据", "核心数据"):
            viewer = Viewer("x", level)
            held = visible_to(viewer)
            shown = held is None or bool(set(held) & set(doc.visibility))
            assert shown == (rank_of(rows[doc.id].attributes.get("securityLevel")) <= viewer.rank)


@pytest.mark.parametrize(
    ("value", "form", "kept"),
    [
        (3, Form.INTEGER, (3,)),
        ("3", Form.INTEGER, (3,)),
        (2**53 + 1, Form.INTEGER, (2**53 + 1,)),
        (2**70, Form.INTEGER, ()),
        ("x", Form.DECIMAL, ()),
        (float("nan"), Form.DECIMAL, ()),
        (True, Form.KEYWORD, ("true",)),
        ((" a ", "a", ""), Form.KEYWORD, ("a",)),
        ("昨天", Form.INSTANT, ()),
    ],
)
def test_forms(value: Value, form: Form, kept: tuple[object, ...]) -> None:
    assert keywords(value, form, CHINA) == kept


DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024", 366),
        ("2024-02", 29),
        ("2024-02-29", 1),
        ("2024年2月29日", 1),
        ("2024/2/29", 1),
        ("2023年", 365),
    ],
)
def test_a_date_spans_all_that_it_may_mean(text: str, days: int) -> None:
    span = instants(text, CHINA)
    assert span is not None
    assert span[1] - span[0] + 1 == days * DAY


def test_dates_without_zone_are_of_home_and_instants_are_points() -> None:
    assert instant("2024-05-01", CHINA) == instant("2024-04-30T16:00:00Z", CHINA)
    midnight = instant("2024-05-01T00:00:00+00:00", CHINA)
    assert instants("2024-05-01T08:00:00", CHINA) == (midnight,) * 2


def test_dates_are_of_the_zone_of_the_mapping() -> None:
    elsewhere = derive(ONTOLOGY, "America/Lima")
    assert elsewhere.version != MAPPING.version, "documents hold other instants"
    entry = resource("entry:1", "InformationResource", publishedAt="2024-05-01")
    doc = document(entry, {}, elsewhere)
    assert doc.values["publishedAt"] == (instant("2024-05-01T05:00:00Z", CHINA),)
    assert SearchMapping.from_json(elsewhere.to_json()).zone == "America/Lima"


@pytest.mark.parametrize("text", ["", "昨天", "2024-13", "2023-02-29", "99999", "0000", None, 5])
def test_what_is_no_date(text: object) -> None:
    assert instant(text, CHINA) is None
