"""Who speaks, and so how heavy a fault weighs."""

from __future__ import annotations

from enum import StrEnum

from ontology.resource import Rank


class Policy(StrEnum):
    """Who speaks, and so what is refused (an error) and what is only told (a warning).

                          scan      delivery  edit      publish
    value, link unusable  warning   warning   error     error     and left out
    required one missing  warning   error     error     error
    shape: sh:Violation   warning   error     error     error
    shape: sh:Warning     warning   warning   warning   error
    """

    SCAN = "scan"  # a machine read a machine
    DELIVERY = "delivery"  # a form or a list that somebody handed over
    EDIT = "edit"  # a person, at the screen
    PUBLISH = "publish"  # a person who makes an entry public


class Fault(StrEnum):
    """What kind of thing is wrong."""

    UNUSABLE = "unusable"
    MISSING = "missing"
    VIOLATION = "violation"
    DOUBT = "doubt"


REFUSED = {
    Policy.SCAN: frozenset[Fault](),
    Policy.DELIVERY: frozenset({Fault.MISSING, Fault.VIOLATION}),
    Policy.EDIT: frozenset({Fault.UNUSABLE, Fault.MISSING, Fault.VIOLATION}),
    Policy.PUBLISH: frozenset(Fault),
}
"""Which faults keep a claim out; all others are only told."""


def policy_of(rank: Rank) -> Policy:
    """The policy that fits a source of this rank."""
    return Policy.SCAN if rank <= Rank.SCANNED else Policy.DELIVERY
