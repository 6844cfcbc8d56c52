"""A change set on its way into the rows: prepared outside the lock, carried out inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import msgspec

from graph.bulk import Prepared
from graph.form import pack, pack_denial
from graph.guard import Shape, shape_of
from graph.identifiers import has_strong, identifiers_in
from graph.sqlite.lexicon import Lexicon
from graph.views import LEVEL
from ontology.changes import check, job_in, own_claims
from ontology.digest import canonical, claim_digest
from ontology.model import Ontology
from ontology.resource import ChangeSet, Claim, Commit, Link, ResourceId, Source

PATIENT = 50
"""A change set of more resources than this is a step of an import: it lets edits pass."""


class SaidLink(NamedTuple):
    """A link ready to be stored; `job` is the one that its evidence names."""

    type: str
    target: ResourceId
    key: str
    properties: str | None
    job: ResourceId | None


class Said(NamedTuple):
    """A claim ready to be stored. `type` is "" where it names no class."""

    resource: ResourceId
    type: str
    level: str
    shape: Shape
    links: tuple[SaidLink, ...]
    digest: bytes
    body: str
    denies: str | None
    identifiers: tuple[tuple[str, str, str], ...]
    weak: bool

    def names(self) -> list[ResourceId]:
        """`ontology.changes.names_in` of the claim."""
        names = [self.resource]
        for link in self.links:
            names.append(link.target)
            if link.job is not None:
                names.append(link.job)
        return names


class Open(NamedTuple):
    """An open claim on a name: enough to tell whether a new one differs."""

    id: int
    source: int
    digest: bytes


Ready = dict[ResourceId, Said | None]
"""What the source's own claim on each name shall be; None: withdrawn."""


@dataclass
class Step:
    """A change set on its way through one transaction."""

    db: sqlite3.Connection
    lexicon: Lexicon
    ontology: Ontology
    changes: ChangeSet
    before: Commit | None
    next_number: int
    numbers: dict[ResourceId, int] = field(default_factory=dict)
    open: dict[int, list[Open]] = field(default_factory=dict)
    own: dict[int, Open] = field(default_factory=dict)  # the source's open claim on a name
    changed: Ready = field(default_factory=dict)
    born: list[ResourceId] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.before.number + 1 if self.before else 1

    @cached_property
    def said(self) -> Sequence[Said]:
        """The claims that are new or differ from the one held."""
        return [said for said in self.changed.values() if said is not None]

    def words(self, texts: Iterable[str]) -> dict[str, int]:
        """The numbers of these words, given now where they are new; in an order of their own,
        so that the same commits make the same file."""
        return {text: self.lexicon.made(self.db, text) for text in sorted(texts)}


def is_patient(changes: ChangeSet) -> bool:
    """Whether it is a step of an import rather than somebody's edit."""
    return len(changes.claims) + len(changes.withdrawals) > PATIENT


def prepare(changes: ChangeSet, ontology: Ontology) -> Ready:
    """Check a change set and make its claims ready. Pure: done outside the lock. Edits
    depend on what is held, so with them it is all done inside."""
    check(changes, ontology)
    if changes.edits:
        return {}
    own = own_claims(changes, lambda _: (), lambda a, b: a == b)
    return {name: make_ready(claim, changes.source, ontology) for name, claim in own.items()}


def prepared(changes: ChangeSet, ontology: Ontology) -> Prepared:
    """A change set of claims alone as `load` takes it, in whatever process. What was made ready
    goes as bytes: pickling each tuple took four times as long."""
    ready = prepare(changes, ontology)
    return Prepared(replace(changes, claims=()), _encode(list(ready.values())))


def unpacked(ready: bytes) -> Ready:
    """What `prepared` made ready, where it is carried out."""
    return {said.resource: said for said in _decode(ready)}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Said]).decode


def make_ready(claim: Claim | None, source: Source, ontology: Ontology) -> Said | None:
    if claim is None:
        return None
    level = claim.attributes.get(LEVEL, "")
    identifiers = identifiers_in(claim, ontology)
    return Said(
        claim.resource,
        claim.type or "",
        level if isinstance(level, str) else str(level),
        shape_of(claim),
        tuple([_link(link) for link in claim.links]) if claim.links else (),
        claim_digest(claim, source),
        pack(claim.attributes, claim.resource),
        pack_denial(claim.denies),
        identifiers,
        has_strong(claim.type, identifiers, ontology) is False,
    )


def _link(link: Link) -> SaidLink:
    properties = link.properties
    if not properties:
        return SaidLink(link.type, link.target, link.key, None, None)
    stored = canonical(properties).decode()
    return SaidLink(link.type, link.target, link.key, stored, job_in(properties))
