"""The merge of claims: precedence, denials, classes, links. Pure; no store."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.load import load_ontology
from ontology.merge import Merged, asserts, by_precedence, merge, same, standing, visible
from ontology.resource import (
    NO_DENIAL,
    Claim,
    Denial,
    Held,
    Link,
    LinkKey,
    Rank,
    ResourceId,
    Source,
    Value,
)

ONTOLOGY = load_ontology()
A, B, X, Y = (ResourceId(f"dataset:{n}") for n in "abxy")
SCAN = Source("scan", Rank.SCANNED)
FORM = Source("form", Rank.AUTHORITATIVE)
PERSON = Source("person", Rank.CURATED)


def held(
    source: Source,
    since: int = 1,
    *links: Link,
    type: str | None = "Table",
    on: ResourceId = A,
    denies: Denial = NO_DENIAL,
    **attributes: Value,
) -> Held:
    return Held(Claim(on, type, attributes, links, denies), source, since)


def merged(*claims: Held, gone: tuple[Held, ...] = ()) -> Merged:
    return merge(A, claims, ONTOLOGY, gone=gone)


def test_precedence_is_rank_then_the_newest_then_the_name() -> None:
    claims = [held(SCAN, 9), held(FORM, 1), held(FORM, 2), held(Source("a", Rank.SCANNED), 9)]
    order = [(h.source.name, h.since) for h in by_precedence(claims)]
    assert order == [("form", 2), ("form", 1), ("a", 9), ("scan", 9)]


def test_nothing_said_is_a_placeholder() -> None:
    assert merged() == Merged("Dataset", {}, (), (), placeholder=True, retired=False)


def test_what_was_said_last_stays_readable() -> None:
    was = held(SCAN, 1, comment="c")
    assert merged(gone=(was,)) == Merged("Table", {"comment": "c"}, (), (), False, retired=True)


def test_gone_claims_keep_their_denials() -> None:
    was = (
        held(SCAN, 1, name="n", comment="c"),
        held(FORM, 2, type=None, denies=Denial(frozenset({"comment"}))),
    )
    assert merged(gone=was).attributes == {"name": "n"}


@pytest.mark.parametrize(
    ("claim", "says_something"),
    [
        (Claim(A, None), True),  # it exists
        (Claim(A, "Table"), True),
        (Claim(A, None, {"name": "x"}), True),
        (Claim(A, None, {}, (Link("derivedFrom", X),)), True),
        (Claim(A, None, denies=Denial(frozenset({"name"}))), False),
        (Claim(A, "Table", denies=Denial(resource=True)), True),
    ],
)
def test_which_claims_assert(claim: Claim, says_something: bool) -> None:
    assert asserts(claim) is says_something


@pytest.mark.parametrize(
    ("kinds", "wanted", "rivals"),
    [
        (["Table"], "Table", 0),
        ([None, "Table"], "Table", 0),
        (["Dataset", "Table"], "Table", 0),
        (["Table", "Dataset"], "Table", 0),
        (["Table", "View"], "Table", 1),
        (["Dataset", "View", "Table"], "View", 1),
        ([None, None], "Dataset", 0),
    ],
)
def test_classes(kinds: list[str | None], wanted: str, rivals: int) -> None:
    """In order of precedence: the first said, refined by what stands below it."""
    found = merged(*(held(SCAN, 9 - n, type=kind) for n, kind in enumerate(kinds)))
    assert found.type == wanted
    assert len(found.conflicts) == rivals
    if rivals:
        assert found.conflicts[0].said[0].value == wanted


def test_a_conflict_tells_who_agrees_too() -> None:
    found = merged(held(SCAN, 1, name="x"), held(FORM, 2, name="y"), held(PERSON, 3, name="x"))
    (conflict,) = found.conflicts
    assert [(s.source, s.value) for s in conflict.said] == [
        ("person", "x"),
        ("form", "y"),
        ("scan", "x"),
    ]


def test_a_denied_value_is_no_party_to_a_conflict() -> None:
    denial = held(FORM, 2, type=None, denies=Denial(frozenset({"name"})))
    found = merged(held(SCAN, 1, name="x"), denial, held(PERSON, 3, name="y"))
    assert (found.attributes, found.conflicts) == ({"name": "y"}, ())


def test_a_claim_may_deny_what_it_says_itself() -> None:
    assert merged(held(SCAN, 1, name="x", denies=Denial(frozenset({"name"})))).attributes == {}


def test_a_beaten_claim_denies_nothing_more() -> None:
    low = held(SCAN, 1, denies=Denial(frozenset({"comment"})))
    high = held(PERSON, 2, comment="c")
    middle = held(FORM, 3, type=None, denies=Denial(resource=True))
    assert merged(low, high, middle).attributes == {"comment": "c"}
    assert standing([low, high, middle]) == [high]


def test_values_agree_whatever_the_order_of_many() -> None:
    assert same(("a", "b"), ("b", "a"))
    assert not same(("a",), ("a", "b"))
    assert not same("a", ("a",))


def test_links_of_one_name_and_key_show_the_best_claim() -> None:
    low = held(SCAN, 5, Link("derivedFrom", X, {"rule": "low"}))
    high = held(FORM, 1, Link("derivedFrom", X, {"rule": "high"}), Link("derivedFrom", Y))
    shown = visible([low, high])
    assert {key.target: link.properties for (_, key), (_, link) in shown.items()} == {
        X: {"rule": "high"},
        Y: {},
    }


def test_links_of_two_names_are_both_shown() -> None:
    to_x = Link("derivedFrom", X)
    shown = visible([held(SCAN, 1, to_x), held(SCAN, 1, to_x, on=B)])
    assert {name for name, _ in shown} == {A, B}


def test_a_denial_counts_for_all_names_of_the_group() -> None:
    key = LinkKey("derivedFrom", X)
    denial = held(FORM, 1, type=None, on=B, denies=Denial(links=frozenset({key})))
    assert visible([held(SCAN, 1, Link("derivedFrom", X)), denial]) == {}
    assert (A, key) in visible([held(PERSON, 1, Link("derivedFrom", X)), denial])


ranks = st.sampled_from(list(Rank))
denials = st.builds(
    Denial, st.frozensets(st.sampled_from(["name", "comment"])), st.just(frozenset()), st.booleans()
)
attributes = st.dictionaries(st.sampled_from(["name", "comment"]), st.sampled_from(["1", "2"]))
claims = st.builds(
    Held,
    st.builds(
        Claim,
        st.sampled_from([A, B]),
        st.sampled_from([None, "Dataset", "Table", "View"]),
        attributes,
        st.just(()),
        st.one_of(st.just(NO_DENIAL), denials),
    ),
    st.builds(Source, st.sampled_from("pqr"), ranks),
    st.integers(1, 4),
)


def one_each(found: list[Held]) -> list[Held]:
    return list({(h.source.name, h.claim.resource): h for h in found}.values())


@given(st.lists(claims, max_size=4).map(one_each))
def test_the_order_in_which_claims_come_does_not_matter(found: list[Held]) -> None:
    first = merged(*found)
    for order in permutations(found):
        assert merged(*order) == first


@given(st.lists(claims, max_size=5).map(one_each))
def test_every_value_seen_was_said_by_a_standing_claim_that_nobody_denies(
    found: list[Held],
) -> None:
    result = merged(*found)
    alive = standing(found)
    assert result.retired == (
        not alive
        and bool(found)
        and any(asserts(h.claim) or h.claim.denies.resource for h in found)
    )
    if result.retired:
        return
    for name, value in result.attributes.items():
        tellers = [h for h in alive if h.claim.attributes.get(name) == value]
        bar = max((h.source.rank for h in found if h.claim.denies.resource), default=-1)
        denied = max(
            (
                h.source.rank
                for h in found
                if name in h.claim.denies.attributes and h.source.rank > bar
            ),
            default=-1,
        )
        assert max(h.source.rank for h in tellers) > denied
        best = max(h.source.rank for h in alive if name in h.claim.attributes)
        assert max(h.source.rank for h in tellers) == best
