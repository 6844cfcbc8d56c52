"""The language of spreading, and that the catalogue says what domain/spreading.md says."""

from __future__ import annotations

import pytest

from ontology.model import Certainty, Direction, Kind, Ontology, Way
from ontology.spread import ASKED, parse_spread, print_spread


def test_a_rule_says_direction_way_and_kinds() -> None:
    rule = parse_spread("backward flow [identity]: remove→broken, rename→broken, retype, values")
    assert (rule.direction, rule.way) == (Direction.BACKWARD, Way.FLOW)
    assert rule.derivations == ("identity",)
    assert rule.kinds == {
        Kind.REMOVE: Kind.BROKEN,
        Kind.RENAME: Kind.BROKEN,
        Kind.RETYPE: Kind.RETYPE,
        Kind.VALUES: Kind.VALUES,
    }


def test_a_use_arrives_as_notify_and_stale_where_it_says_so() -> None:
    assert parse_spread("forward use: remove").kinds == {Kind.REMOVE: Kind.NOTIFY}
    assert parse_spread("forward use: broken→stale").kinds == {Kind.BROKEN: Kind.STALE}


def test_what_is_touched_goes_on_along_uses_but_never_through_a_start() -> None:
    assert Kind.NOTIFY in parse_spread("forward use: *").kinds
    assert parse_spread("forward use: *").kinds[Kind.STALE] is Kind.STALE
    assert set(parse_spread("backward use start: *").kinds) == set(ASKED)
    assert Kind.NOTIFY not in parse_spread("backward flow: *").kinds


