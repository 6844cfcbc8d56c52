"""A broken TTL is refused with file, line and reason; a good one adds to what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.errors import OntologyError
from ontology.load import load_ontology
from ontology.model import Datatype, Ontology

PREFIXES = """\
@prefix c: <https://yunlan.example/o#> .
@prefix mulu: <https://w3id.org/mulu#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
FIRST = PREFIXES.count("\n") + 1

LAMP = """\
c:Lamp a owl:Class , sh:NodeShape ;
  rdfs:label "路灯"@zh , "lamp"@en ;
  mulu:family "lamp" ; mulu:titleAttribute mulu:name ;
  mulu:identifiedBy ( "lampCode: code" ) ;
  sh:property [ sh:path mulu:name ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path mulu:code ; sh:maxCount 1 ] .
"""
LIGHTS = """\
c:lights a owl:ObjectProperty ;
  rdfs:label "照亮"@zh , "lights"@en ;
  mulu:inverseName "litBy" ; mulu:inverseLabel "由…照亮"@zh , "lit by"@en ;
  rdfs:domain c:Lamp ; rdfs:range mulu:Region .
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "extra.ttl"
    file.write_text(PREFIXES + text, encoding="utf-8")
    return file


def test_a_class_of_ones_own_is_like_any_other(tmp_path: Path) -> None:
    ontology = load_ontology([write(tmp_path, LAMP + LIGHTS)])
    lamp = ontology.types["Lamp"]
    assert (lamp.family, lamp.title, lamp.label.zh) == ("lamp", "name", "路灯")
    assert lamp.attributes["name"].required
    assert not lamp.attributes["name"].many
    assert "lights" in {link.name for link in ontology.links_from("Lamp")}
    assert "lights" in {link.name for link in ontology.links_to("Region")}


def test_an_attribute_can_be_added_to_a_class_that_is_there(tmp_path: Path) -> None:
    text = """\
