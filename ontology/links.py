"""Link types, as the files declare them."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from ontology.model import Attribute, Label, LinkType, ResourceType, Spread
from ontology.rdf import MULU, NAME, Turtle, local_name
from ontology.spread import parse_spread


def read_links(
    turtle: Turtle, types: Mapping[str, ResourceType], attributes: Mapping[Node, Attribute]
) -> dict[str, LinkType]:
    """Name → link type, in the order of the files."""
    properties = turtle.declared(OWL.ObjectProperty)
    found: dict[str, LinkType] = {}
    for order, link in enumerate(properties):
        name = turtle.name_of(link, found)
        base = turtle.one(link, MULU.specialises)
        if base is not None and base not in properties:
            raise turtle.wrong(f"{name}: unknown link {turtle.short(base)}", link)
        evidence = [
            _evidence(turtle, link, p, attributes)
            for p in turtle.list(turtle.one(link, MULU.evidence))
        ]
        keys = [local_name(k) for k in turtle.list(turtle.one(link, MULU.keyedBy))]
        if missing := set(keys) - {e.name for e in evidence}:
            raise turtle.wrong(f"{name}: keyed by {missing.pop()}, which is no evidence", link)
        inverse = turtle.label(link, MULU.inverseLabel)
        inverse_name = turtle.text(link, MULU.inverseName)
        if not inverse_name or inverse is None or not inverse.zh or not inverse.en:
            raise turtle.wrong(
                f"{name}: a link needs mulu:inverseName and mulu:inverseLabel @zh and @en", link
            )
        found[name] = LinkType(
            name=name,
            label=turtle.label_of(link),
            inverse_name=inverse_name,
            inverse_label=inverse,
            iri=str(link),
            domain=_ends(turtle, link, RDFS.domain, types),
            range=_ends(turtle, link, RDFS.range, types),
            definition=turtle.label(link, SKOS.definition) or Label("", ""),
            clause=turtle.text(link, DCTERMS.source) or "",
            required=turtle.flag(link, MULU.required),
            many=(link, RDF.type, OWL.FunctionalProperty) not in turtle.graph,
            abstract=turtle.flag(link, MULU.abstract),
            specialises=None if base is None else local_name(base),
            lineage=_is_sub(turtle, link, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")),
            part_of=_is_sub(turtle, link, DCTERMS.hasPart),
            keyed_by=tuple(keys),
            properties={e.name: e for e in evidence},
            spreads=_spreads(turtle, link),
            answerable=int(turtle.number(link, MULU.answerable)),
            inverse_answerable=int(turtle.number(link, MULU.inverseAnswerable)),
            embed=turtle.number(link, MULU.embed),
            inverse_embed=turtle.number(link, MULU.inverseEmbed),
            facet=turtle.flag(link, MULU.facet),
            headers=turtle.texts_of(link, MULU.header),
            inverse_headers=turtle.texts_of(link, MULU.inverseHeader),
            order=order,
            aligned=_aligned(turtle, link),
        )
    return found


def _aligned(turtle: Turtle, link: Node) -> tuple[str, ...]:
    """Its outside terms, with those of the link that it specialises."""
    base = turtle.one(link, MULU.specialises)
    inherited = () if base is None else _aligned(turtle, base)
    return tuple(sorted({*turtle.aligned(link), *inherited}))


def _evidence(
    turtle: Turtle, link: Node, node: Node, attributes: Mapping[Node, Attribute]
) -> Attribute:
    if node not in attributes:
        raise turtle.wrong(
            f"{turtle.short(link)}: unknown evidence {turtle.short(node)}",
            link,
            turtle.short(node),
        )
    return attributes[node]


def _ends(
    turtle: Turtle, link: Node, predicate: URIRef, types: Mapping[str, ResourceType]
) -> tuple[str, ...]:
    ends = turtle.sorted(turtle.graph.objects(link, predicate))
    if not ends:
        raise turtle.wrong(f"{turtle.short(link)}: no {turtle.short(predicate)}", link)
    for end in ends:
        if local_name(end) not in types or types[local_name(end)].iri != str(end):
            raise turtle.wrong(
                f"{turtle.short(link)}: {turtle.short(predicate)}: unknown class "
                f"{turtle.short(end)}",
                link,
                turtle.short(end),
            )
    return tuple(local_name(end) for end in ends)


def _is_sub(turtle: Turtle, link: Node, ancestor: URIRef) -> bool:
    """Whether the link stands below an outside property, itself or by what it specialises."""
    seen: set[Node] = set()
    todo: list[Node] = [link]
    while todo:
        node = todo.pop()
        if node == ancestor:
            return True
        if node not in seen:
            seen.add(node)
            todo.extend(turtle.graph.objects(node, RDFS.subPropertyOf))
            todo.extend(turtle.graph.objects(node, MULU.specialises))
    return False


def _spreads(turtle: Turtle, link: Node) -> tuple[Spread, ...]:
    found = []
    for text in turtle.texts_of(link, MULU.spreads):
        try:
            found.append(parse_spread(text))
        except ValueError as error:
            raise turtle.wrong(f"{turtle.short(link)}: {error}", link, text) from error
    return tuple(found)


def names_apart(
    turtle: Turtle, types: Mapping[str, ResourceType], links: Mapping[str, LinkType]
) -> None:
    """On one class, attributes, links and inverse links share one space of names."""
    taken: dict[tuple[str, str], str] = {}
    for kind in types.values():
        for name in kind.attributes:
            taken[(kind.name, name)] = f"attribute {name}"
    for link in links.values():
        ends = [(link.domain, link.name), (link.range, link.inverse_name)]
        for classes, name in ends:
            if not NAME.fullmatch(name):
                raise turtle.wrong(f'{link.name}: "{name}" is no name', URIRef(link.iri))
            for kind in types.values():
                if not {kind.name, *kind.ancestors} & set(classes):
                    continue
                other = taken.get((kind.name, name))
                if other and other != link.name:
                    raise turtle.wrong(
                        f"{link.name}: the name {name} is taken on {kind.name} by {other}",
                        URIRef(link.iri),
                    )
                taken[(kind.name, name)] = link.name


def scopes_known(
    turtle: Turtle, types: Mapping[str, ResourceType], links: Mapping[str, LinkType]
) -> None:
    """Identifiers are scoped by links, or by attributes of their class."""
    for kind in types.values():
        for scheme in kind.identifiers:
            for name in scheme.scope:
                if name not in links and name not in kind.attributes:
                    raise turtle.wrong(
                        f"{kind.name}: identifier {scheme.name}: {name} is neither a link "
                        "nor one of its attributes",
                        URIRef(kind.iri),
                    )
