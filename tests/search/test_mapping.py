"""What the ontology makes of search: fields, names, paths, and what people may type."""

from dataclasses import replace

import pytest
import small_ledger
from small_ledger import ONTOLOGY

from ontology.load import load_ontology
from ontology.model import Attribute, Code, CodeList, Datatype, Direction, Label, ResourceType
from search.mapping import Form, SearchMapping, Step, derive
from search.ranking import band

MAPPING = derive(ONTOLOGY)


def test_personal_attributes_are_nowhere() -> None:
    assert "contactName" not in MAPPING.fields
    assert "contactName" not in MAPPING.types["InformationResource"].texts
    assert "联系人" not in MAPPING.typed


def test_abstract_classes_can_be_asked_for() -> None:
    assert MAPPING.types["CatalogEntry"].title == "title"
    assert MAPPING.fields["type"].spellings["目录条目"] == "CatalogEntry"


def test_heavy_strings_are_names() -> None:
    assert MAPPING.types["Department"].names == ("shortName",)
    assert MAPPING.types["DataElement"].names == ("synonyms",)
    assert "keyword" not in MAPPING.types["InformationResource"].names


def test_links_to_one_class_are_one_facet() -> None:
    assert MAPPING.fields["department"].within == ("providedBy", "managedBy")
    assert MAPPING.fields["department"].facet
    assert not MAPPING.fields["providedBy"].facet


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("部门", "department"),
        ("department", "department"),
        ("提供方", "providedBy"),
        ("共享类型", "sharingType"),
        ("sharingtype", "sharingType"),
        ("sharing", "sharingType"),
        ("level", "securityLevel"),
        ("名称", "title"),
        ("资源名称", "title"),
        ("类型", "type"),
        ("信息项", "hasItem"),
        ("recordcount", "recordCount"),
    ],
)
def test_what_people_may_type(typed: str, field: str) -> None:
    assert MAPPING.typed[typed] == field


def test_an_entry_is_found_by_its_items_and_by_what_they_are_named_after() -> None:
    paths = {e.path for e in MAPPING.types["InformationResource"].embeddings}
    item = Step("hasItem", Direction.FORWARD)
    assert (item,) in paths
    assert (item, Step("conformsTo", Direction.FORWARD)) in paths
    weights = {e.field: e.weight for e in MAPPING.types["InformationResource"].embeddings}
    assert 0 < weights["conformsTo"] <= weights["hasItem"]


def test_a_part_that_hardly_counts_does_not_speak_for_its_whole() -> None:
    assert all(len(e.path) == 1 for e in MAPPING.types["Table"].embeddings)


def test_dependants_are_the_embeddings_read_backwards() -> None:
    back = set(MAPPING.dependants("DataElement"))
    to_item = Step("conformsTo", Direction.BACKWARD)
    assert back == {(to_item,), (to_item, Step("hasItem", Direction.BACKWARD))}
    assert MAPPING.dependants("Department")[0] == (Step("providedBy", Direction.BACKWARD),)
    assert (Step("requiredBy", Direction.FORWARD),) in MAPPING.dependants("InformationResource")
    assert MAPPING.dependants("Unknown") == ()


def test_the_version_follows_what_matters() -> None:
    assert derive(ONTOLOGY).version == MAPPING.version
    types = dict(ONTOLOGY.types)
    types["Matter"] = replace(types["Matter"], search_prior=9.0)
    assert derive(replace(ONTOLOGY, types=types)).version != MAPPING.version


def test_it_survives_being_stored() -> None:
    assert SearchMapping.from_json(MAPPING.to_json()) == MAPPING


def test_an_attribute_that_classes_type_differently_is_kept_as_text() -> None:
    number = Attribute("size", Label("大小", "size"), Datatype.INTEGER, "x:size", filterable=True)
    types = dict(ONTOLOGY.types)
    for name, attribute in (
        ("Matter", number),
        ("Region", replace(number, datatype=Datatype.STRING)),
    ):
        kind = types[name]
        types[name] = replace(kind, attributes={**kind.attributes, "size": attribute})
    assert derive(replace(ONTOLOGY, types=types)).fields["size"].form is Form.KEYWORD


def test_a_class_added_in_ttl_alone_is_searched_like_any_other() -> None:
    codes = CodeList(
        "PartKind",
        Label("部件类", "kind of part"),
        (Code("01", Label("井盖", "manhole cover"), ("窨井盖",)),),
    )
    kind = Attribute(
        "partKind",
        Label("部件大类", "kind of part"),
        Datatype.CODE,
        "x:k",
        code_list="PartKind",
        facet=True,
    )
    name = Attribute("name", Label("名称", "name"), Datatype.STRING, "x:n", search_weight=10)
    part = ResourceType(
        "CityPart",
        Label("城市部件", "city part"),
        "x:p",
        "part",
        "name",
        attributes={"name": name, "partKind": kind},
    )
    wider = replace(
        ONTOLOGY,
        types={**ONTOLOGY.types, "CityPart": part},
        code_lists={**ONTOLOGY.code_lists, "PartKind": codes},
    )
    mapping = derive(wider)
    assert mapping.typed["部件大类"] == "partKind"
    assert mapping.fields["partKind"].spellings["窨井盖"] == "01"
    assert mapping.fields["type"].spellings["城市部件"] == "CityPart"
    assert "partKind" in mapping.facets


def test_the_real_ontology_has_the_facets_of_the_issue() -> None:
    mapping = derive(load_ontology())
    wanted = {"type", "department", "region", "category", "securityLevel"}
    wanted |= {"sharingType", "openingType", "format", "updateCycle", "system"}
    assert wanted <= set(mapping.facets)


@pytest.mark.parametrize(("weight", "rounded"), [(10, 8), (8, 8), (3, 4), (0.1, 0.25), (100, 16)])
def test_weights_share_bands(weight: float, rounded: float) -> None:
    assert band(weight) == rounded


def test_every_band_that_documents_use_is_declared() -> None:
    used = {band(p.weight) for doc in small_ledger.documents(MAPPING) for p in doc.passages}
    assert used <= set(MAPPING.bands)
