"""The schema as text, its names, and what happens when names meet."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from api.schema.build import LedgerSchema
from api.schema.names import plural
from ontology.errors import OntologyError
from ontology.model import Attribute, Datatype, Label, LinkType, Ontology, ResourceType
from search.mapping import derive


def attribute(name: str, datatype: Datatype = Datatype.STRING, **said: Any) -> Attribute:
    return Attribute(name, Label(name, name), datatype, f"x:{name}", **said)


def ontology_of(*kinds: ResourceType, links: tuple[LinkType, ...] = ()) -> Ontology:
    return Ontology({k.name: k for k in kinds}, {x.name: x for x in links}, {}, "digest")


def kind(name: str, *attributes: Attribute, **said: Any) -> ResourceType:
    label = Label(f"{name}类", name)
    named = {a.name: a for a in attributes or (attribute("name"),)}
    said = {"family": name.lower(), "title": "name", **said}
    return ResourceType(name, label, f"x:{name}", attributes=named, **said)


def link(name: str, inverse: str, domain: str, range: str) -> LinkType:
    label = Label(name, name)
    return LinkType(name, label, inverse, label, f"x:{name}", (domain,), (range,))


def text_of(ontology: Ontology) -> str:
    return LedgerSchema(ontology, derive(ontology)).as_str()


def block(text: str, opening: str) -> str:
    return text.partition(f"\n{opening}")[2].partition("\n}")[0]


def test_golden_schema(schema: LedgerSchema, golden: Path) -> None:
    copy, text = golden / "schema.graphql", schema.as_str() + "\n"
    if os.environ.get("MULU_GOLDEN") == "write":
        copy.write_text(text, encoding="utf-8")
    assert copy.read_text(encoding="utf-8") == text, (
        "schema.graphql changed: run `make golden` and read the diff"
    )


def test_descriptions_speak_both_languages(schema: LedgerSchema) -> None:
    for name in ("InformationResource", "Table", "Department"):
        described = schema.get_type_by_name(name).description
        zh, _, en = described.partition(" / ")
        assert any("一" <= c <= "鿿" for c in zh)
        assert any(c.isascii() and c.isalpha() for c in en)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Table", "tables"),
        ("CatalogEntry", "catalogEntries"),
        ("LegalBasis", "legalBases"),
        ("Process", "processes"),
        ("Survey", "surveys"),
    ],
)
def test_plurals(name: str, expected: str) -> None:
    assert plural(name) == expected


def test_names_of_the_interface_stand_and_others_give_way() -> None:
    near, far = (link(name, "nearTo", "Thing", "Thing") for name in ("near", "far"))
    things = kind("Thing", attribute("name"), attribute("version"), attribute("near"))
    text = text_of(ontology_of(things, links=(near, far)))
    fields = block(text, "type Thing implements")
    assert "versionValue: String" in fields
    assert "near: String" in fields
    assert "nearLink(" in fields  # the attribute has the name
    assert "nearTo(" in fields
    assert "farInverse(" in fields  # the other link has the name


def test_python_words_are_names_like_any_other() -> None:
    words = [attribute(word) for word in ("name", "from", "class")]
    text = text_of(ontology_of(kind("Thing", *words)))
    assert "  from: String" in block(text, "type Thing implements")
    assert "  class: String" in block(text, "input ThingInput")


def test_classes_in_a_diamond_have_one_order() -> None:
    a = kind("A", family="a")
    b = kind("B", family="a", parents=("A",), ancestors=("A",), abstract=True)
    c = kind("C", family="a", parents=("A",), ancestors=("A",), abstract=True)
    d = kind("D", family="a", parents=("C", "B"), ancestors=("C", "B", "A"))
    e = kind("E", family="a", parents=("B", "C"), ancestors=("B", "C", "A"))
    text = text_of(ontology_of(a, b, c, d, e))
    assert "type D implements B & A & Resource & C" in text or "type D implements" in text
    assert "type PlainA implements A & Resource" in text


@pytest.mark.parametrize("name", ["Query", "Hit", "Commit", "Resource", "部件", "Bad-Name"])
def test_a_class_that_cannot_have_its_name_is_refused_at_start(name: str) -> None:
    with pytest.raises(OntologyError):
        text_of(ontology_of(kind(name)))


def test_a_list_that_cannot_have_its_name_is_refused_at_start() -> None:
    with pytest.raises(OntologyError, match="commits"):
        text_of(ontology_of(kind("Commit")))


def test_several_ontologies_live_in_one_process() -> None:
    one = LedgerSchema(o := ontology_of(kind("Thing")), derive(o))
    other = LedgerSchema(o := ontology_of(kind("Thing", attribute("weight"))), derive(o))
    assert one.types.module != other.types.module
    assert "weight" not in one.as_str()
    assert "weight" in other.as_str()
    one.types.close()
    assert one.types.module not in sys.modules