def test_flags() -> None:
    rule = parse_spread("backward use start adapt due 15: remove")
    assert (rule.start_only, rule.adapt, rule.due) == (True, True, 15)
    assert parse_spread("forward use indirect: remove").certainty is Certainty.INDIRECT
    assert parse_spread("backward flow coarse: remove").certainty is Certainty.COARSE
    assert parse_spread("forward part coarse-only: *").coarse_only
    assert not parse_spread("forward flow coarse: *").coarse_only
    assert parse_spread("forward flow [transformation, none]: values").derivations == (
        "transformation",
        "",
    )


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("sideways flow: remove", "expected"),
        ("forward flow", "expected"),
        ("forward flow slowly: remove", 'unknown flag "slowly"'),
        ("forward flow: removal", 'unknown kind "removal"'),
        ("forward flow [guess]: remove", 'unknown derivation "guess"'),
        ("forward use: remove→broken", "notify or stale"),
        ("forward flow start: broken", "never a start"),
    ],
)
def test_what_is_no_rule_is_refused(rule: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_spread(rule)


def test_every_rule_of_the_catalogue_prints_and_parses(ontology: Ontology) -> None:
    for link in ontology.links.values():
        for spread in link.spreads:
            assert parse_spread(print_spread(spread)) == spread


TABLE = [
    # link, direction, kind → way and kind at the other end ("" = does not pass)
    ("hasField", "forward", "remove", "part remove"),
    ("hasField", "forward", "move", "part move"),
    ("hasField", "backward", "values", "use notify"),
    ("hasField", "backward", "level", "flow level"),
    ("hasDataset", "forward", "rename", "part rename"),
    ("hosts", "forward", "remove", "part remove"),
    ("hosts", "forward", "values", ""),
    ("hostedIn", "backward", "move", "part move"),
    ("hostedIn", "forward", "values", "use notify"),
    ("inLibrary", "backward", "remove", "use notify start"),
    ("hasItem", "forward", "remove", "part remove"),
    ("hasItem", "forward", "values", ""),
    ("mapsTo", "forward", "level", "flow level adapt"),
    ("mapsTo", "backward", "remove", "flow broken"),
    ("mapsTo", "backward", "rename", "use notify"),
    ("mounts", "forward", "remove", "use notify"),
    ("mounts", "backward", "retype", "use notify"),
    ("materialisedBy", "forward", "meaning", "use notify"),
    ("materialisedBy", "forward", "values", ""),
    ("reads", "backward", "rename", "flow broken"),
    ("reads", "backward", "values", "use notify"),
    ("reads", "backward", "level", ""),
    ("reads", "forward", "remove", ""),
    ("writes", "forward", "broken", "use stale"),
    ("writes", "backward", "rename", "flow broken"),
    ("serves", "backward", "remove", ""),
    ("hasResponseField", "backward", "remove", "flow retype"),
    ("calls", "backward", "remove", "flow broken"),
    ("calls", "backward", "values", "use notify"),
    ("calls", "forward", "remove", ""),
    ("reportOn", "backward", "values", "flow values"),
    ("reportOn", "forward", "remove", ""),
    ("refersTo", "backward", "rename", "flow broken"),
    ("refersTo", "backward", "values", ""),
    ("refersToMaster", "backward", "meaning", "use notify"),
    ("authoritativeFor", "forward", "remove", "use notify"),
    ("authoritativeFor", "backward", "meaning", "use notify start"),
    ("conformsTo", "backward", "retype", "flow retype adapt"),
    ("conformsTo", "backward", "rename", "use notify adapt"),
    ("conformsTo", "forward", "retype", ""),
    ("valueDomain", "backward", "values", "flow values adapt"),
    ("hasCode", "backward", "remove", "flow values"),
    ("hasCode", "forward", "remove", "part remove"),
    ("hasCode", "forward", "values", ""),
    ("editionOf", "forward", "meaning", "use notify"),
    ("governedBy", "backward", "remove", "use notify start adapt"),
    ("basedOn", "backward", "meaning", "use notify start adapt"),
    ("producedBy", "backward", "meaning", "flow meaning"),
    ("producedBy", "backward", "reorganise", "use notify"),
    ("requiredBy", "forward", "broken", "use notify"),
    ("requiredBy", "backward", "remove", "use notify start"),
    ("issues", "forward", "meaning", "flow meaning"),
    ("issues", "backward", "remove", ""),
    ("supportsScenario", "forward", "stale", "use stale"),
    ("supportsScenario", "backward", "remove", ""),
    ("grants", "backward", "values", "use notify"),
    ("grantedTo", "forward", "notify", "use notify"),
    ("grantedTo", "backward", "remove", "use notify start"),
    ("fulfils", "backward", "reorganise", "use notify start"),
    ("fulfils", "forward", "remove", ""),
    ("providedBy", "backward", "reorganise", "use notify start"),
    ("providedBy", "forward", "remove", ""),
    ("managedBy", "backward", "remove", "use notify start"),
    ("succeededBy", "forward", "reorganise", "use notify start"),
    ("succeededBy", "backward", "reorganise", ""),
    ("inCategory", "backward", "meaning", "use notify start"),
    ("inRegion", "backward", "reorganise", "use notify start"),
    ("inCatalogue", "backward", "remove", ""),
    ("correspondsTo", "backward", "meaning", "use notify adapt"),
    ("describes", "backward", "meaning", "use notify start"),
    ("hasContact", "backward", "remove", ""),
    ("inScheme", "backward", "remove", ""),
    ("builtBy", "backward", "remove", "use notify start"),
    ("returnedTo", "forward", "values", "use notify"),
]


@pytest.mark.parametrize(("link", "direction", "kind", "expected"), TABLE)
def test_the_table(ontology: Ontology, link: str, direction: str, kind: str, expected: str) -> None:
    """A row of domain/spreading.md §2; the strongest rule counts."""
    order = [Way.FLOW, Way.PART, Way.USE]
    found = [
        s
        for s in ontology.links[link].spreads
        if s.direction == direction and Kind(kind) in s.kinds and not s.coarse_only
    ]
    found.sort(key=lambda s: order.index(s.way))
    said = ""
    if found:
        best = found[0]
        said = f"{best.way} {best.kinds[Kind(kind)]}"
        said += " start" if best.start_only else ""
        said += " adapt" if best.adapt else ""
    assert said == expected


LINEAGE = {
    # R4: derivation → kind → what arrives at the use ("" = does not pass)
    "identity": {"remove": "broken", "rename": "broken", "retype": "retype", "level": "level"},
    "transformation": {
        "remove": "broken",
        "rename": "broken",
        "retype": "retype",
        "level": "level",
    },
    "": {"remove": "broken", "retype": "retype", "values": "values"},
    "aggregation": {
        "remove": "broken",
        "rename": "",
        "retype": "",
        "level": "",
        "values": "values",
    },
    "filter": {"remove": "broken", "rename": "broken", "retype": "broken", "level": ""},
    "join": {"remove": "broken", "values": "values", "meaning": "meaning", "level": ""},
}


@pytest.mark.parametrize("derivation", LINEAGE)
def test_derivation_filters_kinds(ontology: Ontology, derivation: str) -> None:
    rules = [
        s
        for s in ontology.links["fieldDerivedFrom"].spreads
        if derivation in s.derivations and s.way is Way.FLOW
    ]
    assert len(rules) == 1
    for kind, arrives in LINEAGE[derivation].items():
        assert rules[0].kinds.get(Kind(kind), "") == arrives
    indirect = derivation in ("filter", "join")
    assert rules[0].certainty is (Certainty.INDIRECT if indirect else Certainty.EXACT)


def test_a_department_fans_out_only_as_a_start(ontology: Ontology) -> None:
    for link in ontology.links.values():
        if {"Department", "OrgUnit", "LegalBasis", "Category", "Region"} & set(link.range):
            backward = [s for s in link.spreads if s.direction is Direction.BACKWARD]
            assert all(s.start_only and s.way is Way.USE for s in backward), link.name
