"""Code lists and attributes, as the files declare them."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from ontology.checks import CHECKS
from ontology.model import Attribute, Code, CodeList, Datatype, Label
from ontology.rdf import MULU, Turtle, local_name

_DATATYPES = {
    XSD.string: Datatype.STRING,
    MULU.text: Datatype.TEXT,
    XSD.integer: Datatype.INTEGER,
    XSD.decimal: Datatype.DECIMAL,
    XSD.boolean: Datatype.BOOLEAN,
    XSD.date: Datatype.DATE,
    XSD.dateTime: Datatype.DATETIME,
    XSD.anyURI: Datatype.URI,
    SKOS.Concept: Datatype.CODE,
}


def read_code_lists(turtle: Turtle) -> dict[str, CodeList]:
    """Name → code list; codes in the order of its skos:memberList."""
    found: dict[str, CodeList] = {}
    for scheme in turtle.declared(SKOS.ConceptScheme):
        codes: list[Code] = []
        for order, concept in enumerate(turtle.list(turtle.one(scheme, SKOS.memberList))):
            notation = turtle.text(concept, SKOS.notation)
            if notation is None:
                raise turtle.wrong(f"{turtle.short(scheme)}: a code without notation", scheme)
            label = turtle.label(concept, SKOS.prefLabel) or Label("", "")
            codes.append(
                Code(
                    notation=notation,
                    label=Label(label.zh or notation, label.en or notation),
                    synonyms=turtle.texts_of(concept, SKOS.altLabel),
                    order=order,
                    aligned=turtle.aligned(concept),
                )
            )
        if not codes:
            raise turtle.wrong(
                f"{turtle.short(scheme)}: a code list needs a skos:memberList", scheme
            )
        if len({c.notation for c in codes}) < len(codes):
            raise turtle.wrong(f"{turtle.short(scheme)}: the same notation twice", scheme)
        found[turtle.name_of(scheme, found)] = CodeList(
            name=local_name(scheme),
            label=turtle.label_of(scheme),
            codes=tuple(codes),
            open=turtle.flag(scheme, MULU.open),
            clause=turtle.text(scheme, DCTERMS.source) or "",
        )
    return found


def read_attributes(
    turtle: Turtle, lists: Mapping[str, CodeList], groups: Mapping[Node, Label]
) -> dict[Node, Attribute]:
    """IRI → the attribute as declared, before a class says its cardinality."""
    found: dict[Node, Attribute] = {}
    names: dict[str, Node] = {}
    for order, subject in enumerate(turtle.declared(OWL.DatatypeProperty)):
        names[turtle.name_of(subject, names)] = subject
        code_list = code_list_of(turtle, subject, subject, lists)
        found[subject] = Attribute(
            name=local_name(subject),
            label=turtle.label_of(subject),
            datatype=_datatype(turtle, subject, code_list),
            iri=str(subject),
            definition=turtle.label(subject, SKOS.definition) or Label("", ""),
            clause=turtle.text(subject, DCTERMS.source) or "",
            code_list=code_list,
            check=check_of(turtle, subject, subject),
            search_weight=turtle.number(subject, MULU.searchWeight),
            facet=turtle.flag(subject, MULU.facet),
            filterable=turtle.flag(subject, MULU.filterable),
            personal=turtle.flag(subject, MULU.personal),
            true_words=turtle.texts_of(subject, MULU.trueWord),
            false_words=turtle.texts_of(subject, MULU.falseWord),
            other_note=_local(turtle.one(subject, MULU.otherNote)),
            headers=turtle.texts_of(subject, MULU.header),
            group=group_of(turtle, subject, subject, groups),
            order=order,
            aligned=turtle.aligned(subject),
        )
    return found


def _datatype(turtle: Turtle, subject: Node, code_list: str | None) -> Datatype:
    range_ = turtle.one(subject, RDFS.range)
    if code_list is not None and range_ in (None, SKOS.Concept):
        return Datatype.CODE
    if isinstance(range_, URIRef) and range_ in _DATATYPES:
        return _DATATYPES[range_]
    what = "no rdfs:range and no mulu:codeList" if range_ is None else turtle.short(range_)
    raise turtle.wrong(
        f"{turtle.short(subject)}: unknown range: {what}; use one of "
        + ", ".join(turtle.short(r) for r in _DATATYPES),
        subject,
    )


def code_list_of(
    turtle: Turtle, node: Node, owner: Node, lists: Mapping[str, CodeList]
) -> str | None:
    """The code list that `node` names; what is wrong is told of `owner`."""
    named = turtle.one(node, MULU.codeList)
    if named is None:
        return None
    if local_name(named) not in lists:
        raise turtle.wrong(
            f"{turtle.short(owner)}: unknown code list {turtle.short(named)}",
            owner,
            turtle.short(named),
        )
    return local_name(named)


def check_of(turtle: Turtle, node: Node, owner: Node) -> str | None:
    """The named check (ontology/checks.py) that `node` asks for."""
    name = turtle.text(node, MULU.check)
    if name is not None and name not in CHECKS:
        raise turtle.wrong(
            f'{turtle.short(owner)}: unknown check "{name}"; known: {", ".join(sorted(CHECKS))}',
            owner,
        )
    return name


def group_of(turtle: Turtle, node: Node, owner: Node, groups: Mapping[Node, Label]) -> Label:
    """The label of the group that `node` belongs to; empty for none."""
    group = turtle.one(node, SH.group)
    if group is None:
        return Label("", "")
    if group not in groups:
        raise turtle.wrong(f"{turtle.short(owner)}: unknown group {turtle.short(group)}", owner)
    return groups[group]


def read_groups(turtle: Turtle) -> dict[Node, Label]:
    """The groups under which attributes are shown."""
    return {g: turtle.label_of(g) for g in turtle.graph.subjects(RDF.type, SH.PropertyGroup)}


def _local(node: Node | None) -> str | None:
    return None if node is None else local_name(node)
