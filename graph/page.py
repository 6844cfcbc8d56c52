"""Pages of links: the order they come in, and the cursor between them.

Order: link type by name, then the lowest number under which the other end is claimed
(so the order in which the ledger first met it), then the key. Numbers never change, so a
page starts by an index look-up however many links a hub has, and the order is the same
on every store that took the same commits.
"""

from __future__ import annotations

from dataclasses import dataclass

from ontology.errors import InvalidInput
from ontology.model import Ontology

_DIGITS = 15


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a link stands in that order."""

    type: str
    number: int
    key: str

    def __str__(self) -> str:
        return f"{self.type}:{self.number}:{self.key}"


def check_limit(limit: int) -> None:
    """Raise InvalidInput for a page of nothing."""
    if limit < 1:
        raise InvalidInput(f"A page of {limit} links is none: ask for at least 1.")


def count_in(text: str) -> int | None:
    """The number that a part of a cursor stands for; None where it is none that a ledger can
    have. (`isdigit` takes "²" too, which is no number; a database takes no more than 64 bits.)"""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def place_of(cursor: str | None) -> Place | None:
    """The place that a cursor names; None: before the first."""
    if cursor is None:
        return None
    kind, _, rest = cursor.partition(":")
    number, colon, key = rest.partition(":")
    place = count_in(number)
    if not colon or place is None:
        raise InvalidInput(f"No cursor of a page of links: {cursor!r}. Ask for the first page.")
    return Place(kind, place, key)


def families(ontology: Ontology, type: str | None) -> list[str]:
    """The families that resources of a class are in, sorted; all for None."""
    if type is None:
        return sorted(ontology.families, key=_prefix)
    return sorted({ontology.types[name].family for name in ontology.descendants(type)}, key=_prefix)


def _prefix(family: str) -> str:
    return f"{family}:"
