"""Shapes as functions give the verdicts that pyshacl gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from ontology.load import BASE
from ontology.model import Datatype, Direction, Ontology
from ontology.rdf import MULU, read_turtle
from ontology.resource import Value
from ontology.shacl import compile_shapes
from ontology.shapes import Focus, Shape

Links = tuple[tuple[str, str, str], ...]  # (from, link, to)


@dataclass(frozen=True)
class World:
    """A few resources and links, as both judges see them."""

    nodes: Mapping[str, Focus]
    links: Links

    def around(self, id: str, link: str, way: Direction) -> Sequence[Focus]:
        if way is Direction.FORWARD:
            return [self.nodes[b] for a, name, b in self.links if (a, name) == (id, link)]
        return [self.nodes[a] for a, name, b in self.links if (b, name) == (id, link)]

    def graph(self, ontology: Ontology) -> Graph:
        graph = Graph()
        for kind in ontology.types.values():
            for parent in kind.parents:
                graph.add((MULU[kind.name], RDFS.subClassOf, MULU[parent]))
        for node in self.nodes.values():
            graph.add((URIRef(node.id), RDF.type, MULU[node.type or ""]))
            for name, value in node.attributes.items():
                datatype = ontology.types[node.type or ""].attributes[name].datatype
                for one in value if isinstance(value, tuple) else (value,):
                    graph.add((URIRef(node.id), MULU[name], literal(one, datatype)))
        for a, name, b in self.links:
            graph.add((URIRef(a), MULU[name], URIRef(b)))
        return graph


def literal(value: object, datatype: Datatype) -> Literal:
    types = {Datatype.DATE: XSD.date, Datatype.INTEGER: XSD.integer, Datatype.DECIMAL: XSD.decimal}
    return Literal(str(value), datatype=types[datatype]) if datatype in types else Literal(value)


def judged_by_pyshacl(data: Graph, shapes: Graph) -> set[tuple[str, str]]:
    """(resource, message) of every violation."""
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, allow_warnings=False)
    return {
        (str(results.value(result, SH.focusNode)), str(message))
        for result in results.subjects(RDF.type, SH.ValidationResult)
        for message in results.objects(result, SH.resultMessage)
        if not isinstance(message, Literal) or message.language in (None, "zh")
    }


def judged_by_us(ontology: Ontology, world: World) -> set[tuple[str, str]]:
    return {
        (node.id, shape.message.zh)
        for node in world.nodes.values()
        for shape in ontology.shapes
        if isinstance(shape, Shape) and ontology.is_a(node.type or "", shape.target)
        if not shape.conforms(node, world.around)
    }


# --- the catalogue's own shapes ---------------------------------------------------------


def one_of(ontology: Ontology, codes: str) -> st.SearchStrategy[str]:
    return st.sampled_from([c.notation for c in ontology.code_lists[codes].codes])


def worlds(ontology: Ontology) -> st.SearchStrategy[World]:
    words = st.sampled_from(["甲", "乙", "丙"])
    days = st.sampled_from(["2024-01-01", "2024-06-30", "2025-01-01"])
    codes = st.sampled_from(["306001/1", "306002/12", "306001", "甲"])
    sharing, opening = one_of(ontology, "SharingType"), one_of(ontology, "OpeningType")
    entry = st.fixed_dictionaries(
        {"title": words},
        optional={
            "abstract": words,
            "sharingType": sharing,
            "openingType": opening,
            "sharingCondition": words,
            "openingCondition": words,
            "refusalBasis": words,
            "securityLevel": one_of(ontology, "SecurityLevel"),
            "lifecycleState": st.sampled_from(["已发布", "草稿"]),
            "updateCycle": st.sampled_from(["其他", "每日"]),
            "updateCycleNote": words,
            "temporalStart": days,
            "temporalEnd": days,
            "catalogueCode": st.lists(codes, min_size=1, unique=True).map(tuple),
            "resourceCode": words,
        },
    )
    item = st.fixed_dictionaries(
        {"name": words},
        optional={
            "sharingType": sharing,
            "openingType": opening,
            "securityLevel": one_of(ontology, "SecurityLevel"),
        },
    )
    valid = st.fixed_dictionaries({}, optional={"validFrom": days, "validTo": days})
    kinds: list[tuple[str, str, st.SearchStrategy[dict[str, Value]]]] = [
        ("entry", "DataResource", entry),
        ("other", "DataResource", st.fixed_dictionaries({"title": words})),
        ("paper", "InformationResource", st.fixed_dictionaries({"title": words})),
        ("office", "Department", st.just({"name": "局"})),
        ("office2", "Department", st.just({"name": "局"})),
        ("class", "Category", st.fixed_dictionaries({}, optional={"code": codes})),
        ("class2", "Category", st.fixed_dictionaries({}, optional={"code": codes})),
        ("item1", "InformationItem", item),
        ("item2", "InformationItem", item),
        ("table", "Table", st.just({})),
        ("database", "Database", st.just({})),
        ("system", "System", st.fixed_dictionaries({"name": words})),
        ("post", "ContactPoint", st.just({"name": "岗"})),
        ("law", "LegalBasis", st.just({"title": "法"})),
        ("grant", "UsageGrant", valid),
        ("file", "File", st.just({})),
        ("person", "MasterDataEntity", st.just({"name": "人"})),
    ]
    possible = [
        ("entry", "hasItem", "item1"),
        ("entry", "hasItem", "item2"),
        ("entry", "providedBy", "office"),
        ("other", "providedBy", "office"),
        ("other", "providedBy", "office2"),
        ("paper", "providedBy", "office"),
        ("entry", "inCategory", "class"),
        ("entry", "inCategory", "class2"),
        ("entry", "mounts", "table"),
        ("entry", "inSystem", "system"),
        ("entry", "basedOn", "law"),
        ("entry", "hasContact", "post"),
        ("table", "hostedIn", "system"),
        ("table", "authoritativeFor", "person"),
        ("file", "authoritativeFor", "person"),
        ("database", "hasDataset", "table"),
        ("system", "hosts", "database"),
    ]

    def world(values: Sequence[dict[str, Value]], links: Links) -> World:
        return World(
            {
                f"urn:{k[0]}": Focus(f"urn:{k[0]}", k[1], v)
                for k, v in zip(kinds, values, strict=True)
            },
            tuple((f"urn:{a}", link, f"urn:{b}") for a, link, b in links),
        )

    return st.builds(
        world,
        st.tuples(*(k[2] for k in kinds)),
        st.lists(st.sampled_from(possible), unique=True).map(tuple),
    )


@pytest.fixture(scope="module")
def shapes_file() -> Graph:
    return Graph().parse(BASE[1], format="turtle")


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # pyshacl is too slow to shrink with
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_the_catalogue_is_judged_as_pyshacl_does(
    ontology: Ontology, shapes_file: Graph, data: st.DataObject
) -> None:
    world = data.draw(worlds(ontology))
    theirs = judged_by_pyshacl(world.graph(ontology), shapes_file)
    assert judged_by_us(ontology, world) == theirs


# --- any shape at all -------------------------------------------------------------------

PREFIXES = """\
@prefix mulu: <https://w3id.org/mulu#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PATHS = st.sampled_from(
    [
        "mulu:title",
        "mulu:keyword",
        "mulu:recordCount",
        "mulu:hasItem",
        "mulu:relatedTo",
        "[ sh:inversePath mulu:relatedTo ]",
        "( mulu:hasItem mulu:name )",
        "( mulu:relatedTo mulu:relatedTo mulu:title )",
        "( [ sh:inversePath mulu:relatedTo ] mulu:keyword )",
        "[ sh:alternativePath ( mulu:title mulu:keyword ) ]",
    ]
)
VALUES = st.sampled_from(['"甲"', '"乙"', '"丙"'])


