"""Turtle files as one graph that still knows on which line each subject stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from ontology.errors import OntologyError
from ontology.model import Label

MULU = Namespace("https://w3id.org/mulu#")

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
"""What classes, attributes and links may be called: it must do for GraphQL too."""

_ALIGNING = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    SKOS.closeMatch,
)

_SUBJECT = re.compile(r"(?:<([^>\s]+)>|([\w-]*):([\w.%-]+))(?=[\s;])")
_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject first stands: which file (in order of reading), which line."""

    index: int
    file: str
    line: int


@dataclass(frozen=True)
class Turtle:
    """All files together."""

    graph: Graph
    places: Mapping[Node, Place]
    texts: Mapping[str, tuple[str, ...]]

    def wrong(self, reason: str, subject: Node | None, mention: str = "") -> OntologyError:
        """The error for this subject, at its line, or at the line below it that first
        mentions `mention`."""
        place = self.places.get(subject) if subject is not None else None
        if place is None:
            return OntologyError(reason)
        line = place.line
        if mention:
            for number, text in enumerate(self.texts[place.file][line - 1 :], line):
                if re.search(rf"{re.escape(mention)}(?![\w-])", text):
                    line = number
                    break
                if number > line and text[:1] not in ("", " ", "\t", "#", "]", ")"):
                    break
        return OntologyError(reason, file=place.file, line=line)

    def order(self, subject: Node) -> tuple[int, int, str]:
        """Sort key: as written."""
        place = self.places.get(subject)
        return (place.index, place.line, str(subject)) if place else (1 << 30, 0, str(subject))

    def sorted(self, subjects: Iterable[Node]) -> list[Node]:
        return sorted(set(subjects), key=self.order)

    def declared(self, rdf_type: URIRef) -> list[Node]:
        """The subjects of this rdf:type that have a name, as written."""
        subjects = self.graph.subjects(RDF.type, rdf_type)
        return self.sorted(s for s in subjects if isinstance(s, URIRef))

    def name_of(self, subject: Node, taken: Iterable[str]) -> str:
        """Its local name, which must be a name and not one of those taken."""
        name = local_name(subject)
        if not NAME.fullmatch(name):
            raise self.wrong(
                f'{self.short(subject)}: "{name}" is no name: use letters and digits', subject
            )
        if name in taken:
            raise self.wrong(f"{self.short(subject)}: the name {name} is already used", subject)
        return name

    def label_of(self, subject: Node) -> Label:
        """Its rdfs:label, which must be there in both languages."""
        label = self.label(subject)
        if label is None or not label.zh or not label.en:
            missing = "@zh and @en" if label is None else "@zh" if not label.zh else "@en"
            raise self.wrong(f"{self.short(subject)}: needs an rdfs:label {missing}", subject)
        return label

    # --- values of one subject ---------------------------------------------------------

    def one(self, subject: Node, predicate: URIRef) -> Node | None:
        """Its value; two are an error, for TTL files that contradict each other."""
        values = set(self.graph.objects(subject, predicate))
        if len(values) > 1:
            found = " / ".join(sorted(str(v) for v in values))
            raise self.wrong(f"{self.short(subject)}: {self.short(predicate)}: {found}", subject)
        return next(iter(values), None)

    def text(self, subject: Node, predicate: URIRef) -> str | None:
        value = self.one(subject, predicate)
        return None if value is None else str(value)

    def texts_of(self, subject: Node, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(v) for v in self.graph.objects(subject, predicate)))

    def number(self, subject: Node, predicate: URIRef, default: float = 0) -> float:
        value = self.one(subject, predicate)
        if value is None:
            return default
        try:
            return float(str(value))
        except ValueError:
            raise self.wrong(f"{self.short(predicate)} is not a number: {value}", subject) from None

    def flag(self, subject: Node, predicate: URIRef) -> bool:
        value = self.one(subject, predicate)
        return isinstance(value, Literal) and value.toPython() is True

    def label(self, subject: Node, predicate: URIRef = RDFS.label) -> Label | None:
        """The value in Chinese and English; None when there is none at all."""
        found: dict[str, str] = {}
        for value in self.graph.objects(subject, predicate):
            if isinstance(value, Literal):
                found[(value.language or "").split("-")[0]] = str(value)
        if not found:
            return None
        return Label(found.get("zh", found.get("", "")), found.get("en", ""))

    def aligned(self, subject: Node) -> tuple[str, ...]:
        """The outside terms that it stands below, equals or comes close to."""
        return tuple(
            sorted(
                {
                    str(iri)
                    for predicate in _ALIGNING
                    for iri in self.graph.objects(subject, predicate)
                    if isinstance(iri, URIRef) and not str(iri).startswith(str(MULU))
                }
            )
        )

    def list(self, head: Node | None) -> list[Node]:
        """The members of an RDF list."""
        return list(self.graph.items(head)) if head is not None else []

    def fingerprint(self, node: Node) -> str:
        """A text that orders nameless nodes the same way at every start."""
        said = (
            f"{predicate} {'' if isinstance(value, BNode) else value}"
            for predicate, value in self.graph.predicate_objects(node)
        )
        return "\n".join(sorted(said))

    def short(self, node: Node) -> str:
        """How people write it: prefix:name."""
        return node.n3(self.graph.namespace_manager) if isinstance(node, URIRef) else str(node)


def read_turtle(files: Sequence[Path]) -> Turtle:
    """Parse the files in order. Raises OntologyError with file, line and reason."""
    graph = Graph()
    places: dict[Node, Place] = {}
    texts: dict[str, tuple[str, ...]] = {}
    for index, file in enumerate(files):
        text = _read(file)
        try:
            graph.parse(data=text, format="turtle", publicID=file.resolve().as_uri())
        except BadSyntax as error:
            raise _syntax(error, str(file)) from error
        except Exception as error:  # rdflib raises plain ValueError and others for bad IRIs
            raise OntologyError(f"cannot be read as Turtle: {error}", file=str(file)) from error
        texts[str(file)] = tuple(text.splitlines())
        prefixes = dict(_PREFIX.findall(text))
        for number, line in enumerate(texts[str(file)], 1):
            match = _SUBJECT.match(line)
            if match is None:
                continue
            iri = match[1] or prefixes.get(match[2], "?") + match[3]
            places.setdefault(URIRef(iri), Place(index, str(file), number))
    return Turtle(graph, places, texts)


def local_name(iri: Node | str) -> str:
    """The part after the last # or /."""
    return re.split(r"[#/]", str(iri))[-1]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise OntologyError(f"is not UTF-8: {error.reason}", file=str(file)) from error
    except OSError as error:
        raise OntologyError(f"cannot be read: {error.strerror}", file=str(file)) from error


def _syntax(error: BadSyntax, file: str) -> OntologyError:
    # BadSyntax keeps the line (from 0) but its message repeats the whole document around it.
    reason = str(getattr(error, "_why", "") or error)
    return OntologyError(
        f"is not Turtle: {reason[:200]}", file=file, line=int(getattr(error, "lines", -1)) + 1
    )
