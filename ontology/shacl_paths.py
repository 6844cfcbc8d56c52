"""Paths of SHACL shapes as walks over attributes and links (ontology/shacl.py)."""

from __future__ import annotations

from typing import Protocol

from rdflib import RDF, SH, BNode
from rdflib.term import Node

from ontology.judge import Walk, alternatives, attribute_walk, sequence
from ontology.model import Direction
from ontology.rdf import Turtle, local_name
from ontology.shapes import Around, Focus, Hop, Route, Seen


class Wrong(Protocol):
    """Makes the error that says what is not understood, and where it is mentioned."""

    def __call__(self, reason: str, mention: Node | None = None) -> Exception: ...


class Paths:
    """Compiles paths: an attribute or a link, sh:inversePath of a link, a sequence of these,
    sh:alternativePath of these."""

    def __init__(
        self, turtle: Turtle, links: frozenset[str], attributes: frozenset[str], wrong: Wrong
    ) -> None:
        self._turtle, self._links, self._attributes = turtle, links, attributes
        self._wrong = wrong
        self.read: set[str] = set()  # the attributes walked to so far

    def walk(self, path: Node) -> Walk:
        graph = self._turtle.graph
        if (path, RDF.first, None) in graph:
            steps = [self.walk(step) for step in self._turtle.list(path)]
            return sequence(steps)
        inverse = self._turtle.one(path, SH.inversePath)
        if inverse is not None:
            return self._link(inverse, Direction.BACKWARD)
        either = self._turtle.one(path, SH.alternativePath)
        if either is not None:
            return alternatives([self.walk(step) for step in self._turtle.list(either)])
        if isinstance(path, BNode):
            raise self._wrong("of paths only sequences, inverse and alternatives are understood")
        name = local_name(path)
        if name in self._links:
            return self._link(path, Direction.FORWARD)
        if name not in self._attributes:
            raise self._wrong(f"unknown attribute or link {self._turtle.short(path)}", path)
        self.read.add(name)
        return attribute_walk(name)

    def routes(self, path: Node) -> list[Route]:
        """The ways that a path may go along links; attributes at its end are no step."""
        if (path, RDF.first, None) in self._turtle.graph:
            found: list[Route] = [()]
            for step in self._turtle.list(path):
                found = [way + further for way in found for further in self.routes(step)]
            return found
        either = self._turtle.one(path, SH.alternativePath)
        if either is not None:
            return [way for step in self._turtle.list(either) for way in self.routes(step)]
        inverse = self._turtle.one(path, SH.inversePath)
        if inverse is not None:
            return [((local_name(inverse), Direction.BACKWARD),)]
        name = local_name(path)
        return [((name, Direction.FORWARD),)] if name in self._links else [()]

    def parted(self, path: Node) -> tuple[Walk, Hop]:
        """A sequence as the walk to its last link, and that link."""
        steps = self._turtle.list(path) if (path, RDF.first, None) in self._turtle.graph else []
        last = self.routes(steps[-1]) if len(steps) > 1 else []
        if len(last) != 1 or len(last[0]) != 1:
            raise self._wrong("this needs a sequence that ends with a link")
        return sequence([self.walk(step) for step in steps[:-1]]), last[0][0]

    def _link(self, path: Node, way: Direction) -> Walk:
        name = local_name(path)
        if name not in self._links:
            raise self._wrong(f"unknown link {self._turtle.short(path)}", path)

        def walk(seen: Seen, around: Around) -> list[Seen]:
            return list(around(seen.id, name, way)) if isinstance(seen, Focus) else []

        return walk
