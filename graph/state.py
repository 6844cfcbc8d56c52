"""What happened to a resource, as bits of one number.

A *state* of a resource is what happened to it: one of nine kinds of change with its duty
(it breaks, or it must adapt: rule R6; a reorganisation knows no duty), or that it is merely
stale or notified. With three certainties that makes 3 × 21 bits, so that all a resource
suffers is one 64-bit number:

    bit = 21 × certainty + state        state = 2 × kind + duty | REORGANISED | STALE | NOTIFY

A tenth kind, CODE, is a change of values by one code of a set (story S3). Readers see it
as values. It stays what it is on the way to the fields of the set and to plain copies of
these, which are coarse; any other derivation makes coarse values of it (graph/step.py).
"""

from __future__ import annotations

from ontology.model import Certainty, Kind

KINDS = tuple(kind for kind in Kind if kind not in (Kind.STALE, Kind.NOTIFY))
CERTAINTIES = tuple(Certainty)
WIDTH = 21
CODE, REORGANISED, STALE, NOTIFY = 16, 18, 19, 20
BITS = WIDTH * len(CERTAINTIES)

_STATES = (1 << WIDTH) - 1
_DUTIFUL = tuple(kind for kind in KINDS if kind is not Kind.REORGANISE)
QUIET = {Kind.STALE: STALE, Kind.NOTIFY: NOTIFY}
_SEEN_AS: dict[Kind, int] = {
    **{kind: 0b11 << 2 * i for i, kind in enumerate(_DUTIFUL)},
    **{kind: 1 << state for kind, state in QUIET.items()},
    Kind.REORGANISE: 1 << REORGANISED,
}
_SEEN_AS[Kind.VALUES] |= 0b11 << CODE
AFFECTED = (1 << STALE) - 1
"""States that break or oblige; with STALE and NOTIFY alone a resource is merely touched."""


def spread_over(states: int) -> int:
    """The same states at each of the three certainties."""
    return states | states << WIDTH | states << 2 * WIDTH


def at_certainty(mask: int, certainty: int) -> int:
    """The states that `mask` holds at one certainty."""
    return mask >> certainty * WIDTH & _STATES


def bit(kind: Kind, certainty: Certainty = Certainty.EXACT, *, adapt: bool = False) -> int:
    """The bit of one state, as a mask."""
    return 1 << CERTAINTIES.index(certainty) * WIDTH + state_of(kind, adapt)


def kinds_of(mask: int) -> tuple[Kind, ...]:
    """The kinds in a mask, whatever the certainty and the duty, in the order of `Kind`."""
    states = mask | mask >> WIDTH | mask >> 2 * WIDTH
    return tuple(kind for kind in Kind if states & _SEEN_AS[kind])


def breaks(mask: int) -> bool:
    """Whether something in the mask breaks, and not only has to adapt (R6)."""
    return bool(mask & spread_over(sum(1 << state for state in range(0, STALE, 2))))


def state_of(kind: Kind, adapt: bool) -> int:
    if kind is Kind.REORGANISE:
        return REORGANISED
    return QUIET[kind] if kind in QUIET else 2 * _DUTIFUL.index(kind) + adapt