def constraints(inner: st.SearchStrategy[str], *, with_path: bool) -> st.SearchStrategy[str]:
    listed = st.lists(inner, min_size=1, max_size=3)
    options = [
        VALUES.map(lambda v: f"sh:hasValue {v}"),
        st.lists(VALUES, max_size=3).map(lambda v: f"sh:in ( {' '.join(v)} )"),
        st.sampled_from(["DataResource", "CatalogEntry", "InformationItem"]).map(
            lambda c: f"sh:class mulu:{c}"
        ),
        st.sampled_from(["^甲", "乙$", "."]).map(lambda p: f'sh:pattern "{p}"'),
        st.integers(0, 2).map(lambda n: f"sh:minLength {n}"),
        st.integers(0, 2).map(lambda n: f"sh:maxLength {n}"),
        inner.map(lambda s: f"sh:not {s}"),
        inner.map(lambda s: f"sh:node [ sh:and ( {s} ) ]"),
        listed.map(lambda s: f"sh:and ( {' '.join(s)} )"),
        listed.map(lambda s: f"sh:or ( {' '.join(s)} )"),
        listed.map(lambda s: f"sh:xone ( {' '.join(s)} )"),
    ]
    if with_path:
        options += [
            st.integers(0, 2).map(lambda n: f"sh:minCount {n}"),
            st.integers(0, 2).map(lambda n: f"sh:maxCount {n}"),
            st.tuples(inner, st.integers(0, 2)).map(
                lambda p: f"sh:qualifiedValueShape {p[0]} ; sh:qualifiedMinCount {p[1]}"
            ),
            st.tuples(inner, st.integers(0, 2)).map(
                lambda p: f"sh:qualifiedValueShape {p[0]} ; sh:qualifiedMaxCount {p[1]}"
            ),
            st.sampled_from(["equals", "disjoint"]).map(lambda p: f"sh:{p} mulu:title"),
            st.sampled_from(["2", "3"]).map(lambda n: f'sh:minInclusive "{n}"^^xsd:decimal'),
            st.sampled_from(["2", "3"]).map(lambda n: f'sh:maxExclusive "{n}"^^xsd:decimal'),
        ]
    return st.one_of(options)


