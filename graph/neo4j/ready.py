"""A change set made ready before the head is locked: checked, digested, packed. Pure."""

from __future__ import annotations

from typing import NamedTuple

from graph.form import pack
from graph.identifiers import identifiers_in
from ontology.changes import check, names_in, own_claims
from ontology.digest import claim_digest
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.resource import ChangeSet, Claim, ResourceId, Source

PATIENT = 50
"""A change set of more resources than this is made ready beside the event loop."""


LONGEST = 8_000
"""Bytes of a name or an idempotency key, in UTF-8: what a range index takes, less a margin."""


class Said(NamedTuple):
    """A claim ready to be stored; `body` are its attributes, packed."""

    claim: Claim
    digest: str
    body: str
    identifiers: tuple[tuple[str, str, str], ...]


Ready = dict[ResourceId, Said | None]
"""What the source's own claim on each name shall be; None: withdrawn."""


def is_patient(changes: ChangeSet) -> bool:
    """Whether it is a step of an import rather than somebody's edit."""
    return len(changes.claims) + len(changes.withdrawals) > PATIENT


def prepare(changes: ChangeSet, ontology: Ontology) -> Ready:
    """Check a change set and make its claims ready. Edits depend on what is held, so with
    them it is all done inside the transaction."""
    check(changes, ontology)
    _check_lengths(changes)
    if changes.edits:
        return {}
    own = own_claims(changes, lambda _: (), lambda a, b: a == b)
    return {name: make_ready(claim, changes.source, ontology) for name, claim in own.items()}


def _check_lengths(changes: ChangeSet) -> None:
    """Raise InvalidInput for a word that no index of Neo4j can hold."""
    words = [changes.key or "", *(edit.resource for edit in changes.edits)]
    words += [n for a in changes.called for n in (a.name, a.of)]
    words += [name for claim in changes.claims for name in names_in(claim)]
    words += [link.target for edit in changes.edits for link in edit.link]
    for word in words:
        if len(word) > LONGEST // 4 and len(word.encode()) > LONGEST:
            raise InvalidInput(
                f"{word[:80]}…: 标识过长 / longer than {LONGEST} bytes: Neo4j cannot index it."
            )


def make_ready(claim: Claim | None, source: Source, ontology: Ontology) -> Said | None:
    if claim is None:
        return None
    return Said(
        claim,
        claim_digest(claim, source).hex(),
        pack(claim.attributes, claim.resource),
        identifiers_in(claim, ontology),
    )
