"""Which identifiers a claim adds to the ledger's index, and whether an id is provisional."""

from __future__ import annotations

from collections.abc import Iterable

from ontology.identity import Identifier, identifiers_of
from ontology.model import Ontology
from ontology.resource import Claim


def identifiers_in(claim: Claim, ontology: Ontology) -> tuple[Identifier, ...]:
    """(scheme, scope, value) for the index. None for classes with a single scheme (datasets,
    fields, items …: most of a ledger): there the id itself is the identifier."""
    if claim.type is None or len(ontology.types[claim.type].identifiers) < 2:
        return ()
    return identifiers_of(ontology, claim.type, claim.attributes, claim.links)


def is_provisional(claims: Iterable[Claim], ontology: Ontology) -> bool:
    """Whether nothing but weak identifiers is known of a resource (domain/ontology.md §8),
    given the claims that assert it."""
    weak = False
    for claim in claims:
        strong = has_strong(claim.type, identifiers_in(claim, ontology), ontology)
        if strong:
            return False
        weak = weak or strong is not None
    return weak


def has_strong(
    type: str | None, identifiers: Iterable[Identifier], ontology: Ontology
) -> bool | None:
    """Whether one of the identifiers of a claim of that class is a strong one; None where
    the class knows no weak ones, so that the question does not arise."""
    schemes = ontology.types[type].identifiers if type is not None else ()
    if len(schemes) < 2:
        return None
    strong = {scheme.name for scheme in schemes if not scheme.weak}
    return any(scheme in strong for scheme, _, _ in identifiers)
