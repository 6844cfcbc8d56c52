"""A class of steps: how a change crosses one link type, compiled from the ontology's spreads.

A class is a link type with its derivation in one of its two directions. Its table says for
each bit (graph/state.py) which bits arrive at the other end; crossing a link is a look-up.

A rule that names the code which is asked about (story S3) is crossed by a second class of
steps, laid over the graph for the one question: it makes values of the code as sure as the
derivation is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag

from graph.state import AFFECTED, BITS, CERTAINTIES, CODE, QUIET, WIDTH, state_of
from ontology.errors import OntologyError
from ontology.model import Certainty, Direction, Kind, LinkType, Spread, Way

TABLE = tuple[int, ...]
IDENTITY = "identity"
_COARSE = CERTAINTIES.index(Certainty.COARSE)


class Trait(IntFlag):
    """What a class of steps is beside its table."""

    NONE = 0
    ORIGIN = 1  # lineage, toward the origin
    USE = 2  # lineage, toward use
    WHOLE = 4  # speaks of datasets as wholes: what affects a field at its beginning goes
    # through it, and what comes through it spills over all fields at its end
    INTO = 8  # from a dataset to its field
    OUT = 16  # from a field to its dataset
    UP = 32  # from a part to its whole


@dataclass(frozen=True, slots=True)
class Step:
    """A class of steps. `normal` and `first` (from the changed resource itself) map each
    bit to the bits that arrive; `spill` maps a state that came through a dataset edge.
    `answers` >0 leads to who answers for it, smaller first; `due` is in working days; `sure`
    is how sure the link itself is (its position in CERTAINTIES), lineage links only.
    `naming` is crossed only where a rule names the code that is asked about."""

    type: str
    direction: Direction
    normal: TABLE
    first: TABLE
    spill: TABLE
    traits: Trait
    answers: int = 0
    due: int = 0
    sure: int = 0
    naming: bool = False

    @property
    def kept(self) -> bool:
        """Whether the reach index needs steps of this class at all."""
        needed = self.traits & (Trait.ORIGIN | Trait.USE | Trait.OUT | Trait.UP)
        return any(self.first) or any(self.spill) or bool(needed) or self.answers > 0


def _hidden(direction: Direction, trait: Trait) -> Step:
    bits = (0,) * BITS
    return Step("", direction, bits, bits, (0,) * WIDTH, trait, sure=_COARSE)


HIDDEN_USE = _hidden(Direction.BACKWARD, Trait.USE)
HIDDEN_ORIGIN = _hidden(Direction.FORWARD, Trait.ORIGIN)


def contains_fields(link: LinkType) -> bool:
    """A whole whose parts take on what is only coarsely known of it: dataset and field."""
    return link.part_of and any(spread.coarse_only for spread in link.spreads)


def holds_codes(link: LinkType) -> bool:
    """A whole whose values are its parts: to take one away is a change of values."""
    return link.part_of and any(
        spread.way is Way.FLOW and Kind.VALUES in spread.kinds.values() for spread in link.spreads
    )


def steps_of(link: LinkType, derivation: str, whole: bool) -> tuple[Step, Step, Step]:
    """The two directions of a link type with this derivation, and backward for a code that
    its rule names."""
    forward, backward = Trait.NONE, Trait.NONE
    if link.lineage:
        forward, backward = Trait.ORIGIN, Trait.USE | (Trait.WHOLE if whole else Trait.NONE)
    elif contains_fields(link):
        forward, backward = Trait.INTO, Trait.OUT
    if link.part_of:
        backward |= Trait.UP
    return (
        _step(link, Direction.FORWARD, derivation, forward, whole=whole),
        _step(link, Direction.BACKWARD, derivation, backward, whole=whole),
        _naming(link, derivation, whole),
    )


def _naming(link: LinkType, derivation: str, whole: bool) -> Step:
    """The step over a rule that names the code: however coarse the copy that it reads."""
    table = [0] * BITS
    for spread in link.spreads:
        if not whole and link.lineage and _is_of(spread, Direction.BACKWARD, derivation):
            if spread.kinds.get(Kind.VALUES) is not Kind.VALUES:
                continue
            arriving = CERTAINTIES.index(spread.certainty) * WIDTH
            for state in (CODE, CODE + 1):
                adapt = state > CODE or spread.adapt
                for certainty in range(len(CERTAINTIES)):
                    out = 1 << arriving + state_of(Kind.VALUES, adapt)
                    table[certainty * WIDTH + state] |= out
    again = tuple(table)
    return Step(link.name, Direction.BACKWARD, again, again, (0,) * WIDTH, Trait.NONE, naming=True)


def _is_of(spread: Spread, direction: Direction, derivation: str) -> bool:
    return spread.direction is direction and (
        not spread.derivations or derivation in spread.derivations
    )


def _step(
    link: LinkType, direction: Direction, derivation: str, traits: Trait, *, whole: bool
) -> Step:
    normal, first = [0] * BITS, [0] * BITS
    spill = [0] * WIDTH
    dataset_edge = bool(traits & Trait.WHOLE)
    for spread in link.spreads:
        if not _is_of(spread, direction, derivation):
            continue
        floor = _COARSE if dataset_edge else CERTAINTIES.index(spread.certainty)
        if spread.way is Way.FLOW and floor == _COARSE:
            traits |= Trait.WHOLE
        copied = derivation == IDENTITY and not dataset_edge
        for state, out in _crossings(link, spread, copied=copied).items():
            if spread.coarse_only:
                spill[state] |= out << 2 * WIDTH
                continue
            blurred = link.lineage and state in (CODE, CODE + 1)
            lowest = _COARSE if blurred and out & AFFECTED else floor
            for certainty in range(len(CERTAINTIES)):
                arriving = out << max(certainty, lowest) * WIDTH
                first[certainty * WIDTH + state] |= arriving
                if not spread.start_only:
                    normal[certainty * WIDTH + state] |= arriving
    onward = direction is Direction.FORWARD
    return Step(
        link.name,
        direction,
        tuple(normal),
        tuple(first),
        tuple(spill),
        traits,
        answers=link.answerable if onward else link.inverse_answerable,
        due=max((s.due for s in link.spreads if s.direction is direction), default=0),
        sure=_sure(link, derivation, whole) if link.lineage else 0,
    )


def _sure(link: LinkType, derivation: str, whole: bool) -> int:
    """The best that the link's flow can be, the same in both directions: toward the origin
    nothing spreads, and yet people ask how sure a source is."""
    told = [
        CERTAINTIES.index(spread.certainty)
        for spread in link.spreads
        if spread.way is Way.FLOW and (not spread.derivations or derivation in spread.derivations)
    ]
    return _COARSE if whole else min(told, default=0)


def _crossings(link: LinkType, spread: Spread, *, copied: bool) -> Mapping[int, int]:
    """State → states beyond. A use yields stale or notify and nothing else does anything
    with these two: who is only touched affects nobody. A code crosses as values do, and
    remains a code but where it is derived from without being `copied`."""
    found: dict[int, int] = {}
    for kind, becomes in spread.kinds.items():
        quiet = becomes in QUIET
        if (kind in QUIET or quiet) is not (spread.way is Way.USE) or (kind in QUIET) > quiet:
            raise OntologyError(
                f"{link.name}: a spread by way of {spread.way} turns {kind} into {becomes}; "
                "a use yields notify or stale, and only a use passes them on"
            )
        for duty in (False, True):
            arriving = state_of(becomes, not quiet and (duty or spread.adapt))
            code = CODE + (duty or spread.adapt)
            of_a_code = becomes is Kind.VALUES and holds_codes(link)
            found[state_of(kind, duty)] = 1 << (code if of_a_code else arriving)
            if kind is Kind.VALUES:
                remains = becomes is Kind.VALUES and (copied or not link.lineage)
                found[CODE + duty] = 1 << (code if remains else arriving)
    return found
