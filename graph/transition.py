"""How a change crosses a link, as small tables of bits compiled from the ontology's spreads.

A *state* of a resource is what happened to it: one of nine kinds of change with its duty
(it breaks, or it must adapt: rule R6; a reorganisation knows no duty), or that it is merely
stale or notified. With three certainties that makes 3 × 21 bits, so that all a resource
suffers is one 64-bit number:

    bit = 21 × certainty + state        state = 2 × kind + duty | REORGANISED | STALE | NOTIFY

A *class* of steps is a link type with its derivation in one of its two directions. Its
table says for each bit which bits arrive at the other end; crossing a link is a look-up.

A tenth kind, CODE, is a change of values by one code of a set (story S3). Readers see it
as values. It stays what it is on the way to the fields of the set and to plain copies of
these, which are coarse; any other derivation makes coarse values of it. Where the rule
names that code, a second class of steps, laid over the graph for the one question, makes
values of it as sure as the derivation is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
import numpy.typing as npt

from ontology.errors import OntologyError
from ontology.model import Certainty, Direction, Kind, LinkType, Ontology, Spread, Way

KINDS = tuple(kind for kind in Kind if kind not in (Kind.STALE, Kind.NOTIFY))
CERTAINTIES = tuple(Certainty)
WIDTH = 21
CODE, REORGANISED, STALE, NOTIFY = 16, 18, 19, 20
BITS = WIDTH * len(CERTAINTIES)
TABLE = tuple[int, ...]

_STATES = (1 << WIDTH) - 1
_DUTIFUL = tuple(kind for kind in KINDS if kind is not Kind.REORGANISE)
_QUIET = {Kind.STALE: STALE, Kind.NOTIFY: NOTIFY}
_SEEN_AS: dict[Kind, int] = {
    **{kind: 0b11 << 2 * i for i, kind in enumerate(_DUTIFUL)},
    **{kind: 1 << state for kind, state in _QUIET.items()},
    Kind.REORGANISE: 1 << REORGANISED,
}
_SEEN_AS[Kind.VALUES] |= 0b11 << CODE
AFFECTED = (1 << STALE) - 1
"""States that break or oblige; with STALE and NOTIFY alone a resource is merely touched."""

IDENTITY = "identity"
READS, WRITES = "reads", "writes"
"""Link types of jobs, whose product stands in where a job states no derivation."""


def spread_over(states: int) -> int:
    """The same states at each of the three certainties."""
    return states | states << WIDTH | states << 2 * WIDTH


def at_certainty(mask: int, certainty: int) -> int:
    """The states that `mask` holds at one certainty."""
    return mask >> certainty * WIDTH & _STATES


def bit(kind: Kind, certainty: Certainty = Certainty.EXACT, *, adapt: bool = False) -> int:
    """The bit of one state, as a mask."""
    return 1 << CERTAINTIES.index(certainty) * WIDTH + _state(kind, adapt)


def kinds_of(mask: int) -> tuple[Kind, ...]:
    """The kinds in a mask, whatever the certainty and the duty, in the order of `Kind`."""
    states = mask | mask >> WIDTH | mask >> 2 * WIDTH
    return tuple(kind for kind in Kind if states & _SEEN_AS[kind])


def breaks(mask: int) -> bool:
    """Whether something in the mask breaks, and not only has to adapt (R6)."""
    return bool(mask & spread_over(sum(1 << state for state in range(0, STALE, 2))))


def _state(kind: Kind, adapt: bool) -> int:
    if kind is Kind.REORGANISE:
        return REORGANISED
    return _QUIET[kind] if kind in _QUIET else 2 * _DUTIFUL.index(kind) + adapt


class Trait(IntFlag):
    """What a class of steps is beside its table."""

    NONE = 0
    ORIGIN = 1  # lineage, toward the origin
    USE = 2  # lineage, toward use
    WHOLE = 4  # speaks of datasets as wholes: what affects a field at its beginning goes
    # through it, and what comes through it spills over all fields at its end
    INTO = 8  # from a dataset to its field
    OUT = 16  # from a field to its dataset


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
        needed = self.traits & (Trait.ORIGIN | Trait.USE | Trait.OUT)
        return any(self.first) or any(self.spill) or bool(needed) or self.answers > 0


@dataclass(frozen=True, slots=True)
class Sort:
    """A link type with a derivation; `whole` where its origin is a dataset.

    `forward`, `backward` and `naming` (backward too) are classes of steps, NO_STEP where
    nothing is carried.
    """

    type: str
    derivation: str
    whole: bool
    forward: int
    backward: int
    naming: int


NO_STEP = 255


class Transitions:
    """All classes of steps of one ontology, numbered; those of dataset edges come last.

    Derivations of one link type that spread alike share their classes.
    """

    def __init__(self, ontology: Ontology) -> None:
        self.digest = ontology.digest
        self.types = tuple(sorted(ontology.types))
        """Classes of resources, numbered by their position."""
        self._types = {name: i for i, name in enumerate(self.types)}
        links = [link for link in ontology.links.values() if not link.abstract]
        self.lineage = frozenset(link.name for link in links if link.lineage)
        self.containment = frozenset(link.name for link in links if _contains_fields(link))
        self.containers = frozenset(
            name
            for link in links
            if _contains_fields(link)
            for end in link.domain
            for name in ontology.descendants(end)
        )
        """Classes that have fields: the datasets."""
        self.parts = frozenset(link.name for link in links if link.part_of)
        """Types from a whole, which may have very many, to its parts, which have one whole."""
        self.leaf_parts = frozenset(link.name for link in links if _is_leaf(ontology, link))
        """Part-of types whose parts have no parts: the index needs no edges for these."""
        self.parties = frozenset(
            name for link in links for end in _parties(link) for name in ontology.descendants(end)
        )
        """Classes that answer for others: departments and their units (R5)."""
        self.codes = frozenset(
            name
            for link in links
            if _holds_codes(link)
            for end in link.range
            for name in ontology.descendants(end)
        )
        """Classes whose resources rules name by a value."""

        described = [
            (link.name, derivation, whole, _steps(link, derivation, whole))
            for link in links
            for derivation in _derivations(link)
            for whole in ((False, True) if link.lineage else (False,))
        ]
        kept = {step for *_, steps in described for step in steps if step.kept}
        kept |= {_HIDDEN_USE, _HIDDEN_ORIGIN}
        self.steps = tuple(sorted(kept, key=_order))
        if len(self.steps) >= NO_STEP:
            raise OntologyError(f"{len(self.steps)} classes of steps; the reach index has 254")
        number = {step: i for i, step in enumerate(self.steps)}
        self.answers = np.array([step.answers for step in self.steps], np.int64)
        self.sure = np.array([step.sure for step in self.steps], np.int8)
        self.hidden_use, self.hidden_origin = number[_HIDDEN_USE], number[_HIDDEN_ORIGIN]
        """Classes of a dataset edge while column edges hide it: seen by lineage only."""
        self.first_whole = sum(not step.traits & Trait.WHOLE for step in self.steps)
        """Classes from here on are dataset edges."""
        self.sorts = tuple(
            Sort(t, d, w, *(number.get(step, NO_STEP) for step in steps))
            for t, d, w, steps in described
        )
        self.stand_in = self._stand_in(ontology)
        """What a job's reads × writes stand in as."""
        self._by_name = {(s.type, s.derivation, s.whole): i for i, s in enumerate(self.sorts)}

    def _stand_in(self, ontology: Ontology) -> str:
        """The lineage type between datasets."""
        for name in sorted(self.lineage):
            link = ontology.links[name]
            if self.containers.issuperset(link.domain) and self.containers.issuperset(link.range):
                return name
        return ""

    def type_number(self, name: str) -> int:
        """The number of a class of resources, -1 for an unknown one."""
        return self._types.get(name, -1)

    def sort(self, type: str, derivation: str, *, whole: bool = False) -> int:
        """The number of a sort of link, -1 for an unknown type. A derivation that the
        ontology does not name counts as unknown ("")."""
        found = self._by_name.get((type, derivation, whole))
        return self._by_name.get((type, "", whole), -1) if found is None else found

    def tables(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
        """As arrays: (2 × class × bit: later, first), (class × state: spill), (class: traits)."""
        tables = np.zeros((2, len(self.steps), BITS), np.int64)
        spill = np.zeros((len(self.steps), WIDTH), np.int64)
        traits = np.zeros(len(self.steps), np.uint8)
        for i, step in enumerate(self.steps):
            tables[0, i], tables[1, i] = step.normal, step.first
            spill[i], traits[i] = step.spill, step.traits
        return tables, spill, traits


_COARSE = CERTAINTIES.index(Certainty.COARSE)


def _hidden(direction: Direction, trait: Trait) -> Step:
    bits = (0,) * BITS
    return Step("", direction, bits, bits, (0,) * WIDTH, trait, sure=_COARSE)


_HIDDEN_USE = _hidden(Direction.BACKWARD, Trait.USE)
_HIDDEN_ORIGIN = _hidden(Direction.FORWARD, Trait.ORIGIN)


def _contains_fields(link: LinkType) -> bool:
    """A whole whose parts take on what is only coarsely known of it: dataset and field."""
    return link.part_of and any(spread.coarse_only for spread in link.spreads)


def _holds_codes(link: LinkType) -> bool:
    """A whole whose values are its parts: to take one away is a change of values."""
    return link.part_of and any(
        spread.way is Way.FLOW and Kind.VALUES in spread.kinds.values() for spread in link.spreads
    )


def _is_leaf(ontology: Ontology, link: LinkType) -> bool:
    wholes = {
        name
        for other in ontology.links.values()
        if other.part_of
        for end in other.domain
        for name in ontology.descendants(end)
    }
    return link.part_of and not any(
        name in wholes for end in link.range for name in ontology.descendants(end)
    )


def _parties(link: LinkType) -> tuple[str, ...]:
    """Ends of the links that lead straight to who answers."""
    return (
        *(link.range if link.answerable == 1 else ()),
        *(link.domain if link.inverse_answerable == 1 else ()),
    )


def _derivations(link: LinkType) -> tuple[str, ...]:
    named = {d for spread in link.spreads for d in spread.derivations}
    return ("", *sorted(named - {""}))


def _order(step: Step) -> tuple[object, ...]:
    whole = bool(step.traits & Trait.WHOLE)
    known = (step.type, step.direction, int(step.traits), step.naming, step.sure)
    return (whole, *known, step.normal, step.first, step.spill)


def _steps(link: LinkType, derivation: str, whole: bool) -> tuple[Step, Step, Step]:
    """The two directions of a link type with this derivation, and backward for a code that
    its rule names."""
    forward, backward = Trait.NONE, Trait.NONE
    if link.lineage:
        forward, backward = Trait.ORIGIN, Trait.USE | (Trait.WHOLE if whole else Trait.NONE)
    elif _contains_fields(link):
        forward, backward = Trait.INTO, Trait.OUT
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
                    out = 1 << arriving + _state(Kind.VALUES, adapt)
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
        quiet = becomes in _QUIET
        if (kind in _QUIET or quiet) is not (spread.way is Way.USE) or (kind in _QUIET) > quiet:
            raise OntologyError(
                f"{link.name}: a spread by way of {spread.way} turns {kind} into {becomes}; "
                "a use yields notify or stale, and only a use passes them on"
            )
        for duty in (False, True):
            arriving = _state(becomes, not quiet and (duty or spread.adapt))
            code = CODE + (duty or spread.adapt)
            of_a_code = becomes is Kind.VALUES and _holds_codes(link)
            found[_state(kind, duty)] = 1 << (code if of_a_code else arriving)
            if kind is Kind.VALUES:
                remains = becomes is Kind.VALUES and (copied or not link.lineage)
                found[CODE + duty] = 1 << (code if remains else arriving)
    return found