def shapes_within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        constraints(inner, with_path=False).map(lambda c: f"[ {c} ]"),
        st.tuples(PATHS, constraints(inner, with_path=True)).map(
            lambda p: f"[ sh:path {p[0]} ; {p[1]} ]"
        ),
    )


SHAPES = st.recursive(
    st.tuples(PATHS, VALUES).map(lambda p: f"[ sh:path {p[0]} ; sh:hasValue {p[1]} ]"),
    shapes_within,
    max_leaves=6,
)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["甲", "乙"]),
        "keyword": st.lists(st.sampled_from(["甲", "乙", "丙"]), min_size=1, unique=True).map(
            tuple
        ),
        "recordCount": st.sampled_from([1.0, 2.0, 3.0]),
    },
)
SMALL = st.builds(
    lambda a, b, name, links: World(
        {
            "urn:a": Focus("urn:a", "DataResource", a),
            "urn:b": Focus("urn:b", "InformationResource", b),
            "urn:i": Focus("urn:i", "InformationItem", {"name": name}),
        },
        tuple(links),
    ),
    ATTRIBUTES,
    ATTRIBUTES,
    st.sampled_from(["甲", "乙"]),
    st.lists(
        st.sampled_from(
            [
                ("urn:a", "hasItem", "urn:i"),
                ("urn:b", "hasItem", "urn:i"),
                ("urn:a", "relatedTo", "urn:b"),
                ("urn:b", "relatedTo", "urn:a"),
                ("urn:a", "relatedTo", "urn:a"),
            ]
        ),
        unique=True,
    ),
)


def compiled(ontology: Ontology, text: str, file: Path) -> Shape:
    """The one shape in the text."""
    file.write_text(text, encoding="utf-8")
    attributes = {name for kind in ontology.types.values() for name in kind.attributes}
    (shape,) = compile_shapes(read_turtle([file]), ontology.types, ontology.links, attributes)
    return shape


@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # pyshacl is too slow to shrink with
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shape=SHAPES, world=SMALL)
def test_any_shape_is_judged_as_pyshacl_does(
    ontology: Ontology,
    tmp_path: Path,
    shape: str,
    world: World,
) -> None:
    text = (
        f"{PREFIXES}mulu:S a sh:NodeShape ; sh:targetClass mulu:CatalogEntry ; sh:and ( {shape} ) ."
    )
    ours = compiled(ontology, text, tmp_path / "s.ttl")
    graph = Graph().parse(data=text, format="turtle")
    _, results, _ = pyshacl.validate(world.graph(ontology), shacl_graph=graph)
    theirs = {
        str(results.value(result, SH.focusNode))
        for result in results.subjects(RDF.type, SH.ValidationResult)
    }
    assert {
        n for n in ("urn:a", "urn:b") if not ours.conforms(world.nodes[n], world.around)
    } == theirs


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=SHAPES, world=SMALL)
def test_a_shape_minds_nothing_that_it_does_not_read(
    ontology: Ontology, tmp_path: Path, shape: str, world: World
) -> None:
    text = (
        f"{PREFIXES}mulu:S a sh:NodeShape ; sh:targetClass mulu:CatalogEntry ; sh:and ( {shape} ) ."
    )
    ours = compiled(ontology, text, tmp_path / "s.ttl")
    read = {
        id: Focus(id, n.type, {k: v for k, v in n.attributes.items() if ours.minds({k})})
        for id, n in world.nodes.items()
    }
    bare = World(read, world.links)
    for node in ("urn:a", "urn:b"):
        whole = ours.conforms(world.nodes[node], world.around)
        assert ours.conforms(read[node], bare.around) == whole


