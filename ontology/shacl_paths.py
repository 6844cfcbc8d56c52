"""Paths of SHACL shapes as walks over attributes and links (ontology/shacl.py)."""

from __future__ import annotations

from typing import Protocol

from rdflib import RDF, SH, BNode
from rdflib.term import Node

from ontology.judge import Walk, alternatives, attribute_walk, sequence
from ontology.model import Direction
from ontology.rdf import Turtle, local_name
from ontology.shapes import Around, Focus, Seen


class Wrong(Protocol):
    """Makes the error that says what is not understood, and where it is mentioned."""

    def __call__(self, reason: str, mention: Node | None = None) -> Exception: ...


class Paths:
    """Compiles paths: an attribute or a link, sh:inversePath of a link, a sequence of these,
    sh:alternativePath of these. `along` are the links that the paths so far follow."""

    def __init__(
        self, turtle: Turtle, links: frozenset[str], attributes: frozenset[str], wrong: Wrong
    ) -> None:
        self._turtle, self._links, self._attributes = turtle, links, attributes
        self._wrong = wrong
        self.along: dict[str, None] = {}

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
        return attribute_walk(name)

    def steps(self, path: Node) -> int:
        """How many links a path follows."""
        if (path, RDF.first, None) in self._turtle.graph:
            return sum(self.steps(step) for step in self._turtle.list(path))
        either = self._turtle.one(path, SH.alternativePath)
        if either is not None:
            return max((self.steps(step) for step in self._turtle.list(either)), default=0)
        return int(isinstance(path, BNode) or local_name(path) in self._links)

    def _link(self, path: Node, way: Direction) -> Walk:
        name = local_name(path)
        if name not in self._links:
            raise self._wrong(f"unknown link {self._turtle.short(path)}", path)
        self.along[name] = None

        def walk(seen: Seen, around: Around) -> list[Seen]:
            return list(around(seen.id, name, way)) if isinstance(seen, Focus) else []

        return walk
