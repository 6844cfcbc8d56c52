"""Classes with their attributes, families and identifiers, as the files declare them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rdflib import OWL, RDF, RDFS, SH, SKOS, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from ontology.identity import FOLDS
from ontology.model import Attribute, CodeList, Datatype, IdentifierScheme, Label, ResourceType
from ontology.rdf import MULU, Turtle, local_name
from ontology.vocabulary import check_of, code_list_of, group_of

_SCHEME = re.compile(
    r"(?P<name>\w+)(?P<weak>\s+weak)?\s*:\s*(?P<attributes>\w+(?:\s*\+\s*\w+)*)"
    r"(?:\s+within\s+(?P<scope>[\w()]+(?:\s*,\s*[\w()]+)*))?"
    r"(?:\s+fold\s+(?P<fold>\w+))?"
    r"(?:\s+check\s+(?P<check>\w+))?"
)


def read_types(
    turtle: Turtle,
    attributes: Mapping[Node, Attribute],
    lists: Mapping[str, CodeList],
    groups: Mapping[Node, Label],
) -> dict[str, ResourceType]:
    """Name → class, with all that it inherits, in the order of the files."""
    classes = turtle.declared(OWL.Class)
    names: dict[str, Node] = {}
    for cls in classes:
        names[turtle.name_of(cls, names)] = cls
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
                f"{turtle.short(cls)}: unknown parent class {turtle.short(parent)}", cls
            )
    return [p for p in parents if p in classes]


def _ancestors(turtle: Turtle, cls: Node, parents: Mapping[Node, list[Node]]) -> list[Node]:
    found: list[Node] = []
    level = parents[cls]
    while level:
        if cls in level:
            raise turtle.wrong(f"{turtle.short(cls)}: is its own ancestor", cls)
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
                    f"{turtle.short(cls)}: unknown attribute {turtle.short(path)}",
                    cls,
                    turtle.short(path),
                )
            continue  # a constraint over links: compiled with the shapes
        attribute = _applied(turtle, cls, shape, attributes[path], lists, groups)
        if attribute.datatype is Datatype.CODE and attribute.code_list is None:
            raise turtle.wrong(
                f"{turtle.short(cls)}: {turtle.short(path)} needs a mulu:codeList here",
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
    group = group_of(turtle, shape, cls, groups)
    pattern = turtle.text(shape, SH.pattern)
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise turtle.wrong(
                f'{turtle.short(cls)}: pattern "{pattern}" of {base.name}: {error}',
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
        code_list=code_list_of(turtle, shape, cls, lists) or base.code_list,
        pattern=pattern,
        check=check_of(turtle, shape, cls) or base.check,
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
        raise turtle.wrong(f"{turtle.short(cls)}: a class needs a mulu:family", cls)
    if family and not re.fullmatch(r"[a-z][a-z0-9]*", family):
        raise turtle.wrong(
            f'{turtle.short(cls)}: family "{family}" must be lower-case letters', cls
        )
    title = next((t for c in (cls, *line) if (t := turtle.one(c, MULU.titleAttribute))), None)
    if local_name(title or "") not in attributes and (title or not abstract):
        raise turtle.wrong(
            f"{turtle.short(cls)}: mulu:titleAttribute must name one of its attributes", cls
        )
    schemes = next((s for c in (cls, *line) if (s := turtle.one(c, MULU.identifiedBy))), None)
    identifiers = tuple(
        _scheme(turtle, cls, str(text), attributes) for text in turtle.list(schemes)
    )
    if not identifiers and not abstract:
        raise turtle.wrong(f"{turtle.short(cls)}: a class needs mulu:identifiedBy", cls)
    aligned = set(turtle.aligned(cls)) - {str(p) for p in parents}
    return ResourceType(
        name=local_name(cls),
        label=turtle.label_of(cls),
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
            f'{turtle.short(cls)}: identifier "{text}": expected "scheme [weak]: attribute '
            '[+ attribute] [within link, …] [fold …] [check …]"',
            cls,
            text,
        )
    names = tuple(re.split(r"\s*\+\s*", rule["attributes"]))
    for name in names:
        if name not in attributes:
            raise turtle.wrong(
                f'{turtle.short(cls)}: identifier "{text}": no attribute {name}', cls, text
            )
    scope = [_scoped(part) for part in re.split(r"\s*,\s*", rule["scope"] or "") if part]
    folds = {name: fold for name, fold in scope if fold}
    for fold in (rule["fold"] or "exact", *folds.values()):
        if fold not in FOLDS:
            raise turtle.wrong(
                f'{turtle.short(cls)}: identifier "{text}": unknown fold {fold}; known: '
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