# --- read as examples -------------------------------------------------------------------


def verdicts(
    ontology: Ontology, attributes: Mapping[str, Value], *items: Mapping[str, Value]
) -> set[str]:
    nodes = {"e": Focus("e", "DataResource", {"title": "甲", **attributes})}
    nodes |= {f"i{n}": Focus(f"i{n}", "InformationItem", item) for n, item in enumerate(items)}
    world = World(nodes, tuple(("e", "hasItem", id) for id in nodes if id != "e"))
    return {
        shape.name
        for shape in ontology.shapes
        if isinstance(shape, Shape) and shape.target == "CatalogEntry"
        if not shape.conforms(nodes["e"], world.around)
    }


REFUSED = {"sharingType": "不予共享"}


def test_not_shared_needs_a_basis_and_is_not_open(ontology: Ontology) -> None:
    assert verdicts(ontology, REFUSED) == {"RefusalNeedsBasis"}
    assert verdicts(ontology, {**REFUSED, "refusalBasis": "某法第三条"}) == set()
    assert "RefusedIsNotOpen" in verdicts(ontology, {**REFUSED, "openingType": "无条件开放"})


def test_items_bind_their_entry(ontology: Ontology) -> None:
    free = {"sharingType": "无条件共享"}
    some = {"sharingType": "有条件共享", "sharingCondition": "申请"}
    assert verdicts(ontology, free, free, free) == set()
    assert verdicts(ontology, free, free, some) == {"SharingOfAnyItem"}
    assert verdicts(ontology, some, REFUSED, REFUSED) == {"SharingOfAllItems"}
    assert verdicts(ontology, some, REFUSED, free) == set()


def test_the_highest_level_decides(ontology: Ontology) -> None:
    sensitive = {"securityLevel": "敏感数据"}
    assert verdicts(ontology, {"securityLevel": "公开数据"}, sensitive) == {"LevelOfItems"}
    assert verdicts(ontology, {}, sensitive) == {"LevelOfItems"}
    assert verdicts(ontology, {"securityLevel": "核心数据"}, sensitive) == set()


def test_what_is_published_is_complete(ontology: Ontology) -> None:
    missing = verdicts(ontology, {"lifecycleState": "已发布"})
    assert {"PublishedNeedsContact", "PublishedNeedsCategory", "PublishedNeedsCode"} <= missing
    assert verdicts(ontology, {"lifecycleState": "草稿"}) == set()


def test_amounts_are_not_negative(ontology: Ontology) -> None:
    assert verdicts(ontology, {"recordCount": -5}) == {"AmountsNotNegative"}
    assert verdicts(ontology, {"openedStorage": -0.5}) == {"AmountsNotNegative"}
    assert verdicts(ontology, {"recordCount": 0}, {"length": 18}) == set()
    world = World({"t": Focus("t", "Table", {"recordCount": -1})}, ())
    assert broken(ontology, world, "StockNotNegative") == {"t"}


def test_who_provides_two_of_one_title(ontology: Ontology) -> None:
    nodes = {
        "a": Focus("a", "DataResource", {"title": "人口"}),
        "b": Focus("b", "DataResource", {"title": "人口"}),
        "c": Focus("c", "InformationResource", {"title": "人口"}),
        "office": Focus("office", "Department", {"name": "公安局"}),
    }
    world = World(nodes, tuple((id, "providedBy", "office") for id in "abc"))
    assert broken(ontology, world, "TitleIsUnique") == {"a", "b"}  # c is their description


def test_the_front_of_a_code_is_a_category_of_the_entry(ontology: Ontology) -> None:
    nodes = {
        "right": Focus("right", "DataResource", {"catalogueCode": ("306001/12",)}),
        "wrong": Focus("wrong", "DataResource", {"catalogueCode": ("306002/12",)}),
        "local": Focus("local", "DataResource", {"catalogueCode": ("YL-2025-7",)}),
        "class": Focus("class", "Category", {"code": "306001"}),
    }
    world = World(nodes, tuple((id, "inCategory", "class") for id in ("right", "wrong", "local")))
    assert broken(ontology, world, "CodeBeginsWithCategory") == {"wrong"}


def broken(ontology: Ontology, world: World, name: str) -> set[str]:
    shape = next(shape for shape in ontology.shapes if shape.name == name)
    return {
        id
        for id, node in world.nodes.items()
        if ontology.is_a(node.type or "", shape.target) and not shape.conforms(node, world.around)
    }
