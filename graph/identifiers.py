"""Which identifiers a claim adds to the ledger's index, and whether an id is provisional."""

from __future__ import annotations

from collections.abc import Iterable

from ontology.identity import Identifier, identifiers_of
from ontology.model import Ontology
from ontology.resource import Claim


def identifiers_in(claim: Claim, ontology: Ontology) -> tuple[Identifier, ...]:
    """(scheme, scope, value) for the index. None for classes with a single scheme (datasets,
    fields, items …: most of a ledger): there the id itself is the identifier."""
    kind = ontology.types.get(claim.type or "")
    if kind is None or len(kind.identifiers) < 2:
        return ()
    return identifiers_of(ontology, claim.type, claim.attributes, claim.links)


def is_provisional(claims: Iterable[Claim], ontology: Ontology) -> bool:
    """Whether the claims on one resource give only weak identifiers (domain/ontology.md §8)."""
    several = False
    for claim in claims:
        kind = ontology.types.get(claim.type or "")
        if kind is not None and len(kind.identifiers) > 1:
            several = True
            strong = {scheme.name for scheme in kind.identifiers if not scheme.weak}
            if any(scheme in strong for scheme, _, _ in identifiers_in(claim, ontology)):
                return False
    return several
