"""SHACL shapes as plain functions.

pyshacl judges 1,400 resources a second; an import has ten times as many. So the shapes are
compiled once into closures over attributes and neighbours, and pyshacl is their oracle in
the tests. What is understood of SHACL core:

    targets      sh:targetClass, and the class itself where it is a sh:NodeShape
    paths        an attribute or a link, sh:inversePath of a link, a sequence of these,
                 sh:alternativePath of these
    counting     sh:minCount, sh:maxCount, sh:qualifiedValueShape with sh:qualifiedMin/MaxCount
    values       sh:hasValue, sh:in, sh:class, sh:pattern (sh:flags), sh:minLength,
                 sh:maxLength, sh:minInclusive, sh:maxInclusive, sh:minExclusive,
                 sh:maxExclusive
    pairs        sh:equals, sh:disjoint, sh:lessThan, sh:lessThanOrEquals (with an attribute)
    logic        sh:and, sh:or, sh:xone, sh:not, sh:node, sh:property
    our own      mulu:uniqueAmong, mulu:frontOf: defined in SPARQL in shapes.ttl, for others
    about it     sh:message, sh:severity, sh:name, sh:description, sh:deactivated

Anything else is refused at load with line and reason: a shape is kept whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rdflib import OWL, RDF, RDFS, SH, BNode, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from ontology.judge import (
    BOUNDS,
    PAIRS,
    SetTest,
    Test,
    all_of,
    alone,
    any_of,
    at_least,
    at_most,
    compared,
    fronts,
    has_value,
    lexical,
    same,
)
from ontology.model import Label, LinkType, ResourceType
from ontology.rdf import MULU, Turtle, local_name
from ontology.resource import Scalar, family_of
from ontology.shacl_paths import Paths
from ontology.shapes import Around, Focus, Route, Seen, Shape, Weight


def _terms(names: str) -> frozenset[Node]:
    return frozenset(SH[name] for name in names.split())


_CONSTRAINTS = _terms(
    "minCount maxCount qualifiedValueShape hasValue in class pattern minLength maxLength "
    "minInclusive maxInclusive minExclusive maxExclusive equals disjoint lessThan "
    "lessThanOrEquals and or xone not node property"
) | {MULU.uniqueAmong, MULU.frontOf}
_BESIDE = _terms(
    "path targetClass message severity name description deactivated order group flags "
    "qualifiedMinCount qualifiedMaxCount"
)
_CARDINALITY = _terms("path minCount maxCount maxLength pattern name description order group")
"""What a class says of its attributes: read by ontology/load.py, checked by validate.py."""


def compile_shapes(
    turtle: Turtle,
    types: Mapping[str, ResourceType],
    links: Mapping[str, LinkType],
    attributes: Iterable[str],
) -> tuple[Shape, ...]:
    """All shapes of the files, in their order. Raises OntologyError for what is not
    understood."""
    return tuple(_Compiler(turtle, types, links, frozenset(attributes)).shapes())


_PLAINLY: Mapping[URIRef, tuple[str, str]] = {
    SH.minCount: ("至少个数为", "at least"),
    SH.maxCount: ("至多个数为", "at most"),
    SH.minInclusive: ("不小于", "not below"),
    SH.maxInclusive: ("不大于", "not above"),
    SH.minExclusive: ("大于", "above"),
    SH.maxExclusive: ("小于", "below"),
    SH.minLength: ("至少字数为", "length at least"),
    SH.maxLength: ("至多字数为", "length at most"),
    SH.pattern: ("符合格式", "matching"),
    SH["in"]: ("为其中之一：", "one of"),
    SH.hasValue: ("包含", "with"),
}


class _Compiler:
    def __init__(
        self,
        turtle: Turtle,
        types: Mapping[str, ResourceType],
        links: Mapping[str, LinkType],
        attributes: frozenset[str],
    ) -> None:
        self.turtle, self.types, self.links, self.attributes = turtle, types, links, attributes
        self._owner: Node = BNode()
        self._paths = Paths(turtle, frozenset(links), self.attributes, self._wrong)
        self._here: list[Route] = [()]  # the ways to where the shape being compiled stands
        self._routes: dict[Route, None] = {}
        self._open: list[Node] = []  # shapes being compiled, to refuse recursion

    def shapes(self) -> Iterable[Shape]:
        graph = self.turtle.graph
        for node in self.turtle.sorted(graph.subjects(RDF.type, SH.NodeShape)):
            if self.turtle.flag(node, SH.deactivated):
                continue
            self._owner = node
            is_class = (node, RDF.type, OWL.Class) in graph
            targets = list(graph.objects(node, SH.targetClass)) + [node] * is_class
            for predicate in graph.predicates(node):
                if str(predicate).startswith(str(SH)) and predicate not in _CONSTRAINTS | _BESIDE:
                    raise self._wrong(f"{self._short(predicate)} is not understood")
            for target in self.turtle.sorted(targets):
                if local_name(target) not in self.types:
                    raise self._wrong(f"unknown target class {self._short(target)}")
                yield from self._rules(node, local_name(target), is_class=is_class)

    def _rules(self, node: Node, target: str, *, is_class: bool) -> Iterable[Shape]:
        """One rule for each property shape, and one for the rest of the node shape."""
        for part in sorted(self.turtle.graph.objects(node, SH.property), key=self._position):
            skip = self._said_by_class(part) if is_class else frozenset()
            if is_class and not set(self.turtle.graph.predicates(part)) - skip - {RDF.type}:
                continue
            self._begin()
            test = self._property(part, skip)
            yield self._shape(node, part, target, test, skip)
        self._begin()
        rest = self._node(node, skip=frozenset({SH.property}))
        if rest:
            yield self._shape(node, node, target, all_of(rest), frozenset())

    def _begin(self) -> None:
        """From here on it is another rule that goes along routes and reads attributes."""
        self._routes.clear()
        self._paths.read.clear()

    def _said_by_class(self, part: Node) -> frozenset[Node]:
        path = self.turtle.one(part, SH.path)
        if path is None or local_name(path) not in self.attributes:
            return frozenset()
        return frozenset({*_CARDINALITY, MULU.codeList, MULU.header, MULU.check})

    def _shape(
        self, node: Node, part: Node, target: str, test: Test, skip: frozenset[Node]
    ) -> Shape:
        message = self.turtle.label(part, SH.message) or self.turtle.label(node, SH.message)
        label = self.turtle.label(node, RDFS.label) or Label(local_name(node), local_name(node))
        severity = self.turtle.one(part, SH.severity) or self.turtle.one(node, SH.severity)
        return Shape(
            name=local_name(node),
            target=target,
            message=message or self._said_plainly(part, skip) or label,
            weight=self._weight(severity),
            conforms=test,
            clause=self.turtle.text(node, DCTERMS.source) or "",
            routes=tuple(route for route in self._routes if route),
            reads=frozenset(self._paths.read),
        )

    def _said_plainly(self, part: Node, skip: frozenset[Node]) -> Label | None:
        """What a property shape without a message asks for: 巡查间隔（天）不小于 1."""
        path = self.turtle.one(part, SH.path)
        label = self.turtle.label(path) if path is not None else None
        if label is None:
            return None
        zh, en = [], []
        for predicate, (word, english) in _PLAINLY.items():
            value = self.turtle.one(part, predicate)
            if value is None or predicate in skip:
                continue
            members = self.turtle.list(value) if predicate == SH["in"] else [value]
            said = "、".join(str(m) for m in members)
            zh.append(f"{word} {said}")
            en.append(f"{english} {said}")
        return Label(f"{label.zh}应{'，'.join(zh)}", f"{label.en}: {', '.join(en)}") if zh else None

    def _weight(self, severity: Node | None) -> Weight:
        found: dict[Node | None, Weight] = {
            None: Weight.VIOLATION,
            SH.Violation: Weight.VIOLATION,
            SH.Warning: Weight.WARNING,
            SH.Info: Weight.INFO,
        }
        weight = found.get(severity)
        if weight is None:
            raise self._wrong(f"unknown severity {severity}")
        return weight

    # --- node and property shapes -------------------------------------------------------

    def _whole(self, node: Node) -> Test:
        """A shape used inside another: a node shape, or a property shape."""
        if node in self._open:
            raise self._wrong("a shape that uses itself is not understood")
        self._open.append(node)
        try:
            if (node, SH.path, None) in self.turtle.graph:
                return self._property(node, frozenset())
            return all_of(self._node(node))
        finally:
            self._open.pop()

    def _node(self, node: Node, skip: frozenset[Node] = frozenset()) -> list[Test]:
        """The constraints on one value, whichever way it was reached."""
        tests: list[Test] = []
        for predicate, value in self._said(node, skip):
            if predicate in (SH.minCount, SH.maxCount, SH.qualifiedValueShape):
                raise self._wrong(f"{self._short(predicate)} needs a sh:path")
            tests.append(self._constraint(node, predicate, value))
        return tests

    def _property(self, node: Node, skip: frozenset[Node]) -> Test:
        path = self.turtle.one(node, SH.path)
        if path is None:
            raise self._wrong("a property shape without sh:path")
        before, walk = self._here, self._paths.walk(path)
        self._here = [way + further for way in before for further in self._paths.routes(path)]
        self._routes |= dict.fromkeys(self._here)
        each: list[Test] = []
        together: list[SetTest] = []
        for predicate, value in self._said(node, skip):
            if predicate == SH.minCount:
                together.append(at_least(self._count(value)))
            elif predicate == SH.maxCount:
                together.append(at_most(self._count(value)))
            elif predicate == SH.hasValue:
                together.append(has_value(self._value(value)))
            elif predicate == SH.qualifiedValueShape:
                together.append(self._qualified(node, value))
            elif predicate == MULU.uniqueAmong:
                together.append(self._alone(path, value))
            elif predicate in PAIRS or predicate == MULU.frontOf:
                together.append(self._pair(predicate, value))
            else:
                each.append(self._constraint(node, predicate, value))
        self._here = before
        if not each and not together:
            return lambda _seen, _around: True
        if len(together) == 1 and not each:
            test = together[0]
            return self._quick(node, path) or (
                lambda focus, around: test(walk(focus, around), focus, around)
            )

        def conforms(focus: Seen, around: Around) -> bool:
            seen = walk(focus, around)
            for whole in together:
                if not whole(seen, focus, around):
                    return False
            for one in seen:
                for test in each:
                    if not test(one, around):
                        return False
            return True

        return conforms

    def _quick(self, node: Node, path: Node) -> Test | None:
        """The commonest shape, "this attribute has this value", without a walk: most
        consistency shapes are guarded by it."""
        name, wanted = local_name(path), self.turtle.one(node, SH.hasValue)
        if not isinstance(path, URIRef) or name in self.links or wanted is None:
            return None
        value = self._value(wanted)
        if not isinstance(value, str):
            return None

        def conforms(seen: Seen, _around: Around) -> bool:
            if not isinstance(seen, Focus):
                return False
            found = seen.attributes.get(name)
            return found == value or (isinstance(found, tuple) and value in found)

        return conforms

    def _said(self, node: Node, skip: frozenset[Node]) -> Iterable[tuple[URIRef, Node]]:
        for predicate, value in sorted(self.turtle.graph.predicate_objects(node)):
            if predicate in skip or not isinstance(predicate, URIRef):
                continue
            if predicate in _CONSTRAINTS:
                yield predicate, value
            elif str(predicate).startswith(str(SH)) and predicate not in _BESIDE:
                raise self._wrong(f"{self._short(predicate)} is not understood", predicate)

    # --- constraints --------------------------------------------------------------------

    def _constraint(self, node: Node, predicate: URIRef, value: Node) -> Test:
        if predicate in (SH["and"], SH["or"], SH.xone):
            return self._logic(predicate, [self._whole(n) for n in self.turtle.list(value)])
        if predicate == SH["not"]:
            inner = self._whole(value)
            return lambda seen, around: not inner(seen, around)
        if predicate == SH.node:
            return self._whole(value)
        if predicate == SH.property:
            return self._whole(value)
        if predicate == SH.hasValue:
            wanted = self._value(value)
            return lambda seen, _around: same(seen, wanted)
        if predicate == SH["in"]:
            among = [self._value(n) for n in self.turtle.list(value)]
            return lambda seen, _around: any(same(seen, w) for w in among)
        if predicate == SH["class"]:
            return self._class(value)
        if predicate in (SH.pattern, SH.minLength, SH.maxLength):
            return self._text(node, predicate, value)
        if predicate in BOUNDS:
            bound, holds = self._value(value), BOUNDS[predicate]
            return lambda seen, _around: compared(seen, bound, holds)
        raise self._wrong(f"{self._short(predicate)} is not understood here", predicate)

    def _logic(self, predicate: URIRef, tests: Sequence[Test]) -> Test:
        if predicate == SH["and"]:
            return all_of(tests)
        if predicate == SH["or"]:
            return any_of(tests)
        return lambda seen, around: sum(t(seen, around) for t in tests) == 1

    def _class(self, value: Node) -> Test:
        name = local_name(value)
        if name not in self.types:
            raise self._wrong(f"unknown class {self._short(value)}", value)
        below = {t.name for t in self.types.values() if name == t.name or name in t.ancestors}
        family = self.types[name].family

        def conforms(seen: Seen, _around: Around) -> bool:
            if not isinstance(seen, Focus):
                return False
            return seen.type in below if seen.type else family_of(seen.id) == family

        return conforms

    def _text(self, node: Node, predicate: URIRef, value: Node) -> Test:
        if predicate == SH.pattern:
            flags = self.turtle.text(node, SH.flags) or ""
            try:
                found = re.compile(str(value), re.IGNORECASE if "i" in flags else 0).search
            except re.error as error:
                raise self._wrong(f'pattern "{value}": {error}', value) from error
            return lambda seen, _around: found(lexical(seen)) is not None
        count = self._count(value)
        if predicate == SH.minLength:
            return lambda seen, _around: len(lexical(seen)) >= count
        return lambda seen, _around: len(lexical(seen)) <= count

    def _qualified(self, node: Node, value: Node) -> SetTest:
        test = self._whole(value)
        least = self.turtle.number(node, SH.qualifiedMinCount)
        most = self.turtle.number(node, SH.qualifiedMaxCount, float("inf"))
        return lambda seen, _focus, around: least <= sum(test(s, around) for s in seen) <= most

    def _alone(self, path: Node, value: Node) -> SetTest:
        self._paths.walk(value)  # refuses what is no attribute
        test = alone(*self._paths.parted(path), local_name(value))
        return lambda _seen, focus, around: test(focus, around)

    def _pair(self, predicate: URIRef, value: Node) -> SetTest:
        other, holds = self._paths.walk(value), PAIRS.get(predicate, fronts)
        return lambda seen, focus, around: holds(seen, other(focus, around))

    # --- values -------------------------------------------------------------------------

    def _value(self, node: Node) -> Scalar | str:
        if isinstance(node, Literal):
            value = node.toPython()
            return value if isinstance(value, bool | int | float) else _number_or_text(node)
        return str(node)

    def _count(self, node: Node) -> int:
        try:
            return int(str(node))
        except ValueError:
            raise self._wrong(f"{node} is no number", node) from None

    def _position(self, node: Node) -> tuple[int, str, str]:
        path = self.turtle.one(node, SH.path)
        return (0 if isinstance(path, URIRef) else 1, str(path), self.turtle.fingerprint(node))

    def _short(self, node: Node) -> str:
        return self.turtle.short(node)

    def _wrong(self, reason: str, mention: Node | None = None) -> Exception:
        text = self._short(mention) if mention is not None else ""
        return self.turtle.wrong(f"shape {self._short(self._owner)}: {reason}", self._owner, text)


def _number_or_text(node: Literal) -> Scalar:
    text = str(node)
    if node.datatype is not None and str(node.datatype).endswith("#decimal"):
        return float(text)
    return text
