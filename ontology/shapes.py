"""What a compiled shape is: a rule on the resources of a class, as a plain function.

ontology/shacl.py compiles them, ontology/validate.py asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ontology.model import Direction, Label
from ontology.resource import Claim, Scalar, Value


@dataclass(frozen=True, slots=True)
class Focus:
    """A resource as a shape sees it."""

    id: str
    type: str | None
    attributes: Mapping[str, Value]


class Ends(tuple[Focus, ...]):
    """What stands at the other ends of some links, looked up by what it says: a department
    provides thousands of entries, and each of them asks for those of its title."""

    def saying(self, attribute: str) -> Mapping[Scalar, Sequence[Focus]]:
        """By each value of an attribute, who has it."""
        made: dict[str, dict[Scalar, list[Focus]]] = self.__dict__
        if attribute not in made:
            found: dict[Scalar, list[Focus]] = {}
            for focus in self:
                for value in values_of(focus, attribute):
                    found.setdefault(value, []).append(focus)
            made[attribute] = found
        return made[attribute]


def values_of(focus: Focus, attribute: str) -> Sequence[Scalar]:
    """What a resource says of an attribute, none, one or several."""
    value = focus.attributes.get(attribute, ())
    return value if isinstance(value, tuple) else (value,)


Around = Callable[[str, str, Direction], Sequence[Focus]]
"""(id, link type, direction) → the resources at the other ends of these links."""

Seen = Scalar | Focus
"""What a path arrives at: a value or a resource."""


Hop = tuple[str, Direction]
"""A link and which way it is followed."""
Route = tuple[Hop, ...]


class Weight(StrEnum):
    """sh:severity."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Shape:
    """One rule on the resources of a class. `routes` are the ways that it looks from there,
    `reads` the attributes that it looks at, there or at their ends."""

    name: str
    target: str
    message: Label
    weight: Weight
    conforms: Callable[[Focus, Around], bool]
    clause: str = ""
    routes: tuple[Route, ...] = ()
    reads: frozenset[str] = frozenset()

    def minds(self, touched: Collection[str] | None) -> bool:
        """Whether other values of these attributes may change what it says (None: of any)."""
        return touched is None or not self.reads.isdisjoint(touched)


def around_claim(claim: Claim, neighbours: Around | None) -> Around:
    """What the claim says of its own links, both ways, and what the ledger knows around it."""
    own: dict[str, dict[str, Focus]] = {}
    itself = Focus(claim.resource, claim.type, claim.attributes)
    nothing: dict[str, Focus] = {}

    def around(id: str, link: str, way: Direction) -> Sequence[Focus]:
        if not own:  # most shapes look at attributes alone
            for one in claim.links:
                own.setdefault(one.type, {})[one.target] = Focus(one.target, None, {})
        known = neighbours(id, link, way) if neighbours else ()
        said = own.get(link, nothing)
        if way is Direction.FORWARD:
            if id != claim.resource or not said:
                return known
            return tuple((said | {focus.id: focus for focus in known}).values())
        if id not in said or (
            neighbours and _holds(neighbours(itself.id, link, Direction.FORWARD), id)
        ):
            return known  # it is among these already, however many they are
        return (itself, *known)

    return around


def _holds(ends: Sequence[Focus], id: str) -> bool:
    return any(focus.id == id for focus in ends)
