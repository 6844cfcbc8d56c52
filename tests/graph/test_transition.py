"""The tables compiled from the ontology's spreads."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY

from graph.state import at_certainty, bit, breaks, kinds_of
from graph.step import Trait
from graph.transition import NO_STEP, Transitions
from ontology.errors import OntologyError
from ontology.model import Certainty, Direction, Kind, Ontology, Spread, Way
from ontology.spread import parse_spread

TRANSITIONS = Transitions(ONTOLOGY)


def beyond(link: str, kind: Kind, derivation: str = "", *, adapt: bool = False) -> int:
    """What arrives against the stored direction, from what is not itself the start."""
    sort = TRANSITIONS.sorts[TRANSITIONS.sort(link, derivation)]
    assert sort.backward != NO_STEP
    return TRANSITIONS.steps[sort.backward].normal[bit(kind, adapt=adapt).bit_length() - 1]


def with_rule(link: str, spread: Spread) -> Ontology:
    changed = replace(ONTOLOGY.links[link], spreads=(spread,))
    return replace(ONTOLOGY, links={**ONTOLOGY.links, link: changed})


def test_links_translate_kinds() -> None:
    assert beyond("fieldDerivedFrom", Kind.REMOVE, "identity") == bit(Kind.BROKEN)
    assert beyond("fieldDerivedFrom", Kind.RETYPE, "aggregation") == 0
    assert kinds_of(beyond("hasCode", Kind.REMOVE)) == (Kind.VALUES,)


def test_certainty_is_lowered_and_duty_is_kept() -> None:
    by_filter = beyond("fieldDerivedFrom", Kind.VALUES, "filter")
    assert by_filter == bit(Kind.VALUES, Certainty.INDIRECT)
    obliged = beyond("conformsTo", Kind.RETYPE)
    assert obliged == bit(Kind.RETYPE, adapt=True)
    assert not breaks(obliged)
    onward = beyond("fieldDerivedFrom", Kind.RETYPE, "identity", adapt=True)
    assert onward == bit(Kind.RETYPE, adapt=True)


def test_an_unknown_derivation_counts_as_none_told() -> None:
    known = TRANSITIONS.sort("fieldDerivedFrom", "")
    assert TRANSITIONS.sort("fieldDerivedFrom", "magic") == known
    assert TRANSITIONS.sort("nonsense", "") == -1


def test_start_only_rules_leave_the_start_alone() -> None:
    sort = TRANSITIONS.sorts[TRANSITIONS.sort("providedBy", "")]
    step = TRANSITIONS.steps[sort.backward]
    reorganised = bit(Kind.REORGANISE).bit_length() - 1
    assert step.first[reorganised] == bit(Kind.NOTIFY)
    assert not any(step.normal)
    assert step.due == 15


def test_dataset_edges_come_last() -> None:
    traits = [bool(step.traits & Trait.WHOLE) for step in TRANSITIONS.steps]
    assert traits == sorted(traits)
    assert traits.index(True) == TRANSITIONS.first_whole


def test_derivations_that_spread_alike_share_a_class() -> None:
    classes = {
        TRANSITIONS.sorts[TRANSITIONS.sort("fieldDerivedFrom", d)].backward
        for d in ("filter", "join", "group")
    }
    assert len(classes) == 1


@pytest.mark.parametrize(
    "spread",
    [
        Spread(Direction.FORWARD, Way.USE, {Kind.REMOVE: Kind.BROKEN}),
        Spread(Direction.FORWARD, Way.FLOW, {Kind.NOTIFY: Kind.VALUES}),
        Spread(Direction.FORWARD, Way.FLOW, {Kind.NOTIFY: Kind.NOTIFY}),
    ],
    ids=["a use that breaks", "the touched that affect", "the touched by flow"],
)
def test_the_touched_never_affect(spread: Spread) -> None:
    with pytest.raises(OntologyError, match="mounts"):
        Transitions(with_rule("mounts", spread))


def test_a_link_of_another_ontology() -> None:
    """A further file's flow link needs no more than its rules."""
    spread = parse_spread("backward flow: remove→broken, values")
    transitions = Transitions(with_rule("relatedTo", spread))
    sort = transitions.sorts[transitions.sort("relatedTo", "")]
    assert transitions.steps[sort.backward].normal[0] == bit(Kind.BROKEN)


def test_masks_read_back() -> None:
    mask = bit(Kind.VALUES, Certainty.COARSE) | bit(Kind.REMOVE) | bit(Kind.STALE)
    assert kinds_of(mask) == (Kind.REMOVE, Kind.VALUES, Kind.STALE)
    assert at_certainty(mask, 2) == bit(Kind.VALUES)
