"""What stands around a resource within one run, for shapes that look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ontology.model import Direction
from ontology.resource import Claim
from ontology.shapes import Around, Focus


def around_of(claims: Iterable[Claim]) -> Around:
    """The neighbours of each resource, among these claims."""
    known: dict[str, Focus] = {}
    ahead: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    back: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for claim in claims:
        if claim.type is not None or claim.resource not in known:
            known[claim.resource] = Focus(claim.resource, claim.type, claim.attributes)
        for link in claim.links:
            ahead[claim.resource, link.type][link.target] = None
            back[link.target, link.type][claim.resource] = None

    def around(id: str, link: str, way: Direction) -> Sequence[Focus]:
        ends = ahead if way is Direction.FORWARD else back
        return [known.get(end) or Focus(end, None, {}) for end in ends.get((id, link), ())]

    return around