c:mood a owl:DatatypeProperty ; rdfs:label "心情"@zh , "mood"@en ; rdfs:range xsd:string .
mulu:CatalogEntry sh:property [ sh:path c:mood ; sh:maxCount 1 ] .
"""
    ontology = load_ontology([write(tmp_path, text)])
    assert "mood" in ontology.types["CatalogEntry"].attributes
    assert "mood" in ontology.types["DataResource"].attributes
    assert "mood" not in ontology.types["Table"].attributes


def test_several_files_may_build_on_each_other(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(PREFIXES + LAMP, encoding="utf-8")
    two.write_text(PREFIXES + LIGHTS, encoding="utf-8")
    assert "lights" in load_ontology([one, two]).links


def lamp(old: str, new: str) -> str:
    assert old in LAMP
    return LAMP.replace(old, new)


def lights(old: str, new: str) -> str:
    assert old in LIGHTS
    return LAMP + LIGHTS.replace(old, new)


def shape(text: str) -> str:
    return f"{LAMP}c:S a sh:NodeShape ; sh:targetClass c:Lamp ;\n  {text} .\n"


def labelled(what: str, text: str) -> str:
    return f'c:a a {what} ; rdfs:label "甲"@zh , "a"@en {text}.\n'


def attribute(text: str) -> str:
    return labelled("owl:DatatypeProperty", text)


def codes(text: str) -> str:
    return labelled("skos:ConceptScheme", text)


LINK = FIRST + LAMP.count("\n")  # line of c:lights, and of c:S
ENDS = LINK + 3
BROKEN = {
    # what is wrong: (turtle, line, reason)
    "not Turtle": ("\nc:Lamp a owl:Class\n  rdfs:label .\n", FIRST + 2, "is not Turtle"),
    "a prefix nobody bound": ("x:Lamp a owl:Class .\n", FIRST, "not bound"),
    "no label": (lamp('  rdfs:label "路灯"@zh , "lamp"@en ;\n', ""), FIRST, "@zh and @en"),
    "no English label": (lamp(', "lamp"@en', ""), FIRST, "rdfs:label @en"),
    "no family": (lamp('mulu:family "lamp" ;', ""), FIRST, "needs a mulu:family"),
    "another's family": (lamp('"lamp" ;', '"entry" ;'), FIRST, "belongs to"),
    "a family of capitals": (lamp('"lamp" ;', '"Lamp" ;'), FIRST, "lower-case"),
    "no title": (lamp("Attribute mulu:name", "Attribute mulu:title"), FIRST, "titleAttribute"),
    "no identifier": (lamp('mulu:identifiedBy ( "lampCode: code" ) ;', ""), FIRST, "identifiedBy"),
    "a bad identifier": (lamp("lampCode: code", "by code"), FIRST + 3, 'identifier "by code"'),
    "an identifier of nothing": (lamp(": code", ": number"), FIRST + 3, "no attribute number"),
    "an unknown scope": (lamp(": code", ": code within street"), FIRST, "street is neither"),
    "an unknown fold": (lamp(": code", ": code fold soft"), FIRST + 3, "unknown fold soft"),
    "an unknown attribute": (
        lamp("sh:path mulu:code", "sh:path mulu:cod"),
        FIRST + 5,
        "unknown attribute mulu:cod",
    ),
    "a bad pattern": (
        lamp("mulu:code ;", 'mulu:code ; sh:pattern "[" ;'),
        FIRST + 5,
        'pattern "["',
    ),
    "an unknown parent": (
        lamp("c:Lamp a", "c:Lamp rdfs:subClassOf mulu:Light ; a"),
        FIRST,
        "unknown parent",
    ),
    "its own ancestor": (
        lamp("c:Lamp a", "c:Lamp rdfs:subClassOf c:Lamp ; a"),
        FIRST,
        "own ancestor",
    ),
    "a family unlike its parent's": (
        lamp("c:Lamp a", "c:Lamp rdfs:subClassOf mulu:Table ; a"),
        FIRST,
        "differs from its parent",
    ),
    "a name that is none": (lamp("c:Lamp", "c:Lamp-post"), FIRST, "is no name"),
    "a name taken": (lamp("c:Lamp", "c:Table"), FIRST, "already used"),
    "an unknown range": (attribute("; rdfs:range xsd:byte "), FIRST, "unknown range: xsd:byte"),
    "no range": (attribute(""), FIRST, "no rdfs:range"),
    "an unknown list": (attribute(";\n mulu:codeList c:No "), FIRST + 1, "code list c:No"),
    "an unknown check": (
        attribute('; rdfs:range xsd:string ; mulu:check "luhn" '),
        FIRST,
        'unknown check "luhn"',
    ),
    "an empty list": (codes(""), FIRST, "memberList"),
    "a code without notation": (codes("; skos:memberList ( [] ) "), FIRST, "without notation"),
    "a code twice": (
        codes('; skos:memberList ( [ skos:notation "1" ] [ skos:notation "1" ] ) '),
        FIRST,
        "same notation twice",
    ),
    "an unknown domain": (lights("c:Lamp", "c:Torch"), ENDS, "unknown class c:Torch"),
    "no range of a link": (lights(" ; rdfs:range mulu:Region", ""), LINK, "no rdfs:range"),
    "no inverse": (lights('mulu:inverseName "litBy" ;', ""), LINK, "mulu:inverseName"),
    "an inverse name twice": (lights("litBy", "regionContents"), LINK, "taken on Region"),
    "an inverse called as an attribute": (lights("litBy", "shortName"), LINK, "taken on Region"),
    "a rule that does not parse": (
        lights("mulu:Region .", 'mulu:Region ;\n  mulu:spreads "forward fly: remove" .'),
        ENDS + 1,
        "forward fly",
    ),
    "unknown evidence": (
        lights("mulu:Region .", "mulu:Region ; mulu:evidence ( c:rule ) ."),
        ENDS,
        "unknown evidence",
    ),
    "a key that is no evidence": (
        lights("mulu:Region .", "mulu:Region ; mulu:keyedBy ( mulu:job ) ."),
        LINK,
        "keyed by job",
    ),
    "an unknown root": (
        lights("mulu:Region .", "mulu:Region ; mulu:specialises c:shines ."),
        LINK,
        "unknown link c:shines",
    ),
    "a shape on nothing": (
        shape("sh:targetClass c:Torch"),
        LINK,
        "unknown target class",
    ),
    "a shape that is not understood": (
        shape("sh:property [ sh:path mulu:code ; sh:uniqueLang true ]"),
        LINK + 1,
        "sh:uniqueLang is not understood",
    ),
    "SPARQL in a shape": (shape('sh:sparql [ sh:select "…" ]'), LINK, "sh:sparql is not"),
    "a path that is not understood": (
        shape("sh:property [ sh:path [ sh:zeroOrMorePath c:lights ] ; sh:minCount 1 ]"),
        LINK,
        "of paths only",
    ),
    "a path to nowhere": (
        shape("sh:property [ sh:path c:x ; sh:minCount 1 ]"),
        LINK + 1,
        "unknown attribute or link c:x",
    ),
    "files that contradict each other": (
        'mulu:Dataset mulu:family "two" .\n',
        0,
        "mulu:family: dataset / two",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken(tmp_path: Path, case: str) -> None:
    text, line, reason = BROKEN[case]
    file = write(tmp_path, text)
    with pytest.raises(OntologyError) as caught:
        load_ontology([file])
    assert reason in str(caught.value)
    if line:
        assert (caught.value.file, caught.value.line) == (str(file), line)
        assert str(caught.value).startswith(f"{file}:{line}: ")


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="cannot be read"):
        load_ontology([tmp_path / "nowhere.ttl"])
    odd = tmp_path / "odd.ttl"
    odd.write_bytes("# 路灯".encode("gb18030"))
    with pytest.raises(OntologyError, match="not UTF-8"):
        load_ontology([odd])


def test_what_issue_and_standard_name_is_there(ontology: Ontology) -> None:
    families = (
        "entry dataset field infoitem element codeset code coderule object logical system "
        "database job report org unit contact region matter scenario duty legal standard "
        "edition licence project channel library node scheme category grant"
    )
    assert set(ontology.families) == set(families.split())
    for name in ("Table", "View", "File", "Topic", "Api", "LicenceStore"):
        assert ontology.is_a(name, "Dataset")
        assert ontology.types[name].family == "dataset"
    assert ontology.is_a("MasterDataEntity", "BusinessObject")
    assert ontology.types["DataResource"].attributes["sharingType"].datatype is Datatype.CODE


def test_all_is_said_in_both_languages_and_defined(ontology: Ontology) -> None:
    for kind in ontology.types.values():
        assert kind.label.zh, kind.name
        assert kind.label.en, kind.name
        assert kind.definition.zh, kind.name
        assert kind.definition.en, kind.name
        for attribute in kind.attributes.values():
            assert attribute.definition.zh, attribute.name
            assert attribute.definition.en, attribute.name
            assert attribute.group.zh, attribute.name
    for link in ontology.links.values():
        assert link.definition.zh, link.name
        assert link.definition.en, link.name


def test_alignment_with_the_vocabularies(ontology: Ontology) -> None:
    aligned = {name: " ".join(kind.aligned) for name, kind in ontology.types.items()}
    assert "http://www.w3.org/ns/dcat#Dataset" in aligned["DataResource"]
    assert "http://www.w3.org/ns/prov#Entity" in aligned["Dataset"]
    assert "http://www.w3.org/ns/org#FormalOrganization" in aligned["Department"]
    assert "http://www.w3.org/2004/02/skos/core#Concept" in aligned["Category"]


def test_lineage_and_parts_are_marked(ontology: Ontology) -> None:
    lineage = {link.name for link in ontology.links.values() if link.lineage}
    assert lineage == {"derivedFrom", "fieldDerivedFrom", "datasetDerivedFrom"}
    assert ontology.links["derivedFrom"].abstract
    assert ontology.links["fieldDerivedFrom"].specialises == "derivedFrom"
    assert ontology.links["fieldDerivedFrom"].keyed_by == ("job",)
    parts = {link.name for link in ontology.links.values() if link.part_of}
    assert {"hasField", "hasDataset", "hosts", "hasItem", "hasCode"} <= parts
    assert "mapsTo" not in parts


def test_everyday_words_reach_their_code(ontology: Ontology) -> None:
    from ontology.values import words_of

    opening = words_of(ontology.code_lists["OpeningType"])
    assert opening["普遍开放"] == opening["无条件开放"] == "无条件开放"
    cycle = words_of(ontology.code_lists["UpdateCycle"])
    assert cycle["每天"] == cycle["每日"] == "每日"
    assert len(ontology.code_lists["LibraryTheme"].codes) >= 6
    assert [c.notation for c in ontology.code_lists["SecurityLevel"].codes] == [
        "公开数据",
        "内部数据",
        "敏感数据",
        "核心数据",
    ]
