"""TTL files → `Ontology`: the one place where the model is read.

Reads catalog.ttl and shapes.ttl beside this module and any further files after them; a
further file may add classes, attributes, links, code lists and shapes, and attributes to
classes that are already there. Everything that is wrong is an `OntologyError` with file,
line and reason, so that a broken model never serves.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from ontology.errors import OntologyError
from ontology.identity import FOLDS
from ontology.model import (
    Attribute,
    Code,
    CodeList,
    Datatype,
    IdentifierScheme,
    Label,
    LinkType,
    Ontology,
    ResourceType,
    Spread,
)
from ontology.rdf import MULU, Turtle, local_name, read_turtle
from ontology.shapes import compile_shapes
from ontology.spread import parse_spread
from ontology.summary import summary

HERE = Path(__file__).parent
BASE = (HERE / "catalog.ttl", HERE / "shapes.ttl")

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
_SCHEME = re.compile(
    r"(?P<name>\w+)(?P<weak>\s+weak)?\s*:\s*(?P<attributes>\w+(?:\s*\+\s*\w+)*)"
    r"(?:\s+within\s+(?P<scope>[\w()]+(?:\s*,\s*[\w()]+)*))?"
    r"(?:\s+fold\s+(?P<fold>\w+))?"
    r"(?:\s+check\s+(?P<check>\w+))?"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def load_ontology(extra: Sequence[Path] = ()) -> Ontology:
    """The ontology of this installation, with further TTL files merged in their order.

    Raises OntologyError (file, line, reason) for anything that cannot be used.
    """
    return read_ontology((*BASE, *extra))


def read_ontology(files: Sequence[Path]) -> Ontology:
    """The ontology that these files alone declare."""
    turtle = read_turtle([file for file in files if file not in BASE or file.exists()])
    lists = _code_lists(turtle)
    groups = {g: _label(turtle, g) for g in turtle.graph.subjects(RDF.type, SH.PropertyGroup)}
    attributes = _attributes(turtle, lists, groups)
    types = _types(turtle, attributes, lists, groups)
    links = _links(turtle, types, attributes)
    _names_apart(turtle, types, links)
    _scopes_known(turtle, types, links)
    shapes = compile_shapes(turtle, types, links, (a.name for a in attributes.values()))
    ontology = Ontology(types=types, links=links, code_lists=lists, digest="", shapes=shapes)
    text = json.dumps(summary(ontology), ensure_ascii=False, sort_keys=True)
    return replace(ontology, digest=hashlib.sha256(text.encode()).hexdigest())


# --- code lists and attributes --------------------------------------------------------


def _code_lists(turtle: Turtle) -> dict[str, CodeList]:
    found: dict[str, CodeList] = {}
    for scheme in _declared(turtle, SKOS.ConceptScheme):
        codes: list[Code] = []
        for order, concept in enumerate(turtle.list(turtle.one(scheme, SKOS.memberList))):
            notation = turtle.text(concept, SKOS.notation)
            if notation is None:
                raise turtle.wrong(f"{_said(turtle, scheme)}: a code without notation", scheme)
            label = turtle.label(concept, SKOS.prefLabel) or Label("", "")
            codes.append(
                Code(
                    notation=notation,
                    label=Label(label.zh or notation, label.en or notation),
                    synonyms=turtle.texts_of(concept, SKOS.altLabel),
                    order=order,
                )
            )
        if not codes:
            raise turtle.wrong(
                f"{_said(turtle, scheme)}: a code list needs a skos:memberList", scheme
            )
        if len({c.notation for c in codes}) < len(codes):
            raise turtle.wrong(f"{_said(turtle, scheme)}: the same notation twice", scheme)
        found[_name(turtle, scheme, found)] = CodeList(
            name=local_name(scheme),
            label=_label(turtle, scheme),
            codes=tuple(codes),
            open=turtle.flag(scheme, MULU.open),
            clause=turtle.text(scheme, DCTERMS.source) or "",
        )
    return found


def _attributes(
    turtle: Turtle, lists: Mapping[str, CodeList], groups: Mapping[Node, Label]
) -> dict[Node, Attribute]:
    """IRI → the attribute as declared, before a class says its cardinality."""
    found: dict[Node, Attribute] = {}
    names: dict[str, Node] = {}
    for order, subject in enumerate(_declared(turtle, OWL.DatatypeProperty)):
        names[_name(turtle, subject, names)] = subject
        code_list = _code_list(turtle, subject, subject, lists)
        found[subject] = Attribute(
            name=local_name(subject),
            label=_label(turtle, subject),
            datatype=_datatype(turtle, subject, code_list),
            iri=str(subject),
            definition=turtle.label(subject, SKOS.definition) or Label("", ""),
            clause=turtle.text(subject, DCTERMS.source) or "",
            code_list=code_list,
            check=_check(turtle, subject, subject),
            search_weight=turtle.number(subject, MULU.searchWeight),
            facet=turtle.flag(subject, MULU.facet),
            filterable=turtle.flag(subject, MULU.filterable),
            personal=turtle.flag(subject, MULU.personal),
            true_words=turtle.texts_of(subject, MULU.trueWord),
            false_words=turtle.texts_of(subject, MULU.falseWord),
            other_note=_local(turtle.one(subject, MULU.otherNote)),
            headers=turtle.texts_of(subject, MULU.header),
            group=_group(turtle, subject, subject, groups),
            order=order,
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
        f"{_said(turtle, subject)}: unknown range: {what}; use one of "
        + ", ".join(turtle.short(r) for r in _DATATYPES),
        subject,
    )


def _code_list(
    turtle: Turtle, node: Node, owner: Node, lists: Mapping[str, CodeList]
) -> str | None:
    named = turtle.one(node, MULU.codeList)
    if named is None:
        return None
    if local_name(named) not in lists:
        raise turtle.wrong(
            f"{_said(turtle, owner)}: unknown code list {turtle.short(named)}",
            owner,
            turtle.short(named),
        )
    return local_name(named)


def _check(turtle: Turtle, node: Node, owner: Node) -> str | None:
    from ontology.checks import CHECKS

    name = turtle.text(node, MULU.check)
    if name is not None and name not in CHECKS:
        raise turtle.wrong(
            f'{_said(turtle, owner)}: unknown check "{name}"; known: {", ".join(sorted(CHECKS))}',
            owner,
        )
    return name


def _group(turtle: Turtle, node: Node, owner: Node, groups: Mapping[Node, Label]) -> Label:
    group = turtle.one(node, SH.group)
    if group is None:
        return Label("", "")
    if group not in groups:
        raise turtle.wrong(f"{_said(turtle, owner)}: unknown group {turtle.short(group)}", owner)
    return groups[group]


# --- classes --------------------------------------------------------------------------


def _types(
    turtle: Turtle,
    attributes: Mapping[Node, Attribute],
    lists: Mapping[str, CodeList],
    groups: Mapping[Node, Label],
) -> dict[str, ResourceType]:
    classes = _declared(turtle, OWL.Class)
    names: dict[str, Node] = {}
    for cls in classes:
        names[_name(turtle, cls, names)] = cls
    parents = {cls: _parents(turtle, cls, set(classes)) for cls in classes}
    own = {cls: _own_attributes(turtle, cls, attributes, lists, groups) for cls in classes}
    found: dict[str, ResourceType] = {}
    for cls in classes:
        line = _ancestors(turtle, cls, parents)
        merged: dict[str, Attribute] = {}
        for ancestor in (*reversed(line), cls):
            merged.update(own[ancestor])
        found[local_name(cls)] = _type(turtle, cls, line, merged, parents[cls])
    _families_apart(turtle, found, names)
    return found


def _parents(turtle: Turtle, cls: Node, classes: set[Node]) -> list[Node]:
    parents = turtle.sorted(turtle.graph.objects(cls, RDFS.subClassOf))
    for parent in parents:
        if parent not in classes and str(parent).startswith(str(MULU)):
            raise turtle.wrong(
                f"{_said(turtle, cls)}: unknown parent class {turtle.short(parent)}", cls
            )
    return [p for p in parents if p in classes]


def _ancestors(turtle: Turtle, cls: Node, parents: Mapping[Node, list[Node]]) -> list[Node]:
    found: list[Node] = []
    level = parents[cls]
    while level:
        if cls in level:
            raise turtle.wrong(f"{_said(turtle, cls)}: is its own ancestor", cls)
        fresh = [p for p in dict.fromkeys(level) if p not in found]
        found.extend(fresh)
        level = [p for node in fresh for p in parents[node]]
    return found


def _own_attributes(
    turtle: Turtle,
    cls: Node,
    attributes: Mapping[Node, Attribute],
    lists: Mapping[str, CodeList],
    groups: Mapping[Node, Label],
) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for shape in turtle.graph.objects(cls, SH.property):
        path = turtle.one(shape, SH.path)
        if path is None or path not in attributes:
            if (
                isinstance(path, URIRef)
                and (path, RDF.type, OWL.ObjectProperty) not in turtle.graph
            ):
                raise turtle.wrong(
                    f"{_said(turtle, cls)}: unknown attribute {turtle.short(path)}",
                    cls,
                    turtle.short(path),
                )
            continue  # a constraint over links: compiled with the shapes
        attribute = _applied(turtle, cls, shape, attributes[path], lists, groups)
        if attribute.datatype is Datatype.CODE and attribute.code_list is None:
            raise turtle.wrong(
                f"{_said(turtle, cls)}: {turtle.short(path)} needs a mulu:codeList here",
                cls,
                turtle.short(path),
            )
        found[attribute.name] = attribute
    return found


def _applied(
    turtle: Turtle,
    cls: Node,
    shape: Node,
    base: Attribute,
    lists: Mapping[str, CodeList],
    groups: Mapping[Node, Label],
) -> Attribute:
    """The attribute as this class has it: its cardinality, and what it says otherwise."""
    label = turtle.label(shape, SH.name)
    group = _group(turtle, shape, cls, groups)
    pattern = turtle.text(shape, SH.pattern)
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise turtle.wrong(
                f'{_said(turtle, cls)}: pattern "{pattern}" of {base.name}: {error}',
                cls,
                f'"{pattern}"',
            ) from error
    length = turtle.number(shape, SH.maxLength, -1)
    return replace(
        base,
        label=label or base.label,
        definition=turtle.label(shape, SH.description) or base.definition,
        required=turtle.number(shape, SH.minCount) >= 1,
        many=turtle.one(shape, SH.maxCount) is None or turtle.number(shape, SH.maxCount) > 1,
        code_list=_code_list(turtle, shape, cls, lists) or base.code_list,
        pattern=pattern,
        check=_check(turtle, shape, cls) or base.check,
        max_length=int(length) if length >= 0 else None,
        headers=tuple(sorted({*base.headers, *turtle.texts_of(shape, MULU.header)})),
        group=group if group.zh else base.group,
        order=int(turtle.number(shape, SH.order, base.order)),
    )


def _type(
    turtle: Turtle,
    cls: Node,
    line: Sequence[Node],
    attributes: Mapping[str, Attribute],
    parents: Sequence[Node],
) -> ResourceType:
    abstract = turtle.flag(cls, MULU.abstract)
    family = _inherited(turtle, cls, line, MULU.family) or ""
    if not family and not abstract:
        raise turtle.wrong(f"{_said(turtle, cls)}: a class needs a mulu:family", cls)
    if family and not re.fullmatch(r"[a-z][a-z0-9]*", family):
        raise turtle.wrong(
            f'{_said(turtle, cls)}: family "{family}" must be lower-case letters', cls
        )
    title = next((t for c in (cls, *line) if (t := turtle.one(c, MULU.titleAttribute))), None)
    if local_name(title or "") not in attributes and (title or not abstract):
        raise turtle.wrong(
            f"{_said(turtle, cls)}: mulu:titleAttribute must name one of its attributes", cls
        )
    schemes = next((s for c in (cls, *line) if (s := turtle.one(c, MULU.identifiedBy))), None)
    identifiers = tuple(
        _scheme(turtle, cls, str(text), attributes) for text in turtle.list(schemes)
    )
    if not identifiers and not abstract:
        raise turtle.wrong(f"{_said(turtle, cls)}: a class needs mulu:identifiedBy", cls)
    aligned = {
        str(iri)
        for predicate in (RDFS.subClassOf, SKOS.closeMatch, OWL.equivalentClass)
        for iri in turtle.graph.objects(cls, predicate)
        if not str(iri).startswith(str(MULU)) and isinstance(iri, URIRef)
    } - {str(p) for p in parents}
    return ResourceType(
        name=local_name(cls),
        label=_label(turtle, cls),
        iri=str(cls),
        family=family,
        title=local_name(title or ""),
        parents=tuple(local_name(p) for p in parents),
        ancestors=tuple(local_name(a) for a in line),
        abstract=abstract,
        definition=turtle.label(cls, SKOS.definition) or Label("", ""),
        clause=turtle.text(cls, DCTERMS.source) or "",
        attributes=dict(sorted(attributes.items(), key=lambda item: (item[1].order, item[0]))),
        identifiers=identifiers,
        aligned=tuple(sorted(aligned)),
        headers=turtle.texts_of(cls, MULU.header),
        search_prior=next(
            (
                turtle.number(c, MULU.searchPrior)
                for c in (cls, *line)
                if turtle.one(c, MULU.searchPrior) is not None
            ),
            1.0,
        ),
    )


def _inherited(turtle: Turtle, cls: Node, line: Sequence[Node], predicate: URIRef) -> str | None:
    values = [turtle.text(c, predicate) for c in (cls, *line)]
    return next((v for v in values if v is not None), None)


def _scheme(
    turtle: Turtle, cls: Node, text: str, attributes: Mapping[str, Attribute]
) -> IdentifierScheme:
    rule = _SCHEME.fullmatch(text.strip())
    if rule is None:
        raise turtle.wrong(
            f'{_said(turtle, cls)}: identifier "{text}": expected "scheme [weak]: attribute '
            '[+ attribute] [within link, …] [fold …] [check …]"',
            cls,
            text,
        )
    names = tuple(re.split(r"\s*\+\s*", rule["attributes"]))
    for name in names:
        if name not in attributes:
            raise turtle.wrong(
                f'{_said(turtle, cls)}: identifier "{text}": no attribute {name}', cls, text
            )
    scope = [_scoped(part) for part in re.split(r"\s*,\s*", rule["scope"] or "") if part]
    folds = {name: fold for name, fold in scope if fold}
    for fold in (rule["fold"] or "exact", *folds.values()):
        if fold not in FOLDS:
            raise turtle.wrong(
                f'{_said(turtle, cls)}: identifier "{text}": unknown fold {fold}; known: '
                + ", ".join(FOLDS),
                cls,
                text,
            )
    return IdentifierScheme(
        name=rule["name"],
        attributes=names,
        scope=tuple(name for name, _ in scope),
        fold=rule["fold"] or "exact",
        weak=rule["weak"] is not None,
        check=rule["check"],
        scope_folds=folds,
    )


def _scoped(part: str) -> tuple[str, str]:
    """`edition(sourceStandard)` → (sourceStandard, edition); a bare name has no fold."""
    fold, bracket, name = part.rstrip(")").partition("(")
    return (name, fold) if bracket else (part, "")


def _families_apart(
    turtle: Turtle, types: Mapping[str, ResourceType], names: Mapping[str, Node]
) -> None:
    roots: dict[str, str] = {}
    for kind in types.values():
        families = {types[a].family for a in kind.ancestors} - {"", kind.family}
        if families:
            raise turtle.wrong(
                f"{kind.name}: family {kind.family} differs from its parent's "
                f"({', '.join(sorted(families))}); the family is declared on the root class only",
                names[kind.name],
            )
        if any(types[a].family == kind.family for a in kind.ancestors) or not kind.family:
            continue
        other = roots.setdefault(kind.family, kind.name)
        if other != kind.name:
            raise turtle.wrong(
                f"{kind.name}: family {kind.family} already belongs to {other}", names[kind.name]
            )


# --- links ----------------------------------------------------------------------------


def _links(
    turtle: Turtle, types: Mapping[str, ResourceType], attributes: Mapping[Node, Attribute]
) -> dict[str, LinkType]:
    properties = _declared(turtle, OWL.ObjectProperty)
    found: dict[str, LinkType] = {}
    for order, link in enumerate(properties):
        name = _name(turtle, link, found)
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
            label=_label(turtle, link),
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
        )
    return found


def _evidence(
    turtle: Turtle, link: Node, node: Node, attributes: Mapping[Node, Attribute]
) -> Attribute:
    if node not in attributes:
        raise turtle.wrong(
            f"{_said(turtle, link)}: unknown evidence {turtle.short(node)}",
            link,
            turtle.short(node),
        )
    return attributes[node]


def _ends(
    turtle: Turtle, link: Node, predicate: URIRef, types: Mapping[str, ResourceType]
) -> tuple[str, ...]:
    ends = turtle.sorted(turtle.graph.objects(link, predicate))
    if not ends:
        raise turtle.wrong(f"{_said(turtle, link)}: no {turtle.short(predicate)}", link)
    for end in ends:
        if local_name(end) not in types or types[local_name(end)].iri != str(end):
            raise turtle.wrong(
                f"{_said(turtle, link)}: {turtle.short(predicate)}: unknown class "
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
            raise turtle.wrong(f"{_said(turtle, link)}: {error}", link, text) from error
    return tuple(found)


def _names_apart(
    turtle: Turtle, types: Mapping[str, ResourceType], links: Mapping[str, LinkType]
) -> None:
    """On one class, attributes, links and inverse links share one space of names."""
    taken: dict[tuple[str, str], str] = {}
    for kind in types.values():
        for name in ("id", "type", "version"):
            taken[(kind.name, name)] = name if name != "version" else ""
        for name in kind.attributes:
            taken[(kind.name, name)] = f"attribute {name}"
    for link in links.values():
        ends = [(link.domain, link.name), (link.range, link.inverse_name)]
        for classes, name in ends:
            if not _NAME.fullmatch(name):
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


def _scopes_known(
    turtle: Turtle, types: Mapping[str, ResourceType], links: Mapping[str, LinkType]
) -> None:
    for kind in types.values():
        for scheme in kind.identifiers:
            for name in scheme.scope:
                if name not in links and name not in kind.attributes:
                    raise turtle.wrong(
                        f"{kind.name}: identifier {scheme.name}: {name} is neither a link "
                        "nor one of its attributes",
                        URIRef(kind.iri),
                    )


# --- common ---------------------------------------------------------------------------


def _declared(turtle: Turtle, rdf_type: URIRef) -> list[Node]:
    return turtle.sorted(
        s for s in turtle.graph.subjects(RDF.type, rdf_type) if isinstance(s, URIRef)
    )


def _name(turtle: Turtle, subject: Node, taken: Iterable[str]) -> str:
    name = local_name(subject)
    if not _NAME.fullmatch(name):
        raise turtle.wrong(
            f'{_said(turtle, subject)}: "{name}" is no name: use letters and digits', subject
        )
    if name in taken:
        raise turtle.wrong(f"{_said(turtle, subject)}: the name {name} is already used", subject)
    return name


def _label(turtle: Turtle, subject: Node) -> Label:
    label = turtle.label(subject)
    if label is None or not label.zh or not label.en:
        missing = "@zh and @en" if label is None else "@zh" if not label.zh else "@en"
        raise turtle.wrong(f"{_said(turtle, subject)}: needs an rdfs:label {missing}", subject)
    return label


def _local(node: Node | None) -> str | None:
    return None if node is None else local_name(node)


def _said(turtle: Turtle, subject: Node) -> str:
    return turtle.short(subject)


__all__ = ["BASE", "OntologyError", "load_ontology", "read_ontology"]
